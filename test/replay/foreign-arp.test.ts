import { expect } from 'chai';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import type { Packet } from '../../src/evidence/facts.js';
import { familyOf } from '../../src/ip.js';
import { repacked } from '../diagnosis/readdress.js';
import { recorded, recordedIds, type Situation } from '../diagnosis/situation.js';

const MAC = '02:00:00:00:77:77';

/** Another machine on the LAN asks for an address by ARP. The reply is sent to it alone, so no other machine sees it. */
function asks(target: string): Packet {
  const content = { kind: 'arp', operation: 'request', sender: '198.51.100.7', senderMac: MAC, target } as const;
  return { atMs: 1, direction: 'in', sourceMac: MAC, targetMac: 'ff:ff:ff:ff:ff:ff', vlan: undefined, content };
}

/** As if a machine that has nothing to do with it had asked for every node on the LAN and for the internet. */
function withForeignArp(situation: Situation): Situation {
  const { nodes = [] } = situation.facts;
  const asked = nodes
    .filter(({ kind }) => kind === 'gateway' || kind === 'peer' || kind === 'internet')
    .flatMap(({ addresses }) => addresses.filter((address) => familyOf(address) === 4));
  const host = nodes.find(({ kind }) => kind === 'host')?.name ?? 'host';
  let first = true;
  return repacked(situation, host, (packet) => {
    const before = first ? asked.map(asks) : [];
    first = false;
    return [...before, packet];
  });
}

const conclusions = (situation: Situation) =>
  diagnose(situation).found.map(({ cause, ruling }) => [cause.id, ruling.confidence, ruling.explains]);

describe('ARP of others on the LAN', () => {
  for (const id of recordedIds())
    it(`changes nothing in ${id}`, () => {
      const situation = recorded(id);
      expect(conclusions(withForeignArp(situation))).to.deep.equal(conclusions(situation));
    });
});
