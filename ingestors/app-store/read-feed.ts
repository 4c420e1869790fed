import { z } from "zod";
import type { RereadRun } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { ask } from "../ask.ts";
import { pacer } from "../pacer.ts";
import type { ListEntry, ListPage } from "../poll-lists.ts";
import { baseOf, type AppStoreConfig } from "./config.ts";

/** The feed shows so many pages of 50 reviews, and no more. */
const PAGES = 10;
/** Reviews of a full page. */
export const PAGE_SIZE = 50;

const Feed = z.looseObject({
  feed: z.looseObject({
    entry: z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]).optional(),
  }),
});

/** What the cursor is made of, as far as it is there. */
const Label = z.looseObject({ label: z.string() });
const Entry = z.looseObject({ id: Label, updated: Label });
const Votes = z.looseObject({ "im:voteSum": Label, "im:voteCount": Label });

/**
 * Reads the newest reviews of one country page by page, as the public feed shows them.
 *
 * One form of the feed's address is empty at times while another is not, so an empty first page is asked for once more
 * in the other form, which is kept to when it has reviews.
 */
export function openFeed(run: RereadRun<AppStoreConfig>): (country: string) => AsyncGenerator<ListPage> {
  const { config } = run;
  const pace = pacer(config.pauseMs, run.signal);

  async function pageOf(country: string, page: number, form: AddressForm): Promise<ListEntry[]> {
    await pace();
    const platform = `The App Store of ${country}`;
    const answer = await ask(
      {
        platform,
        url: new URL(
          baseOf(config.endpoint ?? "https://itunes.apple.com") + form(config.appId, country, page),
        ),
        headers: { accept: "*/*" },
        whenRefused:
          "it may not like this network address; poll it less often, or set issuerId, keyId and privateKey of this source",
      },
      run,
    );
    const { success, data } = Feed.safeParse(answer.json());
    if (!success) {
      throw new EarshotError(
        "source_changed",
        `${platform} answered with something that is no feed of reviews.`,
      );
    }
    const { entry = [] } = data.feed;
    // a single review comes without its list
    const entries = Array.isArray(entry) ? entry : [entry];
    return entries
      .filter((review) => !isTheApp(review))
      .map((review) => entryOf(config.appId, country, review));
  }

  return async function* readFeed(country) {
    let form = NUMBERED;
    let entries = await pageOf(country, 1, form);
    let doubt: string | undefined;
    if (entries.length === 0) {
      form = PLAIN;
      entries = await pageOf(country, 1, form);
      if (entries.length > 0) {
        doubt = `The App Store showed no reviews of ${country} at one address of its feed, and some at another`;
      }
    }
    for (let page = 1; page <= PAGES && entries.length > 0;) {
      yield {
        entries,
        ...(page === PAGES
          ? { limit: `The App Store shows the newest ${PAGES * PAGE_SIZE} reviews only` }
          : {}),
        ...(doubt === undefined ? {} : { doubt }),
      };
      if (++page <= PAGES) entries = await pageOf(country, page, form);
    }
  };
}

type AddressForm = (app: string, country: string, page: number) => string;

const NUMBERED: AddressForm = (app, country, page) =>
  `/${country}/rss/customerreviews/page=${page}/id=${app}/sortby=mostrecent/json`;

const PLAIN: AddressForm = (app, country, page) =>
  `/${country}/rss/customerreviews/id=${app}/sortBy=mostRecent/${page === 1 ? "" : `page=${page}/`}json`;

/** Some feeds begin with the app itself. */
function isTheApp(entry: unknown): boolean {
  return typeof entry === "object" && entry !== null && "im:name" in entry && !("im:rating" in entry);
}

function entryOf(app: string, country: string, review: unknown): ListEntry {
  const items = [{ app, country, review }];
  const entry = Entry.safeParse(review).data;
  const at = Date.parse(entry?.updated.label ?? "");
  const votes = Votes.safeParse(review).data;
  return {
    items,
    ...(entry === undefined ? {} : { id: entry.id.label }),
    ...(Number.isNaN(at) ? {} : { at }),
    counters: `${votes?.["im:voteSum"].label}/${votes?.["im:voteCount"].label}`,
  };
}
