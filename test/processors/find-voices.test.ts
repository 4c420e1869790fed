import { describe, expect, it } from "vitest";
import { canonicalUrl } from "../../processors/find-voices/canonical-url.ts";
import { findVoices, openVoices, type Utterance } from "../../processors/find-voices/index.ts";

const DAY_MS = 86_400_000;
const TALE =
  "the courier threw my parcel over the garden fence straight into the pond and then rang the neighbour's bell";

function said(id: string, text: string, more: Partial<Utterance> = {}): Utterance {
  return { id, text, author: `author of ${id}`, at: 0, ...more };
}

const copiesIn = (utterances: readonly Utterance[]) => findVoices(utterances).map(({ copyOf }) => copyOf);

describe("find_voices", () => {
  it("links a repost to what it passes on, and hears one voice in both", () => {
    const [first, second] = findVoices([said("a", TALE), said("b", "", { repostOf: "a" })]);
    expect(second).toEqual({ id: "b", copyOf: "a", copyBy: "repost", voice: first?.voice });
  });

  it("links reposts of reposts to the first mention", () => {
    expect(
      copiesIn([said("a", TALE), said("b", "x", { repostOf: "a" }), said("c", "y", { repostOf: "b" })]),
    ).toEqual([undefined, "a", "a"]);
  });

  it("hears one voice in reposts of a mention that was never heard itself", () => {
    const [first, second] = findVoices([
      said("b", "rt", { repostOf: "a" }),
      said("c", "rt", { repostOf: "a" }),
    ]);
    expect([first?.copyOf, second?.copyOf]).toEqual(["a", "a"]);
    expect(first?.voice).toBe(second?.voice);
  });

  it("finds pasted words through a handle, an address, a remark and a cut end", () => {
    expect(
      copiesIn([
        said("a", TALE),
        said("b", `RT @someone: ${TALE} https://t.example/x1`),
        said("c", `${TALE.toUpperCase()} unbelievable!`),
        said("d", TALE.split(" ").slice(0, 12).join(" ")),
      ]),
    ).toEqual([undefined, "a", "a", "a"]);
  });

  it("finds a short text within a longer one that was said before", () => {
    const long = `${TALE}, after I had waited for three weeks, and nobody at the hotline wanted to know anything about it`;
    expect(copiesIn([said("a", long), said("b", TALE)])).toEqual([undefined, "a"]);
  });

  it("takes no account of who says the same in few words", () => {
    expect(copiesIn([said("a", "app keeps crashing"), said("b", "app keeps crashing")])).toEqual([
      undefined,
      undefined,
    ]);
  });

  it("takes what many put alike for their own words", () => {
    const bare = "my new card has not arrived yet";
    const told = Array.from({ length: 12 }, (_, at) => {
      const own = Array.from({ length: 8 }, (_word, word) => `w${at * 8 + word}`).join(" ");
      return said(`told ${at}`, `${bare} ${own}`);
    });
    expect(new Set(copiesIn([...told, said("x", bare), said("y", bare)]))).toEqual(new Set([undefined]));
    expect(copiesIn([said("x", bare), said("y", bare)])).toEqual([undefined, "x"]);
  });

  it("takes different stories in the same words for different", () => {
    const other =
      "the courier left my parcel behind the garden fence and kindly rang the neighbour's bell, thank you for that";
    expect(copiesIn([said("a", TALE), said("b", other)])).toEqual([undefined, undefined]);
  });

  it("forgets after 14 days, but not what goes on being repeated", () => {
    expect(copiesIn([said("a", TALE), said("b", TALE, { at: 15 * DAY_MS })])).toEqual([undefined, undefined]);
    const daily = Array.from({ length: 40 }, (_, day) => said(`day ${day}`, TALE, { at: day * DAY_MS }));
    expect(new Set(copiesIn(daily).slice(1))).toEqual(new Set(["day 0"]));
  });

  it("counts mentions without an author as people of their own", () => {
    const voices = findVoices([
      { id: "a", text: "the app crashed" },
      { id: "b", text: "no refund so far" },
    ]);
    expect(voices[0]?.voice).not.toBe(voices[1]?.voice);
  });

  it("hears one voice in all that one author says", () => {
    const [first, second] = findVoices([
      said("a", "the app crashed", { author: "ann" }),
      said("b", "and now no refund", { author: "ann" }),
    ]);
    expect(first?.voice).toBe(second?.voice);
    expect(second?.copyOf).toBeUndefined();
  });

  it("tells an author who repeats themselves from others who repeat them", () => {
    const voices = findVoices([
      said("a", TALE, { author: "ann" }),
      said("b", TALE, { author: "ann" }),
      said("c", TALE, { author: "bob" }),
    ]);
    expect(voices.map(({ copyBy }) => copyBy)).toEqual([undefined, "self", "text"]);
    expect(voices[2]?.voice).toBe(voices[0]?.voice);
  });

  it("links one page found twice, and not all reviews of one page", () => {
    const url = "https://www.news.example/a/1?utm_source=x#top";
    expect(
      copiesIn([
        said("a", "bank down again", { url }),
        said("b", "bank down again", { url: "http://news.example/a/1/" }),
        said("c", "I like it a lot", { url: "https://news.example/a/1" }),
      ]),
    ).toEqual([undefined, "a", undefined]);
  });

  it("reads words it is given instead of the text", () => {
    const tokens = TALE.split(" ");
    expect(
      copiesIn([
        { id: "a", tokens },
        { id: "b", tokens, author: "x" },
      ]),
    ).toEqual([undefined, "a"]);
  });

  it("keeps no more than two windows of texts", () => {
    const voices = openVoices({ mostRemembered: 100 });
    for (let at = 0; at < 1000; at++)
      voices.read(said(String(at), Array.from({ length: 8 }, (_, word) => `w${at * 8 + word}`).join(" ")));
    expect(voices.size).toBeLessThanOrEqual(200);
  });

  it("survives what is no text, no address and no time order", () => {
    const odd = [
      said("a", "", { url: "javascript:alert(1)" }),
      said("b", "\u0000\ud800 @ https://", { url: "not a url" }),
      said("c", TALE, { at: 30 * DAY_MS }),
      said("d", TALE, { at: 29 * DAY_MS }),
      said("e", "constructor __proto__ toString valueOf hasOwnProperty constructor", { repostOf: "e" }),
    ];
    expect(copiesIn(odd)).toEqual([undefined, undefined, undefined, "c", undefined]);
  });
});

describe("canonicalUrl", () => {
  it("leaves out what differs between links to one page, and nothing that names the page", () => {
    expect(canonicalUrl("HTTPS://M.News.example:443/a/?b=2&utm_medium=x&a=1#c")).toBe(
      "news.example/a?a=1&b=2",
    );
    expect(canonicalUrl("https://news.example/item?id=1")).not.toBe(
      canonicalUrl("https://news.example/item?id=2"),
    );
    expect(canonicalUrl("mailto:a@b.example")).toBeUndefined();
  });
});
