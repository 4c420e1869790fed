import { describe, expect, it } from "vitest";
import { findFixed } from "../../cli/find-fixed.ts";
import type { Query } from "../../core/contracts.ts";

const ISSUES = ["fm8r747gq7", "3xbcrj35mj"];

/** Two issues of acme and one mention, as the store has them, without one. */
const app = {
  ask: (async (query: Query<never, never>, asked: { id: string; tracker?: string; ids: string[] }) =>
    query.name === "known_mentions"
      ? asked.ids.filter((id) => id === "zendesk:4711").map((id) => ({ id, raw_hash: "" }))
      : ISSUES.filter((id) => id.startsWith(asked.id) && (asked.tracker ?? "acme") === "acme").map((id) => ({
          tracker: "acme",
          issue_id: id,
          title: "",
        }))) as never,
};

describe("what a change mends", () => {
  it("is named by the first characters of an issue, or by a mention, each once", async () => {
    expect(await findFixed(app, ["fm8r", "zendesk:4711", "3xbcrj35mj", "fm8r747gq7"])).toEqual([
      "fm8r747gq7",
      "zendesk:4711",
      "3xbcrj35mj",
    ]);
    expect(await findFixed(app, [], "acme")).toEqual([]);
  });

  it.each([["none"], ["zendesk:4712"]])("is refused where there is no %s", async (name) => {
    await expect(findFixed(app, [name])).rejects.toMatchObject({ code: "not_found" });
  });

  it("is looked for where the change is", async () => {
    await expect(findFixed(app, ["fm8r"], "birch")).rejects.toThrow("There is no issue fm8r of birch");
  });
});
