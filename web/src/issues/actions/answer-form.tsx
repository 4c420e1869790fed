import type { SheetAnswer } from "../why/why-rows.ts";
import { ChoiceField, LineField, TextField } from "./fields.tsx";
import { ActDialog, textIn } from "./form-dialog.tsx";
import type { FormProps } from "./small-forms.tsx";

const HOLDS = [
  { value: "yes", label: "Yes" },
  { value: "no", label: "No" },
  { value: "unknown", label: "Not known yet" },
] as const;

/** Answers a question of the sheet, or names who has to find out. */
export function AnswerForm(props: FormProps & { readonly asked: SheetAnswer; readonly department: string }) {
  const { issue, asked, department, onClose } = props;
  const isOwn = asked.by !== null;
  return (
    <ActDialog
      issue={issue}
      title={asked.question}
      lead={<>From what was heard: {isOwn ? asked.computed : asked.text}</>}
      verb="Save"
      done="Answer saved"
      read={(form) => {
        const holds = HOLDS.find(({ value }) => value === textIn(form, "holds"))?.value;
        return {
          kind: "answer",
          question: asked.key,
          answer: textIn(form, "answer"),
          department: textIn(form, "department"),
          ...(holds === undefined ? {} : { holds }),
        };
      }}
      onClose={onClose}
      isWide
    >
      {asked.is_yes_no && (
        <ChoiceField
          label="Does it hold?"
          name="holds"
          value={isOwn ? (asked.holds ?? "unknown") : "unknown"}
          choices={HOLDS}
        />
      )}
      <TextField
        label="Answer"
        name="answer"
        value={isOwn ? asked.text : ""}
        most={4_000}
        rows={4}
        hint="Empty takes your answer back."
      />
      <LineField
        label="Who has to find out"
        name="department"
        value={department}
        most={100}
        hint="A person or a department, while it is unknown."
      />
    </ActDialog>
  );
}
