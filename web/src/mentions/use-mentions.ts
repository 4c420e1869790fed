import { useEffect, useState } from "react";
import { ApiFailure, getQuery, queryPath, type QueryParams } from "../api.ts";
import type { MentionRow, QueryReply } from "../query-rows.ts";

/** Mentions per request. */
const PAGE_SIZE = 20;

interface Listed {
  readonly key: string;
  readonly rows: readonly MentionRow[];
  readonly sql: string | undefined;
  readonly hasMore: boolean;
  readonly error: ApiFailure | undefined;
}

/** The mention list as far as it was read, newest first. */
export interface MentionPages extends Omit<Listed, "key"> {
  /** True while `rows` do not yet answer what was asked last. */
  readonly isStale: boolean;
  readonly isLoadingMore: boolean;
  readonly loadMore: () => void;
}

const NOTHING: Listed = { key: "", rows: [], sql: undefined, hasMore: false, error: undefined };

/** The latest mentions that match, read page by page and kept current at the top as `tick` grows. */
export function useMentions(params: QueryParams, tick: number): MentionPages {
  const key = queryPath("latest_mentions", { ...params, limit: PAGE_SIZE });
  const [listed, setListed] = useState(NOTHING);
  const [loadingMore, setLoadingMore] = useState("");

  useEffect(() => {
    const controller = new AbortController();
    getQuery<MentionRow>(key, controller.signal).then(
      (reply) => {
        if (!controller.signal.aborted) setListed((before) => withFirstPage(before, key, reply));
      },
      (cause: unknown) => {
        if (!controller.signal.aborted) setListed((before) => ({ ...before, key, error: toFailure(cause) }));
      },
    );
    return () => {
      controller.abort();
    };
  }, [key, tick]);

  const loadMore = (): void => {
    const last = listed.rows.at(-1);
    if (!last) return;
    setLoadingMore(key);
    const path = queryPath("latest_mentions", { ...params, limit: PAGE_SIZE, before: last.cursor });
    getQuery<MentionRow>(path, new AbortController().signal)
      .then(
        (reply) => {
          setListed((before) => (before.key === key ? withNextPage(before, reply) : before));
        },
        (cause: unknown) => {
          setListed((before) => (before.key === key ? { ...before, error: toFailure(cause) } : before));
        },
      )
      .finally(() => {
        setLoadingMore("");
      });
  };

  return { ...listed, isStale: listed.key !== key, isLoadingMore: loadingMore === key, loadMore };
}

/** A fresh first page on top of the older pages, where the two still join; else the first page alone. */
function withFirstPage(before: Listed, key: string, reply: QueryReply<MentionRow>): Listed {
  const alone = {
    key,
    rows: reply.rows,
    sql: reply.sql,
    hasMore: reply.rows.length === PAGE_SIZE,
    error: undefined,
  };
  if (before.key !== key || before.rows.length <= reply.rows.length) return alone;
  const joint = before.rows.findIndex((row) => row.id === reply.rows.at(-1)?.id);
  if (joint < 0) return alone;
  return { ...alone, rows: [...reply.rows, ...before.rows.slice(joint + 1)], hasMore: before.hasMore };
}

function withNextPage(before: Listed, reply: QueryReply<MentionRow>): Listed {
  const known = new Set(before.rows.map((row) => row.id));
  const rows = [...before.rows, ...reply.rows.filter((row) => !known.has(row.id))];
  return { ...before, rows, hasMore: reply.rows.length === PAGE_SIZE, error: undefined };
}

function toFailure(cause: unknown): ApiFailure {
  return cause instanceof ApiFailure ? cause : new ApiFailure("unreachable", String(cause));
}
