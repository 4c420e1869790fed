import { z } from "zod";
import type { RereadRun } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { ask, type Answer, type Ask } from "../ask.ts";
import type { TrustpilotConfig } from "./config.ts";

/** Most reviews Trustpilot gives at once. */
const PER_PAGE = 100;

type Run = RereadRun<TrustpilotConfig>;

/**
 * The id of the company of a domain.
 * @throws {EarshotError} source_changed when Trustpilot does not know it; what {@link ask} throws
 * @see https://developers.trustpilot.com/business-units-api
 */
export async function findUnit(domain: string, run: Run): Promise<string> {
  const answer = await askTrustpilot("/v1/business-units/find", { name: domain }, run, {
    explain: ({ status }) => (status === 404 ? unknownUnit(domain, "domain") : undefined),
  });
  const unit = z.object({ id: z.string().regex(/^[\w-]+$/) }).safeParse(answer.json());
  if (unit.success) return unit.data.id;
  throw changed();
}

/**
 * A page of a company's reviews, newest first; empty after the last.
 * @throws {EarshotError} source_changed when Trustpilot does not know the company; what {@link ask} throws
 * @see https://developers.trustpilot.com/business-units-api
 */
export async function readPage(id: string, page: number, run: Run): Promise<readonly unknown[]> {
  const { language } = run.config;
  const query = {
    perPage: String(PER_PAGE),
    page: String(page),
    orderBy: "createdat.desc",
    ...(language === undefined ? {} : { language }),
  };
  const answer = await askTrustpilot(`/v1/business-units/${id}/reviews`, query, run, {
    explain: ({ status }) => (status === 404 ? unknownUnit(id, "businessUnitId") : undefined),
  });
  const read = z.object({ reviews: z.array(z.unknown()) }).safeParse(answer.json());
  if (read.success) return read.data.reviews;
  throw changed();
}

/**
 * One review, undefined when Trustpilot answers that there is none.
 * @throws {EarshotError} what {@link ask} throws
 * @see https://developers.trustpilot.com/service-reviews-api
 */
export async function readReviewById(id: string, run: Run): Promise<object | undefined> {
  const answer = await askTrustpilot(`/v1/reviews/${encodeURIComponent(id)}`, {}, run, { accept: [404] });
  if (answer.status === 404) return undefined;
  const read = z.looseObject({ id: z.string() }).safeParse(answer.json());
  if (read.success) return read.data;
  throw changed();
}

function askTrustpilot(
  path: string,
  query: Readonly<Record<string, string>>,
  run: Run,
  options: Pick<Ask, "accept" | "explain">,
): Promise<Answer> {
  const url = new URL(`${run.config.endpoint.replace(/\/+$/, "")}${path}`);
  url.search = new URLSearchParams(query).toString();
  return ask(
    {
      platform: "Trustpilot",
      url,
      headers: { apikey: run.config.apiKey },
      whenRefused: "check apiKey of this source, and that its API module is active",
      ...options,
    },
    run,
  );
}

function unknownUnit(name: string, key: string): EarshotError {
  return new EarshotError(
    "source_changed",
    `Trustpilot knows no company ${name} (404); correct ${key} of this source.`,
  );
}

function changed(): EarshotError {
  return new EarshotError(
    "source_changed",
    "Trustpilot answered in a form it did not use to; its API may have changed.",
  );
}
