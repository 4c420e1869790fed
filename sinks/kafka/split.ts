/** What a list of messages is cut by: no part is larger than either, unless a single message is. */
export interface SplitLimits {
  readonly messages: number;
  readonly bytes: number;
}

/** Cuts messages into parts, in their order. */
export function* split<M extends { readonly value: Buffer | null }>(
  messages: readonly M[],
  limits: SplitLimits,
): Generator<readonly M[]> {
  let part: M[] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = message.value?.length ?? 0;
    if (part.length > 0 && (part.length >= limits.messages || bytes + size > limits.bytes)) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(message);
    bytes += size;
  }
  if (part.length > 0) yield part;
}
