import type { Evidence, ProbeResult } from '../../evidence/evidence.js';
import type { ContainerFact, Facts } from '../../evidence/facts.js';
import { knownFrom, pathOf } from '../../path/trace.js';
import { overText, type CheckPlan, type Target } from '../../scenario/plan.js';
import { makeCheck } from '../../scenario/settle/settle-checks.js';
import { outsideClients, type OutsideClient } from './outside-clients.js';
import { isMain, servicesOf, type Listening, type Service } from './services.js';

/** A request that no machine outside could be made to send: the model says what would become of it. */
export interface InboundQuestion {
  readonly check: CheckPlan;
  readonly probe: ProbeResult;
  /** Present where the usual client is predicted to be stopped, and the one asked about here is not. */
  readonly instead?: OutsideClient;
}

/**
 * One question for each service of a container, as a machine outside would ask it. Where the usual client is stopped and another that a
 * filter lets in by name is not, the service is restricted on purpose, and that one is asked about. Pure.
 */
export function inboundQuestions(
  facts: Partial<Facts>,
  { container, sockets }: Pick<Listening, 'container' | 'sockets'>,
): readonly InboundQuestion[] {
  const services = servicesOf({ container, networks: facts.networks ?? [], sockets });
  return services.flatMap((service) => questionAbout(facts, container, service) ?? []);
}

function questionAbout(facts: Partial<Facts>, container: ContainerFact, service: Service): InboundQuestion | undefined {
  const questions = outsideClients(facts, service).map((client) => ({
    client,
    ...question(client, targetOf(container, service), service),
  }));
  const [usual] = questions;
  if (!usual) return undefined;
  const known = knownFrom(facts);
  const chosen = questions.find(({ probe }) => !isBlocked(pathOf(known, probe))) ?? usual;
  const { check, probe } = chosen;
  return chosen === usual ? { check, probe } : { check, probe, instead: usual.client };
}

function isBlocked({ verdict }: ReturnType<typeof pathOf>): boolean {
  return verdict.kind === 'not-observed' && verdict.reason !== undefined;
}

export function targetOf(container: ContainerFact, { address }: Service): Target {
  const label = isMain(container, address) ? container.name : address;
  return { label, node: container.name, name: undefined, address };
}

function question({ label, address }: OutsideClient, to: Target, { protocol, port }: Service): InboundQuestion {
  const check = makeCheck(label, to, { protocol, port });
  const { id, from, over } = check;
  const probe: ProbeResult = {
    ...{ id, from, to, over, purpose: 'check', command: '', tag: undefined, source: address },
    outcome: { kind: 'not-asked' },
  };
  return { check, probe };
}

/** What is told of services that only some clients reach, one sentence each. */
export function restrictions(questions: readonly InboundQuestion[]): readonly string[] {
  return questions.flatMap(({ check: { from, to, over }, instead }) =>
    instead === undefined
      ? []
      : [`Predicted: ${to.label} lets ${from} reach ${overText(over)}, and not ${instead.label} (${instead.address}).`],
  );
}

/** Whether a check asks, from a machine that was not let in by name, for a service that only some clients reach. */
export function isRestricted(
  { to, over }: Pick<CheckPlan, 'to' | 'over'>,
  questions: readonly InboundQuestion[],
): boolean {
  return questions.some(
    ({ check, instead }) =>
      instead !== undefined && check.to.address === to.address && overText(check.over) === overText(over),
  );
}

/** Evidence with the questions that nothing was sent for; what other containers sent to a restricted service only compares. */
export function withInbound(evidence: Evidence, questions: readonly InboundQuestion[]): Evidence {
  const probes = evidence.probes.map((probe) =>
    isRestricted(probe, questions) ? { ...probe, purpose: 'comparison' as const } : probe,
  );
  return { ...evidence, probes: [...probes, ...questions.map(({ probe }) => probe)] };
}
