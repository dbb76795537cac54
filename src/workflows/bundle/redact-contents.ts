import { messageOf } from '../../errors.js';
import type { Evidence } from '../../evidence/evidence.js';
import { redactCapture } from '../../evidence/redaction/captures.js';
import type { Kind } from '../../evidence/redaction/names.js';
import { formatKeys } from '../../evidence/redaction/keys.js';
import { KEPT_KINDS, Redactor } from '../../evidence/redaction/redact.js';
import type { Contents, Redaction } from '../../report/bundle.js';
import type { Result, ScenarioResult } from '../../report/result.js';
import { resultSchema } from '../../report/schema.js';
import { rediagnosed } from './rediagnose.js';

/** A bundle's contents without what could identify their owner. */
export interface Redacted {
  readonly contents: Contents;
  readonly redaction: Redaction;
  /** Originals and their tokens by kind, for the sender's eyes only. */
  readonly tokens: Redactor['replaced'];
}

/** How many keys are tried. With very many addresses, each key may give a token that is the original of another address. */
const DRAWS = 32;

/**
 * Redacts evidence and captures, and diagnoses the evidence again: sentences of the old result may hold names. As long as a token
 * equals an original, another key is drawn: a reader must be able to tell the two apart.
 *
 * @param draw a key, anything; the same key gives the same tokens
 */
export function redactContents(contents: Contents, draw: () => Buffer): Redacted {
  let redacted = withKey(contents, draw());
  for (let drawn = 1; drawn < DRAWS && isAmbiguous(redacted); drawn++) redacted = withKey(contents, draw());
  return redacted;
}

/** Whether an original that was replaced is the token of another one. */
function isAmbiguous({ tokens }: Redacted): boolean {
  return [...tokens.values()].some((kind) => [...kind.values()].some((token) => kind.has(token)));
}

const RESULT_KEYS = formatKeys(resultSchema);

function withKey({ result, evidence, captures }: Contents, key: Buffer): Redacted {
  const redactor = new Redactor(key, [...evidence.values()], {
    names: namesOf(result),
    values: result,
    keys: RESULT_KEYS,
  });
  const redacted = new Map([...evidence].map(([id, one]) => [redactor.text(id), redactEvidence(one, redactor)]));
  const scenarios = result?.scenarios.map((scenario) =>
    redactScenario({ scenario, verb: result.run.verb }, redacted, redactor),
  );
  const { kept, leftOut } = redactCaptures({ evidence, captures }, redactor);
  const replaced = [...redactor.replaced].map(([kind, tokens]) => ({
    kind,
    tokens: [...new Set(tokens.values())].sort(),
  }));
  return {
    contents: {
      result: result && scenarios && redactRun(result, scenarios, redactor),
      evidence: redacted,
      captures: kept,
    },
    redaction: { replaced, kept: KEPT_KINDS, leftOut },
    tokens: redactor.replaced,
  };
}

function namesOf(result: Result | undefined): readonly (readonly [Kind, string])[] {
  return (result?.scenarios ?? []).flatMap(({ topology }) => (topology ? namesOfTopology(topology) : []));
}

function namesOfTopology({
  site,
  networks,
  containers,
}: NonNullable<ScenarioResult['topology']>): readonly (readonly [Kind, string])[] {
  return [
    ...containers.map(({ name }) => ['container', name] as const),
    ...networks.map(({ name }) => ['network', name] as const),
    ...site.peers.map(({ name }) => ['peer', name] as const),
    ...Object.keys(site.internet.names).map((name) => ['name', name] as const),
  ];
}

function redactEvidence(evidence: Evidence, redactor: Redactor): Evidence {
  const redacted = redactor.evidence(evidence);
  const { captures } = redacted.facts;
  if (!captures) return redacted;
  return {
    ...redacted,
    facts: { ...redacted.facts, captures: captures.map((one) => ({ ...one, file: fileOf(one) })) },
  };
}

function fileOf({
  node,
  device,
  file,
}: {
  node: string;
  device: string;
  file?: string | undefined;
}): string | undefined {
  return file && `${node}-${device}.pcap`.replaceAll(/[^\w.-]/g, '_');
}

function redactScenario(
  { scenario, verb }: { readonly scenario: ScenarioResult; readonly verb: string },
  evidence: ReadonlyMap<string, Evidence>,
  redactor: Redactor,
): ScenarioResult {
  const was = { ...redactor.value(scenario), file: undefined };
  const own = evidence.get(was.id);
  return own ? rediagnosed({ id: was.id, evidence: own, was, verb }) : was;
}

function redactRun(result: Result, scenarios: readonly ScenarioResult[], redactor: Redactor): Result {
  const { environment, cleanup, error } = result;
  return {
    ...result,
    environment: environment && { ...environment, engine: engineName(environment.engine) },
    scenarios,
    cleanup: { ...cleanup, left: cleanup.left.map((left) => redactor.text(left)) },
    error: error && redactor.value(error),
  };
}

/** A lab's name and the usual socket are the same for all users; an address or a context may identify one. */
function engineName(name: string): string {
  return /^(?:lab\b[\w() -]*|unix:\/\/\/var\/run\/docker\.sock)$/.test(name) ? name : 'an engine';
}

function redactCaptures(
  { evidence, captures }: Pick<Contents, 'evidence' | 'captures'>,
  redactor: Redactor,
): { readonly kept: ReadonlyMap<string, Buffer>; readonly leftOut: readonly string[] } {
  const kept = new Map<string, Buffer>();
  const leftOut: string[] = [];
  for (const [path, content] of captures) {
    const [id = '', , name = ''] = path.split('/');
    const capture = evidence.get(id)?.facts.captures?.find(({ file }) => file === name);
    const renamed = capture && fileOf(redactor.value({ ...capture, packets: [] }));
    try {
      if (!renamed) throw new Error('nothing says where it was taken');
      kept.set(`${redactor.text(id)}/captures/${renamed}`, redactCapture(content, redactor));
    } catch (error) {
      leftOut.push(`A capture of ${redactor.text(id)}: ${messageOf(error)}`);
    }
  }
  return { kept, leftOut };
}
