import { dayAfter } from "../issue-words.ts";
import { ChoiceField, DayField, TextField } from "./fields.tsx";
import { ActDialog, textIn } from "./form-dialog.tsx";
import type { FormProps } from "./small-forms.tsx";

/** Writes what may be said to customers about an issue into the register of known issues. */
export function RegisterForm({ issue, now, onClose }: FormProps & { readonly now: number }) {
  const isNew = issue.register_status === "";
  return (
    <ActDialog
      issue={issue}
      title="Known issue"
      lead="Whoever answers customers reads this: what they may say and promise, and what not."
      verb={isNew ? "Add to the register" : "Save"}
      done="Register entry saved"
      read={(form) => {
        const expiresOn = textIn(form, "expires_on");
        return {
          kind: "register",
          symptom: textIn(form, "symptom"),
          wording: textIn(form, "wording"),
          workaround: textIn(form, "workaround"),
          mayPromise: textIn(form, "may_promise"),
          mustNotPromise: textIn(form, "must_not_promise"),
          status: textIn(form, "status") === "retired" ? "retired" : "active",
          ...(expiresOn === "" ? {} : { expiresOn }),
        };
      }}
      onClose={onClose}
      isWide
    >
      <TextField
        label="Symptom"
        name="symptom"
        value={issue.symptom}
        hint="How customers notice it."
        most={1_000}
        rows={2}
        isNeeded
      />
      <TextField
        label="Wording"
        name="wording"
        value={issue.wording}
        hint="What may be said to customers, word for word."
        isNeeded
      />
      <TextField label="Workaround" name="workaround" value={issue.workaround} rows={2} />
      <TextField label="May promise" name="may_promise" value={issue.may_promise} rows={2} />
      <TextField label="Must not promise" name="must_not_promise" value={issue.must_not_promise} rows={2} />
      <div className="field-row">
        <ChoiceField
          label="Status"
          name="status"
          value={isNew ? "active" : issue.register_status}
          choices={[
            { value: "active", label: "Active" },
            { value: "retired", label: "Retired" },
          ]}
        />
        <DayField
          label="No longer holds from"
          name="expires_on"
          least={dayAfter(now, 1)}
          value={issue.register_expires_on ?? ""}
        />
      </div>
    </ActDialog>
  );
}
