import type { LinkSettings } from '../remedies/changes/link.js';

/** A change that a user thinks of, as it is written. Names are not yet looked up. */
export type Wish = { readonly text: string } & (
  | {
      readonly kind: 'route';
      readonly action: 'add' | 'delete';
      readonly destination: string;
      readonly via?: string;
      readonly device?: string;
      readonly node: string;
    }
  | { readonly kind: 'sysctl'; readonly name: string; readonly value: string; readonly node: string }
  | {
      readonly kind: 'filter';
      readonly action: 'allow' | 'drop';
      readonly protocol: string;
      readonly port: number | undefined;
      /** An address, a subnet or a node's name; absent for any. */
      readonly from: string | undefined;
      readonly to: string | undefined;
      readonly node: string;
    }
  | { readonly kind: 'masquerade'; readonly subnet: string; readonly node: string }
  | { readonly kind: 'link'; readonly device: string; readonly set: LinkSettings; readonly node: string }
  | {
      readonly kind: 'address';
      readonly action: 'add' | 'delete';
      readonly address: string;
      readonly device: string;
      readonly node: string;
    }
  | { readonly kind: 'network'; readonly network: string; readonly mode: string }
);
