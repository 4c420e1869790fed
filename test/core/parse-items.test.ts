import { describe, expect, it } from "vitest";
import { z } from "zod";
import { belonging } from "../../core/belonging.ts";
import { defineIngestor } from "../../core/contracts.ts";
import { parseItems } from "../../core/parse-items.ts";
import { parseQuery } from "../../core/query/parse-query.ts";
import { aContext } from "../support/builders.ts";

const Item = z.strictObject({ id: z.string(), author: z.string(), said: z.string() });

const ingestor = defineIngestor({
  name: "echo",
  summary: "Repeats what it is told.",
  source: { mode: "poll", schedule: "* * * * *", scope: "query" },
  config: z.strictObject({}),
  cursor: z.strictObject({}),
  async *poll() {},
  parse(item) {
    const { success, data } = Item.safeParse(item);
    if (!success) throw new Error(`no item: ${JSON.stringify(item)}`);
    const { id, author, said } = data;
    return {
      type: "upsert",
      mention: {
        platform: "x",
        nativeId: id,
        kind: "post",
        text: said,
        authorId: author,
        authorHandle: author,
        authorName: "Ann Example",
        publishedAt: "2026-03-02T09:00:00.000Z",
      },
    };
  },
});

const KEY = "a key that nobody else knows";

function parse(items: readonly unknown[], redactKey: string | undefined) {
  const queries = [{ tracker: "acme", query: parseQuery("acme OR author:ann") }];
  return parseItems(
    {
      source: "echoes",
      belonging: belonging("query", ["acme"], queries),
      ingestor,
      redactKey,
      context: aContext(),
    },
    items,
  );
}

const mentionsIn = ({ events }: ReturnType<typeof parse>) =>
  events.flatMap((event) => (event.type === "upsert" ? [event.mention] : []));

describe("where personal data must not be kept", () => {
  it("is stored what was said without it, with a pseudonym that still counts people", () => {
    const items = [
      { id: "1", author: "ann", said: "acme, write to ann@example.com or call +44 20 7946 0958" },
      { id: "2", author: "ann", said: "acme is late" },
      { id: "3", author: "bob", said: "acme is late" },
    ];
    const [first, second, third] = mentionsIn(parse(items, KEY));
    expect(first?.text).toBe("acme, write to [email] or call [phone]");
    expect(JSON.stringify([first, second])).not.toMatch(/ann|Ann|7946/);
    expect(first?.authorId).toBe(second?.authorId);
    expect(first?.authorId).not.toBe(third?.authorId);
    expect(first?.id).toBe("x:1");
  });

  it("is still matched by who said it", () => {
    expect(mentionsIn(parse([{ id: "1", author: "ann", said: "nothing" }], KEY))).toHaveLength(1);
  });

  it("is no personal data in the payload and the reason of a dead letter, which can be replayed", () => {
    const { dead } = parse([{ id: "1", author: "ann", said: "write to ann@example.com", odd: true }], KEY);
    expect(JSON.stringify(dead)).not.toContain("ann@example.com");
    expect(dead[0]).toMatchObject({
      code: "record_invalid",
      payload: expect.stringContaining("[email]") as string,
    });
  });
});

it("keeps everything as it was said where nothing else is asked for", () => {
  const [mention] = mentionsIn(parse([{ id: "1", author: "ann", said: "acme: ann@example.com" }], undefined));
  expect(mention).toMatchObject({
    text: "acme: ann@example.com",
    authorId: "ann",
    authorName: "Ann Example",
  });
});
