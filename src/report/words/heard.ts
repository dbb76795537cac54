import type { HeardFlow, HeardFlowSeen, HeardPacket } from '../../network/observations/heard.js';

/** A packet of a container's own traffic, at a vantage point. */
export interface HeardEvent {
  readonly flow: HeardFlow;
  readonly part: HeardPacket['part'];
  readonly device: string;
  /** The container whose traffic it is. */
  readonly container: string;
  /** Whether it was heard at the container itself, and not at the parent. */
  readonly inside: boolean;
}

/** One line for what was heard, as it is heard. */
export function heardText(event: HeardEvent): string {
  return event.flow.direction === 'inbound' ? inboundText(event) : outboundText(event);
}

function inboundText({ flow, part, device, container, inside }: HeardEvent): string {
  const { peer } = flow;
  const over = serviceText(flow);
  switch (part) {
    case 'request':
      return inside
        ? `The request from ${peer} over ${over} reached ${container}.`
        : `A request from ${peer} to ${container} over ${over} reached ${device}.`;
    case 'reply':
      return inside
        ? `${container} replied to ${peer} over ${over}.`
        : `The reply of ${container} to ${peer} over ${over} left ${device}.`;
    case 'refusal':
      return inside
        ? `${container} rejected the connection from ${peer} over ${over}.`
        : `The rejection of ${container} to ${peer} over ${over} left ${device}.`;
  }
}

function outboundText({ flow, part, device, container, inside }: HeardEvent): string {
  const { peer } = flow;
  const over = serviceText(flow);
  const what = part === 'refusal' ? 'rejection' : 'reply';
  if (part === 'request')
    return inside
      ? `${container} sent a request to ${peer} over ${over}.`
      : `The request of ${container} to ${peer} over ${over} left ${device}.`;
  return inside
    ? `The ${what} from ${peer} over ${over} reached ${container}.`
    : `A ${what} from ${peer} to ${container} over ${over} reached ${device}.`;
}

function serviceText({ protocol, port }: HeardFlow): string {
  return port === undefined ? protocol : `${protocol}/${port}`;
}

/** What each vantage point saw of a flow: one line, with both ends. */
export function heardCounts(flow: HeardFlowSeen, container: string): string {
  const { direction, peer } = flow;
  const ends = direction === 'inbound' ? `${peer} to ${container}` : `${container} to ${peer}`;
  return `${ends} over ${serviceText(flow)}: ${countsAt(flow).join('; ')}.`;
}

/** What each vantage point saw of a flow, one entry each. */
export function countsAt({ connections }: HeardFlowSeen): readonly string[] {
  const [first] = connections;
  return (first?.at ?? []).map(({ node, device }, index) => {
    const sum = (part: 'requests' | 'replies' | 'refusals') =>
      connections.reduce((all, { at }) => all + (at[index]?.[part] ?? 0), 0);
    const refused = sum('refusals');
    const rejections = refused > 0 ? ` and ${packets(refused, 'rejection')}` : '';
    return `${device} of ${node} saw ${packets(sum('requests'), 'request packet')} and ${packets(sum('replies'), 'reply packet')}${rejections}`;
  });
}

function packets(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
