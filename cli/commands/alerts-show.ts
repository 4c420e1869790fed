import type { Command } from "commander";
import type { z } from "zod";
import { findAlert } from "../../actions/open-alert.ts";
import type { Query } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { oneLine } from "../../core/one-line.ts";
import { showSql } from "../../core/show-sql.ts";
import { alertDeliveries } from "../../queries/alert-deliveries.ts";
import { alertEvents } from "../../queries/alert-events.ts";
import { alerts } from "../../queries/alerts.ts";
import { alertEventWords, minute } from "../alert-words.ts";
import { type App, withApp } from "../app.ts";
import type { GlobalOptions } from "../config-file.ts";

type AlertRow = z.infer<typeof alerts.row>;

/** Everything that is shown of an alert. */
interface Shown {
  readonly alert: AlertRow;
  readonly events: readonly z.infer<typeof alertEvents.row>[];
  readonly deliveries: readonly z.infer<typeof alertDeliveries.row>[];
}

export function addAlertsShow(group: Command): void {
  group
    .command("show <alert>")
    .summary("show one alert: what changed and why, who was told, who did what")
    .option("--sql", "print the SQL of every figure instead")
    .action(async (given: string, options: { readonly sql?: boolean }, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      await withApp(globals, "alerts show", async (app) => {
        const asked: string[] = [];
        const shown = await readShown(app, given, asked);
        if (options.sql === true) process.stdout.write(asked.join("\n"));
        else if (globals.json === true) process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
        else process.stdout.write(toText(shown));
      });
    });
}

/** @param asked gets the statements that were run */
async function readShown(app: App, given: string, asked: string[]): Promise<Shown> {
  const id = await findAlert(app.store, given);
  const ask = async <P extends z.ZodObject, R extends z.ZodObject>(
    query: Query<P, R>,
    params: z.input<P>,
  ): Promise<z.infer<R>[]> => {
    const parsed = query.params.parse(params);
    asked.push(`-- ${query.name}\n${showSql(query.statement(parsed))};\n`);
    return app.ask(query, parsed);
  };
  const [alert] = await ask(alerts, {
    alert: [id],
    status: ["firing", "acknowledged", "resolved", "pending", "withdrawn"],
  });
  if (alert === undefined) throw new EarshotError("not_found", `Alert ${given.slice(0, 64)} never began.`);
  return {
    alert,
    events: await ask(alertEvents, { alert: id, limit: 1_000 }),
    deliveries: await ask(alertDeliveries, { alert: id }),
  };
}

function toText({ alert, events, deliveries }: Shown): string {
  const payload = JSON.parse(alert.payload) as Readonly<Record<string, unknown>>;
  const { sentence, reasons } = payload;
  const group = Object.entries(alert.group_values).map(([name, value]) => `${name} ${value}`);
  const of = [alert.tracker, alert.issue_title || alert.issue_id, ...group].filter((part) => part !== "");
  const head = [alert.status, alert.severity, `rule ${alert.rule}`, ...of].join(" · ");
  return [
    `${alert.number}: ${oneLine(typeof sentence === "string" ? sentence : alert.rule)}\n${oneLine(head)}\n`,
    section("Measured", measured(alert, payload)),
    section("Why", Array.isArray(reasons) ? reasons.map(String) : []),
    section("Seen to", careWords(alert)),
    section(
      "Told",
      deliveries.map(
        ({ at, receiver, outcome, event_kind: kind, reason, next_at: next }) =>
          `${minute(at)}  ${receiver}: ${outcome}${kind === "" ? "" : `, ${kind}`}${reason === "" ? "" : `: ${reason}`}${next === null ? "" : `; again at ${minute(next)}`}`,
      ),
    ),
    section(
      "Happened",
      events.map((event) => {
        const told = { ...event, payload: JSON.parse(event.payload) as Record<string, unknown> };
        const note = event.note === "" ? "" : `: ${event.note}`;
        return `${minute(event.by === "" ? event.at : event.recorded_at)}  ${event.by === "" ? "the machine" : event.by}: ${alertEventWords(told)}${note}`;
      }),
    ),
  ].join("");
}

function measured(alert: AlertRow, payload: Readonly<Record<string, unknown>>): string[] {
  const figures = (["voices", "mentions", "expected"] as const).flatMap((name) => {
    const value = payload[name];
    if (typeof value !== "number") return [];
    return [`${name === "voices" ? "people" : name}: ${Number.isInteger(value) ? value : value.toFixed(1)}`];
  });
  const { from, to } = payload;
  const stretch =
    typeof from === "string" && typeof to === "string" ? [`${minute(from)} to ${minute(to)}`] : [];
  const peak = `${alert.score.toFixed(1)} × the threshold, at most ${alert.peak_score.toFixed(1)} ×`;
  return [[...figures, ...stretch, peak].join(", ")];
}

function careWords(alert: AlertRow): string[] {
  const { acknowledged_at: at, snoozed_until: until, snoozed_until_voices: voices } = alert;
  const snoozes = [
    ...(until === null ? [] : [minute(until)]),
    ...(voices === 0 ? [] : [`${voices} people say so`]),
  ];
  return [
    ...(alert.owner === "" ? [] : [`Owner: ${alert.owner}`]),
    ...(at === null ? [] : [`Acknowledged by ${alert.acknowledged_by} at ${minute(at)}`]),
    ...(snoozes.length === 0 ? [] : [`Snoozed until ${snoozes.join(" or ")}`]),
    ...(alert.verdict === "" ? [] : [`Worth: ${alert.verdict.replaceAll("_", " ")} (${alert.verdict_by})`]),
  ];
}

function section(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return "";
  return `\n${title}\n${lines.map((line) => `  ${oneLine(line)}\n`).join("")}`;
}
