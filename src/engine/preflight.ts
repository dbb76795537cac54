import { randomBytes } from 'node:crypto';
import { DoctorError, messageOf } from '../errors.js';
import { startAgent, type Agent } from './agent.js';
import { agentImage, type AgentImageWish } from './agent-image.js';
import type { Engine } from './engine.js';
import { machineRequirement, READ_MACHINE } from './machine.js';
import { podmanMode } from './podman-mode.js';
import type { Requirement } from './requirement.js';
import { versionNotes } from './version-notes.js';

interface Trial {
  readonly name: string;
  /** Whether nothing runs without. */
  readonly vital: boolean;
  readonly command: string;
  /** What the kernel must show of the link that was made; absent where being made is enough. */
  readonly shows?: string;
}

/** What is tried in a temporary network namespace. */
const TRIALS = [
  { name: 'IPvlan L2', vital: true, command: 'ip link add t0 link $parent type ipvlan mode l2', shows: 'mode l2' },
  { name: 'IPvlan L3', vital: true, command: 'ip link add t0 link $parent type ipvlan mode l3', shows: 'mode l3' },
  { name: 'IPvlan L3S', vital: false, command: 'ip link add t0 link $parent type ipvlan mode l3s', shows: 'mode l3s' },
  { name: 'macvlan', vital: false, command: 'ip link add t0 link $parent type macvlan mode bridge' },
  { name: 'VLAN', vital: false, command: 'ip link add t0 link $parent type vlan id 7' },
  { name: 'dummy', vital: false, command: 'ip link add t0 type dummy' },
  { name: 'veth', vital: true, command: 'ip link add t0 type veth peer name t1' },
  { name: 'bridge', vital: true, command: 'ip link add t0 type bridge' },
  { name: 'nftables', vital: true, command: 'nft add table inet t0' },
] as const satisfies readonly Trial[];

const LAB = 'The lab has it: --engine lab.';
const TRIAL_TIMEOUT_MS = 30_000;

/**
 * Finds out by trying whether an engine can run scenarios: reading a kernel's configuration says what was compiled, not
 * what works. Makes the agent image when there is none; leaves nothing else behind.
 */
export async function preflight(engine: Engine, wish: AgentImageWish): Promise<readonly Requirement[]> {
  const run = `preflight-${randomBytes(4).toString('hex')}`;
  const asked = [greeting(engine), ...versionRequirements(engine.facts), rights(engine)];
  const known = [...asked, ...(await podmanMode(engine, run))];
  const image = await attempted('agent image', () => agentImage(engine, wish));
  if ('state' in image) return [...known, image, ...untried('agent')];
  const there: Requirement = { name: 'agent image', state: 'met', detail: image.name, remedy: undefined };
  const started = await attempted('agent', () => startAgent(engine, { image, run }));
  if ('state' in started) return [...known, there, started, ...untried()];
  await using agent = started;
  const works: Requirement = {
    name: 'agent',
    state: 'met',
    detail: 'a privileged container starts',
    remedy: undefined,
  };
  return [...known, there, works, ...(await kernel(agent))];
}

function greeting({ name, facts }: Engine): Requirement {
  const detail = `${facts.product} ${facts.version} (API ${facts.apiVersion}, kernel ${facts.kernel}) at ${name}`;
  if (/Docker Desktop/.test(facts.operatingSystem)) {
    const remedy =
      'Docker Desktop keeps containers in a virtual machine that is not on your LAN: use the lab, or a Linux host.';
    return { name: 'engine', state: 'limited', detail: `${detail}, in Docker Desktop`, remedy };
  }
  if (facts.product === 'Podman')
    return { name: 'engine', state: 'limited', detail: `${detail}: ${PODMAN}`, remedy: LAB };
  return { name: 'engine', state: 'met', detail, remedy: undefined };
}

/** Podman answers Docker's API, with netavark beneath it. */
const PODMAN =
  'it has no ipvlan_flag, no embedded DNS for IPvlan and macvlan networks, no DOCKER-USER chain, and its error messages differ';

/** What an engine's version implies, as far as it is Docker's. */
export function versionRequirements({ product, version }: Engine['facts']): readonly Requirement[] {
  if (product === 'Podman') return [];
  const notes = versionNotes(version);
  if (notes.length === 0) return [];
  const limits = notes.filter(({ weight }) => weight === 'limited');
  return [
    {
      name: 'version',
      state: limits.length > 0 ? 'limited' : 'met',
      detail: `${version}: ${[...limits, ...notes.filter((note) => !limits.includes(note))].map(({ says }) => says).join('; ')}`,
      remedy: limits.flatMap(({ remedy }) => remedy ?? []).join(' ') || undefined,
    },
  ];
}

function rights({ rootless }: Engine): Requirement {
  if (!rootless) return { name: 'privileges', state: 'met', detail: 'the engine runs as root', remedy: undefined };
  return {
    name: 'privileges',
    state: 'unmet',
    detail: 'the engine is rootless: it cannot attach networks to the links of the host',
    remedy: `Use the engine that runs as root: --engine unix:///var/run/docker.sock. ${LAB}`,
  };
}

/** A step that may fail with advice: what it gives, or the requirement that is unmet. */
async function attempted<Given>(name: string, step: () => Promise<Given>): Promise<Given | Requirement> {
  try {
    return await step();
  } catch (error) {
    return { name, state: 'unmet', detail: messageOf(error), remedy: error instanceof DoctorError ? error.hint : LAB };
  }
}

function untried(...before: readonly string[]): readonly Requirement[] {
  const names = [...before, ...TRIALS.map(({ name }) => name)];
  return names.map((name) => ({
    name,
    state: 'untried',
    detail: 'not tried, because the agent could not be started',
    remedy: LAB,
  }));
}

async function kernel(agent: Agent): Promise<readonly Requirement[]> {
  const { stdout, stderr } = await agent.run(`${READ_MACHINE}\n${trialScript()}`, { timeoutMs: TRIAL_TIMEOUT_MS });
  const said = stdout.toString();
  return [machineRequirement(said), ...trialResults(said, stderr)];
}

/** Each trial has a namespace of its own, which is removed together with all that was created in it. */
export function trialScript(): string {
  const parent = `{ ip link add parent type dummy || ip link add parent type veth peer name other; } 2>/dev/null; parent=parent`;
  return TRIALS.map(
    (trial: Trial, index) =>
      `said=$(unshare -n sh -c '${parent}; ${trial.command}${shown(trial)}' 2>&1) && echo '${index} ok' || echo "${index} $(echo "$said" | tail -n 1)"`,
  ).join('\n');
}

/** A kernel that makes a link need not make the one that was asked for. */
function shown({ shows }: Trial): string {
  if (shows === undefined) return '';
  return ` && { ip -d link show dev t0 | grep -q " ${shows} " || { echo "the link it made is not of ${shows}"; false; }; }`;
}

/**
 * @param stdout one line per trial: its number, then `ok` or what the command said
 * @param stderr quoted for trials that have no line
 */
export function trialResults(stdout: string, stderr: string): readonly Requirement[] {
  const said = new Map(stdout.split('\n').map((line) => [Number.parseInt(line), line.replace(/^\d+ ?/, '')]));
  return TRIALS.map(({ name, vital, command, shows }: Trial, index) => {
    const answer = said.get(index);
    const seen = shows === undefined ? '' : `: the link it made shows ${shows}`;
    if (answer === 'ok') return { name, state: 'met', detail: `tried, works${seen}`, remedy: undefined };
    return {
      name,
      state: vital ? 'unmet' : 'limited',
      detail: `"${command.replace('$parent', 'parent')}" said: ${answer || stderr.trim() || 'nothing'}`,
      remedy: `${vital ? 'Load or install the kernel module' : 'Scenarios that need it will not run; load the kernel module'}, or use the lab: --engine lab.`,
    };
  });
}
