import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { feedPresets } from "../../cli/commands/sources-add/feed-presets.ts";
import { runCli, startCli, type Finished } from "../support/cli.ts";
import { startStubServer, type StubServer } from "../support/stub-server.ts";

const FEED = `<rss version="2.0"><channel><title>t</title>
<item><guid>1</guid><title>Acme Parcels is late again</title><pubDate>Sun, 01 Feb 2026 10:00:00 GMT</pubDate></item>
<item><guid>2</guid><title>Weather</title><pubDate>Sun, 01 Feb 2026 11:00:00 GMT</pubDate></item></channel></rss>`;

describe("earshot sources add", () => {
  let folder: string;
  let server: StubServer;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "earshot-add-"));
    server = await startStubServer();
    server.on("/feed", { headers: { "content-type": "application/rss+xml" }, body: FEED });
  });
  afterEach(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Answers all that is asked, in turn. */
  const answering = (answers: readonly string[], ...args: string[]): Promise<Finished> =>
    runCli(["sources", "add", ...args], { cwd: folder, input: answers.map((line) => `${line}\n`).join("") });
  const adding = (...args: string[]): Promise<Finished> =>
    runCli(["sources", "add", "--yes", ...args], { cwd: folder });
  const localFeed = (path = "/feed") => [
    ...["--type", "rss", "--id", "news", "--set", `url=${server.url}${path}`],
    ...["--set", "allowPrivateHosts=true"],
  ];
  const file = (name: string) => readFile(join(folder, name), "utf8");
  const config = async () => parse(await file("earshot.yaml")) as Record<string, unknown>;

  describe("with answers", () => {
    it("goes from nothing to a source that was heard, and says what comes next", async () => {
      const { code, stdout, stderr } = await answering([
        "rss",
        "Acme Parcels",
        "", // the query that is suggested
        "feed",
        `${server.url}/feed`,
        "yes", // a feed on this machine
        "yes", // what the query finds
        "", // the name that is suggested
        "yes",
      ]);
      expect(stderr).toMatch(/2 items, 1 of them for Acme Parcels/);
      expect(stderr).toMatch(/Acme Parcels is late again/);
      expect(stdout).toMatch(/npm start/);
      expect(code).toBe(0);
      expect(await config()).toEqual({
        trackers: [{ id: "acme-parcels", name: "Acme Parcels", query: '"Acme Parcels" OR AcmeParcels' }],
        sources: [
          {
            type: "rss",
            id: "acme-parcels-rss",
            url: `${server.url}/feed`,
            allowPrivateHosts: true,
            trackers: ["acme-parcels"],
          },
        ],
      });
    });

    it("asks for the query again where it is wrong, pointing at the place, and says what looks odd", async () => {
      const answers = ["Acme", "acme AND (", "it", "no", "acme AND late", "news"];
      const { code, stderr } = await answering(
        [...answers, "yes"],
        ...localFeed().filter((_, at) => at !== 2 && at !== 3),
      );
      expect(stderr).toMatch(/never closed[^]*\^/);
      expect(stderr).toMatch(/note: it alone/);
      expect(code).toBe(0);
      expect(await config()).toMatchObject({
        trackers: [{ query: "acme AND late" }],
        sources: [{ id: "news" }],
      });
    });

    it("takes the correction of an address that nobody answers at", async () => {
      server.on("/gone", { status: 404 });
      const { code, stderr } = await answering([
        ...["1", "Acme", "", "feed", `${server.url}/gone`, "yes", "yes", "news"],
        "correct",
        ...["feed", `${server.url}/feed`, "yes", "yes"],
      ]);
      expect(stderr).toMatch(/404/);
      expect(stderr).toMatch(/What now\?/);
      expect(code).toBe(0);
      expect(await config()).toMatchObject({ sources: [{ url: `${server.url}/feed` }] });
    });

    it("takes the correction of a key the platform refuses, and never shows it", async () => {
      server.on("*", (request) => {
        if (!JSON.stringify(request.headers).includes("right-key")) return { status: 401, body: "{}" };
        const body = request.path.includes("/find") ? { id: "0".repeat(24) } : { reviews: [] };
        return { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
      });
      const { code, stdout, stderr } = await answering(
        [
          ...["Acme", "", "wrong-key", "shop.example", "reviews", "correct"],
          ...["right-key", "shop.example", "yes"],
        ],
        ...["--type", "trustpilot", "--set", `endpoint=${server.url}`],
      );
      expect(stderr).toMatch(/401[^]*apiKey/);
      expect(code, stderr).toBe(0);
      expect(await config()).toMatchObject({ sources: [{ apiKey: "${REVIEWS_API_KEY}" }] });
      expect(await file(".env")).toBe("REVIEWS_API_KEY=right-key\n");
      expect((await stat(join(folder, ".env"))).mode & 0o777).toBe(0o600);
      expect(stdout + stderr).not.toMatch(/right-key|wrong-key/);
      expect(await file("earshot.yaml")).not.toMatch(/right-key|wrong-key/);
    });

    it("finds the feed a website names", async () => {
      server.on("/", {
        headers: { "content-type": "text/html" },
        body: '<html><link rel="alternate" type="application/rss+xml" href="/feed?of=a&amp;b=c"></html>',
      });
      const { code } = await answering(["1", "Acme", "", "1", server.url, "y", "y", "", "y"]);
      expect(code).toBe(0);
      expect(await config()).toMatchObject({ sources: [{ url: `${server.url}/feed?of=a&b=c` }] });
    });

    it("says of answers that end too early how to do without", async () => {
      const { code, stderr } = await answering(["rss", "Acme"]);
      expect(code).toBe(2);
      expect(stderr).toMatch(/--yes/);
      expect(existsSync(join(folder, "earshot.yaml"))).toBe(false);
    });

    it("leaves nothing behind at Ctrl-C, in the middle of a question or of the test", async () => {
      server.on("/slow", { hang: "before_headers" });
      const asked = startCli(["sources", "add"], { cwd: folder, input: "rss\n", isInputOpen: true });
      await asked.until(/What do you want to follow/);
      asked.child.kill("SIGINT");
      expect((await asked.finished).code).toBe(130);
      const tested = startCli(["sources", "add", "--yes", "--tracker", "acme=Acme", ...localFeed("/slow")], {
        cwd: folder,
      });
      await server.received(1);
      tested.child.kill("SIGINT");
      const { code, stderr } = await tested.finished;
      expect(code).toBe(130);
      expect(stderr).toMatch(/nothing was written/);
      expect(existsSync(join(folder, "earshot.yaml")) || existsSync(join(folder, ".env"))).toBe(false);
    });
  });

  describe("presets", () => {
    it.each([
      [
        "google_news=acme parcels",
        "https://news.google.com/rss/search?q=acme+parcels&hl=en-US&gl=US&ceid=US%3Aen",
      ],
      [
        "google_alerts=https://www.google.com/alerts/feeds/12/34",
        "https://www.google.com/alerts/feeds/12/34",
      ],
      ["subreddit=https://old.reddit.com/r/acme/top/", "https://www.reddit.com/r/acme/new/.rss"],
      ["discourse=forum.example.com", "https://forum.example.com/posts.rss"],
      ["discourse=https://forum.example.com/t/late/77/3?u=jane", "https://forum.example.com/t/late/77.rss"],
      [
        "youtube_channel=https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv",
        "https://www.youtube.com/feeds/videos.xml?channel_id=UCabcdefghijklmnopqrstuv",
      ],
    ])("makes the address of a feed of %s", async (preset, url) => {
      const [name = "", ...value] = preset.split("=");
      const found = feedPresets.find((known) => known.name === name);
      expect(await found?.toSettings(value.join("="), new AbortController().signal)).toMatchObject({ url });
    });
  });

  describe("with options", () => {
    it("adds what they say and asks nothing", async () => {
      const { code, stdout } = await adding(...localFeed(), "--tracker", "acme=Acme", "--json");
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ source: "news", trackers: ["acme"], items: 2, mentions: 1 });
      expect(await config()).toMatchObject({ trackers: [{ id: "acme", name: "Acme", query: "Acme" }] });
    });

    it("takes a feed by what it is of, and keeps all that a search brings", async () => {
      const { code } = await adding(
        "--preset",
        "google_news=acme late",
        "--tracker",
        "acme=Acme",
        "--no-test",
      );
      expect(code).toBe(0);
      expect(await config()).toMatchObject({
        sources: [{ id: "acme-rss", type: "rss", platform: "news", matching: "all" }],
      });
    });

    it("keeps every line of a config there is", async () => {
      const before = [
        "# ours",
        "trackers:",
        "    - id: acme   # the brand",
        "      name: 'Acme'",
        "",
        "# where we listen",
        "sources:",
        '- {type: rss, id: old, url: "https://example.com/feed", trackers: [acme]}',
        "",
        "# the end",
        "logLevel:   warn",
        "",
      ].join("\n");
      await writeFile(join(folder, "earshot.yaml"), before);
      const { code, stderr } = await adding(...localFeed(), "--tracker", "acme", "--tracker", "zen=Zenith");
      expect(code, stderr).toBe(0);
      const after = await file("earshot.yaml");
      const lines = after.split("\n");
      const kept = before.split("\n").filter((line) => line !== "");
      expect(lines.filter((line) => kept.includes(line))).toEqual(kept);
      expect(await config()).toMatchObject({
        trackers: [{ id: "acme" }, { id: "zen", query: "Zenith" }],
        sources: [{ id: "old" }, { id: "news", trackers: ["acme", "zen"] }],
        logLevel: "warn",
      });
    });

    it("keeps an address with a key in it, and all that .env has, out of the config", async () => {
      await writeFile(join(folder, ".env"), "OTHER='a b'", { mode: 0o644 });
      const { code } = await adding(...localFeed("/feed?token=abc'def"), "--tracker", "acme=Acme");
      expect(code).toBe(0);
      expect(await file("earshot.yaml")).not.toMatch(/abc/);
      expect(await config()).toMatchObject({ sources: [{ url: "${NEWS_URL}" }] });
      expect(await file(".env")).toMatch(/^OTHER='a b'\nNEWS_URL=.*token=abc/);
      expect((await stat(join(folder, ".env"))).mode & 0o777).toBe(0o600);
      const { stdout } = await runCli(["check", "--data", join(folder, "data")], { cwd: folder });
      expect(stdout).toMatch(/ok {3}source news: answers; 2 of the first 2/);
    });

    it.each([
      [["--tracker", "acme=Acme", "--type", "fax"], /no type fax; there are: rss/],
      [["--tracker", "acme=Acme", "--type", "rss"], /--set url/],
      [["--tracker", "acme=Acme", "--preset", "subreddit=!"], /is no subreddit/],
      [["--tracker", "acme=Acme", "--type", "rss", "--set", "colour=red"], /no colour to set; it has .*url/],
      [["--tracker", "acme", "--type", "rss", "--set", "url=https://a.example"], /no tracker acme/],
      [
        ["--tracker", "acme=Acme", "--query", "(", "--type", "rss", "--set", "url=https://a.example"],
        /query is wrong/,
      ],
    ])("refuses %j with code 2, and writes nothing", async (args, message) => {
      const { code, stderr } = await adding(...args);
      expect(stderr).toMatch(message);
      expect(code).toBe(2);
      expect(existsSync(join(folder, "earshot.yaml"))).toBe(false);
    });

    it("writes nothing where the source does not answer, but for --no-test", async () => {
      const args = ["--type", "rss", "--id", "dead", "--set", "url=http://127.0.0.1:1/feed"];
      const failed = await adding(...args, "--set", "allowPrivateHosts=true", "--tracker", "acme=Acme");
      expect(failed.code).toBe(1);
      expect(failed.stderr).toMatch(/Nothing was written.*source_unavailable/s);
      expect(existsSync(join(folder, "earshot.yaml"))).toBe(false);
      const { code } = await adding(...args, "--tracker", "acme=Acme", "--no-test");
      expect(code).toBe(0);
    });

    it("refuses a name that is taken, and a config it cannot read", async () => {
      await adding(...localFeed(), "--tracker", "acme=Acme", "--no-test");
      const taken = await adding(...localFeed(), "--tracker", "acme", "--no-test");
      expect([taken.code, taken.stderr]).toEqual([2, expect.stringMatching(/source news already/)]);
      await writeFile(join(folder, "earshot.yaml"), "sources: [");
      const broken = await adding(...localFeed(), "--tracker", "acme=Acme", "--no-test");
      expect([broken.code, broken.stderr]).toEqual([2, expect.stringMatching(/is not YAML/)]);
      expect(await file("earshot.yaml")).toBe("sources: [");
    });
  });
});
