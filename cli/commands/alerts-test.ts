import type { Command } from "commander";
import type { Context } from "../../core/context.ts";
import { EarshotError } from "../../core/errors.ts";
import type { Notification } from "../../schemas/notification.ts";
import { RECEIVER_KINDS } from "../../sinks/receivers/index.ts";
import { openReceivers, type OpenReceiver } from "../alert/deliver-receivers.ts";
import { openRuntime } from "../app.ts";
import type { GlobalOptions } from "../config-file.ts";
import { toTable } from "../table.ts";

interface Tried {
  readonly receiver: string;
  readonly type: string;
  readonly isTaken: boolean;
  /** What went wrong and what to do; empty: nothing did. */
  readonly reason: string;
}

/** Adds `alerts test`: whether messages come through. */
export function addAlertsTest(group: Command): void {
  group
    .command("test")
    .summary("send a test message to the receivers, and say what came of it")
    .description(
      "Without names, to all that are configured. Nothing is recorded, and nobody is told of an alert. Exit code 1 where one\n" +
        "of them did not take it.",
    )
    .argument("[receivers...]", "ids of receivers, as in alerts.receivers")
    .action(async (names: string[], _options: unknown, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      const { config, context, signal } = await openRuntime(globals);
      const opened = openReceivers(config.alerts, RECEIVER_KINDS, context);
      try {
        const chosen = choose(opened.byId, names);
        const tried = await Promise.all(
          chosen.map(([id, receiver]) => tryOut(id, receiver, { context, signal })),
        );
        process.stdout.write(globals.json === true ? `${JSON.stringify(tried, null, 2)}\n` : show(tried));
        if (tried.some(({ isTaken }) => !isTaken)) process.exitCode = 1;
      } finally {
        await opened.close();
      }
    });
}

/** @throws {EarshotError} request_invalid */
function choose(
  receivers: ReadonlyMap<string, OpenReceiver>,
  names: readonly string[],
): readonly (readonly [string, OpenReceiver])[] {
  const unknown = names.filter((name) => !receivers.has(name));
  if (unknown.length > 0) {
    throw new EarshotError(
      "request_invalid",
      `There is no receiver ${unknown.join(", ")} under alerts.receivers; there is ${[...receivers.keys()].join(", ")}.`,
    );
  }
  return [...receivers].filter(([id]) => names.length === 0 || names.includes(id));
}

async function tryOut(
  id: string,
  receiver: OpenReceiver,
  { context, signal }: { readonly context: Context; readonly signal: AbortSignal },
): Promise<Tried> {
  const about = { receiver: id, type: receiver.type };
  try {
    await receiver.deliver(testNotification(id, context.now()), undefined, signal);
    return { ...about, isTaken: true, reason: "" };
  } catch (error) {
    if (!(error instanceof EarshotError)) throw error;
    return { ...about, isTaken: false, reason: error.message };
  }
}

function testNotification(receiver: string, now: Date): Notification {
  const at = now.toISOString();
  return {
    id: `test:${at}:${receiver}`,
    alertId: "test",
    number: "A-TEST",
    dedupeKey: `earshot/test/${at}`,
    kind: "test",
    severity: "info",
    rule: "test",
    tracker: "",
    at,
    title: "A test of Earshot's alerts",
    summary: "Nothing has happened: somebody tried out whether messages come through. They do.",
    reasons: [`Sent by earshot alerts test, to the receiver ${receiver}.`],
    facts: [],
    quotes: [],
    earlier: [],
    forecast: "",
    replies: "",
    known: null,
    owner: "",
    completeness: "",
    actions: [],
  };
}

function show(tried: readonly Tried[]): string {
  const failed = tried.filter(({ isTaken }) => !isTaken);
  const table = toTable(
    ["receiver", "type", "test message"],
    tried.map(({ receiver, type, isTaken }) => [receiver, type, isTaken ? "taken" : "not taken"]),
  );
  return `${table}${failed.map(({ receiver, reason }) => `${receiver}: ${reason}\n`).join("")}`;
}
