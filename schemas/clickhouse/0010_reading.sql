-- What else is read from a mention. Rows that were read before have the empty values until they are read again.
ALTER TABLE mention_rows
    ADD COLUMN IF NOT EXISTS sentence_sentiments Array(Tuple(start UInt32, end UInt32, label String, score Float32)) AFTER sentiment_spans,
    ADD COLUMN IF NOT EXISTS intent LowCardinality(String) AFTER complaint_evidence,
    ADD COLUMN IF NOT EXISTS is_request Bool AFTER intent,
    ADD COLUMN IF NOT EXISTS request_confidence Float32 AFTER is_request,
    ADD COLUMN IF NOT EXISTS request_evidence Array(Tuple(start UInt32, end UInt32)) AFTER request_confidence,
    ADD COLUMN IF NOT EXISTS aspects Array(Tuple(aspect String, label String, score Float32, start UInt32, end UInt32)) AFTER request_evidence,
    ADD COLUMN IF NOT EXISTS stage_broke LowCardinality(String) AFTER aspects,
    ADD COLUMN IF NOT EXISTS stage_complained LowCardinality(String) AFTER stage_broke,
    ADD COLUMN IF NOT EXISTS severity UInt8 AFTER stage_complained,
    ADD COLUMN IF NOT EXISTS anger UInt8 AFTER severity,
    ADD COLUMN IF NOT EXISTS is_repeated Bool AFTER anger,
    ADD COLUMN IF NOT EXISTS repeat_count Nullable(UInt16) AFTER is_repeated,
    ADD COLUMN IF NOT EXISTS days_waiting Nullable(Float32) AFTER repeat_count,
    ADD COLUMN IF NOT EXISTS repetition_evidence Array(Tuple(start UInt32, end UInt32)) AFTER days_waiting,
    ADD COLUMN IF NOT EXISTS is_expectation_broken Bool AFTER repetition_evidence,
    ADD COLUMN IF NOT EXISTS expectation_source LowCardinality(String) AFTER is_expectation_broken,
    ADD COLUMN IF NOT EXISTS expectation_claim String AFTER expectation_source,
    ADD COLUMN IF NOT EXISTS expectation_evidence Array(Tuple(start UInt32, end UInt32)) AFTER expectation_claim,
    ADD COLUMN IF NOT EXISTS threats Array(Tuple(kind String, start UInt32, end UInt32)) AFTER expectation_evidence,
    ADD COLUMN IF NOT EXISTS is_spam Bool AFTER threats,
    ADD COLUMN IF NOT EXISTS spam_score Float32 AFTER is_spam,
    ADD COLUMN IF NOT EXISTS spam_reasons Array(LowCardinality(String)) AFTER spam_score;

CREATE OR REPLACE VIEW mentions AS
SELECT
    id, platform, source, native_id, revision, kind, trackers,
    author_id, author_name, author_handle, author_followers,
    text, title, url, parent_id, thread_id, amplifies_id, in_reply_to_us, by_us,
    rating, rating_max, product, version, country, language_hint,
    published_at, observed_at, processed_at,
    likes, replies, shares, views, raw_hash,
    language, language_confidence,
    sentiment_score, sentiment_label, sentiment_confidence, sentiment_spans, sentence_sentiments,
    is_complaint, complaint_confidence, complaint_evidence,
    intent, is_request, request_confidence, request_evidence, aspects, stage_broke, stage_complained,
    severity, anger, is_repeated, repeat_count, days_waiting, repetition_evidence,
    is_expectation_broken, expectation_source, expectation_claim, expectation_evidence,
    threats, is_spam, spam_score, spam_reasons, model_version
FROM mention_rows FINAL;

CREATE OR REPLACE VIEW enrichments AS
SELECT
    id AS mention_id, published_at, language, language_confidence,
    sentiment_score, sentiment_label, sentiment_confidence, sentiment_spans, sentence_sentiments,
    is_complaint, complaint_confidence, complaint_evidence,
    intent, is_request, request_confidence, request_evidence, aspects, stage_broke, stage_complained,
    severity, anger, is_repeated, repeat_count, days_waiting, repetition_evidence,
    is_expectation_broken, expectation_source, expectation_claim, expectation_evidence,
    threats, is_spam, spam_score, spam_reasons, model_version, processed_at
FROM mention_rows FINAL;
