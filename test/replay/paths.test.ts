import { expect } from 'chai';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import { pathsOf } from '../../src/path/trace.js';
import { pathVerdictText, predictionText } from '../../src/report/words/path.js';
import { recorded, recordedIds } from '../diagnosis/situation.js';
import { strayEndings } from './endings.js';

/** Paths of real runs: what was predicted from routes, links and rules, against what captures and traces saw. */
describe('paths of recorded runs', () => {
  for (const id of recordedIds()) {
    const evidence = recorded(id);
    const paths = pathsOf(evidence);
    const { flows } = diagnose(evidence);
    const arrived = new Set(flows.filter(({ arrival }) => arrival === 'all').map((flow) => flow.id));

    it(`${id}: a flow that fails for a cause ends at the hop the cause acts at`, () => {
      expect(strayEndings(evidence)).to.deep.equal([]);
    });

    it(`${id}: what arrives was predicted to, and no packet of it is observed to be lost`, () => {
      for (const path of paths.filter((one) => arrived.has(one.id))) {
        expect([path.id, path.agreement, path.verdict]).to.deep.equal([path.id, 'agree', path.verdict]);
        expect(path.end).to.equal(undefined);
        expect([...path.forward, ...path.return].filter(({ observed }) => observed !== 'passed')).to.deep.equal([]);
      }
    });

    it(`${id}: every disagreement says what to distrust, or who told the sender of the loss`, () => {
      for (const path of paths)
        if (path.agreement === 'outside our view' || path.agreement === 'prediction wrong')
          expect(pathVerdictText(path)).to.match(
            path.told ? / replied to the request with / : /outside our view|the prediction (?:is wrong|was)/i,
          );
    });
  }

  it('never begin a sentence with a name, which a capital would change', () => {
    const changed = recordedIds().flatMap((id) => {
      const { nodes = [], networks = [], links } = recorded(id).facts;
      const devices = Object.values(links ?? {}).flatMap((all) => all.map(({ name }) => name));
      const names = new Set([...[...nodes, ...networks].map(({ name }) => name), ...devices]);
      return pathsOf(recorded(id)).filter((path) => {
        const [first = ''] = pathVerdictText(path).split(/[ ']/);
        return names.has(first) || names.has(first.charAt(0).toLowerCase() + first.slice(1));
      });
    });
    expect(changed.map(pathVerdictText)).to.deep.equal([]);
  });

  it('have words for every reason and everything that is missing', () => {
    const texts = recordedIds().flatMap((id) =>
      pathsOf(recorded(id)).flatMap((path) => [
        pathVerdictText(path),
        ...[...path.forward, ...path.return].map(({ predicted }) => predictionText(predicted)),
      ]),
    );
    expect([...new Set(texts)].filter((text) => /undefined|\[object/.test(text))).to.deep.equal([]);
  });

  it('show NAT as the source address before and after', () => {
    const path = pathsOf(recorded('article-second-attempt')).find(({ id }) => id === 'webapp>google.com/icmp');
    const sources = path?.forward.flatMap((hop) => (hop.sources ? [[hop.hop, ...hop.sources]] : []));
    expect(sources).to.deep.include(['parent', '192.168.10.10']);
    expect(sources).to.deep.include(['uplink', '203.0.113.2']);
  });

  it('name the very rule that drops, as the kernel traced it', () => {
    const path = pathsOf(recorded('comment-host-kill-switch')).find(({ id }) => id === 'webapp>google.com/icmp');
    const [lost] = path?.forward.filter(({ observed }) => observed === 'lost') ?? [];
    expect(lost?.hop).to.equal('host-output');
    const place = { backend: 'nftables', family: 'ip', table: 'killswitch', chain: 'output' };
    expect(lost?.traced).to.deep.include({ kind: 'rule', place });
    expect(lost?.traced?.kind === 'rule' && lost.traced.rule).to.match(/daddr != \{ .* \} counter drop$/);
  });
});
