import type { IcmpComplaint } from '../../network/observations/icmp-errors.js';

const COMPLAINTS: Readonly<Record<IcmpComplaint, string>> = {
  'no-route': '"network unreachable"',
  'host-unreachable': '"host unreachable"',
  'port-unreachable': '"port unreachable"',
  prohibited: '"administratively prohibited"',
  'too-big': '"fragmentation needed"',
  'time-exceeded': '"time to live exceeded"',
  redirect: 'a redirect',
  other: 'another ICMP error',
};

/** What an ICMP error says, in the words of ping and RFC 1122. `mtu` in bytes, where it says one. */
export function complaintText({
  complaint,
  mtu,
}: {
  readonly complaint: IcmpComplaint;
  readonly mtu?: number | undefined;
}): string {
  return mtu === undefined ? COMPLAINTS[complaint] : `${COMPLAINTS[complaint]} (MTU ${mtu})`;
}
