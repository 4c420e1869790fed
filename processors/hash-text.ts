const BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/**
 * FNV-1a over UTF-16 units, as a signed 32-bit number. `from` goes on from the hash of what came before. Its low bits say
 * little by themselves: who takes them mixes them first.
 * @see http://www.isthe.com/chongo/tech/comp/fnv/
 */
export function hashText(text: string, from: number = BASIS): number {
  let hash = from;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), PRIME);
  return hash;
}
