import type { Command } from "commander";
import { actOnAlert } from "../../actions/act-on-alert.ts";
import { numberOf } from "../../actions/open-alert.ts";
import { endSilence, silenceAlerts, SilenceRequest } from "../../actions/silence-alerts.ts";
import { EarshotError } from "../../core/errors.ts";
import { oneLine } from "../../core/one-line.ts";
import { ALERT_VERDICTS, AlertRequest, type AlertSilence } from "../../schemas/alert.ts";
import { toWire } from "../../schemas/wire.ts";
import { alertEventWords, minute } from "../alert-words.ts";
import { withApp } from "../app.ts";
import type { GlobalOptions } from "../config-file.ts";
import { localUser } from "../local-user.ts";
import { parseOptions } from "../parse-options.ts";
import { addAlertsBacktest } from "./alerts-backtest.ts";
import { addAlertsList } from "./alerts-list.ts";
import { addAlertsShow } from "./alerts-show.ts";
import { addAlertsTest } from "./alerts-test.ts";

type Options = Readonly<Record<string, string | undefined>>;

export function addAlerts(program: Command): void {
  const group = alertsGroup(program);
  addAlertsList(group);
  addAlertsShow(group);
  addActs(group);
  addSilences(group);
  addAlertsTest(group);
  addAlertsBacktest(group);
}

/** The command that all commands about alerts are under, made when it is first asked for. */
export function alertsGroup(program: Command): Command {
  const made = program.commands.find((command) => command.name() === "alerts");
  if (made !== undefined) return made;
  return program
    .command("alerts")
    .summary("what happened that people should know of at once, and who sees to it")
    .description(
      "An alert is raised when a rule's threshold is crossed, and resolved when it no longer is: quiet is not fixed. " +
        "Whatever you do with one is recorded with your name. An alert is named by its number, A-3F9C2B, or the beginning of its id.",
    );
}

function addActs(group: Command): void {
  act(group, "ack", "<alert>", "say that you see to it; nobody is reminded any more").action(
    acting("ack", () => ({ kind: "acknowledge" })),
  );
  act(group, "snooze", "<alert>", "be told of it again only later, or when more people say so")
    .option("--for <time>", "for so long: 30m, 4h, 2d")
    .option("--until <time>", "until this time: 2026-03-02T18:00Z")
    .option("--until-voices <n>", "or until so many more people say so")
    .action(
      acting("snooze", (_, { for: length, until, untilVoices }, now) => ({
        kind: "snooze",
        ...untilOf({ length, until }, now),
        ...(untilVoices === undefined ? {} : { untilVoices: Number(untilVoices) }),
      })),
    );
  act(group, "judge", "<alert> <verdict>", `say what it was worth: ${ALERT_VERDICTS.join(", ")}`).action(
    acting("judge", ([verdict = ""]) => ({ kind: "judge", verdict: verdict.replaceAll("-", "_") })),
  );
  act(group, "undo", "<alert>", "take back that it was acknowledged, snoozed or judged").action(
    acting("undo", () => ({ kind: "undo" })),
  );
  act(group, "assign", "<alert> [owner]", "say who sees to it; nobody when left out").action(
    acting("assign", ([owner = ""]) => ({ kind: "assign", owner })),
  );
  group
    .command("note <alert> <text>")
    .summary("write down what was found out")
    .action(acting("note", ([note]) => ({ kind: "note", note })));
}

function act(group: Command, name: string, places: string, summary: string): Command {
  return group.command(`${name} ${places}`).summary(summary).option("--note <text>", "why");
}

/** Does with the alert that is named first what a command says. */
function acting(
  name: string,
  read: (places: readonly string[], options: Options, now: Date) => Readonly<Record<string, unknown>>,
) {
  return async (...given: unknown[]): Promise<void> => {
    const command = given.at(-1) as Command;
    const options = given.at(-2) as Options;
    const [alertId = "", ...places] = given.slice(0, -2) as string[];
    const globals = command.optsWithGlobals<GlobalOptions>();
    await withApp(globals, `alerts ${name}`, async (app) => {
      const { store, context, signal } = app;
      const said = read(places, options, context.now());
      const note = options["note"] === undefined ? {} : { note: options["note"] };
      const request = requestOf({ ...said, ...note });
      const event = await actOnAlert({ store, alertId, request, by: localUser(), context }, signal);
      process.stdout.write(
        globals.json === true
          ? `${JSON.stringify(toWire(event), null, 2)}\n`
          : `${numberOf(event.alertId)}: ${oneLine(alertEventWords(event))}.\n`,
      );
    });
  };
}

/** @throws {EarshotError} request_invalid */
function requestOf(said: Readonly<Record<string, unknown>>): AlertRequest {
  const parsed = AlertRequest.safeParse(said);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new EarshotError("request_invalid", `This cannot be done. ${faults.join("; ")}.`);
}

function addSilences(group: Command): void {
  group
    .command("silence [silence]")
    .summary("tell nobody of some alerts for a while; they are listed all the same")
    .description(
      "Alerts that match all that is named are told to nobody. With --end and the id of a silence it ends at once.",
    )
    .option("--tracker <id>", "of this tracker")
    .option("--issue <id>", "of this issue")
    .option("--rule <id>", "raised by this rule")
    .option("--platform <name>", "of this platform")
    .option("--country <code>", "of this country")
    .option("--from <time>", "from this time on; by default from now")
    .option("--for <time>", "for so long: 30m, 4h, 2d")
    .option("--until <time>", "until this time: 2026-03-02T18:00Z")
    .option("--reason <text>", "why nobody needs to know")
    .option("--end", "end the silence with this id")
    .action(async (silence: string | undefined, options: Options & { end?: true }, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      await withApp(globals, "alerts silence", async ({ store, context, signal }) => {
        if ((silence !== undefined) !== (options.end === true)) {
          throw new EarshotError(
            "request_invalid",
            "Name what is silenced with --tracker, --rule …, or a silence to end with --end.",
          );
        }
        const { tracker, issue, rule, platform, country, from, for: length, until, reason } = options;
        if (silence !== undefined) {
          tell(globals, await endSilence({ store, silence, context }, signal), "ended");
          return;
        }
        if (reason === undefined || (length ?? until) === undefined) {
          throw new EarshotError(
            "request_invalid",
            "Say when the silence ends, with --for 4h or --until 2026-03-02T18:00Z, and why nobody needs to know, with --reason.",
          );
        }
        const now = context.now();
        const request = parseOptions(SilenceRequest, {
          match: given({ tracker, issue, rule, platform, country }),
          ...(from === undefined ? {} : { from: timeOf(from) }),
          ...untilOf({ length, until }, now),
          reason,
        });
        const made = await silenceAlerts({ store, request, by: localUser(), context }, signal);
        tell(
          globals,
          made,
          `stands until ${minute(made.untilAt)} UTC; end it: earshot alerts silence ${made.id} --end`,
        );
      });
    });
}

function tell(globals: GlobalOptions, silence: AlertSilence, said: string): void {
  process.stdout.write(
    globals.json === true
      ? `${JSON.stringify(toWire(silence), null, 2)}\n`
      : `Silence ${silence.id} ${said}.\n`,
  );
}

function given(options: Options): Record<string, string> {
  return Object.fromEntries(
    Object.entries(options).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

const UNITS_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** When something ends that is given as a length or as a time; nothing when it is given as neither. */
function untilOf(
  { length, until }: { readonly length: string | undefined; readonly until: string | undefined },
  now: Date,
): { readonly until?: string } {
  if (length === undefined) return until === undefined ? {} : { until: timeOf(until) };
  const [, count, unit = ""] = /^(\d{1,4})([mhd])$/.exec(length) ?? [];
  if (count === undefined) {
    throw new EarshotError("request_invalid", `--for: ${length} is no length of time like 30m, 4h or 2d.`);
  }
  return { until: new Date(now.getTime() + Number(count) * (UNITS_MS[unit] ?? 0)).toISOString() };
}

function timeOf(given: string): string {
  const at = new Date(given);
  if (!Number.isNaN(at.getTime())) return at.toISOString();
  throw new EarshotError("request_invalid", `${given} is no time like 2026-03-02T18:00Z.`);
}
