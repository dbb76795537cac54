import { DoctorError } from '../../errors.js';
import type { Missing } from '../../evidence/evidence.js';
import type { Facts, RouterSoftware } from '../../evidence/facts.js';
import { plainText } from '../printed-text.js';
import { byHeadings, byShape, likelyFamily, type RouterFamily } from './families.js';
import type { RouterFacts } from './router-facts.js';
import { headedParts } from './sections.js';

/** What a gateway's evidence says. */
export interface GatewayEvidence {
  /** Keyed by the gateway's name; what could not be read there is absent. */
  readonly facts: Partial<Pick<Facts, keyof RouterFacts>>;
  readonly missing: readonly Missing[];
  /** What the router runs. */
  readonly software: RouterSoftware;
}

/**
 * Reads what the command of a family printed on a router; a prompt, a login banner, colours and carriage returns around it do
 * not matter. Pure.
 *
 * @param node the gateway's name among the nodes
 * @param expected the family that the user says it is; absent: it is recognised from the text
 * @throws DoctorError `INPUT_INVALID` when the text is something else, ends too early, or nothing of it could be read
 */
export function parseGatewayEvidence(text: string, node: string, expected?: RouterFamily): GatewayEvidence {
  const plain = plainText(text);
  const sections = headedParts(plain);
  const router = sections ? byHeadings(sections) : byShape(plain);
  if (!router) throw notEvidence(plain, expected);
  const { software, facts, missing } = router.read();
  if (expected && !expected.says.includes(software)) throw otherFamily(software, expected);
  if (router.endsIn !== undefined) throw cutOff(router.endsIn);
  const [first] = missing;
  if (Object.keys(facts).length === 0) throw invalid(`nothing of it could be read: ${first?.reason ?? 'it is empty'}`);
  return {
    software,
    facts: Object.fromEntries(Object.entries(facts).map(([fact, value]) => [fact, { [node]: value }])),
    missing: missing.map(({ fact, reason }) => ({ fact, node, reason })),
  };
}

function notEvidence(text: string, expected: RouterFamily | undefined): DoctorError {
  if (text.trim() === '') return invalid('the text is empty', expected);
  const likely = likelyFamily(text);
  return likely
    ? invalid(`it looks like output of ${likely.title}, without the headings that the command prints`, likely)
    : invalid('it has none of the headings that the command prints', expected);
}

function otherFamily(software: RouterSoftware, expected: RouterFamily): DoctorError {
  return invalid(`it is of a router that runs ${software}, and --router says ${expected.names[0]}`);
}

function cutOff(part: string): DoctorError {
  return invalid(
    `the text ends too early, in the part "${part}". Paste all lines of the command, and save all they print`,
  );
}

function invalid(why: string, family?: RouterFamily): DoctorError {
  return new DoctorError('INPUT_INVALID', `This is not a gateway's evidence: ${why}.`, {
    hint: `Run "ipvlan-doctor diagnose --print-gateway-command ${family?.names[0] ?? 'FAMILY'}", paste what it prints on the router, and save what that prints.`,
  });
}
