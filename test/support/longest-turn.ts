/**
 * Runs it, and gives its result with the longest time the event loop did not turn meanwhile: in milliseconds of the
 * processor time of the whole process, so that a busy machine changes nothing.
 */
export async function longestTurn<T>(run: () => Promise<T>): Promise<{ result: T; longestMs: number }> {
  let longestMs = 0;
  let last = process.cpuUsage();
  const look = () => {
    const { user, system } = process.cpuUsage(last);
    longestMs = Math.max(longestMs, (user + system) / 1_000);
    last = process.cpuUsage();
  };
  const watch = setInterval(look, 5);
  try {
    const result = await run();
    look();
    return { result, longestMs };
  } finally {
    clearInterval(watch);
  }
}
