import type { Facts } from '../../../evidence/facts.js';
import { hasLink, withLinkType } from '../../../network/edit/links.js';
import { familyOf } from '../../../ip.js';
import { rejected, unseenPart, type Applied } from '../applied.js';
import { applyRoute } from './route.js';
import { sh } from '../../../shell.js';
import { on, type Command } from '../../command.js';
import { ipFor } from '../ip-command.js';

/** Sets the IPvlan link of a container to mode L2, with a default route via a router. The mode of every link on its parent follows. */
export interface ToLayer2Change {
  readonly kind: 'to-layer-2';
  readonly on: string;
  readonly device: string;
  readonly via: string;
  /** The mode it had. */
  readonly was: string;
}

export function renderToLayer2({ on: node, device, via, was }: ToLayer2Change): readonly Command[] {
  const route = sh`${ipFor(via)} route replace default`;
  return [
    on(
      node,
      sh`ip link set dev ${device} type ipvlan mode l2 && ${route} via ${via}`,
      sh`ip link set dev ${device} type ipvlan mode ${was} && ${route} dev ${device}`,
    ),
  ];
}

export function applyToLayer2(facts: Partial<Facts>, { on: node, device, via }: ToLayer2Change): Applied {
  const unseen = unseenPart(facts, node, 'links', 'routes');
  if (unseen) return unseen;
  if (!hasLink(facts, { node, device })) return rejected({ kind: 'no-such-link', node, device });
  const flat = withLinkType(facts, { node, device }, { driver: 'ipvlan', set: { mode: 'l2' } });
  const route = { destination: 'default', family: familyOf(via) ?? 4, via } as const;
  return applyRoute(flat, { kind: 'route', on: node, do: 'replace', route });
}
