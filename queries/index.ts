import type { z } from "zod";
import type { Query } from "../core/contracts.ts";
import { agenda } from "./agenda.ts";
import { alertDeliveries } from "./alert-deliveries.ts";
import { alertEvents } from "./alert-events.ts";
import { alertPrecision } from "./alert-precision.ts";
import { alertSilences } from "./alert-silences.ts";
import { alerts } from "./alerts.ts";
import { breakdown } from "./breakdown.ts";
import { changes } from "./changes.ts";
import { complaintTrend } from "./complaint-trend.ts";
import { corrections } from "./corrections.ts";
import { coverageHours } from "./coverage-hours.ts";
import { coverageTrend } from "./coverage-trend.ts";
import { deadLetters } from "./dead-letters.ts";
import { exposures } from "./exposures.ts";
import { filterOptions } from "./filter-options.ts";
import { issueCounts } from "./issue-counts.ts";
import { issueEvents } from "./issue-events.ts";
import { issueMentions } from "./issue-mentions.ts";
import { issueAnswers, issueProfile } from "./issue-profile.ts";
import { issueProposals } from "./issue-proposals.ts";
import { issueRanks } from "./issue-ranks.ts";
import { issueTrend } from "./issue-trend.ts";
import { isolatedCalls } from "./isolated-calls.ts";
import { issues } from "./issues.ts";
import { knownIssues } from "./known-issues.ts";
import { latestMentions } from "./latest-mentions.ts";
import { listeningCosts } from "./listening-costs.ts";
import { mentionCount } from "./mention-count.ts";
import { mentionVolume } from "./mention-volume.ts";
import { sentimentTrend } from "./sentiment-trend.ts";
import { shareOfVoice } from "./share-of-voice.ts";
import { singleVoices } from "./single-voices.ts";
import { sourceHealth } from "./source-health.ts";
import { beliefs, causes, needs } from "./standing-views.ts";
import { summary } from "./summary.ts";
import { trackerExposures } from "./tracker-exposures.ts";
import { voiceRegret } from "./voice-regret.ts";

/** Every question people can ask by name, in the order they are listed. What only the loops ask is not here. */
export const queries: readonly Query<z.ZodObject, z.ZodObject>[] = [
  summary,
  mentionVolume,
  sentimentTrend,
  complaintTrend,
  shareOfVoice,
  coverageTrend,
  breakdown,
  latestMentions,
  issues,
  issueCounts,
  issueMentions,
  issueTrend,
  issueRanks,
  issueEvents,
  issueProposals,
  singleVoices,
  voiceRegret,
  isolatedCalls,
  issueProfile,
  issueAnswers,
  agenda,
  knownIssues,
  beliefs,
  needs,
  causes,
  alerts,
  alertEvents,
  alertDeliveries,
  alertSilences,
  alertPrecision,
  changes,
  exposures,
  trackerExposures,
  corrections,
  mentionCount,
  filterOptions,
  sourceHealth,
  listeningCosts,
  deadLetters,
  coverageHours,
];
