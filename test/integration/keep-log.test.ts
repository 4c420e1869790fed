import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { askAboutIds, type App } from "../../cli/app.ts";
import { isolating } from "../../core/isolate.ts";
import { keepingLog, notingVersions } from "../../core/keep-log.ts";
import { outdatedInLog, standingMentions } from "../../queries/standing-mentions.ts";
import type { DeadLetter } from "../../schemas/dead-letter.ts";
import { idOf, type Mention, type MentionEvent } from "../../schemas/mention.ts";
import { loggedVersionRows, mentionRows, toMentionEvent } from "../../schemas/rows.ts";
import type { StoredEvent } from "../../schemas/stored-event.ts";
import { aContext, aMention, anEnrichment } from "../support/builders.ts";
import { openTestStore, type TestStore } from "../support/embedded-store.ts";

const signal = new AbortController().signal;
const context = aContext();
let opened: TestStore;

beforeAll(async () => {
  opened = await openTestStore();
});
afterAll(() => opened.close());

const ask: App["ask"] = (query, params) => opened.store.query(query.statement(params), query.row);

const standing = async (ids: readonly string[]) =>
  (await askAboutIds({ ask }, standingMentions, ids)).map((row) => toMentionEvent(row));

/**
 * A log that several read side by side, each some trackers' share of it, so that events of one mention may be stored in
 * another order than they came.
 */
function aLog() {
  const events: MentionEvent[] = [];
  const dead: DeadLetter[] = [];
  const check = async () => {};
  const sink = keepingLog({
    target: isolating({
      what: "store mentions",
      stage: "store",
      target: notingVersions(opened.store.table(mentionRows), opened.store.table(loggedVersionRows)),
      deadLetters: {
        name: "dead letters",
        write: async (found) => void dead.push(...found),
        check,
        close: check,
      },
      context,
    }),
    log: {
      name: "log",
      write: async (again) => void events.push(...again),
      check: async () => {},
      close: async () => {},
    },
    outdated: async (ids) => (await askAboutIds({ ask }, outdatedInLog, ids)).map(({ id }) => id),
    standing,
    context,
  });
  return {
    events,
    dead,
    /** Stores everything, also what is published again meanwhile; `order` says which of the next events goes first. */
    async readAll(batchSize: number, order: (next: number) => number = () => 0) {
      let read = 0;
      const expected = events.length;
      const waiting: StoredEvent[] = [];
      while (read < events.length || waiting.length > 0) {
        while (read < events.length) {
          const event = events[read];
          read++;
          if (event !== undefined) waiting.push(processed(event));
        }
        const batch: StoredEvent[] = [];
        while (batch.length < batchSize && waiting.length > 0) {
          batch.push(...waiting.splice(order(waiting.length), 1));
        }
        await sink.write(batch, signal);
        if (read > expected + 1_000) throw new Error("the log never ends");
      }
    },
    lastOf: (id: string) => events.findLast((event) => idOf(event) === id),
  };
}

let offset = 0;

/** With its place in the log. */
function processed(event: MentionEvent): StoredEvent {
  const logged = { at: new Date(Date.now()).toISOString(), offset: offset++ };
  return event.type === "upsert" ? { ...event, enrichment: anEnrichment(), logged } : { ...event, logged };
}

const upsert = (mention: Mention): MentionEvent => ({ type: "upsert", mention });
const at = (minute: number) => new Date(Date.UTC(2026, 2, 2, 10, minute)).toISOString();

function aDeletion(id: string, minute = 5): MentionEvent {
  const { source, reason } = { source: "other", reason: "gone" };
  return { type: "delete", id, source, trackers: ["acme"], reason, observedAt: at(minute) };
}

test("a row gives back the mention it was made of, whatever is in it", async () => {
  const full = aMention({
    text: "“Größe” passt\nnicht 😡 \\N \t '{x:String}'",
    title: "Ö",
    revision: Date.UTC(2026, 0, 1),
    authorName: "Ines \u0000",
    authorHandle: "ines",
    authorFollowers: 12,
    url: "https://shop.example/1?a=b&c='",
    parentId: "x:1",
    threadId: "t",
    amplifiesId: "x:2",
    inReplyToUs: true,
    byUs: true,
    rating: 3.5,
    ratingMax: 5,
    product: "Parcels",
    version: "4.2.0",
    country: "DE",
    languageHint: "de",
    engagement: { likes: 0, replies: 4, shares: null, views: 9_007_199_254 },
    trackers: ["acme", "birch"],
  });
  const plain = aMention();
  await opened.store.table(mentionRows).write([processed(upsert(full)), processed(upsert(plain))], signal);
  const found = await standing([full.id, plain.id]);
  expect(found).toHaveLength(2);
  expect(found).toEqual(expect.arrayContaining([upsert(full), upsert(plain)]));
});

test("publishes a deletion again, to the same trackers, when its mention is met after it", async () => {
  const log = aLog();
  const mention = aMention();
  log.events.push(upsert(mention), aDeletion(mention.id), upsert({ ...mention, observedAt: at(9) }));
  await log.readAll(1);
  expect(log.events).toHaveLength(4);
  expect(log.lastOf(mention.id)).toEqual(aDeletion(mention.id));
});

test("publishes a newer version again when an older one is met after it, and nothing when all came in order", async () => {
  const log = aLog();
  const old = aMention({ text: "It is late." });
  const edited = { ...old, revision: Date.UTC(2026, 2, 2), text: "It came, two days late." };
  log.events.push(upsert(old), upsert(edited));
  await log.readAll(2);
  expect(log.events).toHaveLength(2);
  log.events.push(upsert({ ...old, observedAt: at(30) }));
  await log.readAll(1);
  expect(log.lastOf(old.id)).toEqual(upsert(edited));
});

test("goes on past a record the store refuses", async () => {
  const log = aLog();
  const [good, bad] = [aMention(), { ...aMention(), observedAt: "2026-02-30T10:00:00.000Z" }];
  log.events.push(upsert(bad), upsert(good));
  await log.readAll(2);
  expect(log.dead).toMatchObject([{ stage: "store", code: "sink_rejected", position: bad.id }]);
  expect(await standing([good.id])).toEqual([upsert(good)]);
});

test("takes a batch of two thousand ids as long as they may be", async () => {
  const log = aLog();
  const mentions = Array.from({ length: 2_000 }, (_, index) =>
    aMention({ nativeId: `${"x".repeat(490)}${index}` }),
  );
  log.events.push(
    ...mentions.map(upsert),
    aDeletion(mentions[1_999]?.id ?? ""),
    ...mentions.slice(-1).map(upsert),
  );
  await log.readAll(2_000);
  expect(log.lastOf(mentions[1_999]?.id ?? "")?.type).toBe("delete");
});

test("whatever comes, in whatever order it is stored, the last event of each mention is what the store shows of it", async () => {
  const happening = fc.record({
    who: fc.integer({ min: 0, max: 2 }),
    isDeletion: fc.boolean(),
    revision: fc.integer({ min: 0, max: 3 }),
    minute: fc.integer({ min: 0, max: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(happening, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 5 }),
      fc.infiniteStream(fc.nat()),
      async (happenings, batchSize, choices) => {
        const log = aLog();
        const people = [aMention(), aMention(), aMention()];
        for (const { who, isDeletion, revision, minute } of happenings) {
          const mention = people[who] ?? aMention();
          const version = { revision, observedAt: at(minute), text: `as of ${revision}, seen at ${minute}` };
          log.events.push(isDeletion ? aDeletion(mention.id, minute) : upsert({ ...mention, ...version }));
        }
        await log.readAll(batchSize, (waiting) => (choices.next().value ?? 0) % waiting);
        const ids = new Set(log.events.map(idOf));
        for (const event of await standing([...ids])) {
          ids.delete(idOf(event));
          const last = log.lastOf(idOf(event));
          // a row does not know the trackers of a deletion
          expect(last?.type === "delete" ? { ...last, trackers: [] } : last).toEqual(event);
        }
        expect(ids.size).toBe(0);
      },
    ),
    { numRuns: 30 },
  );
});
