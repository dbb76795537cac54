import { isPrivate } from '../../../path/predict/hops.js';
import { isAddress } from '../../../ip.js';
import { placeholder, sh } from '../../../shell.js';
import { advice, defineCause, found } from '../../cause.js';
import type { Flow } from '../../flow.js';
import { crossesParent, idsOf, named } from '../../flow-questions.js';
import { hostName } from '../../reading.js';

/** A flow whose HTTP request somebody else answered, with what gave it away. */
interface Intercepted extends Flow {
  readonly wants: 'login' | 'proxy';
  readonly said: string;
}

export const captivePortalOrProxyRequired = defineCause({
  id: 'captive-portal-or-proxy-required',
  title: 'The web is answered by somebody in between: a login page, or a proxy that must be used',
  layer: 'uplink',
  kind: 'informational',
  hop: 'uplink',
  appliesTo: ['ipvlan', 'macvlan', 'bridge'],
  needs: ['nodes', 'networks'],
  background: `
    Guest networks and companies let ping and DNS pass and answer every web request themselves until somebody has logged in
    or goes by their proxy. They know who is who by address or hardware address, so that containers with addresses of their
    own are strangers to them although their host is not. Packets arrive and an answer comes: only what it says tells.`,
  see: ['https://www.rfc-editor.org/rfc/rfc6585', 'https://www.rfc-editor.org/rfc/rfc8952'],

  detect(view) {
    const caught = view.flows.flatMap((flow) => interceptedOf(flow, view.flows) ?? []);
    const flow = caught.find((one) => one.outbound && crossesParent(one));
    if (!flow) return undefined;
    const host = caught.some(({ from }) => from.node?.name === hostName(view.nodes));
    return found({
      detail: { flow, host },
      explains: idsOf(caught),
      confidence: /^HTTP/.test(flow.said) ? 'certain' : 'likely',
      because: [
        `${flow.from.label}: asked for ${flow.to.label}, "${flow.said}" comes back.`,
        ...(host ? [`${hostName(view.nodes)}: it gets the same.`] : []),
      ],
    });
  },
  explain: ({ flow, host }) =>
    `${named(flow)} reaches the network and not the web: whoever answers in place of ${flow.to.label} ${flow.wants === 'login' ? 'wants somebody to log in' : 'wants a proxy to be used'}${host ? ', from the Docker host too' : ''}.`,
  remedy: ({ flow }) => [
    flow.wants === 'login'
      ? advice(
          'Log in from the container, or have its address let through by whoever runs the network',
          flow.from.label,
          [sh`curl -v http://${flow.to.label}/`],
        )
      : advice('Tell the container which proxy to use', 'docker', [
          sh`docker run --env HTTP_PROXY=http://${placeholder('PROXY:PORT')} --env HTTPS_PROXY=http://${placeholder('PROXY:PORT')} ${placeholder('IMAGE')}`,
        ]),
  ],
});

/** @returns `undefined` when the answer may well be the target's own */
function interceptedOf(flow: Flow, others: readonly Flow[]): Intercepted | undefined {
  const [status = '', said = ''] = answersOf(flow);
  if (/^HTTP\/\S+ 511\b/.test(status)) return { ...flow, wants: 'login', said: status };
  if (/^HTTP\/\S+ 407\b/.test(status)) return { ...flow, wants: 'proxy', said: status };
  const elsewhere = /^Location: https?:\/\/\[?([^/:\]]+)/i.exec(said)?.[1];
  if (elsewhere === undefined || isKin(elsewhere, flow.to.label)) return undefined;
  const differs = others.some(
    (other) =>
      other.to.address === flow.to.address &&
      answersOf(other).length > 0 &&
      answersOf(other).join() !== `${status},${said}`,
  );
  // A public name may send its visitors to any other: only where somebody else is not sent there does it tell.
  const within = isAddress(elsewhere) && isPrivate(elsewhere);
  return within || differs ? { ...flow, wants: 'login', said } : undefined;
}

function answersOf({ probe: { over, outcome } }: Flow): readonly string[] {
  return over.protocol === 'http' && outcome.kind === 'attempts' ? outcome.answers : [];
}

/** Whether two names are of one owner, as far as names tell: `google.com`, `www.google.com` and `google.de`. */
function isKin(one: string, other: string): boolean {
  const owner = (name: string) => name.toLowerCase().split('.').at(-2);
  return one === other || (!isAddress(one) && owner(one) === owner(other));
}
