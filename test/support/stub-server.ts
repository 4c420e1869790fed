import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";

/** What a platform answers. Status 200 and no body unless said otherwise. */
export interface StubAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Compress the body and say so. */
  readonly gzip?: boolean;
  /** Wait before answering. */
  readonly delayMs?: number;
  /** Keep the connection open without answering at all, or after the headers and the body given. */
  readonly hang?: "before_headers" | "after_body";
  /** Break the connection after the body given, in the middle of an answer. */
  readonly isCutOff?: boolean;
  /** Answer with a redirect there; 302 unless `status` says otherwise. */
  readonly redirectTo?: string;
}

export interface StubRequest {
  readonly method: string;
  /** With query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One answer for ever, answers in turn (the last one stays), or whatever a function makes of the request. */
export type StubProgram = StubAnswer | readonly StubAnswer[] | ((request: StubRequest) => StubAnswer);

/** A platform's stand-in on this machine: replays what it is told to and records what it is asked. */
export interface StubServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** What was asked so far, oldest first. */
  readonly requests: readonly StubRequest[];
  /** Sets what a path (without query) answers from now on; `*` is every path without a program. Others answer 404. */
  on(path: string, program: StubProgram): void;
  /** Resolves when that many requests have arrived, counted from the start. */
  received(count: number): Promise<void>;
  /** Resolves when no connection is open any more. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a stub server on a free port of the loopback interface. */
export async function startStubServer(): Promise<StubServer> {
  const programs = new Map<string, (request: StubRequest) => StubAnswer>();
  const requests: StubRequest[] = [];
  const waiters = new Set<() => void>();
  let connections = 0;
  const wake = () => waiters.forEach((check) => check());
  const until = (isTrue: () => boolean) =>
    new Promise<void>((resolve) => {
      const check = () => {
        if (!isTrue()) return;
        waiters.delete(check);
        resolve();
      };
      waiters.add(check);
      check();
    });

  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const request: StubRequest = {
        method: incoming.method ?? "",
        path: incoming.url ?? "",
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString(),
      };
      requests.push(request);
      wake();
      const program = programs.get(request.path.replace(/\?.*/s, "")) ?? programs.get("*");
      const answer = program?.(request) ?? { status: 404 };
      setTimeout(() => send(response, answer), answer.delayMs ?? 0);
    });
  });
  server.on("connection", (socket) => {
    connections++;
    socket.on("close", () => {
      connections--;
      wake();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    on: (path, program) => programs.set(path, inTurn(program)),
    received: (count) => until(() => requests.length >= count),
    idle: () => until(() => connections === 0),
    close: async () => {
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function inTurn(program: StubProgram): (request: StubRequest) => StubAnswer {
  if (typeof program === "function") return program;
  const answers = Array.isArray(program) ? (program as readonly StubAnswer[]) : [program as StubAnswer];
  let turn = 0;
  return () => answers[Math.min(turn++, answers.length - 1)] ?? { status: 404 };
}

function send(response: ServerResponse, answer: StubAnswer): void {
  if (answer.hang === "before_headers" || response.destroyed) return;
  const isRedirect = answer.redirectTo !== undefined;
  const plain = Buffer.from(answer.body ?? "");
  const body = answer.gzip === true ? gzipSync(plain) : plain;
  response.writeHead(answer.status ?? (isRedirect ? 302 : 200), {
    ...(isRedirect ? { location: answer.redirectTo } : {}),
    ...(answer.gzip === true ? { "content-encoding": "gzip" } : {}),
    ...answer.headers,
  });
  if (answer.isCutOff === true) response.write(body, () => response.destroy());
  else if (answer.hang === "after_body") response.write(body);
  else response.end(body);
}
