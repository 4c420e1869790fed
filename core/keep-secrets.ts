import { inspect } from "node:util";
import type { Ingestor } from "./contracts.ts";
import { EarshotError } from "./errors.ts";

const SECRET_NAMES = /token|secret|password|key|serviceaccount/i;
/** Shorter values are words that may stand anywhere. */
const SHORTEST = 6;

/** The secrets in a config: texts under names that tell of one, of long ones each line as well. */
export function secretsOf(config: unknown, name = ""): string[] {
  if (typeof config === "string") {
    if (!SECRET_NAMES.test(name) || config.length < SHORTEST) return [];
    const lines = config.split(/\r?\n|\\n/).filter((line) => line.length >= 20);
    return [...new Set([config, ...lines])];
  }
  if (typeof config !== "object" || config === null) return [];
  return Object.entries(config).flatMap(([key, value]) =>
    secretsOf(value, Array.isArray(config) ? name : key),
  );
}

/**
 * The ingestor with the secrets of its config kept out of whatever it throws: a platform, or a proxy before it, may give
 * back what it was sent, and messages quote what platforms say.
 */
export function keepingSecrets(ingestor: Ingestor, config: unknown): Ingestor {
  const secrets = secretsOf(config);
  if (secrets.length === 0) return ingestor;
  const reread = ingestor.reread?.bind(ingestor);
  const backfill = ingestor.backfill?.bind(ingestor);
  const safe = (error: unknown) => withoutSecrets(error, secrets);

  async function* guarded<T>(pages: AsyncIterable<T>): AsyncGenerator<T, void> {
    try {
      yield* pages;
    } catch (error) {
      throw safe(error);
    }
  }

  return {
    ...ingestor,
    poll: (run) => guarded(ingestor.poll(run)),
    ...(backfill === undefined ? {} : { backfill: (window, run) => guarded(backfill(window, run)) }),
    ...(reread === undefined
      ? {}
      : {
          reread: (ids, run) =>
            reread(ids, run).catch((error: unknown) => {
              throw safe(error);
            }),
        }),
  };
}

function withoutSecrets(error: unknown, secrets: readonly string[]): unknown {
  if (!(error instanceof EarshotError)) return error;
  const message = redact(error.message, secrets);
  const isClean = message === error.message && !hasAny(inspect(error, { depth: 10 }), secrets);
  if (isClean) return error;
  const { code, retryAfterMs } = error;
  return new EarshotError(code, message, retryAfterMs === undefined ? {} : { retryAfterMs });
}

function redact(text: string, secrets: readonly string[]): string {
  return secrets.flatMap(formsOf).reduce((cleaner, form) => cleaner.replaceAll(form, "•••"), text);
}

function hasAny(text: string, secrets: readonly string[]): boolean {
  return secrets.flatMap(formsOf).some((form) => text.includes(form));
}

/** A secret as it may be written in an address, a header or JSON. */
function formsOf(secret: string): string[] {
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
}
