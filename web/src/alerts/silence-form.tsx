import { DAY, HOUR } from "../format.ts";
import { ChoiceField, TextField } from "../issues/actions/fields.tsx";
import { FormDialog, textIn } from "../issues/actions/form-dialog.tsx";
import type { AlertFormProps } from "./alert-forms.tsx";
import type { AlertRow, SilenceAsked } from "./alert-rows.ts";
import { useAlertAct } from "./use-alert-act.ts";

const LENGTHS = [
  { value: String(HOUR), label: "For an hour" },
  { value: String(4 * HOUR), label: "For four hours" },
  { value: String(DAY), label: "For a day" },
  { value: String(7 * DAY), label: "For a week" },
  { value: String(30 * DAY), label: "For thirty days" },
] as const;

/** Tells nobody of alerts like one for a while, because what they tell of is expected. */
export function SilenceForm({ alert, now, onClose }: AlertFormProps) {
  const { silence } = useAlertAct();
  const choices = matchesOf(alert);
  const submit = async (form: FormData): Promise<string | undefined> => {
    const chosen = choices.find(({ value }) => value === textIn(form, "what"));
    const reason = textIn(form, "reason");
    if (chosen === undefined || reason === "") return "Say why nobody needs to know.";
    const until = new Date(now + Number(textIn(form, "length"))).toISOString();
    await silence({ match: chosen.match, until, reason });
    return undefined;
  };
  return (
    <FormDialog
      title="Silence alerts like this"
      lead="They are raised and listed all the same, and nobody is told. What people were told of before, they are told the end of."
      verb="Silence"
      onSubmit={submit}
      onClose={onClose}
    >
      <ChoiceField label="What" name="what" value={choices[0]?.value ?? ""} choices={choices} />
      <ChoiceField label="How long" name="length" value={String(DAY)} choices={LENGTHS} />
      <TextField label="Why nobody needs to know" name="reason" rows={2} isNeeded />
    </FormDialog>
  );
}

/** What alerts like one may be, the fewest first. */
function matchesOf({ rule, tracker, issue_id: issue, issue_title: title }: AlertRow): readonly {
  readonly value: string;
  readonly label: string;
  readonly match: SilenceAsked["match"];
}[] {
  const of = tracker === "" ? {} : { tracker };
  return [
    ...(issue === ""
      ? []
      : [{ value: "issue", label: `Of this issue: ${title || issue}`, match: { ...of, issue } }]),
    {
      value: "rule",
      label: tracker === "" ? `Of the rule ${rule}` : `Of the rule ${rule}, for this tracker`,
      match: { ...of, rule },
    },
    ...(tracker === "" ? [] : [{ value: "tracker", label: "All of this tracker", match: of }]),
  ];
}
