/**
 * How usual a cause is among those that cannot be told apart, as a share of users' reports; only the order counts. From the reports
 * that the catalogue of causes was made from.
 */
const PRIORS: Readonly<Record<string, number>> = {
  'gateway-missing-return-route': 60,
  'gateway-no-nat-for-container-subnet': 30,
  'gateway-acl-drops-container-subnet': 20,
  'gateway-return-route-wrong-next-hop': 15,
  'gateway-strict-rpf': 5,
};

/** Larger is more usual; 10 for what was reported too seldom to tell. */
export function priorOf(cause: string): number {
  return PRIORS[cause] ?? 10;
}
