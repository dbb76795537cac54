/** One sentence maker for each kind of some observations. */
export type TextsOf<Observation extends { readonly kind: string }> = {
  readonly [Kind in Observation['kind']]: (observation: Extract<Observation, { readonly kind: Kind }>) => string;
};
