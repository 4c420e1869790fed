/** `1 person`, `12 people`. */
export function people(count: number): string {
  return count === 1 ? "1 person" : `${count} people`;
}

/** `1 change`, `12 changes`. */
export function many(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`;
}

/** `40 %`. */
export function share(some: number, all: number): string {
  return `${Math.round((100 * some) / all)} %`;
}

/** `a, b and c`. */
export function list(parts: readonly string[]): string {
  const last = parts.at(-1) ?? "";
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(", ")} and ${last}`;
}

/** A decision as people say it. */
export function decisionWords(decision: string): string {
  return { changing: "changing", not_now: "not now", will_not: "will not" }[decision] ?? decision;
}
