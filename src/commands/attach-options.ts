import { readFile } from 'node:fs/promises';
import { Option, type Command } from 'commander';
import { DoctorError, messageOf } from '../errors.js';
import { isAddress } from '../ip.js';
import { ROUTER_FAMILIES, routerFamily, type RouterFamily } from '../probes/gateway/families.js';
import { parseGatewayEvidence } from '../probes/gateway/gateway-evidence.js';
import { decoded } from '../probes/printed-text.js';
import { agentImageOption, attemptsOption, contextOption, engineOption } from './options.js';

/** What the user can say about a real network. */
export interface AttachFlags {
  readonly engine: string;
  readonly context?: string;
  readonly agentImage?: string;
  readonly peer: readonly string[];
  readonly routerAddress: readonly string[];
  readonly address: readonly string[];
  readonly nameToResolve: string;
  readonly gatewayEvidence?: string;
  readonly gatewaySsh?: string;
  readonly router?: string;
  readonly attempts?: number;
}

/** Two of each family, from different providers: one that does not respond says nothing about the container. */
const PUBLIC = ['8.8.8.8', '1.1.1.1', '2001:4860:4860::8888', '2606:4700:4700::1111'];

/** Adds the flags of {@link AttachFlags}. */
export function withAttachOptions(command: Command): Command {
  return command
    .addOption(engineOption())
    .addOption(contextOption())
    .addOption(agentImageOption())
    .addOption(attemptsOption())
    .addOption(several('--peer <address>', 'a machine on the LAN that answers', 'PEER'))
    .addOption(several('--router-address <address>', "the LAN's router, where it cannot be found", 'ROUTER_ADDRESS'))
    .addOption(several('--address <address>', 'public addresses to ask', 'ADDRESS').default(PUBLIC))
    .addOption(
      new Option('--name-to-resolve <name>', 'a public name to look up')
        .env('IPVLAN_DOCTOR_NAME_TO_RESOLVE')
        .default('google.com'),
    )
    .addOption(
      new Option(
        '--gateway-evidence <file>',
        'the output of the command of "ipvlan-doctor diagnose --print-gateway-command", run on the router',
      ).env('IPVLAN_DOCTOR_GATEWAY_EVIDENCE'),
    )
    .addOption(
      new Option('--gateway-ssh <user@host>', 'run that command on the router over ssh').env(
        'IPVLAN_DOCTOR_GATEWAY_SSH',
      ),
    )
    .addOption(
      new Option('--router <family>', `what the router runs: ${familyNames()} (default: as its evidence says)`).env(
        'IPVLAN_DOCTOR_ROUTER',
      ),
    );
}

/** The flags as workflows take them. */
export async function attachWishes(flags: AttachFlags) {
  const { engine, context, agentImage, attempts, peer, routerAddress, address, nameToResolve } = flags;
  for (const text of [...peer, ...routerAddress, ...address]) {
    if (!isAddress(text)) throw new DoctorError('USAGE', `${text} is not an address.`);
  }
  const family = flags.router === undefined ? undefined : routerFamily(flags.router);
  if (flags.gatewaySsh?.startsWith('-')) throw new DoctorError('USAGE', `${flags.gatewaySsh} is no USER@HOST.`);
  return {
    engine,
    context,
    agentImage,
    attempts,
    peers: peer,
    gateway: routerAddress,
    addresses: address,
    name: nameToResolve,
    gatewaySide: {
      text: flags.gatewayEvidence === undefined ? undefined : await gatewayEvidence(flags.gatewayEvidence, family),
      ssh: flags.gatewaySsh,
      family,
    },
  };
}

/** The families of routers that are known, for help. */
export function familyNames(): string {
  return ROUTER_FAMILIES.map(({ names }) => names[0]).join(', ');
}

/** May be given several times, and in the environment as words. The first that is given replaces the default. */
function several(flags: string, description: string, variable: string): Option {
  let given: readonly string[] = [];
  return new Option(flags, description)
    .env(`IPVLAN_DOCTOR_${variable}`)
    .default([])
    .argParser((text: string) => {
      given = [...given, ...text.split(/[\s,]+/).filter(Boolean)];
      return given;
    });
}

/** Read and parsed before the look, so that a wrong file is rejected first. */
async function gatewayEvidence(file: string, family: RouterFamily | undefined): Promise<string> {
  const text = await fileText(file);
  parseGatewayEvidence(text, 'gateway', family);
  return text;
}

/** @throws DoctorError `NOT_FOUND` when the file cannot be read */
export async function fileText(file: string): Promise<string> {
  try {
    return decoded(await readFile(file));
  } catch (error) {
    throw new DoctorError('NOT_FOUND', `${file} cannot be read: ${messageOf(error)}.`, { cause: error });
  }
}
