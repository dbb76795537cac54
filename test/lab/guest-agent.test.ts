import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { execInGuest } from '../../src/lab/guest-agent.js';

interface Asked {
  readonly execute: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

describe('a command in the guest', () => {
  /** Speaks as the agent does, once a process reads in the guest: what came before is lost. */
  async function withAgent<T>(
    unread: number | 'late',
    use: (socket: string, heard: string[]) => Promise<T>,
  ): Promise<T> {
    const directory = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-agent-'));
    const heard: string[] = [];
    let connections = 0;
    const late: Buffer[] = [];
    const server = createServer((socket) => {
      connections++;
      if (unread === 'late') {
        // A slow guest reads one stream for all connections: its answer goes to the last one.
        if (connections === 1) return socket.on('data', (data: Buffer) => late.push(data));
        for (const line of Buffer.concat(late).toString().trim().split('\n')) answer(socket, JSON.parse(line) as Asked);
      } else if (connections <= unread) return socket.resume();
      return createInterface({ input: socket }).on('line', (line) => answer(socket, JSON.parse(line) as Asked));
    });
    const answer = (socket: Socket, { execute, arguments: given }: Asked) => {
      heard.push(execute);
      const ended = { exited: true, exitcode: 3, 'out-data': Buffer.from('out').toString('base64') };
      const answers = { 'guest-sync': given['id'], 'guest-exec': { pid: 7 }, 'guest-exec-status': ended };
      socket.write(`${JSON.stringify({ return: answers[execute as keyof typeof answers] })}\n`);
    };
    const path = join(directory, 'agent.sock');
    server.listen(path);
    await once(server, 'listening');
    try {
      return await use(path, heard);
    } finally {
      server.close();
      await rm(directory, { recursive: true });
    }
  }

  it('is run once, and tells how it ended', async () => {
    await withAgent(0, async (path, heard) => {
      expect(await execInGuest(path, ['/bin/date'])).to.deep.equal({ exitCode: 3, stdout: 'out', stderr: '' });
      expect(heard).to.deep.equal(['guest-sync', 'guest-exec', 'guest-exec-status']);
    });
  });

  it('is run once although no program was reading at first', async () => {
    await withAgent(1, async (path, heard) => {
      expect(await execInGuest(path, ['/bin/date'])).to.include({ exitCode: 3 });
      expect(heard.filter((command) => command === 'guest-exec')).to.have.length(1);
    });
  });

  it('is not confused by answers to earlier greetings', async () => {
    await withAgent('late', async (path) => {
      expect(await execInGuest(path, ['/bin/date'])).to.deep.equal({ exitCode: 3, stdout: 'out', stderr: '' });
    });
  });
});
