import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { pack, unpack } from '../../src/engine/archive.js';
import { closure, writeAgentLayer } from '../../src/lab/agent-layer.js';

const STATUS = `Package: iproute2
Depends: libc6 (>= 2.38), debconf (>= 0.5), libbpf1 (>= 1)

Package: libc6
Depends: libgcc-s1

Package: libgcc-s1

Package: libbpf1
Pre-Depends: libelf1t64:amd64

Package: libelf1t64
Provides: libelf1 (= 0.192)

Package: nano
Depends: libelf0 | libelf1

Package: debconf
`;

describe('the agent’s file system', () => {
  it('is what the packages named depend on, alternatives and virtual names included, maintainer tools left out', () => {
    expect(closure(STATUS, ['iproute2'])).to.deep.equal(['iproute2', 'libbpf1', 'libc6', 'libelf1t64', 'libgcc-s1']);
    expect(closure(STATUS, ['nano'])).to.deep.equal(['libelf1', 'libelf1t64', 'nano']);
    expect(closure(STATUS, ['nosuch'])).to.deep.equal([]);
  });

  it('is cut out of the guest’s by its packages’ file lists, wherever /usr was merged', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-layer-'));
    try {
      const rootfs = await pack({
        'var/lib/dpkg/status': STATUS,
        'var/lib/dpkg/info/iproute2.list': '/bin/ip\n/usr/share/bash-completion/ip\n',
        'var/lib/dpkg/info/libelf1t64:amd64.list': '/lib/x86_64-linux-gnu/libelf.so.1\n',
        'var/lib/dpkg/info/nano.list': '/usr/bin/nano\n',
        'usr/bin/ip': 'ip',
        'usr/bin/nano': 'nano',
        'usr/lib/x86_64-linux-gnu/libelf.so.1': 'elf',
        'usr/share/bash-completion/ip': '',
        'etc/passwd': 'root',
        'etc/shadow': 'secret',
      });
      await writeFile(join(directory, 'rootfs.tar'), rootfs);
      await writeAgentLayer(join(directory, 'rootfs.tar'), join(directory, 'layer.tar'), ['iproute2']);
      const files = await unpack(await readFile(join(directory, 'layer.tar')));
      expect([...files.keys()]).to.have.members(['usr/bin/ip', 'usr/lib/x86_64-linux-gnu/libelf.so.1', 'etc/passwd']);
      expect(files.get('usr/bin/ip')?.toString()).to.equal('ip');
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
