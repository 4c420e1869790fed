import { describe, expect, it } from "vitest";
import { openReadChain } from "../../cli/reading.ts";
import { toEnrichment } from "../../core/process.ts";
import { MODEL_VERSION } from "../../processors/model-version.ts";
import { Enrichment } from "../../schemas/enrichment.ts";
import { HOSTILE_TEXTS } from "../contracts/processor.ts";
import { aMention } from "../support/builders.ts";
import { valuesOf } from "../support/outcomes.ts";
import { readMentions } from "../support/read-mentions.ts";

describe("readChain", () => {
  it("gives enrichments the store accepts, whatever the text", async () => {
    const read = await readMentions(
      [...HOSTILE_TEXTS, "My parcel never arrived 😡"].map((text) => ({ text })),
    );
    for (const { text, sentiment, complaint, ...rest } of read) {
      const at = "2026-03-02T10:00:00.000Z";
      const enrichment = toEnrichment({ ...rest, sentiment, complaint }, MODEL_VERSION, at);
      expect(Enrichment.safeParse(enrichment).error).toBeUndefined();
      for (const { start, end } of [...sentiment.spans, ...complaint.evidence]) {
        expect(start).toBeLessThan(end);
        expect(end).toBeLessThanOrEqual(text.length);
      }
    }
  });

  it("does not hold the event loop for more than 50 ms of processor time while it reads 1,000 mentions", async () => {
    const chain = openReadChain({ aspects: {} });
    const batch = Array.from({ length: 1_000 }, () =>
      aMention({ text: "The parcel never arrived, why? ".repeat(4) }),
    );
    const signal = new AbortController().signal;
    await chain.run(batch.slice(0, 200), signal);
    let longest = 0;
    let last = process.cpuUsage();
    let isDone = false;
    const look = () => {
      const { user, system } = process.cpuUsage(last);
      longest = Math.max(longest, (user + system) / 1_000);
      last = process.cpuUsage();
      if (!isDone) setImmediate(look);
    };
    setImmediate(look);
    expect(valuesOf(await chain.run(batch, signal))).toHaveLength(1_000);
    isDone = true;
    expect(longest).toBeLessThan(50);
  });
});
