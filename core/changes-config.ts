import { z } from "zod";
import { CHANGE_KINDS } from "../schemas/change.ts";
import { Slug } from "../schemas/primitives.ts";
import { WrittenChange } from "../schemas/written-change.ts";

/** Where changes are told that no feed tells, so that no feed may be called so. */
const OTHER_ORIGINS = ["cli", "api", "config", "demo"];

/** A feed whose entries are changes. */
const ChangeFeed = z.strictObject({
  id: Slug.refine(
    (id) => !OTHER_ORIGINS.includes(id),
    `must not be one of ${OTHER_ORIGINS.join(", ")}`,
  ).describe("Name of this feed: where its changes were told."),
  url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Address of the feed (RSS or Atom): release notes, a status page, a price list."),
  github: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,100}\/[A-Za-z0-9_.-]{1,100}$/, "must be OWNER/REPO")
    .optional()
    .describe("Instead of url, a public repository on GitHub whose releases are changes: acme/app."),
  endpoint: z
    .url({ protocol: /^https?$/ })
    .default("https://github.com")
    .describe("Address of GitHub; another one for GitHub Enterprise."),
  kind: z.enum(CHANGE_KINDS).default("release").describe("What its entries are."),
  tracker: Slug.optional().describe("Whom its entries concern. Absent: every tracker."),
  platform: z.string().max(100).default("").describe("Where customers notice it: ios, android, web."),
  country: z.string().max(100).default("").describe("Where it holds, if not everywhere."),
  product: z.string().max(200).default("").describe("Which product it concerns."),
  pollEveryMinutes: z
    .int()
    .min(1)
    .max(7 * 24 * 60)
    .default(60)
    .describe("How often it is asked; less often where its publisher says so."),
  allowPrivateHosts: z.boolean().default(false).describe("Allow a feed on your own network."),
});
export type ChangeFeed = z.infer<typeof ChangeFeed>;

/** The part `changes` of the config. */
export const ChangesConfig = z.strictObject({
  feeds: z.array(ChangeFeed).max(100).default([]).describe("Feeds that tell of changes."),
  list: z
    .array(WrittenChange)
    .max(1_000)
    .default([])
    .describe("Changes; one that is taken out of the list is taken back."),
});
export type ChangesConfig = z.infer<typeof ChangesConfig>;

interface Fault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What is wrong with the changes of a config that no key shows by itself, each with its path in them. */
export function changeFaults(
  { feeds, list }: ChangesConfig,
  trackers: ReadonlySet<string>,
): readonly Fault[] {
  const named = [
    ...feeds.map((feed, index) => ({ path: ["feeds", index], id: feed.id, tracker: feed.tracker })),
    ...list.map((change, index) => ({ path: ["list", index], id: change.id, tracker: change.tracker })),
  ];
  const faults: Fault[] = [];
  const met = new Set<string>();
  for (const { path, id, tracker = "" } of named) {
    const key = `${String(path[0])} ${id ?? ""}`;
    if (id !== undefined && met.has(key))
      faults.push({ path: [...path, "id"], message: `${id} is used twice` });
    met.add(key);
    if (tracker !== "" && !trackers.has(tracker)) {
      faults.push({ path: [...path, "tracker"], message: `no tracker ${tracker} under trackers:` });
    }
  }
  feeds.forEach(({ url, github }, index) => {
    if ((url === undefined) !== (github === undefined)) return;
    faults.push({ path: ["feeds", index], message: "needs url or github, one of the two" });
  });
  return faults;
}
