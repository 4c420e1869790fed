import { createHash } from "node:crypto";
import type { Transporter } from "nodemailer";
import { z } from "zod";
import { defineReceiver } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { asText, layOut, line } from "./lay-out.ts";
import { asHtml } from "./mail-html.ts";
import { isLoopback, timeoutOption } from "./post-json.ts";

const ADDRESS = /^[^\s<>@,;:"()\\]+@[^\s<>@,;:"()\\]+$/;
const SENDER =
  /^(?:[^\p{Cc}<>@,;:"()\\]*<([^\s<>@,;:"()\\]+@[^\s<>@,;:"()\\]+)>|([^\s<>@,;:"()\\]+@[^\s<>@,;:"()\\]+))$/u;

const LOGIN = "needs user and password together, or neither";

const config = z
  .strictObject({
    host: z
      .string()
      .regex(/^[A-Za-z0-9.:_-]+$/, "must be the name of a mail server, smtp.example.com")
      .describe("Mail server that sends for you (SMTP)."),
    port: z.int().min(1).max(65_535).default(587).describe("Its port: 587, or 465 with secure."),
    secure: z
      .boolean()
      .default(false)
      .describe(
        "TLS from the first byte (port 465). Otherwise STARTTLS is used; with a password it must be.",
      ),
    user: z.string().min(1).optional().describe("User to log in as. Absent: nobody asks."),
    password: z.string().min(1).optional().describe("Its password; refer to a variable: ${SMTP_PASSWORD}."),
    from: z
      .string()
      .regex(SENDER, "must be an address, earshot@example.com or Earshot <earshot@example.com>")
      .describe("Sender: `Earshot <earshot@example.com>`."),
    to: z
      .array(z.string().regex(ADDRESS, "must be an address, care@example.com"))
      .min(1)
      .max(50)
      .describe("Who is told. All see each other's addresses."),
    timeoutMs: timeoutOption(30_000),
  })
  .refine(isWhole, LOGIN);

function isWhole({ user, password }: { user?: unknown; password?: unknown }): boolean {
  return (user === undefined) === (password === undefined);
}

const QUOTE_LENGTH = 1_000;

/** A mail server that does not answer as it should, or not now. */
const PASSING = new Set(["ECONNECTION", "ESOCKET", "ETIMEDOUT", "EDNS", "ETLS", "EPROTOCOL"]);

/** What to do about a refusal, by nodemailer's code. @see https://nodemailer.com/smtp/ */
const ADVICE: Readonly<Record<string, string>> = {
  EAUTH: "check user and password",
  ENOAUTH: "check user and password",
  EENVELOPE: "check from and to",
  ETLS: "check port and secure: a password is sent over an encrypted connection only",
};

/**
 * Mailboxes, by SMTP. A mail's Message-ID is made of the id of the notification, so that a mail program that knows it
 * drops a repeat; all mails of an alert refer to one id made of its key, so that they stand in one thread.
 * @see https://nodemailer.com/message/
 * @see https://www.rfc-editor.org/rfc/rfc5322#section-3.6.4
 * @see https://www.rfc-editor.org/rfc/rfc3834#section-5
 */
export const email = defineReceiver({
  name: "email",
  summary: "Mailboxes, by a mail server (SMTP).",
  config,
  open(options, context) {
    const { host, port, secure, user, password, from, to, timeoutMs } = options;
    if (!isWhole(options)) throw new EarshotError("config_invalid", `An email receiver ${LOGIN}.`);
    const isHere = isLoopback(host) || host === "::1";
    const server = {
      host,
      port,
      secure,
      ...(user === undefined || password === undefined ? {} : { auth: { user, pass: password } }),
      requireTLS: !secure && !isHere && user !== undefined,
      ignoreTLS: isHere,
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      dnsTimeout: timeoutMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    };
    /** The mail client is loaded with the first mail, not with every command. */
    let opened: Promise<Transporter> | undefined;
    const openTransport = async () => (await import("nodemailer")).createTransport(server);
    const domain = domainOf(from);
    return {
      async deliver(notification, _earlier, signal) {
        signal.throwIfAborted();
        const layout = layOut(notification, QUOTE_LENGTH);
        const messageId = idOf(`notification:${notification.id}`, domain);
        const thread = idOf(`alert:${notification.dedupeKey}`, domain);
        try {
          const transport = await (opened ??= openTransport());
          const sent = await transport.sendMail({
            from,
            to,
            subject: layout.title,
            date: context.now(),
            messageId,
            inReplyTo: thread,
            references: thread,
            headers: {
              "Auto-Submitted": "auto-generated",
              "X-Auto-Response-Suppress": "All",
              "X-Earshot-Alert": line(notification.number),
            },
            text: asText(layout),
            html: asHtml(layout),
            signal,
          });
          const refused = sent.rejected?.length ?? 0;
          if (refused > 0) {
            context.log.warn(
              { refused, taken: sent.accepted?.length ?? 0 },
              "The mail server refused some addresses; check to of the email receiver.",
            );
          }
        } catch (error) {
          signal.throwIfAborted();
          throw fromMailServer(error, host);
        }
        return { messageId, thread };
      },
      close: async () => (await opened)?.close(),
    };
  },
});

/** Without a cause: what a mail server says may repeat addresses and what we logged in with. */
function fromMailServer(error: unknown, host: string): unknown {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return error;
  const { code } = error;
  const status = "responseCode" in error && typeof error.responseCode === "number" ? error.responseCode : 0;
  // 503 is about the session, not the mail
  const isRefused = (status >= 500 && status !== 503) || (status === 0 && !PASSING.has(code));
  if (!isRefused) {
    const doubt = status === 0 ? " If that lasts, check host, port and secure." : "";
    return new EarshotError(
      "sink_unavailable",
      `The mail server ${host} cannot take the mail now (${wordsOf(error, code, status)}); it will be tried again.${doubt}`,
    );
  }
  const advice = ADVICE[code] ?? "check host, port, secure, from and to";
  return new EarshotError(
    "sink_rejected",
    `The mail server ${host} refused the mail (${wordsOf(error, code, status)}); ${advice}.`,
  );
}

/** `535 5.7.8`, or the code of the failure. */
function wordsOf(error: Error, code: string, status: number): string {
  const response = "response" in error && typeof error.response === "string" ? error.response : "";
  const original =
    "originalCode" in error && typeof error.originalCode === "string" ? error.originalCode : code;
  return status === 0 ? original : (/^\d{3}[ -]\d\.\d{1,3}\.\d{1,3}/.exec(response)?.[0] ?? String(status));
}

function domainOf(from: string): string {
  const [, inBrackets, bare] = SENDER.exec(from) ?? [];
  return (inBrackets ?? bare ?? "").split("@")[1]?.toLowerCase() ?? "";
}

function idOf(seed: string, domain: string): string {
  return `<${createHash("sha256").update(seed).digest("hex").slice(0, 40)}@${domain}>`;
}
