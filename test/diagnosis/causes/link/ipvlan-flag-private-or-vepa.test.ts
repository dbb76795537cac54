import { ipvlanFlagPrivateOrVepa } from '../../../../src/diagnosis/causes/link/ipvlan-flag-private-or-vepa.js';
import type { Link } from '../../../../src/evidence/facts.js';
import { arriving, describeCause, lost, recorded, withLink, type Situation } from '../../situation.js';

const SIBLINGS = ['webapp>database*', 'database>webapp*'];
const l2 = recorded('l2-healthy');

describeCause(ipvlanFlagPrivateOrVepa, {
  recognises: {
    'flag private in L2': apart(l2, { flag: 'private' }),
    'flag vepa in L2': apart(l2, { flag: 'vepa' }),
    'flag private in L3': apart(recorded('article-second-attempt'), { flag: 'private' }),
    'macvlan in mode private': apart(l2, { kind: 'macvlan', mode: 'private', flag: undefined }),
  },
  leavesAlone: {
    'vepa in L3, which goes through the gateway': arriving(
      apart(recorded('article-second-attempt'), { flag: 'vepa' }),
      ...SIBLINGS,
    ),
    'siblings that do not reach each other on links that let everything through': apart(l2, { flag: 'bridge' }),
    'siblings in flag private that only send outside': arriving(apart(l2, { flag: 'private' }), ...SIBLINGS),
    'a container that does not reach the gateway': lost(
      arriving(apart(l2, { flag: 'private' }), ...SIBLINGS),
      'timeout',
      'webapp>gateway*',
    ),
  },
});

function apart(situation: Situation, to: Partial<Link>): Situation {
  return ['webapp', 'database'].reduce(
    (changed, node) => withLink(changed, node, { name: 'eth0', ...to }),
    lost(situation, 'timeout', ...SIBLINGS),
  );
}
