import { LABELS, type Owned } from './engine.js';

type Labels = Readonly<Record<string, string>>;

/** A container as Docker lists it. */
interface ListedContainer {
  readonly Id: string;
  readonly Names: readonly string[];
  readonly Labels?: Labels | undefined;
}

/** A network as Docker lists it. */
interface ListedNetwork {
  readonly Id: string;
  readonly Name: string;
  readonly Labels?: Labels | undefined;
}

/** Objects that carry our labels. */
export function ownedObjects(
  containers: readonly ListedContainer[],
  networks: readonly ListedNetwork[],
): readonly Owned[] {
  return [
    ...containers.map(({ Id, Names, Labels }): Owned => {
      return { kind: 'container', id: Id, name: (Names[0] ?? Id).replace(/^\//, ''), ...madeBy(Labels) };
    }),
    ...networks.map(({ Id, Name, Labels }): Owned => ({ kind: 'network', id: Id, name: Name, ...madeBy(Labels) })),
  ];
}

function madeBy(labels: Labels = {}): Pick<Owned, 'run' | 'process'> {
  return { run: labels[LABELS.run] ?? '', process: labels[LABELS.process] };
}
