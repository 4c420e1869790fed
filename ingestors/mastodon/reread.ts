import { isIP } from "node:net";
import type { Reread } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { rereadEach, type RereadOne } from "../reread-each.ts";
import { openServer, type Run, type Server } from "./server.ts";
import { toItems } from "./to-items.ts";
import { wordingOf } from "./walk.ts";

/** A stranger's server that does not answer soon is left alone. */
const PATIENCE_MS = 10_000;

interface Place {
  readonly server: Server;
  readonly domain: string;
}

/**
 * Reads statuses again where they were written: only their own server knows for sure that one is gone. What was written
 * on other software than Mastodon, or on a server that does not answer us, cannot be asked for.
 */
export async function reread(uris: readonly string[], run: Run): Promise<Reread> {
  const places = new Map<string, Place | undefined>();

  async function placeOf(uri: URL): Promise<Place | undefined> {
    if (!places.has(uri.host)) {
      places.set(uri.host, undefined);
      const server = serverOf(uri, run);
      if (server !== undefined) places.set(uri.host, { server, domain: await server.domain() });
    }
    return places.get(uri.host);
  }

  async function readOne(uri: string): Promise<RereadOne> {
    const id = idIn(uri);
    if (id === undefined) return undefined;
    const place = await placeOf(new URL(uri));
    if (place === undefined) return undefined;
    const status = await place.server.status(id);
    if (status === undefined) return { gone: `${place.server.host} shows it no more.` };
    // a number may have been given to another post since
    if (wordingOf(status)[0] !== uri) return undefined;
    const [item] = await toItems([status], place.server, place.domain, run.config);
    return { item };
  }

  return rereadEach(uris, async (uri) => {
    try {
      return await readOne(uri);
    } catch (error) {
      const isTheirs = error instanceof EarshotError && error.code !== "budget_spent";
      if (!isTheirs || isConfigured(uri, run)) throw error;
      places.set(new URL(uri).host, undefined);
      return undefined;
    }
  });
}

/** The server's own id, which ends the URI of whatever Mastodon has written. */
function idIn(uri: string): string | undefined {
  if (!URL.canParse(uri)) return undefined;
  return /\/statuses\/(\d{1,19})$/.exec(new URL(uri).pathname)?.[1];
}

function isConfigured(uri: string, { config }: Run): boolean {
  return config.servers.some(({ endpoint }) => new URL(endpoint).host === new URL(uri).host);
}

/**
 * Whoever wrote a post chose its URI, so a server that is not configured is asked by https and by name alone: then it
 * must prove with a certificate that it has that name, which nothing on a private network can.
 */
function serverOf(uri: URL, run: Run): Server | undefined {
  const configured = run.config.servers.find(({ endpoint }) => new URL(endpoint).host === uri.host);
  if (configured !== undefined) return openServer(configured, run);
  const { protocol, hostname, host } = uri;
  const isPublicName = host === hostname && hostname.includes(".") && isIP(hostname) === 0;
  if (protocol !== "https:" || !isPublicName) return undefined;
  return openServer({ endpoint: `https://${host}`, timeoutMs: PATIENCE_MS }, run);
}
