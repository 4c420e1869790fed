import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aDataDir, cliOutput, killStore, sqlRows, startCli } from "../support/cli.ts";
import { sharedData } from "../support/shared-data.ts";

interface Tweet {
  readonly tweet_id: string;
  readonly airline: string;
  readonly name: string;
  readonly tweet_created: string;
}

const path = sharedData("airline.jsonl.gz");
const IMPORT = [
  "--map",
  "id=tweet_id,text=text,publishedAt=tweet_created,authorId=name,product=airline,shares=retweet_count",
];

describe.skipIf(path === undefined)("importing 10,002 real tweets", () => {
  const file = path ?? "";
  const tweets = () =>
    gunzipSync(readFileSync(file))
      .toString("utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Tweet);
  const importArgs = (dataDir: string) => [
    "import",
    file,
    ...IMPORT,
    "--platform",
    "x",
    "--tracker",
    "airlines",
    "--yes",
    "--json",
    "--data",
    dataDir,
  ];

  function countBy(key: (tweet: Tweet) => string): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const tweet of tweets()) counts[key(tweet)] = (counts[key(tweet)] ?? 0) + 1;
    return counts;
  }

  /** The UTC day, from the numbers of `2015-02-24 11:35:52 -0800`, without the program's own date code. */
  function utcDay({ tweet_created: at }: Tweet): string {
    const [, y, mo, d, h, mi, s, sign, oh, om] =
      /(\d+)-(\d+)-(\d+) (\d+):(\d+):(\d+) ([+-])(\d\d)(\d\d)/.exec(at) ?? [];
    const offsetMinutes = (Number(oh) * 60 + Number(om)) * (sign === "-" ? -1 : 1);
    const utc = Date.UTC(
      Number(y),
      Number(mo) - 1,
      Number(d),
      Number(h),
      Number(mi) - offsetMinutes,
      Number(s),
    );
    return new Date(utc).toISOString().slice(0, 10);
  }

  describe("once, then again", () => {
    let home: Awaited<ReturnType<typeof aDataDir>>;
    beforeAll(async () => {
      home = await aDataDir();
    });
    afterAll(() => home.remove());

    it("foresees in a dry run what it then does, and adds nothing the second time", async () => {
      const dryRun = JSON.parse(await cliOutput([...importArgs(home.dataDir), "--dry-run"])) as object;
      expect(dryRun).toMatchObject({ new: 10_002, duplicate: 0, rejected: 0, deadLetters: [] });
      const first = JSON.parse(await cliOutput(importArgs(home.dataDir))) as object;
      expect(first).toMatchObject({ new: 10_002, duplicate: 0, rejected: 0 });
      const second = JSON.parse(await cliOutput(importArgs(home.dataDir))) as object;
      expect(second).toMatchObject({ new: 0, duplicate: 10_002, rejected: 0 });
      const [row] = await sqlRows<{ n: number }>(home.dataDir, "SELECT toUInt32(count()) AS n FROM mentions");
      expect(row?.n).toBe(10_002);
    });

    it.each([
      ["airline", "product", (tweet: Tweet) => tweet.airline],
      ["author", "author_id", (tweet: Tweet) => tweet.name],
      ["day", "toString(toDate(published_at))", utcDay],
    ])("counts the same per %s as the file does", async (_name, column, key) => {
      const rows = await sqlRows<{ k: string; n: number }>(
        home.dataDir,
        `SELECT ${column} AS k, toUInt32(count()) AS n FROM mentions GROUP BY k`,
      );
      expect(Object.fromEntries(rows.map(({ k, n }) => [k, n]))).toEqual(countBy(key));
    });
  });

  it("is exact after kill -9 of the program, of its store and of both, resuming each time", async () => {
    const home = await aDataDir();
    try {
      const victims = ["program", "store", "both"] as const;
      for (const [round, victim] of victims.entries()) {
        const running = startCli(importArgs(home.dataDir));
        await storedAtLeast(home.dataDir, 1 + round * 2_000);
        if (victim !== "program") killStore(home.dataDir);
        if (victim !== "store") running.child.kill("SIGKILL");
        await running.finished;
      }
      await cliOutput(importArgs(home.dataDir));
      const [row] = await sqlRows<{ n: number; ids: number }>(
        home.dataDir,
        "SELECT toUInt32(count()) AS n, toUInt32(uniqExact(id)) AS ids FROM mentions",
      );
      expect(row).toEqual({ n: 10_002, ids: 10_002 });
    } finally {
      await home.remove();
    }
  });

  async function storedAtLeast(dataDir: string, wanted: number): Promise<void> {
    for (;;) {
      const [row] = await sqlRows<{ n: number }>(dataDir, "SELECT toUInt32(count()) AS n FROM mentions");
      if ((row?.n ?? 0) >= wanted) return;
    }
  }
});
