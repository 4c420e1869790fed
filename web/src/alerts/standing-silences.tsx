import { formatMoment } from "../format.ts";
import { Icon } from "../icons.tsx";
import { useAttempt } from "../issues/use-attempt.ts";
import { useQuery } from "../use-query.ts";
import type { SilenceRow } from "./alert-rows.ts";
import { useAlertAct } from "./use-alert-act.ts";

/** Says of what nobody is told just now: a quiet channel is good news only where nothing is silenced. */
export function StandingSilences({ tick }: { readonly tick: number }) {
  const { endSilence } = useAlertAct();
  const { attempt, isBusy, error } = useAttempt();
  const { value } = useQuery<SilenceRow>("alert_silences", { state: ["standing"], limit: 20 }, tick);
  const rows = value?.rows ?? [];
  if (rows.length === 0) return null;
  return (
    <ul className="silences" aria-label="Silenced now">
      {rows.map(({ id, match, until_at: until, reason, by }) => (
        <li key={id}>
          <Icon name="quiet" />
          <span>
            Nobody is told of <b>{describe(match)}</b> until {formatMoment(Date.parse(until))}:{" "}
            <bdi>{reason}</bdi> <span className="muted">({by})</span>
          </span>
          <button
            type="button"
            className="button"
            disabled={isBusy}
            onClick={() => {
              attempt(() => endSilence(id));
            }}
          >
            End
          </button>
        </li>
      ))}
      {error !== "" && (
        <li className="form-error" role="alert">
          {error}
        </li>
      )}
    </ul>
  );
}

function describe(match: SilenceRow["match"]): string {
  const parts = Object.entries(match).map(([name, value]) => `${name} ${value}`);
  return parts.length === 0 ? "anything" : parts.join(", ");
}
