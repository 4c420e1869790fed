import { describe, expect, it } from "vitest";
import { Heard, resume } from "../../ingestors/overlap.ts";

const NOW = new Date("2026-03-02T10:00:00.000Z");
const now = NOW.getTime();
const OVERLAP = 1_000;

/** What is news of what a walk meets, and where it ends. */
function walk(heard: Heard | undefined, met: readonly (readonly [number | undefined, string])[]) {
  const overlap = resume(heard, OVERLAP, NOW);
  const news = met.filter(([at, id]) => overlap.isNews(at, id)).map(([, id]) => id);
  return { since: overlap.since, news, soFar: overlap.soFar(), end: overlap.atEnd() };
}

describe("the overlap of two polls", () => {
  it("begins with everything, and ends without a place when nothing was met", () => {
    expect(walk(undefined, [])).toEqual({ since: undefined, news: [], soFar: undefined, end: undefined });
  });

  it("tells each thing once within a walk and from one walk to the next", () => {
    const first = walk(undefined, [
      [now - 500, "a"],
      [now - 500, "a"],
      [now - 1_500, "b"],
    ]);
    expect(first.news).toEqual(["a", "b"]);
    const second = walk(Heard.parse(JSON.parse(JSON.stringify(first.end))), [
      [now - 1_500, "b"],
      [now - 700, "late"],
      [now - 500, "a"],
    ]);
    expect(second.since).toBe(now - 1_500);
    expect(second.news).toEqual(["late"]);
    expect(walk(second.end, [[now - 500, "a"]]).news).toEqual([]);
  });

  it("takes another wording for news", () => {
    const overlap = resume(undefined, OVERLAP, NOW);
    expect([
      overlap.isNews(now, "a", null),
      overlap.isNews(now, "a", "edited"),
      overlap.isNews(now, "a", null),
    ]).toEqual([true, true, false]);
  });

  it("remembers in the middle of a walk what the rest of it will meet again", () => {
    const { end } = walk(undefined, [
      [now - 900, "a"],
      [now - 500, "b"],
    ]);
    const { soFar } = walk(end, [[now - 900, "a"]]);
    expect(walk(soFar, [[now - 500, "b"]]).news).toEqual([]);
  });

  it("forgets what is no longer met, and what lies before the overlap", () => {
    const { end } = walk(undefined, [
      [now - 5_000, "old"],
      [now - 500, "a"],
    ]);
    expect(end?.marks).toHaveLength(1);
    expect(walk(end, [[now - 400, "b"]]).end?.marks).toHaveLength(1);
  });

  it("remembers what shows no time for as long as it is met", () => {
    const { end } = walk(undefined, [
      [undefined, "broken"],
      [now - 500, "a"],
    ]);
    const again = walk(end, [[undefined, "broken"]]);
    expect(again.news).toEqual([]);
    expect(walk(again.end, [[undefined, "broken"]]).news).toEqual([]);
  });

  it("goes no further than the present", () => {
    expect(walk(undefined, [[now + 86_400_000, "a"]]).end?.newest).toBe(now);
    expect(walk({ newest: 10, marks: [] }, []).since).toBe(0);
  });
});
