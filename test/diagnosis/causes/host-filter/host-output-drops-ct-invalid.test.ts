import { expect } from 'chai';
import { hostOutputDropsCtInvalid } from '../../../../src/diagnosis/causes/host-filter/host-output-drops-ct-invalid.js';
import { diagnose } from '../../../../src/diagnosis/diagnose.js';
import { arriving, change, describeCause, losing, lost, recorded, withFirewall } from '../../situation.js';

const CONNECTION = 'laptop>database/tcp/3306';
const invalid = recorded('l3-output-drops-invalid');
const untraced = change(invalid, () => ({ traces: {} }));

/** A busy machine loses traces: those of the connection from the LAN are not there. */
const partlyTraced = change(invalid, ({ traces }) => {
  const tag = invalid.probes.find(({ id }) => id === CONNECTION)?.tag ?? 0;
  return {
    traces: Object.fromEntries(
      Object.entries(traces).map(([node, all]) => [node, all.filter(({ tags }) => !tags.includes(tag))]),
    ),
  };
});

describe('replies of which no trace was kept', () => {
  it('are dropped by the rule that was read, like those of which there is one', () => {
    expect(partlyTraced.facts.traces?.['host']?.length).to.be.lessThan(invalid.facts.traces?.['host']?.length ?? 0);
    expect(diagnose(partlyTraced).found[0]?.ruling.explains).to.include(CONNECTION);
    expect(diagnose(partlyTraced).unexplained).to.deep.equal([]);
  });
});

describeCause(hostOutputDropsCtInvalid, {
  recognises: {
    'a rule that drops invalid packets': invalid,
    'the same where some of what the containers begin is lost on the way': losing(invalid, 'webapp>*', 'database>*'),
    'a policy drop after rules that accept new and established ones': withFirewall(untraced, 'host', {
      chains: [{ chain: 'OUTPUT', hook: 'output', policy: 'drop', backend: 'iptables-legacy', policyPackets: 40 }],
      rules: [
        {
          chain: 'OUTPUT',
          backend: 'iptables-legacy',
          text: '-A OUTPUT -m conntrack --ctstate NEW,RELATED,ESTABLISHED -j ACCEPT',
          verdict: 'accept',
        },
      ],
    }),
  },
  leavesAlone: {
    'a rule that drops what they begin': recorded('l3-output-drop-new-only'),
    'a rule that drops everything the containers send': recorded('l3-host-output-drop'),
    'containers that reach no other machine either, which is more than replies': lost(
      invalid,
      'timeout',
      'webapp>*',
      'database>*',
    ),
    'containers that all others reach': arriving(invalid, '*'),
  },
});
