// Keeps what was made for the last few names, and makes it anew for another.

export interface Remembered<T> {
  get(name: string, make: () => T): T;
}

/** The one asked for longest ago is let go first. */
export function remembered<T>(kept: number): Remembered<T> {
  const known = new Map<string, T>();
  return {
    get(name, make) {
      const value = known.has(name) ? (known.get(name) as T) : make();
      known.delete(name);
      known.set(name, value);
      const [oldest] = known.keys();
      if (known.size > kept && oldest !== undefined) known.delete(oldest);
      return value;
    },
  };
}
