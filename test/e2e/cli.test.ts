import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aDataDir, cliOutput, killStore, runCli, sqlRows, startCli } from "../support/cli.ts";

describe("the program", () => {
  let home: Awaited<ReturnType<typeof aDataDir>>;
  let folder: string;
  beforeAll(async () => {
    home = await aDataDir({ isNew: true });
    folder = await mkdtemp(join(tmpdir(), "earshot-files-"));
  });
  afterAll(async () => {
    await home.remove();
    await rm(folder, { recursive: true, force: true });
  });

  async function aFile(name: string, content: string): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  }

  describe("usage", () => {
    it("ends only when whoever reads its output has all of it", async () => {
      const full = await aDataDir();
      const rows = Array.from(
        { length: 200 },
        (_, nth) => `${nth},${"The zip broke. ".repeat(150)},2026-02-01`,
      );
      const path = await aFile("long.csv", ["id,review,date", ...rows].join("\n"));
      const data = ["--data", full.dataDir];
      await cliOutput(["import", path, "--platform", "shop", "--yes", ...data]);
      const { child, finished } = startCli(["query", "latest_mentions", "limit=200", "--json", ...data]);
      child.stdout?.once("data", () => {
        child.stdout?.pause();
        setTimeout(() => child.stdout?.resume(), 2_000);
      });
      const { code, stdout } = await finished;
      await full.remove();
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toHaveLength(200);
    });

    it("takes global options before and after the command", async () => {
      const before = await cliOutput(["--data", home.dataDir, "--json", "sql", "SELECT 1 AS n"]);
      const after = await cliOutput(["sql", "SELECT 1 AS n", "--json", "--data", home.dataDir]);
      expect(before).toBe(after);
      expect(JSON.parse(before)).toEqual({ n: 1 });
    });

    it.each([
      [["frobnicate"], /unknown command/],
      [["sql"], /missing required argument/],
      [["sql", "SELECT 1", "--format", "xml"], /table, json, csv/],
      [["--config", "nowhere.yaml", "check"], /no config at .*nowhere.yaml/],
      [["query", "no_such_question"], /There is no question no_such_question; there are: .*mention_volume/],
    ])("ends %j with code 2 and says what is wrong", async (args, message) => {
      const { code, stderr } = await runCli(args);
      expect(code).toBe(2);
      expect(stderr).toMatch(message);
    });

    it("names every fault of a config with its path", async () => {
      const config = await aFile(
        "bad.yaml",
        "api: { port: high }\nsources:\n  - { type: fax, id: a }\nnonsense: 1\n",
      );
      const { code, stderr } = await runCli(["check", "--config", config]);
      expect(code).toBe(2);
      expect(stderr).toMatch(/api\.port/);
      expect(stderr).toMatch(/sources\[0\]\.type/);
      expect(stderr).toMatch(/nonsense/);
    });

    it("refuses to listen beyond this machine without a token", async () => {
      const config = await aFile("open.yaml", "api: { host: 0.0.0.0 }\n");
      const { code, stderr } = await runCli(["start", "--config", config, "--data", home.dataDir]);
      expect(code).toBe(2);
      expect(stderr).toMatch(/needs at least one token/);
    });

    it("refuses the same by --host, however the config reads", async () => {
      const { code, stderr } = await runCli([
        "start",
        "--host",
        "0.0.0.0",
        "--port",
        "0",
        "--data",
        home.dataDir,
      ]);
      expect(code).toBe(2);
      expect(stderr).toMatch(/token/);
    });

    it("makes tokens whose hash alone goes into the config", async () => {
      const made = JSON.parse(await cliOutput(["token", "alice", "--role", "analyst", "--json"])) as Record<
        string,
        string
      >;
      expect(made["token"]).toMatch(/^earshot_[\w-]{43}$/);
      expect(made["sha256"]).toMatch(/^[0-9a-f]{64}$/);
    });
  });

  describe("import", () => {
    it("reports new, duplicate and rejected rows with line and reason, first without writing", async () => {
      const path = await aFile(
        "reviews.csv",
        [
          "id,review,stars,date",
          "1,The zip broke,1,2026-02-01",
          "2,Lovely,5,2026-02-02",
          "1,The zip broke,1,2026-02-01",
          "3,No date here,4,",
          "4,Odd date,4,the day after",
        ].join("\n"),
      );
      const args = [
        "import",
        path,
        "--platform",
        "shop",
        "--tracker",
        "acme",
        "--yes",
        "--json",
        "--data",
        home.dataDir,
      ];
      const foreseen = JSON.parse(await cliOutput([...args, "--dry-run"])) as Record<string, unknown>;
      expect(foreseen).toMatchObject({ new: 2, duplicate: 1, rejected: 2 });
      expect(await sqlRows(home.dataDir, "SELECT 1 FROM mentions WHERE platform = 'shop'")).toEqual([]);
      const done = JSON.parse(await cliOutput(args)) as {
        deadLetters: { line: number; code: string; reason: string }[];
      };
      expect(done).toEqual(foreseen);
      expect(done.deadLetters.map(({ line, code }) => [line, code])).toEqual([
        [5, "record_invalid"],
        [6, "record_invalid"],
      ]);
      const rows = await sqlRows(
        home.dataDir,
        "SELECT trackers, rating FROM mentions WHERE platform = 'shop' ORDER BY id",
      );
      expect(rows).toEqual([
        { trackers: ["acme"], rating: 1 },
        { trackers: ["acme"], rating: 5 },
      ]);
    });

    it("asks before it uses a guessed mapping, and where nobody can answer says how to go on", async () => {
      const path = await aFile("guess.csv", "review,date\nIt broke,2026-02-01\n");
      const { code, stderr } = await runCli(["import", path, "--data", home.dataDir]);
      expect(code).toBe(2);
      expect(stderr).toMatch(/--yes/);
      expect(stderr).toMatch(/review/);
    });

    it("uses a mapping the config names", async () => {
      const path = await aFile("survey.csv", "answer;score;when\nToo slow;3;01.02.2026\n");
      const config = await aFile(
        "imports.yaml",
        "imports: { nps: { platform: survey, trackers: [acme], map: { text: answer, rating: score, publishedAt: when }, ratingMax: 10 } }\n",
      );
      const args = ["import", path, "--mapping", "nps", "--config", config, "--json", "--data", home.dataDir];
      expect(JSON.parse(await cliOutput(args))).toMatchObject({ new: 1, rejected: 0 });
      const rows = await sqlRows(
        home.dataDir,
        "SELECT rating, rating_max, toString(toDate(published_at)) AS day FROM mentions WHERE platform = 'survey'",
      );
      expect(rows).toEqual([{ rating: 3, rating_max: 10, day: "2026-02-01" }]);
    });

    it("keeps rows of two files apart whose ids only count, and takes a date for files without one", async () => {
      const names = ["monday.csv", "tuesday.csv"];
      for (const name of names) {
        const path = await aFile(name, `id,comment\n1,Fine on ${name}\n2,Bad on ${name}\n`);
        const args = ["import", path, "--platform", "counted", "--date", "2026-02-03", "--yes", "--json"];
        const report = JSON.parse(await cliOutput([...args, "--data", home.dataDir])) as object;
        expect(report).toMatchObject({ new: 2, duplicate: 0, rejected: 0 });
      }
      const rows = await sqlRows(
        home.dataDir,
        "SELECT id FROM mentions WHERE platform = 'counted' ORDER BY id",
      );
      expect(rows).toHaveLength(4);
    });

    it("says of a file that is not there what to do", async () => {
      const { code, stderr } = await runCli([
        "import",
        join(folder, "none.csv"),
        "--yes",
        "--data",
        home.dataDir,
      ]);
      expect(code).not.toBe(0);
      expect(stderr).toMatch(/none\.csv/);
    });
  });

  describe("dead letters", () => {
    it("lists what was rejected, and keeps open with its reason what fails again", async () => {
      const listed = JSON.parse(
        await cliOutput(["dead-letters", "list", "--json", "--data", home.dataDir]),
      ) as {
        source: string;
        position: string;
      }[];
      const ours = listed.filter(({ source }) => source === "file:reviews.csv");
      expect(ours.map(({ position }) => position).sort()).toEqual(["line 5", "line 6"]);
      const replayed = JSON.parse(
        await cliOutput(["dead-letters", "replay", "--json", "--data", home.dataDir]),
      ) as {
        replayed: number;
        failed: unknown[];
      };
      expect(replayed.replayed).toBe(0);
      expect(replayed.failed.length).toBeGreaterThanOrEqual(2);
    });
  });

  describe("sql", () => {
    it("prints a table, JSON lines or CSV", async () => {
      const ask = (format: string) =>
        cliOutput(["sql", "SELECT 7 AS n, 'a' AS s", "--format", format, "--data", home.dataDir]);
      expect(await ask("table")).toMatch(/│ n │ s │/);
      expect(await ask("json")).toBe('{"n":7,"s":"a"}\n');
      expect(await ask("csv")).toBe('"n","s"\n7,"a"\n');
    });

    it.each([
      "INSERT INTO cursor_rows (source) VALUES ('x')",
      "DROP TABLE mention_rows",
      "SELECT * FROM file('/etc/hostname')",
    ])("refuses %s", async (statement) => {
      const { code, stderr } = await runCli(["sql", statement, "--data", home.dataDir]);
      expect(code).toBe(2);
      expect(stderr).toMatch(/request_invalid/);
    });

    it("says what is wrong with a statement", async () => {
      const { code, stderr } = await runCli(["sql", "SELECT nothing FROM nowhere", "--data", home.dataDir]);
      expect(code).toBe(2);
      expect(stderr).toMatch(/nowhere/);
    });

    it("shows the SQL of a named question, which gives the same rows", async () => {
      const ask = ["mention_volume", "interval=month"].slice(0, 1).concat("interval=week", "by=platform");
      const sql = await cliOutput(["query", ...ask, "--show-sql"]);
      const rows = JSON.parse(
        await cliOutput(["query", ...ask, "--json", "--data", home.dataDir]),
      ) as unknown[];
      expect(rows.length).toBeGreaterThan(0);
      expect(await sqlRows(home.dataDir, sql)).toHaveLength(rows.length);
    });
  });

  describe("start", () => {
    it("listens, polls its sources, lets other commands work beside it, and drains at Ctrl-C", async () => {
      const feed = createServer((_request, response) => {
        response.setHeader("content-type", "application/rss+xml");
        response.end(
          `<rss version="2.0"><channel><title>t</title><item><guid>g1</guid><title>The pump leaks</title><pubDate>Sun, 01 Feb 2026 10:00:00 GMT</pubDate></item></channel></rss>`,
        );
      });
      await new Promise<void>((resolve) => feed.listen(0, "127.0.0.1", resolve));
      const url = `http://127.0.0.1:${(feed.address() as AddressInfo).port}/feed`;
      const config = await aFile(
        "feed.yaml",
        `trackers: [{ id: acme, name: Acme }]\nsources:\n  - { type: rss, id: news, url: "${url}", trackers: [acme], allowPrivateHosts: true }\n`,
      );
      const args = ["start", "--port", "0", "--config", config, "--data", home.dataDir];
      const running = startCli(args);
      try {
        const [, address = ""] = await running.until(/listening: (http:\S+)/);
        expect((await fetch(`${address}/healthz`)).status).toBe(200);
        await running.until(/"polled"/);
        expect(await sqlRows(home.dataDir, "SELECT trackers FROM mentions WHERE source = 'news'")).toEqual([
          { trackers: ["acme"] },
        ]);
        expect(await sqlRows(home.dataDir, "SELECT state FROM coverage WHERE source = 'news'")).toEqual([
          // this hour is not over
          { state: "partial" },
        ]);

        const second = await runCli(args);
        expect(second.code).toBe(2);
        expect(second.stderr).toMatch(/already runs/);

        expect(killStore(home.dataDir)).toBe(true);
        await waitFor(async () => (await fetch(`${address}/healthz`)).status === 200);
        expect(await sqlRows(home.dataDir, "SELECT 1 AS n FROM mentions WHERE source = 'news'")).toEqual([
          { n: 1 },
        ]);

        running.child.kill("SIGINT");
        const { code } = await running.finished;
        expect(code).toBe(0);
      } finally {
        running.child.kill("SIGKILL");
        await new Promise((resolve) => feed.close(resolve));
      }
    });

    it("checks config, store and sources, and fails when one does not answer", async () => {
      const config = await aFile(
        "dead.yaml",
        `sources:\n  - { type: rss, id: dead, url: "http://127.0.0.1:1/feed", allowPrivateHosts: true }\n`,
      );
      const { code, stdout } = await runCli(["check", "--config", config, "--data", home.dataDir]);
      expect(code).toBe(1);
      expect(stdout).toMatch(/ok {3}store/);
      expect(stdout).toMatch(/FAIL source dead/);
    });
  });

  describe("demo", () => {
    it("loads the story, adds nothing the second time, and takes it out again", async () => {
      const count = async () => {
        const sql = `SELECT toUInt32(count()) AS mentions,
          (SELECT toUInt32(count()) FROM changes WHERE origin = 'demo') AS changes,
          (SELECT toUInt32(count()) FROM exposures WHERE by = 'demo') AS orders
          FROM mentions WHERE source = 'demo'`;
        return (await sqlRows<Record<"mentions" | "changes" | "orders", number>>(home.dataDir, sql))[0];
      };
      await cliOutput(["demo", "--data", home.dataDir]);
      const loaded = await count();
      expect(loaded?.mentions).toBeGreaterThan(4_000);
      expect(loaded).toMatchObject({ changes: 10, orders: 70 });
      await cliOutput(["demo", "--data", home.dataDir]);
      expect(await count()).toEqual(loaded);
      await cliOutput(["demo", "--clear", "--data", home.dataDir]);
      expect(await count()).toEqual({ mentions: 0, changes: 0, orders: 0 });
      await cliOutput(["demo", "--data", home.dataDir]);
      expect(await count()).toEqual(loaded);
    });
  });

  async function waitFor(condition: () => Promise<boolean>): Promise<void> {
    while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 50));
  }
});
