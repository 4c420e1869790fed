import type { Decision } from "../../verdicts.ts";
import { dayAfter } from "../issue-words.ts";
import { CheckField, ChoiceField, CountField, DayField, LineField, TextField } from "./fields.tsx";
import { ActDialog, numberIn, textIn } from "./form-dialog.tsx";
import type { FormProps } from "./small-forms.tsx";

const REVIEW_DAYS = 30;
const REVIEW_VOICES = 10;

const CHOICES: readonly { readonly value: Decision; readonly label: string; readonly says: string }[] = [
  { value: "changing", label: "Changing:", says: "we work on it." },
  { value: "not_now", label: "Not now:", says: "we see it, and something else comes first." },
  { value: "will_not", label: "Will not:", says: "it stays as it is." },
];

/** Puts an issue on the agenda: what we do about it, why, and when that is looked at again. */
export function DecideForm(props: FormProps & { readonly owners: readonly string[]; readonly now: number }) {
  const { issue, owners, now, onClose } = props;
  return (
    <ActDialog
      issue={issue}
      title="Decide"
      lead="It goes on the agenda with its reason, and comes back for review on the day, or earlier when more people complain."
      verb="Decide"
      done="Decided"
      read={(form) => ({
        kind: "decide",
        decision: CHOICES.find(({ value }) => value === textIn(form, "decision"))?.value ?? "changing",
        reason: textIn(form, "reason"),
        owner: textIn(form, "owner"),
        reviewOn: textIn(form, "review_on"),
        reviewAtVoices: numberIn(form, "review_at_voices", REVIEW_VOICES),
        isPublic: form.has("is_public"),
        publicText: textIn(form, "public_text"),
      })}
      onClose={onClose}
      isWide
    >
      <ChoiceField label="What we do" name="decision" value={issue.decision} choices={CHOICES} />
      <TextField
        label="Why"
        name="reason"
        value={issue.decision_reason}
        hint="Customers read it where the entry is public."
        isNeeded
      />
      <LineField
        label="Owner"
        name="owner"
        value={issue.decision_owner || issue.owner}
        most={100}
        suggestions={owners}
      />
      <div className="field-row">
        <DayField
          label="Review on"
          name="review_on"
          least={dayAfter(now, 1)}
          value={dayAfter(now, REVIEW_DAYS)}
          isNeeded
        />
        <CountField
          label="Or when so many more people complain"
          name="review_at_voices"
          value={String(issue.review_at_voices || REVIEW_VOICES)}
          most={100_000}
        />
      </div>
      <CheckField
        label="Show it on the agenda that is published"
        name="is_public"
        isChecked={issue.is_public}
      />
      <LineField
        label="What it is called there"
        name="public_text"
        value={issue.public_text}
        most={2_000}
        hint="Empty: its title."
      />
    </ActDialog>
  );
}
