import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { Ingestor } from "../../../core/contracts.ts";
import { EarshotError } from "../../../core/errors.ts";
import { ingestors } from "../../../ingestors/index.ts";
import type { Settings } from "./settings.ts";

/** Something to ask before a platform can be listened to. */
export interface Question {
  /** The setting it is about; it is not asked when that is said already. */
  readonly key: string;
  readonly ask: string;
  readonly isOptional?: boolean;
  /** What to suggest to who follows something of that name. */
  readonly suggest?: (name: string) => string;
  /** Whether it is to be asked at all. */
  readonly isDue?: (settings: Settings) => boolean;
  /**
   * The settings an answer means, where they are not just the answer.
   * @throws {EarshotError} request_invalid
   */
  readonly read?: (answer: string) => Promise<Settings>;
}

/** A platform as it is offered. */
export interface Platform {
  readonly type: string;
  readonly title: string;
  /** What is needed there before; absent when nothing is. */
  readonly account?: string;
  /** It searches for the trackers' queries, and has nothing to do without, unless these settings say what. */
  readonly searches?: readonly string[];
  /** What a test costs, where reading is billed. */
  readonly price?: string;
  readonly questions: readonly Question[];
}

const KNOWN: readonly Platform[] = [
  {
    type: "rss",
    title: "News, blogs and forums: any RSS or Atom feed",
    questions: [],
  },
  {
    type: "app_store",
    title: "App Store: public reviews of an app",
    questions: [
      {
        key: "appId",
        ask: "Which app? Its address in the App Store, or the number in it.",
        read: async (answer) => appOf(answer),
      },
      {
        key: "countries",
        ask: "Reviews of which countries? Two letters each, with commas between.",
        suggest: () => "us",
      },
    ],
  },
  {
    type: "hacker_news",
    title: "Hacker News: stories and comments",
    searches: ["queries"],
    questions: [],
  },
  {
    type: "reddit",
    title: "Reddit: posts by search, and subreddits, from its public feeds",
    searches: ["search", "subreddits"],
    questions: [
      {
        key: "subreddits",
        ask: "Subreddits whose posts and comments are read too? Names with commas between; none is fine.",
        isOptional: true,
        read: async (answer) => ({
          subreddits: listOf(answer).map((name) => name.replace(/^\/?r\/|\/$/g, "")),
        }),
      },
    ],
  },
  {
    type: "mastodon",
    title: "Mastodon: posts with a hashtag",
    questions: [
      {
        key: "servers",
        ask: "Through which server? It knows its own users' posts and those of whom they follow.",
        suggest: () => "https://mastodon.social",
        read: async (answer) => ({
          servers: listOf(answer).map((server) => ({
            endpoint: /^https?:\/\//.test(server) ? server : `https://${server}`,
          })),
        }),
      },
      {
        key: "hashtags",
        ask: "Which hashtags? With commas between.",
        suggest: (name) => name.toLowerCase().replace(/[^\p{L}\p{M}\p{N}_]/gu, ""),
      },
    ],
  },
  {
    type: "bluesky",
    title: "Bluesky: posts, as they are written",
    searches: ["queries"],
    questions: [],
  },
  {
    type: "google_play",
    title: "Google Play: reviews of an app",
    account: "a service account of the app's owner",
    questions: [
      {
        key: "appId",
        ask: "Which app? Its address in Google Play, or its package name.",
        read: async (answer) => ({ appId: /[?&]id=([\w.]+)/.exec(answer)?.[1] ?? answer }),
      },
      {
        key: "serviceAccount",
        ask: "The file with the JSON key of a service account that may reply to reviews? Empty: you have none.",
        isOptional: true,
        isDue: (settings) => settings["scrape"] === undefined,
        read: async (answer) => ({ serviceAccount: JSON.stringify(await readJson(answer)) }),
      },
      {
        key: "scrape",
        ask: "Read the public pages instead? Google's terms forbid automated access it does not allow: true only if you may.",
        suggest: () => "false",
        isDue: (settings) => settings["serviceAccount"] === undefined,
      },
    ],
  },
  {
    type: "trustpilot",
    title: "Trustpilot: reviews of a company",
    account: "an API key, a paid module",
    questions: [
      { key: "apiKey", ask: "The key of your Trustpilot API application?" },
      {
        key: "domain",
        ask: "The company's domain, as on its Trustpilot page?",
        isDue: (settings) => settings["businessUnitId"] === undefined,
      },
    ],
  },
  {
    type: "youtube",
    title: "YouTube: comments on videos",
    account: "an API key, free",
    questions: [
      { key: "apiKey", ask: "The key of the YouTube Data API v3?" },
      {
        key: "channels",
        ask: "Whose videos? Ids of channels (UC and 22 characters), with commas between.",
        isDue: ({ videos, search }) => videos === undefined && search === undefined,
      },
    ],
  },
  {
    type: "bluesky_search",
    title: "Bluesky: posts by search, for the past too",
    account: "a free account and an app password",
    searches: ["queries"],
    questions: [
      { key: "identifier", ask: "The handle or e-mail address of your Bluesky account?" },
      { key: "appPassword", ask: "An app password of it?" },
    ],
  },
  ...(["x", "x_stream"] as const).map((type): Platform => ({
    type,
    title: type === "x" ? "X (Twitter): posts by search" : "X (Twitter): posts, as they are written",
    account: "prepaid credits",
    searches: ["queries", "mentionsOf"],
    price: "about 1.50 US dollars at most",
    questions: [
      { key: "token", ask: "The bearer token of your X app?" },
      {
        key: "budget",
        ask: "Most US dollars it may spend in a month? X bills 0.005 for a post and 0.01 for its author.",
        suggest: () => "25",
        read: async (answer) => ({ budget: { usdPerMonth: Number(answer) } }),
      },
    ],
  })),
  {
    type: "zendesk",
    title: "Zendesk: tickets, comments and ratings",
    account: "an admin's API token",
    questions: [
      {
        key: "subdomain",
        ask: "Your account? acme, when its address is acme.zendesk.com.",
        read: async (answer) => ({
          subdomain: answer.replace(/^https?:\/\//, "").replace(/\.zendesk\.com.*$/, ""),
        }),
      },
      {
        key: "email",
        ask: "The e-mail address of the admin the API token is used for?",
        isDue: ({ oauthToken }) => oauthToken === undefined,
      },
      { key: "token", ask: "The API token?", isDue: ({ oauthToken }) => oauthToken === undefined },
    ],
  },
  {
    type: "email",
    title: "E-mail: mail to a support or feedback address",
    account: "the mailbox's password",
    questions: [
      {
        key: "endpoint",
        ask: "The IMAP server?",
        read: async (answer) => ({
          endpoint: /^imaps?:\/\//.test(answer) ? answer : `imaps://${answer}`,
        }),
      },
      { key: "user", ask: "Who logs in? Mostly the address itself." },
      {
        key: "password",
        ask: "Their password, or one made for this app?",
        isDue: ({ accessToken }) => accessToken === undefined,
      },
      {
        key: "mailboxes",
        ask: "Which mailboxes? With that of sent mail your answers are heard too; commas between.",
        suggest: () => "INBOX",
      },
    ],
  },
  {
    type: "webhook",
    title: "Webhook: other systems push mentions here",
    questions: [{ key: "secret", ask: "A secret to sign pushes with, 16 characters or more?" }],
  },
];

/** What can be listened to, what needs no account first; a platform that is not described here comes last. */
export function platforms(): readonly Platform[] {
  const names = new Set(ingestors.filter(({ source }) => source.mode !== "import").map(({ name }) => name));
  const described = KNOWN.filter(({ type }) => names.has(type));
  const rest = ingestors.filter(({ name }) => names.has(name) && !KNOWN.some(({ type }) => type === name));
  return [
    ...described.filter(({ account }) => account === undefined),
    ...described.filter(({ account }) => account !== undefined),
    ...rest.map(({ name, summary, config }) => ({
      type: name,
      title: summary.replace(/\.$/, ""),
      questions: Object.entries(config.shape)
        .filter(([key, schema]) => key !== "id" && !z.safeParse(schema, undefined).success)
        .map(([key, schema]) => ({ key, ask: `${key}: ${z.globalRegistry.get(schema)?.description ?? ""}` })),
    })),
  ];
}

/** The ingestor of a platform. */
export function ingestorOf(type: string): Ingestor {
  const found = ingestors.find(({ name }) => name === type);
  if (found === undefined) throw new Error(`a platform was offered that there is not: ${type}`);
  return found;
}

/** Parts of a list with commas or spaces between. */
export function listOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((part) => part !== "");
}

/** An app's number, and the country whose store the address is of. */
function appOf(answer: string): Settings {
  const appId = /(?:^|\/id)(\d+)(?:$|[/?#])/.exec(answer)?.[1];
  if (appId === undefined) {
    throw new EarshotError(
      "request_invalid",
      `${answer || "Nothing"} is no app; write the address of its page at apps.apple.com, or the number after “id” in it.`,
    );
  }
  const country = /apple\.com\/([a-z]{2})\//.exec(answer)?.[1];
  return country === undefined ? { appId } : { appId, countries: [country] };
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    const why = error instanceof SyntaxError ? "is no JSON" : "cannot be read";
    throw new EarshotError("request_invalid", `${path} ${why}; give the path of the key's file.`);
  }
}
