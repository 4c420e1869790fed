import { describe, expect, it } from "vitest";
import { z } from "zod";
import { openBudget } from "../../core/budget.ts";
import { defineIngestor, type Page, type Sink } from "../../core/contracts.ts";
import { ownCursor, type CursorStore } from "../../core/cursors.ts";
import { EarshotError } from "../../core/errors.ts";
import { NEVER_POLLED, openSource, type SourceState } from "../../core/poll-source.ts";
import type { Coverage } from "../../schemas/coverage.ts";
import type { SourceCursor } from "../../schemas/cursor.ts";
import type { MentionEvent } from "../../schemas/mention.ts";
import type { Poll } from "../../schemas/poll.ts";
import { aContext } from "../support/builders.ts";

const signal = new AbortController().signal;
const Cursor = z.object({ after: z.number() });
type Step = Page<z.infer<typeof Cursor>> | Error | (() => void);

const at = (time: string) => `2026-03-02T${time}:00.000Z`;

/** A source that goes through the next of the scripts at each poll, on a clock the test sets. */
function aSource(before: SourceState = NEVER_POLLED, mode: "poll" | "stream" = "poll") {
  let now = at("10:00");
  let script: readonly Step[] = [];
  const seen: unknown[] = [];
  const saved: SourceCursor[] = [];
  const ledger = new Map<string, string>();
  const polls: Poll[] = [];
  const context = { ...aContext(), now: () => new Date(now) };
  const sink = <T>(take: (record: T) => void): Sink<T> => ({
    name: "sink",
    write: async (records) => records.forEach(take),
    check: async () => {},
    close: async () => {},
  });
  const cursors: CursorStore = {
    load: async () => saved.at(-1),
    save: async (cursor) => void saved.push(cursor),
  };
  const ingestor = defineIngestor({
    name: "numbers",
    summary: "Numbers as mentions.",
    source: { mode, schedule: "* * * * *", scope: "all" },
    config: z.strictObject({}),
    cursor: Cursor,
    async *poll({ cursor, budget }) {
      seen.push(cursor);
      budget.allow({ requests: 1 });
      budget.spend({ requests: 1 });
      for (const step of script) {
        if (step instanceof Error) throw step;
        if (typeof step === "function") step();
        else yield step;
      }
    },
    parse: (item) => ({
      type: "upsert",
      mention: {
        platform: "numbers",
        nativeId: String(item),
        kind: "post",
        text: "n",
        publishedAt: at("09:00"),
      },
    }),
  });
  const options = {
    source: "feed",
    belonging: { trackers: ["acme"] },
    redactKey: undefined,
    ingestor,
    config: {},
    events: sink<MentionEvent>(() => {}),
    deadLetters: sink(() => {}),
    cursor: ownCursor(cursors, "feed", context),
    coverage: sink<Coverage>(({ hour, state }) => void ledger.set(hour.slice(11, 13), state)),
    polls: sink<Poll>((poll) => void polls.push(poll)),
    nextTurn: (notBefore: string) => (notBefore > at("18:00") ? notBefore : at("18:00")),
    budget: openBudget("feed", { requestsPerDay: 1_000 }, [], context),
    context,
  };
  const source = openSource(options, before);
  return {
    options,
    source,
    saved,
    seen,
    polls,
    setTime: (time: string) => (now = at(time)),
    poll: async (time: string, ...steps: readonly Step[]) => {
      now = at(time);
      script = steps;
      return source.poll(signal);
    },
    ledger: () => [...ledger].sort().map(([hour, state]) => `${hour} ${state}`),
  };
}

const page: Page<{ after: number }> = { items: [1], cursor: { after: 1 } };
const away = new EarshotError("source_unavailable", "502");

describe("a source", () => {
  it("completes the hours between two polls that went well", async () => {
    const { poll, ledger } = aSource();
    await poll("10:00", page);
    expect(ledger()).toEqual(["10 partial"]);
    await poll("12:10", page);
    expect(ledger()).toEqual(["10 complete", "11 complete", "12 partial"]);
  });

  it("completes what an outage missed once the platform has given it", async () => {
    const { poll, ledger } = aSource();
    await poll("10:00", page);
    await poll("11:30", away);
    await poll("12:30", away);
    expect(ledger()).toEqual(["10 none", "11 none", "12 none"]);
    await poll("13:05", page);
    expect(ledger()).toEqual(["10 complete", "11 complete", "12 complete", "13 partial"]);
  });

  it("leaves what a gap lost, however often it is polled later", async () => {
    const { poll, ledger } = aSource();
    await poll("08:00", page);
    const gap = { from: at("09:30"), to: at("11:10"), reason: "rolled over" };
    await poll("12:05", { ...page, gap });
    await poll("12:10", page);
    await poll("13:10", page);
    expect(ledger()).toEqual([
      "08 complete",
      "09 partial",
      "10 none",
      "11 partial",
      "12 complete",
      "13 partial",
    ]);
  });

  it("leaves what a gap lost when the poll that told of it fails later on", async () => {
    const { poll, ledger, polls, options, source } = aSource();
    await poll("08:00", page);
    const gap = { from: at("09:30"), to: at("11:10"), reason: "rolled over" };
    await poll("12:05", { ...page, gap }, away);
    // written down at once, should the process end before the poll does
    expect(polls.map(({ coveredFrom }) => coveredFrom)).toEqual([at("08:00"), gap.to, gap.to]);
    const lost = ["09 partial", "10 none", "11 partial"];
    expect(ledger().slice(1, 4)).toEqual(lost);
    const another = openSource(options, source.state());
    await poll("13:10", page);
    expect(ledger()).toEqual(["08 partial", ...lost, "12 complete", "13 partial"]);
    // as it does for whoever takes the source over
    await another.poll(signal);
    expect(ledger()).toEqual(["08 partial", ...lost, "12 complete", "13 partial"]);
  });

  it("keeps an hour partial that was heard in part, however often it fails later in it", async () => {
    const { poll, ledger } = aSource();
    await poll("09:00", page);
    await poll("10:20", page);
    await poll("10:30", away);
    await poll("10:40", away);
    await poll("11:10", away);
    expect(ledger()).toEqual(["09 complete", "10 partial", "11 none"]);
  });

  it("does not take for lost what lies before its last poll", async () => {
    const { poll, ledger } = aSource();
    await poll("08:00", page);
    await poll("11:00", page);
    await poll("13:00", { ...page, gap: { from: at("08:30"), to: at("12:00"), reason: "rolled over" } });
    expect(ledger()).toEqual([
      "08 complete",
      "09 complete",
      "10 complete",
      "11 none",
      "12 complete",
      "13 partial",
    ]);
  });

  it("goes on from the state another process left", async () => {
    const { poll, ledger, source } = aSource({
      coveredFrom: at("07:30"),
      heardUntil: at("08:10"),
      failures: 3,
      notBefore: null,
    });
    await poll("10:00", page);
    expect(ledger()).toEqual(["08 complete", "09 complete", "10 partial"]);
    expect(source.state()).toEqual({
      coveredFrom: at("07:30"),
      heardUntil: at("10:00"),
      failures: 0,
      notBefore: null,
    });
  });

  it("comes back when the platform says so, and later after each failure", async () => {
    const { poll, source } = aSource();
    const limited = new EarshotError("source_rate_limited", "slow down", { retryAfterMs: 60_000 });
    expect(await poll("10:00", limited)).toMatchObject({
      outcome: "failed",
      notBefore: at("10:01"),
      failures: 1,
    });
    for (let failures = 2; failures < 20; failures++) await poll("10:00", away);
    const wait = Date.parse(source.state().notBefore ?? "") - Date.parse(at("10:00"));
    expect(wait).toBeLessThanOrEqual(30 * 60_000);
    expect(source.state().failures).toBe(19);
    expect(await poll("11:00", page)).toMatchObject({ outcome: "ok", failures: 0, notBefore: null });
  });

  it("rests for a quarter of an hour at least when a person has to change something", async () => {
    const { poll } = aSource();
    const stopped = await poll("10:00", new EarshotError("source_unauthorized", "401; check token"));
    expect(stopped).toMatchObject({
      outcome: "stopped",
      code: "source_unauthorized",
      reason: "401; check token",
    });
    expect((stopped.notBefore ?? "") >= at("10:15")).toBe(true);
  });

  it("pauses until its budget's next window", async () => {
    const { poll } = aSource();
    const spent = new EarshotError("budget_spent", "no more today", { retryAfterMs: 3_600_000 });
    expect(await poll("10:00", spent)).toMatchObject({ outcome: "failed", notBefore: at("11:00") });
  });

  it("writes down what each poll brought and cost", async () => {
    const { poll, polls } = aSource();
    await poll("10:00", { items: [1, 2] }, page);
    expect(polls).toMatchObject([
      { outcome: "ok", mentions: 3, deletions: 0, requests: 1, startedAt: at("10:00") },
    ]);
  });

  it("starts anew when its cursor is lost, and says that some may be missing", async () => {
    const { poll, saved, seen, ledger } = aSource();
    await poll("10:00", page);
    await poll("11:00", page);
    const { generation = 0, sequence = 0 } = saved.at(-1) ?? {};
    saved.push({ source: "feed", generation, sequence, cursor: '{"other":true}', savedAt: at("11:00") });
    expect(await poll("12:30", page)).toMatchObject({ outcome: "ok" });
    expect(seen.at(-1)).toBeUndefined();
    expect(ledger()).toEqual(["10 complete", "11 partial", "12 partial"]);
    await poll("13:30", page);
    expect(ledger()).toEqual(["10 complete", "11 partial", "12 partial", "13 partial"]);
  });

  it("stops when what it has left is lost as well", async () => {
    const { poll } = aSource();
    const lost = new EarshotError("cursor_lost", "too old");
    expect(await poll("10:00", lost)).toMatchObject({ outcome: "stopped", code: "cursor_lost" });
  });

  it("reports itself every minute while it streams", async () => {
    const { poll, polls, ledger, setTime } = aSource(NEVER_POLLED, "stream");
    await poll(
      "10:00",
      page,
      () => setTime("10:30"),
      page,
      () => setTime("11:30"),
      page,
      () => setTime("12:15"),
    );
    expect(polls.map(({ at: reported, mentions }) => [reported.slice(11, 16), mentions])).toEqual([
      ["10:30", 1],
      ["11:30", 1],
      ["12:15", 1],
      ["12:15", 0],
    ]);
    expect(ledger()).toEqual(["10 partial", "11 complete", "12 partial"]);
  });

  it("says when it is asked next, but for a stream that runs, and what is left of its budget", async () => {
    const polled = aSource();
    expect(await polled.poll("10:00", page)).toMatchObject({
      nextPollAt: at("18:00"),
      budget: [{ resource: "requests", per: "day", remaining: 999, allowed: 1_000 }],
    });
    const busy = new EarshotError("source_rate_limited", "429", { retryAfterMs: 9 * 3_600_000 });
    expect(await polled.poll("10:05", busy)).toMatchObject({ nextPollAt: at("19:05") });

    const stream = aSource(NEVER_POLLED, "stream");
    await stream.poll("10:00", page, () => stream.setTime("10:30"), page, away);
    expect(stream.polls.map(({ nextPollAt }) => nextPollAt)).toEqual([null, at("18:00")]);
  });

  it("has not heard now what a stream that catches up has not come to", async () => {
    const { poll, source, ledger, setTime } = aSource(
      { coveredFrom: at("06:00"), heardUntil: at("08:10"), failures: 0, notBefore: null },
      "stream",
    );
    await poll("10:00", { ...page, upTo: at("08:20") }, () => setTime("10:05"), {
      ...page,
      upTo: at("09:30"),
    });
    expect(source.state().heardUntil).toBe(at("09:30"));
    expect(ledger()).toEqual(["08 complete", "09 partial"]);
  });

  it("lets a store that refuses us end the program, since it concerns every source", async () => {
    const { options } = aSource();
    const refusing: Sink<MentionEvent> = {
      ...options.events,
      write: async () => {
        throw new EarshotError("config_invalid", "ClickHouse refused our user");
      },
    };
    const source = openSource(
      {
        ...options,
        ingestor: {
          ...options.ingestor,
          poll: async function* () {
            yield page;
          },
        },
        events: refusing,
      },
      NEVER_POLLED,
    );
    await expect(source.poll(signal)).rejects.toThrow("refused our user");
  });

  it("stops, and nobody else, when its config cannot be used", async () => {
    const { poll } = aSource();
    const stopped = await poll(
      "10:00",
      new EarshotError("config_invalid", "There is nothing to search for."),
    );
    expect(stopped).toMatchObject({ outcome: "stopped", reason: "There is nothing to search for." });
  });

  it("lets a programmer error through", async () => {
    const { poll } = aSource();
    await expect(poll("10:00", new TypeError("a bug"))).rejects.toThrow(TypeError);
  });
});
