import { isAddress, isPrivate } from '../../../ip.js';
import { placeholder, sh } from '../../../shell.js';
import { advice, defineCause, found } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { crossesParent, idsOf, named } from '../../flow-questions.js';
import type { Observation } from '../../observation.js';

/** A flow whose HTTP request another server replied to, with what shows it. */
interface Intercepted extends Flow {
  readonly wants: 'login' | 'proxy';
  readonly reply: string;
}

export const captivePortalOrProxyRequired = defineCause({
  id: 'captive-portal-or-proxy-required',
  title: 'A login page or a proxy replies to web requests',
  layer: 'uplink',
  kind: 'informational',
  hop: 'uplink',
  appliesTo: ['ipvlan', 'macvlan', 'bridge'],
  needs: ['nodes', 'networks'],
  background: `
    Guest networks and companies let ping and DNS pass. They reply to every web request themselves until the user has logged
    in or uses their proxy. They identify machines by IP or MAC address, so a container with an address of its own is unknown
    to them although its host is not. Packets arrive and a reply comes: only its content shows the problem.`,
  see: ['https://www.rfc-editor.org/rfc/rfc6585', 'https://www.rfc-editor.org/rfc/rfc8952'],

  detect({ flows, network: { names } }) {
    const caught = flows.flatMap((flow) => interceptedOf(flow, flows) ?? []);
    const flow = caught.find((one) => one.outbound && crossesParent(one));
    if (!flow) return undefined;
    const onHost = caught.find(({ from }) => from.node?.name === names.hostName);
    return found({
      detail: { flow, host: onHost !== undefined },
      explains: idsOf(caught),
      confidence: isStatus(flow.reply) ? 'certain' : 'likely',
      because: [webReply(flow), ...(onHost ? [webReply(onHost)] : [])],
    });
  },
  explain: ({ flow, host }) =>
    `${named(flow)} reaches the network and not the web: ${flow.wants === 'login' ? 'a login page' : 'a proxy'} replies in place of ${flow.to.label}${host ? ', also to the Docker host' : ''}.`,
  remedy: ({ flow }) => [
    flow.wants === 'login'
      ? advice('Log in from the container, or ask the operator of the network to allow its address', flow.from.label, [
          sh`curl -v http://${flow.to.label}/`,
        ])
      : advice('Set the proxy for the container', 'docker', [
          sh`docker run --env HTTP_PROXY=http://${placeholder('PROXY:PORT')} --env HTTPS_PROXY=http://${placeholder('PROXY:PORT')} ${placeholder('IMAGE')}`,
        ]),
  ],
});

/** @returns `undefined` when the reply may be the target's own */
function interceptedOf(flow: Flow, others: readonly Flow[]): Intercepted | undefined {
  const [status = '', header = ''] = repliesTo(flow);
  if (/^HTTP\/\S+ 511\b/.test(status)) return { ...flow, wants: 'login', reply: status };
  if (/^HTTP\/\S+ 407\b/.test(status)) return { ...flow, wants: 'proxy', reply: status };
  const elsewhere = /^Location: https?:\/\/\[?([^/:\]]+)/i.exec(header)?.[1];
  if (elsewhere === undefined || haveSameOwner(elsewhere, flow.to.label)) return undefined;
  const differs = others.some(
    (other) =>
      other.to.address === flow.to.address &&
      repliesTo(other).length > 0 &&
      repliesTo(other).join() !== `${status},${header}`,
  );
  // A public name may send its visitors to any other: it shows something only where another client is not sent there.
  const within = isAddress(elsewhere) && isPrivate(elsewhere);
  return within || differs ? { ...flow, wants: 'login', reply: header } : undefined;
}

/** The status line of an HTTP server, and no `Location`. */
function isStatus(reply: string): boolean {
  return reply.startsWith('HTTP');
}

function webReply({ from, to, reply }: Intercepted): Observation {
  return { kind: 'web-reply', node: from.label, target: to.label, text: reply };
}

/** The first lines of what a web server sent. */
function repliesTo({ probe: { over, outcome } }: Flow): readonly string[] {
  return over.protocol === 'http' && outcome.kind === 'attempts' ? outcome.answers : [];
}

/** Whether two names have one owner, as far as names show: `google.com`, `www.google.com` and `google.de`. */
function haveSameOwner(one: string, other: string): boolean {
  const owner = (name: string) => name.toLowerCase().split('.').at(-2);
  return one === other || (!isAddress(one) && owner(one) === owner(other));
}
