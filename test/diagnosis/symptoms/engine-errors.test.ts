import { expect } from 'chai';
import { diagnose } from '../../../src/diagnosis/diagnose.js';
import { meaningOf, type Meaning } from '../../../src/diagnosis/symptoms/engine-errors.js';
import { recorded, refusing } from '../situation.js';

/** Docker's and Podman's sentences, word for word, with the cause that answers each and what is read from it. */
const SAID: readonly (readonly [message: string, cause: Meaning['cause'], words?: Meaning['words']])[] = [
  [
    'network di-0123456789ab is already using parent interface enp0s3',
    'parent-already-used-by-ipvlan-network',
    { holder: 'di-0123456789ab', parent: 'enp0s3' },
  ],
  [
    'network dm-0123456789ab is already using parent interface enp0s3',
    'parent-already-used-by-ipvlan-network',
    { holder: 'dm-0123456789ab', parent: 'enp0s3' },
  ],
  [
    'cannot use mode passthru, macvlan network office is already using parent interface enp0s3',
    'parent-already-used-by-ipvlan-network',
    { holder: 'office', parent: 'enp0s3' },
  ],
  [
    'macvlan network office is already using parent interface enp0s3 in mode passthru',
    'parent-already-used-by-ipvlan-network',
    { holder: 'office', parent: 'enp0s3' },
  ],
  [
    "requested ipvlan mode 'l4' is not valid, 'l2' mode is the ipvlan driver default",
    'ipvlan-mode-not-valid',
    { driver: 'ipvlan', what: 'mode', value: 'l4' },
  ],
  [
    "requested ipvlan flag 'promisc' is not valid, 'bridge' is the ipvlan driver default",
    'ipvlan-mode-not-valid',
    { driver: 'ipvlan', what: 'flag', value: 'promisc' },
  ],
  ['loopback interface is not a valid ipvlan parent link', 'parent-not-ethernet', { driver: 'ipvlan' }],
  ['loopback interface is not a valid macvlan parent link', 'parent-not-ethernet', { driver: 'macvlan' }],
  ['invalid subinterface vlan name nosuch, example formatting is eth0.10', 'parent-not-found', { parent: 'nosuch' }],
  [
    'required interface name format is: name.vlan_id, ex. eth0.10 for vlan 10, instead received eth0.10.20',
    'parent-not-found',
    { parent: 'eth0.10.20' },
  ],
  ['unable to parse a valid vlan id from: eth0.x (ex. eth0.10 for vlan 10)', 'parent-not-found', { parent: 'eth0.x' }],
  ['-o parent interface was not found on the host: nosuch', 'parent-not-found', { parent: 'nosuch' }],
  ['vlan id must be between 1-4094, received: 5000', 'parent-not-found', { vlan: '5000' }],
  ['the requested parent interface enp0s9 was not found on the Docker host', 'parent-not-found', { parent: 'enp0s9' }],
  ['failed to create p0.7 vlan link: operation not supported', 'kernel-lacks-ipvlan', { link: 'p0.7', driver: 'vlan' }],
  [
    'failed to enable p0.7 the ipvlan parent link network is down',
    'parent-down-or-no-carrier',
    { parent: 'p0.7', driver: 'ipvlan' },
  ],
  ['ipv4 pool is empty', 'ipam-rejects-address'],
  ['ipv6 pool is empty', 'ipam-rejects-address'],
  [
    'kernel version failed to meet the minimum ipvlan kernel requirement of 4.2, found 4.1.0',
    'kernel-lacks-ipvlan',
    { driver: 'ipvlan' },
  ],
  ['failed to create the ipvlan port: operation not supported', 'kernel-lacks-ipvlan', { driver: 'ipvlan' }],
  ['failed to create the macvlan port: operation not supported', 'kernel-lacks-ipvlan', { driver: 'macvlan' }],
  ['operation not supported', 'kernel-lacks-ipvlan'],
  ['plugin "ipvlan" not found', 'kernel-lacks-ipvlan', { driver: 'ipvlan' }],
  [
    'netavark: create ipvlan interface: Netlink error: Operation not supported (os error 95)',
    'kernel-lacks-ipvlan',
    { driver: 'ipvlan' },
  ],
  ['failed to create the ipvlan port: device or resource busy', 'parent-rx-handler-busy', { driver: 'ipvlan' }],
  [
    'failed to create task for container: failed to set up container networking: failed to create the macvlan port: device or resource busy',
    'parent-rx-handler-busy',
    { driver: 'macvlan' },
  ],
  ['failed to create the ipvlan port: invalid argument', 'parent-not-ethernet', { driver: 'ipvlan' }],
  ['ipvlan interfaces do not support custom mac address assignment', 'custom-mac-on-ipvlan'],
  ['could not find a valid ipv4 subnet for endpoint 4711', 'ipam-rejects-address'],
  ['gateway 192.168.0.300 is not a valid ipv4 address: invalid', 'ipam-rejects-address', { address: '192.168.0.300' }],
  [
    'failed to create endpoint webapp on network office: network id "0123456789abcdef" not found',
    'network-not-restored-after-boot',
    { id: '0123456789abcdef' },
  ],
  [
    'could not create ipvlan network for id 0123456789ab from persistent state',
    'network-not-restored-after-boot',
    { driver: 'ipvlan', id: '0123456789ab' },
  ],
  ['Address already in use', 'ipam-rejects-address'],
  ['Pool overlaps with other one on this address space', 'ipam-rejects-address'],
  [
    'invalid config for network office: invalid endpoint settings:\nno configured subnet contains IP address 10.9.9.9',
    'ipam-rejects-address',
    { address: '10.9.9.9' },
  ],
  ['no configured subnet or ip-range contain the IP address fdda::9', 'ipam-rejects-address', { address: 'fdda::9' }],
  ['user-specified IP address is supported on user-defined networks only', 'ipam-rejects-address'],
  [
    'user specified IP address is supported only when connecting to networks with user configured subnets',
    'ipam-rejects-address',
  ],
  [
    "Invalid address 192.168.20.10: It does not belong to any of this network's subnets",
    'ipam-rejects-address',
    { address: '192.168.20.10' },
  ],
  ['failed to allocate gateway (): No available addresses on this pool', 'ipam-rejects-address', {}],
  ['no matching subnet for gateway 192.168.61.1', 'ipam-rejects-address', { address: '192.168.61.1' }],
  [
    "invalid network config:\ninvalid gateway 192.168.61.1: parent subnet 192.168.0.0/24 doesn't contain this address",
    'ipam-rejects-address',
    { address: '192.168.61.1' },
  ],
  [
    'failed to advertise addresses: write ip ::1->ff02::1: sendmsg: network is unreachable',
    'parent-down-or-no-carrier',
  ],
  ['This node is not a swarm manager. Use "docker swarm init" to join one.', 'config-only-or-swarm-misuse'],
  ['the moon is in the wrong house', undefined],
];

describe('a sentence of the engine', () => {
  for (const [message, cause, words = {}] of SAID)
    it(`"${message}" means ${cause ?? 'nothing known'}`, () => {
      const meaning = meaningOf(message);
      expect({ ...meaning, words: { ...meaning.words } }).to.deep.equal({ cause, words });
    });
});

describe('what has an end at a container that does not run', () => {
  const stopped = refusing(recorded('article-first-attempt'), {
    step: 'start-container',
    container: 'webapp',
    message: 'failed to create the ipvlan port: device or resource busy',
  });

  it('is shown to no cause but those that look at refusals', () => {
    const { found } = diagnose(stopped);
    const blamed = found.filter(({ cause }) => !cause.needs.includes('refusals'));
    expect(blamed.flatMap(({ ruling }) => ruling.explains).filter((id) => id.includes('webapp'))).to.deep.equal([]);
    expect(blamed.map(({ cause }) => cause.id)).to.deep.equal(['gateway-missing-return-route']);
  });
});
