import { DoctorError } from '../errors.js';
import type { Shell } from '../engine/engine.js';
import type { ContainerFact, NetworkFact, NodeFact, Refusal } from '../evidence/facts.js';
import { bare, overlap, sameAddress } from '../ip.js';
import type { Plan } from '../scenario/plan.js';
import { Cleanup } from './cleanup.js';
import { startContainers } from './docker-containers.js';
import { createNetworks } from './docker-networks.js';
import type { Ground } from './ground.js';
import type { LiveNode } from './node.js';
import { commandLine, quote } from '../shell.js';
import { background, listener, NETNS_DIRECTORY, removeSiteScript, siteNodes, siteScript, UPLINK } from './site.js';
import { hostRoutes } from './host-routes.js';

/** What a topology consists of. */
interface Standing {
  /** Everything that runs. */
  readonly nodes: readonly LiveNode[];
  readonly networks: readonly NetworkFact[];
  /** All of the plan's containers, those that do not run included. */
  readonly containers: readonly ContainerFact[];
  /** What the engine refused of it. */
  readonly refusals: readonly Refusal[];
}

/**
 * A scenario's site, networks and containers, standing, as far as the engine would have them. Disposing of it takes everything
 * down again.
 */
export class Topology implements AsyncDisposable {
  readonly #standing: Standing;
  readonly #cleanup: Cleanup;

  constructor(standing: Standing, cleanup: Cleanup) {
    this.#standing = standing;
    this.#cleanup = cleanup;
  }

  /** Everything that runs. */
  get nodes(): readonly LiveNode[] {
    return this.#standing.nodes;
  }

  /** Containers that do not run, by name, and why not, in the engine's own words. */
  get absent(): ReadonlyMap<string, string> {
    const idle = this.#standing.containers.filter(({ name }) => !this.nodes.some((node) => node.name === name));
    return new Map(idle.map(({ name, attachments }) => [name, this.#whyNot(name, attachments)]));
  }

  #whyNot(name: string, attachments: ContainerFact['attachments']): string {
    const { refusals } = this.#standing;
    const own = refusals.find(({ container }) => container?.name === name);
    const network = refusals.find(
      ({ step, networks }) =>
        step === 'create-network' && attachments.some((one) => networks.some((asked) => asked.name === one.network)),
    );
    return (own ?? network)?.message ?? 'it was not started';
  }

  /** What is known of it without a look: nodes, those that do not run included, with what each was meant to be. */
  get facts(): {
    readonly nodes: readonly NodeFact[];
    readonly networks: readonly NetworkFact[];
    readonly containers: readonly ContainerFact[];
    readonly refusals: readonly Refusal[];
  } {
    const { networks, containers, refusals } = this.#standing;
    const idle = containers.filter(({ name }) => this.absent.has(name));
    return {
      nodes: [
        ...idle.map(({ name, attachments }) => ({
          name,
          kind: 'container' as const,
          addresses: attachments.flatMap(({ addresses }) => addresses.map(bare)),
        })),
        ...this.nodes.map(({ name, kind, addresses }) => ({ name, kind, addresses })),
      ],
      networks,
      containers,
      refusals,
    };
  }

  /** Leaves everything standing: disposing then takes nothing down. The journal still knows how. */
  leave(): void {
    this.#cleanup.move();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cleanup[Symbol.asyncDispose]();
  }
}

/** How long the site and its services may take, in milliseconds: emulated machines are slow. */
const PATIENCE_MS = 60_000;

/**
 * Stands a plan's topology up, healthy: the site around the host, then networks and containers as `docker network create`
 * and `docker run` would make them. What the engine refuses is evidence: the rest stands. What was made is taken down again
 * when anything else fails.
 *
 * @throws DoctorError `HOST_CONFLICT` when the host has an interface of the site's name or routes to its addresses,
 *   `ENGINE_UNREACHABLE` when the engine is gone, `AGENT_FAILED` when the site cannot be built
 */
export async function standUp(plan: Plan, ground: Ground): Promise<Topology> {
  await using cleanup = new Cleanup(ground.left);
  await buildSite(plan, ground, cleanup);
  const networks = await createNetworks(plan, ground, cleanup);
  const started = await startContainers({ plan, ground, networks }, cleanup);
  const nodes = [...started.flatMap(({ node }) => node ?? []), ...fixedNodes(plan, ground.mayChangeHost)];
  await startListeners(plan, ground, nodes);
  return new Topology(
    {
      nodes,
      networks: networks.standing,
      containers: started.map(({ fact }) => fact),
      refusals: [...networks.refusals, ...started.flatMap(({ refusal }) => refusal ?? [])],
    },
    cleanup.move(),
  );
}

async function buildSite(plan: Plan, ground: Ground, cleanup: Cleanup): Promise<void> {
  const { shell, journal, mayChangeHost, signal } = ground;
  const device = plan.site.host.interface;
  const taken = await shell.run(`ip link show dev ${quote(device)} >/dev/null 2>&1`);
  if (taken.exitCode === 0) {
    throw new DoctorError('HOST_CONFLICT', `This host already has an interface called ${device}.`, {
      hint: 'Give the site another one with "site.host.interface", or run the scenario in the lab: --engine lab.',
    });
  }
  await refuseOverlap(plan, shell);
  const routes = hostRoutes(plan.site, mayChangeHost);
  const remove = `failed=0\n${routes.remove}\n${removeSiteScript(plan.site)}\nexit $failed`;
  const entry = journal.note(`the site around ${device}`, remove, { checked: true });
  cleanup.defer(`take down the site around ${device}`, async () => {
    const { exitCode, stderr } = await shell.run(remove, { timeoutMs: PATIENCE_MS });
    if (exitCode !== 0) throw new DoctorError('CLEANUP_INCOMPLETE', stderr.trim());
    journal.done(entry);
  });
  const subnets = plan.networks.flatMap((network) => network.subnets.map(({ subnet }) => subnet));
  await expectSuccess(shell, `${siteScript(plan.site, subnets)}\n${routes.add}`, signal);
}

/** A scenario must not divert traffic the host already knows a way for. */
async function refuseOverlap(plan: Plan, shell: Shell): Promise<void> {
  const { stdout } = await shell.run('ip -json route show; ip -6 -json route show');
  const known = [...stdout.toString().matchAll(/"dst": ?"([0-9a-f.:]+\/\d+)"/g)].map(([, subnet]) => subnet ?? '');
  const wanted = [...plan.site.lan, ...plan.networks.flatMap(({ subnets }) => subnets.map(({ subnet }) => subnet))];
  for (const subnet of wanted) {
    const clash = known.find((route) => overlap(route, subnet) && !sameAddress(route, 'fe80::'));
    if (clash === undefined) continue;
    throw new DoctorError('HOST_CONFLICT', `The scenario wants ${subnet}, and this host already routes ${clash}.`, {
      hint: 'Run it in the lab, where nothing is in the way: --engine lab. Or give the scenario other addresses.',
    });
  }
}

function fixedNodes({ site }: Plan, mayChangeHost: boolean): LiveNode[] {
  const known: Readonly<Record<string, readonly string[]>> = {
    gateway: site.gateway.addresses,
    internet: [...site.internet.addresses, ...UPLINK.internet],
    ...Object.fromEntries(site.peers.map((peer) => [peer.name, peer.addresses])),
  };
  const inSite = siteNodes(site).map((name): LiveNode => ({
    name,
    kind: name === 'switch' || name === 'gateway' || name === 'internet' ? name : 'peer',
    addresses: (known[name] ?? []).map(bare),
    enter: ['nsenter', `--net=${NETNS_DIRECTORY}/${name}`],
    pid: undefined,
  }));
  const addresses = site.host.addresses.map(bare);
  const host: LiveNode = { name: 'host', kind: 'host', addresses, enter: [], pid: 1 };
  return [mayChangeHost ? host : { ...host, pid: undefined, sources: addresses }, ...inSite];
}

/** Starts what containers listen with, and waits until every service of the topology, the site's included, really listens. */
async function startListeners(plan: Plan, { shell, signal }: Ground, nodes: readonly LiveNode[]): Promise<void> {
  const listening = plan.containers
    .filter(({ name }) => nodes.some((node) => node.name === name))
    .flatMap(({ name, listens }) => listens.map((listen) => ({ name, ...listen })));
  const services = [
    { name: 'internet', protocol: 'udp', port: 53 },
    { name: 'gateway', protocol: 'udp', port: 53 },
    { name: 'internet', protocol: 'tcp', port: 80 },
    { name: 'internet', protocol: 'tcp', port: 443 },
    ...listening,
  ];
  const enter = (name: string) => nodes.find((node) => node.name === name)?.enter ?? [];
  const waits = services.map(
    ({ name, protocol, port }) =>
      `until [ -n "$(${commandLine([...enter(name), 'ss', '-Hnl', protocol === 'tcp' ? '-t' : '-u', `sport = :${port}`])})" ]; do sleep 0.05; done`,
  );
  await expectSuccess(
    shell,
    [...listening.map((one) => background(enter(one.name), listener(one))), ...waits].join('\n'),
    signal,
  );
}

async function expectSuccess(shell: Shell, script: string, signal?: AbortSignal): Promise<void> {
  const { exitCode, stderr } = await shell.run(script, { timeoutMs: PATIENCE_MS, ...(signal ? { signal } : {}) });
  if (exitCode === 0) return;
  throw new DoctorError('AGENT_FAILED', `Building the site failed: ${stderr.trim() || `exit code ${exitCode}`}`, {
    hint: 'The kernel may lack veth, bridge or nftables: "ipvlan-doctor preflight" tells. The lab has them all: --engine lab.',
  });
}
