import { describe, expect, it } from "vitest";
import type { Sink } from "../../core/contracts.ts";
import { importDeadLetterSink, importSink, type ImportReport } from "../../core/import.ts";
import type { DeadLetter } from "../../schemas/dead-letter.ts";
import type { MentionEvent } from "../../schemas/mention.ts";
import { aMention } from "../support/builders.ts";

const signal = new AbortController().signal;

function aReport(): ImportReport {
  return { new: 0, duplicate: 0, changed: 0, rejected: 0, unstored: new Set(), deadLetters: [] };
}

function aSink<T>(): Sink<T> & { readonly written: T[] } {
  const written: T[] = [];
  return {
    name: "written",
    written,
    write: async (records) => void written.push(...records),
    check: async () => {},
    close: async () => {},
  };
}

function upsert(nativeId: string, text = "hello"): MentionEvent {
  return { type: "upsert", mention: aMention({ nativeId, text, authorId: "a" }) };
}

function hashOf(event: MentionEvent): string {
  return event.type === "upsert" ? event.mention.rawHash : "";
}

function aLetter(position: string, stage: DeadLetter["stage"] = "parse"): DeadLetter {
  return {
    id: position,
    source: "file:a.csv",
    ingestor: "file",
    stage,
    code: "record_invalid",
    reason: "no date",
    position,
    payload: "{}",
    isPayloadCut: false,
    state: "open",
    at: "2026-03-02T10:00:00.000Z",
  };
}

describe("import sink", () => {
  it("tells new from duplicate and passes on what is not stored yet", async () => {
    const report = aReport();
    const events = aSink<MentionEvent>();
    const known = upsert("1");
    const sink = importSink({
      events,
      report,
      lookUp: async () => new Map([["x:1", hashOf(known)]]),
      remember: async () => {},
    });
    await sink.write([known, upsert("2"), upsert("2")], signal);
    expect(report).toMatchObject({ new: 1, duplicate: 2, changed: 0 });
    expect(events.written).toHaveLength(1);
  });

  it("writes a duplicate whose content changed, and says so", async () => {
    const report = aReport();
    const events = aSink<MentionEvent>();
    const lookUp = async () => new Map([["x:1", hashOf(upsert("1", "before"))]]);
    await importSink({ events, report, lookUp, remember: async () => {} }).write(
      [upsert("1", "after")],
      signal,
    );
    expect(report).toMatchObject({ new: 0, duplicate: 1, changed: 1 });
    expect(events.written).toHaveLength(1);
  });

  it("knows the ids of a batch that is still on its way", async () => {
    const report = aReport();
    let arrive = () => {};
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    const events: Sink<MentionEvent> = { ...aSink<MentionEvent>(), write: () => arrived };
    const sink = importSink({ events, report, lookUp: async () => new Map(), remember: async () => {} });
    const first = sink.write([upsert("1"), upsert("2")], signal);
    const second = sink.write([upsert("2"), upsert("3")], signal);
    arrive();
    await Promise.all([first, second]);
    expect(report).toMatchObject({ new: 3, duplicate: 1, changed: 0 });
  });

  it("in a dry run writes nothing and remembers what it met", async () => {
    const report = aReport();
    const met = new Map<string, string>();
    const lookUp = async () => met;
    const sink = importSink({
      events: undefined,
      report,
      lookUp,
      remember: async (fresh) => fresh.forEach((hash, id) => met.set(id, hash)),
    });
    await sink.write([upsert("1")], signal);
    await sink.write([upsert("1"), upsert("3")], signal);
    expect(report).toMatchObject({ new: 2, duplicate: 1, changed: 0 });
  });

  it("counts a row that could be read but not stored as rejected alone", async () => {
    const report = aReport();
    const dead = importDeadLetterSink(undefined, report);
    const refusing: Sink<MentionEvent> = {
      ...aSink<MentionEvent>(),
      write: () => dead.write([aLetter("x:1", "store")], signal),
    };
    const sink = importSink({
      events: refusing,
      report,
      lookUp: async () => new Map(),
      remember: async () => {},
    });
    await sink.write([upsert("1"), upsert("2")], signal);
    expect(report).toMatchObject({ new: 1, duplicate: 0, changed: 0, rejected: 1 });
    expect(report.deadLetters).toMatchObject([{ line: null }]);
  });

  it("counts nothing when the write fails, so that a retry counts once", async () => {
    const report = aReport();
    const failing: Sink<MentionEvent> = {
      ...aSink<MentionEvent>(),
      write: async () => {
        throw new Error("away");
      },
    };
    const sink = importSink({
      events: failing,
      report,
      lookUp: async () => new Map(),
      remember: async () => {},
    });
    await expect(sink.write([upsert("1")], signal)).rejects.toThrow();
    expect(report).toEqual(aReport());
  });
});

describe("import dead letters", () => {
  it("lists line, code and reason", async () => {
    const report = aReport();
    await importDeadLetterSink(aSink(), report).write([aLetter("line 17")], signal);
    expect(report.rejected).toBe(1);
    expect(report.deadLetters).toEqual([{ line: 17, code: "record_invalid", reason: "no date" }]);
  });

  it("lists at most 10,000 but counts all", async () => {
    const report = aReport();
    const many = Array.from({ length: 10_050 }, (_, index) => aLetter(`line ${index}`));
    await importDeadLetterSink(undefined, report).write(many, signal);
    expect(report.rejected).toBe(10_050);
    expect(report.deadLetters).toHaveLength(10_000);
  });
});
