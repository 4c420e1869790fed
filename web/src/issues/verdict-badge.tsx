import { Hint } from "../hint.tsx";
import { Icon, type IconName } from "../icons.tsx";
import { FLAG_MEANINGS, NO_VERDICT, VERDICT_MEANINGS, type Flag, type Verdict } from "../verdicts.ts";

/** Verdicts are told by word and form; colour only helps. */
const ICONS: Readonly<Record<Verdict, IconName>> = {
  escalating: "rising",
  recurring: "repeat",
  watch: "view",
  single: "person",
};

/** The verdict as one word. */
export function VerdictBadge({ verdict }: { readonly verdict: Verdict | "" }) {
  const { name, says } = verdict === "" ? NO_VERDICT : VERDICT_MEANINGS[verdict];
  return (
    <span className={`verdict verdict-${verdict || "none"}`} title={says}>
      <Icon name={verdict === "" ? "question" : ICONS[verdict]} />
      {name}
    </span>
  );
}

/** What else holds of an issue, each with what it means. */
export function FlagList({ flags }: { readonly flags: readonly Flag[] }) {
  return flags.map((flag) => (
    <Hint key={flag} className={`flag flag-${flag}`} says={FLAG_MEANINGS[flag].says}>
      {FLAG_MEANINGS[flag].name}
    </Hint>
  ));
}
