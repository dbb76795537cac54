import type { ContainerFact, Refusal } from '../evidence/facts.js';
import { bare } from '../ip.js';
import type { AttachmentPlan, ContainerPlan, NetworkPlan, Plan } from '../scenario/plan.js';
import type { Cleanup } from './cleanup.js';
import type { Networks } from './docker-networks.js';
import { nameOnEngine, type TopologyEnvironment } from './environment.js';
import type { LiveNode } from './node.js';
import { askedContainer, askedNetworkOf, refusalOf } from './refused.js';

/** What became of one container. */
export interface Started {
  readonly fact: ContainerFact;
  /** Absent unless it runs. */
  readonly node: LiveNode | undefined;
  /** Why the engine rejected it; absent when it runs, and when one of its networks was rejected before it. */
  readonly refusal: Refusal | undefined;
}

/** Starts the containers of a plan as `docker run` would. One that is rejected stops no other. */
export async function startContainers(
  { plan, environment, networks }: Omit<Starting, 'created' | 'container'>,
  cleanup: Cleanup,
): Promise<readonly Started[]> {
  const created: string[] = [];
  cleanup.defer('remove the containers', () =>
    Promise.all(created.map((id) => environment.engine.removeContainer(id))),
  );
  const starting = plan.containers.map((container) => () => start({ plan, environment, networks, created, container }));
  if (!contend(plan.networks) && !shareMac(plan.containers)) return Promise.all(starting.map((begin) => begin()));
  const started: Started[] = [];
  for (const begin of starting) started.push(await begin());
  return started;
}

/** Whether two drivers want one parent: the first one gets it, so the order of the file must decide. */
function contend(networks: readonly NetworkPlan[]): boolean {
  return networks.some(({ parent, driver }) =>
    networks.some((other) => parent !== undefined && other.parent === parent && other.driver !== driver),
  );
}

/** Whether two containers want one MAC address: again the first one gets it. */
function shareMac(containers: readonly ContainerPlan[]): boolean {
  const macs = containers.flatMap(({ mac }) => mac ?? []);
  return new Set(macs).size < macs.length;
}

interface Starting {
  readonly plan: Plan;
  readonly environment: TopologyEnvironment;
  readonly networks: Networks;
  /** Receives the id of the container as soon as there is one to remove. */
  readonly created: string[];
  readonly container: ContainerPlan;
}

async function start(starting: Starting): Promise<Started> {
  const { plan, environment, networks, created, container } = starting;
  const { engine } = environment;
  const all = container.attachments;
  const [first, ...rest] = all;
  const exists = ({ network }: AttachmentPlan) => networks.created.some(({ name }) => name === network);
  if (!first || !all.every(exists)) return { fact: idle(container, ''), node: undefined, refusal: undefined };
  let id = '';
  const steps: readonly Step[] = [
    {
      step: 'create-container',
      about: all,
      ask: async () =>
        created.push((id = await engine.createContainer(newContainer(starting, first), environment.run))),
    },
    ...rest.map((one): Step => ({
      step: 'connect',
      about: [one],
      ask: () => engine.connect(nameOnEngine(environment, one.network), id, one.addresses),
    })),
    { step: 'start-container', about: all, ask: () => engine.startContainer(id) },
  ];
  for (const { step, about, ask } of steps) {
    try {
      await ask();
    } catch (error) {
      const asked = plan.networks.filter(({ name }) => about.some(({ network }) => network === name));
      const wanted = { step, networks: asked.map(askedNetworkOf), container: askedContainer(container) };
      return { fact: idle(container, id), node: undefined, refusal: refusalOf(error, wanted) };
    }
  }
  return { ...(await running(starting, id)), refusal: undefined };
}

interface Step extends Pick<Refusal, 'step'> {
  /** The container's networks it concerns. */
  readonly about: readonly AttachmentPlan[];
  readonly ask: () => Promise<unknown>;
}

function newContainer({ plan, environment, container }: Starting, first: AttachmentPlan) {
  return {
    name: nameOnEngine(environment, container.name),
    image: environment.image,
    command: ['sleep', 'infinity'],
    network: nameOnEngine(environment, first.network),
    addresses: first.addresses,
    mac: container.mac,
    dns: container.dns ?? (environment.mayChangeHost ? [] : [plan.site.resolver]),
    ...(container.publishes ? { publishes: container.publishes } : {}),
    agent: false,
  };
}

async function running({ environment, networks, container }: Starting, id: string): Promise<Omit<Started, 'refusal'>> {
  const { pid, ...inspected } = await environment.engine.inspectContainer(id);
  const attachments = inspected.attachments.map((attachment) => ({
    ...attachment,
    network:
      networks.created.find(({ name }) => nameOnEngine(environment, name) === attachment.network)?.name ??
      attachment.network,
  }));
  const node: LiveNode = {
    name: container.name,
    kind: 'container',
    addresses: attachments.flatMap(({ addresses }) => addresses.map(bare)),
    enter: ['nsenter', '-t', String(pid), '-n'],
    pid,
  };
  return { node, fact: { ...inspected, name: container.name, attachments } };
}

/** A container that does not run, as it was asked for. Its networks may not exist either. */
function idle({ name, attachments }: ContainerPlan, id: string): ContainerFact {
  const asked = attachments.map((attachment) => ({ ...attachment, gateway: undefined }));
  return { name, id, state: id === '' ? 'absent' : 'created', attachments: asked };
}
