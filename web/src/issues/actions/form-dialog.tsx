import { useEffect, useId, useRef, useState, type ReactNode } from "react";
import { ApiFailure } from "../../api.ts";
import { Icon } from "../../icons.tsx";
import { useDoing, type IssueAsked, type IssueRef } from "../use-act.ts";

export interface FormDialogProps {
  readonly title: string;
  /** What will happen, before the fields. */
  readonly lead: ReactNode;
  /** What the button that does it says. */
  readonly verb: string;
  /** Does it; gives a text where something is missing, which is shown. @throws {ApiFailure} */
  readonly onSubmit: (form: FormData) => Promise<string | undefined>;
  readonly onClose: () => void;
  readonly isWide?: boolean;
  readonly children: ReactNode;
}

/** A dialog with a form that does one thing. Errors are said in it, and what was typed stays. */
export function FormDialog(props: FormDialogProps) {
  const { title, lead, verb, onSubmit, onClose, isWide, children } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [error, setError] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    // the first field, for whoever opens it wants to fill it in
    shown?.querySelector<HTMLElement>("[data-first], input, textarea")?.focus();
  }, []);
  const submit = async (form: FormData): Promise<void> => {
    setIsBusy(true);
    setError("");
    try {
      const missing = await onSubmit(form);
      if (missing === undefined) dialog.current?.close();
      else setError(missing);
    } catch (cause) {
      setError(cause instanceof ApiFailure ? cause.message : String(cause));
    }
    setIsBusy(false);
  };
  return (
    <dialog
      ref={dialog}
      className={isWide ? "form-dialog is-wide" : "form-dialog"}
      aria-labelledby={id}
      onClose={onClose}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit(new FormData(event.currentTarget));
        }}
      >
        <header className="sql-head">
          <h2 id={id}>{title}</h2>
          <button
            type="button"
            className="quiet-button"
            aria-label="Close"
            onClick={() => dialog.current?.close()}
          >
            <Icon name="close" />
          </button>
        </header>
        <div className="form-lead muted">{lead}</div>
        {children}
        <p className="form-error" role="alert">
          {error}
        </p>
        <footer className="form-foot">
          <button type="button" className="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={isBusy}>
            {isBusy ? "Saving…" : verb}
          </button>
        </footer>
      </form>
    </dialog>
  );
}

export interface ActDialogProps extends Omit<FormDialogProps, "onSubmit"> {
  readonly issue: IssueRef;
  /** What was done, in the past tense. */
  readonly done: string;
  /** What is asked, from the fields by their names; a text where something is missing. */
  readonly read: (form: FormData) => IssueAsked | string;
  /** Called with what was asked after it was done, before the dialog closes. */
  readonly onDone?: (asked: IssueAsked) => void;
}

/** A dialog with a form that does one thing with an issue. */
export function ActDialog({ issue, done, read, onDone, ...dialog }: ActDialogProps) {
  const { act } = useDoing();
  const submit = async (form: FormData): Promise<string | undefined> => {
    const asked = read(form);
    if (typeof asked === "string") return asked;
    await act(issue, asked, done);
    onDone?.(asked);
    return undefined;
  };
  return <FormDialog {...dialog} onSubmit={submit} />;
}

/** The text of a field, trimmed. */
export function textIn(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value.trim() : "";
}

/** The number of a field, or what holds where none was typed. */
export function numberIn(form: FormData, name: string, absent: number): number {
  const value = Number(textIn(form, name));
  return Number.isInteger(value) && value > 0 ? value : absent;
}
