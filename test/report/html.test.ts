import { createHash } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { renderHtml } from '../../src/report/html/page.js';
import { healthy, result, withoutReturnRoute } from './results.js';

describe('the HTML report', () => {
  it('tells in the reader’s order: what is broken, where, the fix, why we believe it', () => {
    const page = renderHtml(result([withoutReturnRoute()]));
    const places = [
      'class="headline"',
      'Where the packet is lost',
      'The fix for gateway-missing-return-route',
      'Why we believe it',
      '<summary>',
    ];
    const order = places.map((place) => page.indexOf(place));
    expect(order).to.not.include(-1);
    expect(order).to.deep.equal([...order].sort((a, b) => a - b));
  });

  it('says by a sign and a word, not by colour alone, where the packet is lost', () => {
    expect(renderHtml(result([withoutReturnRoute()]))).to.match(
      /<li class="failed"[^>]*><span aria-label="failed">✘<\/span> gateway route/,
    );
  });

  it('says where a packet goes, not where it is lost, when it arrives for a cause that stops nothing', () => {
    const { causes, flow, paths } = withoutReturnRoute();
    const arrives = ({ forward, return: returned, ...path }: (typeof paths)[number]) => {
      const passed = (hops: typeof forward) => hops.map((hop) => ({ ...hop, observed: 'passed' as const }));
      return { ...path, forward: passed(forward), return: passed(returned), end: undefined };
    };
    const page = renderHtml(result([healthy({ causes, flow, paths: paths.map(arrives) })]));
    expect(page).to.include('Where the packet goes').and.not.to.include('Where the packet is lost');
  });

  it('fetches nothing and lets only its own style and script run', () => {
    const page = renderHtml(result([withoutReturnRoute(), healthy()]));
    expect(page).to.include("default-src 'none'");
    for (const tag of ['style', 'script']) {
      const content = new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(page)?.[1] ?? '';
      expect(content.length).to.be.greaterThan(100);
      expect(page).to.include(`sha256-${createHash('sha256').update(content).digest('base64')}`);
    }
    expect(page).not.to.match(/<(?:link|img|iframe)\b|\ssrc=/);
  });

  it('says what the kernel dropped where the path ends, with the drawing and with the table behind it', () => {
    const counted = withoutReturnRoute();
    const kernel = { reason: 'NETFILTER_DROP', location: undefined, packets: 1, whose: 'unknown' } as const;
    const paths = counted.paths.map((path) => ({ ...path, end: path.end && { ...path.end, kernel } }));
    const page = renderHtml(result([{ ...counted, paths }]));
    const line = 'kernel: NETFILTER_DROP, 1 packet while the probes ran; their sender is not known';
    expect(page.split(line)).to.have.lengthOf(1 + 1 + paths.length);
  });

  it('has an overview with links when there are several scenarios', () => {
    expect(renderHtml(result([withoutReturnRoute(), healthy()]))).to.include('<a href="#first-attempt">');
  });

  it('escapes all text from outside', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const hostile = `<script>alert(1)</script>${text}<img onerror=x>"'`;
        const page = renderHtml(
          result([
            healthy({ title: hostile, headline: hostile, reason: hostile, verdict: 'fail', warnings: [hostile] }),
          ]),
        );
        expect(page).not.to.include('<script>alert');
        expect(page).not.to.include('<img');
      }),
      { numRuns: 50 },
    );
  });
});
