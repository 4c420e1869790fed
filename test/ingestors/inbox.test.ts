import { describe, expect, it } from "vitest";
import { EarshotError } from "../../core/errors.ts";
import { openInbox } from "../../ingestors/inbox.ts";

const signal = new AbortController().signal;
const LONG = 60_000;

describe("an inbox", () => {
  it("gives as many as are wanted, the oldest first, and keeps the rest", async () => {
    const inbox = openInbox<number>();
    [1, 2, 3].forEach((item) => inbox.push(item));
    expect(await inbox.take(2, { first: LONG, more: LONG }, signal)).toEqual({
      items: [1, 2],
      isLast: false,
    });
    expect(inbox.size).toBe(1);
  });

  it("waits until there are so many", async () => {
    const inbox = openInbox<number>();
    const taken = inbox.take(2, { first: LONG, more: LONG }, signal);
    inbox.push(1);
    inbox.push(2);
    expect((await taken).items).toEqual([1, 2]);
  });

  it("waits for more no longer than it is told to, and for the first of them no longer either", async () => {
    const inbox = openInbox<number>();
    expect((await inbox.take(2, { first: 1, more: LONG }, signal)).items).toEqual([]);
    inbox.push(1);
    expect((await inbox.take(2, { first: LONG, more: 1 }, signal)).items).toEqual([1]);
  });

  it("says with the last of it that the stream is over, and why", async () => {
    const inbox = openInbox<number>();
    const error = new EarshotError("source_unavailable", "it broke");
    [1, 2, 3].forEach((item) => inbox.push(item));
    const waiting = inbox.take(4, { first: LONG, more: LONG }, signal);
    inbox.end(error);
    inbox.end();
    expect(await waiting).toEqual({ items: [1, 2, 3], isLast: true, error });
    inbox.push(4);
    inbox.push(5);
    expect(await inbox.take(1, { first: LONG, more: LONG }, signal)).toMatchObject({
      items: [4],
      isLast: false,
    });
  });

  it("ends the waiting when it is aborted", async () => {
    const inbox = openInbox<number>();
    const abort = new AbortController();
    const taken = inbox.take(1, { first: LONG, more: LONG }, abort.signal);
    abort.abort(new Error("stop"));
    await expect(taken).rejects.toThrow("stop");
    await expect(inbox.take(1, { first: LONG, more: LONG }, abort.signal)).rejects.toThrow("stop");
  });
});
