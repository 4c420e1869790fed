import { describe, expect, it } from "vitest";
import { EarshotError } from "../../core/errors.ts";
import { rereadEach, type RereadOne } from "../../ingestors/reread-each.ts";

/** Answers by id: `gone` ones are gone, `none` cannot be asked for, codes are thrown. */
function read(id: string): Promise<RereadOne> {
  if (id.startsWith("gone")) return Promise.resolve({ gone: "deleted" });
  if (id.startsWith("none")) return Promise.resolve(undefined);
  if (id === "budget_spent" || id === "source_rate_limited" || id === "source_unauthorized")
    return Promise.reject(new EarshotError(id, "no"));
  return Promise.resolve({ item: { id } });
}

describe("reading mentions again one at a time", () => {
  it("tells what is there and what is gone, and leaves out what cannot be asked for", async () => {
    expect(await rereadEach(["a", "gone1", "none", "b"], read)).toEqual({
      items: [{ id: "a" }, { id: "b" }],
      gone: [{ id: "gone1", reason: "deleted" }],
    });
    expect(await rereadEach([], read)).toEqual({ items: [], gone: [] });
  });

  it.each(["budget_spent", "source_rate_limited"])("keeps what it has when %s stops it", async (code) => {
    expect(await rereadEach(["gone1", code, "b"], read)).toEqual({
      items: [],
      gone: [{ id: "gone1", reason: "deleted" }],
    });
    await expect(rereadEach(["none", code, "a"], read)).rejects.toMatchObject({ code });
  });

  it("does not hide what waiting does not cure", async () => {
    await expect(rereadEach(["a", "source_unauthorized"], read)).rejects.toMatchObject({
      code: "source_unauthorized",
    });
    await expect(rereadEach(["a"], () => Promise.reject(new TypeError("ours")))).rejects.toThrow(TypeError);
  });
});
