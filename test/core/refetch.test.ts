import { expect, it } from "vitest";
import { z } from "zod";
import { NO_LIMITS } from "../../core/budget.ts";
import { defineIngestor } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { refetch } from "../../core/refetch.ts";
import { aContext } from "../support/builders.ts";

const days = defineIngestor({
  name: "days",
  summary: "Days of a month as mentions.",
  source: { mode: "poll", schedule: "* * * * *", scope: "all" },
  config: z.strictObject({}),
  cursor: z.object({}),
  async *poll() {
    yield { items: ["01", "02", "?"] };
    yield { items: ["03", "04"] };
  },
  parse(item) {
    if (item === "?") throw new EarshotError("record_invalid", "no day");
    const publishedAt = `2026-02-${String(item)}T00:00:00.000Z`;
    return {
      type: "upsert",
      mention: { platform: "days", nativeId: String(item), kind: "post", text: "n", publishedAt },
    };
  },
});

it("gives what was published in a past window, and what cannot be read, so that neither is lost", async () => {
  const options = {
    source: "test",
    belonging: { trackers: ["acme"] },
    redactKey: undefined,
    ingestor: days,
    config: {},
    queries: [],
    budget: NO_LIMITS,
    context: aContext(),
  };
  const window = { from: "2026-02-02T00:00:00.000Z", to: "2026-02-04T00:00:00.000Z" };
  const pages = [];
  for await (const page of refetch(options, window, new AbortController().signal)) pages.push(page);
  expect(pages).toMatchObject([
    { events: [{ mention: { id: "days:02" } }], dead: [{ stage: "parse", code: "record_invalid" }] },
    { events: [{ mention: { id: "days:03" } }], dead: [] },
  ]);
});
