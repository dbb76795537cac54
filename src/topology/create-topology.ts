import type { Shell } from '../engine/engine.js';
import { DoctorError } from '../errors.js';
import { bare, overlap, sameAddress } from '../ip.js';
import type { Plan } from '../scenario/plan.js';
import { commandLine, quote } from '../shell.js';
import { Cleanup } from './cleanup.js';
import { startContainers } from './docker-containers.js';
import { createNetworks } from './docker-networks.js';
import type { TopologyEnvironment } from './environment.js';
import { hostRoutes } from './host-routes.js';
import type { LiveNode } from './node.js';
import { removeSiteScript, siteScript } from './site.js';
import { UPLINK } from './site-links.js';
import { hostLinks, NETNS_DIRECTORY, siteLinks, siteNodes, switchPorts } from './site-names.js';
import { background, containerListener } from './site-services.js';
import { Topology } from './topology.js';

/** How long the site and its services may take, in milliseconds: emulated machines are slow. */
const PATIENCE_MS = 60_000;

/**
 * Creates the topology of a plan, without faults: the site around the host, then networks and containers as `docker network
 * create` and `docker run` would create them. What the engine rejects is evidence, and the rest is created all the same. When
 * anything else fails, everything is removed.
 *
 * @throws DoctorError `HOST_CONFLICT` when the host has an interface of the site's name or routes to its addresses,
 *   `ENGINE_UNREACHABLE` when the engine is gone, `AGENT_FAILED` when the site cannot be built
 */
export async function createTopology(plan: Plan, environment: TopologyEnvironment): Promise<Topology> {
  await using cleanup = new Cleanup(environment.left);
  await buildSite(plan, environment, cleanup);
  const networks = await createNetworks(plan, environment, cleanup);
  const started = await startContainers({ plan, environment, networks }, cleanup);
  const nodes = [...started.flatMap(({ node }) => node ?? []), ...fixedNodes(plan, environment.mayChangeHost)];
  await startListeners(plan, environment, nodes);
  return new Topology(
    {
      nodes,
      networks: networks.created,
      containers: started.map(({ fact }) => fact),
      refusals: [...networks.refusals, ...started.flatMap(({ refusal }) => refusal ?? [])],
    },
    cleanup.move(),
  );
}

async function buildSite(plan: Plan, environment: TopologyEnvironment, cleanup: Cleanup): Promise<void> {
  const { shell, journal, mayChangeHost, signal } = environment;
  const device = plan.site.host.interface;
  for (const link of hostLinks(plan.site)) {
    const taken = await shell.run(`ip link show dev ${quote(link)} >/dev/null 2>&1`);
    if (taken.exitCode !== 0) continue;
    throw new DoctorError('HOST_CONFLICT', `This host already has an interface called ${link}.`, {
      hint: 'Give the site another one with "site.host.interface", or run the scenario in the lab: --engine lab.',
    });
  }
  await checkOverlap(plan, shell);
  const routes = hostRoutes(plan.site, mayChangeHost);
  const remove = `failed=0\n${routes.remove}\n${removeSiteScript(plan.site)}\nexit $failed`;
  const entry = journal.note(`the site around ${device}`, remove, { checked: true });
  cleanup.defer(`remove the site around ${device}`, async () => {
    const { exitCode, stderr } = await shell.run(remove, { timeoutMs: PATIENCE_MS });
    if (exitCode !== 0) throw new DoctorError('CLEANUP_INCOMPLETE', stderr.trim());
    journal.done(entry);
  });
  const subnets = plan.networks.flatMap((network) => network.subnets.map(({ subnet }) => subnet));
  await expectSuccess(shell, `${siteScript(plan.site, subnets)}\n${routes.add}`, signal);
}

/** A scenario must not divert traffic that the host already has a route for. */
async function checkOverlap(plan: Plan, shell: Shell): Promise<void> {
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
    links: siteLinks(name),
    ...(name === 'switch' ? { ports: switchPorts(site) } : {}),
  }));
  const addresses = site.host.addresses.map(bare);
  const host: LiveNode = { name: 'host', kind: 'host', addresses, enter: [], pid: 1 };
  return [mayChangeHost ? host : { ...host, pid: undefined, sources: addresses }, ...inSite];
}

/** Starts the services of the containers, and waits until every service of the topology listens, the site's included. */
async function startListeners(
  plan: Plan,
  { shell, signal }: TopologyEnvironment,
  nodes: readonly LiveNode[],
): Promise<void> {
  const listening = plan.containers
    .filter(({ name }) => nodes.some((node) => node.name === name))
    .flatMap(({ name, listens, attachments }) =>
      listens.map((listen) => ({ name, ...listen, devices: attachments.map((_, index) => `eth${index}`) })),
    );
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
    [...listening.map((one) => background(enter(one.name), containerListener(one, one.devices))), ...waits].join('\n'),
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
