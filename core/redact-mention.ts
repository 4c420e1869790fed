import { createHmac } from "node:crypto";
import { MAX_TEXT_LENGTH, type Mention } from "../schemas/mention.ts";
import { cutText } from "./mention.ts";
import { redactPii } from "./redact-pii/index.ts";

/** Marks may be longer than what they stand for. */
const MAX_TITLE_LENGTH = 2_000;
const MAX_PRODUCT_LENGTH = 300;
const MAX_URL_LENGTH = 4_000;

/**
 * The mention as it may be stored where personal data must not be: personal data in text, title, product and address
 * replaced by marks; the author's name and handle left out; the author's id replaced by a pseudonym, so that people
 * can still be counted. One key gives one person one pseudonym for ever; without the key nobody can try out ids, as
 * they could with a plain hash. The mention's own ids and address stay: answering, rereading and deleting need them,
 * so a mention that is still public can be looked up by who may look at the platform. Redact after matching: queries
 * may ask for authors.
 */
export function redactMention(mention: Mention, key: string): Mention {
  const { platform, authorId } = mention;
  return {
    ...mention,
    text: cutText(redactPii(mention.text), MAX_TEXT_LENGTH),
    title: cutText(redactPii(mention.title), MAX_TITLE_LENGTH),
    product: cutText(redactPii(mention.product), MAX_PRODUCT_LENGTH),
    url: cutText(redactPii(mention.url), MAX_URL_LENGTH),
    authorId: authorId === "" ? "" : pseudonym(key, `${platform}\0${authorId}`),
    authorName: "",
    authorHandle: "",
    // of a text known but for ten digits a plain hash would tell them
    rawHash: pseudonym(key, mention.rawHash),
  };
}

function pseudonym(key: string, value: string): string {
  return createHmac("sha256", key).update(value).digest("hex").slice(0, 32);
}

/** Digits and signs of an id: rereading the item must find the same mention. */
const ID = /^[\w:/-]*$/;

/**
 * The item of a dead letter with personal data replaced by marks wherever it holds text, still fit to be parsed again.
 * What has the form of an id stays; names are not told from other words.
 */
export function redactItem(item: unknown): unknown {
  const json = JSON.stringify(item, (_, value: unknown) =>
    typeof value === "string" && !ID.test(value) ? redactPii(value) : value,
  );
  return json === undefined ? undefined : (JSON.parse(json) as unknown);
}
