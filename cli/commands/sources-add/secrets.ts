import { parseEnv } from "node:util";
import { EarshotError } from "../../../core/errors.ts";
import type { Settings } from "./settings.ts";

/** Settings without what must not be seen, and the variables that hold it. */
export interface Hidden {
  readonly settings: Settings;
  /** To be set, name → value; those that are set already are not in it. */
  readonly variables: ReadonlyMap<string, string>;
}

const SECRET = /(?:token|secret|password|apikey|privatekey|serviceaccount)$/i;
const SECRET_PARAMETER = /^(?:feed|token|access_token|key|api_?key|auth|password|pw|secret|sig(?:nature)?)$/i;
const REFERENCE = /^\$\{([A-Za-z_]\w*)\}$/;

/** Whether a setting of that name is nobody else's business. */
export function isSecret(key: string): boolean {
  return SECRET.test(key);
}

/** The variable a text refers to, if it is a reference and nothing else. */
export function referenceIn(text: string): string | undefined {
  return REFERENCE.exec(text)?.[1];
}

/** Puts references in the place of secrets, addresses with a key in them included. */
export function hideSecrets(
  id: string,
  settings: Settings,
  known: Readonly<Record<string, string | undefined>>,
): Hidden {
  const variables = new Map<string, string>();
  const hide = (key: string, value: unknown): unknown => {
    if (Array.isArray(value)) return value.map((item) => hide(key, item));
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, hide(name, inner)]));
    }
    if (typeof value !== "string" || value.includes("${")) return value;
    if (!isSecret(key) && !hasKey(value)) return value;
    const name = nameFor(`${id}_${key}`, value, { ...known, ...Object.fromEntries(variables) });
    if (known[name] === undefined) variables.set(name, value);
    return `\${${name}}`;
  };
  const hidden = Object.entries(settings).map(([key, value]) => [key, hide(key, value)]);
  return { settings: Object.fromEntries(hidden) as Settings, variables };
}

/** Whether a text is an address that lets in whoever has it. */
function hasKey(text: string): boolean {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return false;
  const { username, password, searchParams } = new URL(text);
  return (
    username !== "" || password !== "" || [...searchParams.keys()].some((key) => SECRET_PARAMETER.test(key))
  );
}

/** A name that is free, or has this value already. */
function nameFor(text: string, value: string, known: Readonly<Record<string, string | undefined>>): string {
  const words = text
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, "_");
  const base = /^[A-Z]/.test(words) ? words : `EARSHOT_${words}`;
  for (let count = 1; ; count++) {
    const name = count === 1 ? base : `${base}_${count}`;
    if (known[name] === undefined || known[name] === value) return name;
  }
}

/**
 * The text of an `.env` file with variables added at its end.
 * @throws {EarshotError} request_invalid when it cannot hold one of them
 */
export function withVariables(text: string, variables: ReadonlyMap<string, string>): string {
  const before = text === "" || text.endsWith("\n") ? text : `${text}\n`;
  const lines = [...variables].map(([name, value]) => {
    const quoted = ["", "'", '"', "`"].map((quote) => `${name}=${quote}${value}${quote}`);
    const line = quoted.find((candidate) => parseEnv(`${candidate}\n`)[name] === value);
    if (line !== undefined) return `${line}\n`;
    throw new EarshotError(
      "request_invalid",
      `${name} holds characters .env cannot; set it in the environment yourself, and refer to it as \${${name}}.`,
    );
  });
  return before + lines.join("");
}
