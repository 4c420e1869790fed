import type { Ingestor } from "../core/contracts.ts";
import { appStoreIngestor } from "./app-store/index.ts";
import { blueskyIngestor } from "./bluesky/index.ts";
import { blueskySearchIngestor } from "./bluesky/search.ts";
import { demoIngestor } from "./demo/index.ts";
import { emailIngestor } from "./email/index.ts";
import { fileIngestor } from "./file/index.ts";
import { googlePlayIngestor } from "./google-play/index.ts";
import { hackerNewsIngestor } from "./hacker-news/index.ts";
import { mastodonIngestor } from "./mastodon/index.ts";
import { redditIngestor } from "./reddit/index.ts";
import { rssIngestor } from "./rss/index.ts";
import { trustpilotIngestor } from "./trustpilot/index.ts";
import { webhookIngestor } from "./webhook.ts";
import { xIngestor } from "./x/index.ts";
import { xStreamIngestor } from "./x/stream.ts";
import { youtubeIngestor } from "./youtube/index.ts";
import { zendeskIngestor } from "./zendesk/index.ts";

/** Every ingestor there is. Add yours here, and it can be configured. */
export const ingestors: readonly Ingestor[] = [
  fileIngestor,
  xIngestor,
  xStreamIngestor,
  redditIngestor,
  rssIngestor,
  hackerNewsIngestor,
  blueskyIngestor,
  blueskySearchIngestor,
  mastodonIngestor,
  appStoreIngestor,
  googlePlayIngestor,
  youtubeIngestor,
  trustpilotIngestor,
  zendeskIngestor,
  emailIngestor,
  webhookIngestor,
  demoIngestor,
];
