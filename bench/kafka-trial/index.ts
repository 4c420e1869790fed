export { killTrial, type KillTrialOptions } from "./kills.ts";
export { outageTrial, type OutageTrialOptions } from "./outage.ts";
export type { TrialResult } from "./site.ts";
