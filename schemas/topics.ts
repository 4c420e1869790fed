import { DeadLetter } from "./dead-letter.ts";
import { copiesByTracker, EnrichedEvent } from "./enriched-event.ts";
import { idOf, MentionEvent, type Mention, type MentionDeletion } from "./mention.ts";
import type { StoredEvent } from "./stored-event.ts";

/**
 * The topics between processes and what they promise. Messages are JSON in snake_case (`wire.ts`), with the topic's
 * schema version in the header `schema-version`.
 */

const mention: Mention = {
  id: "app_store:9001",
  platform: "app_store",
  source: "acme-ios",
  nativeId: "9001",
  revision: 0,
  kind: "review",
  trackers: ["acme"],
  authorId: "u-77",
  authorName: "Ines",
  authorHandle: "",
  authorFollowers: null,
  text: "The parcel never arrived and nobody answers.",
  title: "Lost",
  url: "https://apps.example/reviews/9001",
  parentId: "",
  threadId: "",
  amplifiesId: "",
  inReplyToUs: false,
  byUs: false,
  rating: 1,
  ratingMax: 5,
  product: "Acme Parcels",
  version: "4.2.0",
  country: "DE",
  languageHint: "en",
  publishedAt: "2026-03-02T09:00:00.000Z",
  observedAt: "2026-03-02T10:00:00.000Z",
  engagement: { likes: 3, replies: null, shares: null, views: null },
  rawHash: "5f0c0b1d2e3a4f5061728394a5b6c7d8",
};

const deletion: MentionDeletion = {
  type: "delete",
  id: "app_store:9000",
  source: "acme-ios",
  trackers: ["acme"],
  reason: "no longer shown",
  observedAt: "2026-03-02T11:00:00.000Z",
};

const enriched: StoredEvent = {
  type: "upsert",
  mention,
  enrichment: {
    language: "en",
    languageConfidence: 0.99,
    sentiment: {
      score: -0.6,
      label: "negative",
      confidence: 0.8,
      spans: [{ start: 11, end: 24 }],
      sentences: [],
    },
    complaint: { isComplaint: true, confidence: 0.9, evidence: [{ start: 0, end: 24 }] },
    intent: "complaint",
    request: { isRequest: false, confidence: 0.9, evidence: [] },
    feedback: { kind: "user_experience", confidence: 0.6 },
    aspects: [{ aspect: "parcel", label: "negative", score: -0.5, span: { start: 4, end: 10 } }],
    stage: { brokeAt: "delivery", complainedAt: "support" },
    severity: 2,
    anger: 0,
    repetition: { isRepeated: false, count: null, daysWaiting: null, evidence: [] },
    expectation: { isBroken: false, source: "none", claim: null, evidence: [] },
    threats: [],
    spam: { isSpam: false, score: 0, reasons: [] },
    modelVersion: "linear-3",
    processedAt: "2026-03-02T10:00:01.000Z",
  },
  logged: { at: "2026-03-02T10:00:00.500Z", offset: 4_711 },
};

/**
 * What ingestors heard. Kept by its latest event per mention, so that a deletion purges what the log held of it, well
 * within the strictest platform's deadline of a day.
 */
export const mentionsTopic = {
  name: "mentions",
  summary:
    "What was heard: a mention, new or changed, or the news that one was deleted. Keyed by mention id.",
  version: 1,
  record: MentionEvent,
  key: (event: MentionEvent) => idOf(event),
  retention: { latestPerKey: true },
  examples: [{ type: "upsert", mention }, deletion] satisfies readonly MentionEvent[],
};

/**
 * Mentions with what the processors read from them. Kept short: it cannot be compacted by mention, and a deleted text
 * must not outlive its deadline. What is older can be made again from `mentions`.
 */
export const enrichedTopic = {
  name: "mentions.enriched",
  summary:
    "Mentions with what was read from them, once for each tracker. Keyed by tracker; by mention id where there is none.",
  version: 1,
  record: EnrichedEvent,
  key: ({ tracker, event }: EnrichedEvent) => {
    return tracker === "" ? idOf(event) : tracker;
  },
  retention: { hours: 20 },
  examples: [enriched, deletion].flatMap((event) => copiesByTracker(event)),
};

/**
 * Records that failed anywhere; store workers file them in the store, where `earshot dead-letters` reads them. Kept as
 * short as `mentions.enriched`, for the same reason.
 */
export const deadLettersTopic = {
  name: "dead-letters",
  summary:
    "Records that could not be read, processed or stored, from every process. Keyed by dead letter id.",
  version: 1,
  record: DeadLetter,
  key: ({ id }: DeadLetter) => id,
  retention: { hours: 20 },
  examples: [
    {
      id: "0f7c1c6f0a8f4b7e9f0d2b1a3c4d5e6f",
      source: "acme-ios",
      ingestor: "rss",
      stage: "parse",
      code: "record_invalid",
      reason: "There is no text, title or rating in it; map the column that has it.",
      position: "item 17",
      payload: '{"title":""}',
      isPayloadCut: false,
      state: "open",
      at: "2026-03-02T10:00:00.000Z",
    },
  ] satisfies readonly DeadLetter[],
};

/** Every topic, in the order records travel. */
export const topics = [mentionsTopic, enrichedTopic, deadLettersTopic] as const;
