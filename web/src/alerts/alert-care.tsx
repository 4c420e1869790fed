import { formatAgo, formatMoment, formatPeople } from "../format.ts";
import { Icon } from "../icons.tsx";
import type { AlertRow } from "./alert-rows.ts";
import { WORTH_MEANINGS } from "./alert-words.ts";

/** What people made of an alert, in a word each, as items of a list. */
export function AlertCare({ alert, now }: { readonly alert: AlertRow; readonly now: number }) {
  const { owner, verdict, verdict_by: judge, acknowledged_by: by, acknowledged_at: at } = alert;
  const snooze = snoozeOf(alert, now);
  return (
    <>
      {owner !== "" && (
        <li className="issue-owner">
          <Icon name="person" />
          <span className="sr-only">Owner: </span>
          <bdi>{owner}</bdi>
        </li>
      )}
      {alert.status === "acknowledged" && at !== null && (
        <li title={formatMoment(Date.parse(at))}>
          <bdi>{nameOf(by)}</bdi> acknowledged {formatAgo(Date.parse(at), now)}
        </li>
      )}
      {snooze !== "" && (
        <li className="issue-owner">
          <Icon name="clock" />
          snoozed until {snooze}
        </li>
      )}
      {verdict !== "" && (
        <li
          className="decision decision-changing"
          title={`${WORTH_MEANINGS[verdict].says} (${nameOf(judge)})`}
        >
          {WORTH_MEANINGS[verdict].name}
        </li>
      )}
    </>
  );
}

/** Who did something, as people read it. */
export function nameOf(by: string): string {
  if (by === "") return "The machine";
  return by === "link" ? "Somebody by a link" : by;
}

/** Until when nobody is told of it again; empty: it is not snoozed. */
export function snoozeOf(alert: AlertRow, now: number): string {
  const { status, snoozed_until: until, snoozed_until_voices: voices } = alert;
  const isOpen = status === "firing" || status === "acknowledged";
  const isStanding = until !== null && Date.parse(until) > now;
  if (!isOpen || (!isStanding && (until !== null || voices === 0))) return "";
  return [
    ...(isStanding ? [formatMoment(Date.parse(until))] : []),
    ...(voices === 0 ? [] : [`${formatPeople(voices)} say so`]),
  ].join(" or ");
}
