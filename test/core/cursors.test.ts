import { expect, it } from "vitest";
import { ownCursor, type CursorStore } from "../../core/cursors.ts";
import type { SourceCursor } from "../../schemas/cursor.ts";
import { aContext } from "../support/builders.ts";

const signal = new AbortController().signal;

/** Keeps every save, and shows the one of the largest (generation, sequence), as the store's view does. */
function aStore(): CursorStore & { saves: SourceCursor[] } {
  const saves: SourceCursor[] = [];
  const rank = ({ generation, sequence }: SourceCursor) => generation * 1e6 + sequence;
  return {
    saves,
    load: async () => [...saves].sort((a, b) => rank(b) - rank(a))[0],
    save: async (cursor) => void saves.push(cursor),
  };
}

it("starts with nothing and writes nothing before there is something to resume from", async () => {
  const store = aStore();
  expect(await ownCursor(store, "feed", aContext()).load(signal)).toBeUndefined();
  expect(store.saves).toEqual([]);
});

it("keeps a former owner that slept through its loss from moving the cursor back", async () => {
  const store = aStore();
  const sleeper = ownCursor(store, "feed", aContext());
  await sleeper.load(signal);
  await sleeper.save({ at: 1 }, signal);

  const successor = ownCursor(store, "feed", aContext());
  expect(await successor.load(signal)).toBe('{"at":1}');
  await successor.save({ at: 7 }, signal);
  for (let at = 2; at < 5; at++) await sleeper.save({ at }, signal);

  expect((await store.load("feed"))?.cursor).toBe('{"at":7}');
});

it("tells a former owner that the source is another's, before it polls again", async () => {
  const store = aStore();
  const former = ownCursor(store, "feed", aContext());
  await former.load(signal);
  await former.save({ at: 1 }, signal);
  await ownCursor(store, "feed", aContext()).load(signal);
  await expect(former.load(signal)).rejects.toMatchObject({ code: "ownership_lost" });
});

it("makes the takeover durable before the first page, so that no later owner starts beside it", async () => {
  const store = aStore();
  store.saves.push({
    source: "feed",
    generation: 3,
    sequence: 9,
    cursor: '{"at":9}',
    savedAt: "2026-03-01T00:00:00.000Z",
  });
  await ownCursor(store, "feed", aContext()).load(signal);
  expect(store.saves.at(-1)).toMatchObject({ generation: 4, sequence: 0, cursor: '{"at":9}' });
});
