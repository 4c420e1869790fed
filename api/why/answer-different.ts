import type { Finding, Findings, SheetFacts } from "./sheet-facts.ts";
import { decisionWords } from "./wording.ts";

/** Answers DIFFERENT: whether it is endemic, what was decided, who sees to it, what may be said, and whether it helped. */
export function answerDifferent(facts: SheetFacts): Findings {
  return {
    different_endemic: isEndemic(facts),
    different_decision: whatDecision(facts),
    different_owner: whoOwns(facts),
    different_register: whatMayBeSaid(facts),
    different_fix: didHelp(facts),
  };
}

function isEndemic({ row }: SheetFacts): Finding {
  if (row.verdict === "") return { state: "unknown", text: "No verdict yet: no times are known." };
  const goesOn = row.verdict === "recurring" || row.verdict === "escalating";
  return {
    state: "known",
    holds: goesOn ? "yes" : "no",
    text: `${row.reason}.`,
    cited: row.newest_id === "" ? [] : [row.newest_id],
  };
}

function whatDecision({ row }: SheetFacts): Finding {
  if (row.decision === "") return { state: "unknown", text: "Nothing was decided." };
  const since = row.voices - row.decided_at_voices;
  const more = since > 0 ? ` ${since} more ${since === 1 ? "person" : "people"} since.` : "";
  const when = row.decided_at === null ? "" : ` (${row.decided_by}, ${row.decided_at.slice(0, 10)})`;
  return {
    state: "known",
    text: `${capital(decisionWords(row.decision))}: ${row.decision_reason}${when}.${more}`,
  };
}

function whoOwns({ row }: SheetFacts): Finding {
  const owner = row.decision_owner === "" ? row.owner : row.decision_owner;
  const on = row.review_on ?? row.relook_on;
  const when = on === null ? "Nobody said when it is looked at again." : `Looked at again on ${on}.`;
  return owner === ""
    ? { state: "unknown", text: `Nobody was named. ${when}` }
    : { state: "known", text: `${owner}. ${when}` };
}

function whatMayBeSaid({ row, explanation }: SheetFacts): Finding {
  if (row.register_status === "")
    return { state: "unknown", text: "It is not in the register of known issues." };
  const expired =
    row.register_expires_on !== null && row.register_expires_on < explanation.asOf.slice(0, 10)
      ? ` This ended on ${row.register_expires_on}.`
      : "";
  const parts = [
    `“${row.wording}”`,
    ...(row.workaround === "" ? [] : [`Meanwhile: ${row.workaround}`]),
    ...(row.may_promise === "" ? [] : [`May be promised: ${row.may_promise}`]),
    ...(row.must_not_promise === "" ? [] : [`Must not be promised: ${row.must_not_promise}`]),
  ];
  const isActive = row.register_status === "active" && expired === "";
  return {
    state: isActive ? "known" : "unknown",
    text: `${row.register_status === "retired" ? "Retired. " : ""}${parts.join(" · ")}${expired}`,
  };
}

function didHelp({ fix, fixes }: SheetFacts): Finding {
  if (fix === undefined)
    return {
      state: "unknown",
      text:
        fixes.length === 0
          ? "No change is recorded that should have mended it."
          : `${fixes[0]?.title ?? ""} is yet to come, on ${fixes[0]?.at.slice(0, 10) ?? ""}.`,
    };
  return {
    state: fix.verdict === "too_early" ? "unknown" : "known",
    text: `${fix.change.title} (${fix.change.at.slice(0, 10)}): ${fix.sentence}.`,
  };
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
