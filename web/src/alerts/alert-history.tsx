import { formatAgo, formatMoment, formatPeople } from "../format.ts";
import { payloadOf, textOf } from "../issues/payload.ts";
import type { QueryReply } from "../query-rows.ts";
import { ShowSqlButton } from "../sql-dialog.tsx";
import type { Loaded } from "../use-query.ts";
import { nameOf } from "./alert-care.tsx";
import type { AlertEventRow, AlertVerdict } from "./alert-rows.ts";
import { numberOf, WORTH_MEANINGS } from "./alert-words.ts";

export interface AlertHistoryProps {
  readonly events: Loaded<QueryReply<AlertEventRow>>;
  readonly now: number;
}

/** What the machine saw and what people did, latest first. */
export function AlertHistory({ events, now }: AlertHistoryProps) {
  const { value, error } = events;
  return (
    <section className="card issue-history" aria-labelledby="history-title">
      <header className="card-head">
        <h2 id="history-title">What happened</h2>
        <ShowSqlButton
          title="What happened"
          sql={value?.sql}
          reading="Each row is one thing that happened."
        />
      </header>
      {error && !value && <p className="muted">{error.message}</p>}
      <ol>
        {(value?.rows ?? []).map((event) => {
          const { id, kind, by, note } = event;
          const at = Date.parse(by === "" ? event.at : event.recorded_at);
          return (
            <li key={id} data-event={kind}>
              <div className="history-words">
                <bdi>{eventText(event)}</bdi>
              </div>
              <p className="muted">
                <bdi>{nameOf(by)}</bdi>, <time title={formatMoment(at)}>{formatAgo(at, now)}</time>
                {note !== "" && (
                  <>
                    : “<bdi>{note}</bdi>”
                  </>
                )}
              </p>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/** What happened in a few words. */
export function eventText(event: AlertEventRow): string {
  const payload = payloadOf(event);
  const voices = numberOf(payload, "voices");
  const people = voices === undefined ? "" : `, ${formatPeople(voices)}`;
  switch (event.kind) {
    case "pending":
      return `Threshold crossed${people}`;
    case "withdrawn":
      return "Not for long enough, nobody was told";
    case "fired":
      return `Raised${people}`;
    case "escalated":
      return `Got much worse${people}`;
    case "resolved":
      return "Quiet again, which is not fixed";
    case "reopened":
      return `Back again${people}`;
    case "acknowledge":
      return "Acknowledged";
    case "snooze": {
      const until = Date.parse(textOf(payload, "until"));
      const more = numberOf(payload, "untilVoices");
      const ends = [
        ...(Number.isNaN(until) ? [] : [formatMoment(until)]),
        ...(more === undefined ? [] : [`${formatPeople(more)} more`]),
      ];
      return `Snoozed until ${ends.join(" or ")}`;
    }
    case "judge": {
      const verdict = textOf(payload, "verdict");
      return `Judged: ${(WORTH_MEANINGS[verdict as AlertVerdict] as { name: string } | undefined)?.name ?? verdict}`;
    }
    case "undo":
      return "Taken back what was said of it";
    case "assign":
      return textOf(payload, "owner") === ""
        ? "Assigned to nobody"
        : `Assigned to ${textOf(payload, "owner")}`;
    case "note":
      return "Note";
  }
}
