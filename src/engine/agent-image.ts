import { DoctorError, messageOf } from '../errors.js';
import { pack } from './archive.js';
import type { Engine, EngineImage } from './engine.js';
import { knownImages, rememberImage } from './known-images.js';
import { OWNER } from './request-bodies.js';
import { LABELS } from './engine.js';

/** Version of the agent image's contents; part of its label, so that an older image is not mistaken for this one. */
export const AGENT_VERSION = '1';

/** The label by which an image says that it is an agent, and of which version. */
export const AGENT_LABEL = 'ipvlan-doctor.agent';

/** The agent image's name on engines where we made or loaded it. */
export const AGENT_TAG = `ipvlan-doctor-agent:${AGENT_VERSION}`;

/** What the agent image holds, as Debian packages. */
export const AGENT_PACKAGES = [
  'base-files',
  'bind9-dnsutils',
  'conntrack',
  'coreutils',
  'dash',
  'dnsmasq-base',
  'ethtool',
  'findutils',
  'grep',
  'iproute2',
  'iptables',
  'iputils-arping',
  'iputils-ping',
  'mawk',
  'netcat-openbsd',
  'nftables',
  'procps',
  'sed',
  'socat',
  'tar',
  'tcpdump',
  'traceroute',
  'util-linux',
] as const;

const DOCKERFILE = `FROM debian:trixie-slim
RUN apt-get update \\
 && apt-get install -y --no-install-recommends ${AGENT_PACKAGES.join(' ')} \\
 && rm -rf /var/lib/apt/lists/*
LABEL ${AGENT_LABEL}="${AGENT_VERSION}" ${LABELS.owner}="${OWNER}"
CMD ["sh"]
`;

const BRING_IT =
  `Where Docker reaches a registry, build it with "ipvlan-doctor preflight", copy it with ` +
  `"docker save ${AGENT_TAG} | ssh THIS-HOST docker load", and name it with "--agent-image ${AGENT_TAG}".`;

/** The image that agents start from, on one engine. */
export interface AgentImage {
  /** What containers are created from: nothing else can take this name. */
  readonly id: string;
  /** For people: its name where it has one, and the beginning of its id. */
  readonly name: string;
}

/** How an agent image is asked for. */
export interface AgentImageWish {
  /** `--agent-image`: an image on the engine that the user trusts, used instead of ours. */
  readonly image?: string | undefined;
  /** Receives one sentence for each thing that takes time, and one that says which image is used. */
  readonly onStep?: ((step: string) => void) | undefined;
}

/**
 * The image agents are started from: the one the user named, else one that this user built or that a lab came with, else one
 * that is built now from Debian's packages. A label or a name never decides: an image from elsewhere may carry them, and an
 * agent is privileged.
 *
 * @throws DoctorError `AGENT_IMAGE` saying what is wrong with it and how to bring it; `OUTPUT_UNWRITABLE` or
 *   `REQUIREMENT_MISSING` when the ids of built images cannot be kept
 */
export async function agentImage(engine: Engine, { image, onStep }: AgentImageWish = {}): Promise<AgentImage> {
  const known = image === undefined ? await present(engine) : await approved(engine, image);
  const used = known ?? (await built(engine, onStep));
  onStep?.(`Using the agent image ${used.name}`);
  return used;
}

async function present(engine: Engine): Promise<AgentImage | undefined> {
  for (const id of knownImages(AGENT_VERSION)) {
    const found = await engine.inspectImage(id);
    if (found) return named(found);
  }
  return undefined;
}

async function approved(engine: Engine, image: string): Promise<AgentImage> {
  const found = await engine.inspectImage(image);
  if (!found) {
    throw new DoctorError('AGENT_IMAGE', `There is no image ${image} on ${engine.name}.`, {
      hint: `Bring it there with "docker pull" or "docker load", or leave --agent-image out.`,
    });
  }
  const version = found.labels[AGENT_LABEL];
  if (version === AGENT_VERSION) return named(found);
  const said = version === undefined ? 'is not an agent image' : `is an agent image of version ${version}`;
  throw new DoctorError(
    'AGENT_IMAGE',
    `The image ${image} ${said}: it lacks the label ${AGENT_LABEL}=${AGENT_VERSION}.`,
    {
      hint: `An image of your own needs that label, and these Debian packages: ${AGENT_PACKAGES.join(' ')}.`,
    },
  );
}

async function built(engine: Engine, onStep: AgentImageWish['onStep']): Promise<AgentImage> {
  onStep?.('Building the agent image from Debian packages (about a minute)');
  try {
    const context = await pack({ Dockerfile: DOCKERFILE });
    const id = await engine.buildImage(context, AGENT_TAG, (line) => onStep?.(`Building the agent image: ${line}`));
    const found = await engine.inspectImage(id);
    if (!found) throw new DoctorError('AGENT_IMAGE', `the image ${id} that it built is gone`);
    rememberImage(AGENT_VERSION, found.id);
    return named(found);
  } catch (cause) {
    const said = `There is no agent image on ${engine.name}, and building it failed: ${messageOf(cause)}`;
    throw new DoctorError('AGENT_IMAGE', said, { hint: BRING_IT, cause });
  }
}

function named({ id, tags }: EngineImage): AgentImage {
  const short = id.replace(/^sha256:/, '').slice(0, 12);
  const [tag] = tags;
  return { id, name: tag === undefined ? short : `${tag} (${short})` };
}
