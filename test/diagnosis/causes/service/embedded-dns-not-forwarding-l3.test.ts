import { embeddedDnsNotForwardingL3 } from '../../../../src/diagnosis/causes/service/embedded-dns-not-forwarding-l3.js';
import { alsoAsked, change, describeCause, lost, recorded, type Situation } from '../../situation.js';

const ID = 'webapp>google.com/dns';
const asked = (id: string): Situation =>
  lost(
    alsoAsked(recorded(id), 'webapp>google.com/icmp', { id: ID, over: { protocol: 'dns' }, tag: undefined }),
    'not-resolved',
    ID,
  );
const by = (version: string, id = 'article-second-attempt', product = 'Docker Engine'): Situation =>
  change(asked(id), ({ engine }) => ({ engine: { ...engine, version, product } }));

describeCause(embeddedDnsNotForwardingL3, {
  recognises: {
    'Docker 26.0.0 with L3, where addresses are reachable': by('26.0.0'),
    'the same as packaged by a distribution': by('26.0.0+dfsg1'),
  },
  leavesAlone: {
    'Docker 26.0.1, where it is fixed': by('26.0.1'),
    'Docker 26.1': by('26.1.5+dfsg1'),
    'Docker 26.0.0 with L2, which has a gateway': by('26.0.0', 'l2-healthy'),
    'Podman with that version number': by('26.0.0', 'article-second-attempt', 'Podman'),
    'a container that reaches nothing at all': lost(by('26.0.0'), 'timeout', 'webapp>*'),
  },
});
