import { z } from "zod";
import type { Context } from "../../core/context.ts";
import { EarshotError } from "../../core/errors.ts";

/** One request to an OpenAI-compatible endpoint. */
export interface ChatRequest {
  readonly endpoint: string;
  readonly apiKey: string;
  readonly body: string;
  /** For the whole answer. */
  readonly timeoutMs: number;
}

/** What a model answered. */
export interface ChatAnswer {
  readonly content: string;
  /** Tokens by the endpoint's own count; absent where it does not tell. */
  readonly usage: { readonly input: number; readonly output: number } | undefined;
}

const MAX_BYTES = 4 * 1024 * 1024;
const MAX_WAIT_MS = 60 * 60 * 1_000;

const Tokens = z.number().nonnegative();

const Completion = z.object({
  choices: z
    .array(z.object({ message: z.object({ content: z.string().nullish() }) }))
    .min(1)
    .transform((choices) => choices[0]?.message.content ?? ""),
  usage: z.object({ prompt_tokens: Tokens, completion_tokens: Tokens }).nullish().catch(undefined),
});

/**
 * Asks for one chat completion. Redirects are not followed, so that neither key nor text leaves for another host.
 * Messages of errors quote nothing of the request or the answer.
 * @throws {EarshotError} source_unavailable (network, timeout, 408, 5xx), source_rate_limited (429), source_unauthorized
 * (401, 402, 403), source_changed (404, redirects, an answer that is no completion), record_invalid (400, 413, 422: the
 * endpoint does not take these texts)
 * @see https://platform.openai.com/docs/api-reference/chat/create
 */
export async function askEndpoint(
  request: ChatRequest,
  signal: AbortSignal,
  context: Context,
): Promise<ChatAnswer> {
  const timeout = AbortSignal.timeout(request.timeoutMs);
  try {
    const response = await fetch(`${request.endpoint.replace(/\/+$/, "")}/chat/completions`, {
      method: "POST",
      headers: {
        "user-agent": "Earshot",
        "content-type": "application/json",
        accept: "application/json",
        ...(request.apiKey === "" ? {} : { authorization: `Bearer ${request.apiKey}` }),
      },
      body: request.body,
      redirect: "manual",
      signal: AbortSignal.any([signal, timeout]),
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw failed(response, context);
    }
    return toAnswer(await readText(response));
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof EarshotError) throw error;
    const why = timeout.aborted ? `no full answer within ${request.timeoutMs / 1_000} s` : reasonOf(error);
    throw new EarshotError("source_unavailable", `The model did not answer (${why}).`);
  }
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > MAX_BYTES) {
      throw new EarshotError("source_changed", `The endpoint answered with more than ${MAX_BYTES} bytes.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function toAnswer(text: string): ChatAnswer {
  const completion = Completion.safeParse(parseJson(text)).data;
  if (completion === undefined) {
    throw new EarshotError(
      "source_changed",
      "The endpoint answered with something that is no chat completion; check the address in endpoint, which ends in /v1 for most.",
    );
  }
  const { choices: content, usage } = completion;
  return {
    content,
    usage: usage ? { input: usage.prompt_tokens, output: usage.completion_tokens } : undefined,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function failed({ status, headers }: Response, context: Context): EarshotError {
  const wait = waitOf(headers.get("retry-after"), context.now());
  const options = wait === undefined ? {} : { retryAfterMs: wait };
  if (status === 429) {
    return new EarshotError("source_rate_limited", "The endpoint is asked too often (429).", options);
  }
  if (status === 401 || status === 402 || status === 403) {
    const message = `The endpoint refused us (${status}); check apiKey, and the credit of its account.`;
    return new EarshotError("source_unauthorized", message, options);
  }
  if (status === 408 || status >= 500) {
    return new EarshotError("source_unavailable", `The endpoint answered ${status}.`, options);
  }
  if (status === 400 || status === 413 || status === 422) {
    return new EarshotError(
      "record_invalid",
      `The endpoint does not take our requests (${status}); see requestBody in docs/stronger-reader.md.`,
    );
  }
  const what =
    status >= 300 && status < 400
      ? "with a redirect, which is not followed; correct endpoint"
      : `${status}; check endpoint and model`;
  return new EarshotError("source_changed", `The endpoint answered ${what}.`, options);
}

/** @see https://www.rfc-editor.org/rfc/rfc9110#name-retry-after */
function waitOf(retryAfter: string | null, now: Date): number | undefined {
  if (retryAfter === null) return undefined;
  const waitMs = /^\s*\d+(\.\d+)?\s*$/.test(retryAfter)
    ? Number(retryAfter) * 1_000
    : Date.parse(retryAfter) - now.getTime();
  return Number.isNaN(waitMs) ? undefined : Math.min(MAX_WAIT_MS, Math.max(0, waitMs));
}

/** Of a failed fetch the innermost cause has a code; its message may name the address. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "no reason given";
  if (error.cause instanceof AggregateError) return reasonOf(error.cause.errors[0]);
  if (error.cause instanceof Error) return reasonOf(error.cause);
  return "code" in error && typeof error.code === "string" ? error.code : "the connection failed";
}
