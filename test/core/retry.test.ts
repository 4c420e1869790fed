import { describe, expect, it } from "vitest";
import { EarshotError, ERROR_CODES } from "../../core/errors.ts";
import { retrying } from "../../core/retry.ts";
import { aContext } from "../support/builders.ts";

const quick = { what: "test", firstDelayMs: 1, maxDelayMs: 2 };
const signal = new AbortController().signal;

function failing(times: number, error: Error) {
  let calls = 0;
  const attempt = async () => {
    if (++calls <= times) throw error;
    return calls;
  };
  return attempt;
}

describe("retrying", () => {
  it("tries a retryable error again until it succeeds", async () => {
    const away = new EarshotError("sink_unavailable", "away");
    expect(await retrying(failing(3, away), quick, signal, aContext())).toBe(4);
  });

  it("gives up after the attempts it was given", async () => {
    const away = new EarshotError("source_unavailable", "away");
    await expect(retrying(failing(9, away), { ...quick, maxAttempts: 3 }, signal, aContext())).rejects.toBe(
      away,
    );
  });

  it.each([new EarshotError("record_invalid", "bad"), new TypeError("a bug")])(
    "never retries %s",
    async (error) => {
      await expect(retrying(failing(1, error), quick, signal, aContext())).rejects.toBe(error);
    },
  );

  it("ends its wait at an abort", async () => {
    const controller = new AbortController();
    const away = new EarshotError("sink_unavailable", "away", { retryAfterMs: 3_600_000 });
    const waiting = retrying(failing(1, away), quick, controller.signal, aContext());
    controller.abort();
    await expect(waiting).rejects.toThrow();
  });
});

describe("error table", () => {
  it("retries exactly what passes by itself", () => {
    const retried = Object.entries(ERROR_CODES).filter(([, rule]) => rule.retried);
    expect(retried.map(([code]) => code).sort()).toEqual([
      "sink_unavailable",
      "source_rate_limited",
      "source_unavailable",
    ]);
  });
});
