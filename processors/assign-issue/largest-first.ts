/** A heap that gives what scores most. */
export interface LargestFirst<T> {
  push(item: T): void;
  pop(): T | undefined;
}

/** Gives an empty one. */
export function largestFirst<T extends { readonly score: number }>(): LargestFirst<T> {
  const heap: T[] = [];
  return {
    push(item) {
      let at = heap.length;
      heap.push(item);
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (heap[parent]!.score >= item.score) break;
        heap[at] = heap[parent]!;
        at = parent;
      }
      heap[at] = item;
    },
    pop() {
      const top = heap[0];
      const last = heap.pop();
      if (last === undefined || heap.length === 0) return top;
      let at = 0;
      for (;;) {
        let child = 2 * at + 1;
        if (child >= heap.length) break;
        if (child + 1 < heap.length && heap[child + 1]!.score > heap[child]!.score) child += 1;
        if (last.score >= heap[child]!.score) break;
        heap[at] = heap[child]!;
        at = child;
      }
      heap[at] = last;
      return top;
    },
  };
}
