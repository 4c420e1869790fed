import type { FixMention } from "../processors/judge-fix/count-sides.ts";
import {
  FIX_VERDICTS,
  judgeFix,
  type Fix,
  type FixJudgement,
  type FixVerdict,
} from "../processors/judge-fix/index.ts";
import { lehmer } from "../processors/linear-model/shuffle.ts";
import { readSet, type Row } from "./sets.ts";
import { table } from "./table.ts";

const DAY_MS = 86_400_000;

/** Complaints of one app by what they are about; each in the first topic whose words it has. */
interface AppComplaints {
  readonly app: string;
  readonly since: number;
  readonly until: number;
  readonly byTopic: ReadonlyMap<string, readonly FixMention[]>;
}

const FINTECH_TOPICS: Readonly<Record<string, RegExp>> = {
  crash: /crash|freez|kick(s|ed|ing)? me|keeps? (stopp|clos)|won.?t (open|load)|not (open|load)ing/i,
  login: /log ?in|sign ?in|password|face ?id|locked out|get into my account/i,
  code: /\botp\b|verification code|date of birth/i,
  identity: /kyc|verif|\bpan\b|aadha+r|\bssn\b/i,
  transfer: /transfer|deposit|add(ing)? money|load(ing)? money|withdraw/i,
  declined: /declin|card.{0,30}not work/i,
  refund: /refund|money back/i,
  rewards: /reward|coin|cash ?back/i,
  support: /customer (service|care|support)|no (reply|response|answer)/i,
  chores: /chore|allowance/i,
};

const VIDEO_TOPICS: Readonly<Record<string, RegExp>> = {
  battery: /batter/i,
  autoplay: /auto ?play/i,
  "volume bar": /volume/i,
  sound: /sound|audio|mute/i,
  thumbnails: /thumbnail/i,
  "watched labels": /watched/i,
  comments: /comment|reply/i,
  crash: /crash|freez|frozen/i,
  advertisements: /\bad(s|vert\w*)?\b/i,
  offline: /offline|download/i,
  scrubbing: /rewind|skip|scrub|seek/i,
  loading: /load|buffer|refresh/i,
};

/** A fix that a company told of, in a reply or a changelog. */
interface NamedFix {
  readonly app: string;
  readonly topic: string;
  readonly day: string;
  readonly version?: string;
}

/** Every fix told of with a date that names a complaint of one of the topics. */
const NAMED: readonly NamedFix[] = [
  { app: "me.greenlight", topic: "code", day: "2017-01-20" },
  { app: "me.greenlight", topic: "crash", day: "2020-03-05", version: "3.15.4" },
  { app: "me.greenlight", topic: "login", day: "2020-07-18" },
  { app: "me.greenlight", topic: "crash", day: "2020-07-18" },
  { app: "com.instantpay.in", topic: "login", day: "2023-01-18" },
  { app: "youtube", topic: "battery", day: "2016-06-06", version: "11.21" },
  { app: "youtube", topic: "autoplay", day: "2016-06-20", version: "11.23" },
  { app: "youtube", topic: "volume bar", day: "2016-08-08", version: "11.30" },
  { app: "youtube", topic: "scrubbing", day: "2016-08-08", version: "11.30" },
  { app: "youtube", topic: "thumbnails", day: "2016-08-23", version: "11.32" },
  { app: "youtube", topic: "watched labels", day: "2016-05-16", version: "11.18" },
  { app: "youtube", topic: "loading", day: "2016-09-02", version: "11.34" },
  { app: "youtube", topic: "comments", day: "2016-10-11", version: "11.39" },
];

/** Judges the fixes that companies told of, as Markdown; undefined where the sets are missing. */
export function namedFixes(folder: string): string | undefined {
  const apps = complaintsOf(folder);
  if (apps === undefined) return undefined;
  const rows = NAMED.flatMap(({ app, topic, day, version }) => {
    const of = apps.find((one) => one.app === app);
    if (of === undefined) return [];
    const at = Date.parse(`${day}T00:00:00Z`);
    const fix: Fix = { id: `${app} ${topic}`, at, ...(version === undefined ? {} : { version }) };
    const { verdict, sentence } = judgeTopic(of, topic, fix, Math.min(of.until, at + 56 * DAY_MS));
    return [[app, topic, version ?? day, verdict, sentence]];
  });
  return table(["app", "complaint", "fix", "verdict", "why"], rows);
}

/** What is said of real complaints around a day on which nothing is known to have been fixed. */
export interface PlaceboScore {
  /** How many complaints after the day were taken out at random, as a fix would have; `down`: all, and the ledger knows. */
  readonly removed: number | "down";
  readonly judged: number;
  readonly verdicts: Readonly<Record<FixVerdict, number>>;
}

const SHARES = [0, 0.5, 0.8, "down"] as const;
const STEP_DAYS = 56;
const AFTER_DAYS = 84;

/**
 * Judges made-up fixes on real series: every eight weeks, each topic of each app, with a share of the complaints after it
 * taken out. With nothing taken out a `fell` is false, or a true fall that nobody told of.
 */
export function placeboFixes(folder: string): PlaceboScore[] | undefined {
  const apps = complaintsOf(folder);
  if (apps === undefined) return undefined;
  const random = lehmer(20_261);
  const scores = SHARES.map((removed) => ({
    removed,
    judged: 0,
    verdicts: { fell: 0, held: 0, moved: 0, too_early: 0, came_back: 0 },
  }));
  for (const of of apps)
    for (let at = of.since + 84 * DAY_MS; at + AFTER_DAYS * DAY_MS <= of.until; at += STEP_DAYS * DAY_MS)
      for (const topic of of.byTopic.keys()) {
        if (topic === "other") continue;
        const asOf = at + AFTER_DAYS * DAY_MS;
        const fix = { id: "placebo", at };
        const untouched = judgeTopic(of, topic, fix, asOf);
        for (const score of scores) {
          const { removed } = score;
          const keep = (mention: FixMention) =>
            removed === 0 || (mention.at ?? 0) < at || (typeof removed === "number" && random() >= removed);
          const { verdict } =
            removed === 0 ? untouched : judgeTopic(of, topic, fix, asOf, keep, removed === "down");
          score.judged++;
          score.verdicts[verdict]++;
        }
      }
  return scores;
}

/** {@link placeboFixes} as Markdown. */
export function placeboTable(scores: readonly PlaceboScore[]): string {
  const rows = scores.map(({ removed, judged, verdicts }) => [
    removed === "down" ? "all, source down" : `${100 * removed} %`,
    String(judged),
    ...FIX_VERDICTS.map((verdict) => String(verdicts[verdict])),
  ]);
  return table(["taken out", "judged", ...FIX_VERDICTS], rows);
}

function judgeTopic(
  { byTopic, since }: AppComplaints,
  topic: string,
  fix: Fix,
  asOf: number,
  keep: (mention: FixMention) => boolean = () => true,
  isDown = false,
): FixJudgement {
  const heard = (mention: FixMention) => !isDown || (mention.at ?? 0) < fix.at;
  return judgeFix({
    fix,
    mentions: (byTopic.get(topic) ?? []).filter(keep),
    others: [...byTopic]
      .filter(([other]) => other !== topic)
      .map(([issue, mentions]) => ({ issue, mentions: mentions.filter(heard) })),
    asOf,
    since,
    notHeard: isDown ? [{ from: fix.at, to: asOf }] : [],
  });
}

const ANYBODY = 5;

function complaintsOf(folder: string): AppComplaints[] | undefined {
  const fintech = readSet(folder, "fintech_apps");
  const video = readSet(folder, "youtube_reviews");
  if (fintech === undefined || video === undefined) return undefined;
  const counts = new Map<unknown, number>();
  for (const { author } of fintech) counts.set(author, (counts.get(author) ?? 0) + 1);
  const read = (row: Row, text: string, date: string, stars: string, voice: string): Read => ({
    text,
    stars: Number(row[stars]),
    mention: {
      id: String(row["id"]),
      at: Date.parse(date),
      channel: "store",
      voice,
      ...(typeof row["version"] === "string" ? { version: row["version"] } : {}),
    },
  });
  const byApp = new Map<string, Read[]>();
  for (const row of fintech) {
    const app = String(row["app"]);
    // a name that many share is nobody's
    const isShared = (counts.get(row["author"]) ?? 0) > ANYBODY;
    const voice = isShared ? String(row["id"]) : String(row["author"]);
    const at = `${String(row["at"]).replace(" ", "T")}Z`;
    const rows = byApp.get(app) ?? [];
    byApp.set(app, rows);
    rows.push(read(row, String(row["text"]), at, "score", voice));
  }
  const reviews = video.map((row) =>
    read(
      row,
      `${String(row["title"])} ${String(row["text"])}`,
      `${String(row["date"])}T12:00:00Z`,
      "rating",
      String(row["id"]),
    ),
  );
  return [
    ...[...byApp].map(([app, rows]) => byTopics(app, rows, FINTECH_TOPICS)),
    byTopics("youtube", reviews, VIDEO_TOPICS),
  ];
}

interface Read {
  readonly text: string;
  readonly stars: number;
  readonly mention: FixMention;
}

function byTopics(
  app: string,
  rows: readonly Read[],
  topics: Readonly<Record<string, RegExp>>,
): AppComplaints {
  const byTopic = new Map<string, FixMention[]>();
  const times = rows.flatMap(({ mention }) => mention.at ?? []);
  for (const { text, stars, mention } of rows) {
    if (stars > 3) continue;
    const topic = Object.entries(topics).find(([, words]) => words.test(text))?.[0] ?? "other";
    const known = byTopic.get(topic);
    if (known === undefined) byTopic.set(topic, [mention]);
    else known.push(mention);
  }
  return { app, since: Math.min(...times), until: Math.max(...times), byTopic };
}
