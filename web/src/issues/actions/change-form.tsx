import { useDoing } from "../use-act.ts";
import { dayOf } from "../issue-words.ts";
import { CheckField, ChoiceField, DayField, LineField } from "./fields.tsx";
import { FormDialog, textIn } from "./form-dialog.tsx";
import type { FormProps } from "./small-forms.tsx";

const KINDS = [
  { value: "fix", label: "Fix" },
  { value: "release", label: "Release" },
  { value: "price", label: "Price" },
  { value: "campaign", label: "Campaign" },
  { value: "policy", label: "Policy" },
  { value: "outage", label: "Outage" },
] as const;

/** Records something we did that customers could notice, and whether it should mend the issue. */
export function ChangeForm({ issue, now, onClose }: FormProps & { readonly now: number }) {
  const { tell } = useDoing();
  const submit = async (form: FormData): Promise<undefined> => {
    const told = {
      tracker: issue.tracker,
      kind: textIn(form, "kind"),
      at: textIn(form, "at"),
      title: textIn(form, "title"),
      version: textIn(form, "version"),
      fixes: form.has("is_fix") ? [issue.issue_id] : [],
    };
    await tell("/api/v1/changes", told, "Change recorded");
    return undefined;
  };
  return (
    <FormDialog
      title="Tell of a change"
      lead="Something we did that customers could notice. It is drawn in the timeline, and its effect is judged."
      verb="Record"
      onSubmit={submit}
      onClose={onClose}
    >
      <LineField label="What was done" name="title" most={300} isNeeded />
      <ChoiceField label="Kind" name="kind" value="fix" choices={KINDS} />
      <div className="field-row">
        <DayField label="There for customers from" name="at" value={dayOf(now)} isNeeded />
        <LineField label="Version" name="version" most={100} />
      </div>
      <CheckField label="It should mend this issue" name="is_fix" isChecked />
    </FormDialog>
  );
}
