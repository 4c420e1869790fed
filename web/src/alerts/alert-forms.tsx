import type { ReactNode } from "react";
import { DAY, HOUR } from "../format.ts";
import { ChoiceField, LineField, TextField } from "../issues/actions/fields.tsx";
import { FormDialog, textIn } from "../issues/actions/form-dialog.tsx";
import { payloadOf } from "../issues/payload.ts";
import type { AlertAsked, AlertRow, AlertVerdict } from "./alert-rows.ts";
import { numberOf, WORTH_MEANINGS } from "./alert-words.ts";
import { useAlertAct } from "./use-alert-act.ts";

/** What every form about one alert is given. */
export interface AlertFormProps {
  readonly alert: AlertRow;
  readonly now: number;
  readonly onClose: () => void;
}

interface ActDialogProps extends AlertFormProps {
  readonly title: string;
  readonly lead: ReactNode;
  readonly verb: string;
  /** What was done, in the past tense. */
  readonly done: string;
  /** What is asked, from the fields by their names; a text where something is missing. */
  readonly read: (form: FormData) => AlertAsked | string;
  readonly children: ReactNode;
}

function ActDialog({ alert, done, read, title, lead, verb, onClose, children }: ActDialogProps) {
  const { act } = useAlertAct();
  const submit = async (form: FormData): Promise<string | undefined> => {
    const asked = read(form);
    if (typeof asked === "string") return asked;
    await act(alert, asked, done);
    return undefined;
  };
  return (
    <FormDialog {...{ title, lead, verb, onClose }} onSubmit={submit}>
      {children}
    </FormDialog>
  );
}

const SNOOZES = [
  { value: String(HOUR), label: "For an hour" },
  { value: String(4 * HOUR), label: "For four hours" },
  { value: String(DAY), label: "For a day" },
  { value: String(7 * DAY), label: "For a week" },
  { value: "", label: "No time" },
] as const;

/** Keeps an alert from being told again for a while. */
export function SnoozeForm(props: AlertFormProps) {
  const { alert, now } = props;
  const voices = numberOf(payloadOf(alert), "voices");
  return (
    <ActDialog
      {...props}
      title="Snooze"
      lead="Nobody is reminded meanwhile. When it gets much worse you are told all the same."
      verb="Snooze"
      done="Snoozed"
      read={(form) => {
        const length = Number(textIn(form, "length"));
        const people = textIn(form, "people");
        const untilVoices = people === "" ? undefined : Number(people);
        if (untilVoices !== undefined && (!Number.isInteger(untilVoices) || untilVoices < 1)) {
          return "So many more people has to be a whole number.";
        }
        if (length === 0 && untilVoices === undefined) return "Choose a time, or a number of people.";
        const until = length === 0 ? undefined : new Date(now + length).toISOString();
        return {
          kind: "snooze",
          ...(until === undefined ? {} : { until }),
          ...(untilVoices === undefined ? {} : { untilVoices }),
          note: textIn(form, "note"),
        };
      }}
    >
      <ChoiceField
        label="How long"
        name="length"
        value={String(4 * HOUR)}
        // without people to count there has to be a time
        choices={voices === undefined ? SNOOZES.slice(0, -1) : SNOOZES}
      />
      {voices !== undefined && (
        <LineField
          label="Or until so many more people say so"
          name="people"
          most={7}
          hint={`${voices} say so now. Whichever comes first.`}
        />
      )}
      <TextField label="Note" name="note" rows={2} />
    </ActDialog>
  );
}

/** Says what an alert was worth. */
export function JudgeForm(props: AlertFormProps) {
  return (
    <ActDialog
      {...props}
      title="Was it worth it?"
      lead="Every answer counts in the precision of the rule, so that what cries wolf can be found and mended."
      verb="Save"
      done="Judged"
      read={(form) => ({
        kind: "judge",
        verdict: textIn(form, "verdict") as AlertVerdict,
        note: textIn(form, "note"),
      })}
    >
      <ChoiceField
        label="It was"
        name="verdict"
        value={props.alert.verdict === "" ? "real" : props.alert.verdict}
        choices={Object.entries(WORTH_MEANINGS).map(([value, { name, says }]) => ({
          value,
          label: name,
          says,
        }))}
      />
      <TextField label="Note" name="note" rows={2} />
    </ActDialog>
  );
}

/** Gives an alert to somebody, or takes it from everybody. */
export function OwnerForm(props: AlertFormProps) {
  return (
    <ActDialog
      {...props}
      title="Assign"
      lead="Who sees to it: a person or a department. Empty: nobody."
      verb="Assign"
      done="Assigned"
      read={(form) => ({ kind: "assign", owner: textIn(form, "owner"), note: textIn(form, "note") })}
    >
      <LineField label="Owner" name="owner" value={props.alert.owner} most={100} />
      <TextField label="Note" name="note" rows={2} />
    </ActDialog>
  );
}

/** Writes down what was found out. */
export function NoteForm(props: AlertFormProps) {
  return (
    <ActDialog
      {...props}
      title="Note"
      lead="It stands in the history of the alert, with your name."
      verb="Save note"
      done="Noted"
      read={(form) => ({ kind: "note", note: textIn(form, "note") })}
    >
      <TextField label="What was found out" name="note" isNeeded />
    </ActDialog>
  );
}
