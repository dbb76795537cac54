import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import { renderHtml } from '../../src/report/html/page.js';
import { renderMarkdown } from '../../src/report/reporters/markdown.js';
import { renderTerminal } from '../../src/report/terminal.js';
import type { Result } from '../../src/report/result.js';
import { healthy, open, result } from './results.js';

const RENDERERS: Readonly<Record<string, (result: Result) => string>> = {
  // Where CI is set, it is coloured.
  terminal: (it) => stripVTControlCharacters(renderTerminal(it, { columns: 80, verbose: false })),
  HTML: renderHtml,
  Markdown: renderMarkdown,
};

describe('what a look sent', () => {
  for (const [name, render] of Object.entries(RENDERERS))
    it(`is told in ${name}`, () => {
      const text = render(result([healthy({ verdict: 'fail', sent: { probes: 3, packets: 17 } })]));
      expect(text.replaceAll(/\s+/g, ' ')).to.include('Sent: 3 probes handed at most 17 packets to the kernel');
    });
});

describe('what stays open', () => {
  for (const [name, render] of Object.entries(RENDERERS)) {
    const told = (oneOf: readonly string[]) =>
      render(result([healthy({ verdict: 'fail', inconclusive: [open(oneOf)] })])).replaceAll(/\s+/g, ' ');

    it(`is told in ${name} by the causes that cannot be told apart, and the test that decides`, () => {
      const text = told(['gateway-no-nat-for-container-subnet', 'gateway-acl-drops-container-subnet']);
      expect(text).to.match(
        /One of these is the cause, the most usual first: 1\. .*gateway-no-nat\S+ 2\. .*gateway-acl\S+ Not observed: what the gateway does\./,
      );
      expect(text).to.match(/To find out, run on gateway:[^]*?\btcpdump -ni wan0\b/);
    });

    it(`is told in ${name} by place where more than three causes fit`, () => {
      const text = told([
        'gateway-no-nat-for-container-subnet',
        'gateway-acl-drops-container-subnet',
        'cloud-source-dest-check',
        'gateway-missing-return-route',
      ]);
      expect(text).to.match(
        /Several causes fit\. At the router: .*gateway-no-nat\S+ .*gateway-missing-return-route\)\./,
      );
      expect(text).to.match(/Between the host and the router: cloud-source-dest-check \(cloud-source-dest-check\)\./);
    });

    it(`is told in ${name} by the one cause where it stands alone`, () => {
      const text = told([]);
      expect(text).to.match(/This may be the cause: .*gateway-no-nat-for-container-subnet\)\. Not observed:/);
      expect(text).not.to.include('apart');
    });
  }
});
