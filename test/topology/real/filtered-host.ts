import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journal } from '../../../src/topology/journal.js';
import { withNamespaces, type Namespaces } from '../../probes/real/namespaces.js';
import { journalHead } from '../head.js';

/** A host with an empty filter of its own (chain `o` of table `inet t`), and a journal of changes to it. */
export interface FilteredHost {
  readonly net: Namespaces;
  readonly journal: Journal;
  /** Where the journal is. */
  readonly directory: string;
}

/** Gives each test of a suite the host, with its filter empty, and a journal of its own. */
export function withFilteredHost(use: (host: FilteredHost) => Promise<void> | void): void {
  let net: Namespaces;
  let directory: string;
  withNamespaces(async (made) => {
    net = made;
    await net.expect(`nft add table inet t; nft 'add chain inet t o { type filter hook output priority 0; }'`);
  });
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'ipvlan-doctor-journal-'));
    await use({ net, directory, journal: Journal.begin(journalHead(), directory) });
  });
  afterEach(async () => {
    await net.expect('nft flush chain inet t o');
    rmSync(directory, { recursive: true });
  });
}
