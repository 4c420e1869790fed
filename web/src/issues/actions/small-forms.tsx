import { formatMany } from "../../format.ts";
import type { IssueRow } from "../issue-rows.ts";
import { dayAfter, dayOf, RELOOK_DAYS, titleOf } from "../issue-words.ts";
import { CountField, DayField, LineField, TextField } from "./fields.tsx";
import { ActDialog, numberIn, textIn } from "./form-dialog.tsx";

/** What every form about one issue is given. */
export interface FormProps {
  readonly issue: IssueRow;
  readonly onClose: () => void;
}

/** Gives an issue to somebody, or takes it from everybody. */
export function OwnerForm({ issue, owners, onClose }: FormProps & { readonly owners: readonly string[] }) {
  return (
    <ActDialog
      issue={issue}
      title="Owner"
      lead={<>Who sees to “{titleOf(issue)}”: a person or a department. Empty: nobody.</>}
      verb="Set owner"
      done="Owner set"
      read={(form) => ({ kind: "own", owner: textIn(form, "owner") })}
      onClose={onClose}
    >
      <LineField label="Owner" name="owner" value={issue.owner} most={100} suggestions={owners} />
    </ActDialog>
  );
}

/** Says when somebody looks at an issue again. */
export function RelookForm({ issue, now, onClose }: FormProps & { readonly now: number }) {
  return (
    <ActDialog
      issue={issue}
      title="Look again"
      lead="On that day the issue comes first on the list of single voices and is marked everywhere."
      verb="Set day"
      done="Day to look again set"
      read={(form) => ({ kind: "relook", on: textIn(form, "on") })}
      onClose={onClose}
    >
      <DayField
        label="Look again on"
        name="on"
        least={dayAfter(now, 1)}
        value={
          issue.relook_on !== null && issue.relook_on > dayOf(now)
            ? issue.relook_on
            : dayAfter(now, RELOOK_DAYS)
        }
        isNeeded
      />
    </ActDialog>
  );
}

/** Calls an issue an isolated error, which ends by itself. */
export function IsolateForm({ issue, now, onClose }: FormProps & { readonly now: number }) {
  return (
    <ActDialog
      issue={issue}
      title="Call it isolated"
      lead="Say so where the cause is known and cannot come again. The call ends on its day, and is overturned when more people report the same."
      verb="Call isolated"
      done="Called isolated"
      read={(form) => ({
        kind: "isolate",
        reason: textIn(form, "reason"),
        until: textIn(form, "until"),
        untilVoices: numberIn(form, "voices", 3),
      })}
      onClose={onClose}
    >
      <TextField label="Why it is an isolated error" name="reason" most={1_000} isNeeded />
      <div className="field-row">
        <DayField
          label="Ends on"
          name="until"
          least={dayAfter(now, 1)}
          value={dayAfter(now, RELOOK_DAYS)}
          isNeeded
        />
        <CountField label="Overturned by so many more people" name="voices" value="3" most={10_000} />
      </div>
    </ActDialog>
  );
}

/** Makes an issue of its own of some mentions. */
export function SplitForm(
  props: FormProps & { readonly mentions: readonly string[]; readonly onDone: () => void },
) {
  const { issue, mentions, onClose, onDone } = props;
  return (
    <ActDialog
      issue={issue}
      title={`Split off ${formatMany(mentions.length, "mention")}`}
      lead="They become an issue of their own, and what is said like them from now on follows them. It is judged within a minute."
      verb="Split off"
      done={`${formatMany(mentions.length, "mention")} split off`}
      read={(form) => ({
        kind: "split",
        mentions: [...mentions],
        title: textIn(form, "title"),
        note: textIn(form, "note"),
      })}
      onClose={onClose}
      onDone={onDone}
    >
      <LineField label="Title of the new issue" name="title" hint="Empty: it is named by what people say." />
      <TextField label="Note" name="note" rows={2} />
    </ActDialog>
  );
}
