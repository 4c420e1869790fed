/** The logging surface every room may use; pino satisfies it. Never log a mention's text or an author at info. */
export interface Logger {
  debug(facts: object, message?: string): void;
  info(facts: object, message?: string): void;
  warn(facts: object, message?: string): void;
  error(facts: object, message?: string): void;
}

/** What the outside world offers a component: the time and a log. Handed in by argument, never imported. */
export interface Context {
  /** The current time. The only way any component learns it. */
  now(): Date;
  readonly log: Logger;
}
