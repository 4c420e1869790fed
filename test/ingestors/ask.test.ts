import { describe, expect, it } from "vitest";
import { ask } from "../../ingestors/ask.ts";
import { rateLimitHeaders, retryAfter } from "../../ingestors/rate-limit.ts";
import { aPollRun } from "../support/builders.ts";

describe("a secret that cannot be sent", () => {
  it.each([
    ["with a line end", `eyJ${"s".repeat(300)}\nrest`],
    ["with a control character", "short-secret-\u0000abc"],
    ["with a typographic quote", "“short-secret-abc”"],
  ])("%s is refused without being quoted, and asks for a person", async (_, secret) => {
    const asked = ask(
      {
        platform: "Example",
        url: new URL("http://127.0.0.1:9/"),
        headers: { authorization: `Bearer ${secret}` },
        whenRefused: "check token of this source",
      },
      aPollRun(),
    );
    const error: unknown = await asked.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "source_unauthorized", cause: undefined });
    expect(String(error)).toContain("check token of this source");
    expect(String(error)).not.toMatch(/sss|short-secret/);
  });
});

describe("a limit that ends at no time", () => {
  const now = new Date("2026-03-02T10:00:00.000Z");

  it.each(["99999999999999999", "soon", ""])("%j is not obeyed", (reset) => {
    const read = rateLimitHeaders("left", "reset", "epoch");
    expect(read(new Headers({ left: "0", reset }), now)).toEqual({ remaining: 0 });
    expect(retryAfter(new Headers({ "retry-after": reset }), now)).toBeUndefined();
  });
});
