import type { Tracker } from "../../../core/config.ts";
import { EarshotError } from "../../../core/errors.ts";
import { lintQuery } from "../../../core/query/lint-query.ts";
import { parseQuery } from "../../../core/query/parse-query.ts";
import { ingestors } from "../../../ingestors/index.ts";
import { Slug } from "../../../schemas/primitives.ts";
import { showFinding } from "../query-test.ts";
import { choose, confirm, type Dialogue } from "./dialogue.ts";

/** What a source is to be listened to for. */
export interface Followed {
  readonly id: string;
  readonly name: string;
  /** The query it has or is to have. */
  readonly query?: string | undefined;
  /** What is to be written of it: a whole tracker, the query alone, or nothing. */
  readonly change: "new" | "query" | "none";
}

/** A query for something of that name: the name, and its words written as one. */
export function suggestQuery(name: string): string {
  const words = name
    .replace(/["“”„‟«»]/g, " ")
    .trim()
    .split(/\s+/);
  const [only = ""] = words;
  if (words.length === 1 && isQuery(only)) return only;
  const joined = words.join("").replace(/[^\p{L}\p{M}\p{N}_]/gu, "");
  const phrase = `"${words.join(" ")}"`;
  const both = `${phrase} OR ${joined}`;
  return words.length > 1 && isQuery(both) ? both : phrase;
}

function isQuery(text: string): boolean {
  try {
    return parseQuery(text).root.type !== "field";
  } catch (error) {
    if (error instanceof EarshotError) return false;
    throw error;
  }
}

/** A short name made of a long one. */
export function slugOf(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 60)
    .replace(/^-+|-+$/g, "");
}

/** A name nothing has yet. */
export function freeId(wanted: string, taken: readonly string[]): string {
  const base = Slug.safeParse(wanted).data ?? "source";
  for (let count = 1; ; count++) {
    const id = count === 1 ? base : `${base}-${count}`;
    if (!taken.includes(id)) return id;
  }
}

/**
 * The tracker an option names: one there is (`acme`), or a new one (`acme=Acme Parcels`) with the query given or suggested.
 * @throws {EarshotError} request_invalid
 */
export function trackerOf(option: string, known: readonly Tracker[], query: string | undefined): Followed {
  const at = option.indexOf("=");
  const id = at < 0 ? option : option.slice(0, at);
  const found = known.find((tracker) => tracker.id === id);
  if (found !== undefined) return { ...found, change: "none" };
  if (at < 0) {
    const names = known.map((tracker) => tracker.id).join(", ") || "none";
    throw new EarshotError(
      "request_invalid",
      `There is no tracker ${id}; there are: ${names}. For a new one write --tracker ${id}="its name".`,
    );
  }
  const name = option.slice(at + 1).trim();
  if (!Slug.safeParse(id).success || name === "") {
    throw new EarshotError("request_invalid", `--tracker ${option} is not a short name, = and a name.`);
  }
  return { id, name, query: query ?? suggestQuery(name), change: "new" };
}

/** Asks what to follow: a tracker there is, or a new one. */
export async function askTracker(dialogue: Dialogue, known: readonly Tracker[]): Promise<Followed> {
  const option = "--tracker";
  if (known.length > 0) {
    const choices = known.map(({ id, name }) => ({ name: id, title: name }));
    const chosen = await choose(
      dialogue,
      "What is it to be listened to for?",
      [...choices, { name: "new", title: "something new" }],
      { suggested: known[0]?.id ?? "new", option },
    );
    const found = known.find(({ id }) => id === chosen);
    if (found !== undefined) return { ...found, change: "none" };
  }
  for (;;) {
    const name = await dialogue.ask("What do you want to follow? The name of a brand or product.", {
      option,
    });
    if (name === "" || name.length > 200) {
      dialogue.say("Write a name of 1 to 200 characters.");
      continue;
    }
    const taken = known.map((tracker) => tracker.id);
    const id = freeId(slugOf(name) || "brand", taken);
    return { id, name, query: suggestQuery(name), change: "new" };
  }
}

/**
 * The query for a tracker, asked until it is right, with what looks wrong about it said.
 * @throws {EarshotError} config_invalid when it is wrong and nobody is there to mend it
 */
export async function askQuery(
  dialogue: Dialogue,
  followed: Followed,
  known: readonly Tracker[],
): Promise<Followed> {
  const change = followed.change === "new" ? "new" : "query";
  const others = known.flatMap(({ id, query }) =>
    query === undefined || id === followed.id ? [] : { tracker: id, query: parseQuery(query) },
  );
  const platforms = ingestors.map(({ name }) => name);
  let suggested = followed.query ?? suggestQuery(followed.name);
  for (;;) {
    const text = await dialogue.ask(
      `Which words find ${followed.name}? See docs/query-language.md; Enter takes what is suggested.`,
      { suggested },
    );
    try {
      const query = parseQuery(text);
      const findings = lintQuery(query, { others, platforms });
      for (const finding of findings) dialogue.say(showFinding(query, finding));
      const isTaken =
        findings.length === 0 ||
        !dialogue.isInteractive ||
        (await confirm(dialogue, "Take it as it is?", true));
      if (isTaken) return { ...followed, query: text, change };
      suggested = text;
    } catch (error) {
      if (!(error instanceof EarshotError) || !dialogue.isInteractive) throw error;
      dialogue.say(error.message);
      suggested = text === "" ? suggested : text;
    }
  }
}
