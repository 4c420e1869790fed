import { chain } from "../core/chain.ts";
import { issueGrouper } from "../processors/assign-issue/index.ts";
import { cutLine, describeIssue, type DescribeOptions } from "../processors/describe-issue.ts";
import { detectLanguage } from "../processors/detect-language.ts";
import { textEncoder } from "../processors/embed-text/index.ts";
import type { MeaningModel } from "../processors/embed-text/meaning-model.ts";
import { openVoices, type HeardVoice } from "../processors/find-voices/index.ts";
import type { NotHeard } from "../processors/judge-recurrence/exposure-clock.ts";
import { judgeRecurrence } from "../processors/judge-recurrence/index.ts";
import type { Flag, Verdict } from "../processors/judge-recurrence/judgement.ts";
import { countPhrases, phrasesOf, type Phrase } from "../processors/name-issue.ts";
import { readText, type Sentence } from "../processors/read-text.ts";
import type { Mention } from "../schemas/mention.ts";

/** A record as far as grouping needs it. */
export interface GroupedRecord {
  readonly id: string;
  readonly mention: Mention;
  /** ms since 1970. */
  readonly at: number | undefined;
  readonly author: string | undefined;
  readonly channel: string;
  readonly thread: string | undefined;
  /** Id of the record it passes on. */
  readonly repostOf: string | undefined;
  /** The issue a person put it into; then nothing is guessed. */
  readonly issue: string | undefined;
}

/** What answers a record. */
export interface GroupLine {
  readonly id: string;
  readonly issue: string;
  /** Cosine with the middle of its issue, −1..1. */
  readonly similarity: number;
}

/** What is said of an issue. Times are ISO 8601; null where no time is known. */
export interface IssueSummary {
  readonly issue: string;
  readonly title: string;
  /** Phrases many of its texts have and few others. */
  readonly terms: readonly string[];
  /** The most typical first, each of another person; then the newest. */
  readonly quotes: readonly { readonly id: string; readonly text: string }[];
  readonly mentions: number;
  readonly voices: number;
  readonly days: number;
  readonly channels: number;
  readonly firstAt: string | null;
  readonly lastAt: string | null;
  readonly verdict: Verdict | null;
  readonly flags: readonly Flag[];
  readonly reason: string;
}

export interface Grouping {
  readonly lines: readonly GroupLine[];
  /** The one heard most first. */
  readonly issues: readonly IssueSummary[];
}

export interface RecordGrouper {
  add(records: readonly GroupedRecord[]): Promise<void>;
  /** @param asOf the time to judge at, ms since 1970; that of the last record unless told */
  finish(asOf: number | undefined, notHeard: readonly NotHeard[]): Grouping;
}

/** One record as it is remembered until the end. */
interface Kept {
  readonly id: string;
  readonly text: string;
  readonly at: number | undefined;
  readonly channel: string;
  readonly thread: string | undefined;
  readonly heard: HeardVoice;
  readonly vector: Float32Array;
  readonly phrases: readonly Phrase[];
  /** Cluster of the grouper; undefined where the issue is given. */
  readonly cluster: number | undefined;
  readonly issue: string | undefined;
}

/** Texts an issue is named and quoted by, evenly over its time. */
const MOST_READ = 300;
const QUOTE_LENGTH = 300;

/**
 * Gives what puts records into issues and judges them, in the order they come. Copies of what was said before (reposts,
 * the same words) belong to its issue and are read once. Everything is remembered until the end: about 2 kB a record.
 */
export function recordGrouper(model: MeaningModel, signal: AbortSignal): RecordGrouper {
  const encode = textEncoder(model);
  const grouper = issueGrouper(model.dimensions);
  const voices = openVoices();
  const steps = chain<Mention>().pipe(readText()).pipe(detectLanguage());
  const counts = countPhrases();
  const kept: Kept[] = [];
  /** Clusters of records by id, for their copies. */
  const clusterOf = new Map<string, number>();

  const place = (record: GroupedRecord, heard: HeardVoice, vector: Float32Array): number | undefined => {
    if (record.issue !== undefined) return undefined;
    const original = heard.copyOf === undefined ? undefined : clusterOf.get(heard.copyOf);
    const cluster = original ?? grouper.assign(vector).cluster;
    clusterOf.set(record.id, cluster);
    if (heard.copyOf !== undefined && original === undefined) clusterOf.set(heard.copyOf, cluster);
    return cluster;
  };

  return {
    async add(records) {
      const read = await steps.run(
        records.map(({ mention }) => mention),
        signal,
      );
      records.forEach((record, index) => {
        const { id, at, channel, author, repostOf, thread, issue } = record;
        const { text, title } = record.mention;
        const outcome = read[index];
        const sentences: readonly Sentence[] =
          outcome?.kind === "ok" ? [...outcome.value.reading.title, ...outcome.value.reading.sentences] : [];
        const heard = voices.read({
          id,
          tokens: sentences.flatMap(({ tokens }) =>
            tokens.filter(({ kind }) => kind !== "punctuation").map((token) => token.text),
          ),
          ...(author !== undefined && { author: `${channel}:${author}` }),
          ...(repostOf !== undefined && { repostOf }),
          ...(at !== undefined && { at }),
        });
        const vector = encode(`${title}\n${text}`);
        const language = outcome?.kind === "ok" ? outcome.value.language : "und";
        const phrases = phrasesOf(sentences, language);
        if (heard.copyOf === undefined) counts.add(phrases);
        const cluster = place(record, heard, vector);
        kept.push({ id, text: text || title, at, channel, thread, heard, vector, phrases, cluster, issue });
      });
    },
    finish(asOf, notHeard) {
      grouper.consolidate();
      const issueOf = ({ cluster, issue }: Kept): string =>
        issue ?? (cluster === undefined ? "" : String(grouper.issueOf(cluster)));
      const byIssue = new Map<string, Kept[]>();
      for (const one of kept) {
        const issue = issueOf(one);
        const members = byIssue.get(issue);
        if (members === undefined) byIssue.set(issue, [one]);
        else members.push(one);
      }
      const judgements = judgeRecurrence({
        issues: [...byIssue].map(([issue, members]) => ({ issue, mentions: members.map(toIssueMention) })),
        asOf: asOf ?? kept.reduce((last, { at }) => Math.max(last, at ?? 0), 0),
        notHeard,
      });
      const issues = judgements.map(({ issue, verdict, flags, figures, reason }): IssueSummary => {
        const { mentions, voices: people, days, channels, firstAt, lastAt } = figures;
        const said = [firstAt, lastAt].map((at) => (at === null ? null : new Date(at).toISOString()));
        const [first = null, last = null] = said;
        return {
          issue,
          ...namesOf(byIssue.get(issue) ?? [], { counts, encode }),
          mentions,
          voices: people,
          days,
          channels,
          firstAt: first,
          lastAt: last,
          verdict,
          flags,
          reason,
        };
      });
      return {
        lines: kept.map((one) => ({
          id: one.id,
          issue: issueOf(one),
          similarity: one.cluster === undefined ? 1 : similarityOf(one.vector, grouper.issueOf(one.cluster)),
        })),
        issues: issues.sort((a, b) => b.voices - a.voices || b.mentions - a.mentions),
      };
    },
  };

  function similarityOf(vector: Float32Array, issue: number): number {
    return Math.round(grouper.similarityTo(issue, vector) * 1_000) / 1_000;
  }
}

function toIssueMention({ id, at, channel, thread, heard }: Kept) {
  return {
    id,
    channel,
    voice: heard.voice,
    ...(at !== undefined && { at }),
    ...(thread !== undefined && { thread }),
    ...(heard.copyOf !== undefined && { copyOf: heard.copyOf }),
    ...(heard.copyBy !== undefined && { copyBy: heard.copyBy }),
  };
}

/** What an issue is called and who speaks for it. */
function namesOf(members: readonly Kept[], options: DescribeOptions) {
  const originals = members.filter(({ heard }) => heard.copyOf === undefined);
  const read = evenly(originals.length === 0 ? members : originals, MOST_READ);
  const texts = read.map(({ heard, ...one }) => ({ ...one, voice: heard.voice }));
  const { title, terms, typical, newest } = describeIssue(texts, options);
  const isNewToo = newest !== undefined && !typical.some(({ id }) => id === newest.id);
  const quoted = isNewToo ? [...typical, newest] : typical;
  return { title, terms, quotes: quoted.map(({ id, text }) => ({ id, text: cutLine(text, QUOTE_LENGTH) })) };
}

function evenly<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, turn) => items[Math.floor((turn * items.length) / most)] as T);
}
