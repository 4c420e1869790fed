import { EarshotError } from "../core/errors.ts";
import { knownMentions } from "../queries/known-mentions.ts";
import type { App } from "./app.ts";
import { findIssue } from "./find-issue.ts";

/**
 * What a change is said to mend, by whole ids: issues may be named by the first characters of theirs, and mentions, such
 * as the ticket that asked for it, stand for the issue they are in.
 * @param tracker whom the change concerns; empty: every tracker
 * @throws {EarshotError} not_found, request_invalid with the issues a name may mean
 */
export async function findFixed(
  app: Pick<App, "ask">,
  names: readonly string[],
  tracker = "",
): Promise<string[]> {
  const mentions = names.filter(isMention);
  const known = new Set(
    mentions.length === 0 ? [] : (await app.ask(knownMentions, { ids: mentions })).map(({ id }) => id),
  );
  const found: string[] = [];
  for (const name of names) {
    if (!isMention(name)) {
      found.push((await findIssue(app, name, tracker === "" ? undefined : tracker)).issueId);
    } else if (known.has(name)) found.push(name);
    else throw new EarshotError("not_found", `There is no mention ${name.slice(0, 100)}; check its id.`);
  }
  return [...new Set(found)];
}

/** An id of a mention begins with its platform and a colon, one of an issue has none. */
function isMention(name: string): boolean {
  return name.includes(":");
}
