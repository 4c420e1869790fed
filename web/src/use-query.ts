import { useEffect, useState } from "react";
import { ApiFailure, getQuery, getStatus, queryPath, type QueryParams } from "./api.ts";
import type { QueryReply, Status } from "./query-rows.ts";

/** What is known of an answer. `value` stays the last good one while a newer one loads or after it failed. */
export interface Loaded<T> {
  readonly value: T | undefined;
  readonly error: ApiFailure | undefined;
  /** True while `value` is not yet the answer to what was asked last. */
  readonly isStale: boolean;
}

interface Settled<T> {
  readonly key: string;
  readonly value: T | undefined;
  readonly error: ApiFailure | undefined;
}

/**
 * The answer to a named query, asked again whenever its parameters or `tick` change. Undefined `params` ask nothing.
 */
export function useQuery<Row>(
  name: string,
  params: QueryParams | undefined,
  tick: number,
): Loaded<QueryReply<Row>> {
  return useRequest(params && queryPath(name, params), tick, (path, signal) => getQuery<Row>(path, signal));
}

/** An answer that means little without another: it is there when both are, or when the other one cannot be had. */
export function togetherWith<T>(loaded: Loaded<T>, other: Loaded<unknown>): Loaded<T> {
  return {
    value: other.value !== undefined || other.error ? loaded.value : undefined,
    error: loaded.error,
    isStale: loaded.isStale || (other.isStale && !other.error),
  };
}

/** The installation's status, asked again whenever `tick` changes. */
export function useStatus(tick: number): Loaded<Status> {
  return useRequest("status", tick, (_key, signal) => getStatus(signal));
}

/** An answer asked for by its `key`, again whenever that or `tick` changes. An undefined key asks nothing. */
export function useRequest<T>(
  key: string | undefined,
  tick: number,
  load: (key: string, signal: AbortSignal) => Promise<T>,
): Loaded<T> {
  const [settled, setSettled] = useState<Settled<T> | undefined>(() => recall<T>(key));
  useEffect(() => {
    if (key === undefined) return;
    const controller = new AbortController();
    load(key, controller.signal).then(
      (value) => {
        if (controller.signal.aborted) return;
        remember(key, value);
        setSettled((before) => ({ key, value: keepSame(before?.value, value), error: undefined }));
      },
      (cause: unknown) => {
        if (controller.signal.aborted) return;
        const error = cause instanceof ApiFailure ? cause : new ApiFailure("unreachable", String(cause));
        setSettled((before) => ({ key, value: before?.value, error }));
      },
    );
    return () => {
      controller.abort();
    };
    // `load` is a new closure on every render and depends on `key` alone
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [key, tick]);
  return { value: settled?.value, error: settled?.error, isStale: settled?.key !== key };
}

/** The last good answers, the oldest first: a page that is come back to stands at once, as high as it was. */
const answers = new Map<string, unknown>();
const MOST_ANSWERS = 100;

function remember(key: string, value: unknown): void {
  answers.delete(key);
  answers.set(key, value);
  const [oldest] = answers.keys();
  if (answers.size > MOST_ANSWERS && oldest !== undefined) answers.delete(oldest);
}

function recall<T>(key: string | undefined): Settled<T> | undefined {
  if (key === undefined || !answers.has(key)) return undefined;
  return { key, value: answers.get(key) as T, error: undefined };
}

/** The value before where the new one says the same, so that a refresh without news draws nothing again. */
function keepSame<T>(before: T | undefined, value: T): T {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(value) ? before : value;
}
