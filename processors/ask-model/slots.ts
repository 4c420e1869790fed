/** Places for those who may work at the same time. */
export interface Slots {
  /** Resolves when there is a place, in the order they were asked for; whoever took one must leave it. */
  take(): Promise<void>;
  leave(): void;
}

/** Gives places; how many there are is asked whenever one may be given away. */
export function openSlots(count: () => number): Slots {
  const waiting: (() => void)[] = [];
  let taken = 0;

  function giveAway(): void {
    while (taken < count()) {
      const next = waiting.shift();
      if (next === undefined) return;
      taken++;
      next();
    }
  }

  return {
    take: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        giveAway();
      }),
    leave() {
      taken--;
      giveAway();
    },
  };
}
