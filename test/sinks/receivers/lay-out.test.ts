import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  asText,
  cut,
  escapeWithin,
  fit,
  followUp,
  layOut,
  webAddress,
} from "../../../sinks/receivers/lay-out.ts";
import {
  aBareNotification,
  aHostileNotification,
  aNotification,
} from "../../support/notification-builder.ts";

const doubled = (text: string) => text.replace(/[^\w]/gu, "&amp;");

describe("cut", () => {
  it("leaves a text that fits, marks one that does not, and splits no character", () => {
    expect(cut("rain", 4)).toBe("rain");
    expect(cut("rainy", 4)).toBe("rai…");
    expect(cut("ab🌧cd", 4)).toBe("ab…");
    expect(cut("ab🌧cd", 5)).toBe("ab🌧…");
  });

  it("never gives more than is asked, nor half a character", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 1, max: 60 }), (text, length) => {
        const shorter = cut(text.toWellFormed(), length);
        expect(shorter.length).toBeLessThanOrEqual(length);
        expect(shorter.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe("escapeWithin", () => {
  it("counts what escaping adds", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 10, max: 200 }), (text, length) => {
        const escaped = escapeWithin(text.toWellFormed(), length, doubled);
        expect(escaped.length).toBeLessThanOrEqual(length);
        // no entity is cut in the middle
        expect(escaped.replaceAll("&amp;", "")).toMatch(/^\w*$/);
      }),
    );
  });

  it("leaves a text alone that fits when escaped", () => {
    expect(escapeWithin("a&b", 7, doubled)).toBe("a&amp;b");
  });
});

describe("layOut", () => {
  it("has a title, a state and nothing else for a notification with nothing in it", () => {
    expect(layOut(aBareNotification({ kind: "reminded", severity: "high" }))).toEqual({
      title: "[high] A-3F9C2B Acme Parcels: parcels left in the rain",
      status: "Still open, high, 2026-03-02 10:00 UTC",
      summary: "",
      parts: [],
      links: [],
      tone: "high",
      omission: "",
    });
  });

  it("shows an alert that is over as over, however bad it was", () => {
    expect(layOut(aNotification({ kind: "resolved", severity: "critical" })).tone).toBe("resolved");
  });

  it("keeps lines of quotes, and makes one line of all else", () => {
    const { summary, parts } = layOut(aHostileNotification({}, ""));
    expect(summary.split("\n").length).toBeGreaterThan(3);
    for (const part of parts) {
      if (part.kind === "lines") expect(part.lines.filter((line) => line.includes("\n"))).toEqual([]);
      if (part.kind === "facts") expect(part.facts.filter(({ value }) => value.includes("\n"))).toEqual([]);
    }
  });

  it("leads only to web addresses", () => {
    expect(webAddress("https://x.example/a b")).toBe("https://x.example/a%20b");
    for (const address of [
      "javascript:alert(1)",
      "data:text/html,x",
      "//x.example",
      "",
      "https://u:p@x.example/",
      null,
    ]) {
      expect(webAddress(address)).toBeNull();
    }
    expect(webAddress(`https://x.example/${"a".repeat(2_000)}`)).toBeNull();
  });

  it("names no share where there are none, and one as one", () => {
    const [quote] = aNotification().quotes;
    if (quote === undefined) throw new Error("a notification has a quote");
    const bylines = [null, 0, 1, 2].map((shares) => {
      const [part] = layOut(aBareNotification({ quotes: [{ ...quote, shares }] })).parts;
      return part?.kind === "quotes" ? part.quotes[0]?.by.replace(/^.*UTC/, "") : undefined;
    });
    expect(bylines).toEqual(["", "", ", 1 share", ", 2 shares"]);
  });
});

describe("fit", () => {
  it("leaves out quotes, then who and where, then reasons, then the rest, and keeps title and one link", () => {
    const first: string[] = [];
    fit(
      layOut(aNotification()),
      (layout) => {
        const headings = layout.parts.map(({ heading }) => heading);
        for (const heading of ["What people say", "Who and where", "Why we think so", "Known issue"]) {
          if (!headings.includes(heading) && !first.includes(heading)) first.push(heading);
        }
        return layout;
      },
      () => false,
    );
    expect(first).toEqual(["What people say", "Who and where", "Why we think so", "Known issue"]);
    const least = fit(
      layOut(aNotification()),
      (layout) => layout,
      () => false,
    );
    expect(least).toMatchObject({
      parts: [],
      links: [{ label: "I take it" }],
      omission: "Shortened to fit here.",
    });
    expect(least.title).toContain("A-3F9C2B");
  });

  it("changes nothing that fits", () => {
    const layout = layOut(aNotification());
    expect(fit(layout, asText, () => true)).toBe(asText(layout));
  });
});

describe("followUp", () => {
  const since = "2026-03-02T10:00:00.000Z";

  it.each([
    ["escalated", "2026-03-02T10:40:00.000Z", "Escalated to critical after 40 min: 120 people."],
    ["acknowledged", "2026-03-02T10:00:10.000Z", "Acknowledged: 120 people."],
    ["resolved", "2026-03-02T14:10:00.000Z", "Resolved after 4 h: 120 people."],
    ["reminded", "2026-03-05T10:00:00.000Z", "Still open after 3 days: 120 people."],
    ["fired", "2026-03-02T12:00:00.000Z", "Open again after 2 h: 120 people."],
  ] as const)("says in one line that an alert was %s", (kind, at, line) => {
    expect(followUp(aNotification({ kind, at, summary: "120\npeople." }), since)).toBe(line);
  });

  it("says it without a time or a summary where there is none", () => {
    expect(followUp(aBareNotification({ kind: "resolved" }), undefined)).toBe("Resolved.");
  });
});
