import type { z } from "zod";
import { keyOf, type Reading } from "../../../core/alerts/fold-alert.ts";
import type { RuleOf } from "../../../core/alerts/rules.ts";
import { matchQuery } from "../../../core/query/match-query.ts";
import { parseQuery } from "../../../core/query/parse-query.ts";
import { freshMentions, threateningMentions } from "../../../queries/watch-issues.ts";
import { toStoredMention } from "../../../schemas/rows.ts";
import { inPieces } from "../../app.ts";
import { subjectOf, withGone, type Measured, type RuleWatch, type WatchOptions } from "../measured.ts";

const HOUR = 3_600_000;
/** It is waited so long for the issue a mention is put into; then it is told without. */
const ISSUE_WAIT_MS = 60_000;
/** Mentions that are looked through for words in one piece. */
const PAGE = 20_000;
/** What was processed so long before the last look may yet come to be seen. */
const OVERLAP_MS = 60_000;

type Row = z.infer<typeof threateningMentions.row>;

/** Watches for what cannot wait: as soon as one person, or so many, tell of it. */
export function watchKeywordCritical({
  rule,
  app,
  alerts,
}: WatchOptions<RuleOf<"keyword_critical">>): RuleWatch {
  const matches = rule.query === undefined ? undefined : matchQuery(parseQuery(rule.query));
  /** Mentions that the query matches, with when they were published. */
  const matched = new Map<string, number>();
  let seenUntil: number | undefined;
  /** Mentions told of without an issue, with when they were published: put into one later, they are no second alert. */
  const lone = new Map<string, number>();

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

  async function tellingMentions(from: number, now: number): Promise<Row[]> {
    const window = { from: iso(from), to: iso(now) };
    if (matches === undefined) {
      return await app.ask(threateningMentions, { ...window, threats: rule.threats, ids: [] });
    }
    const rows: Row[] = [];
    for (const ids of inPieces([...matched.keys()])) {
      rows.push(...(await app.ask(threateningMentions, { ...window, threats: [], ids })));
    }
    return rows.sort((a, b) => compare(a.published_at, b.published_at) || compare(a.id, b.id));
  }

  return {
    async measure(date, open) {
      const now = date.getTime();
      const from = now - rule.windowHours * HOUR;
      await look(from, now);
      const rows = await tellingMentions(from, now);
      const groups = new Map<string, Row[]>();
      for (const row of rows) {
        if (rule.trackers.length > 0 && !rule.trackers.includes(row.tracker)) continue;
        const age = now - Date.parse(row.processed_at);
        if (row.issue_id === "" && age >= 0 && age < ISSUE_WAIT_MS) continue;
        const name = [row.tracker, row.id].join("\n");
        if (row.issue_id === "") lone.set(name, Date.parse(row.published_at));
        const issue = lone.has(name) ? "" : row.issue_id;
        const what = issue === "" ? (row.kinds[0] ?? "") : "";
        const key = [row.tracker, issue, what].join("\n");
        const group = groups.get(key);
        if (group === undefined) groups.set(key, [{ ...row, issue_id: issue }]);
        else group.push(row);
      }
      for (const [name, at] of lone) if (at < from) lone.delete(name);
      const measured = [...groups.values()].map((group): Measured => {
        const [first] = group as [Row];
        const kinds = [...new Set(group.flatMap((row) => row.kinds))];
        const people = new Set<string>();
        const subject = subjectOf(
          rule,
          first.tracker,
          first.issue_id,
          first.issue_id === "" ? { threat: kinds[0] ?? "" } : {},
        );
        const readings = group.map((row) => {
          people.add(row.person);
          return readingOf(row, people.size, kinds, Date.parse(row.published_at));
        });
        const last = group.at(-1) ?? first;
        // what was published before the last event and came after it counts all the same
        if (open.has(keyOf(subject))) readings.push(readingOf(last, people.size, kinds, now));
        return { subject, readings };
      });
      // what was published a moment ago may yet come: it must not be older than the end of the alert
      return withGone(rule, measured, open, now - alerts.allowedLatenessMinutes * 60_000);
    },
  };

  function readingOf(row: Row, people: number, kinds: readonly string[], at: number): Reading {
    return {
      at,
      score: people / rule.minAuthors,
      isKnown: true,
      voices: people,
      facts: {
        sentence: `${people} ${people === 1 ? "person tells" : "people tell"} of ${kinds.map(wordOf).join(", ") || "what you watch for"}`,
        reasons: rule.query === undefined ? [] : [`what was said matches: ${rule.query.slice(0, 200)}`],
        mention: row.id,
        to: row.published_at,
      },
    };
  }
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

const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
const iso = (at: number): string => new Date(at).toISOString();
