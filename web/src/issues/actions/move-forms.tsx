import { useState } from "react";
import { openView } from "../../view-state.ts";
import { titleOf } from "../issue-words.ts";
import type { IssueMentionRow } from "../issue-rows.ts";
import { TextField } from "./fields.tsx";
import { ActDialog, textIn } from "./form-dialog.tsx";
import { IssuePicker } from "./issue-picker.tsx";
import type { FormProps } from "./small-forms.tsx";

/** Puts an issue into another one, and goes there. */
export function MergeForm({ issue, onClose }: FormProps) {
  return (
    <ActDialog
      issue={issue}
      title="Merge into another issue"
      lead={
        <>
          All of “{titleOf(issue)}” goes to the issue you choose, which keeps its name, and so does what is
          said like it from now on.
        </>
      }
      verb="Merge"
      done={`“${titleOf(issue)}” merged into this issue`}
      read={(form) => {
        const chosen = textIn(form, "into");
        return chosen === ""
          ? "Choose the issue to merge it into."
          : { kind: "merge", into: chosen, note: textIn(form, "note") };
      }}
      onClose={onClose}
      onDone={(asked) => {
        if (asked.kind === "merge") openView({ issue: `${issue.tracker}/${asked.into}` });
      }}
      isWide
    >
      <IssuePicker not={issue} label="The issue that stays" />
      <TextField label="Note" name="note" rows={2} />
    </ActDialog>
  );
}

/** Takes one mention out of an issue. */
export function MoveForm({ issue, mention, onClose }: FormProps & { readonly mention: IssueMentionRow }) {
  const [isOwn, setIsOwn] = useState(true);
  return (
    <ActDialog
      issue={issue}
      title="Not this issue"
      lead={
        <blockquote dir="auto" className="clamp-4">
          {mention.text}
        </blockquote>
      }
      verb="Move"
      done="Mention moved"
      read={(form) => {
        const into = textIn(form, "into");
        if (!isOwn && into === "") return "Choose the issue it belongs to.";
        return { kind: "move", mention: mention.id, note: textIn(form, "note"), ...(isOwn ? {} : { into }) };
      }}
      onClose={onClose}
      isWide
    >
      <fieldset className="field choices">
        <legend>Where it belongs</legend>
        <label className="choice">
          <input
            type="radio"
            name="where"
            checked={isOwn}
            onChange={() => {
              setIsOwn(true);
            }}
          />
          An issue of its own
        </label>
        <label className="choice">
          <input
            type="radio"
            name="where"
            checked={!isOwn}
            onChange={() => {
              setIsOwn(false);
            }}
          />
          Another issue
        </label>
      </fieldset>
      {!isOwn && <IssuePicker not={issue} label="The issue it belongs to" />}
      <TextField label="Note" name="note" rows={2} />
    </ActDialog>
  );
}
