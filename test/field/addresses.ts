import { addressAt, overlap, prefixLength, subnetOf } from '../../src/ip.js';
import type { Random } from './random.js';

/** What the lab's own host, the site's uplink, faults and noise use. */
const TAKEN = [
  '10.0.2.0/24',
  '10.8.0.0/16',
  '10.99.0.0/16',
  '172.17.0.0/16',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '2001:db8:51::/64',
  '2001:db8:113::/64',
];

/** Gives out subnets that do not overlap, and addresses in them that no one else has. */
export class Addresses {
  readonly #random: Random;
  readonly #subnets = [...TAKEN];
  readonly #addresses = new Set<string>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** A private IPv4 subnet of 62 addresses or more. */
  four(): string {
    const random = this.#random;
    const start = random.pick([
      () => `10.${random.int(0, 255)}.${random.int(0, 255)}.0`,
      () => `172.${random.int(16, 31)}.${random.int(0, 255)}.0`,
      () => `192.168.${random.int(0, 255)}.0`,
    ])();
    return this.#free(subnetOf(`${start}/${random.pick([22, 23, 24, 24, 24, 25, 26])}`)) ?? this.four();
  }

  /** An IPv6 subnet: a global one, as providers give them. */
  six(): string {
    return this.#free(`3fff:${this.#random.int(1, 0xfff).toString(16)}:${this.#random.int(1, 99)}::/64`) ?? this.six();
  }

  /** An address in a subnet, neither its first, which Docker keeps for a gateway, nor one that was given before. */
  in(subnet: string): string {
    const address = addressAt(subnet, this.#random.int(2, 60));
    return this.#claim(address) ?? this.in(subnet);
  }

  /** A router's address: the first of its subnet, the last, or any. */
  router(subnet: string): string {
    const last = prefixLength(subnet) > 26 || subnet.includes(':') ? 62 : 2 ** (32 - prefixLength(subnet)) - 2;
    const address = addressAt(subnet, this.#random.pick([1, 1, last, this.#random.int(2, 60)]));
    return this.#claim(address) ?? this.router(subnet);
  }

  #free(subnet: string): string | undefined {
    if (this.#subnets.some((other) => overlap(other, subnet))) return undefined;
    this.#subnets.push(subnet);
    return subnet;
  }

  #claim(address: string): string | undefined {
    if (this.#addresses.has(address)) return undefined;
    this.#addresses.add(address);
    return address;
  }
}
