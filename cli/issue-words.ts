import type { IssueEvent } from "../schemas/issue.ts";

/** What of an event is told. */
export type ToldEvent = Pick<IssueEvent, "issueId" | "kind" | "payload">;

/**
 * What was done with an issue in a few words, in the past tense; one line, made of what people wrote.
 * @param seenFrom the issue whose history it is told in; by default its own
 */
export function eventWords({ issueId, kind, payload }: ToldEvent, seenFrom = issueId): string {
  const text = (name: string) => {
    const value = payload[name];
    return typeof value === "string" || typeof value === "number" ? String(value) : "";
  };
  const count = (name: string) => {
    const value = payload[name];
    return Array.isArray(value) ? value.length : 0;
  };
  const mentions = `${count("mentions")} ${count("mentions") === 1 ? "mention" : "mentions"}`;
  const isFromElsewhere = seenFrom !== issueId;
  switch (kind) {
    case "rename":
      return `called "${text("title")}"`;
    case "merge":
      return isFromElsewhere ? `${issueId} merged into it` : `merged into ${text("into")}`;
    case "split":
      if (isFromElsewhere) return `split off ${issueId} with ${mentions}`;
      return `${mentions} split off as ${text("newIssue")}${text("title") === "" ? "" : ` "${text("title")}"`}`;
    case "move": {
      const moved = count("mentions") > 1 ? `${text("mention")} and what repeats it` : text("mention");
      return isFromElsewhere
        ? `${moved} moved here from ${issueId}`
        : `${moved} moved to ${text("into") === "" ? text("newIssue") : text("into")}`;
    }
    case "own":
      return text("owner") === "" ? "owned by nobody" : `owned by ${text("owner")}`;
    case "relook":
      return `to be looked at again on ${text("on")}`;
    case "isolate":
      return `called isolated until ${text("until")} or ${text("untilVoices")} more people: ${text("reason")}`;
    case "decide":
      return `decided: ${text("decision").replaceAll("_", " ")}, because ${text("reason")}; reviewed on ${text("reviewOn")}`;
    case "register":
      return `in the register of known issues as ${text("status")}: ${text("symptom")}`;
    case "answer":
      return `answered ${text("question")}: ${[text("holds"), text("answer")].filter((said) => said !== "").join(", ")}`;
    case "undo":
      return `event ${text("event")} undone`;
    case "dismiss":
      return `proposal ${text("event")} dismissed`;
    case "propose_merge":
      return `may be one with ${isFromElsewhere ? issueId : text("into")}`;
    case "propose_split":
      return `may be ${count("parts")} issues`;
  }
}
