import { randomFrom, type StreamSettings } from "./stream-settings.ts";
import type { StreamTexts } from "./stream-texts.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START = Date.parse("2026-01-05T00:00:00.000Z");

/** What made an issue's mentions. */
export type IssueKind = "frequent" | "died" | "burn" | "one_off" | "incident" | "storm" | "angry";

/** A line of a stream, as `earshot group` reads it, and its truth: `issue`, `kind`, `is_recurring`. */
export interface StreamMention {
  readonly id: string;
  readonly text: string;
  readonly author: string | null;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly channel: string;
  readonly thread: string | null;
  readonly repost_of: string | null;
  readonly issue: string;
  readonly kind: IssueKind;
  readonly is_recurring: boolean;
}

/** A line of the coverage file: one source and hour that was not wholly heard, or the first that was. */
export interface StreamCoverage {
  readonly source: string;
  /** Start of the hour, ISO 8601, UTC. */
  readonly hour: string;
  readonly state: "complete" | "partial" | "none";
  readonly reason: string;
}

/** When a slow burn reached twice and four times its rate. */
export interface Burn {
  readonly issue: string;
  /** ms since 1970. */
  readonly doubledAt: number;
  readonly fourfoldAt: number;
}

export interface IssueStream {
  /** In the order of time. */
  readonly mentions: readonly StreamMention[];
  readonly coverage: readonly StreamCoverage[];
  readonly burns: readonly Burn[];
  /** End of the stream, ms since 1970. */
  readonly asOf: number;
}

interface Made {
  readonly kind: IssueKind;
  readonly issue: string;
  readonly at: number;
  readonly text: string;
  readonly author: string;
  readonly thread?: string;
  readonly repostOf?: string;
  readonly id: string;
  readonly channel: string;
}

interface Gap {
  readonly from: number;
  readonly to: number;
  readonly channel: string | undefined;
}

const FEWEST_REPORTS = 3;
const FEWEST_DAYS = 3;
const SHORTEST_SPAN_MS = 7 * DAY_MS;
const LONG_POOL = 120;

/**
 * Makes a stream of real texts whose truth is known. The same settings and seed give the same stream. `is_recurring` is
 * true of issues that go on to the end and of which three people who had it from nobody else were heard on three days over
 * a week: fewer cannot be known to recur.
 */
export function makeStream(texts: StreamTexts, settings: StreamSettings, seed: number): IssueStream {
  const random = randomFrom(seed);
  const asOf = START + settings.days * DAY_MS;
  const channels = Array.from({ length: settings.channels }, (_, at) => `channel ${at + 1}`);
  const pick = <T>(from: readonly T[]): T => {
    const picked = from[Math.floor(random() * from.length)];
    if (picked === undefined) throw new Error("A stream needs texts of issues and of one-offs.");
    return picked;
  };
  const shuffled = <T>(from: readonly T[]): T[] => {
    const keyed = from.map((value) => ({ value, key: random() }));
    return keyed.sort((a, b) => a.key - b.key).map(({ value }) => value);
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

  /** How many customers there are beside the start, with the week's swing. */
  const customers = (at: number) => {
    const day = new Date(at).getUTCDay();
    const swing = day === 0 || day === 6 ? settings.weekend : 1;
    return settings.growth ** ((at - START) / (asOf - START)) * swing;
  };
  const most = Math.max(1, settings.growth) * Math.max(1, settings.weekend);

  const made: Made[] = [];
  let numbered = 0;
  let people = 0;
  const someone = () => `person ${++people}`;
  const idOf = (channel: string) => `${channel.replace(" ", "")}:${++numbered}`;
  const homes = new Map<string, readonly string[]>();
  const channelOf = (issue: string) => {
    const known = homes.get(issue) ?? shuffled(channels).slice(0, 1 + Math.floor(random() * channels.length));
    homes.set(issue, known);
    return pick(known);
  };
  const say = (mention: Omit<Made, "id" | "channel"> & { channel?: string }): Made => {
    const channel = mention.channel ?? channelOf(mention.issue);
    const whole: Made = { ...mention, channel, id: idOf(channel) };
    made.push(whole);
    return whole;
  };
  /** Times of a process whose rate per day changes, by thinning. */
  const times = (from: number, to: number, highest: number, rateAt: (at: number) => number): number[] => {
    const found: number[] = [];
    for (let at = from; ;) {
      at += (-Math.log(1 - random()) / (highest * most)) * DAY_MS;
      if (at >= to) return found;
      if (random() * highest * most < rateAt(at) * customers(at)) found.push(at);
    }
  };
  const answer = (root: Made, few: number) => {
    for (let more = few; random() < more; more--) {
      const at = root.at + random() * 2 * DAY_MS;
      if (at < asOf)
        say({ ...root, at, text: pick(answersOf(root)), author: someone(), thread: root.thread ?? root.id });
    }
  };
  const pools = shuffled(texts.issues);
  const textsBy = new Map<string, readonly string[]>();
  const answersOf = (root: Made) => textsBy.get(root.issue) ?? [root.text];
  /** The next texts of one issue; of many where they must last, for the same words again count as copies. */
  const nextIssue = (isLong = false) => {
    const long = isLong ? pools.findIndex(({ texts: pool }) => pool.length >= LONG_POOL) : 0;
    const [pool] = pools.splice(Math.max(0, long), 1);
    if (pool === undefined)
      throw new Error(`A stream of so many issues needs texts of more than ${texts.issues.length} issues.`);
    textsBy.set(pool.issue, pool.texts);
    return pool;
  };

  const goOn = (
    kind: IssueKind,
    highest: number,
    rateAt: (at: number) => number,
    from: number,
    to: number,
  ) => {
    const { issue, texts: pool } = nextIssue(kind === "burn");
    const regulars: string[] = [];
    // people rarely say the same words: each text once, until all were said
    let left: string[] = [];
    for (const at of times(from, to, highest, rateAt)) {
      if (left.length === 0) left = shuffled(pool);
      const isAgain = regulars.length > 0 && random() < settings.again;
      const author = isAgain ? pick(regulars) : someone();
      regulars.push(author);
      answer(say({ kind, issue, at, text: left.pop() ?? "", author }), settings.replies);
    }
    return issue;
  };
  function makeBurns(): Burn[] {
    const burns: Burn[] = [];
    for (let at = 0; at < settings.burns; at++) {
      const latest = settings.days - settings.burnDays - 14;
      const from = START + (28 + random() * Math.max(0, latest - 28)) * DAY_MS;
      const ramp = settings.burnDays * DAY_MS;
      // one a day as customers were then
      const base = settings.growth ** -((from - START) / (asOf - START));
      const rateAt = (time: number) => base * (1 + 3 * Math.min(1, Math.max(0, (time - from) / ramp)));
      const issue = goOn("burn", 4 * base, rateAt, START, asOf);
      burns.push({ issue, doubledAt: from + ramp / 3, fourfoldAt: from + ramp });
    }
    return burns;
  }

  const burns = makeBurns();
  for (let at = 0; at < settings.frequent; at++) {
    const rate = Math.min(15, settings.medianRate * Math.exp(settings.rateSpread * normal()));
    const from = START + random() * 0.6 * (asOf - START) * (random() < 0.5 ? 0 : 1);
    goOn("frequent", rate, () => rate, from, asOf);
  }
  for (let at = 0; at < settings.died; at++) {
    const rate = 0.3 + random();
    const to = asOf - (30 + random() * 20) * DAY_MS;
    goOn("died", rate, () => rate, START, Math.max(to, START + 15 * DAY_MS));
  }
  const tales = shuffled(texts.oneOffs);
  const nextTale = () => tales.pop() ?? pick(texts.oneOffs);
  const anyTime = () => {
    for (;;) {
      const at = START + random() * (asOf - START);
      if (random() * most < customers(at)) return at;
    }
  };
  for (let at = 0; at < settings.oneOffs; at++) {
    const root = say({
      kind: "one_off",
      issue: `one-off ${at}`,
      at: anyTime(),
      text: nextTale(),
      author: someone(),
    });
    textsBy.set(root.issue, [nextTale()]);
    answer(root, settings.replies / 2);
  }
  for (let at = 0; at < settings.incidents; at++) {
    const pool = nextIssue();
    const begins = START + random() * 0.95 * (asOf - START);
    const ends = Math.min(asOf, begins + (0.1 + 2 * random()) * DAY_MS);
    for (let more = 2 + Math.floor(8 * random()); more > 0; more--)
      say({
        kind: "incident",
        issue: pool.issue,
        at: begins + random() * (ends - begins),
        text: pick(pool.texts),
        author: someone(),
      });
  }
  for (let at = 0; at < settings.storms; at++) {
    const issue = `storm ${at}`;
    const root = say({ kind: "storm", issue, at: anyTime(), text: nextTale(), author: someone() });
    const size = Math.max(3, Math.round(settings.stormSize * (0.5 + random())));
    const hours = 6 + random() * 200;
    for (let copy = 0; copy < size; copy++) {
      const when = root.at + -Math.log(1 - random()) * hours * HOUR_MS * 0.4;
      if (when >= asOf) continue;
      const isPasted = random() < settings.pasted;
      const shape = random();
      const text =
        shape < 0.5 ? root.text : shape < 0.8 ? `RT @someone: ${root.text}` : `${root.text} ${pick(REMARKS)}`;
      const channel = isPasted ? pick(channels) : root.channel;
      say({
        ...(isPasted ? {} : { repostOf: root.id }),
        kind: "storm",
        issue,
        at: when,
        text,
        author: someone(),
        channel,
      });
    }
  }
  for (let at = 0; at < settings.angry; at++) {
    const pool = nextIssue();
    const author = someone();
    const span = (0.1 + 0.9 * random()) * (asOf - START);
    const begins = START + random() * (asOf - START - span);
    for (let post = 0; post < 40; post++)
      say({ kind: "angry", issue: pool.issue, at: begins + random() * span, text: pick(pool.texts), author });
  }

  const gaps = Array.from({ length: settings.gaps }, (): Gap => {
    const from = START + Math.floor((random() * (asOf - START)) / HOUR_MS) * HOUR_MS;
    const hours = Math.ceil(settings.gapDays * 24 * (0.2 + 0.8 * random()));
    const channel = random() < settings.gapsOfOne ? pick(channels) : undefined;
    return { from, to: Math.min(asOf, from + hours * HOUR_MS), channel };
  });
  const heard = made
    .filter(
      ({ at, channel }) =>
        !gaps.some((gap) => at >= gap.from && at < gap.to && (gap.channel ?? channel) === channel),
    )
    .sort((a, b) => a.at - b.at);
  const anonymous = new Set(heard.filter(({ kind }) => kind !== "angry" && random() < settings.anonymous));
  const recurring = recurringOf(heard);
  return {
    mentions: heard.map((mention) => ({
      id: mention.id,
      text: mention.text,
      author: anonymous.has(mention) ? null : mention.author,
      time: new Date(mention.at).toISOString(),
      channel: mention.channel,
      thread: mention.thread ?? null,
      repost_of: mention.repostOf ?? null,
      issue: mention.issue,
      kind: mention.kind,
      is_recurring: recurring.has(mention.issue),
    })),
    coverage: channels.flatMap((channel) => coverageOf(channel, gaps, asOf)),
    burns,
    asOf,
  };
}

const REMARKS = [
  "unbelievable",
  "so true",
  "wow just wow",
  "this happened to a friend",
  "read this everyone",
];

function recurringOf(heard: readonly Made[]): Set<string> {
  const roots = new Map<string, { authors: Set<string>; at: number[] }>();
  for (const { kind, issue, at, author, thread, repostOf } of heard) {
    if ((kind !== "frequent" && kind !== "burn") || thread !== undefined || repostOf !== undefined) continue;
    const known = roots.get(issue) ?? { authors: new Set(), at: [] };
    roots.set(issue, known);
    if (!known.authors.has(author)) known.at.push(at);
    known.authors.add(author);
  }
  const isRecurring = ({ at }: { at: readonly number[] }) =>
    at.length >= FEWEST_REPORTS &&
    new Set(at.map((time) => Math.floor(time / DAY_MS))).size >= FEWEST_DAYS &&
    (at.at(-1) ?? 0) - (at[0] ?? 0) >= SHORTEST_SPAN_MS;
  return new Set([...roots].filter(([, reports]) => isRecurring(reports)).map(([issue]) => issue));
}

/** Hours not heard, and one that was, so that a source without gaps is known. */
function coverageOf(source: string, gaps: readonly Gap[], asOf: number): StreamCoverage[] {
  const rows: StreamCoverage[] = [];
  for (let hour = START; hour < asOf; hour += HOUR_MS) {
    const isLost = gaps.some(
      ({ from, to, channel }) => (channel ?? source) === source && hour >= from && hour < to,
    );
    if (isLost) rows.push({ source, hour: new Date(hour).toISOString(), state: "none", reason: "outage" });
    else if (hour === START)
      rows.push({ source, hour: new Date(hour).toISOString(), state: "complete", reason: "" });
  }
  if (rows.length === 0)
    rows.push({ source, hour: new Date(START).toISOString(), state: "complete", reason: "" });
  return rows;
}

/** A stream as two files of JSON lines: what `earshot group` reads, with its truth, and the coverage beside it. */
export function streamFiles({ mentions, coverage }: IssueStream): { stream: string; coverage: string } {
  const lines = (rows: readonly unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  return { stream: lines(mentions), coverage: lines(coverage) };
}
