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
    'a network that wants a login, and says so by its number': portal,
    'a proxy that must be used': answering(portal, ['HTTP/1.1 407 Proxy Authentication Required'], ASKED),
    'a visitor sent to a private address': answering(portal, sent('http://10.1.1.1/login'), ASKED),
    'a visitor sent to another’s page, and the host not': answering(portal, sent('https://wifi.hotel.example/'), ASKED),
    'the host caught as well': answering(portal, ['HTTP/1.0 511 Network Authentication Required'], ASKED, HOST),
  },
  leavesAlone: {
    'an answer of the target itself': answering(portal, ['HTTP/1.1 200 OK'], ASKED),
    'a page that is not there': answering(portal, ['HTTP/1.1 404 Not Found'], ASKED),
    'a visitor sent to another name of the same owner': answering(portal, sent('https://www.google.com/'), ASKED),
    'a visitor sent to another country’s name': answering(portal, sent('http://www.google.de/'), ASKED),
    'everybody sent to the same page, as a name that moved does': answering(
      portal,
      sent('https://elsewhere.example/'),
      ASKED,
      HOST,
    ),
    'a network without any of it': recorded('article-second-attempt'),
  },
});
