import { SingleBar } from "cli-progress";
import type { GlobalOptions } from "./config-file.ts";

export interface ProgressBar<Figures> {
  /** @param done share of the work, 0..1 */
  update(done: number, figures: Figures): void;
  stop(): void;
}

/**
 * A bar on standard error, where a person looks at it; elsewhere, and for scripts, nothing.
 * @param format what it shows, in cli-progress's notation, with the figures by their names
 */
export function progressBar<Figures extends Record<string, number>>(
  format: string,
  figures: Figures,
  { json }: Pick<GlobalOptions, "json">,
): ProgressBar<Figures> {
  if (json === true || !process.stderr.isTTY) return { update: () => {}, stop: () => {} };
  const bar = new SingleBar({ format, stream: process.stderr, hideCursor: true });
  bar.start(1000, 0, figures);
  return {
    update: (done, now) => bar.update(Math.round(done * 1000), now),
    stop: () => bar.stop(),
  };
}
