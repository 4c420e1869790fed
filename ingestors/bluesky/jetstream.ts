import type { IncomingMessage } from "node:http";
import type { WebSocket } from "ws";
import type { PollRun } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { retryAfter } from "../rate-limit.ts";

const HANDSHAKE_MS = 15_000;
/** Largest event; a post is some kilobytes. */
const MAX_EVENT_BYTES = 2 * 1024 * 1024;
/** What a server that refuses us for a while, and does not say how long, is given. */
const RATE_LIMIT_MS = 60_000;

/** Who listens to Jetstream. */
export interface JetstreamListener {
  /** Each event in the order of its time, as JSON gives it. */
  readonly onEvent: (event: unknown) => void;
  /** Nothing comes any more; without an error the server ended it in an orderly way. Told once. */
  readonly onEnd: (error?: EarshotError) => void;
}

export interface Jetstream {
  /** Leaves events with the server until {@link resume}. */
  readonly pause: () => void;
  readonly resume: () => void;
  readonly close: () => void;
}

/**
 * Connects to a Jetstream server; one connection, never made again.
 * @param silenceMs without any event for so long the connection is taken for dead
 * @throws {EarshotError} budget_spent, source_unavailable, source_rate_limited, source_unauthorized, source_changed
 * @see https://github.com/bluesky-social/jetstream
 */
export async function openJetstream(
  url: URL,
  silenceMs: number,
  listener: JetstreamListener,
  { signal, context, budget }: Pick<PollRun<unknown, unknown>, "signal" | "context" | "budget">,
): Promise<Jetstream> {
  const { WebSocket } = await import("ws");
  signal.throwIfAborted();
  budget.allow({ requests: 1 });
  const socket = new WebSocket(url, {
    handshakeTimeout: HANDSHAKE_MS,
    maxPayload: MAX_EVENT_BYTES,
    perMessageDeflate: false,
    headers: { "user-agent": "Earshot" },
  });
  const cut = () => socket.terminate();
  signal.addEventListener("abort", cut, { once: true });
  const release = () => signal.removeEventListener("abort", cut);
  try {
    return await listen(socket, silenceMs, listener, release, context.now());
  } catch (error) {
    release();
    socket.terminate();
    signal.throwIfAborted();
    throw error;
  } finally {
    budget.spend({ requests: 1 });
  }
}

/** All listeners are there before the first event can come. */
function listen(
  socket: WebSocket,
  silenceMs: number,
  { onEvent, onEnd }: JetstreamListener,
  release: () => void,
  now: Date,
): Promise<Jetstream> {
  let isOver = false;
  let reason: string | undefined;
  let silence: NodeJS.Timeout | undefined;
  const close = () => {
    isOver = true;
    clearTimeout(silence);
    release();
    socket.terminate();
  };
  const end = (error?: EarshotError) => {
    if (isOver) return;
    close();
    onEnd(error);
  };
  socket.on("message", (message: Buffer) => {
    if (isOver) return;
    silence?.refresh();
    let event: unknown;
    try {
      event = JSON.parse(message.toString("utf8"));
    } catch {
      end(
        new EarshotError(
          "source_changed",
          "Jetstream sent something that is not JSON; correct the endpoint.",
        ),
      );
      return;
    }
    onEvent(event);
  });
  const watch = () => {
    silence = setTimeout(() => {
      if (socket.isPaused) silence?.refresh();
      else end(broken(`silent for ${silenceMs / 1_000} s`));
    }, silenceMs);
  };

  return new Promise((resolve, reject) => {
    socket.on("open", () => {
      watch();
      resolve({ pause: () => socket.pause(), resume: () => socket.resume(), close });
    });
    socket.on("unexpected-response", (_request, response) => reject(refusal(response, now)));
    socket.on("error", (error) => {
      reason = error.message;
      reject(broken(reason));
    });
    socket.on("close", (code) => {
      const isOrderly = reason === undefined && (code === 1_000 || code === 1_001);
      end(isOrderly ? undefined : broken(reason ?? `closed with code ${code}`));
    });
  });
}

function broken(why: string): EarshotError {
  return new EarshotError(
    "source_unavailable",
    `The connection to Jetstream broke (${why}); it is made again.`,
  );
}

function refusal({ statusCode: status = 0, headers }: IncomingMessage, now: Date): EarshotError {
  if (status === 429) {
    const at = retryAfter(new Headers({ "retry-after": headers["retry-after"] ?? "" }), now);
    return new EarshotError("source_rate_limited", "Jetstream takes no more connections from us (429).", {
      retryAfterMs: at === undefined ? RATE_LIMIT_MS : Math.max(0, at.getTime() - now.getTime()),
    });
  }
  if (status === 401 || status === 403) {
    return new EarshotError("source_unauthorized", `Jetstream refused us (${status}); correct the endpoint.`);
  }
  if (status >= 500 || status === 404 || status === 408) {
    return new EarshotError("source_unavailable", `Jetstream answered ${status}; it will be asked again.`);
  }
  return new EarshotError(
    "source_changed",
    `Jetstream answered ${status} instead of a stream; correct the endpoint, it may have moved.`,
  );
}
