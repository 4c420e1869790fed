import type { Command } from "commander";
import type { z } from "zod";
import type { Query } from "../../core/contracts.ts";
import { showSql } from "../../core/show-sql.ts";
import { alertPrecision } from "../../queries/alert-precision.ts";
import { alertSilences } from "../../queries/alert-silences.ts";
import { alerts } from "../../queries/alerts.ts";
import { minute } from "../alert-words.ts";
import { type App, withApp } from "../app.ts";
import type { GlobalOptions } from "../config-file.ts";
import { parseOptions } from "../parse-options.ts";
import { toTable } from "../table.ts";

interface ListOptions {
  readonly sql?: boolean;
  readonly [name: string]: unknown;
}

const NO_ALERTS =
  "There are no alerts. They appear while `npm start` runs and a rule's threshold is crossed; docs/alerts.md has the rules\n" +
  "and how to be told: add a receiver under alerts.receivers of earshot.yaml.\n";
const SQL = "print the SQL instead of asking";

export function addAlertsList(group: Command): void {
  group
    .command("list", { isDefault: true })
    .summary("show alerts: open ones first, the worst first")
    .option("--tracker <ids>", "only of these trackers")
    .option(
      "--status <statuses>",
      "firing, acknowledged, resolved, pending, withdrawn (default: the first three)",
    )
    .option("--severity <severities>", "critical, high, warning, info")
    .option("--rule <ids>", "only raised by these rules")
    .option("--since <time>", "raised or told of again since then")
    .option("--limit <n>", "how many", "30")
    .option("--sql", SQL)
    .action(listing("list", alerts, listAlerts));
  group
    .command("silences")
    .summary("show when nobody is told of what")
    .option("--state <states>", "standing, coming, past")
    .option("--limit <n>", "how many", "30")
    .option("--sql", SQL)
    .action(listing("silences", alertSilences, listSilences));
  group
    .command("precision")
    .summary("show what the alerts of each rule were worth, as people judged them")
    .option("--tracker <ids>", "only of these trackers")
    .option("--rule <ids>", "only of these rules")
    .option("--since <time>", "raised since then")
    .option("--sql", SQL)
    .action(listing("precision", alertPrecision, listPrecision));
}

/** Asks a question with the options of a command, or says which. */
function listing<P extends z.ZodObject, R extends z.ZodObject>(
  name: string,
  query: Query<P, R>,
  tell: (app: App, rows: z.infer<R>[]) => Promise<string>,
) {
  return async ({ sql, ...options }: ListOptions, command: Command): Promise<void> => {
    const globals = command.optsWithGlobals<GlobalOptions>();
    const params = parseOptions(query.params, options);
    if (sql === true) {
      process.stdout.write(`${showSql(query.statement(params))}\n`);
      return;
    }
    await withApp(globals, `alerts ${name}`, async (app) => {
      const rows = await app.ask(query, params);
      process.stdout.write(
        globals.json === true ? `${JSON.stringify(rows, null, 2)}\n` : await tell(app, rows),
      );
    });
  };
}

async function listAlerts(app: App, rows: z.infer<typeof alerts.row>[]): Promise<string> {
  const [first] = rows;
  if (first === undefined) {
    const [any] = await app.ask(alerts, alerts.params.parse({ limit: 1 }));
    return any === undefined ? NO_ALERTS : "No alert is like that.\n";
  }
  const table = toTable(
    ["alert", "status", "severity", "raised", "people", "what", "rule", "tracker", "owner"],
    rows.map((row) => {
      const { sentence, voices } = JSON.parse(row.payload) as { sentence?: unknown; voices?: unknown };
      return [
        row.number,
        row.status,
        row.severity,
        row.raised_at === null ? null : minute(row.raised_at),
        typeof voices === "number" ? voices : null,
        (typeof sentence === "string" && sentence !== "" ? sentence : row.issue_title).slice(0, 80),
        row.rule,
        row.tracker,
        row.owner === "" ? row.acknowledged_by : row.owner,
      ];
    }),
  );
  return `${table}${moreThan(rows.length, first.found, "alerts")}`;
}

async function listSilences(_app: App, rows: z.infer<typeof alertSilences.row>[]): Promise<string> {
  const [first] = rows;
  if (first === undefined) return "Nothing is silenced.\n";
  const table = toTable(
    ["silence", "state", "what", "from", "until", "by", "reason"],
    rows.map((row) => [
      row.id,
      row.state,
      Object.entries(row.match)
        .map(([name, value]) => `${name} ${value}`)
        .join(", "),
      minute(row.from_at),
      minute(row.until_at),
      row.by,
      row.reason,
    ]),
  );
  return `${table}${moreThan(rows.length, first.found, "silences")}`;
}

async function listPrecision(_app: App, rows: z.infer<typeof alertPrecision.row>[]): Promise<string> {
  if (rows.length === 0) return "No alert was raised in that time.\n";
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  return toTable(
    [
      "rule",
      "raised",
      "real",
      "false",
      "known",
      "too late",
      "duplicate",
      "unanswered",
      "precision",
      "minutes",
    ],
    rows.map((row) => [
      row.rule,
      row.fired,
      row.real,
      row.false,
      row.known,
      row.too_late,
      row.duplicate,
      row.unanswered,
      row.precision === null || row.precision_low === null || row.precision_high === null
        ? "not judged"
        : `${percent(row.precision)} (${percent(row.precision_low)} to ${percent(row.precision_high)})`,
      row.median_minutes === null ? null : Math.round(row.median_minutes),
    ]),
  );
}

function moreThan(shown: number, found: number, what: string): string {
  return found > shown ? `${shown} of ${found} ${what}; more with --limit.\n` : "";
}
