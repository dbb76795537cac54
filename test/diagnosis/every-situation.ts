import type { Evidence } from '../../src/evidence/evidence.js';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import { alsoAsked, change, lost, recorded, recordedIds, refusing, type Situation } from './situation.js';

/** Situations in which every cause that has commands is found at least once: all recorded runs, and some made from them. */
export function everySituation(): ReadonlyMap<string, Situation> {
  return new Map([...recordedIds().map((id) => [id, recorded(id)] as const), ...Object.entries(made())]);
}

function made(): Readonly<Record<string, Situation>> {
  const healthy = recorded('l2-healthy');
  const started = (message: string) => refusing(healthy, { step: 'start-container', container: 'webapp', message });
  const created = (message: string) => refusing(healthy, { step: 'create-network', message });
  const cutOff = recorded('article-first-attempt');
  const unanswered = lost(recorded('l2-healthy'), 'timeout', 'webapp>gateway/icmp');
  return {
    'a network that only holds configuration': started('cannot join a container to a configuration-only network'),
    'a network of a swarm without a swarm': created('This node is not a swarm manager. Use "docker swarm init".'),
    'a network of a swarm for services only': started(
      'Could not attach to network office: rpc error: code = PermissionDenied desc = network office not manually attachable',
    ),
    'a network refused for an unknown reason': created('the moon is in the wrong house'),
    'a container refused for an unknown reason': started('OCI runtime create failed: unable to start'),
    'a kernel without IPvlan': started('failed to create the ipvlan port: operation not supported'),
    'a network that is lost': started('failed to create endpoint webapp: network id "0123456789abcdef" not found'),
    'Docker Desktop': change(cutOff, ({ engine }) => ({ engine: { ...engine, operatingSystem: 'Docker Desktop' } })),
    'a rootless engine': change(cutOff, ({ engine }) => ({ engine: { ...engine, rootless: true } })),
    'Docker 26.0.0': nameNotResolved('26.0.0'),
    'a request for a lease': {
      ...unanswered,
      probes: unanswered.probes.map((probe) =>
        probe.id === 'webapp>gateway/icmp' ? { ...probe, over: { protocol: 'udp', port: 67 } } : probe,
      ),
    },
  };
}

function nameNotResolved(version: string): Situation {
  const id = 'webapp>google.com/dns';
  const asked = alsoAsked(recorded('article-second-attempt'), 'webapp>google.com/icmp', {
    id,
    over: { protocol: 'dns' },
    tag: undefined,
  });
  return change(lost(asked, 'not-resolved', id), ({ engine }) => ({ engine: { ...engine, version } }));
}

/** A command as a report prints it: a remedy's, its undo, or the test that would decide. */
export interface Printed {
  readonly cause: string;
  /** Of the remedy; absent for a test. */
  readonly title: string | undefined;
  readonly on: string;
  readonly text: string;
}

export function printedIn(evidence: Evidence): readonly Printed[] {
  const { found, inconclusive } = diagnose(evidence);
  return [
    ...found.flatMap(({ cause, remedies }) =>
      remedies.flatMap(({ title, commands }) =>
        commands.flatMap(({ on, run, undo }) =>
          [run, ...(undo === undefined ? [] : [undo])].map((text) => ({ cause: cause.id, title, on, text })),
        ),
      ),
    ),
    ...inconclusive.flatMap(({ cause, ruling: { test } }) =>
      test ? [{ cause: cause.id, title: undefined, on: test.on, text: test.run }] : [],
    ),
  ];
}
