import type { Email } from "postal-mime";
import type { Timestamp } from "../../schemas/primitives.ts";
import type { EmailConfig } from "./config.ts";
import type { Mailbox, RawMail } from "./open-account.ts";
import type { MailItem } from "./parse-item.ts";

/** A mail can be cut off anywhere, and anybody may have written it. */
const LIMITS = { maxNestingDepth: 50, maxHeadersSize: 512 * 1024, rfc822Attachments: true };

/**
 * The item of a mail: its words, who wrote it, and what it answers. Attachments are left out, and of mail that nobody
 * wrote to us there is the reason alone.
 */
export async function readMail(mail: RawMail, mailbox: Mailbox, config: EmailConfig): Promise<MailItem> {
  const { uid, receivedAt } = mail;
  const place = `${config.user}/${mailbox.name}/${mailbox.uidValidity}/${uid}`;
  const { default: PostalMime } = await import("postal-mime");
  let email: Email;
  try {
    email = await PostalMime.parse(mail.source, LIMITS);
  } catch {
    return { place, fault: "it is not written as a mail is" };
  }
  const ignored = whyIgnored(email, mail, config);
  if (ignored !== undefined) return { place, ignored };
  const from = [email.from].flatMap((address) => address?.group ?? address ?? [])[0];
  const own = new Set([config.user, ...config.ownAddresses].map((address) => address.toLowerCase()));
  const isOwn = (address: string | undefined) => address !== undefined && own.has(address.toLowerCase());
  const to = [...(email.to ?? []), ...(email.cc ?? [])].flatMap((address) => address.group ?? address);
  const hasText = (email.text ?? "").trim() !== "";
  return {
    place,
    messageId: email.messageId ?? "",
    inReplyTo: email.inReplyTo ?? "",
    references: email.references ?? "",
    from: { name: from?.name ?? "", address: from?.address ?? "" },
    byUs: mailbox.isSent || isOwn(from?.address),
    isToUs: to.some(({ address }) => isOwn(address)),
    writtenAt: timeOf(email.date),
    receivedAt: receivedAt?.toISOString() ?? "",
    subject: email.subject ?? "",
    ...(hasText ? { text: email.text ?? "" } : { html: email.html ?? "" }),
    isCut: mail.size > mail.source.length,
  };
}

/** Empty when it cannot be read. */
function timeOf(date: string | undefined): Timestamp {
  const at = new Date(date ?? "");
  return Number.isNaN(at.getTime()) ? "" : at.toISOString();
}

/**
 * Why a mail was written by a program, or to many, and not to us; undefined when it was not.
 * @see https://www.rfc-editor.org/rfc/rfc3834
 */
function whyIgnored(email: Email, { flags }: RawMail, { includeListMail }: EmailConfig): string | undefined {
  const header = (name: string) => email.headers.find(({ key }) => key === name)?.value.trim() ?? "";
  const has = (name: string) => email.headers.some(({ key }) => key === name);
  const hasFlag = (...names: string[]) =>
    [...flags].some((flag) => names.includes(flag.toLowerCase().replace(/^[\\$]/, "")));
  const precedence = header("precedence").toLowerCase();
  if (hasFlag("draft")) return "a draft";
  if (hasFlag("deleted")) return "a mail marked as deleted";
  const isReport = /^multipart\/report\b/i.test(header("content-type"));
  if (
    isReport ||
    /^<\s*>$/.test(header("return-path")) ||
    /^(?:mailer-daemon|postmaster)@/i.test(senderOf(email))
  )
    return "a bounce";
  const isAutomatic =
    /^auto[-_]?reply\b/.test(precedence) ||
    (has("auto-submitted") && !/^no\b/i.test(header("auto-submitted"))) ||
    ["x-autoreply", "x-autorespond", "x-auto-reply"].some(has);
  if (isAutomatic) return "an automatic mail";
  const isSpam = /^yes\b/i.test(header("x-spam-flag")) || /^yes\b/i.test(header("x-spam-status"));
  if ((isSpam || hasFlag("junk")) && !hasFlag("notjunk", "nonjunk")) return "spam";
  const isList = ["list-id", "list-unsubscribe"].some(has) || /^(?:bulk|junk|list)\b/.test(precedence);
  return isList && !includeListMail ? "mail to a list" : undefined;
}

function senderOf({ from }: Email): string {
  return from?.address ?? "";
}
