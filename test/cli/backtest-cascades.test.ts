import { Readable, Writable } from "node:stream";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { backtestCascades, firedAt, pollCascade, type BacktestOptions } from "../../cli/backtest-cascades.ts";
import { forecastSpread } from "../../processors/forecast-spread.ts";
import { lehmer } from "../../processors/linear-model/shuffle.ts";

/** Minutes of the shares of a post that fades as attention does, so many in the end. */
const fading = (final: number, shown = final): number[] =>
  Array.from({ length: shown }, (_, index) => 60 * (-Math.log(1 - (index + 0.5) / final)) ** (1 / 0.6));

const STRONG = { id: "strong", shares_at_min: fading(1_000) };
const WEAK = { id: 7, shares_at_min: fading(300) };

function sink() {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  return { stream, text: () => chunks.join("") };
}

async function backtest(input: string | Buffer | Readable, options: Partial<BacktestOptions> = {}) {
  const [output, errors] = [sink(), sink()];
  const bytes = input instanceof Readable ? input : Readable.from([Buffer.from(input)]);
  const code = await backtestCascades({
    name: "cascades.jsonl",
    bytes,
    isSlow: false,
    target: 500,
    pollMinutes: 5,
    output: output.stream,
    errors: errors.stream,
    signal: new AbortController().signal,
    ...options,
  });
  const lines = output
    .text()
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { id: string | number; fired_at_min: number | null });
  return { code, lines, errors: errors.text().split("\n").slice(0, -1) };
}

const written = (...rows: readonly unknown[]): string =>
  rows.map((row) => (typeof row === "string" ? row : JSON.stringify(row))).join("\n");

describe("a backtest of cascades", () => {
  it("answers each line in its order: when the rule fired, or null", async () => {
    const { code, lines, errors } = await backtest(written(WEAK, STRONG, { id: "none", shares_at_min: [] }));
    expect(code).toBe(0);
    expect(lines.map(({ id }) => id)).toEqual([7, "strong", "none"]);
    expect(lines.map((line) => Object.keys(line))).toEqual(lines.map(() => ["id", "fired_at_min"]));
    const at = lines[1]?.fired_at_min ?? Infinity;
    expect(at % 5).toBe(0);
    expect(at).toBeLessThan(STRONG.shares_at_min[499] ?? 0);
    expect([lines[0]?.fired_at_min, lines[2]?.fired_at_min]).toEqual([null, null]);
    expect(errors).toEqual([
      "3 cascades read every 5 min: of 1 the rule said that they will pass 500 shares.",
    ]);
  });

  it("tells of lines that cannot be read, goes on with the rest and gives 1", async () => {
    const { code, lines, errors } = await backtest(
      written(
        WEAK,
        "{ no json",
        { id: "a" },
        { shares_at_min: [1] },
        { id: "b", shares_at_min: [1, "two"] },
        '{"id":"c","shares_at_min":[1e999]}',
        "",
        STRONG,
      ),
    );
    expect(code).toBe(1);
    expect(lines.map(({ id }) => id)).toEqual([7, "strong"]);
    const told = errors.slice(0, -1);
    expect(told.map((line) => /^cascades\.jsonl, line (\d): /.exec(line)?.[1])).toEqual([
      "2",
      "3",
      "4",
      "5",
      "6",
    ]);
    for (const line of told)
      expect(line).toContain('Write it like {"id":"a1","shares_at_min":[0.5,3,12.25]}');
    expect(told[1]).toContain("shares_at_min: ");
    expect(told[3]).toContain("shares_at_min.1: ");
    expect(errors.at(-1)).toContain("5 lines could not be read.");
  });

  it("does not mind the order of minutes, shares before the publication or absurdly late ones", async () => {
    const { shares_at_min: minutes } = STRONG;
    const early = minutes.map((minute, index) => (index < 3 ? -1e12 : minute));
    const { code, lines } = await backtest(
      written(
        { id: 1, shares_at_min: minutes },
        { id: 2, shares_at_min: minutes.toReversed() },
        { id: 3, shares_at_min: early },
        { id: 4, shares_at_min: [...minutes, 1e15, Number.MAX_VALUE] },
      ),
    );
    expect(code).toBe(0);
    expect(lines[0]?.fired_at_min).not.toBeNull();
    expect(new Set(lines.map(({ fired_at_min: at }) => at)).size).toBe(1);
  });

  it("reads gzip, and answers slow input before it ends", async () => {
    const { lines } = await backtest(gzipSync(written(STRONG, WEAK)));
    expect(lines).toHaveLength(2);
    const output = sink();
    const input = new Readable({ read() {} });
    const done = backtest(input, { isSlow: true, output: output.stream });
    input.push(`${JSON.stringify(STRONG)}\n`);
    await expect.poll(() => output.text()).toContain('"strong"');
    input.push(`${JSON.stringify(WEAK)}\n`);
    input.push(null);
    expect((await done).code).toBe(0);
    expect(output.text().split("\n")).toHaveLength(3);
  });

  it("counts nothing in an empty file", async () => {
    expect(await backtest("")).toMatchObject({ code: 0, lines: [] });
  });

  it.each([
    { target: 0 },
    { target: 12.5 },
    { target: Number.NaN },
    { pollMinutes: 0 },
    { pollMinutes: -5 },
    { pollMinutes: Infinity },
  ])("is refused with %o", async (options) => {
    await expect(backtest(written(WEAK), options)).rejects.toMatchObject({ code: "request_invalid" });
  });

  it("stops when it is told to", async () => {
    const stop = new AbortController();
    stop.abort();
    await expect(backtest(written(WEAK), { signal: stop.signal })).rejects.toMatchObject({
      name: "AbortError",
    });
  });
});

describe("what is seen of a cascade", () => {
  it("is how many shares there are at each reading that shows more, and at the one before it", () => {
    const seen = pollCascade([5, 3, 21, 21.5], 5).map(({ at, shares }) => [at / 60_000, shares]);
    expect(seen).toEqual([
      [5, 2],
      [20, 2],
      [25, 4],
    ]);
    expect(pollCascade([0], 5)).toEqual([{ at: 300_000, shares: 1 }]);
  });

  it.each([1, 5, 15])("makes the rule fire as all readings every %i minutes would", (pollMinutes) => {
    const random = lehmer(7);
    let fired = 0;
    for (let turn = 0; turn < 60; turn++) {
      const pace = 10 + 200 * random();
      const minutes = Array.from({ length: 120 }, () => pace * -Math.log(1 - random() ** 3)).sort(
        (a, b) => a - b,
      );
      const readings = Math.ceil((minutes.at(-1) ?? 0) / pollMinutes);
      const samples = Array.from({ length: readings }, (_, index) => {
        const minute = (index + 1) * pollMinutes;
        return { at: minute * 60_000, shares: minutes.filter((at) => at <= minute).length };
      });
      const all = forecastSpread({ publishedAt: 0, samples }, 100).find(({ willPass }) => willPass);
      expect(firedAt(minutes, { target: 100, pollMinutes })).toBe(all === undefined ? null : all.at / 60_000);
      if (all !== undefined) fired++;
    }
    expect(fired).toBeGreaterThan(5);
  });
});
