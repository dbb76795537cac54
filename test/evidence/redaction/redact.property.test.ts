import { expect } from 'chai';
import { diagnose } from '../../../src/diagnosis/diagnose.js';
import type { Evidence } from '../../../src/evidence/evidence.js';
import { evidenceJson, parseEvidence } from '../../../src/evidence/file.js';
import { Redactor } from '../../../src/evidence/redaction/redact.js';
import { pathsOf } from '../../../src/path/trace.js';
import { recorded, recordedIds } from '../../diagnosis/situation.js';

/** What a diagnosis says, with names and addresses as another would write them. */
function saying(evidence: Evidence, rename: (text: string) => string) {
  const { found, ruledOut, inconclusive, unexplained } = diagnose(evidence);
  return {
    found: found.map(({ cause, ruling }) => [cause.id, ruling.confidence, ruling.explains.map(rename)]),
    ruledOut: ruledOut.map(({ cause, ruling }) => [cause.id, ruling.oftenBlamed]),
    inconclusive: inconclusive.map(({ cause, ruling }) => [cause.id, ruling.explains.map(rename), ruling.oneOf]),
    unexplained: unexplained.map(rename),
    paths: pathsOf(evidence).map(({ id, end, agreement }) => [rename(id), end?.direction, end?.hop, agreement]),
  };
}

describe('redacted evidence', () => {
  for (const id of recordedIds()) {
    it(`${id}: has the same diagnosis and paths, up to names, and nothing of what was replaced`, () => {
      const evidence = recorded(id);
      const redactor = new Redactor(Buffer.from(id), [evidence]);
      const text = evidenceJson(redactor.evidence(evidence));
      expect(saying(parseEvidence(text, id), String)).to.deep.equal(saying(evidence, (one) => redactor.text(one)));
      expect(leaked(redactor, text)).to.deep.equal([]);
    });
  }

  for (const id of [
    'comment-host-kill-switch',
    'l3-vpn-full-tunnel',
    'l2-vlans-kept-apart',
    'parent-down',
    'l3-tc-ingress-filter',
  ])
    it(`${id}: has the same diagnosis although an administrator chose the names of interfaces`, () => {
      const text = evidenceJson(recorded(id))
        .replaceAll('enp0s3', 'acmelan3')
        .replaceAll(/\b(?:tun|wg)0\b/g, 'acmevpn');
      const evidence: Evidence = { ...parseEvidence(text, id), origin: 'synthetic' };
      const redactor = new Redactor(Buffer.from(id), [evidence]);
      const redacted = evidenceJson(redactor.evidence(evidence));
      expect(redacted.replaceAll(/"file": .*/g, '')).not.to.include('acme');
      expect(saying(parseEvidence(redacted, id), String)).to.deep.equal(saying(evidence, (one) => redactor.text(one)));
    });
});

/** Originals that are still words of the text; a name of ours may be a token's too. */
function leaked({ replaced }: Redactor, text: string): readonly string[] {
  const words = new Set(text.split(/[^\w.:/-]+|\.(?!\w)/));
  const tokens = new Set([...replaced.values()].flatMap((some) => [...some.values()]));
  return [...replaced.values()].flatMap((some) => [...some.keys()]).filter((one) => words.has(one) && !tokens.has(one));
}
