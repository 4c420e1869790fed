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
    const text = Array.isArray(value) ? value.map(escapeComma).join(",") : String(value ?? "");
    if (text !== "") search.set(key, text);
  }
  return `/api/v1/queries/${name}?${search.toString()}`;
}

/** Lists are separated by commas, which ids may have in them. */
function escapeComma(value: string): string {
  return value.replaceAll(",", "\\,");
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

/** Asks for a part of the API by its path. @throws {ApiFailure} */
export async function getPath<T>(path: string, signal: AbortSignal): Promise<T> {
  return (await request(path, { signal })) as T;
}

/** Sends what a person says, and gives what was recorded. @throws {ApiFailure} */
export async function postTo<T>(path: string, body: unknown): Promise<T> {
  const headers = { "Content-Type": "application/json" };
  return (await request(path, { method: "POST", body: JSON.stringify(body), headers })) as T;
}

/** Ends what a path of the API stands for. @throws {ApiFailure} */
export async function deleteAt(path: string): Promise<void> {
  await request(path, { method: "DELETE" });
}

/** Saves what a path of the API gives as a file, under the name the API gives it. @throws {ApiFailure} */
export async function downloadFile(path: string): Promise<void> {
  const response = await ask(path, {});
  if (!response.ok) throw await failureOf(response);
  const [, name = "earshot"] =
    /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "") ?? [];
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

type Asked = Omit<RequestInit, "headers"> & { readonly headers?: Record<string, string> };

async function request(path: string, init: Asked): Promise<unknown> {
  const response = await ask(path, init);
  if (!response.ok) throw await failureOf(response);
  const body: unknown = await response.json().catch(() => undefined);
  if (body === undefined) throw toFailure(response.status, body);
  return body;
}

async function ask(path: string, init: Asked): Promise<Response> {
  const token = currentToken();
  const headers = new Headers({ ...init.headers, Accept: "application/json" });
  if (token !== "") headers.set("Authorization", `Bearer ${token}`);
  return fetch(path, { ...init, headers, cache: "no-store" }).catch((cause: unknown) => {
    if (init.signal?.aborted) throw cause;
    throw new ApiFailure(
      "unreachable",
      "Earshot does not answer. Check that it is running and that this computer reaches it.",
    );
  });
}

async function failureOf(response: Response): Promise<ApiFailure> {
  if (response.status === 401) reportRefusal();
  return toFailure(response.status, await response.json().catch(() => undefined));
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
