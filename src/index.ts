/**
 * ipvlan-doctor as a library: settle scenarios, run them, diagnose evidence, render results.
 *
 * @module
 */
export { diagnose } from './diagnosis/diagnose.js';
export type {
  Diagnosis,
  FoundCause,
  PrintedCommand,
  PrintedInconclusive,
  PrintedRemedy,
} from './diagnosis/diagnosis.js';
export type { Cause, Command, Found, Inconclusive, Remedy, RuledOut } from './diagnosis/cause.js';
export { CAUSES } from './diagnosis/causes/index.js';
export type { Arrival, Flow, FlowEnd } from './diagnosis/flow.js';
export { DoctorError, type DoctorErrorOptions, type ErrorCode } from './errors.js';
export type * from './evidence/facts.js';
export type { Evidence, Failure, Missing, Outcome, ProbeResult } from './evidence/evidence.js';
export { readEvidence } from './evidence/file.js';
export { renderHtml } from './report/html/page.js';
export { readResult, resultJson } from './report/json.js';
export type * from './report/result.js';
export { renderTerminal, type View } from './report/terminal.js';
export { writeReport, type Written } from './report/write.js';
export type * from './scenario/plan.js';
export { newRunId, planAll, run, type RunOptions } from './workflows/run/run.js';
