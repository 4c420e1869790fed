import type { Mention, MentionDeletion, MentionEvent } from "../../schemas/mention.ts";
import { seeded } from "./random.ts";

/** An entry of a feed as it is now; `updatedAt` is later than `publishedAt` once it was edited. */
export interface FeedEntry {
  readonly feed: number;
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly publishedAt: string;
  readonly updatedAt: string;
}

/** Ways for a message to be unreadable. */
export const POISON_KINDS = ["no JSON", "newer version", "wrong key", "no mention", "empty"] as const;

/** A message nobody can read. */
export interface PoisonMessage {
  /** Unique, and part of the message where it has a value. */
  readonly name: string;
  readonly kind: (typeof POISON_KINDS)[number];
  readonly topic: "mentions" | "mentions.enriched";
}

/** One thing that happens: something another team publishes, a feed says, or somebody gets wrong. */
export type Step =
  | { readonly to: "topic"; readonly event: MentionEvent }
  | { readonly to: "feed"; readonly entry: FeedEntry }
  | { readonly to: "poison"; readonly message: PoisonMessage };

export interface InputOptions {
  readonly seed: number;
  /** Distinct mentions; duplicates, edits, new counters and deletions come on top. */
  readonly mentions: number;
  readonly feeds: number;
  readonly poison: number;
}

export interface Input {
  readonly steps: Iterator<Step, void>;
  /** Share of the mentions that were made, 0..1. */
  progress(): number;
}

/** Every tenth mention is an entry of a feed. */
const FEED_SHARE = 0.1;

/** How many mentions stay within reach of what may happen to them later. */
const REMEMBERED = 5_000;

/** Something that comes late is late by so many mentions at most. */
const MAX_DELAY = 2_000;

const START = Date.UTC(2025, 2, 1);
/** Well above any revision a feed's times give. */
const FIRST_REVISION = Date.UTC(2025, 8, 1);

const SENTENCES = [
  "The parcel never arrived and nobody answers my mails.",
  "Great service, thank you, it came a day early!",
  "Ordered on Monday, still waiting 😡 this is the third time.",
  "The app crashes whenever I open the tracking page.",
  "Größe passt, Lieferung war schnell, gerne wieder.",
  "Delivery window was between 9 and 12.",
  "Why was I charged twice? Refund it please.",
  "El paquete llegó roto y no me devuelven el dinero.",
  "Friendly driver, left it with the neighbour as asked.",
  "They said it was delivered but it was not <at all> & I want my money back.",
] as const;

const TRACKERS = ["acme", "birch", "cedar", "dune", "ember", "fjord", "grove"] as const;

/** The ids of all trackers events name. */
export const TRACKER_IDS: readonly string[] = TRACKERS;

/** The trackers of a feed: one, none, or two. */
export function trackersOfFeed(feed: number): readonly string[] {
  const [first = "acme", second = "birch"] = [TRACKERS[feed % 7], TRACKERS[(feed + 3) % 7]];
  if (feed % 4 === 2) return [];
  return feed % 4 === 3 ? [first, second] : [first];
}

/** The mention an entry of a feed becomes. */
export function mentionIdOf(entry: Pick<FeedEntry, "id">): string {
  return `news:${entry.id}`;
}

/** A mention another team published, as it is known: its first wording and its latest. */
interface Known {
  readonly first: Mention;
  readonly last: Mention;
  /** How many observations from before `last` were told after it. */
  readonly late: number;
}

/** Makes everything that happens in a trial, the same for the same options. Times are long past and never repeat. */
export function openInput({ seed, mentions, feeds, poison }: InputOptions): Input {
  const random = seeded(seed);
  const known: Known[] = [];
  const entries: FeedEntry[] = [];
  const late = new Map<number, MentionEvent[]>();
  let made = 0;
  let moments = 0;
  let revisions = 0;

  const soon = () => new Date(START + 10 * ++moments).toISOString();
  const words = () => `${random.pick(SENTENCES)} ${random.pick(SENTENCES)} (${++revisions})`;
  const remember = <T>(list: T[], item: T) => {
    if (list.length < REMEMBERED) list.push(item);
    else list[random.below(REMEMBERED)] = item;
  };
  const published = (event: MentionEvent): Step => ({ to: "topic", event });
  const upsert = (mention: Mention): Step => published({ type: "upsert", mention });
  const sendLate = (event: MentionEvent) => {
    const due = Math.min(mentions, made + 1 + random.below(MAX_DELAY));
    late.set(due, [...(late.get(due) ?? []), event]);
  };
  const deletion = (id: string): MentionDeletion => ({
    type: "delete",
    id,
    source: "other-team",
    trackers: random.chance(0.5) ? [random.pick(TRACKERS)] : [],
    reason: "taken down by its author",
    observedAt: soon(),
  });
  const trackers = () => {
    const count = random.pick([0, 1, 1, 1, 1, 2, 2, 3]);
    return [...new Set(Array.from({ length: count }, () => random.pick(TRACKERS)))];
  };

  function aMention(): Mention {
    const nativeId = String(made);
    return {
      id: `forum:${nativeId}`,
      platform: "forum",
      source: "other-team",
      nativeId,
      revision: random.chance(0.3) ? FIRST_REVISION + ++revisions : 0,
      kind: "post",
      trackers: trackers(),
      authorId: `u${random.below(5_000)}`,
      authorName: "",
      authorHandle: "",
      authorFollowers: null,
      text: words(),
      title: "",
      url: `https://forum.example/posts/${nativeId}`,
      parentId: "",
      threadId: "",
      amplifiesId: "",
      inReplyToUs: false,
      byUs: false,
      rating: null,
      ratingMax: null,
      product: "",
      version: "",
      country: "",
      languageHint: "",
      publishedAt: soon(),
      observedAt: soon(),
      engagement: { likes: random.below(100), replies: null, shares: null, views: null },
      rawHash: `hash-${revisions}`,
    };
  }

  function* newMention(): Generator<Step> {
    const mention = aMention();
    if (random.chance(0.01)) {
      yield published(deletion(mention.id));
      sendLate({ type: "upsert", mention });
      return;
    }
    yield upsert(mention);
    remember(known, { first: mention, last: mention, late: 0 });
  }

  function* newEntry(): Generator<Step> {
    const feed = random.below(feeds);
    const publishedAt = soon();
    const id = `urn:trial:${feed}:${made}`;
    const entry = { feed, id, title: `Story ${made}`, text: words(), publishedAt, updatedAt: publishedAt };
    if (random.chance(0.02)) yield published(deletion(mentionIdOf(entry)));
    yield { to: "feed", entry };
    remember(entries, entry);
  }

  /** What may become of a mention, and how often, by mention made. */
  const happenings: readonly (readonly [share: number, happen: (at: number, found: Known) => Step])[] = [
    [0.08, (_at, { last }) => upsert(last)],
    [
      0.1,
      (at, found) => {
        const revision = FIRST_REVISION + ++revisions;
        const last = {
          ...found.last,
          revision,
          text: words(),
          trackers: random.chance(0.3) ? trackers() : found.last.trackers,
          observedAt: soon(),
          rawHash: `hash-${revision}`,
        };
        known[at] = { ...found, last, late: 0 };
        return upsert(last);
      },
    ],
    [
      0.1,
      (at, found) => {
        const likes = (found.last.engagement.likes ?? 0) + 1 + random.below(50);
        const last = {
          ...found.last,
          observedAt: soon(),
          engagement: { ...found.last.engagement, likes },
        };
        known[at] = { ...found, last, late: 0 };
        return upsert(last);
      },
    ],
    // told late: an older revision read again just now, or an older observation of the same revision
    [
      0.05,
      (_at, { first, last }) =>
        upsert(first.revision === last.revision ? last : { ...first, observedAt: soon() }),
    ],
    [
      0.03,
      (at, found) => {
        if (found.late >= 9) return upsert(found.last);
        known[at] = { ...found, late: found.late + 1 };
        const observedAt = new Date(Date.parse(found.last.observedAt) - found.late - 1).toISOString();
        const engagement = { ...found.last.engagement, likes: 1_000 + found.late };
        return upsert({ ...found.last, observedAt, engagement });
      },
    ],
    [
      0.03,
      (at, { last }) => {
        known.splice(at, 1);
        const isMetAgain = random.chance(0.5);
        const mention = { ...last, revision: FIRST_REVISION + ++revisions, observedAt: soon() };
        if (isMetAgain) sendLate({ type: "upsert", mention });
        return published(deletion(last.id));
      },
    ],
  ];

  function* becomings(): Generator<Step> {
    for (const [share, happen] of happenings) {
      if (!random.chance(share) || known.length === 0) continue;
      const at = random.below(known.length);
      const found = known[at];
      if (found !== undefined) yield happen(at, found);
    }
    if (random.chance(0.03) && entries.length > 0) {
      const at = random.below(entries.length);
      const entry = entries[at];
      if (entry === undefined) return;
      const edited = { ...entry, text: words(), updatedAt: soon() };
      entries[at] = edited;
      yield { to: "feed", entry: edited };
    }
    if (random.chance(0.002) && entries.length > 0)
      yield published(deletion(mentionIdOf(random.pick(entries))));
  }

  function* steps(): Generator<Step, void> {
    let planted = 0;
    for (made = 1; made <= mentions; made++) {
      yield* feeds > 0 && random.chance(FEED_SHARE) ? newEntry() : newMention();
      yield* becomings();
      for (const event of late.get(made) ?? []) yield published(event);
      late.delete(made);
      while (planted < poison && (planted + 0.5) / poison <= made / mentions) {
        const kind = POISON_KINDS[planted % POISON_KINDS.length] ?? "no JSON";
        const topic = planted % 4 === 3 ? "mentions.enriched" : "mentions";
        yield { to: "poison", message: { name: `poison-${++planted}`, kind, topic } };
      }
    }
  }

  return { steps: steps(), progress: () => Math.min(1, made / mentions) };
}
