import type { Inspected, Shell } from '../../engine/engine.js';
import { DoctorError } from '../../errors.js';
import { addressesInUse } from '../../probes/facts/addresses-in-use.js';
import { listen, type Heard, type ListenRequest } from '../../probes/capture/listen.js';
import { childLinks, type ChildLink } from '../../probes/facts/child-links.js';
import { lookInside } from '../../probes/unprivileged/inside.js';
import { look } from '../../probes/look.js';
import type { Looked, LookRequest } from '../../probes/look-request.js';
import { survey, type Survey } from '../../probes/facts/survey.js';
import type { LiveNode } from '../../topology/node.js';
import type { EngineSession } from '../session.js';
import type { AttachOptions } from './attach-session.js';

/** How a running system is looked at: through our temporary helper container, or from inside each container. */
export interface Observer {
  readonly survey: (asked: {
    readonly nodes: readonly LiveNode[];
    readonly names: readonly string[];
  }) => Promise<Survey>;
  /** @param containers those the request's nodes are */
  readonly look: (request: LookRequest, containers: readonly Inspected[]) => Promise<Looked>;
  /** Addresses that another machine on a parent's LAN has already; empty without a helper, which alone can ask. */
  readonly inUse: (asked: Parameters<typeof addressesInUse>[1]) => Promise<readonly string[]>;
  /** IPvlan and macvlan links on a parent, in any namespace; without a helper only Docker's own networks are known. */
  readonly children: (parent: string) => Promise<readonly ChildLink[]>;
  /** Listens and sends nothing; absent without a helper, which alone can. */
  readonly listen?: (asked: Omit<ListenRequest, 'signal'>) => Promise<readonly Heard[]>;
  /** What certainty a look without a helper costs; empty with a helper. */
  readonly lost: readonly string[];
}

/**
 * Our privileged helper; where the user wants none, or the engine will not run it, the tools the containers have.
 *
 * @throws DoctorError when there is no agent image for a helper that was not forbidden
 */
export async function observer(session: EngineSession, { privileged, signal }: AttachOptions): Promise<Observer> {
  if (privileged === false) return inside(session, 'no privileged helper was wanted');
  try {
    const agent = await session.agent();
    return { ...observing(agent.until(signal)), listen: (asked) => listen(agent, { ...asked, signal }) };
  } catch (error) {
    if (!(error instanceof DoctorError) || !REFUSED.includes(error.code)) throw error;
    return inside(session, `no privileged helper: ${error.message.replace(/\.$/, '')}`);
  }
}

function observing(agent: Shell): Observer {
  return {
    survey: (asked) => survey(agent, asked),
    look: (request) => look(agent, request),
    inUse: (asked) => addressesInUse(agent, asked),
    children: (parent) => childLinks(agent, parent),
    lost: [],
  };
}

const REFUSED: readonly DoctorError['code'][] = ['ENGINE_REFUSED', 'AGENT_FAILED'];

function inside({ engine }: EngineSession, why: string): Observer {
  return {
    survey: () => Promise.resolve({ links: [], routes: [], inside: {}, sockets: {}, resolved: {} }),
    look: (request, containers) =>
      lookInside(engine, request, { ids: new Map(containers.map(({ name, id }) => [name, id])), why }),
    inUse: () => Promise.resolve([]),
    children: () => Promise.resolve([]),
    lost: [
      `Looked from inside the containers only (${why}): causes on the host, the gateway or the wire are at most suspected, nothing was compared with the host, and a target that does not respond cannot be told from one that does not exist.`,
    ],
  };
}
