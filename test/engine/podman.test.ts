import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { connectEngine } from '../../src/engine/connect.js';
import { resolveEndpoint } from '../../src/engine/endpoint.js';
import type { Engine } from '../../src/engine/engine.js';
import { podmanMode } from '../../src/engine/podman-mode.js';
import type { NetworkPlan } from '../../src/scenario/plan.js';
import { asPlanned } from '../../src/topology/docker-networks.js';

interface Made {
  readonly id: string;
  readonly name: string;
  readonly driver: string;
  readonly network_interface?: string | undefined;
  readonly options: Readonly<Record<string, string>>;
}

const plan: NetworkPlan = {
  ...{ name: 'lan', driver: 'ipvlan', mode: 'l3', flag: undefined, parent: 'eth0', internal: false, options: {} },
  subnets: [{ subnet: '192.168.10.0/24', gateway: undefined, range: undefined, reserved: {} }],
};

/**
 * Podman as it answers by its own source and documentation (synthetic: none runs here).
 *
 * @see https://github.com/containers/podman/blob/main/pkg/api/handlers/compat/networks.go
 */
describe('Podman behind the API of Docker', () => {
  let server: Server;
  let engine: Engine;
  let made: Map<string, Made>;
  /** Options it knows; what it does not know it leaves out. */
  let knows: readonly string[];

  beforeEach(async () => {
    made = new Map();
    knows = ['parent', 'mode'];
    server = createServer((request, response) => {
      void answered(request).then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    engine = await connectEngine(resolveEndpoint({ engine: `tcp://127.0.0.1:${port}`, env: {} }));
  });
  afterEach(() => {
    engine.disconnect();
    server.close();
  });

  async function answered(request: IncomingMessage): Promise<{ status: number; body?: unknown }> {
    const { pathname } = new URL(request.url ?? '', 'http://podman');
    const components = [{ Name: 'Podman Engine', Version: '5.4.2' }];
    if (pathname === '/version')
      return { status: 200, body: { Version: '5.4.2', ApiVersion: '1.41', Components: components } };
    if (pathname === '/info') return { status: 200, body: { OperatingSystem: 'debian' } };
    if (pathname === '/containers/create')
      return { status: 201, body: { Id: 'c'.repeat(64), Warnings: ['the memory limit is not enforced'] } };
    if (pathname === `/containers/${'c'.repeat(64)}/json`)
      return { status: 200, body: { Id: 'c', Name: '/webapp', State: {}, NetworkSettings: { Networks: {} } } };
    if (pathname === '/networks/create') return create(JSON.parse(await text(request)) as Creation);
    return ofNetwork(request, pathname);
  }

  function ofNetwork(request: IncomingMessage, pathname: string): { status: number; body?: unknown } {
    const network = made.get(/\/networks\/([0-9a-f]{64})/.exec(pathname)?.[1] ?? '');
    if (request.method === 'DELETE') return { status: made.delete(network?.id ?? '') ? 204 : 404 };
    if (network && pathname.includes('/libpod/')) return { status: 200, body: network };
    const { id: Id, name: Name, driver: Driver, options: Options } = network ?? ({} as Partial<Made>);
    if (network) return { status: 200, body: { Id, Name, Driver, Options, Internal: false, IPAM: {} } };
    return { status: 404, body: { cause: 'no such object', message: 'no such object' } };
  }

  interface Creation {
    readonly Name: string;
    readonly Driver: string;
    readonly Options: Readonly<Record<string, string>>;
  }

  function create({ Name, Driver, Options }: Creation) {
    const id = `${made.size}`.padStart(64, 'a');
    const known = Object.entries(Options).filter(([key]) => knows.includes(key));
    const { parent, ...options } = Object.fromEntries(known);
    made.set(id, { id, name: Name, driver: Driver, network_interface: parent, options });
    const [key, value] = Object.entries(Options).findLast(([one]) => !knows.includes(one)) ?? [];
    return { status: 201, body: { Id: id, Warning: key ? `"${key}: ${value}" is not a recognized option` : '' } };
  }

  const created = async (network: NetworkPlan) =>
    asPlanned(network, await engine.inspectNetwork(await engine.createNetwork(network, 'r1')));

  it('makes the mode it is asked for, on the parent', async () => {
    for (const mode of ['l2', 'l3', 'l3s'] as const)
      expect(await created({ ...plan, mode }))
        .to.include({ mode, parent: 'eth0' })
        .and.not.to.have.property('warnings');
    const macvlan = await created({ ...plan, driver: 'macvlan', mode: 'private' });
    expect(macvlan).to.include({ mode: 'private' });
  });

  it('is quoted where it warns, and where it made another mode than it was asked for', async () => {
    knows = ['parent'];
    const { mode, warnings } = await created(plan);
    expect(mode).to.equal('l2');
    expect(warnings).to.deep.equal([
      'the engine warns: "mode: l3" is not a recognized option',
      'the engine was asked for mode l3, and made l2',
    ]);
    knows = ['parent', 'mode'];
    const flagged = await created({ ...plan, flag: 'private' });
    expect(flagged.warnings?.[0]).to.equal('the engine warns: "ipvlan_flag: private" is not a recognized option');
    expect(flagged.warnings?.[1]).to.equal('the engine was asked for flag private, and made none');
  });

  it('is quoted where it warns of a container', async () => {
    const container = { name: 'webapp', image: 'x', command: [], network: 'lan', addresses: [], dns: [], agent: false };
    const id = await engine.createContainer(container, 'r1');
    expect((await engine.inspectContainer(id)).warnings).to.deep.equal([
      'the engine warns: the memory limit is not enforced',
    ]);
  });

  it('is tried before scenarios are: whether it keeps a mode; nothing of the trial is left', async () => {
    const [kept] = await podmanMode(engine, 'preflight-1');
    expect(kept).to.include({ name: 'IPvlan mode', state: 'met' });
    knows = ['parent'];
    const [ignored] = await podmanMode(engine, 'preflight-2');
    expect(ignored?.state).to.equal('limited');
    expect(ignored?.detail)
      .to.include('requested in mode l3, and Podman created one in mode l2')
      .and.to.include('"mode: l3"');
    expect(ignored?.remedy).to.include('--engine lab');
    expect(made.size).to.equal(0);
  });
});
