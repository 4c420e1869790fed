import type { ChangeRequest } from "../../schemas/change.ts";
import type { WrittenExposure } from "../../schemas/written-exposure.ts";
import { idOf } from "./items.ts";
import { Random } from "./random.ts";
import { tellStory, type StoryOptions } from "./story.ts";
import { WEEKDAYS } from "./themes.ts";
import {
  DAY_MS,
  instant,
  newestVersion,
  STORY_DAYS,
  TURNING_POINTS as T,
  type Calendar,
  type Platform,
  type TrackerId,
} from "./world.ts";

/** A change of the story: on a story day, at an hour UTC. */
interface Deed extends Pick<ChangeRequest, "kind" | "title"> {
  readonly name: string;
  readonly day: number;
  readonly hour: number;
  /** Hours it lasted. */
  readonly lastsHours?: number;
  readonly tracker?: TrackerId;
  readonly version?: string;
  readonly description?: string;
  /** What it was meant to mend: the theme people complain of. */
  readonly mends?: string;
}

/** What Lumbert did, and what happened to Trundlow, oldest first; what is older than the story shows how rare changes are. */
const DEEDS: readonly Deed[] = [
  { name: "service-fee", kind: "price", title: "Service fee 2.49 instead of 1.99", day: -75, hour: 6 },
  { name: "release-5.1.2", kind: "release", title: "Lumbert app 5.1.2", day: -62, hour: 9, version: "5.1.2" },
  { name: "release-5.1.3", kind: "release", title: "Lumbert app 5.1.3", day: -27, hour: 9, version: "5.1.3" },
  {
    name: "release-5.2.0",
    kind: "release",
    title: "Lumbert app 5.2.0: faster search, fresh checkout, shared lists",
    day: T.release52,
    hour: 8,
    version: newestVersion(T.release52),
  },
  {
    name: "evening-drivers",
    kind: "fix",
    title: "60 more drivers after 19:00",
    day: T.lateEveningsFixed,
    hour: 10,
    mends: "late_evening",
  },
  {
    name: "release-5.2.1",
    kind: "release",
    title: "Lumbert app 5.2.1: mends the crash at checkout",
    day: T.release521,
    hour: 11,
    version: newestVersion(T.release521),
    mends: "checkout_crash",
  },
  {
    name: "double-charges",
    kind: "fix",
    title: "Double charges: orders are checked before the card is charged",
    day: T.doubleChargesAnnouncedFixed,
    hour: 14,
    mends: "double_charge",
  },
  {
    name: "drivers-back",
    kind: "policy",
    title: "The 60 evening drivers go back to parcels",
    description: "The contracts of the extra drivers after 19:00 ended.",
    day: T.lateEveningsBack - 1,
    hour: 18,
  },
  {
    name: "trundlow-down",
    kind: "outage",
    title: "Trundlow is down",
    tracker: "trundlow",
    day: T.rivalOutage,
    hour: 7,
    lastsHours: 14,
  },
  {
    name: "picnic",
    kind: "campaign",
    title: "Picnic season: 200 things under 3 pounds",
    day: 36,
    hour: 9,
    lastsHours: 24 * 7 - 9,
  },
];

/** Where customers turn to us: these complaints are what a team has on its list when it mends something. */
const ON_OUR_LIST: readonly Platform[] = ["zendesk", "app_store", "google_play"];

/** What we did that customers could notice, oldest first; what is told as a remedy names the complaints it was meant for. */
export function tellDeeds(options: StoryOptions): ChangeRequest[] {
  const calendar: Calendar = { endsAtMs: Date.parse(options.endsAt) };
  const complaints = tellStory(options).flatMap((item) =>
    item.type === "mention" &&
    item.mention.revision === 0 &&
    ON_OUR_LIST.includes(item.mention.platform as Platform)
      ? [{ id: idOf(item.mention), theme: item.theme, at: item.at }]
      : [],
  );
  return DEEDS.map(({ name, day, hour, lastsHours, mends, ...said }) => {
    const at = new Date(instant(calendar, day, hour)).toISOString();
    const end = lastsHours === undefined ? undefined : new Date(instant(calendar, day, hour + lastsHours));
    return {
      tracker: "lumbert",
      description: "",
      version: "",
      ...said,
      id: `demo:${name}`,
      at,
      ...(end === undefined ? {} : { endsAt: end.toISOString() }),
      url: "",
      platform: "",
      country: "",
      product: "",
      fixes: complaints.flatMap((each) => (each.theme === mends && each.at < at ? [each.id] : [])),
    };
  });
}

/** Orders of an ordinary weekday, and the days of them that are told: some before the story, too. */
const ORDERS = 9_200;
const ORDER_DAYS = 70;
/** So much fewer while the app crashes at checkout. */
const LOST = 0.12;

/** How many orders Lumbert had each day, up to the last whole day before the end. */
export function tellOrders({ seed, endsAt, scale }: StoryOptions): WrittenExposure[] {
  const lastDayMs = Math.floor(Date.parse(endsAt) / DAY_MS) * DAY_MS - DAY_MS;
  return Array.from({ length: ORDER_DAYS }, (_, index): WrittenExposure => {
    const storyDay = STORY_DAYS - ORDER_DAYS + 1 + index;
    const dayMs = lastDayMs - (ORDER_DAYS - 1 - index) * DAY_MS;
    const isCrashing = storyDay >= T.release52 && storyDay < T.release521;
    const usual = ORDERS * scale * (WEEKDAYS[new Date(dayMs).getUTCDay()] ?? 1) * (isCrashing ? 1 - LOST : 1);
    const chance = 1 + 0.03 * new Random(seed, "orders", storyDay).normal();
    const day = new Date(dayMs).toISOString().slice(0, 10);
    return { tracker: "lumbert", measure: "orders", version: "", day, count: Math.round(usual * chance) };
  });
}
