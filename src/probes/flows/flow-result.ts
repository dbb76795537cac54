import type { Outcome, ProbeResult } from '../../evidence/evidence.js';
import type { CheckPlan } from '../../scenario/plan.js';
import { commandLine } from '../../shell.js';
import type { LookRequest } from '../look-request.js';
import type { Output, Outputs } from '../outputs.js';
import { dns, parseQuery } from './dns.js';
import { attempts } from './flow-probe.js';
import { asking, commandOf, FLOW_PROBES, idle, resolvedBeside, tagOf } from './flow-probes.js';

interface Answered {
  readonly check: CheckPlan;
  readonly purpose: ProbeResult['purpose'];
  readonly index: number;
  readonly request: LookRequest;
  readonly outputs: Outputs;
}

/** What came of one of the request's probes. */
export function flowResult({ check, purpose, index, request, outputs }: Answered): ProbeResult {
  const notRunning = idle(check, request);
  if (notRunning) return unsent(check, purpose, notRunning);
  const asked = asking(check, index, request);
  const node = request.nodes.findIndex(({ name }) => name === check.from);
  const probe = FLOW_PROBES[check.over.protocol];
  if (asked === undefined) {
    const error = `${check.from} has no address here to reach ${check.to.address} from.`;
    return unsent(check, purpose, { kind: 'broken', error });
  }
  const outcome = outcomeOf(node < 0 ? undefined : outputs.get(node, `probe-${index}`), (output) =>
    probe.parse(output, asked),
  );
  const name = resolvedBeside(check);
  return {
    id: check.id,
    from: check.from,
    to: check.to,
    over: check.over,
    purpose,
    command: `${commandLine(request.nodes[node]?.enter ?? [])} ${commandOf(probe, asked)}`.trim(),
    tag: tagOf(request, index),
    packets: probe.packets(asked) + (name === undefined ? 0 : dns.packets(asked)),
    outcome:
      name === undefined
        ? outcome
        : withName(
            outcome,
            outcomeOf(outputs.get(node, `probe-${index}-name`), (output) => parseQuery(output, true)),
            check,
          ),
  };
}

function unsent({ id, from, to, over }: CheckPlan, purpose: ProbeResult['purpose'], outcome: Outcome): ProbeResult {
  return { id, from, to, over, purpose, command: '', tag: undefined, outcome };
}

/** A program that could not run, or did not end, leaves nothing to parse: we could not ask. */
function outcomeOf(output: Output | undefined, parse: (output: Output) => Outcome): Outcome {
  if (!output) return { kind: 'broken', error: 'There is no such node.' };
  const { exitCode, stderr } = output;
  if (exitCode < 0 || exitCode === 126 || exitCode === 127) return { kind: 'broken', error: stderr.trim() };
  return parse(output);
}

function whyNotAsked(outcome: Exclude<Outcome, { kind: 'attempts' }>): string {
  switch (outcome.kind) {
    case 'broken':
      return outcome.error;
    case 'not-running':
      return outcome.because;
    case 'not-asked':
      return 'it was not sent';
  }
}

/** A name that does not resolve makes the target unreachable, even where its address answers. */
function withName(direct: Outcome, resolution: Outcome, { to }: CheckPlan): Outcome {
  if (direct.kind !== 'attempts') return direct;
  if (resolution.kind !== 'attempts')
    return {
      kind: 'broken',
      error: `looking up ${to.name}: ${whyNotAsked(resolution)}`,
    };
  if (resolution.arrived > 0) {
    const elsewhere = resolution.answers.includes(to.address)
      ? []
      : [`${to.name} resolves to ${resolution.answers.join(', ')}`];
    return { ...direct, said: [...direct.said, ...elsewhere], answers: [...direct.answers, ...resolution.answers] };
  }
  const words = `${to.name} did not resolve: ${resolution.said.join('; ') || 'no answer'}`;
  const failure = direct.arrived > 0 ? 'not-resolved' : direct.failure;
  const reached = direct.arrived > 0 ? [`${to.address} itself answered ${direct.arrived} of ${direct.sent}`] : [];
  return attempts({ ...direct, arrived: 0, failure, said: [...direct.said, ...reached, words] });
}
