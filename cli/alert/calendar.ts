import type { AlertsConfig } from "../../core/alerts/config.ts";
import type { AlertMatch } from "../../core/alerts/routes.ts";

/** How many times the usual is normal at a time, by the calendar: launches and campaigns. */
export function expectedTimes(
  calendar: AlertsConfig["calendar"],
  about: Readonly<Record<keyof AlertMatch, string>>,
  at: number,
): number {
  return Math.max(
    1,
    ...calendar
      .filter(
        ({ match, from, to }) =>
          Date.parse(from) <= at &&
          at < Date.parse(to) &&
          // what is not told of the counts (their country, say) is not said to be planned
          Object.entries(match).every(
            ([key, value]) => value === undefined || about[key as keyof AlertMatch] === value,
          ),
      )
      .map(({ multiplyExpected }) => multiplyExpected),
  );
}
