import { describe, expect, it } from "vitest";
import { AlertRule, DEFAULT_RULES } from "../../../core/alerts/rules.ts";
import { parseConfig } from "../../../core/config.ts";
import { ingestors } from "../../../ingestors/index.ts";
import { RULE_KINDS } from "../../../schemas/alert.ts";
import { RECEIVER_KINDS } from "../../../sinks/receivers/index.ts";

const SLACK = { type: "slack", id: "care", url: "https://hooks.slack.example/services/T/B/x" };

function parse(alerts: unknown, more: Record<string, unknown> = {}) {
  return parseConfig(
    { trackers: [{ id: "acme", name: "Acme" }], alerts, ...more },
    ingestors,
    {},
    "earshot.yaml",
    RECEIVER_KINDS,
  );
}

function faultOf(alerts: unknown, more: Record<string, unknown> = {}): string {
  try {
    parse(alerts, more);
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

describe("the alerts of a config", () => {
  it("watches what serves most where nothing is said, with rules of every kind", () => {
    const { alerts } = parseConfig({}, ingestors, {}, "earshot.yaml", RECEIVER_KINDS);
    expect(alerts.isEnabled).toBe(true);
    expect(alerts.rules).toEqual(DEFAULT_RULES.map((rule) => AlertRule.parse(rule)));
    expect(new Set(alerts.rules.map(({ kind }) => kind))).toEqual(new Set(RULE_KINDS));
    expect(new Set(alerts.rules.map(({ id }) => id)).size).toBe(alerts.rules.length);
  });

  it("may watch nothing, which is not the same as saying nothing", () => {
    expect(parse({ rules: [] }).alerts.rules).toEqual([]);
  });

  it.each([
    [
      "a key of a rule with a typo",
      { rules: [{ kind: "volume_spike", id: "a", minCuont: 3 }] },
      /alerts\.rules\[0\]: .*minCuont/,
    ],
    [
      "a kind there is none of",
      { rules: [{ kind: "volume_spikes", id: "a" }] },
      /alerts\.rules\[0\]\.kind: /,
    ],
    ["a rule without a name", { rules: [{ kind: "issue_new" }] }, /alerts\.rules\[0\]\.id: /],
    [
      "a number out of range",
      { rules: [{ kind: "share_shift", id: "a", factor: 1 }] },
      /alerts\.rules\[0\]\.factor: /,
    ],
    [
      "a group there is none of",
      { rules: [{ kind: "volume_spike", id: "a", by: ["city"] }] },
      /alerts\.rules\[0\]\.by\[0\]: /,
    ],
    [
      "two rules of one name",
      {
        rules: [
          { kind: "issue_new", id: "a" },
          { kind: "post_spread", id: "a" },
        ],
      },
      /alerts\.rules\[1\]\.id: a is used twice/,
    ],
    [
      "a rule of a tracker there is none of",
      { rules: [{ kind: "issue_new", id: "a", trackers: ["acme", "amce"] }] },
      /alerts\.rules\[0\]\.trackers\[1\]: no tracker amce under trackers:/,
    ],
    [
      "a query that cannot be read",
      { rules: [{ kind: "keyword_critical", id: "a", query: "fire AND (smoke" }] },
      /alerts\.rules\[0\]\.query: ./,
    ],
    [
      "two receivers of one name",
      { receivers: [SLACK, SLACK] },
      /alerts\.receivers\[1\]\.id: care is used twice/,
    ],
    [
      "a route to a receiver there is none of",
      { receivers: [SLACK], routes: [{ to: ["care"], offHoursTo: ["night"] }] },
      /alerts\.routes\[0\]\.offHoursTo\[0\]: no receiver night under alerts\.receivers/,
    ],
    [
      "a fallback there is none of",
      { receivers: [{ ...SLACK, fallback: "mail" }] },
      /alerts\.receivers\[0\]\.fallback: no receiver mail/,
    ],
    [
      "an escalation to a receiver there is none of",
      { receivers: [SLACK], escalation: [{ afterMinutes: 15, to: ["care", "boss"] }] },
      /alerts\.escalation\[0\]\.to\[1\]: no receiver boss/,
    ],
    [
      "a time that is none",
      { routes: [{ to: ["care"], hours: { from: "25:00" } }] },
      /alerts\.routes\[0\]\.hours\.from: /,
    ],
    [
      "a silence without an end",
      { silences: [{ match: {}, reason: "launch" }] },
      /alerts\.silences\[0\]\.until: /,
    ],
    ["an address that is none", { publicUrl: "javascript:alert(1)" }, /alerts\.publicUrl: /],
    ["a key that is too short to sign with", { signingKey: "secret" }, /alerts\.signingKey: /],
  ])("tells of %s by its path", (_, alerts, fault) => {
    expect(faultOf(alerts)).toMatch(fault);
  });

  it("asks for a key to sign links with where the store is not its own", () => {
    const publicUrl = "https://earshot.example";
    const clickhouse = { url: "http://clickhouse:8123" };
    expect(faultOf({ publicUrl })).toBe("");
    expect(faultOf({ publicUrl }, { clickhouse })).toMatch(/alerts\.signingKey: is needed with publicUrl/);
    expect(faultOf({ publicUrl, signingKey: "k".repeat(32) }, { clickhouse })).toBe("");
  });

  it("tells of all faults at once", () => {
    const rules = [
      { kind: "issue_new", id: "a", trackers: ["other"] },
      { kind: "keyword_critical", id: "a", query: "(" },
    ];
    const said = faultOf({ rules, routes: [{ to: ["nobody"] }] });
    for (const path of ["rules[0].trackers[0]", "rules[1].id", "rules[1].query", "routes[0].to[0]"]) {
      expect(said).toContain(`alerts.${path}: `);
    }
  });
});
