import type { EarshotError } from "../core/errors.ts";

/** What has arrived from a stream and waits to be put into a page. */
export interface Inbox<T> {
  /** How many wait. */
  readonly size: number;
  push(item: T): void;
  /** Nothing comes any more; without an error the other side ended it in an orderly way. The first call counts. */
  end(error?: EarshotError): void;
  /**
   * The oldest that wait, `most` of them: as soon as there are so many, soon after the first, when the stream is over,
   * or when nothing came for a while. Aborting ends the waiting.
   */
  take(most: number, patience: Patience, signal: AbortSignal): Promise<Taken<T>>;
}

/** How long a reader waits, ms. */
export interface Patience {
  /** For something to come. */
  readonly first: number;
  /** For more of it, once something is there. */
  readonly more: number;
}

export interface Taken<T> {
  readonly items: readonly T[];
  /** The stream is over and this is the last of it. */
  readonly isLast: boolean;
  /** Why it is over, when it was not orderly. */
  readonly error?: EarshotError;
}

/** An empty inbox, filled by one stream and emptied by one reader. */
export function openInbox<T>(): Inbox<T> {
  const items: T[] = [];
  let end: { readonly error?: EarshotError } | undefined;
  let wake = () => {};

  return {
    get size() {
      return items.length;
    },
    push(item) {
      items.push(item);
      wake();
    },
    end(error) {
      end ??= error === undefined ? {} : { error };
      wake();
    },
    async take(most, patience, signal) {
      signal.throwIfAborted();
      await new Promise<void>((resolve) => {
        let more: NodeJS.Timeout | undefined;
        const done = () => {
          clearTimeout(first);
          clearTimeout(more);
          signal.removeEventListener("abort", done);
          wake = () => {};
          resolve();
        };
        const first = setTimeout(done, patience.first);
        signal.addEventListener("abort", done, { once: true });
        wake = () => {
          if (items.length >= most || end !== undefined) done();
          else if (items.length > 0) more ??= setTimeout(done, patience.more);
        };
        wake();
      });
      signal.throwIfAborted();
      const taken = items.splice(0, most);
      return { items: taken, isLast: end !== undefined && items.length === 0, ...end };
    },
  };
}
