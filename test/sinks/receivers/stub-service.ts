import type { ServiceTrouble, StubService } from "../../contracts/receiver.ts";
import { startStubServer, type StubAnswer, type StubRequest } from "../../support/stub-server.ts";

/** A stand-in of a service that is spoken to over HTTP. */
export interface StubServiceOptions {
  config(url: string): Readonly<Record<string, unknown>>;
  secrets(url: string): readonly string[];
  /** What it answers when all is well. */
  ok(request: StubRequest): StubAnswer;
  /** What it answers in trouble; absent: the status, with all it was sent. */
  troubled?(trouble: ServiceTrouble, request: StubRequest): StubAnswer | undefined;
  /** How a message is told to the tests; absent: its body. */
  message?(request: StubRequest): string;
}

const STATUSES: Readonly<Record<Exclude<ServiceTrouble, "hang">, number>> = {
  busy: 429,
  failing: 500,
  malformed: 400,
  forbidden: 403,
  missing: 404,
};

/** Seconds a busy service asks for. */
export const RETRY_AFTER_S = 7;

export async function startStubService(options: StubServiceOptions): Promise<StubService> {
  const server = await startStubServer();
  const taken: string[] = [];
  let trouble: ServiceTrouble | undefined;
  let before = 0;
  server.on("*", (request) => {
    if (trouble === undefined) {
      taken.push(options.message?.(request) ?? request.body);
      return options.ok(request);
    }
    return options.troubled?.(trouble, request) ?? givenBack(trouble, server.url, request);
  });
  return {
    config: options.config(server.url),
    secrets: options.secrets(server.url),
    taken: () => taken,
    trouble: (next) => {
      trouble = next;
      before = server.requests.length;
    },
    asked: () => server.received(before + 1),
    close: () => server.close(),
  };
}

/** As a careless proxy would: with the address, the headers and the body in every place a reason could be read from. */
function givenBack(trouble: ServiceTrouble, url: string, request: StubRequest): StubAnswer {
  if (trouble === "hang") return { hang: "before_headers" };
  const all = `refused ${url}${request.path} ${JSON.stringify(request.headers)} ${request.body}`;
  return {
    status: STATUSES[trouble],
    headers: trouble === "busy" ? { "retry-after": String(RETRY_AFTER_S) } : {},
    body: JSON.stringify({ message: all, errors: [all], error: { code: all, message: all }, code: 10_015 }),
  };
}
