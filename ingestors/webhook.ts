import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { defineIngestor, type MentionFields, type Push } from "../core/contracts.ts";
import { EarshotError } from "../core/errors.ts";
import { cutText } from "../core/mention.ts";
import { MentionKind } from "../schemas/mention.ts";
import { Slug } from "../schemas/primitives.ts";
import { faultsIn } from "./read-item.ts";

/** Most records of one push. */
const MAX_RECORDS = 500;

/** A record has two levels; deeper ones serve only to exhaust whoever walks them. */
const MAX_DEPTH = 32;

const SIGNATURE_HEADER = "x-earshot-signature";
const TIMESTAMP_HEADER = "x-earshot-timestamp";

const config = z.strictObject({
  id: Slug.describe(
    "Name of this source: its address is /v1/ingest/<id>, and its mentions' ids begin with it.",
  ),
  secret: z
    .string()
    .min(16)
    .describe("What pushes are signed with, 16 characters or more; refer to a variable: ${WEBHOOK_SECRET}."),
  maxSkewMs: z
    .int()
    .positive()
    .max(3_600_000)
    .default(300_000)
    .describe("How far the time of a signature may be from ours. Default 5 minutes."),
  platform: Slug.default("webhook").describe("Platform its mentions are shown under."),
});

/** Control characters and lone surrogates would be taken out later, and two ids become one. */
const NativeId = z.union([z.string(), z.int().transform(String)]).pipe(
  z
    .string()
    .max(400)
    .regex(/^[^\p{Cc}\p{Cs}]+$/u, "must be 1-400 characters, none of them a control one"),
);

const Instant = z.iso
  .datetime({ offset: true, error: "must be a time with its zone, 2026-03-01T09:30:00Z" })
  .transform((time) => new Date(time).toISOString());

const Shown = z.int().nonnegative().nullish();

/** A mention as it is pushed. */
const PushedMention = z
  .strictObject({
    id: NativeId.describe("Your id of it. The same id again is an edit of the same mention."),
    text: z.string().describe("What was said, as plain text."),
    title: z.string().optional().describe("Headline."),
    rating: z.number().nonnegative().optional().describe("Score given, on the scale 0..ratingMax."),
    ratingMax: z.number().positive().optional().describe("Best possible score: 5 for stars, 10 for NPS."),
    author: z
      .strictObject({
        id: z.string().optional(),
        name: z.string().optional(),
        handle: z.string().optional(),
        followers: Shown,
      })
      .optional()
      .describe("Who wrote it, as far as you may say."),
    publishedAt: Instant.describe("When it was written, ISO 8601 with a zone."),
    updatedAt: Instant.optional().describe("When it was last edited: of several versions the latest stays."),
    url: z.string().optional().describe("Where a person can read and answer it."),
    lang: z.string().optional().describe("Language it is in, BCP 47."),
    kind: MentionKind.optional().describe("Default: review when it has a rating, else post."),
    parentId: NativeId.optional().describe("Id of the record of this source that it answers."),
    byUs: z.boolean().optional().describe("True when you wrote it yourselves."),
    engagement: z
      .strictObject({ likes: Shown, replies: Shown, shares: Shown, views: Shown })
      .optional()
      .describe("Counters as of now."),
    version: z.string().optional().describe("Product version it is about."),
    product: z.string().optional().describe("Product it is about."),
    country: z.string().optional().describe("Country of the author, ISO 3166 alpha-2."),
  })
  .refine(({ rating, ratingMax }) => (rating === undefined) === (ratingMax === undefined), {
    path: ["ratingMax"],
    error: "rating and ratingMax go together: 4 of 5, 9 of 10",
  })
  .refine(({ rating, ratingMax }) => rating === undefined || ratingMax === undefined || rating <= ratingMax, {
    path: ["rating"],
    error: "is above ratingMax",
  });
type PushedMention = z.infer<typeof PushedMention>;

/** The news that a record is gone. Whatever else it says is left aside: nothing must keep a deletion out. */
const PushedDeletion = z.object({
  id: NativeId.describe("Your id of it."),
  reason: z.string().optional().describe("Why, for the log."),
});

/** A record together with what its source's config says of it, so that it can be read again without the config. */
const Item = z.strictObject({ source: Slug, platform: Slug, record: z.unknown() });

/**
 * Takes what other systems push: signed batches of records, checked one by one. It asks nobody, so it has no schedule
 * and nobody knows what was not pushed.
 *
 * The signature is `x-earshot-signature: v1=<hex HMAC-SHA256 of "<timestamp>.<body>">` with the time in seconds in
 * `x-earshot-timestamp`. The native id of a record is `<source>/<its id>`: two such sources never meet, and no push
 * can change or delete what another source brought.
 * @see docs/sources/webhook.md
 */
export const webhookIngestor = defineIngestor({
  name: "webhook",
  summary: "Mentions that other systems push over HTTP, signed with a shared secret.",
  source: { mode: "push", schedule: "0 3 * * *", scope: "all" },
  config,
  cursor: z.strictObject({}),
  async *poll() {},
  receive(push, { config: { id, secret, maxSkewMs, platform }, context }) {
    checkSignature(push, secret);
    checkTime(push, maxSkewMs, context.now());
    const records = readRecords(push.body);
    if (records.length > MAX_RECORDS) {
      throw new EarshotError(
        "request_invalid",
        `There are ${records.length} records in this push; send at most ${MAX_RECORDS} at a time.`,
      );
    }
    if (records.some((record) => isDeeperThan(record, MAX_DEPTH))) {
      throw new EarshotError(
        "request_invalid",
        "A record in this push is nested too deeply to be a mention.",
      );
    }
    return records.map((record): z.infer<typeof Item> => ({ source: id, platform, record }));
  },
  parse(item, observedAt) {
    const { source, platform, record } = read(Item, item);
    if (typeof record !== "object" || record === null || Array.isArray(record)) {
      throw new EarshotError("record_invalid", "This is no JSON object; send one per mention.");
    }
    const nativeIdOf = (id: string) => `${source}/${id}`;
    if (isDeletion(record)) {
      const { id, reason = "deleted at its source" } = read(PushedDeletion, record);
      return { type: "delete", id: `${platform}:${nativeIdOf(id)}`, reason };
    }
    const mention = read(PushedMention, record);
    assertNotAhead(mention, observedAt);
    return { type: "upsert", mention: toFields(mention, platform, nativeIdOf) };
  },
  position(item) {
    const found = Item.safeParse(item).data?.record;
    const { id } = (typeof found === "object" && found !== null ? found : {}) as { readonly id?: unknown };
    return typeof id === "string" || typeof id === "number" ? cutText(String(id), 400) : "";
  },
});

function toFields(
  pushed: PushedMention,
  platform: string,
  nativeIdOf: (id: string) => string,
): MentionFields {
  const { id, text, publishedAt, updatedAt, author = {}, engagement = {}, parentId } = pushed;
  return {
    platform,
    nativeId: nativeIdOf(id),
    kind: pushed.kind ?? (pushed.rating === undefined ? "post" : "review"),
    text,
    title: pushed.title ?? "",
    publishedAt,
    revision: updatedAt === undefined ? 0 : Date.parse(updatedAt),
    authorId: author.id ?? "",
    authorName: author.name ?? "",
    authorHandle: (author.handle ?? "").replace(/^@/, ""),
    authorFollowers: author.followers ?? null,
    url: pushed.url ?? "",
    parentId: parentId === undefined ? "" : `${platform}:${nativeIdOf(parentId)}`,
    byUs: pushed.byUs ?? false,
    rating: pushed.rating ?? null,
    ratingMax: pushed.ratingMax ?? null,
    product: pushed.product ?? "",
    version: pushed.version ?? "",
    country: pushed.country ?? "",
    languageHint: pushed.lang ?? "",
    engagement: {
      likes: engagement.likes ?? null,
      replies: engagement.replies ?? null,
      shares: engagement.shares ?? null,
      views: engagement.views ?? null,
    },
  };
}

/** @throws {EarshotError} unauthorized */
function checkSignature({ headers, body }: Push, secret: string): void {
  const timestamp = headers[TIMESTAMP_HEADER] ?? "";
  const presented = /^v1=([0-9a-f]{64})$/i.exec((headers[SIGNATURE_HEADER] ?? "").trim())?.[1];
  if (presented === undefined || timestamp === "") {
    throw new EarshotError(
      "unauthorized",
      `A push is signed: send ${TIMESTAMP_HEADER} with the seconds since 1970, and ${SIGNATURE_HEADER} with ` +
        'v1=<hex HMAC-SHA256 of "<timestamp>.<body>">.',
    );
  }
  const expected = createHmac("sha256", secret).update(`${timestamp}.`).update(body).digest();
  if (timingSafeEqual(Buffer.from(presented, "hex"), expected)) return;
  throw new EarshotError(
    "unauthorized",
    "The signature does not fit; sign the timestamp, a dot and the very bytes of the body with this source's secret.",
  );
}

/** @throws {EarshotError} unauthorized */
function checkTime({ headers }: Push, maxSkewMs: number, now: Date): void {
  const timestamp = headers[TIMESTAMP_HEADER] ?? "";
  const skewMs = Math.abs(Number(timestamp) * 1_000 - now.getTime());
  if (/^\d{1,12}$/.test(timestamp) && skewMs <= maxSkewMs) return;
  throw new EarshotError(
    "unauthorized",
    `The time of this signature is not within ${Math.round(maxSkewMs / 1_000)} s of ours, ${now.toISOString()}; ` +
      "sign with the seconds since 1970 at the time of sending, and check the clock.",
  );
}

/** @throws {EarshotError} request_invalid */
function readRecords(body: Uint8Array): readonly unknown[] {
  const text = decode(body);
  const whole = parseJson(text);
  if (whole !== undefined) {
    const { value } = whole;
    if (Array.isArray(value)) return value as readonly unknown[];
    if (isObject(value)) return "items" in value && Array.isArray(value.items) ? value.items : [value];
  }
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  // a body that is no JSON at all is refused whole; one broken line among others costs that line alone
  if (isObject(parseJson(lines[0] ?? "")?.value)) return lines.map((line) => parseJson(line)?.value ?? line);
  throw new EarshotError(
    "request_invalid",
    'The body must be a JSON array of records, {"items": [...]}, or one JSON record a line.',
  );
}

/** @throws {EarshotError} request_invalid */
function decode(body: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch (error) {
    throw new EarshotError("request_invalid", "The body is not UTF-8; send plain JSON, not compressed.", {
      cause: error,
    });
  }
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1));
}

function isDeletion(record: object): boolean {
  return ("kind" in record && record.kind === "delete") || ("type" in record && record.type === "delete");
}

/**
 * An edit from the future could never be edited again.
 * @throws {EarshotError} record_invalid
 */
function assertNotAhead({ updatedAt }: PushedMention, observedAt: string): void {
  if (updatedAt === undefined || Date.parse(updatedAt) <= Date.parse(observedAt) + 24 * 60 * 60 * 1_000)
    return;
  throw new EarshotError("record_invalid", `updatedAt is ${updatedAt}, in the future; correct the date.`);
}

/** @throws {EarshotError} record_invalid, naming the fields that are wrong */
function read<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const found = schema.safeParse(value);
  if (found.success) return found.data;
  throw new EarshotError(
    "record_invalid",
    cutText(`This is no record as docs/sources/webhook.md describes it: ${faultsIn(found.error)}`, 1_000),
  );
}
