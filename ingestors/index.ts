import type { Ingestor } from "../core/contracts.ts";
import { appStoreIngestor } from "./app-store/index.ts";
import { demoIngestor } from "./demo/index.ts";
import { fileIngestor } from "./file/index.ts";
import { googlePlayIngestor } from "./google-play/index.ts";
import { rssIngestor } from "./rss/index.ts";

/** Every ingestor there is. Add yours here, and it can be configured. */
export const ingestors: readonly Ingestor[] = [
  fileIngestor,
  rssIngestor,
  appStoreIngestor,
  googlePlayIngestor,
  demoIngestor,
];
