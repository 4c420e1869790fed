import { expect, it } from "vitest";
import type { Sink } from "../../core/contracts.ts";
import { gathering } from "../../core/gather.ts";

const signal = new AbortController().signal;

/** A target whose writes end when they are let go. */
function aTarget() {
  const writes: { records: readonly number[]; signal: AbortSignal; end(error?: Error): void }[] = [];
  const target: Sink<number> = {
    name: "target",
    write: (records, given) =>
      new Promise((resolve, reject) => {
        const end = (error?: Error) => (error === undefined ? resolve() : reject(error));
        writes.push({ records, signal: given, end });
      }),
    check: async () => {},
    close: async () => {},
  };
  return { target, writes };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

it("hands on at once what comes alone, and together what came while it was busy, in order", async () => {
  const { target, writes } = aTarget();
  const sink = gathering(target, 100);
  const all = [sink.write([1], signal), sink.write([2, 3], signal), sink.write([4], signal)];
  expect(writes.map(({ records }) => records)).toEqual([[1]]);
  writes[0]?.end();
  await turn();
  expect(writes.map(({ records }) => records)).toEqual([[1], [2, 3, 4]]);
  writes[1]?.end();
  await Promise.all(all);
});

it("puts no more into one write than it may hold, and lets a larger one through whole", async () => {
  const { target, writes } = aTarget();
  const sink = gathering(target, 3);
  const all = [[0], [1, 2], [3, 4], [5, 6, 7, 8], [9]].map((records) => sink.write(records, signal));
  for (let done = 0; done < 5; done++) {
    writes[done]?.end();
    await turn();
  }
  await Promise.all(all);
  expect(writes.map(({ records }) => records)).toEqual([[0], [1, 2], [3, 4], [5, 6, 7, 8], [9]]);
});

it("tells every writer of a failure, and goes on with the next", async () => {
  const { target, writes } = aTarget();
  const sink = gathering(target, 100);
  const failure = new Error("no");
  const first = sink.write([1], signal);
  const second = [sink.write([2], signal), sink.write([3], signal)].map((write) =>
    write.catch((error: unknown) => error),
  );
  writes[0]?.end();
  await first;
  await turn();
  writes[1]?.end(failure);
  expect(await Promise.all(second)).toEqual([failure, failure]);
  const third = sink.write([4], signal);
  writes[2]?.end();
  await third;
});

it("lets an aborted writer go at once, and stops a write only when everyone in it is gone", async () => {
  const { target, writes } = aTarget();
  const sink = gathering(target, 100);
  const [one, two, three] = [new AbortController(), new AbortController(), new AbortController()];
  const busy = sink.write([0], signal);
  const gone = expect(sink.write([1], one.signal)).rejects.toMatchObject({ name: "AbortError" });
  one.abort();
  await gone;
  const left = expect(sink.write([2], two.signal)).rejects.toMatchObject({ name: "AbortError" });
  const stays = expect(sink.write([3], three.signal)).rejects.toMatchObject({ name: "AbortError" });
  writes[0]?.end();
  await busy;
  await turn();
  expect(writes[1]?.records).toEqual([2, 3]);
  two.abort();
  await left;
  expect(writes[1]?.signal.aborted).toBe(false);
  three.abort();
  await stays;
  expect(writes[1]?.signal.aborted).toBe(true);
});
