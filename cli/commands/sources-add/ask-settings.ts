import { z } from "zod";
import { isLoopback } from "../../../core/config.ts";
import type { Ingestor } from "../../../core/contracts.ts";
import { EarshotError } from "../../../core/errors.ts";
import { choose, confirm, type Dialogue } from "./dialogue.ts";
import { feedPresets } from "./feed-presets.ts";
import type { Platform, Question } from "./platforms.ts";
import { isSecret, referenceIn } from "./secrets.ts";
import { valueOf, type Settings } from "./settings.ts";

/** Settings, and the answers they were made of by key, to be suggested when they are asked again. */
export interface Asked {
  readonly settings: Settings;
  readonly answers: Readonly<Record<string, string>>;
}

export interface AboutSource {
  readonly platform: Platform;
  readonly ingestor: Ingestor;
  /** What is followed. */
  readonly name: string;
  /** Whether a tracker of it has a query. */
  readonly hasQuery: boolean;
  /** `name=value` of a feed preset. */
  readonly preset: string | undefined;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/**
 * Asks for what a source needs beside what is known; `isAgain` asks for all of it, suggesting what was said.
 * @throws {EarshotError} request_invalid when nobody is there to answer, or to correct an answer
 */
export async function askSettings(
  dialogue: Dialogue,
  about: AboutSource,
  before: Asked,
  isAgain: boolean,
  signal: AbortSignal,
): Promise<Asked> {
  let asked = before;
  if (about.platform.type === "rss") asked = await askFeed(dialogue, about, asked, isAgain, signal);
  for (const question of about.platform.questions) {
    const isKnown = asked.settings[question.key] !== undefined;
    if ((isKnown && !isAgain) || question.isDue?.(asked.settings) === false) continue;
    asked = await askOne(dialogue, about, question, asked);
  }
  return asked;
}

async function askFeed(
  dialogue: Dialogue,
  about: AboutSource,
  before: Asked,
  isAgain: boolean,
  signal: AbortSignal,
): Promise<Asked> {
  if (before.settings["url"] !== undefined && !isAgain) return before;
  const [named, ...value] = about.preset?.split("=") ?? [];
  const isFirst = about.preset !== undefined && !isAgain;
  const option = "--set url=… or --preset";
  const chosen = isFirst
    ? named
    : await choose(dialogue, "Which feed?", feedPresets, {
        ...(before.answers["preset"] === undefined ? {} : { suggested: before.answers["preset"] }),
        option,
      });
  const preset = feedPresets.find(({ name }) => name === chosen);
  if (preset === undefined) {
    const names = feedPresets.map(({ name }) => name).join(", ");
    throw new EarshotError("request_invalid", `There is no preset ${chosen ?? ""}; there are: ${names}.`);
  }
  const suggested =
    before.answers["preset"] === preset.name ? before.answers["url"] : preset.suggest?.(about.name);
  const question: Question = {
    key: "url",
    ask: preset.ask,
    read: (answer) => preset.toSettings(answer, signal),
  };
  const given = isFirst ? value.join("=") : undefined;
  const asked = await askOne(dialogue, about, question, before, suggested, given);
  const settings = { ...asked.settings, ...(await toleratedHost(dialogue, asked.settings)) };
  const answers = { ...asked.answers, preset: preset.name };
  if (settings["matching"] !== undefined || !about.hasQuery) return { settings, answers };
  // a search may find what its own short text does not say
  if (preset.isSearch) return { settings: { ...settings, matching: "all" }, answers };
  const isMatching = await confirm(
    dialogue,
    `Keep only what the query of ${about.name} finds? “no” keeps everything in it.`,
    true,
  );
  return { settings: isMatching ? settings : { ...settings, matching: "all" }, answers };
}

const PRIVATE_HOST = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.)|\.(?:local|internal|lan)$/;

/** Leave to read a feed on one's own network, where it is on one. */
async function toleratedHost(dialogue: Dialogue, settings: Settings): Promise<Settings> {
  const { url } = settings;
  if (settings["allowPrivateHosts"] !== undefined || typeof url !== "string" || !URL.canParse(url)) return {};
  const { hostname } = new URL(url);
  if (!isLoopback(hostname) && !PRIVATE_HOST.test(hostname)) return {};
  const isAllowed = await confirm(dialogue, `${hostname} is on your own network. Read feeds there?`, false);
  return isAllowed ? { allowPrivateHosts: true } : {};
}

async function askOne(
  dialogue: Dialogue,
  { ingestor, name, variables }: AboutSource,
  question: Question,
  before: Asked,
  suggestion?: string,
  given?: string,
): Promise<Asked> {
  const { key, isOptional = false } = question;
  const isHidden = isSecret(key);
  let suggested =
    suggestion ?? before.answers[key] ?? asText(before.settings[key]) ?? question.suggest?.(name);
  if (isHidden) suggested = undefined;
  for (let answer = given; ; answer = undefined) {
    const text =
      answer ??
      (await dialogue.ask(question.ask + (isHidden ? HIDDEN : ""), {
        isSecret: isHidden,
        option: `--set ${key}=…`,
        ...(suggested === undefined ? (isOptional ? { suggested: "" } : {}) : { suggested }),
      }));
    if (text === "" && isOptional) {
      const others = Object.entries(before.settings).filter(([setting]) => setting !== key);
      return { settings: Object.fromEntries(others), answers: before.answers };
    }
    try {
      const reference = referenceIn(text);
      const found =
        reference === undefined && question.read !== undefined
          ? await question.read(text)
          : { [key]: valueOf(ingestor, key, text) };
      for (const [name, value] of Object.entries(found)) assertRight(ingestor, name, value, variables);
      const answers = isHidden ? before.answers : { ...before.answers, [key]: text };
      return { settings: { ...before.settings, ...found }, answers };
    } catch (error) {
      if (!(error instanceof EarshotError) || !dialogue.isInteractive) throw error;
      dialogue.say(error.message);
      if (!isHidden && text !== "") suggested = text;
    }
  }
}

const HIDDEN = " It is kept in .env, not in the config; or write ${NAME} for a variable you have set.";

function asText(value: unknown): string | undefined {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return String(value);
  return Array.isArray(value) && value.every((item) => typeof item === "string")
    ? value.join(", ")
    : undefined;
}

/** @throws {EarshotError} request_invalid, without the value, which may be secret */
function assertRight(
  ingestor: Ingestor,
  key: string,
  value: unknown,
  variables: Readonly<Record<string, string | undefined>>,
): void {
  const reference = typeof value === "string" ? referenceIn(value) : undefined;
  if (reference !== undefined && variables[reference] === undefined) {
    throw new EarshotError(
      "request_invalid",
      `${reference} is set neither in the environment nor in .env; set it first, or give the value itself.`,
    );
  }
  const schema: z.core.$ZodType | undefined = ingestor.config.shape[key] as z.core.$ZodType | undefined;
  const resolved = reference === undefined ? value : variables[reference];
  const issue = schema === undefined ? undefined : z.safeParse(schema, resolved).error?.issues[0];
  if (issue !== undefined) throw new EarshotError("request_invalid", `${key}: ${issue.message}.`);
}
