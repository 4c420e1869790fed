import type { AlertsConfig } from "../../core/alerts/config.ts";

/** How many times the usual is normal at a time, by the calendar: launches and campaigns. */
export function expectedTimes(
  calendar: AlertsConfig["calendar"],
  about: { readonly tracker: string; readonly issue: string },
  at: number,
): number {
  return Math.max(
    1,
    ...calendar
      .filter(
        ({ match, from, to }) =>
          Date.parse(from) <= at &&
          at < Date.parse(to) &&
          (match.tracker ?? about.tracker) === about.tracker &&
          (match.issue ?? about.issue) === about.issue,
      )
      .map(({ multiplyExpected }) => multiplyExpected),
  );
}
