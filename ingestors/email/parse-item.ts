import { z } from "zod";
import type { Parsed } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { cutText } from "../../core/mention.ts";
import type { Timestamp } from "../../schemas/primitives.ts";
import { htmlToText } from "../html-to-text.ts";
import { readItem } from "../read-item.ts";
import { trimReply } from "./trim-reply.ts";

const place = z.string().min(1).describe("User, mailbox, its UIDVALIDITY and the mail's UID.");
const Mail = z.strictObject({
  place,
  messageId: z.string(),
  inReplyTo: z.string(),
  references: z.string(),
  from: z.strictObject({ name: z.string(), address: z.string() }),
  byUs: z.boolean(),
  isToUs: z.boolean(),
  writtenAt: z.string().describe("By the author's clock; empty when it cannot be read."),
  receivedAt: z.string().describe("By the server's clock; empty when it does not say."),
  subject: z.string(),
  text: z.string().optional(),
  html: z.string().optional().describe("Where there is no text."),
  isCut: z.boolean().describe("There was more of it than was read."),
});
type Mail = z.infer<typeof Mail>;

/** One item of the `email` ingestor: a mail without its attachments, or why there is none to read. */
const MailItem = z.union([
  Mail,
  z.strictObject({ place, ignored: z.string() }),
  z.strictObject({ place, fault: z.string() }),
]);
export type MailItem = z.infer<typeof MailItem>;

/** Where a mail lies. */
export function positionOf(item: unknown): string {
  return z.object({ place }).safeParse(item).data?.place ?? "";
}

/**
 * The mention a mail is: a ticket when it begins a conversation, a comment when it answers, or is ours.
 * @throws {EarshotError} record_invalid
 */
export function parseItem(written: unknown): Parsed {
  const item = readItem(MailItem, written, "an item of the email ingestor");
  if ("ignored" in item) return { type: "skip", reason: item.ignored };
  if ("fault" in item) throw unreadable(item.fault);
  return readMention(item);
}

function readMention(mail: Mail): Parsed {
  const address = mail.from.address.trim().toLowerCase();
  if (!address.includes("@")) throw unreadable("nobody is named who wrote it");
  const references = idsIn(mail.references);
  const parent = idsIn(mail.inReplyTo)[0] ?? references.at(-1);
  const isReply = parent !== undefined;
  const title = cutText(mail.subject.trim(), 2_000);
  const text = trimReply(mail.text ?? htmlToText(mail.html ?? ""), { isReply, subject: title });
  if (text === "" && title === "") {
    if (mail.isCut) throw unreadable("its words lie behind what is read of a mail; raise maxBytes");
    return { type: "skip", reason: "a mail without words" };
  }
  const nativeId = idsIn(mail.messageId)[0] ?? mail.place;
  return {
    type: "upsert",
    mention: {
      platform: "email",
      nativeId,
      kind: isReply || mail.byUs ? "comment" : "ticket",
      publishedAt: publishedAtOf(mail),
      authorId: address,
      authorName: cutText(mail.from.name.trim(), 300),
      byUs: mail.byUs,
      inReplyToUs: isReply && !mail.byUs && mail.isToUs,
      title,
      text,
      parentId: parent === undefined ? "" : mentionId(parent),
      threadId: mentionId(references[0] ?? parent ?? nativeId),
    },
  };
}

/** The author's clock may be ahead; nothing is received before it is written. */
function publishedAtOf({ writtenAt, receivedAt }: Mail): Timestamp {
  if (writtenAt === "" && receivedAt === "") throw unreadable("nothing tells when it was written");
  const isBelievable = writtenAt !== "" && (receivedAt === "" || writtenAt <= receivedAt);
  return isBelievable ? writtenAt : receivedAt;
}

/** Longer ones than a mention's id may be are no ids. */
const MAX_ID = 450;

/** Message ids without their brackets, in order. */
function idsIn(header: string): string[] {
  const bracketed = [...header.matchAll(/<([^<>\s]+)>/g)].map(([, id]) => id ?? "");
  const found = bracketed.length > 0 ? bracketed : [header.trim()].filter((id) => /^\S+@\S+$/.test(id));
  return found.filter((id) => id.length <= MAX_ID);
}

function mentionId(id: string): string {
  return `email:${id}`;
}

function unreadable(why: string): EarshotError {
  return new EarshotError("record_invalid", `This mail cannot be read: ${why}.`);
}
