import { closeSync, openSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DoctorError } from '../errors.js';
import { ownDirectory, stateDirectory } from '../own-directory.js';

/*
 * Ids of the agent images that this user built, or that came with a lab of theirs: one empty file for each, so that two runs at
 * once cannot overwrite each other's. An id is a digest of the image, so the engine need not be noted.
 */

const ELSEWHERE = 'Or set IPVLAN_DOCTOR_STATE to a directory only you can write.';

/**
 * Ids of known agent images of a version, newest first.
 *
 * @throws DoctorError `REQUIREMENT_MISSING` when another user could have added one, `OUTPUT_UNWRITABLE` when none can be added
 */
export function knownImages(version: string): readonly string[] {
  const directory = ownedDirectory();
  const prefix = `${version}-`;
  return readdirSync(directory)
    .filter((name) => name.startsWith(prefix) && ID.test(name.slice(prefix.length)))
    .map((name) => ({ name, at: statSync(join(directory, name)).mtimeMs }))
    .sort((a, b) => b.at - a.at)
    .map(({ name }) => `sha256:${name.slice(prefix.length)}`);
}

/**
 * Notes an image that this user built, or that comes from an archive of theirs.
 *
 * @param id with or without `sha256:`
 * @throws DoctorError as {@link knownImages}
 */
export function rememberImage(version: string, id: string): void {
  const digest = id.replace(/^sha256:/, '');
  if (!ID.test(digest)) throw new DoctorError('AGENT_IMAGE', `${JSON.stringify(id)} is no id of an image`);
  closeSync(openSync(join(ownedDirectory(), `${version}-${digest}`), 'a', 0o600));
}

const ID = /^[0-9a-f]{64}$/;

function ownedDirectory(): string {
  const directory = join(stateDirectory(), 'agent-images');
  ownDirectory(directory, ELSEWHERE);
  return directory;
}
