import type { FetchMessageObject } from "imapflow";
import type { RereadRun, TimeWindow } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { transportOf, type EmailConfig } from "./config.ts";

export type Run = RereadRun<EmailConfig>;

/** A mailbox, opened for reading only. */
export interface Mailbox {
  readonly name: string;
  /** While it stays, a UID means the same mail. */
  readonly uidValidity: string;
  /** Mail that comes from now on has this UID or a larger one. */
  readonly uidNext: number;
  readonly isSent: boolean;
}

/** A mail as it lies in a mailbox. */
export interface RawMail {
  readonly uid: number;
  readonly flags: ReadonlySet<string>;
  /** When the server got it. */
  readonly receivedAt: Date | undefined;
  /** How long it is, bytes. */
  readonly size: number;
  /** Its beginning, no longer than the config's `maxBytes`. */
  readonly source: Uint8Array;
}

/** Which mail of a mailbox is meant: what came after a UID, or in a window (whole days, by the server's clock). */
export type Wanted = { readonly afterUid: number } | { readonly since: Date; readonly before?: Date };

/** A mail account somebody is logged in to. It is only ever read: nothing is marked as seen. */
export interface MailAccount {
  /** @throws {EarshotError} source_changed when there is no such mailbox */
  open(name: string): Promise<Mailbox>;
  /** UIDs in the mailbox that is open, smallest first. */
  find(wanted: Wanted): Promise<readonly number[]>;
  /** Mails of the mailbox that is open, smallest UID first. Those that were removed are left out. */
  read(uids: readonly number[]): Promise<readonly RawMail[]>;
  close(): void;
}

const CONNECT_MS = 20_000;
const SILENCE_MS = 60_000;
/** The UIDs of a large mailbox come in one line. */
const MAX_LINE = 16 * 1024 * 1024;
const ROOM = 64 * 1024;

/**
 * Logs in. Each exchange with the server is charged to the budget as a request.
 * @throws {EarshotError} source_unavailable, source_unauthorized, source_changed, budget_spent; so does what it gives
 * @see https://imapflow.com/docs/
 * @see https://www.rfc-editor.org/rfc/rfc9051
 */
export async function openAccount(run: Run): Promise<MailAccount> {
  const { config, signal, budget } = run;
  const { password, accessToken } = config;
  const server = transportOf(config.endpoint);
  // loaded by those who read mail alone: it takes as long as most commands
  const { ImapFlow } = await import("imapflow");
  const client = new ImapFlow({
    ...server,
    auth: { user: config.user, ...(accessToken === undefined ? { pass: password } : { accessToken }) },
    logger: false,
    clientInfo: { name: "Earshot" },
    disableAutoIdle: true,
    disableCompression: true,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
    maxLineLength: MAX_LINE,
    maxLiteralSize: config.maxBytes + ROOM,
    maxResponseSize: config.maxBytes + MAX_LINE,
  });
  // whoever waits hears of it, too; without anybody who listens it would end the process
  client.on("error", () => {});
  const close = () => client.close();

  async function asking<T>(exchange: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    budget.allow({ requests: 1 });
    try {
      return await exchange();
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof EarshotError ? error : translated(error, server.host, config);
    } finally {
      budget.spend({ requests: 1 });
    }
  }

  signal.addEventListener("abort", close, { once: true });
  const end = () => {
    signal.removeEventListener("abort", close);
    client.close();
  };
  try {
    await asking(() => client.connect());
  } catch (error) {
    end();
    throw error;
  }

  return {
    open: (name) =>
      asking(async () => {
        const { uidValidity, uidNext, specialUse } = await client.mailboxOpen(name, { readOnly: true });
        if (typeof uidValidity !== "bigint" || typeof uidNext !== "number") throw withoutUids(server.host);
        return { name, uidValidity: String(uidValidity), uidNext, isSent: specialUse === "\\Sent" };
      }),
    find: (wanted) =>
      asking(async () => {
        const query =
          "afterUid" in wanted
            ? { uid: `${wanted.afterUid + 1}:*` }
            : { since: wanted.since, ...(wanted.before === undefined ? {} : { before: wanted.before }) };
        const found = await client.search(query, { uid: true });
        if (!Array.isArray(found)) throw unavailable(server.host, "the search failed");
        const least = "afterUid" in wanted ? wanted.afterUid : 0;
        // `5:*` means the last mail where it has a smaller UID
        return found.filter((uid) => uid > least).sort((a, b) => a - b);
      }),
    read: (uids) =>
      asking(async () => {
        const query = {
          uid: true,
          flags: true,
          internalDate: true,
          size: true,
          source: { start: 0, maxLength: config.maxBytes },
        };
        const mails = await client.fetchAll([...uids], query, { uid: true });
        return mails.flatMap((mail) => toRawMail(mail) ?? []).sort((a, b) => a.uid - b.uid);
      }),
    close: end,
  };
}

/** The days a window touches, with one to spare on either side for the server's time zone. */
export function daysOf({ from, to }: TimeWindow): Wanted {
  const day = 24 * 3_600_000;
  return { since: new Date(Date.parse(from) - day), before: new Date(Date.parse(to) + 2 * day) };
}

function toRawMail({ uid, flags, internalDate, size, source }: FetchMessageObject): RawMail | undefined {
  if (source === undefined) return undefined;
  const receivedAt = internalDate === undefined ? undefined : new Date(internalDate);
  return {
    uid,
    flags: flags ?? new Set(),
    receivedAt: receivedAt === undefined || Number.isNaN(receivedAt.getTime()) ? undefined : receivedAt,
    size: size ?? source.length,
    source,
  };
}

/** As much of what the client throws as tells what happened. Its texts are the server's, and may repeat a password. */
interface Failure {
  readonly code?: unknown;
  readonly authenticationFailed?: unknown;
  readonly tlsFailed?: unknown;
  readonly mailboxMissing?: unknown;
  readonly responseStatus?: unknown;
  readonly serverResponseCode?: unknown;
  readonly throttleReset?: unknown;
}

/** Codes of a server that may be well soon. @see https://www.rfc-editor.org/rfc/rfc5530 */
const PASSING = new Set(["UNAVAILABLE", "INUSE", "SERVERBUG", "LIMIT"]);
const NOT_IMAP =
  /^(?:ParserError|UnexpectedTag|InvalidResponse|ResponseProcessingFailed|(?:Line|Literal|Response)TooLarge)/;
const DISTRUSTED = /CERT|SIGNATURE|SELF_SIGNED|^ERR_(?:SSL|TLS)/;

function translated(error: unknown, host: string, config: EmailConfig): EarshotError {
  const failure: Failure = typeof error === "object" && error !== null ? error : {};
  const code = typeof failure.code === "string" ? failure.code : "";
  const answer = typeof failure.serverResponseCode === "string" ? failure.serverResponseCode : "";
  const keys = config.accessToken === undefined ? "user and password" : "user and accessToken";
  if (code === "ETHROTTLE") {
    const wait = typeof failure.throttleReset === "number" ? { retryAfterMs: failure.throttleReset } : {};
    return new EarshotError("source_rate_limited", `${host} is asked too often; poll it less often.`, wait);
  }
  if (failure.tlsFailed === true || DISTRUSTED.test(code)) {
    const why = code === "" ? "TLS failed" : code;
    return new EarshotError(
      "source_changed",
      `${host} cannot be talked to safely (${why}); correct endpoint, or give Node the authority of its certificate (NODE_EXTRA_CA_CERTS).`,
    );
  }
  if (NOT_IMAP.test(code) || failure.responseStatus === "BAD") {
    return new EarshotError(
      "source_changed",
      `${host} does not answer as an IMAP server does; correct endpoint.`,
    );
  }
  if (PASSING.has(answer)) return unavailable(host, answer);
  // a connection that breaks while logging in is no refusal, and has a code
  const isRefused = failure.authenticationFailed === true && code === "";
  if (isRefused || /^(?:NOPERM|AUTH.*|EXPIRED|PRIVACYREQUIRED)$/.test(answer)) {
    return new EarshotError(
      "source_unauthorized",
      `${host} refused us; check ${keys} of this source, and that it may be read by IMAP.`,
    );
  }
  if (failure.mailboxMissing === true || answer === "NONEXISTENT") {
    return new EarshotError(
      "source_changed",
      `${host} has no such mailbox; correct mailboxes of this source.`,
    );
  }
  return unavailable(host, code === "" ? "no reason given" : code);
}

function unavailable(host: string, why: string): EarshotError {
  return new EarshotError("source_unavailable", `${host} did not answer (${why}); it will be asked again.`);
}

function withoutUids(host: string): EarshotError {
  return new EarshotError("source_changed", `${host} does not tell UIDs, which its mail is known by.`);
}
