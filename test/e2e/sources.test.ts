import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aDataDir, runCli, sqlRows } from "../support/cli.ts";
import { startStubServer, type StubServer } from "../support/stub-server.ts";

const WINDOW = ["--from", "2026-02-01", "--to", "2026-02-03"];

/** One story, told in the order of its tests: each goes on where the one before ended. */
describe.sequential("sources over a feed", () => {
  let home: Awaited<ReturnType<typeof aDataDir>>;
  let folder: string;
  let server: StubServer;
  let titles = ["Acme is late", "The weather", "Acme lost my parcel"];
  beforeAll(async () => {
    home = await aDataDir();
    folder = await mkdtemp(join(tmpdir(), "earshot-sources-"));
    server = await startStubServer();
    server.on("/feed", () => ({
      headers: { "content-type": "application/rss+xml" },
      body: `<rss version="2.0"><channel><title>t</title>${titles.map(entry).join("")}</channel></rss>`,
    }));
    const source = { type: "rss", id: "news", url: `${server.url}/feed`, allowPrivateHosts: true };
    const config = {
      dataDir: home.dataDir,
      trackers: [{ id: "acme", name: "Acme", query: "acme" }],
      sources: [{ ...source, trackers: ["acme"] }],
    };
    await writeFile(join(folder, "earshot.yaml"), JSON.stringify(config));
  });
  afterAll(async () => {
    await server.close();
    await home.remove();
    await rm(folder, { recursive: true, force: true });
  });

  const entry = (title: string, at: number) =>
    `<item><guid>${at}</guid><title>${title}</title><link>https://news.example/${at}</link>` +
    `<pubDate>${new Date(Date.UTC(2026, 1, 1, 10, at)).toUTCString()}</pubDate></item>`;
  const earshot = (...args: string[]) => runCli(args, { cwd: folder });

  it("lists a source that was not polled yet", async () => {
    const { code, stdout } = await earshot("sources");
    expect(code).toBe(0);
    expect(stdout).toMatch(/news.*not polled yet/);
  });

  it("names what of a window is missing, and how to store it, with code 1", async () => {
    const { code, stdout } = await earshot("sources", "verify", "news", ...WINDOW);
    expect(stdout).toMatch(/^0 of 2 present \(2026-02-01T00:00:00.000Z to 2026-02-03T00:00:00.000Z\)$/m);
    expect(stdout).toMatch(/missing: rss:\S+ https:\/\/news\.example\/0$/m);
    expect(stdout).not.toMatch(/news\.example\/1/);
    expect(stdout).toMatch(
      /earshot sources backfill news --from 2026-02-01T00:00:00.000Z --to 2026-02-03T00:00:00.000Z/,
    );
    expect(code).toBe(1);
  });

  it("stores what a source still gives of a window, and finds it present then", async () => {
    const filled = await earshot("sources", "backfill", "news", ...WINDOW);
    expect(filled.stdout).toMatch(/^2 mentions read and stored/);
    expect(filled.code).toBe(0);
    const { code, stdout } = await earshot("sources", "verify", "news", ...WINDOW);
    expect(stdout).toMatch(/^2 of 2 present/);
    expect(code).toBe(0);
    expect(await sqlRows(home.dataDir, "SELECT title, trackers FROM mentions ORDER BY title")).toEqual([
      { title: "Acme is late", trackers: ["acme"] },
      { title: "Acme lost my parcel", trackers: ["acme"] },
    ]);
    expect(
      await sqlRows(home.dataDir, "SELECT outcome, sum(requests) AS requests FROM polls GROUP BY outcome"),
    ).toEqual([{ outcome: "asked", requests: 3 }]);
    // a feed shows only its latest entries, so nobody can say the hours were heard in full
    expect(await sqlRows(home.dataDir, "SELECT 1 FROM coverage")).toEqual([]);
  });

  it("counts nothing twice that is stored twice", async () => {
    await earshot("sources", "backfill", "news", ...WINDOW);
    expect(await sqlRows(home.dataDir, "SELECT toUInt32(count()) AS n FROM mentions")).toEqual([{ n: 2 }]);
  });

  it("tells scripts what is missing as JSON, and leaves out what is not of the window", async () => {
    titles = [...titles, "Acme again"];
    const { code, stdout } = await earshot("sources", "verify", "news", ...WINDOW, "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      source: "news",
      present: 2,
      of: 3,
      missing: [expect.stringMatching(/^rss:/)],
    });
    expect(code).toBe(1);
    const later = await earshot("sources", "verify", "news", "--from", "2026-03-01", "--json");
    expect(JSON.parse(later.stdout)).toMatchObject({ present: 0, of: 0, missing: [] });
    expect(later.code).toBe(0);
  });

  it("lists what a source has brought", async () => {
    const { stdout } = await earshot("sources", "list", "--json");
    const { sources } = JSON.parse(stdout) as { sources: Record<string, unknown>[] };
    expect(sources).toMatchObject([{ source: "news", mentions: 2, open_dead_letters: 0 }]);
    const table = await earshot("sources", "list");
    expect(table.stdout).toMatch(/│ news\s+│ not polled yet │\s+2 │/);
  });

  it.each([
    [["verify", "olds"], 1, /no source olds in the config; configured are: news/],
    [["verify", "news", "--from", "yesterday"], 2, /--from yesterday is no time/],
    [["backfill", "news", "--from", "2026-02-03", "--to", "2026-02-01"], 2, /is not before/],
  ])("answers %j with code %i and what to do", async (args, expected, message) => {
    const { code, stderr } = await earshot("sources", ...args);
    expect(stderr).toMatch(message);
    expect(code).toBe(expected);
  });

  it("asks nobody for the past of a source that has none", async () => {
    const webhook = { type: "webhook", id: "push", secret: "0123456789abcdef" };
    const path = join(folder, "push.yaml");
    await writeFile(path, JSON.stringify({ dataDir: home.dataDir, sources: [webhook] }));
    const { code, stderr } = await earshot("sources", "verify", "push", "--config", path);
    expect(stderr).toMatch(/push cannot be asked for a past window: others push to it/);
    expect(code).toBe(2);
    expect((await earshot("sources", "--config", path)).stdout).toMatch(/push\s+│ waits for pushes/);
  });

  it("fails where the source does not answer", async () => {
    server.on("/feed", { status: 503 });
    const { code, stderr } = await earshot("sources", "verify", "news", ...WINDOW);
    expect(code).toBe(1);
    expect(stderr).toMatch(/503.*source_unavailable/);
  });

  describe("query test", () => {
    it("tries a query on what is stored", async () => {
      const args = ["query", "test", "acme AND parcel", "--days", "3000"];
      const { code, stdout } = await earshot(...args);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^1 of 2 stored mentions of the last 3000 days match: 1 person/);
      expect(stdout).toMatch(/│ parcel\s+│\s+1 │/);
      expect(stdout).toMatch(/Acme lost my parcel/);
      const { stdout: json } = await earshot(...args, "--json");
      expect(JSON.parse(json)).toMatchObject({ query: "acme AND parcel", tried: 2, matching: 1 });
    });

    it("takes a tracker's query, and quoted phrases as a shell hands them over", async () => {
      const { stdout } = await earshot("query", "test", "--tracker", "acme", "--days", "3000", "--json");
      expect(JSON.parse(stdout)).toMatchObject({ query: "acme", matching: 2 });
      const phrase = await earshot("query", "test", '"lost my"', "OR", "zenith", "--days", "3000", "--json");
      expect(JSON.parse(phrase.stdout)).toMatchObject({ query: '"lost my" OR zenith', matching: 1 });
    });

    it("points at the line of what looks wrong in a query of several", async () => {
      const { stdout } = await earshot("query", "test", "acme AND\n  late and again");
      expect(stdout).toMatch(/\n {2} {2}late and again\n {9}\^\^\^\n/);
    });

    it("points at what looks wrong", async () => {
      const { code, stdout } = await earshot("query", "test", "acme and late");
      expect(stdout).toMatch(/note: and is looked for as a word[^\n]*\n {2}acme and late\n {7}\^\^\^/);
      expect(code).toBe(0);
    });

    it.each([
      [["acme AND ("], 2, /column 10.*never closed/s],
      [["--tracker", "zen"], 1, /No tracker zen has a query; those with one: acme/],
      [["acme", "--days", "many"], 2, /whole number/],
      [["acme", "--days", "0"], 2, /--days/],
      [[], 2, /--tracker/],
    ])("answers %j with code %i and what to do", async (args, expected, message) => {
      const { code, stderr } = await earshot("query", "test", ...args);
      expect(stderr).toMatch(message);
      expect(code).toBe(expected);
    });
  });
});
