import type { AlertEvent } from "../schemas/alert.ts";

/** What is told of an event. */
export type ToldAlertEvent = Pick<AlertEvent, "kind" | "payload" | "score" | "severity">;

/** What happened to an alert in a few words, in the past tense; one line, made of what people wrote. */
export function alertEventWords({ kind, payload, score, severity }: ToldAlertEvent): string {
  const text = (name: string) => {
    const value = payload[name];
    return typeof value === "string" || typeof value === "number" ? String(value) : "";
  };
  switch (kind) {
    case "acknowledge":
      return "acknowledged";
    case "snooze": {
      const until = text("until") === "" ? [] : [minute(text("until"))];
      const people = text("untilVoices") === "" ? [] : [`${text("untilVoices")} more people`];
      return `snoozed until ${[...until, ...people].join(" or ")}`;
    }
    case "judge":
      return `called ${text("verdict").replaceAll("_", " ")}`;
    case "undo":
      return "taken back what was said of it";
    case "assign":
      return text("owner") === "" ? "assigned to nobody" : `assigned to ${text("owner")}`;
    case "note":
      return "noted";
    case "withdrawn":
      return "not for long enough, nobody was told";
    case "resolved":
      return "quiet again, which is not fixed";
    case "pending":
    case "fired":
    case "escalated":
    case "reopened":
      return `${WORSE[kind]} (${severity}, ${score.toFixed(1)} × the threshold)`;
  }
}

const WORSE = {
  pending: "threshold crossed",
  fired: "raised",
  escalated: "got much worse",
  reopened: "back again",
} as const;

/** `2026-03-02 10:05`, UTC. */
export function minute(at: string): string {
  return at.slice(0, 16).replace("T", " ");
}
