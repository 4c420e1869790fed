/** One place in a queue: `turn` resolves when everyone before has left, `leave` lets the next one in. */
export interface Place {
  readonly turn: Promise<void>;
  leave(): void;
}

/** Gives places in a queue, in the order they are asked for. */
export function queueing(): () => Place {
  let last: Promise<void> = Promise.resolve();
  return () => {
    const turn = last;
    let leave = () => {};
    last = new Promise((resolve) => (leave = resolve));
    return { turn, leave: () => void turn.then(leave) };
  };
}
