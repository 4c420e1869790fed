import type { QueryReply, Status } from "./query-rows.ts";
import { currentToken, reportRefusal } from "./session.ts";

/** Parameters of a query; empty strings, empty lists and undefined are left out of the request. */
export type QueryParams = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** Why the API gave no answer: its own `code` and message, or `unreachable` when it did not answer at all. */
export class ApiFailure extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The path of a named query with its parameters, in a stable order. */
export function queryPath(name: string, params: QueryParams): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(params)) {
    const text = Array.isArray(value) ? value.join(",") : String(value ?? "");
    if (text !== "") search.set(key, text);
  }
  return `/api/v1/queries/${name}?${search.toString()}`;
}

/** Rows of a named query, given its {@link queryPath}. @throws {ApiFailure} */
export async function getQuery<Row>(path: string, signal: AbortSignal): Promise<QueryReply<Row>> {
  return (await request(path, { signal })) as QueryReply<Row>;
}

/** What the installation holds and does. @throws {ApiFailure} */
export async function getStatus(signal: AbortSignal): Promise<Status> {
  return (await request("/api/v1/status", { signal })) as Status;
}

/** Starts loading the demo data; progress is told by {@link getStatus}. @throws {ApiFailure} */
export async function loadDemo(): Promise<void> {
  await request("/api/v1/demo", { method: "POST" });
}

async function request(path: string, init: RequestInit): Promise<unknown> {
  const token = currentToken();
  const headers = new Headers({ Accept: "application/json" });
  if (token !== "") headers.set("Authorization", `Bearer ${token}`);
  const response = await fetch(path, { ...init, headers, cache: "no-store" }).catch((cause: unknown) => {
    if (init.signal?.aborted) throw cause;
    throw new ApiFailure(
      "unreachable",
      "Earshot does not answer. Check that it is running and that this computer reaches it.",
    );
  });
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok && body !== undefined) return body;
  if (response.status === 401) reportRefusal();
  throw toFailure(response.status, body);
}

function toFailure(status: number, body: unknown): ApiFailure {
  if (typeof body === "object" && body !== null && "code" in body && "message" in body) {
    return new ApiFailure(String(body.code), String(body.message));
  }
  return new ApiFailure(
    "unreachable",
    `Earshot answered ${status} without an explanation. Try again shortly.`,
  );
}
