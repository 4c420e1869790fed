import type { RuleOf } from "../../../core/alerts/rules.ts";
import { matchQuery } from "../../../core/query/match-query.ts";
import { parseQuery } from "../../../core/query/parse-query.ts";
import { freshMentions, threateningMentions } from "../../../queries/watch-issues.ts";
import { toStoredMention } from "../../../schemas/rows.ts";
import { subjectOf, type Measured, type RuleWatch, type WatchOptions } from "../measured.ts";

const HOUR = 3_600_000;
/** It is waited so long for the issue a mention is put into; then it is told without. */
const ISSUE_WAIT_MS = 60_000;
/** Mentions that are looked through for words in one piece. */
const PAGE = 20_000;
/** What was processed so long before the last look may yet come to be seen. */
const OVERLAP_MS = 60_000;

/** Watches for what cannot wait: as soon as one person, or so many, tell of it. */
export function watchKeywordCritical({ rule, app }: WatchOptions<RuleOf<"keyword_critical">>): RuleWatch {
  const matches = rule.query === undefined ? undefined : matchQuery(parseQuery(rule.query));
  /** Mentions that the query matches, with when they were published. */
  const matched = new Map<string, number>();
  let seenUntil: number | undefined;

  async function look(from: number, now: number): Promise<void> {
    if (matches === undefined) return;
    let since = seenUntil === undefined ? from : seenUntil - OVERLAP_MS;
    for (;;) {
      const rows = await app.ask(freshMentions, { from: iso(from), since: iso(since), limit: PAGE });
      const mentions = rows.map(toStoredMention);
      for (const mention of mentions) {
        if (matches(mention)) matched.set(mention.id, Date.parse(mention.publishedAt));
      }
      if (rows.length < PAGE) break;
      // a page that stands still would never end
      since = Math.max(
        since + 1,
        Math.max(...rows.map((row) => Date.parse(`${String(row["processed_at"])}Z`))),
      );
    }
    seenUntil = now;
    for (const [id, at] of matched) if (at < from) matched.delete(id);
  }

  return {
    async measure(date) {
      const now = date.getTime();
      const from = now - rule.windowHours * HOUR;
      await look(from, now);
      const threats = rule.query === undefined ? rule.threats : [];
      const rows = await app.ask(threateningMentions, {
        from: iso(from),
        to: iso(now),
        threats,
        ids: [...matched.keys()],
      });
      const groups = new Map<string, (typeof rows)[number][]>();
      for (const row of rows) {
        if (rule.trackers.length > 0 && !rule.trackers.includes(row.tracker)) continue;
        const age = now - Date.parse(row.processed_at);
        if (row.issue_id === "" && age >= 0 && age < ISSUE_WAIT_MS) continue;
        const what = row.issue_id === "" ? (row.kinds[0] ?? "") : "";
        const key = [row.tracker, row.issue_id, what].join("\n");
        groups.set(key, [...(groups.get(key) ?? []), row]);
      }
      return [...groups.values()].map((group): Measured => {
        const [first] = group as [(typeof rows)[number]];
        const kinds = [...new Set(group.flatMap((row) => row.kinds))];
        const people = new Set<string>();
        return {
          subject: subjectOf(
            rule,
            first.tracker,
            first.issue_id,
            first.issue_id === "" ? { threat: kinds[0] ?? "" } : {},
          ),
          readings: group.map((row) => {
            people.add(row.person);
            return {
              at: Date.parse(row.published_at),
              score: people.size / rule.minAuthors,
              isKnown: true,
              voices: people.size,
              facts: {
                sentence: `${people.size} ${people.size === 1 ? "person tells" : "people tell"} of ${kinds.map(wordOf).join(", ") || "what you watch for"}`,
                reasons:
                  rule.query === undefined ? [] : [`what was said matches: ${rule.query.slice(0, 200)}`],
                mention: row.id,
                to: row.published_at,
              },
            };
          }),
        };
      });
    },
  };
}

const WORDS: Readonly<Record<string, string>> = {
  safety: "danger",
  data: "lost or leaked data",
  legal: "legal steps",
  press: "going to the press",
  churn: "leaving",
};

function wordOf(kind: string): string {
  return WORDS[kind] ?? kind;
}

const iso = (at: number): string => new Date(at).toISOString();
