import type { ParentPlan } from '../parent.js';
import type { Problems } from '../problems.js';
import type { SiteFile } from '../schema/schema-site.js';

type ParentFile = NonNullable<NonNullable<SiteFile['host']>['parent']>;

/** What the host's interface is made of; `undefined` for a plain link. */
export function settleParent(file: ParentFile | undefined, device: string, problems: Problems): ParentPlan | undefined {
  if (file === undefined) return undefined;
  const parent: ParentPlan =
    'bond' in file
      ? { kind: 'bond', mode: file.bond.mode ?? 'active-backup', legs: legs(file.bond.legs ?? 2) }
      : { kind: 'bridge', stp: file.bridge.stp ?? false, snooping: file.bridge.snooping ?? true, legs: legs(1) };
  if (parent.legs.includes(device))
    problems.add(
      ['site', 'host', 'interface'],
      `${device} is a leg of the ${parent.kind}. Give the ${parent.kind} another name, such as ${parent.kind === 'bond' ? 'bond1' : 'br1'}.`,
    );
  return parent;
}

/** The lab's own link is eth0. */
function legs(count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => `eth${at + 1}`);
}
