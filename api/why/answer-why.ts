import type { Finding, Findings, SheetFacts } from "./sheet-facts.ts";
import { isTelling } from "./find-causes.ts";
import { list, people, sentence, share } from "./wording.ts";

const DAY_MS = 86_400_000;
/** We responded immediately where so many were answered within a day. */
const MOST_SOON = 0.8;
/** Broken promises that so many of an issue speak of are of the issue. */
const PROMISED_FROM = 0.1;
/** Heard so long before it grew, it could have been known. */
const KNOWN_BEFORE_DAYS = 7;
const MOST_CANDIDATES = 3;

/** Answers WHY as far as what was heard tells; what only people know stays unknown. */
export function answerWhy(facts: SheetFacts): Findings {
  return {
    why_expectations: wasExpected(facts),
    why_over_promised: wasPromised(facts),
    why_verified: wasVerified(facts),
    why_responded: didRespond(facts),
    ...whyNotResponded(facts),
    why_told: wasTold(facts),
    why_grew: didGrow(facts),
    why_passed_on: wasPassedOn(facts),
    why_changed: didChange(facts),
    why_returned: didReturn(facts),
    why_cause: whatCause(facts),
  };
}

function promises({ profile }: SheetFacts): string {
  const told = profile.filter(({ dimension }) => dimension === "promise");
  return list(told.map(({ value, voices }) => `${value} (${voices})`));
}

function wasExpected(facts: SheetFacts): Finding {
  const { people: all, promised, claims } = facts.answers;
  if (promised === 0)
    return {
      state: "unknown",
      text: `Nobody of ${people(all)} speaks of what they had been told to expect.`,
    };
  return {
    state: "unknown",
    text: `${promised} of ${people(all)} expected what they did not get: ${promises(facts)}. Whether we had agreed on it only we know.`,
    cited: claims,
    isClaim: true,
  };
}

function wasPromised(facts: SheetFacts): Finding {
  const { people: all, promised, claims } = facts.answers;
  if (promised === 0)
    return { state: "unknown", text: `Nobody of ${people(all)} speaks of a promise that was not kept.` };
  const text = `${promised} of ${people(all)} (${share(promised, all)}) say that a promise was not kept: ${promises(facts)}.`;
  const isMany = promised >= 2 && promised >= PROMISED_FROM * all;
  return isMany
    ? { state: "known", holds: "yes", text, cited: claims, isClaim: true }
    : { state: "unknown", text: `${text} That is too few to say.`, cited: claims, isClaim: true };
}

function wasVerified({ explanation }: SheetFacts): Finding {
  const version = explanation.drivers.drivers.find(({ dimension }) => dimension === "version");
  return {
    state: "unknown",
    text:
      version === undefined
        ? "Customers cannot tell; whoever made it knows."
        : `Customers cannot tell. Over-represented: ${version.sentence}.`,
  };
}

function didRespond({ answers }: SheetFacts): Finding {
  const { reachable, within_day: soon, reply_ids: replies } = answers;
  if (reachable === 0)
    return { state: "unknown", text: "No reply of ours was ever heard where these people wrote." };
  return {
    state: "known",
    holds: soon >= MOST_SOON * reachable ? "yes" : "no",
    text: `${soon} of ${people(reachable)} (${share(soon, reachable)}) had an answer of ours within 24 hours.`,
    cited: replies,
  };
}

function whyNotResponded({ answers }: SheetFacts): Findings {
  const { reachable, within_day: soon } = answers;
  const isSoon = reachable > 0 && soon >= MOST_SOON * reachable;
  return {
    why_not_responded: isSoon
      ? { state: "known", text: "We did." }
      : { state: "unknown", text: "Only we know." },
  };
}

function wasTold({ answers, profile }: SheetFacts): Finding {
  const { people: all, repeated } = answers;
  if (repeated === 0) return { state: "unknown", text: `Nobody of ${people(all)} says so.` };
  return {
    state: "known",
    holds: "yes",
    text: `${repeated} of ${people(all)} (${share(repeated, all)}) say that they had told it before or still wait.`,
    cited: profile.find(({ dimension }) => dimension === "repeated")?.examples ?? [],
  };
}

function didGrow({ row, explanation }: SheetFacts): Finding {
  const { onset, reason } = explanation.onset;
  if (onset === null || row.first_at === null) return { state: "unknown", text: sentence(reason) };
  const days = Math.floor((Date.parse(onset.at) - Date.parse(row.first_at)) / DAY_MS);
  const first = row.first_at.slice(0, 10);
  if (days < KNOWN_BEFORE_DAYS)
    return { state: "known", holds: "no", text: `It was first heard on ${first}. ${sentence(reason)}` };
  const hadEnded = explanation.onset.changes.some(({ kind, at }) => kind === "fell" && at < onset.at);
  const caution = explanation.exposure.measure === null ? ` ${sentence(explanation.exposure.sentence)}` : "";
  return {
    state: "known",
    holds: "yes",
    text: `It was first heard on ${first}, ${days} days before${hadEnded ? ", fell, and came back" : ""}. ${sentence(reason)}${caution}`,
  };
}

function wasPassedOn({ answers }: SheetFacts): Finding {
  const { repeated, again, answered } = answers;
  const told = answered === 0 ? "" : ` ${again} of ${people(answered)} we answered wrote again.`;
  return {
    state: "unknown",
    text: `Only we know to whom they were passed. ${people(repeated)} had told it before.${told}`,
  };
}

function didChange({ explanation }: SheetFacts): Finding {
  const { candidates, recorded, reason } = explanation.causes;
  const told = (some: typeof candidates) =>
    some
      .slice(0, MOST_CANDIDATES)
      .map((candidate) => sentence(candidate.sentence))
      .join(" ");
  const telling = candidates.filter(isTelling);
  if (telling.length > 0) return { state: "known", holds: "yes", text: `${told(telling)} That is no proof.` };
  if (explanation.onset.onset === null || recorded === 0) return { state: "unknown", text: sentence(reason) };
  if (candidates.length === 0) return { state: "known", holds: "no", text: sentence(reason) };
  return { state: "unknown", text: `None that tells. ${told(candidates)}` };
}

function didReturn({ fixes, fix, explanation }: SheetFacts): Finding {
  if (fix?.verdict === "came_back")
    return {
      state: "known",
      holds: "yes",
      text: `${fix.change.title} (${fix.change.at.slice(0, 10)}): ${sentence(fix.sentence)}`,
    };
  const done = fixes.filter(({ at }) => at <= explanation.asOf);
  const named = list(done.slice(0, MOST_CANDIDATES).map(({ title, at }) => `${title} (${at.slice(0, 10)})`));
  if (done.length === 0)
    return { state: "unknown", text: "No change is recorded that was meant to mend it." };
  return {
    state: "unknown",
    text:
      done.length === 1
        ? `One change was meant to mend it: ${named}. Whether any came before is not recorded.`
        : `${done.length} changes were meant to mend it: ${named}. Whether it had ended in between was not judged.`,
  };
}

/** What is not read from the words of a complaint itself: these say where to look, the others what it is about. */
const OUTER_DIMENSIONS: readonly string[] = [
  "version",
  "platform",
  "country",
  "product",
  "language",
  "tracker",
];

function whatCause({ explanation }: SheetFacts): Finding {
  const candidate = explanation.causes.candidates.find(isTelling);
  const outer = explanation.drivers.drivers.filter(({ dimension }) => OUTER_DIMENSIONS.includes(dimension));
  const driver = outer.find(({ explainedBy }) => explainedBy === undefined) ?? outer[0];
  const hints = [
    ...(candidate === undefined ? [] : [`First candidate: ${candidate.sentence}.`]),
    ...(driver === undefined ? [] : [`Over-represented: ${driver.sentence}.`]),
  ];
  return {
    state: "unknown",
    text: hints.length === 0 ? "Nothing that was heard tells." : hints.join(" "),
  };
}
