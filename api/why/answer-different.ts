import type { Finding, Findings, SheetFacts } from "./sheet-facts.ts";
import { capital, decisionWords, people, sentence } from "./wording.ts";

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
  if (row.verdict === "") {
    const why = row.reason === "" ? "no times are known" : row.reason;
    return { state: "unknown", text: sentence(why) };
  }
  const goesOn = row.verdict === "recurring" || row.verdict === "escalating";
  return {
    state: "known",
    holds: goesOn ? "yes" : "no",
    text: sentence(row.reason),
    cited: row.newest_id === "" ? [] : [row.newest_id],
  };
}

function whatDecision({ decided }: SheetFacts): Finding {
  if (decided === undefined) return { state: "unknown", text: "Nothing was decided." };
  const { decision, reason, decided_by: by, decided_at: at, people_since: since } = decided;
  const more = since === 0 ? "" : ` ${people(since)} spoke of it since.`;
  const review = decided.is_forced
    ? " As many force a review: look at it again now."
    : decided.is_overdue
      ? ` The review of ${decided.review_on ?? ""} is overdue.`
      : "";
  return {
    state: "known",
    text: `${capital(decisionWords(decision))}: ${sentence(reason)} Decided by ${by} on ${at.slice(0, 10)}.${more}${review}`,
  };
}

function whoOwns({ row, explanation }: SheetFacts): Finding {
  const owner = row.decision_owner === "" ? row.owner : row.decision_owner;
  const on = row.review_on ?? row.relook_on;
  const when =
    on === null
      ? "Nobody said when it is looked at again."
      : `${on < explanation.asOf.slice(0, 10) ? "It was" : "It is"} to be looked at again on ${on}.`;
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
