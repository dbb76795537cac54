import fc from 'fast-check';

/** Values of every type, of which most are wrong wherever they stand. */
const STRANGE: readonly unknown[] = [
  ...[
    null,
    true,
    false,
    0,
    -1,
    1.5,
    1e300,
    '',
    ' ',
    'x',
    '0',
    '\u0000',
    '::/0',
    '0.0.0.0/0',
    '10.0.0.0/24',
    '255.255.255.255',
  ],
  ...[[], [[]], [null], ['x'], {}, { x: null }, { name: 5 }, [{}], '${', '${X:?}', '$', 'x'.repeat(300), '__proto__'],
];

const REMOVED = Symbol('removed');

/** Where in a value something is changed, as a number from 0 to 1 that picks one of its nodes, and what comes there. */
export const mutation = fc.record({
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  put: fc.oneof(fc.constantFrom(...STRANGE), fc.constant(REMOVED)),
});

interface Node {
  readonly holder: Record<string | number, unknown>;
  readonly key: string | number;
}

/** A copy of some data with one of its nodes replaced or removed. */
export function mutated<Value>(value: Value, { at, put }: { readonly at: number; readonly put: unknown }): Value {
  const copy = structuredClone(value);
  const nodes = [...nodesIn(copy)];
  const node = nodes[Math.floor(at * nodes.length)];
  if (!node) return copy;
  if (put === REMOVED) delete node.holder[node.key];
  else node.holder[node.key] = put;
  return copy;
}

function* nodesIn(value: unknown): Generator<Node> {
  if (typeof value !== 'object' || value === null) return;
  const holder = value as Record<string | number, unknown>;
  for (const key of Object.keys(holder)) {
    yield { holder, key };
    yield* nodesIn(holder[key]);
  }
}
