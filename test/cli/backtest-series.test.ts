import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { backtestSeries } from "../../cli/backtest-series.ts";
import { sharedData } from "../support/shared-data.ts";

function sink() {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  return { stream, lines: () => chunks.join("").split("\n").slice(0, -1) };
}

async function backtest(input: string, detector = "volume_spike") {
  const [output, errors] = [sink(), sink()];
  const code = await backtestSeries({
    name: "counts.csv",
    bytes: Readable.from([Buffer.from(input)]),
    isSlow: false,
    detector,
    output: output.stream,
    errors: errors.stream,
    signal: new AbortController().signal,
  });
  const [header, ...rows] = output.lines();
  return { code, header, rows: rows.map((row) => row.split(",")), errors: errors.lines() };
}

/** Ten days of a count every five minutes, and a burst of an hour at the end. */
const series = (): string[] =>
  Array.from({ length: 2_880 + 12 }, (_, nth) => {
    const at = new Date(Date.UTC(2026, 0, 1) + nth * 300_000).toISOString().replace("T", " ").slice(0, 19);
    return `${at},${nth < 2_880 ? 3 + (nth % 4) : 90}`;
  });
const csv = (rows: readonly string[]): string => `timestamp,value\n${rows.join("\n")}\n`;

describe("a backtest of a series", () => {
  it("answers each row in its order, and tells once of a burst", async () => {
    const rows = series();
    const result = await backtest(csv(rows));
    expect(result.code).toBe(0);
    expect(result.header).toBe("timestamp,anomaly_score,alert");
    expect(result.rows.map(([at]) => at)).toEqual(rows.map((row) => row.split(",")[0]));
    const told = result.rows.flatMap(([, , alert], nth) => (alert === "1" ? [nth] : []));
    expect(told[0]).toBeGreaterThanOrEqual(2_880);
    expect(told[0]).toBeLessThan(2_884);
    expect(told.length).toBeLessThanOrEqual(3);
    expect(result.errors).toEqual([
      expect.stringMatching(/^2,892 buckets of 5 min, 1\.4 weeks: people would have been told \d times\.$/),
    ]);
  });

  it("says the same of the beginning of a longer file", async () => {
    const rows = series();
    const whole = await backtest(csv(rows));
    for (const length of [60, 2_000, 2_885]) {
      const part = await backtest(csv(rows.slice(0, length)));
      expect(part.rows).toEqual(whole.rows.slice(0, length));
    }
  });

  it("takes rows that are missing for time nobody listened in", async () => {
    const rows = series();
    const holed = rows.filter((_, nth) => nth < 1_000 || nth >= 1_300);
    const { rows: answers } = await backtest(csv(holed));
    expect(answers.filter(([, , alert]) => alert === "1").length).toBeGreaterThan(0);
    expect(Math.max(...answers.slice(1_000, 2_500).map(([, score]) => Number(score)))).toBeLessThan(1);
  });

  it("tells of each row that cannot be read where it is and what to do, and goes on", async () => {
    const { code, rows, errors } = await backtest(
      csv([
        "2026-01-01 00:00:00,3",
        "soon,4",
        "2026-01-01 00:05:00,many",
        "2026-01-01 00:10:00,5",
        "2026-01-01 00:05:00,5",
      ]),
    );
    expect(code).toBe(1);
    expect(rows).toHaveLength(5);
    expect(errors.slice(0, 3)).toEqual([
      expect.stringMatching(/^counts\.csv, line 3: its timestamp is no time; write it like/),
      expect.stringMatching(/^counts\.csv, line 4: its value many is no count; write it like 17\./),
      expect.stringMatching(
        /^counts\.csv, line 6: it is earlier than the row before; sort the file by time\./,
      ),
    ]);
  });

  it("says which columns it needs, and which detectors there are", async () => {
    await expect(backtest("when,count\n2026-01-01,3\n")).rejects.toThrow(
      /has no column timestamp; it has when, count/,
    );
    await expect(backtest(csv(series().slice(0, 3)), "crystal_ball")).rejects.toThrow(
      /There is no detector crystal_ball; there is volume_spike/,
    );
  });
});

const nab = sharedData("nab");

describe.skipIf(nab === undefined)("on the Numenta Anomaly Benchmark's tweets (development half)", () => {
  it("tells within most labelled windows, with less than half a false alarm a week", async () => {
    const windows = JSON.parse(
      readFileSync(join(nab ?? "", "labels", "combined_windows.json"), "utf8"),
    ) as Record<string, [string, string][]>;
    let [hits, all, wrong, weeks] = [0, 0, 0, 0];
    for (const name of ["AAPL", "AMZN", "CRM", "CVS", "FB"]) {
      const { rows } = await backtest(
        readFileSync(join(nab ?? "", "data", `Twitter_volume_${name}.csv`), "utf8"),
      );
      const told = rows.flatMap(([at = "", , alert]) => (alert === "1" ? [at] : []));
      const labelled = windows[`realTweets/Twitter_volume_${name}.csv`] ?? [];
      all += labelled.length;
      hits += labelled.filter(([from, to]) => told.some((at) => at >= from && at <= to)).length;
      wrong += told.filter((at) => !labelled.some(([from, to]) => at >= from && at <= to)).length;
      weeks += rows.length / 2_016;
    }
    expect(all).toBe(16);
    expect(hits).toBeGreaterThanOrEqual(14);
    expect(wrong / weeks).toBeLessThan(0.5);
  });
});
