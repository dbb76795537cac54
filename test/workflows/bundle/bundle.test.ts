import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { pack, type Header } from 'tar-stream';
import { DoctorError } from '../../../src/errors.js';
import { evidenceJson } from '../../../src/evidence/file.js';
import { unpack } from '../../../src/engine/archive.js';
import { readUntrustedArchive } from '../../../src/engine/untrusted-archive.js';
import { bundleFiles } from '../../../src/report/bundle.js';
import { analyze } from '../../../src/workflows/bundle/analyze.js';
import { collectBundle, readBundle, unpackBundle } from '../../../src/workflows/bundle/collect.js';
import { recorded } from '../../diagnosis/situation.js';

const SCENARIO = 'article-first-attempt';
const LIMITS = { files: 10, fileBytes: 1_000_000, totalBytes: 2_000_000 };

type Entry = Partial<Header> & { readonly name: string; readonly content?: string | Buffer };

/** A `.tar.gz` of any entries, however malicious. */
async function archive(...entries: readonly Entry[]): Promise<Buffer> {
  const tar = pack();
  for (const { content = '', ...header } of entries) {
    if (header.type && header.type !== 'file') tar.entry(header);
    else tar.entry(header, content);
  }
  tar.finalize();
  return gzipSync(await buffer(tar));
}

describe('a bundle', () => {
  let directory: string;
  let report: string;
  let file: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-bundle-'));
    report = join(directory, 'report');
    file = join(directory, 'bundle.tar.gz');
    await mkdir(join(report, SCENARIO), { recursive: true });
    await writeFile(join(report, SCENARIO, 'evidence.json'), evidenceJson(recorded(SCENARIO)));
  });
  after(() => rm(directory, { recursive: true, force: true }));

  const causes = async (bundle: string) =>
    analyze(await readBundle(bundle), 'run').scenarios.map((scenario) => scenario.causes.map(({ id }) => id));

  it('a bundle gives the same diagnosis on every machine, redacted or not', async () => {
    await collectBundle(report, { file, redact: false });
    expect(await causes(file)).to.deep.equal([['gateway-missing-return-route']]);
    const { redaction } = await collectBundle(report, { file, redact: true });
    expect(await causes(file)).to.deep.equal([['gateway-missing-return-route']]);
    const { manifest } = await readBundle(file);
    expect(manifest.redaction?.replaced.map(({ kind }) => kind)).to.include.members(['address', 'container', 'name']);
    const text = [...(await unpack(gunzipSync(await readFile(file)))).values()].join('\n');
    const addresses = [...(redaction?.tokens.get('address')?.keys() ?? [])].filter((one) => !one.includes('/'));
    expect(addresses).to.include('192.168.10.10');
    for (const one of [...addresses, 'webapp', 'google.com', 'ipvlan_net'])
      expect(new RegExp(`(?<![\\w.-])${one.replaceAll('.', '\\.')}(?![\\w.-])`).test(text), one).to.equal(false);
  });

  it('a bundle keeps what the run knew of its remedy, as long as the causes are the same', async () => {
    await collectBundle(report, { file, redact: false });
    const first = analyze(await readBundle(file), 'run');
    const scenarios = first.scenarios.map((one) => ({
      ...one,
      remedy: { proof: 'verified' as const },
      title: 'A title',
    }));
    await writeFile(join(report, 'result.json'), JSON.stringify({ ...first, scenarios }));
    await collectBundle(report, { file, redact: true });
    await rm(join(report, 'result.json'));
    const [again] = analyze(await readBundle(file), 'run').scenarios;
    expect(again?.remedy.proof).to.equal('verified');
    expect(again?.title).to.equal('A title');
  });

  it('a bundle never holds environment variables or labels, even when the evidence does', async () => {
    const evidence = recorded(SCENARIO);
    const containers = evidence.facts.containers?.map((one) => ({ ...one, env: ['KEY=hush'], labels: { a: 'hush' } }));
    const path = join(report, SCENARIO, 'evidence.json');
    await writeFile(path, JSON.stringify({ ...evidence, facts: { ...evidence.facts, containers } }));
    await collectBundle(report, { file, redact: false });
    await writeFile(path, evidenceJson(evidence));
    expect(gunzipSync(await readFile(file)).includes('hush')).to.equal(false);
  });

  it('a bundle can be unpacked as a report directory and collected again', async () => {
    await collectBundle(report, { file, redact: false });
    const again = join(directory, 'again');
    await mkdir(again);
    await unpackBundle(await readBundle(file), again);
    await collectBundle(again, { file, redact: false });
    expect(await causes(file)).to.deep.equal([['gateway-missing-return-route']]);
  });

  it('a bundle of version 1.0 still opens', async () => {
    expect(await causes('test/workflows/bundle/bundle-1.0.tar.gz')).to.deep.equal([['gateway-missing-return-route']]);
  });

  const refuses = async (content: Buffer, words: RegExp) => {
    await writeFile(file, content);
    const error = await readBundle(file).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(DoctorError);
    expect((error as DoctorError).code).to.equal('INPUT_INVALID');
    expect((error as DoctorError).exitCode).to.equal(2);
    expect((error as DoctorError).message)
      .to.match(words)
      .and.include(file);
  };

  const outside: readonly (readonly [string, Entry, RegExp])[] = [
    ['a path that leads out', { name: 'a/../../etc/passwd' }, /outside/],
    ['an absolute path', { name: '/etc/passwd' }, /outside/],
    ['a path of Windows', { name: 'a\\..\\b' }, /outside/],
    ['a path with control bytes', { name: 'a\u001b[2J' }, /outside/],
    ['a symbolic link', { name: 'a', type: 'symlink', linkname: '/etc/passwd' }, /symlink/],
    ['a hard link', { name: 'a', type: 'link', linkname: 'b' }, /link/],
    ['a device', { name: 'a', type: 'character-device' }, /device/],
    ['no manifest', { name: 'result.json' }, /no manifest/],
    ['a manifest that is not JSON', { name: 'manifest.json', content: '{' }, /not JSON/],
    ['a manifest of something else', { name: 'manifest.json', content: '{"format":"x"}' }, /manifest\.json: /],
    ['a later version', { name: 'manifest.json', content: '{"schemaVersion":"2.0.0"}' }, /version 2\.0\.0/],
  ];
  for (const [what, entry, words] of outside)
    it(`a bundle with ${what} is rejected`, async () => refuses(await archive(entry), words));

  it('a bundle with an entry twice is rejected', async () =>
    refuses(await archive({ name: 'a' }, { name: 'a' }), /twice/));

  const whole = (change: (files: Record<string, Buffer>) => void = () => undefined) => {
    const evidence = new Map([[SCENARIO, recorded(SCENARIO)]]);
    const files = { ...bundleFiles({ result: undefined, evidence, captures: new Map() }, { createdAt: 'now' }) };
    change(files);
    return archive(...Object.entries(files).map(([name, content]) => ({ name, content })));
  };

  it('a bundle with a file that was changed, added or removed is rejected', async () => {
    const path = `${SCENARIO}/evidence.json`;
    await refuses(await whole((files) => (files[path] = Buffer.from('{}'))), /damaged or changed/);
    await refuses(await whole((files) => (files['other'] = Buffer.from('x'))), /not in its manifest/);
    await refuses(await whole((files) => delete files[path]), /missing/);
  });

  it('a bundle that was cut short at any place is rejected', async () => {
    const content = await whole();
    for (const length of [0, 5, 100, content.length >> 1, content.length - 9]) {
      await refuses(content.subarray(0, length), /not accepted/);
    }
    const tar = gunzipSync(content);
    await refuses(gzipSync(tar.subarray(0, tar.length >> 1)), /not accepted/);
  });

  it('a file that is no gzip file, or does not exist, is rejected', async () => {
    await refuses(Buffer.from('PK\u0003\u0004 hello'), /not a gzip file/);
    const gone = await readBundle(join(directory, 'nowhere')).catch((error: unknown) => error);
    expect((gone as DoctorError).message).to.include('no such file');
  });

  it('a bundle that unpacks to too much, or to too many files, is rejected before that', async () => {
    const bomb = async (content: Buffer, words: RegExp) => {
      await writeFile(file, content);
      const error = await readUntrustedArchive(file, LIMITS).catch((thrown: unknown) => thrown);
      expect((error as Error).message).to.match(words);
    };
    await bomb(gzipSync(Buffer.alloc(20_000_000)), /more than 2 MB|cannot be unpacked/);
    await bomb(await archive({ name: 'a', content: Buffer.alloc(1_500_000) }), /more than 1 MB/);
    await bomb(
      await archive(...Array.from({ length: 12 }, (_, index) => ({ name: `f${index}` }))),
      /more than 10 files/,
    );
    const three = [1, 2, 3].map((index) => ({ name: `f${index}`, content: Buffer.alloc(900_000) }));
    await bomb(await archive(...three), /more than 2 MB/);
  });
});
