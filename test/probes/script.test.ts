import { expect } from 'chai';
import { captureFilter } from '../../src/probes/capture/captures.js';
import { scriptedFlows } from '../../src/probes/flows/flow-probes.js';
import { PROBES } from '../../src/probes/index.js';
import type { LookRequest } from '../../src/probes/look-request.js';
import { lookScript } from '../../src/probes/script.js';
import { attempt } from '../../src/process.js';

const request = (evil: string): LookRequest => ({
  nodes: [{ name: 'a', kind: 'container', addresses: ['10.0.0.1'], enter: ['nsenter', evil], pid: 4711 }],
  probes: (['icmp', 'arp', 'dns', 'http', 'mtu', 'tcp', 'udp'] as const).map((protocol) => ({
    purpose: 'check',
    check: {
      id: evil,
      from: 'a',
      to: { label: evil, node: undefined, name: evil, address: '10.0.0.2' },
      over: { protocol, port: 80, bytes: 1500 } as never,
      expect: { kind: 'reachable' },
      line: undefined,
    },
  })),
  captures: [{ node: 'a', device: evil }],
  traced: [],
  facts: true,
  resolver: evil,
  firstTag: 20_000,
});

describe('the script of a look', () => {
  it('is one a POSIX shell can read', async () => {
    const { exitCode, stderr } = await attempt('sh', ['-n'], { input: lookScript(request('eth0')) });
    expect({ exitCode, stderr }).to.deep.equal({ exitCode: 0, stderr: '' });
  });

  it('starts probes first that are not expected to arrive, and lookups last', () => {
    const asked = request('eth0');
    const probes = asked.probes.map(({ check, purpose }) => ({
      purpose,
      check: { ...check, expect: check.over.protocol === 'tcp' ? ({ kind: 'blocked' } as const) : check.expect },
    }));
    const flows = scriptedFlows({ ...asked, probes }, asked.nodes[0]!).map(({ name }) => name);
    const tcp = probes.findIndex(({ check }) => check.over.protocol === 'tcp');
    expect(flows[0]).to.equal(`probe-${tcp}`);
    expect(flows.findIndex((name) => name.endsWith('-name'))).to.equal(probes.length);
  });

  for (const evil of ["'; touch pwned; '", '$(touch pwned)', '`touch pwned`', 'a\nb', '"; touch pwned; "']) {
    it(`hands ${JSON.stringify(evil)} on as one word`, async () => {
      const { probes, nodes } = request(evil);
      const flows = scriptedFlows(request(evil), nodes[0]!);
      const commands = await recorded(flows.map(({ command }) => command));
      expect(commands.filter(([program]) => program === 'touch')).to.deep.equal([]);
      // Every probe looks the name up, and DNS does nothing else: the name itself is no word of the command any more.
      const lookups = commands.filter(
        (words) => (words[0] === 'socat' && words.includes('-x')) || words.join().includes('exit 126'),
      );
      expect(lookups).to.have.lengthOf(probes.length);
      expect(commands.flat().filter((word) => word.includes(evil) && !word.startsWith('GET '))).to.deep.equal([]);
    });
  }
});

/** What programs a shell would start for these command lines, and with what words: each program is a function that says so. */
async function recorded(lines: readonly string[]): Promise<string[][]> {
  const programs = ['ping', 'nc', 'socat', 'sh', 'ip', 'arping', 'touch'];
  const define = programs.map((name) => `${name}() { printf '%s\\0' ${name} "$@" END; }`);
  const { stdout } = await attempt('sh', ['-c', [...define, 'R=10.0.0.53', ...lines].join('\n')]);
  const commands = stdout.split('END\0').map((words) => words.split('\0').slice(0, -1));
  return commands.filter(([program]) => program !== undefined);
}

describe('the capture filter', () => {
  it('lets through only ARP, neighbour discovery and the run’s own addresses, tagged or not', () => {
    const ours = 'arp or (icmp6 and ip6[40] >= 133 and ip6[40] <= 137) or host 10.0.0.1 or host 10.0.0.2';
    expect(captureFilter(request('eth0'))).to.equal(`${ours} or (vlan and (${ours}))`);
  });
});

describe('the list of probes', () => {
  it('names each once', () => {
    const ids = PROBES.map(({ id }) => id);
    expect(new Set(ids).size).to.equal(ids.length);
    expect(ids).to.include.members(['icmp', 'links', 'captures']);
  });
});
