import { describeAccepted, describeRefusals } from './describe-refusals.js';

const MACVLAN =
  '{ name: net, driver: macvlan, parent: enp0s3, subnets: [{ subnet: 192.168.0.0/24, gateway: 192.168.0.1 }] }';
const TAGGED =
  '{ name: tagged, driver: macvlan, parent: enp0s3.30, subnets: [{ subnet: 10.30.0.0/24, gateway: 10.30.0.1 }] }';
const BRIDGE = '{ name: net, driver: bridge, subnets: [10.5.0.0/24] }';
const SITE = '{ lan: 192.168.0.0/24, host: { address: 192.168.0.2 }, vlans: [{ id: 30, subnet: 10.30.0.0/24 }] }';

const mqtt = (number: number, mac: string, network = 'net') =>
  `{ name: mqtt${number}, network: ${network}, mac: '${mac}', address: ${network === 'net' ? '192.168.0' : '10.30.0'}.10${number} }`;

describe('a MAC address', () => {
  describeRefusals({
    'that two macvlan containers on one parent have': [
      {
        site: SITE,
        networks: `[${MACVLAN}]`,
        containers: `[${mqtt(1, '02:00:00:00:00:2a')}, ${mqtt(2, '02:00:00:00:00:2A')}]`,
      },
      '02:00:00:00:00:2A is the MAC address of mqtt1 already, on the parent enp0s3. Give mqtt2 another one',
    ],
    'that two containers on one bridge have': [
      {
        networks: `[${BRIDGE}]`,
        containers:
          "[{ name: a, network: net, mac: '02:00:00:00:00:2a' }, { name: b, network: net, mac: '02:00:00:00:00:2a' }]",
      },
      'is the MAC address of a already, on the network net',
    ],
  });

  describeAccepted({
    'that containers in different VLANs have': {
      site: SITE,
      networks: `[${MACVLAN}, ${TAGGED}]`,
      containers: `[${mqtt(1, '02:00:00:00:00:2a')}, ${mqtt(2, '02:00:00:00:00:2a', 'tagged')}]`,
    },
    'beside another of the same vendor': {
      site: SITE,
      networks: `[${MACVLAN}]`,
      containers: `[${mqtt(1, '02:00:00:00:00:2a')}, ${mqtt(2, '02:00:00:00:00:2b')}]`,
    },
  });
});
