import { useMemo } from "react";
import { useQuery } from "../use-query.ts";
import type { IssueEventRow } from "./issue-rows.ts";
import { payloadOf, textOf } from "./payload.ts";

/** Everybody issues were given to, by name. */
export function useOwners(tracker: string, tick: number): readonly string[] {
  const params = { tracker, kind: "own", standing: true, limit: 1_000 };
  const rows = useQuery<IssueEventRow>("issue_events", params, tick).value?.rows;
  return useMemo(() => {
    const names = (rows ?? []).map((row) => textOf(payloadOf(row), "owner")).filter((name) => name !== "");
    return [...new Set(names)].sort((a, b) => a.localeCompare(b));
  }, [rows]);
}
