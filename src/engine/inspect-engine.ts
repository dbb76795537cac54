import type { EngineFact } from '../evidence/facts.js';

/** The part of Docker's answer that we read. All else is left out, above all environment and labels. */
interface VersionAnswer {
  readonly Version: string;
  readonly ApiVersion: string;
  readonly KernelVersion?: string;
  readonly Components?: readonly { readonly Name: string; readonly Version: string }[];
}

interface InfoAnswer {
  readonly OperatingSystem?: string;
  readonly KernelVersion?: string;
  readonly Labels?: readonly string[] | null;
  readonly SecurityOptions?: readonly string[] | null;
  readonly ID?: string;
}

/** Daemon label of a host that may be changed and thrown away. */
const DISPOSABLE = 'ipvlan-doctor.disposable=true';

function podmanIn({ Components }: VersionAnswer) {
  return Components?.find(({ Name }) => /podman/i.test(Name));
}

/** @param info what `docker info` answers */
export function engineFact(version: VersionAnswer, info: unknown): EngineFact {
  const { OperatingSystem, KernelVersion, Labels } = info as InfoAnswer;
  const podman = podmanIn(version);
  return {
    product: podman ? 'Podman' : 'Docker Engine',
    version: podman?.Version ?? version.Version,
    apiVersion: version.ApiVersion,
    kernel: version.KernelVersion ?? KernelVersion ?? 'unknown',
    operatingSystem: OperatingSystem ?? 'unknown',
    ...(isRootless(info) ? { rootless: true } : {}),
    disposable: Labels?.includes(DISPOSABLE) ?? false,
  };
}

/**
 * @param info what `docker info` answers
 * @returns `undefined` for Podman, which makes a new id for each answer
 */
export function engineId(version: VersionAnswer, info: unknown): string | undefined {
  return podmanIn(version) ? undefined : (info as InfoAnswer).ID || undefined;
}

/** @param info what `docker info` answers */
export function isRootless(info: unknown): boolean {
  return (info as InfoAnswer).SecurityOptions?.some((option) => /(^|,)name=rootless(,|$)/.test(option)) ?? false;
}
