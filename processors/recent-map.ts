/** A map as far as it remembers. */
export interface RecentMap<T> {
  get(key: string): T | undefined;
  set(key: string, value: T): void;
}

/** Gives a map that remembers the last `most` to twice as many keys. */
export function recentMap<T>(most: number): RecentMap<T> {
  let current = new Map<string, T>();
  let former = new Map<string, T>();
  return {
    get: (key) => current.get(key) ?? former.get(key),
    set(key, value) {
      if (current.size >= most) {
        former = current;
        current = new Map();
      }
      current.set(key, value);
    },
  };
}
