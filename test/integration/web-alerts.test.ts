import { rm } from "node:fs/promises";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { actOnAlert } from "../../actions/act-on-alert.ts";
import { endSilence, silenceAlerts } from "../../actions/silence-alerts.ts";
import { openApi, type RunningApi } from "../../api/server.ts";
import { linkSigner } from "../../api/sign-links.ts";
import { openMonitoring } from "../../cli/monitoring.ts";
import { alertSilences } from "../../queries/alert-silences.ts";
import { alerts } from "../../queries/alerts.ts";
import { deliveryRows } from "../../schemas/alert-rows.ts";
import { mentionRows } from "../../schemas/rows.ts";
import type { StoredEvent } from "../../schemas/stored-event.ts";
import { anAlert, anAlertEvent, storeAlerts } from "../support/alert-builders.ts";
import { buildPage, lacksBrowser, openBrowser, openPage, type Watched } from "../support/browser.ts";
import { aContext, aMention, anEnrichment } from "../support/builders.ts";
import { openTestStore, type TestStore } from "../support/embedded-store.ts";
import { aJudgement, storeIssues, storeJudgements } from "../support/issue-builders.ts";

const NOW = "2026-03-02T10:00:00.000Z";
const HOSTILE = '<img src=x onerror="window.pwned=1"><b>bold</b>';
const KEY = "a key of at least thirty-two characters";
const SPIKE = "3f9c2b00000000000000000000000000";
const GROWS = "77ab0100000000000000000000000000";
const OVER = "e1e1e100000000000000000000000000";
const at = (time: string) => `2026-03-02T${time}:00.000Z`;

// a browser beside the other tests on a small machine can take many times as long as alone
vi.setConfig({ testTimeout: 120_000 });

if (lacksBrowser)
  console.warn("SKIPPED: alerts in the web page are not tested, for no Chromium was found (CHROMIUM_PATH).");

describe.skipIf(lacksBrowser)("alerts in the web page, in a real browser (needs Chromium)", () => {
  let stored: TestStore;
  let browser: Browser;
  let webDir: string;
  let api: RunningApi;

  const visit = async (search: string, width = 1280): Promise<Watched> => {
    const watched = await openPage(browser, api.url, { width, height: 900 });
    await watched.page.goto(`${api.url}/${search}`);
    return watched;
  };
  const signal = AbortSignal.timeout(300_000);
  const silencing = () => ({ store: stored.store, context: aContext(NOW) });
  const silences = async () =>
    stored.reader.query(alertSilences.statement(alertSilences.params.parse({})), alertSilences.row);
  const standing = async (alert: string) => {
    const asked = alerts.params.parse({ alert: [alert] });
    return (await stored.reader.query(alerts.statement(asked), alerts.row))[0];
  };

  beforeAll(async () => {
    [stored, browser, webDir] = await Promise.all([openTestStore(), openBrowser(), buildPage()]);
    const context = aContext(NOW);
    api = await openApi({
      host: "127.0.0.1",
      port: 0,
      store: stored.reader,
      actions: { demoProgress: () => ({ state: "idle", progress: 0 }), loadDemo: () => "running" },
      actOnAlert: (alertId, request, by = "ada") =>
        actOnAlert({ store: stored.store, alertId, request, by, context }, AbortSignal.timeout(60_000)),
      silenceAlerts: (request, by = "ada") => silenceAlerts({ ...silencing(), by, request }, signal),
      endSilence: (silence) => endSilence({ ...silencing(), silence }, signal),
      alertLinks: { key: KEY, publicUrl: "http://127.0.0.1" },
      trackers: [{ id: "acme", name: "Acme Parcels" }],
      version: "0.0.0",
      auth: { tokens: [], required: false, allowedHosts: [] },
      webDir,
      monitoring: openMonitoring(() => new Date(NOW)),
      context,
    });
    await stored.store.table(mentionRows).write(said(), AbortSignal.timeout(60_000));
  });
  // pages left open would go on asking for fresh figures beside the tests after
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
  });
  afterAll(async () => {
    await browser?.close();
    await api?.close();
    await stored?.close();
    if (webDir) await rm(webDir, { recursive: true, force: true });
  });

  it("says what is watched and how to be told while there is no alert yet", async () => {
    const { page, troubles } = await visit("?view=alerts");
    await page.getByRole("heading", { name: "No alerts yet" }).waitFor();
    await page.getByText("Somebody tells of danger or lost data.").waitFor();
    await page.getByLabel("A receiver in earshot.yaml").waitFor();
    expect(await troubles()).toEqual([]);
  });

  describe("with alerts raised", () => {
    beforeAll(() => tellStory(stored));

    it("lists the open ones first, counted beside the way there, and all by how they stand", async () => {
      const { page, troubles } = await visit("");
      await page.getByRole("link", { name: "Alerts 2 open" }).click();
      await page.locator(`[data-alert="${GROWS}"]`).waitFor();
      const tabs = page.getByRole("group", { name: "Status" }).getByRole("button");
      await page.getByText("All 3").waitFor();
      expect(await tabs.allTextContents()).toEqual(["Open 2", "Acknowledged 0", "Resolved 1", "All 3"]);
      const spike = page.locator(`[data-alert="${SPIKE}"]`);
      expect(await spike.textContent()).toMatch(
        /^High.*Far more than usual.*14 people complained in an hour/,
      );
      expect(await spike.locator(".counts").textContent()).toBe("14 people19 mentions");
      await page.getByRole("button", { name: "Resolved 1" }).click();
      await page.locator(`[data-alert="${OVER}"]`).waitFor();
      expect(new URL(page.url()).searchParams.get("status")).toBe("resolved");
      expect(await troubles()).toEqual([]);
    });

    it("shows one with what changed and why, who was told, what was said, and its SQL", async () => {
      const { page, troubles } = await visit(`?alert=${SPIKE}`);
      await page.getByRole("heading", { name: "Far more than usual" }).waitFor();
      expect(await page.title()).toBe("A-3F9C2B Far more than usual · Earshot");
      await page.getByText(HOSTILE, { exact: true }).first().waitFor();
      await page.getByText("Failed for good").waitFor();
      await page.getByText("no such room").waitFor();
      await page.locator(".quote-grid figure").first().waitFor();
      // the same words once
      expect(await page.locator(".quote-grid figure").count()).toBe(2);
      await page.getByRole("button", { name: "Show SQL of Score" }).click();
      const sql = (await page.locator(".sql-dialog pre").first().textContent()) ?? "";
      const rows = await stored.reader.query({ sql, params: {} }, z.object({ score: z.number() }));
      expect(rows).toEqual([{ score: 2.4 }]);
      expect(await page.evaluate("window.pwned")).toBeUndefined();
      expect(await troubles()).toEqual([]);
    });

    it("is acknowledged, snoozed and judged with what the buttons say", async () => {
      const { page, troubles } = await visit(`?alert=${GROWS}`);
      await page.getByRole("heading", { name: "Parcels come late" }).waitFor();
      await page.getByRole("button", { name: "Acknowledge" }).click();
      await page.getByText("ada acknowledged").waitFor();
      await page.getByRole("button", { name: "Snooze…" }).click();
      await page.getByLabel("Or until so many more people say so").fill("5");
      await page.getByRole("button", { name: "Snooze", exact: true }).click();
      await page.getByText("12 people say so").first().waitFor();
      expect(await standing(GROWS)).toMatchObject({
        status: "acknowledged",
        acknowledged_by: "ada",
        snoozed_until: "2026-03-02T14:00:00.000Z",
        snoozed_until_voices: 12,
      });
      await page.getByRole("button", { name: "Was it worth it?…" }).click();
      await page.getByLabel("False alarm").check();
      await page.getByLabel("Note (optional)").fill("a test of ours");
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await page.getByText("“a test of ours”").waitFor();
      expect(await standing(GROWS)).toMatchObject({ status: "resolved", verdict: "false" });
      await page.getByRole("button", { name: "Judge again…" }).waitFor();
      expect(await page.getByRole("button", { name: "Acknowledge" }).count()).toBe(0);
      await page.getByRole("button", { name: "Take back" }).click();
      await page.getByRole("button", { name: "Acknowledge" }).waitFor();
      expect(await standing(GROWS)).toMatchObject({ status: "firing", verdict: "", acknowledged_by: "" });
      await page.getByRole("link", { name: "Open the issue" }).click();
      await page.waitForURL(/issue=acme(%2F|\/)late/);
      expect(await troubles()).toEqual([]);
    });

    it("silences what is like it, with a reason, and ends what is silenced", async () => {
      const { page, troubles } = await visit(`?alert=${GROWS}`);
      await page.getByRole("button", { name: "Silence…" }).click();
      await page.getByLabel("Of the rule issue-escalating, for this tracker").check();
      await page.getByLabel("Why nobody needs to know").fill("the depot moves");
      await page.getByRole("button", { name: "Silence", exact: true }).click();
      await page.getByText("Silenced.").waitFor();
      expect(await silences()).toMatchObject([
        {
          match: { tracker: "acme", rule: "issue-escalating" },
          until_at: "2026-03-03T10:00:00.000Z",
          reason: "the depot moves",
          by: "ada",
        },
      ]);
      const request = { match: { tracker: "acme" }, until: "2099-01-01T00:00:00.000Z", reason: "a test" };
      const { id } = await silenceAlerts({ ...silencing(), by: "bob", request }, signal);
      await page.goto(`${api.url}/?view=alerts`);
      const listed = page.getByRole("list", { name: "Silenced now" });
      await listed.getByText("a test").waitFor();
      await listed.getByRole("button", { name: "End" }).click();
      await listed.waitFor({ state: "detached" });
      expect((await silences()).find((one) => one.id === id)).toMatchObject({ state: "past" });
      expect(await troubles()).toEqual([]);
    });

    it("is acknowledged from a message by one press of a button that needs no script", async () => {
      const link = new URL(linkSigner(KEY, "http://127.0.0.1").link(SPIKE, "acknowledge", new Date(NOW)));
      const { page, troubles } = await visit(`${link.pathname.slice(1)}${link.search}`);
      await page.getByRole("heading", { name: /A-3F9C2B: Acme Parcels/ }).waitFor();
      expect(await standing(SPIKE)).toMatchObject({ status: "firing" });
      await page.getByRole("button", { name: "Acknowledge" }).click();
      await page.getByText("Acknowledged. Whoever else is told").waitFor();
      expect(await standing(SPIKE)).toMatchObject({ status: "acknowledged", acknowledged_by: "link" });
      expect(await troubles()).toEqual([]);
    });

    it("fits a phone", async () => {
      for (const search of ["?view=alerts&status=all", `?alert=${SPIKE}`]) {
        const { page } = await visit(search, 400);
        await page.locator(".severity-high").first().waitFor();
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(400);
      }
    });
  });
});

function said(): StoredEvent[] {
  const texts = [
    "Where is my parcel? Nobody answers.",
    "where is my parcel?? nobody answers",
    "Left in the rain.",
  ];
  return texts.map((text, index) => ({
    type: "upsert",
    mention: aMention({
      nativeId: `q${index}`,
      text,
      authorName: `Person ${index}`,
      publishedAt: at(`09:1${index}`),
      url: `https://x.example/${index}`,
    }),
    enrichment: anEnrichment(),
  }));
}

async function tellStory({ store }: TestStore): Promise<void> {
  await storeIssues(store, { late: ["c"] }, [{ nativeId: "late", cluster: "c", publishedAt: at("08:00") }]);
  await storeJudgements(store, [
    aJudgement({ issueId: "late", title: "Parcels come late", verdict: "escalating" }),
  ]);
  const measured = {
    sentence: "14 people complained in an hour, 5 are usual at this time of day.",
    reasons: ["2.4 times what the busiest hour of the last four weeks had.", HOSTILE],
    voices: 14,
    mentions: 19,
    expected: 5.2,
    from: at("08:30"),
    to: at("09:30"),
  };
  const spike = { alertId: SPIKE, severity: "high", payload: measured } as const;
  const grows = {
    alertId: GROWS,
    rule: "issue-escalating",
    ruleKind: "issue_escalating",
    issueId: "late",
    payload: { voices: 7 },
  } as const;
  const fired = anAlertEvent({
    ...spike,
    kind: "fired",
    score: 2.4,
    at: at("09:31"),
    recordedAt: at("09:32"),
  });
  await storeAlerts(store, [
    anAlertEvent({ ...spike, kind: "pending", score: 1.1, at: at("09:20"), recordedAt: at("09:21") }),
    fired,
    ...anAlert({ ...grows, at: at("08:00"), recordedAt: at("08:01") }),
    ...anAlert(
      {
        alertId: OVER,
        at: at("06:00"),
        recordedAt: at("06:01"),
        rule: "not-heard",
        ruleKind: "source_silent",
      },
      { kind: "resolved", at: at("07:00"), recordedAt: at("07:01") },
    ),
  ]);
  const delivery = {
    alertId: SPIKE,
    eventId: fired.id,
    attempts: 1,
    nextAt: null,
    receipt: {},
    at: at("09:32"),
  };
  await store.table(deliveryRows).write(
    [
      { ...delivery, id: `${SPIKE}:fired:mail`, receiver: "mail", outcome: "sent", reason: "" },
      {
        ...delivery,
        id: `${SPIKE}:fired:care`,
        receiver: "care",
        outcome: "dead",
        reason: "no such room",
        attempts: 5,
      },
    ],
    AbortSignal.timeout(60_000),
  );
}
