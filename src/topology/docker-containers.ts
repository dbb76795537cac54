import type { ContainerFact, Refusal } from '../evidence/facts.js';
import { bare } from '../ip.js';
import type { AttachmentPlan, ContainerPlan, NetworkPlan, Plan } from '../scenario/plan.js';
import type { Cleanup } from './cleanup.js';
import type { Networks } from './docker-networks.js';
import { nameOnEngine, type Ground } from './ground.js';
import type { LiveNode } from './node.js';
import { askedContainer, askedNetwork, refusalOf } from './refused.js';

/** What became of one container. */
export interface Started {
  readonly fact: ContainerFact;
  /** Absent unless it runs. */
  readonly node: LiveNode | undefined;
  /** What the engine said to it; absent when it runs, and when a network of its own was refused before it. */
  readonly refusal: Refusal | undefined;
}

/** Starts a plan's containers as `docker run` would. One that is refused stops no other. */
export async function startContainers(
  { plan, ground, networks }: Omit<Starting, 'created' | 'container'>,
  cleanup: Cleanup,
): Promise<readonly Started[]> {
  const created: string[] = [];
  cleanup.defer('remove the containers', () => Promise.all(created.map((id) => ground.engine.removeContainer(id))));
  const starting = plan.containers.map((container) => () => start({ plan, ground, networks, created, container }));
  if (!contend(plan.networks)) return Promise.all(starting.map((begin) => begin()));
  const started: Started[] = [];
  for (const begin of starting) started.push(await begin());
  return started;
}

/** Whether two drivers want one parent: whoever comes first gets it, so that the file's order must decide. */
function contend(networks: readonly NetworkPlan[]): boolean {
  return networks.some(({ parent, driver }) =>
    networks.some((other) => parent !== undefined && other.parent === parent && other.driver !== driver),
  );
}

interface Starting {
  readonly plan: Plan;
  readonly ground: Ground;
  readonly networks: Networks;
  /** Receives the id of the container as soon as there is one to remove. */
  readonly created: string[];
  readonly container: ContainerPlan;
}

async function start(starting: Starting): Promise<Started> {
  const { plan, ground, networks, created, container } = starting;
  const { engine } = ground;
  const all = container.attachments;
  const [first, ...rest] = all;
  const stands = ({ network }: AttachmentPlan) => networks.standing.some(({ name }) => name === network);
  if (!first || !all.every(stands)) return { fact: idle(container, ''), node: undefined, refusal: undefined };
  let id = '';
  const steps: readonly Step[] = [
    {
      step: 'create-container',
      about: all,
      ask: async () => created.push((id = await engine.createContainer(newContainer(starting, first), ground.run))),
    },
    ...rest.map((one): Step => ({
      step: 'connect',
      about: [one],
      ask: () => engine.connect(nameOnEngine(ground, one.network), id, one.addresses),
    })),
    { step: 'start-container', about: all, ask: () => engine.startContainer(id) },
  ];
  for (const { step, about, ask } of steps) {
    try {
      await ask();
    } catch (error) {
      const asked = plan.networks.filter(({ name }) => about.some(({ network }) => network === name));
      const wanted = { step, networks: asked.map(askedNetwork), container: askedContainer(container) };
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

function newContainer({ plan, ground, container }: Starting, first: AttachmentPlan) {
  return {
    name: nameOnEngine(ground, container.name),
    image: ground.image,
    command: ['sleep', 'infinity'],
    network: nameOnEngine(ground, first.network),
    addresses: first.addresses,
    mac: container.mac,
    dns: container.dns ?? (ground.mayChangeHost ? [] : [plan.site.resolver]),
    ...(container.publishes ? { publishes: container.publishes } : {}),
    agent: false,
  };
}

async function running({ ground, networks, container }: Starting, id: string): Promise<Omit<Started, 'refusal'>> {
  const { pid, ...inspected } = await ground.engine.inspectContainer(id);
  const attachments = inspected.attachments.map((attachment) => ({
    ...attachment,
    network:
      networks.standing.find(({ name }) => nameOnEngine(ground, name) === attachment.network)?.name ??
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

/** A container that does not run: as it was asked for, on networks that may not stand either. */
function idle({ name, attachments }: ContainerPlan, id: string): ContainerFact {
  const asked = attachments.map((attachment) => ({ ...attachment, gateway: undefined }));
  return { name, id, state: id === '' ? 'absent' : 'created', attachments: asked };
}
