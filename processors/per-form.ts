import { KNOWN_FORMS, type Token } from "./read-text.ts";

/**
 * Gives `look` with a memory: what is the same wherever a word stands is looked up once for each way to write it.
 * @param look must depend on nothing but how a token is written: not on where it stands, nor on its neighbours
 */
export function perForm<T>(look: (token: Token) => T): (token: Token) => T {
  // 0: not looked up yet
  const places = new Uint16Array(KNOWN_FORMS);
  const placeOf = new Map<T, number>();
  const answers: (T | undefined)[] = [undefined];
  return (token) => {
    const place = places[token.form] ?? 0;
    if (place > 0) return answers[place] as T;
    const answer = look(token);
    if (token.form > 0) {
      const kept = placeOf.get(answer) ?? answers.push(answer) - 1;
      placeOf.set(answer, kept);
      places[token.form] = kept;
    }
    return answer;
  };
}
