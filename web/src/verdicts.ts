/** What an issue is judged to be, the gravest first. */
export const VERDICTS = ["escalating", "recurring", "watch", "single"] as const;
export type Verdict = (typeof VERDICTS)[number];
/** One verdict, or the empty string for all issues. */
export type VerdictChoice = Verdict | "";

/** What else may hold of an issue. */
export const FLAGS = ["severe", "viral", "coordinated", "emerging", "quiet", "partly_heard"] as const;
export type Flag = (typeof FLAGS)[number];

/** What may be decided of an issue. */
export const DECISIONS = ["changing", "not_now", "will_not"] as const;
export type Decision = (typeof DECISIONS)[number];
/** Decisions to narrow a list by. */
export const DECISION_CHOICES = [...DECISIONS, "none"] as const;
/** One decision, `none` for what has none yet, or the empty string for all issues. */
export type DecisionChoice = (typeof DECISION_CHOICES)[number] | "";

/** A word for people with what it means. */
export interface Meaning {
  readonly name: string;
  readonly says: string;
}

/** Verdicts in words. */
export const VERDICT_MEANINGS: Readonly<Record<Verdict, Meaning>> = {
  escalating: {
    name: "Escalating",
    says: "Recurring, and growing faster than chance and the number of customers explain.",
  },
  recurring: {
    name: "Recurring",
    says:
      "Three or more independent reports on three or more days over a week or more, and likely to come again. " +
      "Safety, money and personal data count as recurring from the first voice on.",
  },
  watch: { name: "Watch", says: "Several people, but not yet enough to say that it will come again." },
  single: {
    name: "Single voice",
    says: "One person, or few of them long ago. It stays on the list until somebody has looked at it.",
  },
};

/** What is not judged, for its mentions have no times. */
export const NO_VERDICT: Meaning = {
  name: "No verdict",
  says: "None of its mentions has a time, and without times nothing can be judged.",
};

/** Flags in words. */
export const FLAG_MEANINGS: Readonly<Record<Flag, Meaning>> = {
  severe: { name: "Severe", says: "Safety, money or personal data: one voice is enough to act." },
  viral: { name: "Viral", says: "Loud because few posts were spread, not because it happened to many." },
  coordinated: { name: "Coordinated", says: "Many sent the same words within days. They are counted once." },
  emerging: { name: "Emerging", says: "Younger than two weeks and already told by several people." },
  quiet: { name: "Quiet", says: "It recurred and seems to have died down. Quiet is not fixed." },
  partly_heard: {
    name: "Partly heard",
    says: "A tenth or more of its time was not listened to, so there may be more than is counted.",
  },
};

/** Decisions in words. */
export const DECISION_NAMES: Readonly<Record<DecisionChoice, string>> = {
  "": "Any",
  changing: "Changing",
  not_now: "Not now",
  will_not: "Will not",
  none: "Not decided",
};
