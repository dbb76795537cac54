import { Duplex } from 'node:stream';
import { expect } from 'chai';
import { Session, sessionCommand } from '../../src/engine/session.js';
import { DoctorError } from '../../src/errors.js';
import { attempt, start } from '../../src/process.js';
import { framed } from './framed.js';

const TOKEN = 'ended-1';

/** A session whose far end answers each script it is sent with these raw pieces. */
function session(...answers: readonly (readonly Buffer[])[]) {
  const sent: string[] = [];
  const stream = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _, done) {
      sent.push(chunk.toString());
      for (const piece of answers[sent.length - 1] ?? []) stream.push(piece);
      done();
    },
  });
  return { session: new Session(stream, TOKEN), sent, stream };
}

const ended = (code: number) => [framed(2, `${TOKEN}\n`), framed(1, `\n${TOKEN} ${code}\n`)];
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => 'it ended',
    (error: unknown) => (error instanceof DoctorError ? error.code : String(error)),
  );

/** The far end itself, as a container would run it. */
function farEnd() {
  const [program = '', ...args] = sessionCommand(TOKEN);
  const child = start(program, args, { buffer: false });
  const send = (script: string) => child.stdin.write(`${Buffer.byteLength(script)}\n${script}`);
  const heard = async (words: RegExp) => {
    let text = '';
    for await (const piece of child.stdout.iterator({ destroyOnReturn: false })) {
      text += String(piece);
      if (words.test(text)) break;
    }
    return text;
  };
  return { child, send, heard };
}

describe('the far end of a session', () => {
  it('runs one script after another, each without input, and says how it ended', async () => {
    const { child, send, heard } = farEnd();
    send('cat; echo one; exit 7');
    expect(await heard(/ended-1 \d+\n$/)).to.equal('one\n\nended-1 7\n');
    send('echo two');
    expect(await heard(/ended-1 \d+\n$/)).to.equal('two\n\nended-1 0\n');
    child.stdin.end();
    expect((await child).exitCode).to.equal(0);
  });

  it('hands over what a script says of errors, and no word of its own', async () => {
    const { child, send, heard } = farEnd();
    const said = (async () => {
      let text = '';
      for await (const piece of child.stderr.iterator()) text += String(piece);
      return text;
    })();
    const times = 5;
    for (let time = 0; time < times; time++) {
      send('echo err >&2');
      await heard(/ended-1 \d+\n$/);
    }
    child.stdin.end();
    await child;
    expect(await said).to.equal('err\nended-1\n'.repeat(times));
  });

  it('ends a script with all it started when the connection goes', async () => {
    const { child, send, heard } = farEnd();
    send('echo $$; sleep 1000 & sleep 1000 | sleep 1000');
    const group = (await heard(/\n/)).trim();
    child.stdin.end();
    await child;
    const { stdout } = await attempt('ps', ['-o', 'stat=', '-g', group]);
    expect(stdout.split('\n').filter((state) => state !== '' && !state.startsWith('Z'))).to.deep.equal([]);
  });
});

describe('the shell that runs one script after another', () => {
  it('says what each wrote on either output and how it ended, and keeps them apart', async () => {
    const { session: shell, sent } = session([framed(1, 'out'), framed(2, 'err'), ...ended(3)], ended(0));
    const first = await shell.run('échec', {});
    expect([first.stdout.toString(), first.stderr, first.exitCode]).to.deep.equal(['out', 'err', 3]);
    const second = await shell.run('true', {});
    expect([second.stdout.toString(), second.stderr, second.exitCode]).to.deep.equal(['', '', 0]);
    expect(sent).to.deep.equal(['6\néchec', '4\ntrue']);
  });

  it('recognises the end however the connection cuts it', async () => {
    const raw = Buffer.concat([framed(1, 'a line\n'), ...ended(0)]);
    const { session: shell } = session([...raw].map((byte) => Buffer.from([byte])));
    expect((await shell.run('x', {})).stdout.toString()).to.equal('a line\n');
  });

  it('takes no further script once one was given up', async () => {
    const { session: shell } = session();
    expect(await failure(shell.run('x', { timeoutMs: 10 }))).to.equal('AGENT_FAILED');
    expect(shell.broken).to.equal(true);
    expect(await failure(shell.run('y', {}))).to.equal('AGENT_FAILED');
  });

  it('ends what waits when it is interrupted, or the connection breaks', async () => {
    const abort = new AbortController();
    const interrupted = failure(session().session.run('x', { signal: abort.signal }));
    abort.abort();
    expect(await interrupted).to.equal('INTERRUPTED');
    const { session: shell, stream } = session();
    const lost = failure(shell.run('x', {}));
    stream.destroy();
    expect(await lost).to.equal('AGENT_FAILED');
  });
});
