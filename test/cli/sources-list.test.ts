import { expect, it } from "vitest";
import { sourceTable, withRemoved } from "../../cli/commands/sources-list.ts";
import { parseConfig } from "../../core/config.ts";
import { ingestors } from "../../ingestors/index.ts";
import { sourceHealth } from "../../queries/source-health.ts";

const NOW = new Date("2026-03-02T10:00:00.000Z");

const { sources } = parseConfig(
  {
    sources: [
      ...["news", "sky", "spent", "late", "quiet", "back", "new"].map((id) => ({
        type: "rss",
        id,
        url: `https://${id}.example/feed`,
      })),
      { type: "webhook", id: "push", secret: "0123456789abcdef" },
    ],
  },
  ingestors,
  {},
  "test",
);

/** Health of a source that was polled two minutes ago; say only what the test is about. */
function health(source: string, fields: Record<string, unknown> = {}) {
  return sourceHealth.row.parse({
    source,
    state: "connected",
    code: "",
    reason: "",
    failures: 0,
    last_polled_at: "2026-03-02 09:58:00.000",
    heard_until: "2026-03-02 09:58:00.000",
    lag_s: 120,
    not_before: null,
    next_poll_at: "2026-03-02 10:15:00.000",
    mentions: 3,
    last_published_at: "2026-03-02 08:00:00.000",
    last_observed_at: "2026-03-02 08:01:00.000",
    usual_gap_s: null,
    requests_today: 7,
    usd_this_month: 0,
    budget: [],
    cursor_saved_at: null,
    open_dead_letters: 0,
    ...fields,
  });
}

/** Cells of the line of each source, by its name. */
function linesOf(rows: readonly ReturnType<typeof health>[]): ReadonlyMap<string, readonly string[]> {
  const lines = sourceTable(withRemoved(rows, sources), sources, NOW).split("\n");
  const cells = lines.map((line) => line.split("│").map((cell) => cell.trim()));
  return new Map(cells.map(([, name = "", ...others]) => [name, others.slice(0, -1)]));
}

it("says of each source how far behind it is, when it is polled next and what is left of its budget", () => {
  const left = { resource: "requests", per: "day", remaining: 462, allowed: 500 };
  const money = { resource: "usd", per: "month", remaining: 0, allowed: 2.5 };
  const lines = linesOf([
    health("news"),
    health("sky", { next_poll_at: null, lag_s: 40 }),
    health("spent", {
      state: "degraded",
      reason: "The budget of spent is spent.",
      lag_s: 8_000,
      next_poll_at: "2026-03-04 00:00:00.000",
      usd_this_month: 2.5,
      budget: [left, money],
    }),
    health("late", { next_poll_at: "2026-03-02 08:00:00.000" }),
    health("quiet", { state: "silent", next_poll_at: "2026-03-02 09:59:00.000" }),
    health("push", { heard_until: null, lag_s: null, next_poll_at: null }),
  ]);
  const at = "2026-03-02T08:00";
  expect(lines.get("news")).toEqual(["connected", "3", at, "2 min", "in 15 min", "–", "–", ""]);
  expect(lines.get("sky")?.slice(3, 5)).toEqual(["40 s", "listening"]);
  expect(lines.get("spent")).toEqual([
    "degraded",
    "3",
    at,
    "2 h",
    "in 38 h",
    "462 of 500 requests/day, $0.00 of $2.50/month",
    "2.50",
    "The budget of spent is spent.",
  ]);
  expect(lines.get("late")?.[4]).toBe("due 2 h ago");
  expect(lines.get("quiet")?.[4]).toBe("now");
  expect(lines.get("quiet")?.[7]).toMatch(/brings nothing; see whether/);
  expect(lines.get("push")?.slice(3, 5)).toEqual(["–", "when pushed"]);
});

it("tells what was removed, was put back, was never polled and was imported apart", () => {
  const never = { last_polled_at: null, heard_until: null, lag_s: null, next_poll_at: null };
  const lines = linesOf([
    health("gone", { reason: "It answered 502.", state: "degraded" }),
    health("back", { state: "removed", lag_s: null, next_poll_at: null }),
    health("import", { ...never, state: "unknown" }),
  ]);
  expect(lines.get("gone")?.[0]).toBe("removed");
  expect(lines.get("gone")?.slice(3, 5)).toEqual(["–", "–"]);
  expect(lines.get("gone")?.[7]).toMatch(/not in the config any more/);
  expect(lines.get("back")?.[0]).toBe("not polled yet");
  expect(lines.get("import")?.[0]).toBe("unknown");
  expect(lines.get("new")?.slice(0, 2)).toEqual(["not polled yet", "0"]);
  expect(lines.get("push")?.[0]).toBe("waits for pushes");
});
