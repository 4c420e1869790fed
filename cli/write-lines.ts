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
    const isReady = target.write(some.map((line) => `${JSON.stringify(line)}\n`).join(""));
    if (!isReady) await once(target, "drain", { signal });
  }
}
