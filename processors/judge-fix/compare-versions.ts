/**
 * Which of two versions is older: below 0 the first, above 0 the second, 0 neither; undefined where one is no version.
 * Numbers are compared part by part, so that `11.9` is older than `11.10`; what follows them (`-beta`, `(412)`) is not.
 */
export function compareVersions(one: string, other: string): number | undefined {
  const [a, b] = [partsOf(one), partsOf(other)];
  if (a === undefined || b === undefined) return undefined;
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const step = (a[at] ?? 0) - (b[at] ?? 0);
    if (step !== 0) return step;
  }
  return 0;
}

function partsOf(version: string): number[] | undefined {
  return /^\s*v?(\d{1,9}(?:\.\d{1,9}){0,7})/i.exec(version)?.[1]?.split(".").map(Number);
}
