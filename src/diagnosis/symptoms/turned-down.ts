import { sh } from '../../shell.js';
import { cannotTell, on, type Inconclusive, type View } from '../cause.js';
import type { Flow } from '../flow.js';
import { failing, idsOf } from '../flow-questions.js';
import { hostName } from '../reading.js';

/** ENOBUFS: what IPvlan answers when the host's namespace turned a packet down. A container's own filter says EPERM. */
export function toldNoBuffer({ probe: { outcome } }: Flow): boolean {
  return outcome.kind === 'attempts' && outcome.said.some((line) => /no buffer space/i.test(line));
}

/** Router solicitations make the counter move by one or two all by themselves. */
const NOISE = 2;

/** A packet the host's namespace turns down counts as dropped on the container's own link: loss further out never does. */
export function dropped({ counters }: View<'counters'>, { container }: Flow): boolean {
  return Object.values(counters[container?.name ?? '']?.txDropped ?? {}).some((count) => count > NOISE);
}

/** Nobody could look at the host, and still the container knows that it was the host that turned its packets down. */
export function suspected(view: View<'counters' | 'nodes'>, flows: readonly Flow[]): Inconclusive | undefined {
  const lost = failing(flows).filter(
    (flow) => flow.outbound && (toldNoBuffer(flow) || (flow.peer !== 'host' && dropped(view, flow))),
  );
  const [first] = lost;
  if (!first) return undefined;
  const [host, parent] = [hostName(view.nodes), first.network?.parent ?? 'the parent'];
  return cannotTell({
    missing: `what on ${host} turned these packets down: its packet filter in OUTPUT, or ${parent} being down`,
    explains: idsOf(lost),
    oneOf: ['host-output-firewall-drop', 'host-output-egress-killswitch', 'parent-down-or-no-carrier'],
    test: on(host, sh`ip link show dev ${parent}; nft list ruleset   # a drop in a chain that hooks output`),
  });
}
