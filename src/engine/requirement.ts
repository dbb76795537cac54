/** One thing a run needs, and whether this engine gives it. */
export interface Requirement {
  readonly name: string;
  /** `limited`: some scenarios will be skipped. `unmet`: nothing can run. `untried`: something before it was unmet. */
  readonly state: 'met' | 'limited' | 'unmet' | 'untried';
  /** What was seen. */
  readonly detail: string;
  /** What to do about it; absent when it is met. */
  readonly remedy: string | undefined;
}
