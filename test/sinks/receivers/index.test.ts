import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseConfig } from "../../../core/config.ts";
import { RECEIVER_KINDS } from "../../../sinks/receivers/index.ts";

const page = readFileSync(join(import.meta.dirname, "../../../docs/receivers.md"), "utf8");

/** A value for every variable, in the form its kind asks for. */
const VARIABLES: Readonly<Record<string, string>> = {
  SLACK_BOT_TOKEN: "xoxb-1-2-abc",
  SLACK_WEBHOOK_URL: "https://hooks.slack.com/services/T/B/x",
  TEAMS_WEBHOOK_URL:
    "https://prod-1.westeurope.logic.azure.com/workflows/x/triggers/manual/paths/invoke?sig=x",
  SMTP_PASSWORD: "secret",
  PAGERDUTY_ROUTING_KEY: "0123456789abcdef0123456789abcdef",
  ALERTS_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 7).toString("base64")}`,
  DISCORD_WEBHOOK_URL: "https://discord.com/api/webhooks/1/x",
};

const examples = [...page.matchAll(/^```yaml\n([^]*?)^```/gm)].map(([, yaml = ""]) => parse(yaml) as unknown);

const read = (config: unknown) =>
  parseConfig(config, [], VARIABLES, "docs/receivers.md", RECEIVER_KINDS).alerts.receivers;

describe("the kinds of receivers", () => {
  it("have names of their own and say what they are", () => {
    const names = RECEIVER_KINDS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, summary } of RECEIVER_KINDS) {
      expect(name).toMatch(/^[a-z_]+$/);
      expect(summary).toMatch(/\.$/);
    }
  });

  it.each(RECEIVER_KINDS.map(({ name }) => name))(
    "%s has a chapter for operators with an example its config takes",
    (name) => {
      expect(page).toContain(`\n## ${name}\n`);
      expect(examples.flatMap(read).map(({ type }) => type)).toContain(name);
    },
  );

  it("keep what options mean together when they stand in the config", () => {
    const receivers = [{ type: "slack", id: "care", botToken: "xoxb-1-2-abc" }];
    expect(() => read({ alerts: { receivers } })).toThrow(/either webhookUrl, or botToken and channelId/);
  });

  it("name the variable every secret should stand in", () => {
    const secrets = RECEIVER_KINDS.flatMap(({ name, config }) =>
      Object.entries(config.shape)
        .filter(([option]) => /webhookUrl|token|password|secret|key/i.test(option))
        .map(
          ([option, schema]) =>
            [`${name}.${option}`, (schema as { description?: string }).description] as const,
        ),
    );
    expect(secrets.length).toBeGreaterThan(6);
    const silent = secrets.filter(
      ([, description = ""]) => !/refer to a variable: \$\{[A-Z_]+\}/.test(description),
    );
    expect(silent).toEqual([]);
  });
});
