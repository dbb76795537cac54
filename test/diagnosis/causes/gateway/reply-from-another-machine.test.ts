import { expect } from 'chai';
import { replyFromAnotherMachine } from '../../../../src/diagnosis/causes/gateway/reply-from-another-machine.js';
import { diagnose } from '../../../../src/diagnosis/diagnose.js';
import type { Packet } from '../../../../src/evidence/facts.js';
import { pathsOf } from '../../../../src/path/trace.js';
import { pathVerdictText } from '../../../../src/report/words/path.js';
import {
  alsoAsked,
  arriving,
  change,
  describeCause,
  lost,
  recorded,
  unseen,
  withFirewall,
  type Situation,
} from '../../situation.js';

/** `branch` is in a VLAN, and `webapp` and `laptop` reach it through the gateway. */
const routed = withFirewall(arriving(recorded('l2-vlans-kept-apart'), '*/icmp'), 'gateway', { chains: [] });
const TAG = 43_100;
const [WEBAPP, BRANCH] = ['192.168.0.100', '192.168.30.10'];
const macOf = (node: string, device: string) =>
  routed.facts.links?.[node]?.find(({ name }) => name === device)?.mac ?? '';

interface Seen {
  readonly node: string;
  readonly device: string;
  readonly part: 'request' | 'reply';
  readonly direction: 'in' | 'out';
}

const packet = ({ part, direction }: Seen): Packet => {
  const ends = { source: WEBAPP, destination: BRANCH, sourcePort: TAG, destinationPort: 53 };
  const back = { source: BRANCH, destination: WEBAPP, sourcePort: 53, destinationPort: TAG };
  const [sourceMac, targetMac] = [macOf('webapp', 'eth0'), macOf('gateway', 'lan0')];
  return {
    ...{ atMs: 0, direction, vlan: undefined },
    ...(part === 'request' ? { sourceMac, targetMac } : { sourceMac: targetMac, targetMac: sourceMac }),
    content: { kind: 'udp', flags: '', ttl: 64, ...(part === 'request' ? ends : back) },
  };
};

function withSeen(situation: Situation, ...all: readonly Seen[]): Situation {
  return change(situation, ({ captures }) => ({
    captures: captures.map((capture) => ({
      ...capture,
      packets: [
        ...capture.packets,
        ...all.filter((one) => one.node === capture.node && one.device === capture.device).map(packet),
      ],
    })),
  }));
}

const asked = alsoAsked(routed, 'webapp>branch/icmp', {
  ...{ id: 'webapp>branch/dns', over: { protocol: 'dns' }, tag: TAG },
  to: { label: 'branch', node: 'branch', name: undefined, address: BRANCH },
});
const replied = withSeen(
  lost(asked, 'other-machine', 'webapp>branch/dns'),
  { node: 'webapp', device: 'eth0', part: 'request', direction: 'out' },
  { node: 'host', device: 'enp0s3', part: 'request', direction: 'out' },
  { node: 'gateway', device: 'lan0', part: 'request', direction: 'in' },
  { node: 'gateway', device: 'lan0', part: 'reply', direction: 'out' },
  { node: 'host', device: 'enp0s3', part: 'reply', direction: 'in' },
  { node: 'webapp', device: 'eth0', part: 'reply', direction: 'in' },
);
const pre = { chain: 'pre', hook: 'prerouting', type: 'nat', priority: -100 };
const redirect = {
  ...{ chain: 'pre', text: 'iifname "lan0" udp dport 53 counter redirect to :53', verdict: 'redirect', packets: 1 },
};
const redirecting = (rule: Partial<typeof redirect> = {}, situation = replied) =>
  withFirewall(situation, 'gateway', { chains: [pre], rules: [{ ...redirect, ...rule }] });
const fromHost = unseen(replied, 'gateway');
const conflict = change(redirecting(), ({ links }) => ({
  links: {
    ...links,
    laptop: (links['laptop'] ?? []).map((link) => ({ ...link, addresses: [...link.addresses, `${BRANCH}/24`] })),
  },
}));

describeCause(replyFromAnotherMachine, {
  recognises: {
    'a rule of the gateway that redirects to itself': redirecting(),
    'a rule of the gateway that redirects to another machine': redirecting({
      ...{ text: 'udp dport 53 counter dnat to 192.168.0.50:53', verdict: 'dnat' },
    }),
    'a reply without a request, where the gateway was not looked at': fromHost,
  },
  leavesAlone: {
    'the same rule, and a target that got the request': redirecting({}, arriving(asked, 'webapp>branch/dns')),
    'a request that got no reply at all': redirecting({}, lost(asked, 'timeout', 'webapp>branch/dns')),
    'a reply of a machine that holds the address of the target too': conflict,
    'a DNS server of the internet, which nothing captured': redirecting(
      {},
      arriving(
        alsoAsked(routed, 'webapp>internet/icmp', {
          ...{ id: 'webapp>internet/dns', over: { protocol: 'dns' }, tag: TAG },
        }),
        'webapp>internet/dns',
      ),
    ),
  },
});

describe('a reply of another machine', () => {
  const told = (situation: Situation) => {
    const { found, inconclusive, unexplained } = diagnose(situation);
    return { causes: found.map(({ cause }) => cause.id), open: inconclusive.length, unexplained };
  };

  it('is explained by nothing else, in view of the gateway or not', () => {
    for (const situation of [redirecting(), fromHost])
      expect(told(situation)).to.deep.equal({ causes: ['reply-from-another-machine'], open: 0, unexplained: [] });
  });

  it('is certainly due to a rule that counted it, and only likely where no rule was seen, or it counted nothing', () => {
    const confidence = (situation: Situation) =>
      diagnose(situation, [replyFromAnotherMachine]).found.map(({ ruling }) => ruling.confidence);
    expect(confidence(redirecting())).to.deep.equal(['certain']);
    expect(confidence(fromHost)).to.deep.equal(['likely']);
    expect(confidence(redirecting({ packets: 0 }))).to.deep.equal(['likely']);
  });

  it('has a fix that exempts its target alone, for every client', () => {
    const [found] = diagnose(redirecting(), [replyFromAnotherMachine]).found;
    expect(found?.remedies[0]?.commands.map(({ run }) => run).join('\n')).to.contain(
      'insert rule ip filter pre ip daddr 192.168.30.10 udp dport 53 counter accept',
    );
  });

  const sentence = (situation: Situation, id = 'webapp>branch/dns') => {
    const path = pathsOf(situation).find((one) => one.id === id);
    return path && pathVerdictText(path);
  };

  it('never shows as a packet that arrives', () => {
    expect(sentence(redirecting())).to.equal(
      'A reply arrives from another machine, and branch receives no request: "iifname "lan0" udp dport 53 counter redirect to :53" (handle 1) in nftables, table ip filter, chain pre on gateway redirects what is sent to 192.168.30.10.',
    );
    expect(sentence(fromHost)).to.equal(
      'A reply arrives from another machine, and branch receives no request. The request was last seen at enp0s3 on host. Which machine replies is outside our view.',
    );
  });

  it('is predicted where a rule redirects what arrives', () => {
    const toInternet = arriving(
      alsoAsked(redirecting(), 'webapp>internet/icmp', {
        ...{ id: 'webapp>internet/dns', over: { protocol: 'dns' }, tag: TAG + 1 },
      }),
      'webapp>internet/dns',
    );
    expect(sentence(toInternet, 'webapp>internet/dns')).to.match(
      /^A reply arrives\. Predicted: another machine sends it, because .* redirects what is sent to 8\.8\.8\.8\.$/,
    );
    expect(told(toInternet).causes).to.deep.equal(['reply-from-another-machine']);
  });
});
