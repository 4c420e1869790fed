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

it("starts with nothing, also after a takeover that came to nothing", async () => {
  const store = aStore();
  expect(await ownCursor(store, "feed", aContext()).load(signal)).toBeUndefined();
  expect(await ownCursor(store, "feed", aContext()).load(signal)).toBeUndefined();
});

it("keeps an owner out that slept before its first checkpoint", async () => {
  const store = aStore();
  const sleeper = ownCursor(store, "feed", aContext());
  await sleeper.load(signal);
  const successor = ownCursor(store, "feed", aContext());
  await successor.load(signal);
  await successor.save({ at: 7 }, signal);
  for (let at = 1; at < 5; at++) await sleeper.save({ at }, signal);
  expect((await store.load("feed"))?.cursor).toBe('{"at":7}');
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

it("goes on in a generation of its own when the source is given back to it", async () => {
  const store = aStore();
  const owner = ownCursor(store, "feed", aContext());
  await owner.load(signal);
  await ownCursor(store, "feed", aContext()).load(signal);
  await expect(owner.load(signal)).rejects.toMatchObject({ code: "ownership_lost" });
  await owner.load(signal);
  await owner.save({ at: 9 }, signal);
  expect(await store.load("feed")).toMatchObject({ generation: 3, cursor: '{"at":9}' });
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
