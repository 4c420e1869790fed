import type { Phrases } from "./compose.ts";
import { CALM } from "./phrases/calm.ts";
import { RIVALS } from "./phrases/rivals.ts";
import { TROUBLE } from "./phrases/trouble.ts";
import { TURNING_POINTS as T, type Platform, type TrackerId } from "./world.ts";

/** One steady strand of the story: what is said, by how many a day, where, when and with which stars. */
export interface Theme {
  readonly name: string;
  readonly phrases: Phrases;
  /** Who is meant; `rival` themes name their competitor here. */
  readonly tracker: TrackerId;
  /** Whether a competitor is named as well and tracked with it. */
  readonly namesRival?: boolean;
  /** Expected mentions on a story day at scale 1, before the rhythm of the week. */
  readonly perDay: (day: number) => number;
  /** Counts keep to `perDay` instead of scattering around it: for a slope too gentle to survive chance. */
  readonly isSteady?: boolean;
  /** The story day from which people also say what `afterwards` holds. */
  readonly turnsOn?: number;
  readonly platforms: Readonly<Partial<Record<Platform, number>>>;
  /** Weights of 1 to 5 stars. */
  readonly stars: readonly [number, number, number, number, number];
  readonly hours: keyof typeof HOURS;
  /** How many in a hundred write German, Spanish or French. */
  readonly foreignPercent: number;
  /** How likely our care team answers, 0..1. */
  readonly answered: number;
}

/** Weights of the 24 hours, UTC. */
export const HOURS = {
  day: [2, 1, 0.6, 0.4, 0.5, 1, 3, 6, 8, 8, 7, 7, 8, 7, 6, 6, 7, 9, 11, 12, 11, 9, 6, 4],
  evening: [
    2, 0.6, 0.2, 0.1, 0.1, 0.2, 0.6, 1, 1, 1, 0.7, 0.6, 0.6, 0.5, 0.5, 0.6, 0.8, 1.5, 3, 7, 14, 19, 17, 9,
  ],
  office: [0.3, 0.2, 0.1, 0.1, 0.2, 0.6, 2, 6, 10, 11, 11, 9, 8, 9, 9, 8, 7, 5, 3, 2, 2, 1.5, 1, 0.6],
} as const satisfies Record<string, readonly number[]>;

/** How busy each weekday is, Sunday first. */
export const WEEKDAYS = [1.18, 1.0, 0.86, 0.88, 0.94, 1.08, 1.2] as const;

/** Reads a value off a table that starts on `first`; before it `before`, after its end `after`. */
function profile(
  day: number,
  first: number,
  values: readonly number[],
  before: number,
  after: number,
): number {
  if (day < first) return before;
  return values[day - first] ?? after;
}

const CRASHES = [26, 70, 66, 58, 54, 50, 46, 44, 40, 17, 7, 4, 2.4, 1.6, 1.2];
const DOUBLE_CHARGES = [2, 4, 6, 8, 9, 9, 9, 9, 7, 7];

function lateEvenings(day: number): number {
  if (day < T.lateEveningsFixed) return 7;
  if (day === T.lateEveningsFixed) return 2;
  if (day < T.lateEveningsBack) return 0;
  return day === T.lateEveningsBack ? 4 : 8.5;
}

const OURS = { tracker: "lumbert", hours: "day", foreignPercent: 12 } as const;
const ANGRY_STARS = [70, 22, 6, 2, 0] as const;
const PUBLIC = {
  x: 38,
  reddit: 12,
  app_store: 10,
  google_play: 12,
  trustpilot: 10,
  zendesk: 12,
  survey: 8,
} as const;
const STORES = {
  x: 22,
  reddit: 8,
  app_store: 26,
  google_play: 30,
  trustpilot: 4,
  zendesk: 6,
  survey: 4,
} as const;

const OURS_THEMES: readonly Theme[] = [
  {
    ...OURS,
    name: "checkout_crash",
    phrases: TROUBLE.checkout_crash,
    perDay: (day) => profile(day, T.release52, CRASHES, 0.2, 0.5),
    platforms: STORES,
    stars: [80, 16, 4, 0, 0],
    answered: 0.21,
  },
  {
    ...OURS,
    name: "double_charge",
    phrases: TROUBLE.double_charge,
    turnsOn: T.doubleChargesAnnouncedFixed + 1,
    perDay: (day) => profile(day, T.doubleChargesStart, DOUBLE_CHARGES, 0.15, 9.5),
    platforms: { ...PUBLIC, zendesk: 28 },
    stars: [82, 14, 4, 0, 0],
    answered: 0.27,
  },
  {
    ...OURS,
    name: "late_evening",
    phrases: TROUBLE.late_evening,
    perDay: lateEvenings,
    turnsOn: T.lateEveningsBack,
    platforms: { ...PUBLIC, x: 50 },
    stars: [45, 40, 13, 2, 0],
    hours: "evening",
    answered: 0.23,
  },
  {
    ...OURS,
    name: "support_silent",
    isSteady: true,
    phrases: TROUBLE.support_silent,
    perDay: (day) => 1 + (3 * Math.min(Math.max(day - 1, 0), 41)) / 41,
    platforms: { x: 40, reddit: 14, trustpilot: 26, google_play: 10, survey: 10 },
    stars: ANGRY_STARS,
    answered: 0.04,
  },
  {
    ...OURS,
    name: "wrong_items",
    phrases: TROUBLE.wrong_items,
    perDay: () => 2.6,
    platforms: PUBLIC,
    stars: ANGRY_STARS,
    foreignPercent: 0,
    answered: 0.29,
  },
  {
    ...OURS,
    name: "thawed_food",
    phrases: TROUBLE.thawed_food,
    perDay: () => 1.3,
    platforms: PUBLIC,
    stars: ANGRY_STARS,
    foreignPercent: 0,
    answered: 0.29,
  },
  {
    ...OURS,
    name: "courier_manners",
    phrases: TROUBLE.courier_manners,
    perDay: () => 1.3,
    platforms: PUBLIC,
    stars: ANGRY_STARS,
    foreignPercent: 0,
    answered: 0.26,
  },
  {
    ...OURS,
    name: "price_grumble",
    phrases: TROUBLE.price_grumble,
    perDay: () => 2.2,
    platforms: PUBLIC,
    stars: [30, 40, 26, 4, 0],
    foreignPercent: 0,
    answered: 0.13,
  },
  {
    ...OURS,
    name: "praise",
    phrases: CALM.praise,
    perDay: () => 22,
    platforms: { x: 22, reddit: 6, app_store: 16, google_play: 20, trustpilot: 10, survey: 26 },
    stars: [0, 0, 3, 27, 70],
    answered: 0.05,
  },
  {
    ...OURS,
    name: "question",
    phrases: CALM.question,
    perDay: () => 11,
    platforms: { x: 44, reddit: 24, zendesk: 32 },
    stars: [0, 0, 1, 0, 0],
    hours: "office",
    answered: 0.33,
  },
  {
    ...OURS,
    name: "feature_request",
    phrases: CALM.feature_request,
    perDay: () => 5,
    platforms: { x: 24, reddit: 22, app_store: 18, google_play: 18, survey: 18 },
    stars: [0, 4, 30, 46, 20],
    foreignPercent: 0,
    answered: 0.08,
  },
  {
    ...OURS,
    name: "noise",
    phrases: CALM.noise,
    perDay: () => 11,
    platforms: { x: 84, reddit: 16 },
    stars: [0, 0, 1, 0, 0],
    foreignPercent: 0,
    answered: 0.01,
  },
  {
    ...OURS,
    name: "spam",
    phrases: CALM.spam,
    perDay: () => 4,
    platforms: { x: 80, reddit: 20 },
    stars: [0, 0, 0, 0, 1],
    foreignPercent: 0,
    answered: 0,
  },
  {
    ...OURS,
    name: "comparison",
    phrases: CALM.comparison,
    namesRival: true,
    perDay: () => 2.2,
    platforms: { x: 55, reddit: 45 },
    stars: [0, 0, 1, 0, 0],
    foreignPercent: 0,
    answered: 0.01,
  },
];

const RIVAL_PLATFORMS = { x: 52, reddit: 20, app_store: 8, google_play: 10, trustpilot: 10 } as const;

function rivalThemes(tracker: TrackerId, size: number): Theme[] {
  const shared = {
    tracker,
    hours: "day",
    foreignPercent: 0,
    answered: 0,
    platforms: RIVAL_PLATFORMS,
  } as const;
  return [
    {
      ...shared,
      name: "rival_praise",
      phrases: RIVALS.rival_praise,
      perDay: () => 6 * size,
      stars: [0, 0, 8, 42, 50],
    },
    {
      ...shared,
      name: "rival_complaint",
      phrases: RIVALS.rival_complaint,
      perDay: () => 3.2 * size,
      stars: [35, 40, 22, 3, 0],
    },
    {
      ...shared,
      name: "rival_question",
      phrases: RIVALS.rival_question,
      perDay: () => 1.6 * size,
      stars: [0, 0, 1, 0, 0],
      platforms: { x: 60, reddit: 40 },
    },
  ];
}

/** Every strand, ours first. What happens once (the cake, the tea set, the pesto) is told in events.ts. */
export const THEMES: readonly Theme[] = [
  ...OURS_THEMES,
  ...rivalThemes("trundlow", 1.15),
  ...rivalThemes("pakvorn", 0.85),
  {
    name: "rival_outage",
    phrases: RIVALS.rival_outage,
    tracker: "trundlow",
    perDay: (day) => profile(day, T.rivalOutage, [105, 8], 0, 0),
    platforms: { x: 72, reddit: 20, google_play: 8 },
    stars: [85, 12, 3, 0, 0],
    hours: "office",
    foreignPercent: 0,
    answered: 0,
  },
];
