import { z } from "zod";
import type { ReceiverKind } from "../contracts.ts";
import { EarshotError } from "../errors.ts";
import { parseQuery } from "../query/parse-query.ts";
import { AlertRule, DEFAULT_RULES } from "./rules.ts";
import { routingShape, type ReceiverConfig } from "./routes.ts";

/** The schema of the part `alerts` of the config, built from the kinds of receivers there are. */
export function alertsSchema(kinds: readonly ReceiverKind[]) {
  return z.strictObject({
    isEnabled: z.boolean().default(true).describe("false: nothing is watched."),
    publicUrl: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe("Address people reach this Earshot at; messages link to it. Absent: they have no links."),
    signingKey: z
      .string()
      .min(32)
      .optional()
      .describe(
        "Signs the links in messages; keep it secret: ${ALERT_KEY}. Absent: one is made beside the store.",
      ),
    everySeconds: z.number().min(1).max(600).default(5).describe("How often is looked."),
    allowedLatenessMinutes: z
      .number()
      .nonnegative()
      .max(1_440)
      .default(10)
      .describe("What comes later than this after its time no longer teaches what is usual."),
    maxEventAgeHours: z
      .number()
      .positive()
      .default(6)
      .describe(
        "What was older when it came opens no alert: imports and catching up. Of issues two days, of danger the rule's own window.",
      ),
    silentMinutes: z
      .number()
      .positive()
      .default(30)
      .describe("An alert says so when nothing at all could be heard for so long."),
    rules: z
      .array(AlertRule)
      .default(() => DEFAULT_RULES.map((rule) => AlertRule.parse(rule)))
      .describe("What is watched; docs/alerts.md. Absent: what serves most."),
    ...routingShape(kinds),
  });
}

export type AlertsConfig = Omit<z.infer<ReturnType<typeof alertsSchema>>, "receivers"> & {
  readonly receivers: readonly ReceiverConfig[];
};

interface Fault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What is wrong with the alerts of a config that no key shows by itself, each with its path in them. */
export function alertFaults(
  config: AlertsConfig,
  trackers: ReadonlySet<string>,
  kinds: readonly ReceiverKind[],
): readonly Fault[] {
  const faults: Fault[] = [];
  const receivers = new Set(config.receivers.map(({ id }) => id));
  const mustExist = (id: string, path: Fault["path"]) => {
    if (!receivers.has(id)) faults.push({ path, message: `no receiver ${id} under alerts.receivers` });
  };
  for (const [name, list] of [
    ["rules", config.rules],
    ["receivers", config.receivers],
  ] as const) {
    const met = new Set<string>();
    list.forEach(({ id }, index) => {
      if (met.has(id)) faults.push({ path: [name, index, "id"], message: `${id} is used twice` });
      met.add(id);
    });
  }
  config.rules.forEach((rule, index) => {
    rule.trackers.forEach((tracker, position) => {
      if (trackers.has(tracker)) return;
      faults.push({
        path: ["rules", index, "trackers", position],
        message: `no tracker ${tracker} under trackers:`,
      });
    });
    if (rule.kind !== "keyword_critical" || rule.query === undefined) return;
    const message = faultOf(rule.query);
    if (message !== undefined) faults.push({ path: ["rules", index, "query"], message });
  });
  config.receivers.forEach((receiver, index) => {
    if (receiver.fallback !== undefined) mustExist(receiver.fallback, ["receivers", index, "fallback"]);
    const kind = kinds.find(({ name }) => name === receiver.type);
    // what keys mean together is known to the kind's own schema alone
    const issues = kind?.config.safeParse(receiverConfig(kind, receiver)).error?.issues ?? [];
    for (const { path, message } of issues) {
      faults.push({ path: ["receivers", index, ...path.map(String)], message });
    }
  });
  config.routes.forEach(({ to, offHoursTo, hours }, index) => {
    if (hours !== undefined && !isTimezone(hours.timezone)) {
      const message = `there is no time zone ${hours.timezone}; write it like Europe/Berlin`;
      faults.push({ path: ["routes", index, "hours", "timezone"], message });
    }
    to.forEach((id, at) => mustExist(id, ["routes", index, "to", at]));
    offHoursTo.forEach((id, at) => mustExist(id, ["routes", index, "offHoursTo", at]));
  });
  config.escalation.forEach(({ to }, index) => {
    to.forEach((id, at) => mustExist(id, ["escalation", index, "to", at]));
  });
  return faults;
}

/** The part of a receiver's entry its kind's own schema knows. */
export function receiverConfig(kind: ReceiverKind, receiver: ReceiverConfig): Record<string, unknown> {
  const own = Object.keys(kind.config.shape).filter((key) => receiver[key] !== undefined);
  return Object.fromEntries(own.map((key) => [key, receiver[key]]));
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function faultOf(query: string): string | undefined {
  try {
    parseQuery(query);
    return undefined;
  } catch (error) {
    if (error instanceof EarshotError) return error.message;
    throw error;
  }
}
