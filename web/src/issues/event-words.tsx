import { formatDay, formatMany } from "../format.ts";
import { ViewLink } from "../navigation.tsx";
import { DECISION_NAMES, type Decision } from "../verdicts.ts";
import type { IssueEventRow } from "./issue-rows.ts";
import { lengthOf, payloadOf, textOf } from "./payload.ts";

export interface EventWordsProps {
  readonly event: IssueEventRow;
  /** The issue whose page this is: what was done may have been done with another one. */
  readonly issueId: string;
}

/** What somebody did with an issue, in words. */
export function EventWords({ event, issueId }: EventWordsProps) {
  const payload = payloadOf(event);
  const text = (name: string): string => textOf(payload, name);
  const day = (name: string): string => {
    const at = Date.parse(text(name));
    return Number.isNaN(at) ? "a day" : formatDay(at);
  };
  const isElsewhere = event.issue_id !== issueId;
  switch (event.kind) {
    case "rename":
      return (
        <>
          Renamed to “<bdi>{text("title")}</bdi>”
        </>
      );
    case "merge":
      return isElsewhere ? (
        <>
          <IssueLink tracker={event.tracker} id={event.issue_id} words="Another issue" /> was merged into this
          one
        </>
      ) : (
        <>
          Merged into <IssueLink tracker={event.tracker} id={text("into")} words="another issue" />
        </>
      );
    case "split": {
      const count = formatMany(lengthOf(payload, "mentions"), "mention");
      return isElsewhere ? (
        <>
          {count} split off from{" "}
          <IssueLink tracker={event.tracker} id={event.issue_id} words="another issue" />
        </>
      ) : (
        <>
          {count} split off as{" "}
          <IssueLink
            tracker={event.tracker}
            id={text("newIssue")}
            words={text("title") || "an issue of their own"}
          />
        </>
      );
    }
    case "move":
      return isElsewhere ? (
        <>
          A mention was moved here from{" "}
          <IssueLink tracker={event.tracker} id={event.issue_id} words="another issue" />
        </>
      ) : (
        <>
          A mention was moved to{" "}
          <IssueLink
            tracker={event.tracker}
            id={text("into") || text("newIssue")}
            words={text("into") === "" ? "an issue of its own" : "another issue"}
          />
        </>
      );
    case "own":
      return text("owner") === "" ? <>Taken from its owner</> : <>Given to {text("owner")}</>;
    case "relook":
      return <>To be looked at again on {day("on")}</>;
    case "isolate":
      return (
        <>
          Called isolated until {day("until")}: {text("reason")}
        </>
      );
    case "decide":
      return (
        <>
          Decided: {DECISION_NAMES[text("decision") as Decision] ?? text("decision")}, because:{" "}
          {text("reason")}
        </>
      );
    case "register":
      return (
        <>
          Register entry {text("status") === "retired" ? "retired" : "written"}: {text("symptom")}
        </>
      );
    case "answer":
      return text("answer") === "" ? (
        <>Answer to {questionOf(text("question"))} changed</>
      ) : (
        <>
          Answered {questionOf(text("question"))}: {text("answer")}
        </>
      );
    case "dismiss":
      return <>A proposal was dismissed</>;
    case "undo":
    case "propose_merge":
    case "propose_split":
      return <>{event.kind}</>;
  }
}

/** A key of the sheet as words: `why_over_promised` is WHY, over promised. */
function questionOf(key: string): string {
  const [section = "", ...rest] = key.split("_");
  return `${section.toUpperCase()}, ${rest.join(" ")}`;
}

function IssueLink({
  tracker,
  id,
  words,
}: {
  readonly tracker: string;
  readonly id: string;
  readonly words: string;
}) {
  return id === "" ? (
    words
  ) : (
    <ViewLink to={{ issue: `${tracker}/${id}` }}>
      <bdi>{words}</bdi>
    </ViewLink>
  );
}
