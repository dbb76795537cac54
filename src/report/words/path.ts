import { deciderText } from '../../diagnosis/filter-names.js';
import type { FlowPath, KernelDrop, Loss, Prediction } from '../../path/path.js';
import { reasonText } from './reason.js';
import { notSeenText, unseenText } from './unseen.js';

/** What the model expects of a hop. */
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

/** What model and measurement make of each other, in a sentence or two. */
export function pathVerdictText({ verdict, loss }: Pick<FlowPath, 'verdict' | 'loss'>): string {
  switch (verdict.kind) {
    case 'arrives':
      return verdict.missing
        ? `It arrives; ${notSeenText(verdict.missing)}.`
        : 'It arrives, as the routes and rules that were seen say.';
    case 'arrives-though-blocked':
      return `It arrives, although ${reasonText(verdict.reason)}: something on the way is not as the model takes it to be.`;
    case 'partly': {
      const counts = `Of ${verdict.sent} packets ${verdict.arrived} arrive${countsText(loss)}.`;
      return verdict.reason ? `${counts} ${capital(reasonText(verdict.reason))}.` : counts;
    }
    case 'traced':
      return `Traced: ${deciderText(verdict.by)} drops it${verdict.predicted ? '' : ', where the model takes it to pass'}.`;
    case 'not-observed':
      return verdict.reason
        ? `Nobody looked; by the model, ${reasonText(verdict.reason)}.`
        : 'Nobody looked, and the model sees no reason.';
    case 'lost-later':
      return `Its first packet and the answer come through; then ${reasonText(verdict.reason)}.`;
    case 'blocked':
      return `${capital(reasonText(verdict.reason))}.`;
    case 'lost-outside-view':
      return outsideText(verdict);
  }
}

function outsideText({ seen, sender, missing }: Extract<FlowPath['verdict'], { kind: 'lost-outside-view' }>): string {
  const where = seen ? `beyond ${seen.device} on ${seen.node}` : `before it leaves ${sender || 'its sender'}`;
  const open = missing ? ` It could not be foretold: ${notSeenText(missing)}.` : '';
  return `The model says it passes and the packet dies ${where}: something outside our view, such as a filter upstream, port security, or a cloud's check of source addresses.${open}`;
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
  const owner = whose === 'probe' ? 'of this probe' : 'while the probes ran; whose they were does not show';
  return `kernel: ${reason}${place}, ${packets} packet${packets === 1 ? '' : 's'} ${owner}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
