import type { Findings, Finding, SheetFacts } from "./sheet-facts.ts";
import { counted, many, people, share, words } from "./wording.ts";

/** What fewer people tell is not told of the issue: this share of them, and two where there are two. */
const ENOUGH_OF_ISSUE = 0.2;
/** Of fewer people it is not said how long they wait. */
const FEWEST_WAITING = 3;

/** Answers WHAT: which part, when, what customers tried, what we answered, why that was not enough, and who is affected. */
export function answerWhat(facts: SheetFacts): Findings {
  return {
    what_part: whichPart(facts),
    what_stage: whichStage(facts),
    what_reconcile: howReconciled(facts),
    what_response: whatResponse(facts),
    what_insufficient: whyInsufficient(facts),
    what_who: whoIsAffected(facts),
  };
}

function valuesOf({ profile }: SheetFacts, dimension: SheetFacts["profile"][number]["dimension"]) {
  return profile.filter((row) => row.dimension === dimension);
}

function isEnough(voices: number, all: number): boolean {
  return voices >= Math.min(2, all) && voices >= ENOUGH_OF_ISSUE * all;
}

function whichPart(facts: SheetFacts): Finding {
  const all = facts.answers.people;
  const parts = valuesOf(facts, "aspect");
  const products = valuesOf(facts, "product");
  const ofWhat = products.length === 0 ? "" : ` Products: ${counted(products)}.`;
  const [first] = parts;
  if (first === undefined)
    return { state: "unknown", text: `None of ${people(all)} names a part that is judged badly.${ofWhat}` };
  const text = `Judged badly, of ${people(all)}: ${counted(parts)}.${ofWhat}`;
  return isEnough(first.voices, all)
    ? { state: "known", text: `Part of it. ${text}`, cited: first.examples }
    : { state: "unknown", text: `Too few people name a part. ${text}`, cited: first.examples };
}

function whichStage(facts: SheetFacts): Finding {
  const all = facts.answers.people;
  const broke = valuesOf(facts, "stage_broke");
  const complained = valuesOf(facts, "stage_complained");
  const then = complained.length === 0 ? "" : ` They complained at: ${counted(complained)}.`;
  const [first] = broke;
  if (first === undefined)
    return { state: "unknown", text: `None of ${people(all)} says where it broke.${then}` };
  const text = `Of ${people(all)} it broke at: ${counted(broke)}.${then}`;
  return isEnough(first.voices, all)
    ? { state: "known", text, cited: first.examples }
    : { state: "unknown", text: `Too few people say where it broke. ${text}`, cited: first.examples };
}

function howReconciled(facts: SheetFacts): Finding {
  const { people: all, repeated, most_repeats: most, waiting, median_days_waiting: days } = facts.answers;
  const where = counted(valuesOf(facts, "platform"));
  if (repeated === 0)
    return {
      state: "unknown",
      text: `Nobody of ${people(all)} says that they had told us before. They wrote on: ${where}.`,
    };
  const times = most === null ? "" : `, up to ${most} times`;
  const wait =
    days === null || days < 1 || waiting < FEWEST_WAITING
      ? ""
      : ` Of ${people(waiting)} who say how long they wait, half wait ${round(days)} days or more.`;
  return {
    state: "known",
    text: `${repeated} of ${people(all)} say that they had told us before or still wait${times}.${wait} They wrote on: ${where}.`,
    cited: valuesOf(facts, "repeated")[0]?.examples ?? [],
  };
}

function whatResponse({ answers }: SheetFacts): Finding {
  const {
    people: all,
    reachable,
    answered,
    within_day: soon,
    median_s: median,
    reply_ids: replies,
  } = answers;
  if (reachable === 0)
    return {
      state: "unknown",
      text: "No reply of ours was ever heard where these people wrote; add our own accounts to what is listened to.",
    };
  const unheard = all > reachable ? ` Where ${all - reachable} more wrote, no reply of ours is heard.` : "";
  if (answered === 0) return { state: "known", text: `We answered none of ${people(reachable)}.${unheard}` };
  const middle = median === null ? "" : `, half of them within ${duration(median)}`;
  return {
    state: "known",
    text: `We answered ${answered} of ${people(reachable)}${middle}; ${soon} within 24 hours.${unheard}`,
    cited: replies,
  };
}

function whyInsufficient({ answers }: SheetFacts): Finding {
  const { reachable, answered, again, again_ids: said } = answers;
  if (reachable === 0) return { state: "unknown", text: "What we answered is not heard." };
  if (answered === 0) return { state: "known", text: `There was none, to any of ${people(reachable)}.` };
  const none = reachable - answered;
  const without = none === 0 ? "" : ` ${people(none)} got none.`;
  if (again === 0)
    return {
      state: "unknown",
      text: `Nobody of ${people(answered)} we answered wrote again; silence is no proof that it was enough.${without}`,
    };
  return {
    state: "known",
    text: `${again} of ${people(answered)} we answered (${share(again, answered)}) wrote again on it afterwards.${without}`,
    cited: said,
  };
}

function whoIsAffected(facts: SheetFacts): Finding {
  const { row, explanation, answers } = facts;
  const since = answers.first_at === null ? "" : `, since ${answers.first_at.slice(0, 10)}`;
  const { rate, drivers } = explanation;
  const per =
    rate === null
      ? ""
      : ` ${small(rate.perThousand)} reports per 1,000 ${words(rate.measure)} in ${rate.days} days (95 %: ${small(rate.low)}–${small(rate.high)}).`;
  const named = (["country", "language", "version", "product"] as const).flatMap((dimension) => {
    const values = valuesOf(facts, dimension);
    return values.length === 0 ? [] : [`${dimension}: ${counted(values)}`];
  });
  const who = named.length === 0 ? "" : ` By ${named.join("; ")}.`;
  const first = drivers.drivers.filter(({ explainedBy }) => explainedBy === undefined).slice(0, 2);
  const over =
    first.length === 0 ? "" : ` Over-represented: ${first.map(({ sentence }) => sentence).join("; ")}.`;
  return {
    state: answers.people === 0 ? "unknown" : "known",
    text: `${people(answers.people)} in ${many(answers.mentions, "mention")} on ${many(answers.days, "day")} and ${many(answers.channels, "channel")}${since}.${per}${who}${over}`,
    cited: row.quotes,
  };
}

function duration(seconds: number): string {
  if (seconds < 90 * 60) return `${Math.max(1, Math.round(seconds / 60))} minutes`;
  const hours = seconds / 3_600;
  return hours < 36 ? `${round(hours)} hours` : `${round(hours / 24)} days`;
}

function round(value: number): string {
  return value >= 10 || Number.isInteger(value) ? value.toFixed(0) : value.toFixed(1);
}

/** A rate to two digits, or whole. */
function small(value: number): string {
  return value >= 10 || value === 0 ? value.toFixed(0) : value.toPrecision(2);
}
