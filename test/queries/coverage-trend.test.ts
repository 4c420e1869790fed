import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { z } from "zod";
import { hourLeft, hoursHeard, hoursUnheard } from "../../core/coverage.ts";
import type { MentionFields } from "../../core/contracts.ts";
import { showSql } from "../../core/show-sql.ts";
import { coverageTrend } from "../../queries/coverage-trend.ts";
import type { Coverage } from "../../schemas/coverage.ts";
import { coverageRows, mentionRows } from "../../schemas/rows.ts";
import type { StoredEvent } from "../../schemas/stored-event.ts";
import { aMention, anEnrichment } from "../support/builders.ts";
import { openTestStore, type TestStore } from "../support/embedded-store.ts";

/** Twenty minutes into an hour of a Wednesday. */
const NOW = "2026-03-04T12:20:00.000Z";

let opened: TestStore;

beforeAll(async () => {
  opened = await openTestStore();
  const signal = AbortSignal.timeout(60_000);
  await opened.store.table(mentionRows).write(mentions(), signal);
  await opened.store.table(coverageRows).write(ledger(), signal);
});
afterAll(() => opened.close());

/** Asks, then runs the SQL that is shown for it, which must give the very same rows. */
async function ask(asked: Record<string, unknown>): Promise<z.infer<typeof coverageTrend.row>[]> {
  const statement = coverageTrend.statement(coverageTrend.params.parse({ at: NOW, ...asked }));
  const rows = await opened.reader.query(statement, coverageTrend.row);
  const shown = await opened.reader.query({ sql: showSql(statement), params: {} }, coverageTrend.row);
  expect(shown).toEqual(rows);
  return rows;
}

/** As `13`, `heard of expected` and the state. */
const brief = (rows: readonly z.infer<typeof coverageTrend.row>[], from: number, to: number) =>
  rows.map(
    ({ bucket, state, heard_hours, expected_hours }) =>
      `${bucket.slice(from, to)} ${heard_hours}/${expected_hours} ${state}`,
  );
const byDay = (rows: readonly z.infer<typeof coverageTrend.row>[]) => brief(rows, 5, 10);
const byHour = (rows: readonly z.infer<typeof coverageTrend.row>[]) => brief(rows, 11, 13);

function mentions(): StoredEvent[] {
  const said = (source: string, fields: Partial<MentionFields> = {}): StoredEvent => ({
    type: "upsert",
    mention: aMention({ source, publishedAt: "2026-03-02T09:00:00.000Z", ...fields }),
    enrichment: anEnrichment(),
  });
  return [
    said("steady", { platform: "reddit", trackers: ["acme"] }),
    said("steady", { platform: "reddit", trackers: ["acme", "rival"] }),
    said("broken", { platform: "app_store", trackers: ["acme"], rating: 1, ratingMax: 5 }),
    said("late", { platform: "mastodon", trackers: ["late"] }),
    said("stopped", { platform: "rss", trackers: ["stopped"] }),
    said("fresh", { platform: "x", trackers: ["fresh"] }),
    said("left", { platform: "hn", trackers: ["left"] }),
    said("back", { platform: "hn", trackers: ["back"] }),
    said("import", { platform: "trustpilot", trackers: ["acme"] }),
    said("ours-only", { platform: "x", trackers: ["acme"], byUs: true }),
  ];
}

/** What the loop writes of a source heard without a gap, polled at each of these times. */
function heard(source: string, from: string, ...polls: readonly string[]): Coverage[] {
  const times = [from, ...polls];
  return times.flatMap((to, index) =>
    hoursHeard({
      source,
      window: { from: times[index - 1] ?? to, to },
      coveredFrom: from,
      gaps: [],
      isFirst: index === 0,
      at: to,
    }),
  );
}

function unheard(source: string, from: string, to: string, reason: string): Coverage[] {
  return hoursUnheard(source, { from, to }, reason, to);
}

function ledger(): Coverage[] {
  return [
    // from Monday on, the last poll within the hour that is not over
    ...heard("steady", "2026-03-02T00:00:00.000Z", "2026-03-04T12:10:00.000Z"),
    // well until Tuesday 06:30, then refused for good
    ...heard("broken", "2026-03-02T00:00:00.000Z", "2026-03-03T06:30:00.000Z"),
    ...unheard("broken", "2026-03-03T06:30:00.000Z", "2026-03-03T20:00:00.000Z", "It answered 502."),
    ...unheard("broken", "2026-03-03T21:00:00.000Z", "2026-03-04T12:15:00.000Z", "Check token."),
    // listened to from Wednesday 09:40 on, the last poll an hour ago
    ...heard("late", "2026-03-04T09:40:00.000Z", "2026-03-04T11:20:00.000Z"),
    // two stretches with nobody there between and after them
    ...heard("stopped", "2026-03-03T10:00:00.000Z", "2026-03-03T12:59:00.000Z"),
    ...heard("stopped", "2026-03-03T15:00:00.000Z", "2026-03-03T17:30:00.000Z"),
    // taken out of the config on Tuesday at four, and one of them put back
    ...heard("left", "2026-03-03T10:00:00.000Z", "2026-03-03T12:59:00.000Z"),
    hourLeft("left", "2026-03-03T16:10:00.000Z"),
    ...heard("back", "2026-03-03T10:00:00.000Z", "2026-03-03T12:59:00.000Z"),
    hourLeft("back", "2026-03-03T16:10:00.000Z"),
    ...heard("back", "2026-03-03T12:59:00.000Z", "2026-03-04T12:10:00.000Z").slice(1),
    // its first hour is this one
    ...unheard("fresh", "2026-03-04T12:05:00.000Z", "2026-03-04T12:05:00.000Z", "Check token."),
    // has never brought anything
    ...unheard("barren", "2026-03-02T00:00:00.000Z", "2026-03-04T12:15:00.000Z", "Check query."),
  ];
}

describe("coverage_trend", () => {
  test("says per day how completely a source was heard, and leaves out the hour that is not over", async () => {
    expect(byDay(await ask({ tracker: "rival" }))).toEqual([
      "03-02 24/24 complete",
      "03-03 24/24 complete",
      "03-04 12/12 complete",
    ]);
  });

  test("says per hour and per week, too, weeks beginning on Monday", async () => {
    const asked = { source: "broken", interval: "hour", from: "2026-03-03T05:00Z", to: "2026-03-03T08:00Z" };
    expect(byHour(await ask(asked))).toEqual(["05 1/1 complete", "06 0/1 partial", "07 0/1 none"]);
    const [week] = await ask({ tracker: "rival", interval: "week" });
    expect(week).toMatchObject({ bucket: "2026-03-02T00:00:00.000Z", series: "all", expected_hours: 60 });
  });

  test("tells what was missed, the commonest reason first, and of whom", async () => {
    const rows = await ask({ platform: "reddit,app_store", from: "2026-03-03", to: "2026-03-04" });
    expect(rows).toEqual([
      {
        bucket: "2026-03-03T00:00:00.000Z",
        series: "all",
        state: "partial",
        heard_hours: 24 + 6,
        partial_hours: 1,
        expected_hours: 48,
        reasons: ["It answered 502.", "Check token."],
        sources: ["broken"],
      },
    ]);
  });

  test("calls a bucket none when no source was heard in it at all", async () => {
    const rows = await ask({ platform: "app_store" });
    expect(rows.map(({ state, reasons }) => [state, reasons[0] ?? ""])).toEqual([
      ["complete", ""],
      ["partial", "It answered 502."],
      ["none", "Check token."],
    ]);
  });

  test("counts the hour that is not over where it goes on with an outage, so that it is not drawn as zero", async () => {
    const asked = { interval: "hour", from: "2026-03-04T11:00Z" };
    expect(byHour(await ask({ ...asked, source: "broken" }))).toEqual(["11 0/1 none", "12 0/1 none"]);
    expect(byHour(await ask({ ...asked, source: "steady" }))).toEqual(["11 1/1 complete"]);
  });

  test("holds an hour against nobody that was heard up to the last poll of it", async () => {
    const asked = { source: "late", interval: "hour" };
    const rows = await ask(asked);
    expect(byHour(rows)).toEqual(["09 0/1 partial", "10 1/1 complete", "11 1/1 complete"]);
    expect(rows[0]?.reasons).toEqual(["It was not listened to from the start of this hour."]);
  });

  test("counts a source from its first hour in the ledger on, and hours without a row as unheard", async () => {
    const rows = await ask({ source: "stopped", interval: "hour" });
    const states = new Map(
      rows.map(({ bucket, state, reasons }) => [bucket.slice(5, 13), [state, ...reasons]]),
    );
    expect(rows[0]?.bucket).toBe("2026-03-03T10:00:00.000Z");
    expect(states.get("03-03T12")).toEqual(["complete"]);
    expect(states.get("03-03T13")).toEqual(["none", "Nobody was listening."]);
    expect(states.get("03-03T15")).toEqual(["complete"]);
    expect(states.get("03-03T18")).toEqual(["none", "No poll has reached this hour yet."]);
    expect(rows.at(-1)?.bucket).toBe("2026-03-04T12:00:00.000Z");
  });

  test("counts a source that was taken out of the config until then, and again once it is put back", async () => {
    const rows = await ask({ source: "left", interval: "hour" });
    expect(byHour(rows)).toEqual([
      "10 1/1 complete",
      "11 1/1 complete",
      "12 1/1 complete",
      "13 0/1 none",
      "14 0/1 none",
      "15 0/1 none",
    ]);
    expect(byDay(await ask({ source: "back" }))).toEqual(["03-03 14/14 complete", "03-04 12/12 complete"]);
    // before that nobody knew
    expect(byDay(await ask({ source: "left", at: "2026-03-03T15:30Z" }))).toEqual(["03-03 3/6 partial"]);
  });

  test("knows nothing of imports, of what only we wrote, and of a source whose first hour is not over", async () => {
    expect(await ask({ platform: "trustpilot" })).toEqual([]);
    expect(await ask({ platform: "x" })).toEqual([]);
    expect(await ask({ source: "import,unheard-of" })).toEqual([]);
  });

  test("counts a source that has brought nothing only where it is named", async () => {
    const everyone = await ask({ interval: "week" });
    expect(everyone[0]?.sources).toEqual(["broken", "late", "left", "stopped"]);
    const [named] = await ask({ interval: "week", source: "barren" });
    expect(named).toMatchObject({ state: "none", sources: ["barren"], reasons: ["Check query."] });
  });

  test("counts what brought mentions outside the asked time: an outage brings none inside it", async () => {
    const rows = await ask({ tracker: "acme", rating_max: 2, from: "2026-03-04" });
    expect(rows).toMatchObject([{ state: "none", sources: ["broken"] }]);
  });

  test("begins with the hour a time lies in, and ends before the time asked", async () => {
    const asked = { source: "steady", interval: "hour", from: "2026-03-03T05:40Z", to: "2026-03-03T07:10Z" };
    expect(byHour(await ask(asked))).toEqual(["05 1/1 complete", "06 1/1 complete", "07 1/1 complete"]);
    expect(await ask({ ...asked, to: "2026-03-01" })).toEqual([]);
  });

  test("split by platform or tracker, says it of each series", async () => {
    const asked = { from: "2026-03-04", platform: "reddit,app_store" };
    const of = async (by: string) =>
      (await ask({ ...asked, by })).map(({ series, state, sources }) => [series, state, ...sources]);
    expect(await of("platform")).toEqual([
      ["app_store", "none", "broken"],
      ["reddit", "complete"],
    ]);
    expect(await of("tracker")).toEqual([
      ["acme", "partial", "broken"],
      ["rival", "complete"],
    ]);
  });

  test("as of an earlier time knows nothing that came after", async () => {
    const rows = await ask({ source: "steady", at: "2026-03-02T03:30Z" });
    expect(byDay(rows)).toEqual(["03-02 3/3 complete"]);
  });

  test("asked for nothing in particular answers as of now", async () => {
    const { sql, params } = coverageTrend.statement(coverageTrend.params.parse({ tracker: "rival" }));
    const rows = await opened.reader.query({ sql, params }, coverageTrend.row);
    expect(byDay(rows.slice(0, 2))).toEqual(["03-02 24/24 complete", "03-03 24/24 complete"]);
    expect(rows.length).toBeGreaterThan(30);
    expect(rows.at(-1)).toMatchObject({ state: "none", reasons: ["No poll has reached this hour yet."] });
  });
});
