import type { EngineImage } from './engine.js';

/** The part of Docker's answer that we read. Docker answers `null` for no tags and for no labels. */
interface ImageAnswer {
  readonly Id: string;
  readonly RepoTags?: readonly string[] | null;
  readonly Config: { readonly Labels?: Readonly<Record<string, string>> | null };
}

/** @param answer what `docker image inspect` answers */
export function engineImage(answer: unknown): EngineImage {
  const { Id, RepoTags, Config } = answer as ImageAnswer;
  return { id: Id, tags: RepoTags ?? [], labels: Config.Labels ?? {} };
}
