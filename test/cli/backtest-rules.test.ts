import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { actOnAlert } from "../../actions/act-on-alert.ts";
import { openWatch } from "../../cli/alert/watch-rules.ts";
import { backtestRules } from "../../cli/backtest-rules.ts";
import type { AlertRequest } from "../../schemas/alert.ts";
import { anAlertApp, clearWatched } from "../support/alert-app.ts";
import { openTestStore, type TestStore } from "../support/embedded-store.ts";
import { hear } from "../support/heard-issues.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = Date.parse("2026-03-04T14:00:00Z");
const signal = new AbortController().signal;
const iso = (at: number) => new Date(at).toISOString();
const danger = { kind: "keyword_critical", id: "danger", severity: "critical" };

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore();
});
afterAll(() => opened.close());
beforeEach(() => clearWatched(opened));

describe("backtestRules", () => {
  it("tells of each alert what care said of it at the time, as long as it holds", async () => {
    const at = iso(NOW - MINUTE);
    await hear(opened.store, "acme", [
      {
        issue: "fire",
        publishedAt: at,
        observedAt: at,
        authorId: "a",
        enrichment: { threats: [{ kind: "safety", span: null }] },
      },
    ]);
    const { app, clock } = anAlertApp(opened, NOW, [danger]);
    const [alert] = await (await openWatch(app)).round(signal);
    const span = { from: new Date(NOW - HOUR), to: new Date(NOW + HOUR) };
    const act = async (request: AlertRequest) => {
      clock.now += MINUTE;
      const alertId = alert?.alertId ?? "";
      await actOnAlert({ store: opened.store, alertId, request, by: "ann", context: app.context }, signal);
    };
    const verdicts = async () =>
      (await backtestRules(app, app.config.alerts.rules, span, signal)).flatMap(({ alerts }) =>
        alerts.map(({ verdict }) => verdict),
      );
    expect(await verdicts()).toEqual([""]);
    await act({ kind: "judge", verdict: "false", note: "" });
    expect(await verdicts()).toEqual(["false"]);
    await act({ kind: "undo", note: "" });
    expect(await verdicts()).toEqual([""]);
    await act({ kind: "judge", verdict: "real", note: "" });
    expect(await verdicts()).toEqual(["real"]);
  });

  it("says of a rule without a history why it cannot be tried out", async () => {
    const { app } = anAlertApp(opened, NOW, [{ kind: "source_silent", id: "quiet" }]);
    const span = { from: new Date(NOW - HOUR), to: new Date(NOW) };
    expect(await backtestRules(app, app.config.alerts.rules, span, signal)).toEqual([
      {
        rule: "quiet",
        kind: "source_silent",
        alerts: [],
        reason: "how sources were at every minute is not kept",
      },
    ]);
  });
});
