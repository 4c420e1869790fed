import { hasWord } from "../cues.ts";
import type { Token } from "../read-text.ts";

/** Words that deny what follows, in English. */
export const NEGATORS: ReadonlySet<string> = new Set(
  (
    "not no never without nor neither cannot cant can't won't wont don't dont doesn't doesnt didn't didnt isn't isnt " +
    "aren't arent wasn't wasnt weren't haven't havent hasn't hasnt hadn't couldn't couldnt wouldn't wouldnt " +
    "shouldn't ain't hardly zero nobody nothing none unable"
  ).split(" "),
);

/** Words that say that something went wrong, as texts and as Porter stems. */
const FAILURE_TEXTS = new Set(
  (
    "down late missing missed wrong lost lose loses losing stuck hung stopped stops kicked refuses refused refusing " +
    "ignored ignoring ignores nobody nothing none stolen dead worse worst bad awful terrible horrible useless poor " +
    "rude disgusting ridiculous unacceptable pathetic unable mess joke shambles wtf overdue rubbish shocking"
  ).split(" "),
);
const FAILURE_STEMS = new Set(
  (
    "crash freez froze broken broke break fail failur error bug glitch problem issu troubl fault faulti delai cancel " +
    "outag damag disconnect reject declin disappoint frustrat annoi complain complaint overcharg misplac ruin unresolv " +
    "unansw scam malfunct buffer lag leak defect incorrect unusabl"
  ).split(" "),
);

/** What customers expect a thing or a company to do: a failure where it is denied. */
const DUTY_STEMS = new Set(
  (
    "work load open connect respond repli answer deliv arriv receiv log login access fix resolv show turn start charg " +
    "updat ship dispatch come came got get heard hear refund sent send follow happen help process instal download " +
    "honor honour sort contact return"
  ).split(" "),
);
const SERVICES = new Set(
  (
    "reply response answer update updates confirmation internet power wifi service signal communication email " +
    "explanation apology refund water heating sound delivery electricity network connection help info information " +
    "tracking luggage bags bag sign news word solution resolution parcel package order one"
  ).split(" "),
);

const PRAISE = new Set(
  (
    "love loved loving loves great best amazing excellent awesome perfect perfectly enjoy enjoyed enjoying happy " +
    "fantastic wonderful delicious thank thanks favorite favourite recommend glad beautiful impressed pleased win won " +
    "brilliant superb good nice excited delighted"
  ).split(" "),
);

const NEGATION_REACH = 3;
const ONLY = new Set(["but", "short"]);

/** Whether tokens `from` to `to` say that something failed: "broke", "not working", "no reply", not "no problems". */
export function saysFailure(tokens: readonly Token[], from: number, to: number): boolean {
  let negatedUntil = -1;
  const last = Math.min(to, tokens.length - 1);
  for (let index = Math.max(0, from); index <= last; index++) {
    const { text, stem, kind } = tokens[index] ?? NO_TOKEN;
    if (kind === "punctuation" && text !== "-") negatedUntil = -1;
    const isNegated = index <= negatedUntil;
    // "nothing but praise", "nothing short of great"
    if (text === "nothing" && ONLY.has(tokens[index + 1]?.text ?? "")) continue;
    const isFailure = FAILURE_TEXTS.has(text) || FAILURE_STEMS.has(stem);
    if (isFailure && !isNegated) return true;
    if (isNegated && (DUTY_STEMS.has(stem) || SERVICES.has(text))) return true;
    if (NEGATORS.has(text)) negatedUntil = index + NEGATION_REACH;
  }
  return false;
}

/** Whether tokens `from` to `to` praise. */
export function saysPraise(tokens: readonly Token[], from: number, to: number): boolean {
  return hasWord(tokens, from, to, PRAISE);
}

const NO_TOKEN: Token = {
  start: 0,
  end: 0,
  kind: "punctuation",
  text: "",
  stem: "",
  isShouted: false,
  isStretched: false,
  form: 0,
};
