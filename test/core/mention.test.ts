import { describe, expect, it } from "vitest";
import type { MentionFields } from "../../core/contracts.ts";
import { cleanText, toMention } from "../../core/mention.ts";

const origin = { source: "feed", trackers: ["acme"], observedAt: "2026-03-02T10:00:00.000Z" };

function fields(extra: Partial<MentionFields> = {}): MentionFields {
  return {
    platform: "x",
    nativeId: "1",
    kind: "post",
    text: "It broke",
    publishedAt: "2026-03-01T00:00:00.000Z",
    ...extra,
  };
}

describe("completing a mention", () => {
  it("fills what the platform does not show with empty text and null numbers", () => {
    const mention = toMention(fields(), origin);
    expect(mention).toMatchObject({
      id: "x:1",
      trackers: ["acme"],
      authorName: "",
      rating: null,
      revision: 0,
    });
    expect(mention.engagement).toEqual({ likes: null, replies: null, shares: null, views: null });
  });

  it("joins the trackers of the item with those of the source", () => {
    expect(toMention(fields({ trackers: ["beta", "acme"] }), origin).trackers).toEqual(["acme", "beta"]);
  });

  it("hashes what the platform sent, so that the same item gives the same hash and an edit another", () => {
    const later = { ...origin, observedAt: "2026-03-02T11:00:00.000Z" };
    expect(toMention(fields(), later).rawHash).toBe(toMention(fields(), origin).rawHash);
    expect(toMention(fields({ text: "It works" }), origin).rawHash).not.toBe(
      toMention(fields(), origin).rawHash,
    );
  });

  it("makes text well formed and free of control characters", () => {
    expect(cleanText("a\u0000b\ud800c\u001b[31m\td\ne")).toBe("ab\ufffdc[31m\td\ne");
  });

  it("cleans every id, which platforms and files can make as odd as any text", () => {
    const mention = toMention(
      fields({ nativeId: "a\ud83d\u0000b", parentId: "x:\udc00", threadId: "\u0007t" }),
      origin,
    );
    expect(mention).toMatchObject({
      id: "x:a\ufffdb",
      nativeId: "a\ufffdb",
      parentId: "x:\ufffd",
      threadId: "t",
    });
  });

  it("lets no link but http reach a page", () => {
    expect(toMention(fields({ url: "javascript:alert(1)" }), origin).url).toBe("");
    expect(toMention(fields({ url: "https://example.com/1" }), origin).url).toBe("https://example.com/1");
  });

  it.each([
    ["nothing to read", { text: "  \u0000".trim() }, /no text, title or rating/],
    ["text beyond the limit", { text: "x".repeat(200_001) }, /text/],
    ["a time before 1970", { publishedAt: "0000-01-01T00:00:00.000Z" }, /before 1970/],
    ["a time far ahead", { publishedAt: "9999-12-31T00:00:00.000Z" }, /in the future/],
    ["a time that is none", { publishedAt: "2026-13-45T99:00:00.000Z" }, /no such time/],
    ["a platform that is no name", { platform: "Not A Slug" }, /platform/],
    ["an endless id", { nativeId: "9".repeat(700) }, /nativeId/],
    ["a rating that is no number", { rating: Number.NaN }, /rating/],
  ] as const)("refuses %s", (_name, extra, reason) => {
    const attempt = () => toMention(fields(extra), origin);
    expect(attempt).toThrow(expect.objectContaining({ code: "record_invalid" }) as Error);
    expect(attempt).toThrow(reason);
  });
});
