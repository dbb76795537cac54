import { deciderText } from '../../diagnosis/filter-names.js';
import type { FlowPath, KernelDrop, Loss, PathVerdict, Prediction, Told } from '../../path/path.js';
import { HOP_TEXTS } from './hop.js';
import { complaintText } from './icmp.js';
import { reasonText } from './reason.js';
import { notSeenText, unseenText } from './unseen.js';

/** What is predicted of a hop. */
export function predictionText(predicted: Prediction): string {
  switch (predicted.verdict) {
    case 'passes':
      return 'passes';
    case 'blocks':
      return `blocks: ${reasonText(predicted.reason)}`;
    case 'unknown':
      return `unknown: ${unseenText(predicted.missing)}`;
  }
}

/** What prediction and observation say together, in a sentence or two. */
export function pathVerdictText({ verdict, loss, told }: Pick<FlowPath, 'verdict' | 'loss' | 'told'>): string {
  const said = told ? toldText(told) : undefined;
  if (verdict.kind === 'lost-outside-view') return outsideText(verdict, said);
  const text = verdictText(verdict, loss);
  return said === undefined ? text : `${text} ${said}`;
}

function verdictText(verdict: Exclude<PathVerdict, { kind: 'lost-outside-view' }>, loss: Loss | undefined): string {
  switch (verdict.kind) {
    case 'arrives':
      return verdict.missing ? `It arrives; ${notSeenText(verdict.missing)}.` : 'It arrives, as predicted.';
    case 'other-replies':
      return otherRepliesText(verdict);
    case 'arrives-though-blocked':
      return `It arrives. Predicted otherwise: ${reasonText(verdict.reason)}. The prediction is wrong.`;
    case 'partly': {
      const counts = `Of ${verdict.sent} packets ${verdict.arrived} arrive${countsText(loss)}.`;
      return verdict.reason ? `${counts} The others are blocked: ${reasonText(verdict.reason)}.` : counts;
    }
    case 'traced':
      return `Traced: ${deciderText(verdict.by)} drops it${verdict.predicted ? '' : ', and the prediction was that it passes'}.`;
    case 'not-observed':
      if (verdict.reason) return `Not observed. Predicted: ${reasonText(verdict.reason)}.`;
      return verdict.missing
        ? `Not observed, and not predictable: ${notSeenText(verdict.missing)}.`
        : 'Not observed. Predicted: it passes.';
    case 'lost-later':
      return `Its first packet and the reply arrive; then ${reasonText(verdict.reason)}.`;
    case 'blocked':
      return `Blocked: ${reasonText(verdict.reason)}.`;
    case 'lost-in-view':
      return insideText(verdict);
  }
}

function otherRepliesText({ target, reason, seen }: Extract<PathVerdict, { kind: 'other-replies' }>): string {
  if (target === undefined && reason)
    return `A reply arrives. Predicted: another machine sends it, because ${reasonText(reason)}.`;
  const whole = `A reply arrives from another machine, and ${target ?? 'the target'} receives no request`;
  if (reason) return `${whole}: ${reasonText(reason)}.`;
  return `${whole}${seen ? `. The request was last seen at ${seen.device} on ${seen.node}` : ''}. Which machine replies is outside our view.`;
}

function insideText({ hop, node, seen, missing }: Extract<PathVerdict, { kind: 'lost-in-view' }>): string {
  const open = missing ? `; ${notSeenText(missing)}` : ', and the prediction was that it passes';
  if (seen === undefined) return `No packet was seen to leave ${node}${open}.`;
  return hop === 'target'
    ? `The request arrives at ${node}, which sends no reply${missing ? open : ', and the prediction was that it replies'}.`
    : `The packet is lost on ${node}, at ${HOP_TEXTS[hop]}${open}.`;
}

function outsideText(
  { seen, sender, missing }: Extract<PathVerdict, { kind: 'lost-outside-view' }>,
  said: string | undefined,
): string {
  const where = seen ? `beyond ${seen.device} on ${seen.node}` : `before it leaves ${sender || 'its sender'}`;
  const open = missing ? ` ${capital(notSeenText(missing))}.` : '';
  if (said !== undefined) return `The packet is lost ${where}. ${said}${open}`;
  return `The packet is lost ${where}, and every hop that was observed should pass it. The reason is outside our view: a filter upstream, port security, or a cloud's check of source addresses, for example.${open}`;
}

function toldText({ sender, complaint, part, mtu, seen }: Told): string {
  return `${sender} replied to the ${part} with ${complaintText({ complaint, mtu })}, seen at ${seen.device} on ${seen.node}.`;
}

function countsText(loss: Loss | undefined): string {
  const places = [loss?.before, loss?.after].flatMap((one) =>
    one ? [`${one.packets} at ${one.device} on ${one.node}`] : [],
  );
  return places.length > 0 ? `: ${places.join(', then ')}` : '';
}

/** What the kernel says of packets it dropped: `kernel: NETFILTER_DROP at nft_do_chain, 5 packets of this probe`. */
export function kernelText(drop: KernelDrop | undefined): string | undefined {
  if (drop === undefined) return undefined;
  const { reason, location, packets, whose } = drop;
  const place = location === undefined ? '' : ` at ${location}`;
  const owner = whose === 'probe' ? 'of this probe' : 'while the probes ran; their sender is not known';
  return `kernel: ${reason}${place}, ${packets} packet${packets === 1 ? '' : 's'} ${owner}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
