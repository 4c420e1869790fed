import { Icon } from "../icons.tsx";
import type { MentionRow } from "../query-rows.ts";
import { sentenceCase, threatName } from "../wording.ts";

/** More names of aspects than this hide the rest. */
const SHOWN_ASPECTS = 5;

/** What was read of a mention besides its kind: where it broke, how long it lasts, what it warns of, what it is about. */
export function ReadingLine({ mention }: { readonly mention: MentionRow }) {
  const { threats, aspects } = mention;
  const said = [
    ...(mention.is_spam
      ? [`Likely spam: ${mention.spam_reasons.map(inWords).join(", ") || "said by a person"}`]
      : []),
    ...journey(mention),
    ...lasting(mention),
    ...(mention.is_expectation_broken ? ["Promise not kept"] : []),
  ];
  if (said.length + threats.length + aspects.length === 0) return null;
  return (
    <ul className="reading-line" aria-label="What was read from it">
      {threats.map((kind) => (
        <li key={kind} className="tag tag-threat">
          <Icon name="warning" /> {threatName(kind)}
        </li>
      ))}
      {said.map((words) => (
        <li key={words} className="tag">
          {words}
        </li>
      ))}
      {aspects.slice(0, SHOWN_ASPECTS).map(({ aspect, label }, index) => (
        <li key={`${aspect} ${index}`} className={`aspect aspect-${label}`} title={`${aspect}: ${label}`}>
          <bdi>{aspect}</bdi>
          <span className="sr-only">: {label}</span>
        </li>
      ))}
      {aspects.length > SHOWN_ASPECTS && <li className="muted">+{aspects.length - SHOWN_ASPECTS}</li>}
    </ul>
  );
}

function journey({ stage_broke: broke, stage_complained: complained }: MentionRow): string[] {
  const isKnown = (stage: string): boolean => stage !== "" && stage !== "unknown";
  const told = isKnown(complained) && complained !== broke ? `complained at ${complained}` : "";
  if (isKnown(broke)) return [`Broke at ${broke}${told && `, ${told}`}`];
  return told === "" ? [] : [sentenceCase(told)];
}

function lasting({ is_repeated, repeat_count: count, days_waiting: days }: MentionRow): string[] {
  const found: string[] = [];
  if (count !== null && count > 1) found.push(`Told ${count} times`);
  else if (is_repeated && days === null) found.push("Not the first time");
  if (days !== null && days >= 1) found.push(`Waiting ${Math.round(days)} ${days < 1.5 ? "day" : "days"}`);
  return found;
}

function inWords(reason: string): string {
  return reason.replaceAll("_", " ");
}
