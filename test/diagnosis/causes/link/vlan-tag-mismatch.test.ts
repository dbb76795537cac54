import { vlanTagMismatch } from '../../../../src/diagnosis/causes/link/vlan-tag-mismatch.js';
import type { Packet } from '../../../../src/evidence/facts.js';
import { recreated, repacked, withNewLink } from '../../readdress.js';
import { arriving, asleep, describeCause, lost, recorded, unseen, withLink } from '../../situation.js';

const cut = lost(recorded('l2-healthy'), 'host-unreachable', 'webapp>*', '*>webapp/icmp');
/** As if gateway and laptop lived on VLAN 30. */
const onVlan = (situation: typeof cut) =>
  withLink(withLink(situation, 'gateway', { name: 'lan0', kind: 'vlan', vlan: 30 }), 'laptop', {
    name: 'eth0',
    kind: 'vlan',
    vlan: 30,
  });
const vlan = (situation: typeof cut) =>
  withNewLink(onVlan(recreated(situation, { parent: 'office' })), 'host', {
    name: 'office',
    kind: 'vlan',
    vlan: 30,
    lower: 'enp0s3',
  });
const tagged = (packet: Packet): Packet => ({ ...packet, vlan: 30 });
const outgoing = (packet: Packet) => (packet.direction === 'out' ? [tagged(packet)] : [packet]);
const unanswered = repacked(vlan(cut), 'host', outgoing);

describeCause(vlanTagMismatch, {
  recognises: {
    'tagged frames that leave, and only untagged ones that come in': unanswered,
    'the same where only the host can be looked at': unseen(unseen(unanswered, 'gateway'), 'laptop'),
    'a subnet on a VLAN, with an untagged parent': onVlan(cut),
    'a subnet on another VLAN than the parent': withLink(unanswered, 'host', { name: 'office', vlan: 31 }),
  },
  leavesAlone: {
    'a VLAN on which no request was sent': recorded('moby-dns'),
    'a VLAN on which frames come in too': repacked(vlan(cut), 'host', tagged),
    'a capture that saw nothing': asleep(unanswered, 'host'),
    'an untagged parent of an untagged LAN': cut,
    'flows that arrive': arriving(unanswered, '*'),
  },
});
