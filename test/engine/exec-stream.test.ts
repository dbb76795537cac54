import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import fc from 'fast-check';
import { collectOutput, Demultiplexer, exitCode } from '../../src/engine/exec-stream.js';
import { DoctorError } from '../../src/errors.js';
import { framed } from './framed.js';

/** What comes of raw pieces as they arrive. */
function taken(pieces: readonly Buffer[]) {
  const received = new Demultiplexer();
  for (const piece of pieces) received.take(piece);
  return received.taken();
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => (error instanceof DoctorError ? error.code : error),
  );

describe('what a command in a container writes', () => {
  it('is split into its two streams, for any size of pieces', () => {
    const piece = fc.tuple(fc.constantFrom(1 as const, 2 as const), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(fc.array(piece), fc.nat({ max: 60 }), (pieces, cut) => {
        const raw = Buffer.concat(pieces.map(([to, text]) => framed(to, text)));
        const { stdout, stderr } = taken([raw.subarray(0, cut), raw.subarray(cut)]);
        const of = (stream: number) => pieces.filter(([to]) => to === stream).map(([, text]) => text);
        expect(stdout).to.deep.equal(Buffer.concat(of(1).map((text) => Buffer.from(text))));
        expect(stderr).to.equal(Buffer.concat(of(2).map((text) => Buffer.from(text))).toString());
      }),
    );
  });

  it('keeps a piece cut short as far as it came', () => {
    expect(taken([framed(1, 'hello').subarray(0, 10)]).stdout.toString()).to.equal('he');
  });

  it('is collected to the end of the stream', async () => {
    const stream = new PassThrough();
    stream.end(Buffer.concat([framed(1, 'out'), framed(2, 'err')]));
    expect(await collectOutput(stream, {})).to.deep.equal({ stdout: Buffer.from('out'), stderr: 'err' });
  });

  it('is given up when it takes too long, when the signal aborts, and when it had aborted before', async () => {
    const abort = new AbortController();
    const late = failure(collectOutput(new PassThrough(), { timeoutMs: 1 }));
    const interrupted = failure(collectOutput(new PassThrough(), { signal: abort.signal }));
    abort.abort();
    const never = failure(collectOutput(new PassThrough(), { signal: abort.signal }));
    expect(await Promise.all([late, interrupted, never])).to.deep.equal(['AGENT_FAILED', 'INTERRUPTED', 'INTERRUPTED']);
  });
});

describe('the exit code', () => {
  it('is asked for until Docker knows it', async () => {
    const answers = [
      { Running: true, ExitCode: null },
      { Running: false, ExitCode: 7 },
    ];
    expect(await exitCode(() => Promise.resolve(answers.shift() ?? { Running: false, ExitCode: 8 }))).to.equal(7);
  });
});
