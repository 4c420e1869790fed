import { createHash } from "node:crypto";
import { cutText } from "../core/mention.ts";
import type { Mention } from "../schemas/mention.ts";

/** What is compared of a mention, before and after; what else is read of it is not. */
export const COMPARED = ["sentiment", "complaint", "intent", "language"] as const;
export type Compared = (typeof COMPARED)[number];

/** What was read of a mention, in words: `complaint` is yes or no; what was never read is empty. */
export type Verdicts = Readonly<Record<Compared, string>>;

/** How many mentions went from one verdict to another, or kept it. */
export interface Transition {
  readonly from: string;
  readonly to: string;
  readonly mentions: number;
}

/** A mention that is read differently now, with the verdicts that differ. */
export interface ChangedExample {
  readonly id: string;
  /** How it begins, at most 80 characters. */
  readonly text: string;
  readonly before: Partial<Verdicts>;
  readonly after: Partial<Verdicts>;
}

/** A mention that keeps what was read of it before, and why. */
export interface UnreadMention {
  readonly id: string;
  readonly code: string;
  readonly reason: string;
}

export interface RescoreReport {
  /** Mentions read again. */
  readonly read: number;
  /** Those of them of which any verdict differs. */
  readonly changed: number;
  /** Mentions that could not be read again, or whose new reading the store refused. */
  readonly failed: number;
  /** Versions that had read them before, most mentions first. */
  readonly versions: readonly { readonly version: string; readonly mentions: number }[];
  /** For each verdict, those that were kept too; most mentions first. */
  readonly transitions: Readonly<Record<Compared, readonly Transition[]>>;
  /** Some of those that changed, at most 20, in order of id: the same ones whenever the same mentions change. */
  readonly examples: readonly ChangedExample[];
  /** The first 20 that failed. */
  readonly failures: readonly UnreadMention[];
}

/** A mention as it was read before and as it is read now. */
export interface Reread {
  readonly mention: Mention;
  /** Version of the readers before. */
  readonly version: string;
  readonly before: Verdicts;
  readonly after: Verdicts;
}

export interface RescoreTally {
  count(reread: Reread): void;
  fail(failure: UnreadMention): void;
  report(): RescoreReport;
}

const MOST_SHOWN = 20;
const EXAMPLE_LENGTH = 80;

/** Counts what a rescore changes, in bounded memory however many mentions there are. */
export function openTally(): RescoreTally {
  const versions = new Map<string, number>();
  const transitions = new Map<Compared, Map<string, Transition>>();
  const examples: { readonly rank: string; readonly example: ChangedExample }[] = [];
  const failures: UnreadMention[] = [];
  let [read, changed, failed] = [0, 0, 0];

  /** Ids begin with their platform, so the first of them would show one platform alone. */
  function keepExample({ mention, before, after }: Reread, differing: readonly Compared[]): void {
    const rank = createHash("sha1").update(mention.id).digest("hex");
    const last = examples.at(-1);
    if (examples.length === MOST_SHOWN && last !== undefined && rank >= last.rank) return;
    const only = (verdicts: Verdicts): Partial<Verdicts> =>
      Object.fromEntries(differing.map((name) => [name, verdicts[name]]));
    const text = cutText(mention.text.trim() === "" ? mention.title : mention.text, EXAMPLE_LENGTH);
    examples.push({ rank, example: { id: mention.id, text, before: only(before), after: only(after) } });
    examples.sort((a, b) => (a.rank < b.rank ? -1 : 1));
    examples.length = Math.min(examples.length, MOST_SHOWN);
  }

  return {
    count(reread) {
      const { version, before, after } = reread;
      read++;
      versions.set(version, (versions.get(version) ?? 0) + 1);
      for (const name of COMPARED) {
        const [from, to] = [before[name], after[name]];
        const counted = transitions.get(name) ?? new Map<string, Transition>();
        const key = `${from}\0${to}`;
        counted.set(key, { from, to, mentions: (counted.get(key)?.mentions ?? 0) + 1 });
        transitions.set(name, counted);
      }
      const differing = COMPARED.filter((name) => isChange(before[name], after[name]));
      if (differing.length === 0) return;
      changed++;
      keepExample(reread, differing);
    },
    fail(failure) {
      failed++;
      if (failures.length < MOST_SHOWN) failures.push(failure);
    },
    report() {
      const of = (name: Compared) =>
        [...(transitions.get(name)?.values() ?? [])].sort((a, b) => b.mentions - a.mentions);
      return {
        read,
        changed,
        failed,
        versions: [...versions]
          .map(([version, mentions]) => ({ version, mentions }))
          .sort((a, b) => b.mentions - a.mentions),
        transitions: {
          sentiment: of("sentiment"),
          complaint: of("complaint"),
          intent: of("intent"),
          language: of("language"),
        },
        examples: examples.map(({ example }) => example).sort((a, b) => (a.id < b.id ? -1 : 1)),
        failures: [...failures],
      };
    },
  };
}

/** How many mentions changed their verdict. */
export function changedOf(transitions: readonly Transition[]): number {
  return transitions.reduce((sum, { from, to, mentions }) => sum + (isChange(from, to) ? mentions : 0), 0);
}

/** A first verdict is no change: rows of before a verdict was read at all would drown what is read differently. */
function isChange(from: string, to: string): boolean {
  return from !== "" && from !== to;
}
