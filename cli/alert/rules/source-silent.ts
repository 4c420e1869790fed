import type { z } from "zod";
import type { RuleOf } from "../../../core/alerts/rules.ts";
import { sourceHealth } from "../../../queries/source-health.ts";
import { subjectOf, type Measured, type RuleWatch, type WatchOptions } from "../measured.ts";

const MINUTE = 60_000;
const LOOK_EVERY_MS = MINUTE;
const ALMOST = 0.99;
/** Stands for all sources together. */
const ALL = "all";

type Health = z.infer<typeof sourceHealth.row>;

/** Watches for sources that are not heard, and for nothing being heard at all. By the clock: silence has no other time. */
export function watchSourceSilent({
  rule,
  app,
  alerts,
  sources,
}: WatchOptions<RuleOf<"source_silent">>): RuleWatch {
  let lookedAt = -Infinity;
  return {
    async measure(date) {
      const now = date.getTime();
      if (now - lookedAt < LOOK_EVERY_MS) return [];
      const health = new Map((await app.ask(sourceHealth, {})).map((row) => [row.source, row]));
      lookedAt = now;
      const found = sources.flatMap(({ id }) => health.get(id) ?? []);
      const each = found.map((row): Measured =>
        measure({ source: row.source }, minutesOf(row, now), rule.afterMinutes, now, row),
      );
      const polled = found.filter(({ last_polled_at: at }) => at !== null);
      if (polled.length === 0) return each;
      const heard = Math.max(
        ...polled.map(({ heard_until: until, last_polled_at: at }) => Date.parse(until ?? at ?? "")),
      );
      return [...each, measure({ source: ALL }, (now - heard) / MINUTE, alerts.silentMinutes, now)];
    },
  };

  function measure(
    group: { source: string },
    minutes: number,
    limit: number,
    now: number,
    row?: Health,
  ): Measured {
    const what = group.source === ALL ? "Nothing at all could be heard" : `${group.source} is not heard`;
    const long = minutes >= 120 ? `${Math.round(minutes / 60)} hours` : `${Math.round(minutes)} minutes`;
    return {
      subject: subjectOf(rule, "", "", group),
      readings: [
        {
          at: now,
          score: Math.max(0, minutes / limit),
          isKnown: true,
          facts: {
            sentence:
              row?.state === "silent"
                ? `${group.source} answers, and brings nothing for ${long}`
                : `${what} for ${long}`,
            reasons: row === undefined || row.reason === "" ? [] : [row.reason],
            state: row?.state ?? "",
          },
        },
      ],
    };
  }

  /** Since when it should have been heard; 0: it is. */
  function minutesOf(row: Health, now: number): number {
    if (row.state === "silent") {
      const since = Date.parse(row.last_published_at ?? row.heard_until ?? "");
      return Number.isNaN(since) ? 0 : Math.max((now - since) / MINUTE, rule.afterMinutes);
    }
    if (row.state !== "degraded" && row.state !== "unauthorized") return 0;
    const since = Date.parse(row.heard_until ?? "");
    // one that was never heard is not heard since it was polled first, which nobody remembers
    return Number.isNaN(since) ? rule.afterMinutes * ALMOST + row.failures : (now - since) / MINUTE;
  }
}
