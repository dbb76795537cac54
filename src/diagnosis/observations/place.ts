/** Where something was seen: a node, and on it a link where that matters. */
export interface Place {
  readonly node: string;
  readonly device?: string | undefined;
}
