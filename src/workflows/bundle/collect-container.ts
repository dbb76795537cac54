import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DoctorError, type ErrorCode } from '../../errors.js';
import type { Result } from '../../report/result.js';
import { contentsOf, writeBundle, type BundleWish, type Collected } from './collect.js';
import { diagnoseContainer, type DiagnoseOptions } from '../attach/diagnose.js';

/** A bundle of a container as it is, and what its evidence says. */
export interface CollectedContainer {
  readonly collected: Collected;
  readonly result: Result;
}

/**
 * Looks at a container as `diagnose` does, and puts what was seen straight into a bundle: no report is left beside it.
 *
 * @throws DoctorError `OUTPUT_UNWRITABLE`, or what kept it from looking
 */
export async function collectContainer(
  options: Omit<DiagnoseOptions, 'directory'>,
  wish: BundleWish,
): Promise<CollectedContainer> {
  const directory = await mkdtemp(join(tmpdir(), 'ipvlan-doctor-collect-'));
  try {
    const result = await diagnoseContainer({ ...options, directory });
    if (result.error) throw errorOf(result, result.error);
    return { collected: await writeBundle({ ...(await contentsOf(directory)), result }, wish), result };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** An error that also says what is left, because no result is written. */
function errorOf({ cleanup, run: { exitCode } }: Result, error: NonNullable<Result['error']>): DoctorError {
  const left = cleanup.left.map((one) => ` Still there: ${one.replace(/\.$/, '')}.`).join('');
  const hint = left === '' ? error.hint : 'Run "ipvlan-doctor gc" to clean up.';
  return new DoctorError(error.code as ErrorCode, `${error.message}${left}`, { hint, exitCode });
}
