import { captivePortalOrProxyRequired } from '../../../../src/diagnosis/causes/uplink/captive-portal-or-proxy-required.js';
import { describeCause, recorded, type Situation } from '../../situation.js';

const portal = recorded('l3-captive-portal');

/** As if these probes had been answered so. */
function answering(situation: Situation, answers: readonly string[], ...ids: readonly string[]): Situation {
  const probes = situation.probes.map((probe) =>
    ids.includes(probe.id) && probe.outcome.kind === 'attempts'
      ? { ...probe, outcome: { ...probe.outcome, answers } }
      : probe,
  );
  return { ...situation, origin: 'synthetic', probes };
}

const ASKED = 'webapp>google.com/http';
const HOST = 'host>google.com/http';
const sent = (to: string) => ['HTTP/1.1 302 Found', `Location: ${to}`];

describeCause(captivePortalOrProxyRequired, {
  recognises: {
    'a login page with status 511': portal,
    'a proxy with status 407': answering(portal, ['HTTP/1.1 407 Proxy Authentication Required'], ASKED),
    'a redirect to a private address': answering(portal, sent('http://10.1.1.1/login'), ASKED),
    'a redirect to another owner’s page, which the host does not get': answering(
      portal,
      sent('https://wifi.hotel.example/'),
      ASKED,
    ),
    'a login page that the host gets too': answering(
      portal,
      ['HTTP/1.0 511 Network Authentication Required'],
      ASKED,
      HOST,
    ),
  },
  leavesAlone: {
    'a reply of the target itself': answering(portal, ['HTTP/1.1 200 OK'], ASKED),
    'a page that is not there': answering(portal, ['HTTP/1.1 404 Not Found'], ASKED),
    'a redirect to another name of the same owner': answering(portal, sent('https://www.google.com/'), ASKED),
    'a redirect to the name for another country': answering(portal, sent('http://www.google.de/'), ASKED),
    'a redirect that every client gets, as from a name that moved': answering(
      portal,
      sent('https://elsewhere.example/'),
      ASKED,
      HOST,
    ),
    'a network without a portal or proxy': recorded('article-second-attempt'),
  },
});
