import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { EarshotError } from "../../../core/errors.ts";

export interface QuestionOptions {
  /** What an empty answer means; on a terminal it stands there to be edited, unless it is one of a few to choose from. */
  readonly suggested?: string;
  readonly isChoice?: boolean;
  /** The answer is not shown while it is typed. */
  readonly isSecret?: boolean;
  /** The option that answers it without being asked. */
  readonly option?: string;
}

/** Asks a person, on stderr, so that stdout is left for results. */
export interface Dialogue {
  /** Whether somebody answers; else every question is answered by what it suggests. */
  readonly isInteractive: boolean;
  say(text: string): void;
  /**
   * The answer without spaces around it.
   * @throws {EarshotError} request_invalid when there is nobody to answer; an AbortError at Ctrl-C
   */
  ask(question: string, options?: QuestionOptions): Promise<string>;
  close(): void;
}

/** One of the things to choose from. */
export interface Choice {
  readonly name: string;
  readonly title: string;
}

/** A dialogue with whoever sits at the terminal, or with the lines that are piped in. `stop` is called at Ctrl-C. */
export function openDialogue(signal: AbortSignal, stop: () => void): Dialogue {
  const isTerminal = process.stdin.isTTY && process.stderr.isTTY;
  let isMuted = false;
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!isMuted) process.stderr.write(chunk);
      done();
    },
  });
  const lines: string[] = [];
  let isOver = false;
  let wake = () => {};
  const prompt = createInterface({ input: process.stdin, output, terminal: isTerminal, historySize: 0 });
  prompt.on("line", (line) => {
    lines.push(line);
    wake();
  });
  prompt.on("close", () => {
    isOver = true;
    wake();
  });
  prompt.on("SIGINT", stop);
  signal.addEventListener("abort", () => wake());

  async function nextLine(): Promise<string> {
    for (;;) {
      signal.throwIfAborted();
      const line = lines.shift();
      if (line !== undefined) return line;
      if (isOver) {
        throw new EarshotError(
          "request_invalid",
          "The answers ended before all was asked, and nothing was written. In scripts say everything with options and --yes.",
        );
      }
      await new Promise<void>((resolve) => (wake = resolve));
    }
  }

  return {
    isInteractive: true,
    say: (text) => void process.stderr.write(`${text}\n`),
    async ask(question, { suggested = "", isChoice = false, isSecret = false } = {}) {
      const isEdited = isTerminal && !isChoice;
      const isShown = suggested !== "" && !isEdited;
      prompt.setPrompt(`${question}\n${isShown ? `[${suggested}] ` : ""}> `);
      prompt.prompt();
      if (isEdited && suggested !== "") prompt.write(suggested);
      isMuted = isSecret && isTerminal;
      try {
        const answer = (await nextLine()).trim();
        return answer === "" && !isEdited ? suggested : answer;
      } finally {
        if (isMuted || !isTerminal) process.stderr.write("\n");
        isMuted = false;
      }
    },
    close: () => prompt.close(),
  };
}

/** Takes what is suggested, and complains of what nobody has said. */
export function answersOf(say: Dialogue["say"]): Dialogue {
  return {
    isInteractive: false,
    say,
    async ask(question, { suggested, option } = {}) {
      if (suggested !== undefined) return suggested;
      const advice = option === undefined ? "run it without --yes to be asked" : `say it with ${option}`;
      throw new EarshotError("request_invalid", `${question} Nobody was asked; ${advice}.`);
    },
    close() {},
  };
}

/** The name of what is chosen, by its number or name. */
export async function choose(
  dialogue: Dialogue,
  question: string,
  choices: readonly Choice[],
  options: QuestionOptions = {},
): Promise<string> {
  const list = choices.map(({ title }, at) => `  ${at + 1}  ${title}`).join("\n");
  for (;;) {
    const answer = await dialogue.ask(`${question}\n${list}`, { ...options, isChoice: true });
    const found = choices[Number(answer) - 1] ?? choices.find(({ name }) => name === answer.toLowerCase());
    if (found !== undefined) return found.name;
    const names = choices.map(({ name }) => name).join(", ");
    const fault = `${answer || "Nothing"} is none of them; write a number from 1 to ${choices.length}, or ${names}.`;
    if (!dialogue.isInteractive) throw new EarshotError("request_invalid", fault);
    dialogue.say(fault);
  }
}

/** Whether the answer is yes. */
export async function confirm(dialogue: Dialogue, question: string, isSuggested: boolean): Promise<boolean> {
  for (;;) {
    const answer = await dialogue.ask(question, { suggested: isSuggested ? "yes" : "no", isChoice: true });
    if (/^(?:y|yes|n|no)$/i.test(answer)) return /^y/i.test(answer);
    dialogue.say("Write yes or no.");
  }
}
