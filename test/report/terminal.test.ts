import { expect } from 'chai';
import fc from 'fast-check';
import { renderTerminal } from '../../src/report/terminal.js';
import { check, healthy, result, withoutReturnRoute } from './results.js';

const COLOURS = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');
const show = (...args: Parameters<typeof renderTerminal>) => renderTerminal(...args).replaceAll(COLOURS, '');
const view = { columns: 80, verbose: false };

describe('the terminal report', () => {
  it('says what is broken, where, whether the fix was verified, and what is ruled out', () => {
    const text = show(result([withoutReturnRoute()]), view).replaceAll(/\s+/g, ' ');
    expect(text).to.include('webapp (192.168.10.10) cannot reach google.com');
    expect(text).to.include('✘ [gateway route]');
    expect(text).to.include('On gateway: ip route replace 192.168.10.0/24 via 192.168.0.2');
    expect(text).to.include('verified: applied in this run, the failed checks then passed');
    expect(text).to.include('Ruled out: IP forwarding is off');
  });

  it('says on one line what the kernel dropped where the path ends, and whose', () => {
    const counted = withoutReturnRoute();
    const kernel = { reason: 'NETFILTER_DROP', location: 'nf_hook_slow', packets: 5, whose: 'probe' } as const;
    const paths = counted.paths.map((path) => ({ ...path, end: path.end && { ...path.end, kernel } }));
    const told = (scenario: typeof counted) => show(result([scenario]), view);
    expect(told({ ...counted, paths })).to.include(
      '  kernel: NETFILTER_DROP at nf_hook_slow, 5 packets of this probe\n',
    );
    expect(told(counted)).not.to.include('kernel:');
  });

  it('is brief about scenarios that went as they should when there are several', () => {
    const text = show(result([healthy(), withoutReturnRoute()]), view);
    expect(text).not.to.include('On gateway:');
    expect(
      text.match(/✘ \[gateway route\]/g),
      'where the packet is lost, for the one that has a cause',
    ).to.have.lengthOf(1);
    expect(text).to.match(/│ first-attempt .*verified/);
  });

  it('never calls a remedy verified that was not', () => {
    const unproven = withoutReturnRoute({ verdict: 'fail', remedy: { proof: 'failed', because: 'still failing' } });
    const [cause] = unproven.causes;
    const causes = cause
      ? [{ ...cause, remedies: cause.remedies.map((one) => ({ ...one, proof: 'failed' as const })) }]
      : [];
    expect(show(result([{ ...unproven, causes }]), view)).not.to.include('verified');
  });

  it('keeps escape sequences of untrusted text from the terminal', () => {
    const nasty = `${String.fromCharCode(27)}[2Jgone${String.fromCharCode(7)}`;
    const text = renderTerminal(result([healthy({ headline: nasty, title: nasty })]), view);
    expect(text).not.to.include(`${String.fromCharCode(27)}[2J`);
    expect(text).not.to.include(String.fromCharCode(7));
  });

  it('is never wider than the terminal', () => {
    const words = fc.array(fc.string({ maxLength: 120 }), { maxLength: 4 }).map((parts) => parts.join(' '));
    fc.assert(
      fc.property(words, words, fc.integer({ min: 60, max: 160 }), (title, to, columns) => {
        const scenario = withoutReturnRoute({
          title,
          headline: title,
          checks: [check({ to, observed: 'blocked', verdict: 'fail' })],
          verdict: 'fail',
        });
        const widest = Math.max(
          ...show(result([scenario, healthy()]), { columns, verbose: true })
            .split('\n')
            .map((line) => Array.from(line).length),
        );
        expect(widest).to.be.at.most(columns);
      }),
      { numRuns: 60 },
    );
  });
});
