import type { Capture } from '../../evidence/facts.js';

/** What is worked out of a capture, once: a capture does not change, and every flow and every hypothesis asks the same of it. */
export function perCapture<Value extends object>(workOut: (capture: Capture) => Value): (capture: Capture) => Value {
  const memory = new WeakMap<Capture, Value>();
  return (capture) => {
    const known = memory.get(capture);
    if (known) return known;
    const value = workOut(capture);
    memory.set(capture, value);
    return value;
  };
}
