/** One line of a bench: timings on shared machines drift, ratios within a run do not. */
export const report = (name: string, value: string) => console.log(`${name.padEnd(100)} ${value}`);

export const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;

/** What some work takes, in milliseconds, and what it comes to. */
export async function timed<Value>(work: () => Promise<Value>): Promise<readonly [number, Value]> {
  const began = performance.now();
  const value = await work();
  return [performance.now() - began, value];
}
