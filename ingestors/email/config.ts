import { z } from "zod";

const Secret = z.string().min(1).max(5_000);

/** What the `email` ingestor is configured with. */
export const EmailConfig = z
  .strictObject({
    endpoint: z
      .url({ protocol: /^imaps?$/ })
      .refine(isServerAlone, "give the server alone, as in imaps://imap.example.com")
      .describe(
        "The IMAP server: imaps://imap.example.com for TLS, imap://imap.example.com for STARTTLS. Without TLS only " +
          "this machine is talked to.",
      ),
    user: z.string().min(1).max(300).describe("Who logs in, mostly the address itself: support@example.com."),
    password: Secret.optional().describe("Their password, or one made for this app."),
    accessToken: Secret.optional().describe("Instead of a password: an OAuth 2 access token."),
    mailboxes: z
      .array(z.string().min(1).max(200))
      .min(1)
      .max(20)
      .default(["INBOX"])
      .describe(
        "Mailboxes to read. What lies in the one of sent mail is yours: add it, as in [INBOX, Sent].",
      ),
    ownAddresses: z
      .array(z.email())
      .max(100)
      .default([])
      .describe("Your own addresses beside user: mail from them is yours."),
    includeListMail: z
      .boolean()
      .default(false)
      .describe("Whether mail of lists counts; needed where the address is a group, as in Google Groups."),
    lookbackDays: z.int().min(1).max(3_650).default(30).describe("How far back the first poll reads."),
    maxBytes: z
      .int()
      .min(10_000)
      .max(20_000_000)
      .default(1_000_000)
      .describe("How much of a mail is read; what lies behind are attachments, as a rule."),
  })
  .refine(({ password, accessToken }) => (password === undefined) !== (accessToken === undefined), {
    path: ["password"],
    error: "give either password or accessToken",
  });
export type EmailConfig = z.infer<typeof EmailConfig>;

/** How a server is talked to. */
export interface Transport {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte on. */
  readonly secure: boolean;
  /** Whether TLS must be agreed on before anything else; false leaves it out. */
  readonly doSTARTTLS: boolean;
}

/** How the server of an endpoint is talked to: without TLS on the loopback interface at most. */
export function transportOf(endpoint: string): Transport {
  const { protocol, hostname, port } = new URL(endpoint);
  const host = hostname.replace(/^\[|\]$/g, "");
  const secure = protocol === "imaps:";
  const isLoopback = host === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);
  return {
    host,
    port: port === "" ? (secure ? 993 : 143) : Number(port),
    secure,
    doSTARTTLS: !secure && !isLoopback,
  };
}

/** A password in an address would end up in messages. */
function isServerAlone(endpoint: string): boolean {
  const { hostname, username, password, pathname, search, hash } = new URL(endpoint);
  return hostname !== "" && /^\/?$/.test(pathname) && username + password + search + hash === "";
}
