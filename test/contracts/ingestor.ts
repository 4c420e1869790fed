import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import type { Cost, Ingestor, Page } from "../../core/contracts.ts";
import { EarshotError, type ErrorCode } from "../../core/errors.ts";
import { toMention } from "../../core/mention.ts";
import { aContext, aPollRun } from "../support/builders.ts";

/** What can be wrong with a platform. `hang`: it takes the question and never answers. */
export type Trouble = "garbage" | "rate_limited" | "unauthorized" | "forbidden" | "unavailable" | "hang";

/** What a platform, or an ingestor, may be unable to do; each switches off the promises that depend on it. */
export type Ability =
  | Trouble
  /** More mentions appear while it is listened to. */
  | "grows"
  /** One item can be broken while others are fine. */
  | "broken_item"
  /** It asks a platform, and can be told to ask no more. */
  | "budget"
  /** Mentions can be read again by their ids. */
  | "reread"
  /** Some time during a poll is spent waiting, so that it can be stopped. */
  | "abort";

/** A running stand-in of a platform, made anew for each test. */
export interface StubPlatform {
  /** What `ingestor.config` is given, the address of the stand-in included. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Publishes that many mentions after those already there. @returns their native ids */
  publish(count: number): Promise<readonly string[]> | readonly string[];
  /** Publishes one item that cannot be read. */
  readonly publishBroken?: () => Promise<void> | void;
  /** Takes a mention away. */
  readonly remove?: (id: string) => Promise<void> | void;
  /** What happens to whoever asks from now on; undefined = all is well again. */
  readonly trouble?: (trouble: Trouble | undefined) => void;
  /** Resolves when the platform has been asked something since it was troubled. */
  readonly asked?: () => Promise<void>;
  close(): Promise<void>;
}

export interface IngestorHarness {
  readonly ingestor: Ingestor;
  open(): Promise<StubPlatform> | StubPlatform;
  /** How many mentions fill several pages, or several answers, of the platform. */
  readonly severalPages: number;
  /** What a `rate_limited` platform asks for. */
  readonly retryAfterMs?: number;
  /** A cursor its schema accepts and its platform has never given out. */
  readonly foreignCursor: unknown;
  /** What garbage is: `source_changed` unless the platform has a better reason. */
  readonly garbageCode?: ErrorCode;
  /** What this ingestor or its platform cannot do, each with the reason why. */
  readonly without?: Readonly<Partial<Record<Ability, string>>>;
}

const OBSERVED_AT = "2026-03-02T10:00:00.000Z";
const context = aContext(OBSERVED_AT);

/** What every ingestor promises the ingest loop. Call it in the ingestor's own test. */
export function ingestorContract(name: string, harness: IngestorHarness): void {
  const { ingestor, without = {} } = harness;
  const open: StubPlatform[] = [];

  async function start(): Promise<StubPlatform> {
    const platform = await harness.open();
    open.push(platform);
    return platform;
  }

  function pages(
    platform: StubPlatform,
    cursor?: unknown,
    signal: AbortSignal = new AbortController().signal,
  ): AsyncIterable<Page<unknown>> {
    return ingestor.poll(
      aPollRun({ config: ingestor.config.parse(platform.config), cursor, signal, context }),
    );
  }

  /** Reads to the end, or as the ingest loop does when it is killed after so many pages. */
  async function read(platform: StubPlatform, cursor?: unknown, killedAfter = Infinity) {
    const items: unknown[] = [];
    const cursors: unknown[] = [];
    let count = 0;
    for await (const page of pages(platform, cursor)) {
      if (count === killedAfter) break;
      count++;
      items.push(...page.items);
      if (page.cursor !== undefined) cursors.push(page.cursor);
    }
    return { items, cursors, last: cursors.at(-1) ?? cursor, pages: count };
  }

  /** Native ids of what the loop would write; items it would make dead letters of are left out. */
  function idsOf(items: readonly unknown[]): string[] {
    return items.flatMap((item) => {
      try {
        const parsed = ingestor.parse(item, OBSERVED_AT);
        return parsed.type === "upsert" ? [parsed.mention.nativeId] : [];
      } catch (error) {
        if (error instanceof EarshotError) return [];
        throw error;
      }
    });
  }

  async function failure(platform: StubPlatform, cursor?: unknown): Promise<EarshotError> {
    try {
      await read(platform, cursor);
    } catch (error) {
      if (error instanceof EarshotError) return error;
      throw error;
    }
    throw new Error("the poll ended well although the platform is in trouble");
  }

  /** A test that is skipped, by name and reason, where the harness says it cannot apply. */
  function promise(title: string, needs: readonly Ability[], test: () => Promise<void>): void {
    const lacking = needs.find((ability) => without[ability] !== undefined);
    if (lacking === undefined) it(title, test);
    else it.skip(`${title} (without ${lacking}: ${without[lacking]})`, test);
  }

  function need<T>(value: T | undefined, what: string): T {
    if (value === undefined)
      throw new Error(`the harness of ${name} lacks ${what}; give it, or say why not in without`);
    return value;
  }

  function troubled(platform: StubPlatform, trouble: Trouble | undefined): void {
    need(platform.trouble, "trouble")(trouble);
  }

  describe(`the ingestor contract, kept by ${name}`, () => {
    afterEach(async () => {
      await Promise.all(open.splice(0).map((platform) => platform.close()));
    });

    it("refuses options it does not know", async () => {
      const platform = await start();
      expect(ingestor.config.safeParse(platform.config).success).toBe(true);
      expect(ingestor.config.safeParse({ ...platform.config, noSuchOption: 1 }).success).toBe(false);
    });

    it("skips nothing over several pages", async () => {
      const platform = await start();
      const published = await platform.publish(harness.severalPages);
      const { items } = await read(platform);
      expect(new Set(idsOf(items))).toEqual(new Set(published));
    });

    it("makes of every item a whole mention", async () => {
      const platform = await start();
      await platform.publish(3);
      const { items } = await read(platform);
      const origin = { source: name, trackers: [], observedAt: OBSERVED_AT };
      const mentions = items.flatMap((item) => {
        const parsed = ingestor.parse(item, OBSERVED_AT);
        return parsed.type === "upsert" ? [toMention(parsed.mention, origin)] : [];
      });
      expect(mentions).toHaveLength(3);
    });

    it("adds no new id from its own last cursor", async () => {
      const platform = await start();
      const published = await platform.publish(harness.severalPages);
      const first = await read(platform);
      expect(first.last).toBeDefined();
      const second = await read(platform, first.last);
      const known = new Set(published);
      expect(idsOf(second.items).filter((id) => !known.has(id))).toEqual([]);
    });

    promise("reads from its cursor what has appeared since", ["grows"], async () => {
      const platform = await start();
      await platform.publish(harness.severalPages);
      const { last } = await read(platform);
      const since = await platform.publish(3);
      const { items } = await read(platform, last);
      expect(idsOf(items)).toEqual(expect.arrayContaining([...since]));
    });

    it("reads again what was not checkpointed, wherever it is killed", async () => {
      const platform = await start();
      const published = await platform.publish(harness.severalPages);
      const whole = await read(platform);
      for (let killedAfter = 0; killedAfter < whole.pages; killedAfter++) {
        const before = await read(platform, undefined, killedAfter);
        const after = await read(platform, before.last);
        const durable = new Set([...idsOf(before.items), ...idsOf(after.items)]);
        expect(durable, `killed after ${killedAfter} of ${whole.pages} pages`).toEqual(new Set(published));
      }
    });

    it("gives items and cursors that survive JSON", async () => {
      const platform = await start();
      await platform.publish(harness.severalPages);
      const { items, cursors } = await read(platform);
      expect(cursors.length).toBeGreaterThan(0);
      for (const item of items) {
        const stored: unknown = JSON.parse(JSON.stringify(item));
        expect(ingestor.parse(stored, OBSERVED_AT)).toEqual(ingestor.parse(item, OBSERVED_AT));
      }
      for (const cursor of cursors) {
        const stored: unknown = JSON.parse(JSON.stringify(cursor));
        const loaded = ingestor.cursor.parse(stored);
        expect(JSON.parse(JSON.stringify(loaded))).toEqual(stored);
        const { items: again } = await read(platform, loaded);
        expect(idsOf(again).filter((id) => !idsOf(items).includes(id))).toEqual([]);
      }
    });

    it("parses an item without changing it, to the same every time", async () => {
      const platform = await start();
      await platform.publish(1);
      const { items } = await read(platform);
      const before = JSON.stringify(items);
      const once = items.map((item) => ingestor.parse(item, OBSERVED_AT));
      const twice = items.map((item) => ingestor.parse(item, OBSERVED_AT));
      expect(twice).toEqual(once);
      expect(JSON.stringify(items)).toBe(before);
    });

    it.each([[null], [42], ["text"], [[]], [{}], [{ id: { deep: [null] } }]])(
      "calls an item like %j record_invalid",
      (item) => {
        expect(() => ingestor.parse(item, OBSERVED_AT)).toThrow(
          expect.objectContaining({ name: "EarshotError", code: "record_invalid" }) as Error,
        );
      },
    );

    promise(
      "reads the rest when one item is broken, and drops no item silently",
      ["broken_item"],
      async () => {
        const platform = await start();
        const published = [...(await platform.publish(2))];
        await need(platform.publishBroken, "publishBroken")();
        published.push(...(await platform.publish(2)));
        const { items, last } = await read(platform);
        expect(new Set(idsOf(items))).toEqual(new Set(published));
        const reasons = items.flatMap((item) => {
          try {
            ingestor.parse(item, OBSERVED_AT);
            return [];
          } catch (error) {
            return [error instanceof EarshotError ? error.code : error];
          }
        });
        expect(reasons).toEqual(["record_invalid"]);
        expect(last).toBeDefined();
      },
    );

    const troubles: readonly [Trouble, ErrorCode][] = [
      ["garbage", harness.garbageCode ?? "source_changed"],
      ["rate_limited", "source_rate_limited"],
      ["unauthorized", "source_unauthorized"],
      ["forbidden", "source_unauthorized"],
      ["unavailable", "source_unavailable"],
    ];
    for (const [trouble, code] of troubles) {
      promise(`calls a platform that is ${trouble} ${code}, and loses nothing by it`, [trouble], async () => {
        const platform = await start();
        const published = [...(await platform.publish(2))];
        troubled(platform, trouble);
        const error = await failure(platform);
        expect(error.code).toBe(code);
        if (trouble === "rate_limited")
          expect(error.retryAfterMs).toBe(need(harness.retryAfterMs, "retryAfterMs"));
        troubled(platform, undefined);
        const { items, last } = await read(platform);
        expect(new Set(idsOf(items))).toEqual(new Set(published));
        if (without.grows !== undefined) return;
        published.push(...(await platform.publish(1)));
        troubled(platform, trouble);
        expect((await failure(platform, last)).code).toBe(code);
        troubled(platform, undefined);
        expect(idsOf((await read(platform, last)).items)).toContain(published.at(-1));
      });
    }

    promise(
      "asks its budget before each request, charges each, and loses nothing when it is spent",
      ["budget"],
      async () => {
        const platform = await start();
        const published = await platform.publish(harness.severalPages);
        const config = ingestor.config.parse(platform.config);
        let [asked, spent, limit] = [0, 0, Infinity];
        const budget = {
          allow({ requests = 0 }: Cost) {
            if (requests === 0) return;
            if (asked >= limit) throw new EarshotError("budget_spent", "no more requests");
            asked += requests;
          },
          spend: ({ requests = 0 }: Cost) => void (spent += requests),
        };
        const ids = new Set<string>();
        const poll = async (cursor?: unknown) => {
          let last = cursor;
          for await (const page of ingestor.poll(aPollRun({ config, cursor, budget, context }))) {
            for (const id of idsOf(page.items)) ids.add(id);
            last = page.cursor ?? last;
          }
          return last;
        };
        const startOver = (most: number) => {
          [asked, spent, limit] = [0, 0, most];
          ids.clear();
        };
        await poll();
        const needed = asked;
        expect(needed).toBeGreaterThan(0);
        expect(spent).toBe(needed);
        for (let most = 0; most < needed; most++) {
          startOver(most);
          await expect(poll()).rejects.toMatchObject({ code: "budget_spent" });
          expect(spent).toBe(asked);
          startOver(Infinity);
          await poll();
          expect(ids).toEqual(new Set(published));
        }
      },
    );

    promise("reads mentions again by their ids, and says which are gone", ["reread"], async () => {
      const platform = await start();
      const published = [...(await platform.publish(3))];
      const run = aPollRun({ config: ingestor.config.parse(platform.config), context });
      const reread = need(ingestor.reread?.bind(ingestor), "an ingestor with reread");
      const all = await reread(published, run);
      expect(new Set(idsOf(all.items))).toEqual(new Set(published));
      expect(all.gone).toEqual([]);
      const removed = published[1] ?? "";
      await need(platform.remove, "remove")(removed);
      const rest = await reread(published, run);
      expect(rest.gone.map(({ id }) => id)).toEqual([removed]);
      expect(idsOf(rest.items)).not.toContain(removed);
      expect(await reread([], run)).toEqual({ items: [], gone: [] });
    });

    it("takes a cursor it cannot use for lost, or reads all the platform still has", async () => {
      const platform = await start();
      const published = await platform.publish(3);
      expect(ingestor.cursor.safeParse({ no: "such cursor" }).success).toBe(false);
      const foreign = ingestor.cursor.parse(harness.foreignCursor);
      try {
        const { items } = await read(platform, foreign);
        expect(new Set(idsOf(items))).toEqual(new Set(published));
      } catch (error) {
        expect(error).toMatchObject({ name: "EarshotError", code: "cursor_lost" });
      }
    });

    promise("stops within a second when it is aborted", ["abort", "hang"], async () => {
      const platform = await start();
      await platform.publish(1);
      troubled(platform, "hang");
      const abort = new AbortController();
      const reading = (async () => {
        for await (const page of pages(platform, undefined, abort.signal)) {
          if (page.items.length > 0) return "it went on";
        }
        return "it ended";
      })().catch((error: unknown) => (abort.signal.aborted ? "it ended" : error));
      await need(platform.asked, "asked")();
      abort.abort();
      const tooLate = sleep(1_000, "it hangs", { ref: false });
      expect(await Promise.race([reading, tooLate])).toBe("it ended");
    });
  });
}
