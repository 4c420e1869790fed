/** The logging surface every room may use; pino satisfies it. Never log a mention's text or an author at info. */
export interface Logger {
  debug(facts: object, message?: string): void;
  info(facts: object, message?: string): void;
  warn(facts: object, message?: string): void;
  error(facts: object, message?: string): void;
}

/** Something worth counting, told by the loops; what becomes of it (metrics, health) is decided at the edge. */
export type Observation =
  /** `what` cannot go on for `reason` and is tried again. Told at every try. */
  | { readonly kind: "waiting"; readonly what: string; readonly reason: string }
  /** `what` goes on, or was given up. */
  | { readonly kind: "resumed"; readonly what: string }
  | {
      readonly kind: "delivered";
      readonly topic: string;
      readonly group: string;
      readonly partition: number;
      readonly records: number;
      readonly poison: number;
      readonly seconds: number;
      /** Records of the partition not yet read. */
      readonly lag: number;
    }
  /** The group's partitions were dealt out anew; `partitions` are ours. */
  | { readonly kind: "rebalanced"; readonly group: string; readonly partitions: readonly number[] }
  /** The names of the group this process owns now. */
  | { readonly kind: "owned"; readonly group: string; readonly names: readonly string[] }
  | { readonly kind: "dead_letters"; readonly stage: string; readonly count: number }
  | {
      readonly kind: "polled";
      readonly source: string;
      readonly mentions: number;
      readonly deletions: number;
    };

/** What the outside world offers a component: the time, a log, and an ear. Handed in by argument, never imported. */
export interface Context {
  /** The current time. The only way any component learns it. */
  now(): Date;
  readonly log: Logger;
  observe(observation: Observation): void;
}
