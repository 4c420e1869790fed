import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { ApiActions } from "../../api/app.ts";
import { openApi, type RunningApi } from "../../api/server.ts";
import { openMonitoring } from "../../cli/monitoring.ts";
import type { MentionFields } from "../../core/contracts.ts";
import type { Enrichment } from "../../schemas/enrichment.ts";
import { mentionRows } from "../../schemas/rows.ts";
import type { StoredEvent } from "../../schemas/stored-event.ts";
import { buildPage, lacksBrowser, openBrowser, openPage, type Watched } from "../support/browser.ts";
import { aContext, aMention, anEnrichment } from "../support/builders.ts";
import { openTestStore, type TestStore } from "../support/embedded-store.ts";

const NOW = "2026-03-02T10:00:00.000Z";
const TOKEN = "a-token-for-tests";
const HOSTILE = {
  image: '<img src=x onerror="window.pwned=1"><b>bold</b>',
  script: "<script>window.pwned=1;alert(1)</script>",
  override: "invoice \u202Egnp.exe\u202C, first-strong \u2067isolate",
  link: "the address of this one is a script",
  wide: "W".repeat(1_900),
};

if (lacksBrowser)
  console.warn("SKIPPED: the web page is not tested, for no Chromium was found (CHROMIUM_PATH).");

describe.skipIf(lacksBrowser)("the web page in a real browser (needs Chromium)", () => {
  let stored: TestStore;
  let browser: Browser;
  let webDir: string;
  let api: RunningApi;
  let demo = { state: "idle", progress: 0 };

  const fill = async (): Promise<void> => {
    await stored.store.table(mentionRows).write(EVENTS, AbortSignal.timeout(30_000));
  };
  const actions: ApiActions = {
    demoProgress: () => demo,
    loadDemo: async () => {
      demo = { state: "loading", progress: 0.5 };
      await fill();
      demo = { state: "loaded", progress: 1 };
      return "started" as const;
    },
  };
  const serve = (isTokenRequired: boolean): Promise<RunningApi> =>
    openApi({
      host: "127.0.0.1",
      port: 0,
      store: stored.reader,
      actions,
      trackers: [
        { id: "acme", name: "Acme Parcels" },
        { id: "rival", name: "Rival Post" },
      ],
      version: "0.0.0",
      auth: {
        tokens: [{ name: "test", sha256: createHash("sha256").update(TOKEN).digest("hex"), role: "viewer" }],
        required: isTokenRequired,
        allowedHosts: [],
      },
      webDir,
      monitoring: openMonitoring(() => new Date(NOW)),
      context: aContext(NOW),
    });
  const visit = async (
    search = "",
    at = api,
    viewport?: { width: number; height: number },
    policy?: string,
  ): Promise<Watched> => {
    const watched = await openPage(browser, at.url, viewport);
    const address = `${at.url}/${search}`;
    if (policy !== undefined) {
      await watched.page.route(address, async (route) => {
        const response = await route.fetch();
        await route.fulfill({
          response,
          headers: { ...response.headers(), "content-security-policy": policy },
        });
      });
    }
    await watched.page.goto(address);
    return watched;
  };

  beforeAll(async () => {
    [stored, browser, webDir] = await Promise.all([openTestStore(), openBrowser(), buildPage()]);
    api = await serve(false);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await api?.close();
    await stored?.close();
    if (webDir) await rm(webDir, { recursive: true, force: true });
  });

  it("welcomes to an empty store and fills itself when the demo data is loaded", async () => {
    const { page, troubles } = await visit();
    await page.getByRole("heading", { name: "Nothing heard yet" }).waitFor();
    expect(await page.getByText("earshot import reviews.csv").isVisible()).toBe(true);
    await page.getByRole("button", { name: "Load demo data" }).click();
    await page.getByRole("region", { name: "Key figures" }).waitFor();
    // with less than two months of data all of it is shown
    expect(await figure(page, "Mentions")).toBe(String(EVENTS.length));
    expect(await troubles()).toEqual([]);
  });

  describe("with mentions stored", () => {
    beforeAll(fill);

    it("shows the figures that the API gives, and their change against the period before", async () => {
      const { page, troubles } = await visit("?range=30d");
      expect(await figure(page, "Mentions")).toBe(String(IN_RANGE.length));
      const asked = new URLSearchParams({ from: "2026-02-01", to: "2026-03-03" });
      const reply = await fetch(`${api.url}/api/v1/queries/summary?${asked.toString()}`);
      const [row] = SummaryReply.parse(await reply.json()).rows;
      expect(row?.mentions).toBe(IN_RANGE.length);
      expect(await figure(page, "Authors")).toBe(String(row?.authors));
      const share = ((row?.complaints ?? 0) / (row?.mentions ?? 1)) * 100;
      expect(await figure(page, "Complaint share")).toBe(`${share.toFixed(1)}%`);
      expect(await figure(page, "Mean rating")).toBe(row?.mean_rating?.toFixed(2));
      const change = page.locator("article", { hasText: "Mentions" }).locator(".change").first();
      const before = EVENTS.length - IN_RANGE.length;
      const percent = Math.round(((IN_RANGE.length - before) / before) * 100);
      await change.getByText(`+${percent}%`).waitFor();
      expect(await troubles()).toEqual([]);
    });

    it("shows SQL that gives the same numbers when it is run", async () => {
      const { page } = await visit();
      const shown = await figure(page, "Mentions");
      const [summary] = await stored.reader.query(
        { sql: await sqlOf(page, "Mentions"), params: {} },
        Counted,
      );
      expect(String(summary?.mentions)).toBe(shown);
      const days = await stored.reader.query({ sql: await sqlOf(page, "Volume"), params: {} }, Counted);
      expect(days.length).toBeGreaterThan(1);
      expect(String(days.reduce((sum, day) => sum + day.mentions, 0))).toBe(shown);
    });

    it("opens the SQL from the keyboard, and gives the focus back when Escape closes it", async () => {
      const { page } = await visit();
      await figure(page, "Authors");
      await page.getByRole("button", { name: "Show SQL of Authors" }).focus();
      await page.keyboard.press("Enter");
      await page.getByRole("dialog").waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
      const focused = await page.evaluate('document.activeElement?.getAttribute("aria-label")');
      expect(focused).toBe("Show SQL of Authors");
    });

    it("shows hostile texts as text and runs nothing of them", async () => {
      const { page, troubles } = await visit();
      for (const [name, text] of Object.entries(HOSTILE)) {
        const body = page.locator(`[data-mention="x:hostile-${name}"] .mention-text`);
        expect(await body.textContent(), name).toBe(text);
        expect(await body.getAttribute("dir"), name).toBe("auto");
        expect(await body.locator("img, script, b").count(), name).toBe(0);
      }
      const scripted = page.locator('[data-mention="x:hostile-link"]');
      expect(await scripted.getByRole("link").count()).toBe(0);
      expect(await scripted.locator(".author").textContent()).toContain("<i>Mallory</i>");
      const link = page.locator('[data-mention="x:hostile-image"]').getByRole("link");
      expect(await link.getAttribute("rel")).toBe("noopener noreferrer nofollow");
      const overflow = await page.evaluate<number>(
        "document.documentElement.scrollWidth - window.innerWidth",
      );
      expect(overflow).toBeLessThanOrEqual(0);
      expect(await page.evaluate("window.pwned")).toBeUndefined();
      expect(await troubles()).toEqual([]);
    });

    it("marks the evidence of a complaint and tells a counter that is not shown from zero", async () => {
      const { page } = await visit("?q=%22never+arrived%22");
      const card = page.locator("[data-mention]").first();
      expect(await card.locator("mark").first().textContent()).toBe("never arrived");
      expect(await card.getByTitle("0 likes").count()).toBe(1);
      expect(await card.getByTitle(/views/).count()).toBe(0);
    });

    it("narrows the list to what is searched for, in an address that can be shared", async () => {
      const { page, troubles } = await visit();
      await page.getByRole("searchbox").fill('"never arrived"');
      await page.waitForURL(/q=%22never\+arrived%22/);
      await waitForCards(
        page,
        (texts) => texts.length > 0 && texts.every((text) => /never arrived/.test(text)),
      );
      const found = await page.locator("[data-mention]").count();
      await page.reload();
      await waitForCards(page, (texts) => texts.length === found);
      expect(await troubles()).toEqual([]);
    });

    it("says which filter to relax when nothing matches", async () => {
      const { page } = await visit("?q=unheardof&complaint=true");
      await page.getByRole("heading", { name: "No mentions match" }).waitFor();
      await page.getByRole("button", { name: "Search: unheardof" }).click();
      await waitForCards(page, (texts) => texts.length > 0);
      expect(new URL(page.url()).searchParams.get("complaint")).toBe("true");
    });

    it("narrows the list to the bucket picked in a table, and widens it with the back button", async () => {
      const { page } = await visit();
      await page.getByRole("button", { name: "View Volume as table" }).click();
      const row = page.getByRole("region", { name: "Volume as table" }).locator("tbody tr").nth(3);
      const counted = Number(await row.locator("td").first().textContent());
      await row.getByRole("button").click();
      await waitForCards(page, (texts) => texts.length === counted);
      await page.goBack();
      await waitForCards(page, (texts) => texts.length > counted);
    });

    it("narrows the list to the bucket clicked in a chart", async () => {
      const { page } = await visit();
      await page.getByRole("img", { name: /^Complaints per day/ }).click();
      await page.waitForURL(/bucket=2026-02/);
      await page.getByRole("button", { name: /Show the whole range again/ }).waitFor();
    });

    it("draws charts and tooltips under a policy of default-src 'self' alone", async () => {
      const { page, troubles } = await visit("", api, undefined, "default-src 'self'");
      await page.getByRole("img", { name: /^Complaints per day/ }).hover();
      const tooltip = page.locator(".tooltip", { hasText: "Distinct complainants" });
      await tooltip.waitFor();
      expect(await tooltip.textContent()).toMatch(/^\w{3} \d+ Feb 2026Complaints\d+Distinct complainants\d+/);
      expect(await troubles()).toEqual([]);
    });

    it("loads more mentions below the first page, each of them once", async () => {
      const { page } = await visit("?range=all");
      await waitForCards(page, (texts) => texts.length === 20);
      await page.getByRole("button", { name: "Load more" }).click();
      await waitForCards(page, (texts) => texts.length === 40);
      const ids = await page.evaluate<string[]>(
        '[...document.querySelectorAll("[data-mention]")].map((card) => card.dataset.mention)',
      );
      expect(new Set(ids).size).toBe(40);
    });

    it("keeps what it knows when the API does not answer, and recovers on demand", async () => {
      const { page } = await visit();
      const shown = await figure(page, "Mentions");
      await page.route("**/api/**", (route) => route.abort());
      await page.getByRole("button", { name: "Refresh" }).click();
      await page.getByRole("alert").getByText("Cannot reach the API.").waitFor();
      expect(await figure(page, "Mentions")).toBe(shown);
      await page.unroute("**/api/**");
      await page.getByRole("button", { name: "Try again" }).click();
      await page.getByText("Cannot reach the API.").waitFor({ state: "detached" });
    });

    it("asks for a token where one is required, and keeps it for the tab only", async () => {
      const guarded = await serve(true);
      const { page } = await visit("", guarded);
      await page.getByLabel("API token").fill(TOKEN);
      await page.getByRole("button", { name: "Continue" }).click();
      expect(await figure(page, "Mentions")).toBe(String(EVENTS.length));
      expect(await page.evaluate("localStorage.length")).toBe(0);
      await page.close();
      await guarded.close();
    });

    it("fits a page 360 pixels wide", async () => {
      const { page, troubles } = await visit("?by=platform", api, { width: 360, height: 740 });
      await figure(page, "Mentions");
      await page.getByRole("img", { name: /^Volume per day/ }).waitFor();
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
      expect(await troubles()).toEqual([]);
    });
  });
});

const SummaryReply = z.object({
  rows: z.array(
    z.object({
      mentions: z.number(),
      authors: z.number(),
      complaints: z.number(),
      mean_rating: z.number().nullable(),
    }),
  ),
});
const Counted = z.object({ mentions: z.coerce.number() });

/** The value of a key figure as it is shown. */
async function figure(page: Page, title: string): Promise<string | null> {
  return page.locator(`[data-figure="${title}"]`).textContent();
}

/** The SQL the page shows for a figure. */
async function sqlOf(page: Page, title: string): Promise<string> {
  await page.getByRole("button", { name: `Show SQL of ${title}` }).click();
  const sql = await page.getByRole("dialog").getByLabel("SQL", { exact: true }).textContent();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  return sql ?? "";
}

/** Resolves when the texts of the listed mentions are as `holds` says. */
async function waitForCards(page: Page, holds: (texts: string[]) => boolean): Promise<void> {
  const read = async () => holds(await page.locator("[data-mention]").allTextContents());
  await expect.poll(read, { timeout: 10_000, interval: 50 }).toBe(true);
}

function anEvent(fields: Partial<MentionFields>, enrichment: Partial<Enrichment> = {}): StoredEvent {
  return { type: "upsert", mention: aMention(fields), enrichment: anEnrichment(enrichment) };
}

const CALM: Partial<Enrichment> = {
  sentiment: { score: 0.6, label: "positive", confidence: 0.9, spans: [] },
  complaint: { isComplaint: false, confidence: 0.9, evidence: [] },
};

/** One mention of every third kind is a complaint; reviews carry a rating; the later ones are twice as frequent. */
function story(): StoredEvent[] {
  const events: StoredEvent[] = [];
  for (let index = 0; index < 75; index += 1) {
    const isRecent = index < 50;
    const day = isRecent ? index % 25 : (index - 50) * 1.1;
    const at = Date.parse(isRecent ? "2026-03-01T08:00:00Z" : "2026-01-30T08:00:00Z") - day * 86_400_000;
    const isReview = index % 2 === 0;
    const isComplaint = index % 3 === 0;
    const text = isComplaint ? "The parcel never arrived." : "Friendly driver, quick delivery.";
    events.push(
      anEvent(
        {
          platform: isReview ? "app_store" : "reddit",
          nativeId: `story-${index}`,
          kind: isReview ? "review" : "post",
          text,
          publishedAt: new Date(at + index * 1_000).toISOString(),
          authorId: `author-${index % 17}`,
          authorName: `Author ${index % 17}`,
          trackers: [index % 5 === 0 ? "rival" : "acme"],
          rating: isReview ? (isComplaint ? 1 : 5) : null,
          ratingMax: isReview ? 5 : null,
          url: `https://example.com/${index}`,
          engagement: { likes: 0, replies: 2, shares: null, views: null },
        },
        isComplaint
          ? { complaint: { isComplaint: true, confidence: 0.8, evidence: [{ start: 11, end: 24 }] } }
          : CALM,
      ),
    );
  }
  return events;
}

function hostileEvents(): StoredEvent[] {
  return Object.entries(HOSTILE).map(([name, text], index) =>
    anEvent(
      {
        nativeId: `hostile-${name}`,
        text,
        authorName: "<i>Mallory</i>",
        title: name === "image" ? "<svg onload=window.pwned=1>" : "",
        url: name === "link" ? "javascript:window.pwned=1" : "https://example.com/hostile?<script>",
        publishedAt: new Date(Date.parse("2026-03-02T09:00:00Z") + index * 1_000).toISOString(),
      },
      name === "wide"
        ? CALM
        : { complaint: { isComplaint: true, confidence: 0.7, evidence: [{ start: 0, end: 9_999 }] } },
    ),
  );
}

const EVENTS = [...story(), ...hostileEvents()];
const IN_RANGE = EVENTS.filter(
  (event) => event.type === "upsert" && event.mention.publishedAt >= "2026-02-01T00:00:00.000Z",
);
