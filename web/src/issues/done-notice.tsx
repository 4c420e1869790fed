import { Icon } from "../icons.tsx";
import { useAttempt } from "./use-attempt.ts";
import { useDoing, type IssueRef } from "./use-act.ts";

/** What was just done. */
export interface Done {
  /** In the past tense: `Renamed`. */
  readonly said: string;
  /** What takes it back; absent where nothing does. */
  readonly undoes: { readonly issue: IssueRef; readonly event: string } | undefined;
}

/** Says at the foot of the page what was just done, and takes it back on demand. */
export function DoneNotice({
  done,
  onClose,
}: {
  readonly done: Done | undefined;
  readonly onClose: () => void;
}) {
  const { act } = useDoing();
  const { attempt, isBusy, error } = useAttempt();
  const undo = ({ said, undoes }: Done): void => {
    if (undoes) attempt(() => act(undoes.issue, { kind: "undo", event: undoes.event }, `Undone: ${said}`));
  };
  return (
    <div className="done-notice" role="status">
      {done && (
        <p className="done-box">
          <Icon name="check" />
          <span>
            {done.said}.{error !== "" && <span className="form-error"> {error}</span>}
          </span>
          {done.undoes && (
            <button
              type="button"
              className="link-button"
              disabled={isBusy}
              onClick={() => {
                undo(done);
              }}
            >
              Undo
            </button>
          )}
          <button type="button" className="quiet-button" aria-label="Close this notice" onClick={onClose}>
            <Icon name="close" />
          </button>
        </p>
      )}
    </div>
  );
}
