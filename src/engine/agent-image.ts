import { createReadStream } from 'node:fs';
import { DoctorError, messageOf } from '../errors.js';
import { pack } from './archive.js';
import type { Engine } from './engine.js';
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
  `Where Docker reaches a registry, make it with "ipvlan-doctor preflight", then bring it over: ` +
  `"docker save ${AGENT_TAG} | ssh THIS-HOST docker load". An image of another name is given with --agent-image.`;

/** Where the agent image may come from besides the engine itself. */
export interface AgentImageSources {
  /** `--agent-image`: an image on the engine, used instead of ours. */
  readonly image?: string | undefined;
  /** An image archive to load, such as the lab's, before a build is tried. */
  readonly archive?: string | undefined;
  /** Receives one sentence for each thing that takes time. */
  readonly onStep?: ((step: string) => void) | undefined;
}

/**
 * The image agents are started from: the one asked for, one that is there, else loaded from the archive, else built from
 * Debian's packages.
 *
 * @returns its name or id
 * @throws DoctorError `AGENT_IMAGE` saying what is wrong with it and how to bring it
 */
export async function agentImage(engine: Engine, { image, archive, onStep }: AgentImageSources = {}): Promise<string> {
  if (image) return approved(engine, image);
  const present = await presentAgentImage(engine);
  if (present) return present;
  const [step, make] = archive
    ? ([`Loading the agent image from ${archive}`, () => engine.loadImage(createReadStream(archive))] as const)
    : (['Building the agent image from Debian packages (about a minute)', () => build(engine, onStep)] as const);
  onStep?.(step);
  try {
    await make();
  } catch (error) {
    throw new DoctorError(
      'AGENT_IMAGE',
      `There is no agent image on ${engine.name}, and making it failed: ${messageOf(error)}`,
      {
        hint: BRING_IT,
        cause: error,
      },
    );
  }
  return approved(engine, AGENT_TAG);
}

/** The agent image on the engine, of this version and by whatever name; `undefined` when there is none. */
export function presentAgentImage(engine: Engine): Promise<string | undefined> {
  return engine.findImage({ name: AGENT_LABEL, value: AGENT_VERSION });
}

async function approved(engine: Engine, image: string): Promise<string> {
  const labels = await engine.imageLabels(image);
  if (!labels) {
    throw new DoctorError('AGENT_IMAGE', `There is no image ${image} on ${engine.name}.`, {
      hint: `Bring it there with "docker pull ${image}" or "docker load", or leave --agent-image out.`,
    });
  }
  const version = labels[AGENT_LABEL];
  if (version === AGENT_VERSION) return image;
  const said = version === undefined ? 'is not an agent image' : `is an agent image of version ${version}`;
  throw new DoctorError(
    'AGENT_IMAGE',
    `The image ${image} ${said}: it lacks the label ${AGENT_LABEL}=${AGENT_VERSION}.`,
    {
      hint: `An image of your own needs that label, and these Debian packages: ${AGENT_PACKAGES.join(' ')}.`,
    },
  );
}

async function build(engine: Engine, onStep: AgentImageSources['onStep']): Promise<void> {
  const context = await pack({ Dockerfile: DOCKERFILE });
  await engine.buildImage(context, AGENT_TAG, (line) => onStep?.(`Building the agent image: ${line}`));
}
