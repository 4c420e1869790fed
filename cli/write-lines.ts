import { once } from "node:events";

/** Lines written together. */
const WRITTEN_TOGETHER = 500;

/** Writes one JSON line for each; resolves when whoever reads them is ready for more. */
export async function writeLines(
  target: NodeJS.WritableStream,
  lines: readonly unknown[],
  signal: AbortSignal,
): Promise<void> {
  for (let from = 0; from < lines.length; from += WRITTEN_TOGETHER) {
    const some = lines.slice(from, from + WRITTEN_TOGETHER);
    await writeText(target, some.map((line) => `${JSON.stringify(line)}\n`).join(""), signal);
  }
}

/** Writes text; resolves when whoever reads it is ready for more. */
export async function writeText(
  target: NodeJS.WritableStream,
  text: string,
  signal: AbortSignal,
): Promise<void> {
  if (!target.write(text)) await once(target, "drain", { signal });
}
