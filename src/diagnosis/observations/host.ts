/** What was seen of how a node routes and filters: the Docker host's above all. */
export type HostObservation =
  /** What `ip route get` answers. */
  | {
      readonly kind: 'route';
      readonly node: string;
      readonly destination: string;
      readonly via?: string | undefined;
      readonly device?: string | undefined;
    }
  | { readonly kind: 'no-route'; readonly node: string; readonly destination: string }
  | { readonly kind: 'sysctl'; readonly node: string; readonly name: string; readonly value: string };
