import { ipvlanPortModeFlip } from '../../../../src/diagnosis/causes/link/ipvlan-port-mode-flip.js';
import { arriving, change, describeCause, lost, recorded, withLink, type Situation } from '../../situation.js';

const l2 = lost(recorded('l2-healthy'), 'timeout', 'webapp>g*', 'laptop>*', 'database>8*');
const l3 = lost(recorded('article-second-attempt'), 'timeout', 'webapp>google*', 'database>8*');
const flipped = inMode(l2, 'l3');

describeCause(ipvlanPortModeFlip, {
  recognises: {
    'an L2 network switched to L3': flipped,
    'an L3 network switched to L2': inMode(l3, 'l2'),
    'the link that switched it': change(flipped, ({ links }) => {
      const [own] = (links['webapp'] ?? []).filter(({ name }) => name === 'eth0');
      return { links: { ...links, host: [...(links['host'] ?? []), ...(own ? [{ ...own, name: 'shim0' }] : [])] } };
    }),
  },
  leavesAlone: {
    'containers that are still reachable, as long as their neighbours have ARP entries': arriving(flipped, '*'),
    'links in the mode their network asks for, beside failing checks': l2,
    'an L3 network without a return route': recorded('article-first-attempt'),
  },
});

function inMode(situation: Situation, mode: string): Situation {
  return ['webapp', 'database'].reduce((changed, node) => withLink(changed, node, { name: 'eth0', mode }), situation);
}
