import type { ContainerFact } from '../../evidence/facts.js';
import { familyOf } from '../../ip.js';
import { siblingPrediction } from '../../path/predict/hops.js';
import type { CheckPlan } from '../../scenario/plan.js';
import { makeCheck } from '../../scenario/settle/settle-checks.js';
import { targetOf } from './inbound-questions.js';
import { servicesOf, type Listening, type Service } from './services.js';

/**
 * The services of a container as a sibling asks for them, which runs already: that tests the container's own filter and the address a
 * service listens on, and nothing on the parent. TCP only, because a UDP service may leave a stranger unanswered. Pure.
 *
 * @param siblings those that run
 */
export function siblingQuestions(listening: Listening, siblings: readonly ContainerFact[]): readonly CheckPlan[] {
  return servicesOf(listening).flatMap((service) => {
    const sibling = service.protocol === 'tcp' ? siblings.find((one) => mayAsk(one, service)) : undefined;
    const over = { protocol: service.protocol, port: service.port };
    return sibling ? [makeCheck(sibling.name, targetOf(listening.container, service), over)] : [];
  });
}

function mayAsk({ attachments }: ContainerFact, { network, address }: Service): boolean {
  const near = attachments.find((one) => one.network === network.name);
  const hasFamily = near?.addresses.some((one) => familyOf(one) === familyOf(address)) ?? false;
  return hasFamily && siblingPrediction(network).verdict === 'passes';
}
