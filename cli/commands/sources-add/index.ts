import { existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Command } from "commander";
import type { Config } from "../../../core/config.ts";
import type { Context } from "../../../core/context.ts";
import { EarshotError, type ErrorCode } from "../../../core/errors.ts";
import { Slug } from "../../../schemas/primitives.ts";
import { abortOnSignals } from "../../app.ts";
import {
  configPath,
  readConfigText,
  readVariables,
  withEntry,
  withTrackerQuery,
  type GlobalOptions,
} from "../../config-file.ts";
import { openContext } from "../../log.ts";
import { toTable } from "../../table.ts";
import { askSettings, type Asked } from "./ask-settings.ts";
import { answersOf, choose, confirm, openDialogue, type Dialogue } from "./dialogue.ts";
import { listen, type Heard } from "./listen.ts";
import { ingestorOf, platforms, type Platform } from "./platforms.ts";
import { envPath, save } from "./save.ts";
import { hideSecrets } from "./secrets.ts";
import { withSetting, type Settings } from "./settings.ts";
import { askQuery, askTracker, freeId, trackerOf, type Followed } from "./trackers.ts";

interface AddOptions {
  readonly type?: string;
  readonly id?: string;
  readonly tracker: readonly string[];
  readonly query?: string;
  readonly preset?: string;
  readonly set: readonly string[];
  readonly test: boolean;
  readonly yes?: boolean;
}

/** The config as it is, and what variables stand for. */
interface Before {
  readonly path: string;
  /** Undefined when there is no file yet. */
  readonly text: string | undefined;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly config: Config;
}

/** All that a new source is. */
interface Draft {
  readonly platform: Platform;
  readonly id: string;
  readonly followed: readonly Followed[];
  readonly settings: Settings;
}

/** What is to be written. */
interface Composed {
  readonly text: string;
  readonly config: Config;
  readonly variables: ReadonlyMap<string, string>;
}

const FIRST_LINE = "# Every key is described in docs/reference/config.md.\n";

/** Adds `sources add`: from nothing to a source that was heard, in `earshot.yaml`. */
export function addSourcesAdd(group: Command): void {
  const collect = (value: string, before: readonly string[]) => [...before, value];
  group
    .command("add")
    .summary("add a source, step by step, and try it before it is written to the config")
    .option("--type <type>", "what kind of source: rss, app_store, hacker_news …")
    .option("--id <id>", "name of the source")
    .option("--tracker <id[=name]>", "a tracker it is for, or a new one; may be repeated", collect, [])
    .option("--query <query>", "what a new tracker looks for; default: its name")
    .option(
      "--preset <name=value>",
      "a feed by what it is of: google_news=acme, google_alerts=…, subreddit=…, discourse=…, youtube_channel=…",
    )
    .option("--set <key=value>", "a key of the source; may be repeated", collect, [])
    .option("--no-test", "write it without trying it")
    .option("--yes", "ask nothing: take what the options say and what is suggested")
    .action(async (options: AddOptions, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      const context = openContext({ level: "warn", isPretty: process.stderr.isTTY });
      const signal = abortOnSignals(context);
      const dialogue =
        options.yes === true
          ? answersOf((text) => void process.stderr.write(`${text}\n`))
          : openDialogue(signal, () => process.kill(process.pid, "SIGINT"));
      try {
        await add(options, globals, { dialogue, context, signal });
      } catch (error) {
        if (!signal.aborted) throw error;
        dialogue.say("Stopped; nothing was written.");
        throw signal.reason;
      } finally {
        dialogue.close();
      }
    });
}

interface Adding {
  readonly dialogue: Dialogue;
  readonly context: Context;
  readonly signal: AbortSignal;
}

async function add(options: AddOptions, globals: GlobalOptions, adding: Adding): Promise<void> {
  const { dialogue, signal } = adding;
  const before = await readBefore(globals);
  const platform = await choosePlatform(dialogue, options);
  const ingestor = ingestorOf(platform.type);
  let followed = await whatToFollow(dialogue, options, before.config);
  const given = options.set.reduce<Settings>((all, pair) => withSetting(all, ingestor, pair), {});
  let asked: Asked = { settings: given, answers: {} };
  const name = followed[0]?.name ?? "";
  const hasQuery = () => followed.some(({ query }) => query !== undefined);
  const ask = async (isAgain: boolean) => {
    const about = { platform, ingestor, name, preset: options.preset, variables: before.variables };
    asked = await askSettings(dialogue, { ...about, hasQuery: hasQuery() }, asked, isAgain, signal);
  };
  await ask(false);
  if (platform.searches?.every((key) => isNothing(asked.settings[key])) === true && !hasQuery()) {
    const [first, ...rest] = followed;
    if (first !== undefined) followed = [await askQuery(dialogue, first, before.config.trackers), ...rest];
  }
  const id = await chooseId(dialogue, options.id, platform, followed, before.config);
  for (;;) {
    const draft: Draft = { platform, id, followed, settings: asked.settings };
    const done = await tryOut(draft, before, options, adding);
    if (done !== undefined) {
      save(before.path, before.text, done.composed.text, done.composed.variables);
      report(draft, done.composed, done.heard, before.path, globals);
      return;
    }
    await ask(true);
  }
}

function isNothing(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0);
}

/** @throws {EarshotError} config_invalid when the config there is cannot be read: it is to be mended first */
async function readBefore(globals: GlobalOptions): Promise<Before> {
  const path = configPath(globals);
  const text = existsSync(path) ? readFileSync(path, "utf8") : undefined;
  const variables = await readVariables(dirname(path));
  return { path, text, variables, config: readConfigText(text ?? "", variables, path) };
}

async function choosePlatform(dialogue: Dialogue, { type, preset }: AddOptions): Promise<Platform> {
  const all = platforms();
  const named = type ?? (preset === undefined ? undefined : "rss");
  const choices = all.map((platform) => ({
    name: platform.type,
    title: platform.title + (platform.account === undefined ? "" : ` (needs ${platform.account})`),
  }));
  const chosen =
    named ?? (await choose(dialogue, "What do you want to listen to?", choices, { option: "--type" }));
  const found = all.find((platform) => platform.type === chosen);
  if (found !== undefined) return found;
  const names = choices.map(({ name }) => name).join(", ");
  throw new EarshotError("request_invalid", `There is no type ${chosen}; there are: ${names}.`);
}

async function whatToFollow(dialogue: Dialogue, options: AddOptions, config: Config): Promise<Followed[]> {
  const { trackers } = config;
  const named = options.tracker.map((option) => trackerOf(option, trackers, options.query));
  const all = named.length > 0 ? named : [await askTracker(dialogue, trackers)];
  const followed: Followed[] = [];
  for (const one of all) followed.push(one.change === "new" ? await askQuery(dialogue, one, trackers) : one);
  return followed;
}

async function chooseId(
  dialogue: Dialogue,
  given: string | undefined,
  platform: Platform,
  followed: readonly Followed[],
  { sources }: Config,
): Promise<string> {
  const taken = sources.map(({ id }) => id);
  const suggested = freeId(`${followed[0]?.id ?? ""}-${platform.type.replaceAll("_", "-")}`, taken);
  for (let id = given; ; id = undefined) {
    const answer =
      id ?? (await dialogue.ask("How is this source to be called?", { suggested, option: "--id" }));
    const fault = taken.includes(answer)
      ? `There is a source ${answer} already.`
      : Slug.safeParse(answer).success
        ? undefined
        : `${answer || "Nothing"} is no name for a source; write 1 to 64 of a-z, 0-9, _ and -.`;
    if (fault === undefined) return answer;
    if (!dialogue.isInteractive) throw new EarshotError("request_invalid", fault);
    dialogue.say(fault);
  }
}

/** @throws {EarshotError} config_invalid, request_invalid */
function compose({ platform, id, followed, settings }: Draft, before: Before): Composed {
  const { settings: shown, variables } = hideSecrets(id, settings, before.variables);
  let text = before.text ?? FIRST_LINE;
  for (const { change, id: tracker, name, query } of followed) {
    if (change === "new") text = withEntry(text, "trackers", { id: tracker, name, query });
    if (change === "query") text = withTrackerQuery(text, tracker, query ?? "");
  }
  const trackers = followed.map((one) => one.id);
  text = withEntry(text, "sources", { type: platform.type, id, ...shown, trackers });
  const known = { ...before.variables, ...Object.fromEntries(variables) };
  return { text, variables, config: readConfigText(text, known, before.path) };
}

/** What is to be written once it was tried, or undefined when the answers are to be corrected. */
async function tryOut(
  draft: Draft,
  before: Before,
  options: AddOptions,
  { dialogue, context, signal }: Adding,
): Promise<{ readonly composed: Composed; readonly heard: Heard | undefined } | undefined> {
  let composed: Composed | undefined;
  for (;;) {
    try {
      composed = compose(draft, before);
      const { assertSchedule } = await import("../../scheduler.ts");
      for (const source of composed.config.sources) if (source.id === draft.id) assertSchedule(source);
      const heard = (await isTested(draft, options, dialogue))
        ? await listen(composed.config, draft.id, context, signal)
        : undefined;
      if (heard !== undefined) dialogue.say(shown(heard, draft));
      const file = before.path;
      if (!dialogue.isInteractive || (await confirm(dialogue, `Write it to ${file}?`, true))) {
        return { composed, heard };
      }
      return undefined;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof EarshotError)) throw error;
      if (!dialogue.isInteractive) {
        dialogue.say(`Nothing was written. ${ADVICE[error.code] ?? ""}`.trim());
        throw error;
      }
      dialogue.say([error.message, ADVICE[error.code] ?? ""].join(" ").trim());
      const isWritable = composed !== undefined;
      const next = await choose(
        dialogue,
        "What now?",
        [
          { name: "correct", title: "correct the answers" },
          { name: "again", title: "try again" },
          ...(isWritable ? [{ name: "write", title: "write it all the same" }] : []),
          { name: "stop", title: "stop, and write nothing" },
        ],
        { suggested: "correct" },
      );
      if (next === "correct") return undefined;
      if (next === "write" && composed !== undefined) return { composed, heard: undefined };
      if (next === "stop") throw new EarshotError("request_invalid", "Nothing was written.");
    }
  }
}

/** What to do about it, beside what the message says. */
const ADVICE: Readonly<Partial<Record<ErrorCode, string>>> = {
  source_unavailable: "Check the address and the connection of this machine.",
  source_rate_limited: "Try again later, or write it without a test: it is polled again by itself.",
  source_changed: "Check that the address is the right one.",
};

async function isTested({ platform }: Draft, options: AddOptions, dialogue: Dialogue): Promise<boolean> {
  const { mode } = ingestorOf(platform.type).source;
  if (!options.test || mode === "push") return false;
  if (platform.price === undefined) {
    dialogue.say(`Listening to it${mode === "stream" ? " for 20 seconds" : ""} …`);
    return true;
  }
  if (dialogue.isInteractive) {
    return confirm(dialogue, `Try it now? What the test reads is billed: ${platform.price}.`, true);
  }
  dialogue.say("It was not tried, since reading it is billed.");
  return false;
}

const EXAMPLES = 3;

function shown({ items, unreadable, mentions, others }: Heard, { followed, platform }: Draft): string {
  const names = followed.map(({ name }) => name).join(", ");
  if (items === 0) {
    const isStream = ingestorOf(platform.type).source.mode === "stream";
    return isStream
      ? "It answers; nothing was written about it just now."
      : "It answers, with nothing in it yet.";
  }
  const lines = [`It answers: ${items} items, ${mentions.length} of them for ${names}.`];
  if (unreadable > 0) lines.push(`${unreadable} of them cannot be read and would become dead letters.`);
  if (mentions.length === 0 && others.length > 0) {
    lines.push("The query finds none of them; what it brings is of this kind:");
  }
  const examples = (mentions.length > 0 ? mentions : others).slice(0, EXAMPLES);
  const rows = examples.map(({ publishedAt, title, text }) => [
    publishedAt.slice(0, 16).replace("T", " "),
    `${title} ${text}`.trim(),
  ]);
  if (rows.length > 0) lines.push(toTable(["published", "text"], rows).trimEnd());
  return lines.join("\n");
}

function report(
  { id, platform, followed }: Draft,
  { variables }: Composed,
  heard: Heard | undefined,
  path: string,
  globals: GlobalOptions,
): void {
  const names = [...variables.keys()];
  if (globals.json === true) {
    const trackers = followed.map((one) => one.id);
    const found = heard === undefined ? {} : { items: heard.items, mentions: heard.mentions.length };
    const told = { source: id, type: platform.type, trackers, config: path, variables: names, ...found };
    process.stdout.write(`${JSON.stringify(told, null, 2)}\n`);
    return;
  }
  const lines = [`${id} is in ${path}.`];
  if (names.length > 0) lines.push(`${names.join(", ")}: kept in ${envPath(path)}, which only you can read.`);
  if (ingestorOf(platform.type).source.mode === "push") lines.push(`Others push to it at /v1/ingest/${id}.`);
  lines.push("Start listening with: npm start (start it again if it runs).");
  process.stdout.write(`${lines.join("\n")}\n`);
}
