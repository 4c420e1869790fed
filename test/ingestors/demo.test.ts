import { beforeAll, describe, expect, it } from "vitest";
import type { Page } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { toMention } from "../../core/mention.ts";
import { DEMO_TRACKERS, demoIngestor, tellDeeds, tellOrders } from "../../ingestors/demo/index.ts";
import { idOf, type DemoItem, type DemoMentionItem } from "../../ingestors/demo/items.ts";
import { tellStory } from "../../ingestors/demo/story.ts";
import { WrittenChange } from "../../schemas/written-change.ts";
import { aContext, aPollRun } from "../support/builders.ts";

const ENDS_AT = "2026-03-16T00:00:00.000Z";
const USUAL = { seed: 1, endsAt: ENDS_AT, days: 42, scale: 1 };
const DAY_MS = 86_400_000;

function storyDay(at: string): number {
  return 43 - Math.ceil((Date.parse(ENDS_AT) - Date.parse(at)) / DAY_MS);
}

/** Mentions of a theme on each story day, 1..42 at their own index. */
function perDay(items: readonly DemoMentionItem[], theme: string): number[] {
  const days = new Array<number>(43).fill(0);
  for (const item of items) {
    if (item.theme === theme) days[storyDay(item.at)] = (days[storyDay(item.at)] ?? 0) + 1;
  }
  return days;
}

/** Mean per day from one story day to another, both included. */
function mean(days: readonly number[], from: number, to: number): number {
  return days.slice(from, to + 1).reduce((sum, count) => sum + count, 0) / (to - from + 1);
}

async function poll(config: object, cursor?: object, signal = AbortSignal.timeout(20_000)) {
  const pages: Page<unknown>[] = [];
  const run = aPollRun({
    config: demoIngestor.config.parse(config),
    cursor,
    signal,
    context: aContext(ENDS_AT),
  });
  for await (const page of demoIngestor.poll(run)) pages.push(page);
  return pages;
}

describe.each([1, 7, 2026])("the story of seed %i", (seed) => {
  let story: DemoItem[];
  let mentions: DemoMentionItem[];
  /** The same mention seen again with other counters. */
  let seenAgain: DemoMentionItem[];
  beforeAll(() => {
    story = tellStory({ ...USUAL, seed });
    const told = new Set<string>();
    mentions = [];
    seenAgain = [];
    for (const item of story) {
      if (item.type === "delete") continue;
      const isAgain = told.has(idOf(item.mention)) && item.mention.revision === 0;
      (isAgain ? seenAgain : mentions).push(item);
      told.add(idOf(item.mention));
    }
  });
  const of = (theme: string) => mentions.filter((item) => item.theme === theme);

  it("has some six thousand mentions on eight platforms, all of them acceptable to the ingest loop", () => {
    const origin = { source: "demo", trackers: [], observedAt: ENDS_AT };
    for (const item of story) {
      const parsed = demoIngestor.parse(JSON.parse(JSON.stringify(item)), ENDS_AT);
      if (parsed.type === "upsert") expect(toMention(parsed.mention, origin).id).toMatch(/^[a-z_]+:demo/);
    }
    expect(mentions.length).toBeGreaterThan(5_500);
    expect(mentions.length).toBeLessThan(6_600);
    expect(new Set(mentions.map(({ mention }) => mention.platform)).size).toBe(8);
  });

  it("happens in order, between its first day and its end", () => {
    const times = story.map(({ at }) => at);
    expect(times).toEqual([...times].sort());
    expect((times[0] ?? "") >= "2026-02-02T00:00:00.000Z").toBe(true);
    expect((times.at(-1) ?? "") < ENDS_AT).toBe(true);
    for (const { mention } of mentions) expect(mention.publishedAt < ENDS_AT).toBe(true);
  });

  it("lets complaints of the crash surge with 5.2 and fall for good with 5.2.1", () => {
    const days = perDay(mentions, "checkout_crash");
    expect(mean(days, 1, 8)).toBeLessThan(1.5);
    expect(mean(days, 10, 17)).toBeGreaterThan(35);
    expect(mean(days, 21, 42)).toBeLessThan(2);
    const stars = (from: number, to: number) => {
      const given = mentions.filter(({ at, mention }) => {
        const isStore = mention.platform === "app_store" || mention.platform === "google_play";
        return isStore && mention.product === "Lumbert app" && storyDay(at) >= from && storyDay(at) <= to;
      });
      const rated = given.flatMap(({ mention }) => (mention.rating === null ? [] : [mention.rating]));
      return rated.reduce((sum, rating) => sum + rating, 0) / rated.length;
    };
    expect(stars(1, 8)).toBeGreaterThan(3.4);
    expect(stars(10, 17)).toBeLessThan(2.4);
    expect(stars(22, 42)).toBeGreaterThan(3.2);
  });

  it("lets double charges go on after our own account has called them fixed", () => {
    const announced = mentions.find(({ mention }) => mention.byUs && mention.text.includes("double charges"));
    expect(storyDay(announced?.at ?? "")).toBe(19);
    const days = perDay(mentions, "double_charge");
    expect(mean(days, 1, 10)).toBeLessThan(1);
    expect(mean(days, 20, 42)).toBeGreaterThan(0.8 * mean(days, 15, 18));
    expect(mean(days, 36, 42)).toBeGreaterThan(6);
  });

  it("silences late evenings for fifteen days and brings them back in week five", () => {
    const days = perDay(mentions, "late_evening");
    expect(mean(days, 1, 12)).toBeGreaterThan(4);
    expect(mean(days, 14, 28)).toBe(0);
    expect(mean(days, 30, 42)).toBeGreaterThan(5);
  });

  it("spreads one cake hundreds of times within 36 hours while few report their own", () => {
    const cake = of("viral_cake").map(({ mention }) => mention);
    const post = cake[0];
    if (post === undefined) throw new Error("There is no cake.");
    const shares = cake.slice(1);
    expect(shares.length).toBeGreaterThan(400);
    expect(shares.every(({ amplifiesId }) => amplifiesId === idOf(post))).toBe(true);
    const last = Math.max(...shares.map(({ publishedAt }) => Date.parse(publishedAt)));
    expect(last - Date.parse(post.publishedAt)).toBeLessThanOrEqual(36 * 3_600_000);
    expect(of("melted_cake")).toHaveLength(5);
  });

  it("sees the cake again and again while its counters grow, and nothing else twice", () => {
    const [post] = of("viral_cake");
    const views = [post, ...seenAgain].map((item) => item?.mention.engagement.views ?? -1);
    expect(views.length).toBeGreaterThan(8);
    expect(views[0]).toBe(0);
    expect(views).toEqual([...views].sort((a, b) => a - b));
    expect(views.at(-1)).toBeGreaterThan(1_000_000);
    expect(new Set(seenAgain.map(({ mention }) => idOf(mention))).size).toBe(1);
  });

  it("lets silence of the support chat grow from one to four a day", () => {
    const days = perDay(mentions, "support_silent");
    expect(mean(days, 1, 7)).toBeGreaterThan(0.8);
    expect(mean(days, 1, 7)).toBeLessThan(1.8);
    expect(mean(days, 36, 42)).toBeGreaterThan(3);
    const weeks = [1, 8, 15, 22, 29, 36].map((from) => mean(days, from, from + 6));
    expect(weeks).toEqual([...weeks].sort((a, b) => a - b));
  });

  it("has one voice on the allergen, and one that posts thirty times", () => {
    expect(of("allergen_label")).toHaveLength(1);
    const angry = of("angry_author").map(({ mention }) => mention);
    expect(angry).toHaveLength(30);
    expect(new Set(angry.map(({ authorId }) => authorId)).size).toBe(1);
    expect(new Set(angry.map(({ text }) => text)).size).toBe(30);
  });

  it("takes one competitor down for a day and leaves the other calm", () => {
    const days = perDay(mentions, "rival_outage");
    expect(days[34]).toBeGreaterThan(70);
    expect(mean(days, 1, 33)).toBe(0);
    const volume = (tracker: string) =>
      mentions.filter(({ mention }) => mention.trackers.includes(tracker)).length;
    for (const rival of ["trundlow", "pakvorn"]) {
      expect(volume(rival)).toBeGreaterThan(250);
      expect(volume(rival)).toBeLessThan(volume("lumbert") / 4);
    }
  });

  it("answers customers after they wrote, with threads they answer in turn", () => {
    const told = new Map<string, DemoMentionItem["mention"]>();
    for (const { mention } of mentions) told.set(idOf(mention), told.get(idOf(mention)) ?? mention);
    const replies = of("our_reply").map(({ mention }) => mention);
    expect(replies.length).toBeGreaterThan(400);
    const answers = of("answer_to_us").map(({ mention }) => mention);
    expect(answers.length).toBeGreaterThan(50);
    for (const comment of [...replies, ...answers]) {
      const parent = told.get(comment.parentId);
      expect(parent, comment.text).toBeDefined();
      expect((parent?.publishedAt ?? "~") < comment.publishedAt).toBe(true);
      expect(comment.byUs).toBe(!comment.inReplyToUs);
      if (comment.inReplyToUs) expect(parent?.byUs).toBe(true);
    }
    expect(
      replies.filter(({ text }) => /get back to you by|answer for you by/.test(text)).length,
    ).toBeGreaterThan(30);
    expect(
      replies.filter(({ text }) => /refund|5\.2\.1|Reference|reference/.test(text)).length,
    ).toBeGreaterThan(50);
    expect(
      replies.filter(({ text }) => /FAQ|help form|slots are estimates/.test(text)).length,
    ).toBeGreaterThan(20);
  });

  it("keeps the rhythm of the day and of the week", () => {
    const praise = of("praise");
    const between = (from: number, to: number) =>
      praise.filter(({ at }) => Number(at.slice(11, 13)) >= from && Number(at.slice(11, 13)) < to).length;
    expect(between(17, 21)).toBeGreaterThan(6 * between(1, 5));
    const on = (weekdays: readonly number[]) =>
      mentions.filter(
        ({ theme, at }) => /praise|noise|question/.test(theme) && weekdays.includes(new Date(at).getUTCDay()),
      ).length;
    expect(on([6, 0])).toBeGreaterThan(1.1 * on([2, 3]));
  });

  it("rewrites a few reviews and takes two mentions back, all of them told before", () => {
    const told = new Map<string, DemoMentionItem["mention"]>();
    let edits = 0;
    let deletions = 0;
    for (const item of story) {
      if (item.type !== "delete" && seenAgain.includes(item)) continue;
      if (item.type === "delete") {
        deletions++;
        expect(told.has(item.id)).toBe(true);
        continue;
      }
      const before = told.get(idOf(item.mention));
      if (item.mention.revision > 0) {
        edits++;
        expect(item.mention.revision).toBeGreaterThan(Date.parse(before?.publishedAt ?? ENDS_AT));
        expect(item.mention.rating ?? 0).toBeGreaterThan(before?.rating ?? 5);
        expect(item.mention.publishedAt).toBe(before?.publishedAt);
      } else {
        expect(before, "an id told twice without an edit").toBeUndefined();
      }
      told.set(idOf(item.mention), item.mention);
    }
    expect(edits).toBeGreaterThanOrEqual(4);
    expect(deletions).toBe(2);
  });

  it("lets customers repeat each other at most once, shares of the cake and our own phrases aside", () => {
    const times = new Map<string, number>();
    for (const { mention } of mentions) {
      if (mention.text === "" || mention.amplifiesId !== "" || mention.byUs || mention.inReplyToUs) continue;
      times.set(mention.text, (times.get(mention.text) ?? 0) + 1);
    }
    expect(Math.max(...times.values())).toBeLessThanOrEqual(2);
    expect(times.size).toBeGreaterThan(4_500);
  });

  it("fills every template and links to nowhere but example.com and example.org", () => {
    for (const { mention } of mentions) {
      const said = `${mention.title} ${mention.text}`;
      expect(said).not.toMatch(/[{}|]|undefined/);
      for (const [, host] of `${said} ${mention.url}`.matchAll(/https?:\/\/([^/\s]+)/gi)) {
        expect(host?.toLowerCase()).toMatch(/^example\.(com|org)$/);
      }
    }
  });
});

describe("what Lumbert did in the story", () => {
  const story = new Map(
    tellStory(USUAL).flatMap((item) =>
      item.type === "mention" ? [[idOf(item.mention), item] as const] : [],
    ),
  );
  const deeds = tellDeeds(USUAL);
  const deed = (name: string) => {
    const found = deeds.find(({ id }) => id === `demo:${name}`);
    if (found === undefined) throw new Error(`nothing is called ${name}`);
    return found;
  };

  it("is told in order, by changes that anybody could write", () => {
    const times = deeds.map(({ at }) => at);
    expect(times).toEqual([...times].sort());
    expect((times.at(-1) ?? "") < ENDS_AT).toBe(true);
    for (const told of deeds) expect(WrittenChange.parse(told)).toEqual(told);
  });

  it("happens on the days of the story", () => {
    expect(storyDay(deed("release-5.2.0").at)).toBe(9);
    expect(deed("release-5.2.1")).toMatchObject({ kind: "release", version: "5.2.1", tracker: "lumbert" });
    expect(storyDay(deed("drivers-back").at)).toBe(28);
    expect(deed("trundlow-down")).toMatchObject({ kind: "outage", tracker: "trundlow" });
  });

  it.each([
    ["release-5.2.1", "checkout_crash", 150],
    ["double-charges", "double_charge", 15],
    ["evening-drivers", "late_evening", 10],
  ])("%s names complaints of %s that were told before it, and no others", (name, theme, least) => {
    const { at, fixes } = deed(name);
    expect(fixes.length).toBeGreaterThan(least);
    for (const id of fixes) {
      const told = story.get(id);
      expect(told?.theme).toBe(theme);
      expect((told?.mention.publishedAt ?? "~") < at).toBe(true);
    }
    expect(deeds.filter(({ fixes: all }) => all.length > 0)).toHaveLength(3);
  });

  it("brings as many orders as any week, some fewer while the app crashes, and none of a day that is not over", () => {
    const orders = tellOrders(USUAL);
    expect(orders).toEqual(tellOrders(USUAL));
    expect(orders.at(-1)?.day).toBe("2026-03-15");
    expect(new Set(orders.map(({ day }) => day)).size).toBe(orders.length);
    const perWeek = (from: number, to: number) => {
      const some = orders.filter(
        ({ day }) => storyDay(`${day}T12:00:00.000Z`) >= from && storyDay(`${day}T12:00:00.000Z`) <= to,
      );
      return some.reduce((sum, { count }) => sum + count, 0) / some.length;
    };
    expect(perWeek(10, 16) / perWeek(1, 7)).toBeGreaterThan(0.8);
    expect(perWeek(10, 16) / perWeek(1, 7)).toBeLessThan(0.95);
    expect(perWeek(22, 42) / perWeek(1, 7)).toBeCloseTo(1, 1);
  });
});

describe("telling the demo story", () => {
  it("gives the same items, byte for byte, for the same options and others for another seed", () => {
    const once = JSON.stringify(tellStory(USUAL));
    expect(JSON.stringify(tellStory(USUAL)) === once).toBe(true);
    expect(JSON.stringify(tellStory({ ...USUAL, seed: 2 })) === once).toBe(false);
  });

  it.each([
    { days: 5, scale: 1 },
    { days: 60, scale: 0.3 },
  ])("tells $days days at scale $scale without a reference to what is not told", ({ days, scale }) => {
    const endsAt = "2026-03-16T15:30:00.000Z";
    const story = tellStory({ seed: 1, endsAt, days, scale });
    const from = new Date(Date.parse(endsAt) - days * DAY_MS).toISOString();
    const ids = new Set<string>();
    expect(story.length).toBeGreaterThan(300);
    for (const item of story) {
      expect(item.at >= from && item.at < endsAt).toBe(true);
      if (item.type === "delete") continue;
      for (const id of [item.mention.parentId, item.mention.amplifiesId])
        expect(id === "" || ids.has(id)).toBe(true);
      ids.add(idOf(item.mention));
    }
  });

  it("follows the scale", () => {
    const size = (scale: number) => tellStory({ ...USUAL, scale }).length;
    const ratio = size(2) / size(1);
    expect(ratio).toBeGreaterThan(1.85);
    expect(ratio).toBeLessThan(2.15);
  });
});

describe("the demo ingestor", () => {
  it("yields pages of a thousand up to the start of today, and nothing once its cursor is complete", async () => {
    const pages = await poll({});
    expect(
      pages.slice(0, -1).every(({ items, cursor }) => items.length === 1_000 && cursor === undefined),
    ).toBe(true);
    const last = pages.at(-1);
    expect(last).toMatchObject({ progress: 1, cursor: { isComplete: true } });
    expect(pages.flatMap(({ items }) => items)).toEqual(tellStory(USUAL));
    expect(await poll({}, demoIngestor.cursor.parse(last?.cursor) as object)).toEqual([]);
  });

  it("stops when it is told to", async () => {
    await expect(poll({}, undefined, AbortSignal.abort())).rejects.toThrow("abort");
  });

  it.each([
    null,
    17,
    "text",
    {},
    { type: "delete" },
    { type: "mention", theme: "praise", at: ENDS_AT, mention: {} },
  ])("refuses %j as record_invalid", (item) => {
    const attempt = () => demoIngestor.parse(item, ENDS_AT);
    expect(attempt).toThrow(EarshotError);
    expect(attempt).toThrow(expect.objectContaining({ code: "record_invalid" }));
    expect(demoIngestor.position?.(item)).toBe("");
  });

  it("refuses an item with an additional field", () => {
    const item = { ...tellStory({ ...USUAL, days: 1 })[0], extra: 1 };
    expect(() => demoIngestor.parse(item, ENDS_AT)).toThrow(
      expect.objectContaining({ code: "record_invalid" }),
    );
  });

  it.each([{ days: 0 }, { scale: -1 }, { seed: 0.5 }, { endsAt: "yesterday" }, { sead: 1 }])(
    "refuses the config %j",
    (config) => {
      expect(demoIngestor.config.safeParse(config).success).toBe(false);
    },
  );

  it("names its trackers for the interface", () => {
    expect(DEMO_TRACKERS.map(({ id }) => id)).toEqual(["lumbert", "trundlow", "pakvorn"]);
  });
});
