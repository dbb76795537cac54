/** What was seen of the gateway, of what lies beyond it, of services, and of the engine. */
export type GatewayObservation =
  /** A setting of a Docker network, by `docker network inspect`. */
  { readonly kind: 'network-setting'; readonly network: string; readonly setting: string; readonly value: string };
