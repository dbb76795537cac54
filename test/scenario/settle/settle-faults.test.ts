import { expect } from 'chai';
import { describeAccepted, describeRefusals } from '../describe-refusals.js';
import { plan } from '../write.js';

describe('settling faults', () => {
  it("writes out a catalogue fault's parameters", () => {
    const { faults } = plan({ faults: '[gateway-missing-return-route, { fault: parent-down-or-no-carrier }]' });
    expect(faults).to.deep.equal([
      { kind: 'catalogue', fault: 'gateway-missing-return-route', parameters: {} },
      { kind: 'catalogue', fault: 'parent-down-or-no-carrier', parameters: { how: 'down' } },
    ]);
  });

  it('keeps commands as they are', () => {
    const { faults } = plan({ faults: '[{ on: switch, run: "ip link set br0 down", undo: "ip link set br0 up" }]' });
    expect(faults).to.deep.equal([
      { kind: 'command', on: 'switch', run: 'ip link set br0 down', undo: 'ip link set br0 up' },
    ]);
  });

  for (const [situation, faults, expected] of [
    ['without faults', '[]', false],
    ['a catalogue fault beside the host', '[gateway-missing-return-route]', false],
    ['a catalogue fault that says so', '[host-ip-forward-off]', true],
    ['a command on the host', '[{ on: host, run: "true", undo: "true" }]', true],
    ['a command elsewhere that can be undone', '[{ on: gateway, run: "true", undo: "true" }]', false],
    ['a command that cannot be undone', '[{ on: webapp, run: "true" }]', true],
  ] as const) {
    it(`${expected ? 'needs' : 'does not need'} a disposable host: ${situation}`, () => {
      expect(plan({ faults }).needsDisposableHost).to.equal(expected);
    });
  }

  describeRefusals({
    'an unknown fault, naming the one meant': [
      { faults: '[gateway-missing-route]' },
      'There is no fault gateway-missing-route in the catalogue. Did you mean "gateway-missing-return-route"?',
    ],
    'a fault like none': [{ faults: '[xyzzy]' }, '`ipvlan-doctor list faults` shows all'],
    'an unknown parameter, naming the one meant': [
      { faults: '[{ fault: gateway-missing-return-route, subnett: 192.168.10.0/24 }]' },
      /:5:49: Unknown key "subnett" in faults\[0\]\. Did you mean "subnet"\?/,
    ],
    'a parameter to a fault that takes none': [
      { faults: '[{ fault: internet-uplink-down, how: down }]' },
      'Unknown key "how" in faults[0]. It takes none.',
    ],
    'a parameter with a value that is none': [
      { faults: '[{ fault: parent-down-or-no-carrier, how: cut }]' },
      'faults[0].how must be one of down, carrier, not "cut".',
    ],
    'a fault with nothing to break': [
      { faults: '[{ fault: gateway-missing-return-route, subnet: 192.168.11.0/24 }]' },
      'gateway-missing-return-route finds nothing to break here for 192.168.11.0/24',
    ],
    'a command on an unknown node': [
      { faults: '[{ on: gatway, run: "true" }]' },
      'There is no node gatway. Did you mean "gateway"?',
    ],
  });

  describeAccepted({
    'a command on a container, a peer, the internet and the switch': {
      faults:
        '[{ on: webapp, run: "true" }, { on: laptop, run: "true" }, { on: internet, run: "true" }, { on: switch, run: "true" }]',
    },
  });
});
