import type { Config } from "../../core/config.ts";
import { loadCredentials, proofOf } from "../../sinks/embedded-clickhouse/credentials.ts";

/** What links in messages are signed with, and where they lead. */
export interface LinkSigning {
  readonly key: string;
  readonly publicUrl: string;
}

/** What links are signed with, undefined where no public address is known. Without a key of its own it is the embedded store's secret. */
export async function linkSigning({
  alerts: { publicUrl, signingKey },
  dataDir,
}: Pick<Config, "alerts" | "dataDir">): Promise<LinkSigning | undefined> {
  if (publicUrl === undefined) return undefined;
  if (signingKey !== undefined) return { key: signingKey, publicUrl };
  const { write } = await loadCredentials(dataDir);
  return { key: proofOf(write.password, "links in messages about alerts"), publicUrl };
}
