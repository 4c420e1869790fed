import http from "node:http";
import https from "node:https";
import type { RereadRun } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { unlessAborted } from "../../core/unless-aborted.ts";
import { cutText } from "../../core/mention.ts";
import { pacer } from "../pacer.ts";
import type { ListEntry, ListPage } from "../poll-lists.ts";
import { retryAfter } from "../rate-limit.ts";
import type { GooglePlayConfig } from "./config.ts";

/** What is used of the library, options it passes on but does not declare included. */
interface Scraper {
  reviews(options: {
    readonly appId: string;
    readonly lang: string;
    readonly country: string;
    readonly sort: number;
    readonly num: number;
    readonly paginate: true;
    readonly nextPaginationToken?: string;
    readonly requestOptions: object;
  }): Promise<{ readonly data: readonly ScrapedReview[]; readonly nextPaginationToken?: string | null }>;
  readonly sort: { readonly NEWEST: number };
}

/** Anything may be absent: the page is not made for us. */
interface ScrapedReview {
  readonly id?: string;
  readonly userName?: string;
  readonly date?: string | null;
  readonly score?: number;
  readonly text?: string | null;
  readonly replyDate?: string | null;
  readonly replyText?: string | null;
  readonly version?: string | null;
  readonly thumbsUp?: number;
}

/** Reviews of a full page. */
export const PAGE_SIZE = 150;
const TIMEOUT_MS = 30_000;
/** Google names no time when it blocks. */
const BLOCKED_MS = 60 * 60 * 1000;

/**
 * Reads the newest reviews of one language and country from Google Play's public pages, page by page.
 *
 * Whoever is blocked is shown empty pages. So when there is nothing, another app that always has reviews is asked for:
 * with nothing there either, the answer means nothing.
 * @see https://github.com/facundoolano/google-play-scraper
 */
export function openScraper(run: RereadRun<GooglePlayConfig>): (locale: string) => AsyncGenerator<ListPage> {
  const { config, signal, budget, context } = run;
  const pace = pacer(config.pauseMs, signal);

  async function ask(appId: string, locale: string, token?: string) {
    await pace();
    signal.throwIfAborted();
    budget.allow({ requests: 1 });
    const agents = { http: new http.Agent(), https: new https.Agent() };
    let retryAt: Date | undefined;
    const onResponse = (response: http.IncomingMessage) => {
      const after = response.headers["retry-after"];
      if (after !== undefined) retryAt = retryAfter(new Headers({ "retry-after": after }), context.now());
      return response;
    };
    const [lang = "", country = ""] = locale.split("-");
    try {
      const scraper = (await import("google-play-scraper")).default as unknown as Scraper;
      const asked = scraper.reviews({
        appId,
        lang,
        country: country.toLowerCase(),
        sort: scraper.sort.NEWEST,
        num: PAGE_SIZE,
        paginate: true,
        ...(token === undefined ? {} : { nextPaginationToken: token }),
        requestOptions: {
          ...(config.endpoint === undefined ? {} : { url: addressOf(config.endpoint, lang, country) }),
          agent: agents,
          timeout: TIMEOUT_MS,
          retry: 0,
          hooks: { afterResponse: [onResponse] },
        },
      });
      const { data, nextPaginationToken } = await unlessAborted(asked, signal);
      if (data.length > 0 && data.every(({ id, date }) => !id || !date)) throw notUnderstood();
      return { reviews: data, next: nextPaginationToken ?? undefined };
    } catch (error) {
      signal.throwIfAborted();
      throw translated(error, (retryAt?.getTime() ?? NaN) - context.now().getTime());
    } finally {
      // the library takes no signal: without its sockets a request that was given up ends at once
      agents.http.destroy();
      agents.https.destroy();
      budget.spend({ requests: 1 });
    }
  }

  async function assertNotBlocked(locale: string): Promise<void> {
    const { reviews } = await ask(config.canaryAppId, locale);
    if (reviews.length > 0) return;
    throw new EarshotError(
      "source_changed",
      `Google Play shows no reviews to us, not even of ${config.canaryAppId}: it blocks us or has changed its pages; ` +
        "poll it less often, or set serviceAccount of this source.",
    );
  }

  return async function* scrapeReviews(locale) {
    let token: string | undefined;
    for (let page = 1; page <= config.maxPages; page++) {
      const { reviews, next } = await ask(config.appId, locale, token);
      if (reviews.length === 0) {
        await assertNotBlocked(locale);
        if (page > 1) yield { entries: [], limit: `Google Play broke off the reviews of ${locale}` };
        return;
      }
      const isLimited = page === config.maxPages && next !== undefined;
      yield {
        entries: reviews.map((review) => entryOf(config.appId, locale, review)),
        ...(isLimited
          ? { limit: `Only ${config.maxPages} pages of ${locale} are read at a time (maxPages)` }
          : {}),
      };
      if (next === undefined) return;
      token = next;
    }
  };
}

function addressOf(endpoint: string, language: string, country: string): string {
  const url = new URL(`${endpoint.replace(/\/+$/, "")}/_/PlayStoreUi/data/batchexecute`);
  url.search = new URLSearchParams({ hl: language, gl: country.toLowerCase() }).toString();
  return url.href;
}

function notUnderstood(options: { readonly cause?: unknown } = {}): EarshotError {
  return new EarshotError(
    "source_changed",
    "Google Play answered with something that is no list of reviews: it blocks us or has changed its pages; " +
      "poll it less often, or set serviceAccount of this source.",
    options,
  );
}

/** The library's errors: of a request they carry its status, of an answer it does not understand they do not. */
function translated(error: unknown, waitMs: number): EarshotError {
  if (error instanceof EarshotError) return error;
  const options = { cause: error };
  if (!(error instanceof Error) || !("status" in error)) {
    return notUnderstood(options);
  }
  const { status } = error;
  if (status === 429) {
    const retryAfterMs = Number.isNaN(waitMs) ? BLOCKED_MS : Math.max(0, waitMs);
    return new EarshotError(
      "source_rate_limited",
      "Google Play is asked too often (429); poll it less often.",
      { ...options, retryAfterMs },
    );
  }
  if (status === 401 || status === 403) {
    return new EarshotError(
      "source_unauthorized",
      `Google Play refused us (${status}); poll it less often, or set serviceAccount of this source.`,
      options,
    );
  }
  if (typeof status === "number" && status >= 300 && status < 500 && status !== 404 && status !== 408) {
    return new EarshotError(
      "source_changed",
      `Google Play answered ${status}; its pages may have changed.`,
      options,
    );
  }
  const why = typeof status === "number" ? String(status) : cutText(error.message, 200);
  return new EarshotError(
    "source_unavailable",
    `Google Play did not answer (${why}); it will be asked again.`,
    options,
  );
}

function entryOf(app: string, locale: string, review: ScrapedReview): ListEntry {
  const { id, userName, date, score, text, version, thumbsUp, replyDate, replyText } = review;
  const at = Date.parse(date ?? "");
  const answered = replyText
    ? [{ app, locale, answers: id, reply: { text: replyText, date: replyDate } }]
    : [];
  return {
    items: [{ app, locale, review: { id, userName, date, score, text, version, thumbsUp } }, ...answered],
    id,
    ...(Number.isNaN(at) ? {} : { at }),
    counters: `${thumbsUp}/${replyDate}/${replyText}`,
  };
}
