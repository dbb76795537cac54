import type { FlowPath, PathHop } from '../../src/path/path.js';
import {
  RESULT_SCHEMA,
  RESULT_VERSION,
  type CheckResult,
  type Result,
  type ScenarioResult,
} from '../../src/report/result.js';

/** Results written by hand, for tests of how results are told. */
export function result(scenarios: readonly ScenarioResult[], change: Partial<Result> = {}): Result {
  return {
    $schema: RESULT_SCHEMA,
    schemaVersion: RESULT_VERSION,
    tool: { name: 'ipvlan-doctor', version: '0.0.0' },
    run: {
      id: 'r1',
      verb: 'run',
      startedAt: '2026-01-02T03:04:05.000Z',
      endedAt: '2026-01-02T03:05:05.000Z',
      exitCode: 0,
    },
    environment: undefined,
    scenarios,
    cleanup: { state: 'complete', left: [] },
    error: undefined,
    timing: [],
    ...change,
  };
}

export function check(change: Partial<CheckResult> = {}): CheckResult {
  return {
    id: 'webapp>google.com/icmp',
    from: 'webapp',
    to: 'google.com',
    address: '8.8.8.8',
    over: 'icmp',
    line: 12,
    expected: { kind: 'reachable' },
    observed: 'reachable',
    attempts: { sent: 5, arrived: 5 },
    roundTripMs: 1.5,
    failure: undefined,
    said: [],
    verdict: 'pass',
    explainedBy: [],
    afterRemedy: undefined,
    ...change,
  };
}

export function healthy(change: Partial<ScenarioResult> = {}): ScenarioResult {
  return {
    id: 'healthy',
    title: 'Nothing is broken',
    why: undefined,
    file: undefined,
    verdict: 'pass',
    reason: undefined,
    headline: '1 of 1 checks went as expected.',
    topology: undefined,
    checks: [check()],
    paths: [],
    causes: [],
    ruledOut: [],
    inconclusive: [],
    unexplained: [],
    expectedCauses: [],
    remedy: { proof: 'not tried', because: 'no cause was found' },
    assumptions: [],
    warnings: [],
    timing: [{ phase: 'probe', ms: 2500 }],
    evidence: 'healthy/evidence.json',
    ...change,
  };
}

/** A cause that what was seen does not settle, and those it cannot be told apart from. */
export function open(oneOf: readonly string[]): ScenarioResult['inconclusive'][number] {
  return {
    id: 'gateway-no-nat-for-container-subnet',
    title: 'No NAT',
    missing: 'what the gateway does',
    explains: ['webapp>google.com/icmp'],
    oneOf,
    test: { on: 'gateway', run: 'tcpdump -ni wan0', undo: undefined },
  };
}

function lostOnTheWayBack(): FlowPath {
  const hop = (hop: PathHop['hop'], node: string, rest: Partial<PathHop> = {}): PathHop => ({
    hop,
    node,
    text: 'via 192.168.0.1 dev enp0s3',
    predicted: { verdict: 'passes' },
    observed: 'passed',
    traced: undefined,
    sources: ['192.168.10.10'],
    ...rest,
  });
  const reason = { kind: 'only-default-route', destination: '192.168.10.10' } as const;
  return {
    id: 'webapp>google.com/icmp',
    forward: [hop('container-route', 'webapp'), hop('host-route', 'host'), hop('target', 'internet')],
    return: [
      hop('gateway-route-back', 'gateway', { predicted: { verdict: 'blocks', reason }, observed: 'lost' }),
      hop('container', 'webapp', { observed: 'not reached', sources: undefined }),
    ],
    end: {
      direction: 'return',
      hop: 'gateway-route-back',
      node: 'gateway',
      lastSeen: { node: 'gateway', device: 'wan0' },
      kernel: undefined,
    },
    agreement: 'agree',
    verdict: { kind: 'blocked', reason },
  };
}

export function withoutReturnRoute(change: Partial<ScenarioResult> = {}): ScenarioResult {
  const explanation =
    'webapp (192.168.10.10) cannot reach google.com: the gateway 192.168.0.1 has no route back to 192.168.10.0/24.';
  return healthy({
    id: 'first-attempt',
    title: 'The first attempt',
    headline: explanation,
    flow: 'webapp>google.com/icmp',
    checks: [
      check({
        observed: 'blocked',
        attempts: { sent: 5, arrived: 0 },
        failure: 'timeout',
        expected: { kind: 'blocked-by', cause: 'gateway-missing-return-route' },
        explainedBy: ['gateway-missing-return-route'],
        afterRemedy: 'reachable',
      }),
    ],
    paths: [lostOnTheWayBack()],
    causes: [
      {
        id: 'gateway-missing-return-route',
        title: 'The gateway has no route back to the container subnet',
        kind: 'fault',
        layer: 'gateway',
        hop: 'gateway-route-back',
        explanation,
        background: 'The gateway has no return route.',
        see: ['https://docs.docker.com/engine/network/drivers/ipvlan/'],
        confidence: 'certain',
        observations: [
          {
            kind: 'only-default-route',
            node: 'gateway',
            subnet: '192.168.10.0/24',
            sentence: 'gateway: only the default route matches 192.168.10.0/24 (ip route).',
          },
        ],
        explains: ['webapp>google.com/icmp'],
        flow: 'webapp>google.com/icmp',
        remedies: [
          {
            title: 'Add a static route',
            use: 'run',
            proof: 'verified',
            commands: [
              {
                on: 'gateway',
                run: 'ip route replace 192.168.10.0/24 via 192.168.0.2',
                undo: 'ip route del 192.168.10.0/24 via 192.168.0.2',
              },
            ],
          },
        ],
      },
    ],
    ruledOut: [
      { id: 'host-ip-forward-off', title: 'IP forwarding is off', because: 'IPvlan never asks it.', oftenBlamed: true },
    ],
    remedy: { proof: 'verified' },
    ...change,
  });
}
