import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { defineIngestor, type Page, type PollRun, type TimeWindow } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { EmailConfig, transportOf } from "./config.ts";
import { daysOf, openAccount, type MailAccount, type Mailbox, type Run } from "./open-account.ts";
import { parseItem, positionOf, type MailItem } from "./parse-item.ts";
import { readMail } from "./read-mail.ts";

const Place = z.strictObject({
  uidValidity: z.string().describe("While it stays, a UID means the same mail."),
  lastUid: z.int().nonnegative().describe("UID up to which everything was read."),
});
type Place = z.infer<typeof Place>;

const Cursor = z.strictObject({
  account: z.string().describe("A cursor is worth nothing for another account."),
  mailboxes: z.record(z.string(), Place),
});
type Cursor = z.infer<typeof Cursor>;

/** Mails asked for at a time. */
const AT_ONCE = 20;
const DAY_MS = 24 * 3_600_000;

/**
 * Mail to a support or feedback address, and our answers to it, from an IMAP server. It only reads: mail is neither
 * marked as seen nor moved. Mail that others move out of its mailbox before a poll sees it is not heard.
 * @see https://www.rfc-editor.org/rfc/rfc9051
 * @see https://www.rfc-editor.org/rfc/rfc5322
 */
export const emailIngestor = defineIngestor({
  name: "email",
  summary: "Mail to a support or feedback address and the answers to it, from an IMAP server.",
  source: { mode: "poll", schedule: "*/2 * * * *", scope: "all" },
  config: EmailConfig,
  cursor: Cursor,
  poll,
  parse: parseItem,
  position: positionOf,
  backfill,
});

async function* poll(run: PollRun<EmailConfig, Cursor>): AsyncIterable<Page<Cursor>> {
  const { config, context } = run;
  const { host } = transportOf(config.endpoint);
  const name = `${config.user}@${host}`;
  let cursor: Cursor = run.cursor?.account === name ? run.cursor : { account: name, mailboxes: {} };
  const move = (mailbox: string, place: Place): Cursor => ({
    ...cursor,
    mailboxes: { ...cursor.mailboxes, [mailbox]: place },
  });
  const account = await openAccount(run);
  try {
    for (const name of new Set(config.mailboxes)) {
      const mailbox = await account.open(name);
      const { uidValidity, uidNext } = mailbox;
      const before = cursor.mailboxes[name];
      if (before !== undefined && before.uidValidity !== uidValidity) throw numberedAnew(name, host);
      const first = new Date(context.now().getTime() - config.lookbackDays * DAY_MS);
      const uids = await account.find(before === undefined ? { since: first } : { afterUid: before.lastUid });
      for await (const { items, lastUid } of readParts(uids, mailbox, account, run)) {
        cursor = move(name, { uidValidity, lastUid });
        yield { items, cursor };
      }
      // mail from before the first poll's window stays unread
      const lastUid = Math.max(cursor.mailboxes[name]?.lastUid ?? 0, uidNext - 1);
      const next = move(name, { uidValidity, lastUid });
      if (!isDeepStrictEqual(next, cursor)) yield { items: [], cursor: next };
      cursor = next;
    }
  } finally {
    account.close();
  }
}

async function* backfill(window: TimeWindow, run: Run): AsyncIterable<Page<never>> {
  const account = await openAccount(run);
  try {
    for (const name of new Set(run.config.mailboxes)) {
      const mailbox = await account.open(name);
      const uids = await account.find(daysOf(window));
      for await (const { items } of readParts(uids, mailbox, account, run)) yield { items };
    }
  } finally {
    account.close();
  }
}

interface Part {
  readonly items: readonly MailItem[];
  readonly lastUid: number;
}

async function* readParts(
  uids: readonly number[],
  mailbox: Mailbox,
  account: MailAccount,
  { config }: Run,
): AsyncIterable<Part> {
  for (let at = 0; at < uids.length; at += AT_ONCE) {
    const part = uids.slice(at, at + AT_ONCE);
    const mails = await account.read(part);
    const items = await Promise.all(mails.map((mail) => readMail(mail, mailbox, config)));
    yield { items, lastUid: part.at(-1) ?? 0 };
  }
}

function numberedAnew(mailbox: string, host: string): EarshotError {
  return new EarshotError("cursor_lost", `${host} has numbered the mail of ${mailbox} anew.`);
}
