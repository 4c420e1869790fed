-- What a review gives the makers of a product.
ALTER TABLE mention_rows
    ADD COLUMN IF NOT EXISTS feedback_kind LowCardinality(String) AFTER request_evidence,
    ADD COLUMN IF NOT EXISTS feedback_confidence Float32 AFTER feedback_kind;

-- Mentions as before. What was said of aspects is named once: each further place in the expression holds another copy of all
-- that was ever said of aspects, and tens of thousands went beyond the memory a question may take.
CREATE OR REPLACE VIEW mentions AS
WITH
    (
        SELECT tuple(
            groupArrayIf((mention_id, sentiment), sentiment != ''),
            groupArrayIf((mention_id, intent), intent != ''),
            groupArrayIf((mention_id, aspects), notEmpty(aspects)),
            groupArrayIf(mention_id, relevance = 'relevant'),
            groupArrayIf(mention_id, relevance = 'irrelevant'))
        FROM standing_corrections
    ) AS said,
    said.1 AS sentiments, said.2 AS intents, said.3 AS judged, said.4 AS relevant, said.5 AS irrelevant,
    if(empty(sentiments), '', transform(m.id, sentiments.1, sentiments.2, '')) AS said_sentiment,
    if(empty(intents), '', transform(m.id, intents.1, intents.2, '')) AS said_intent,
    if(
        empty(judged),
        CAST([], 'Array(Tuple(aspect String, label String))'),
        (judged.2)[transform(m.id, judged.1, arrayEnumerate(judged.1), 0)]) AS said_aspects
SELECT
    m.id AS id, m.platform AS platform, m.source AS source, m.native_id AS native_id, m.revision AS revision,
    m.kind AS kind, m.trackers AS trackers,
    m.author_id AS author_id, m.author_name AS author_name, m.author_handle AS author_handle,
    m.author_followers AS author_followers,
    m.text AS text, m.title AS title, m.url AS url, m.parent_id AS parent_id, m.thread_id AS thread_id,
    m.amplifies_id AS amplifies_id, m.in_reply_to_us AS in_reply_to_us, m.by_us AS by_us,
    m.rating AS rating, m.rating_max AS rating_max, m.product AS product, m.version AS version, m.country AS country,
    m.language_hint AS language_hint,
    m.published_at AS published_at, m.observed_at AS observed_at, m.processed_at AS processed_at,
    m.likes AS likes, m.replies AS replies, m.shares AS shares, m.views AS views, m.raw_hash AS raw_hash,
    m.language AS language, m.language_confidence AS language_confidence,
    -- a person says a label, not a number: the number read is kept where it bears the same label
    if(said_sentiment = '', m.sentiment_score, multiIf(
        said_sentiment = m.sentiment_label, m.sentiment_score,
        said_sentiment = 'negative', -0.6::Float32,
        said_sentiment = 'positive', 0.6::Float32,
        0::Float32)) AS sentiment_score,
    if(said_sentiment = '', m.sentiment_label, said_sentiment) AS sentiment_label,
    if(said_sentiment = '', m.sentiment_confidence, 1::Float32) AS sentiment_confidence,
    -- words that decided otherwise are no evidence
    if(said_sentiment = '', m.sentiment_spans, if(said_sentiment = m.sentiment_label, m.sentiment_spans, [])) AS sentiment_spans,
    m.sentence_sentiments AS sentence_sentiments,
    if(said_intent = '', m.is_complaint, (said_intent = 'complaint')::Bool) AS is_complaint,
    if(said_intent = '', m.complaint_confidence, 1::Float32) AS complaint_confidence,
    if(said_intent IN ('', 'complaint'), m.complaint_evidence, []) AS complaint_evidence,
    if(said_intent = '', m.intent, said_intent) AS intent,
    if(said_intent = '', m.is_request, (said_intent = 'request')::Bool) AS is_request,
    if(said_intent = '', m.request_confidence, 1::Float32) AS request_confidence,
    if(said_intent IN ('', 'request'), m.request_evidence, []) AS request_evidence,
    m.feedback_kind AS feedback_kind, m.feedback_confidence AS feedback_confidence,
    -- what was read and is not said otherwise, in the order of the text; then what people added, which has no place in it
    if(empty(judged), m.aspects, arrayMap(
        said -> if(empty(said), m.aspects, CAST(arrayConcat(
            arrayFilter(
                a -> a.2 != 'none',
                arrayMap(
                    a -> multiIf(
                        NOT has(said.aspect, a.aspect), a,
                        said.label[indexOf(said.aspect, a.aspect)] = a.label, a,
                        (
                            a.aspect,
                            said.label[indexOf(said.aspect, a.aspect)],
                            transform(said.label[indexOf(said.aspect, a.aspect)], ['negative', 'positive'], [-0.6, 0.6], 0.)::Float32,
                            a.start,
                            a.end
                        )),
                    m.aspects)),
            arrayMap(
                s -> (s.aspect, s.label, transform(s.label, ['negative', 'positive'], [-0.6, 0.6], 0.)::Float32, 0::UInt32, 0::UInt32),
                arrayFilter(s -> s.label != 'none' AND NOT has(m.aspects.aspect, s.aspect), said))
        ), 'Array(Tuple(aspect String, label String, score Float32, start UInt32, end UInt32))')),
        [said_aspects])[1]) AS aspects,
    m.stage_broke AS stage_broke, m.stage_complained AS stage_complained,
    -- 0 is for what is no complaint and no danger
    if(said_intent = '', m.severity, multiIf(
        said_intent = 'complaint', greatest(m.severity, 1),
        hasAny(m.threats.kind, ['safety', 'data']), m.severity,
        0)::UInt8) AS severity,
    m.anger AS anger, m.is_repeated AS is_repeated, m.repeat_count AS repeat_count, m.days_waiting AS days_waiting,
    m.repetition_evidence AS repetition_evidence,
    m.is_expectation_broken AS is_expectation_broken, m.expectation_source AS expectation_source,
    m.expectation_claim AS expectation_claim, m.expectation_evidence AS expectation_evidence,
    m.threats AS threats,
    if(said_intent = '', m.is_spam, (said_intent = 'spam')::Bool) AS is_spam,
    if(said_intent = '', m.spam_score, if(said_intent = 'spam', 1, 0)::Float32) AS spam_score,
    if(said_intent = '', m.spam_reasons, if(said_intent = 'spam', m.spam_reasons, [])) AS spam_reasons,
    m.model_version AS model_version,
    arrayFilter(f -> f != '', [
        if(empty(relevant) OR transform(m.id, relevant, arrayEnumerate(relevant), 0) = 0, '', 'relevance'),
        if(said_sentiment = '', '', 'sentiment'),
        if(said_intent = '', '', 'intent'),
        if(empty(said_aspects), '', 'aspect')]) AS corrected
FROM mention_rows AS m FINAL
WHERE empty(irrelevant) OR transform(m.id, irrelevant, arrayEnumerate(irrelevant), 0) = 0;

CREATE OR REPLACE VIEW enrichments AS
SELECT
    id AS mention_id, published_at, language, language_confidence,
    sentiment_score, sentiment_label, sentiment_confidence, sentiment_spans, sentence_sentiments,
    is_complaint, complaint_confidence, complaint_evidence,
    intent, is_request, request_confidence, request_evidence, feedback_kind, feedback_confidence, aspects,
    stage_broke, stage_complained,
    severity, anger, is_repeated, repeat_count, days_waiting, repetition_evidence,
    is_expectation_broken, expectation_source, expectation_claim, expectation_evidence,
    threats, is_spam, spam_score, spam_reasons, model_version, corrected, processed_at
FROM mentions;

-- Beside the text, the stars: they decide what the machine reads.
CREATE OR REPLACE VIEW corrections AS
SELECT
    c.id AS id, c.mention_id AS mention_id, c.revision AS revision, c.field AS field, c.aspect AS aspect, c.value AS value,
    multiIf(
        c.field = 'relevance', 'relevant',
        c.field = 'sentiment', m.sentiment_label,
        c.field = 'intent', m.intent,
        has(m.aspects.aspect, c.aspect), m.aspects.label[indexOf(m.aspects.aspect, c.aspect)],
        'none') AS read_value,
    (c.value != 'as_read' AND row_number() OVER (PARTITION BY c.mention_id, c.field, c.aspect ORDER BY c.at DESC, c.id DESC) = 1)::Bool AS is_standing,
    (m.revision > c.revision)::Bool AS is_edited,
    c.note AS note, c.by AS by, c.at AS at,
    m.language AS language, m.title AS title, m.text AS text,
    m.rating AS rating, m.rating_max AS rating_max
FROM (SELECT * FROM correction_rows FINAL) AS c
INNER JOIN
(
    SELECT id, revision, language, title, text, rating, rating_max, sentiment_label, intent, aspects
    FROM mention_rows FINAL
    WHERE id IN (SELECT mention_id FROM correction_rows)
) AS m ON m.id = c.mention_id;

-- What we answered to what people called irrelevant is no figure either.
CREATE OR REPLACE VIEW responses AS
SELECT
    r.id AS response_id,
    r.parent_id AS mention_id,
    r.platform AS platform,
    r.source AS source,
    r.trackers AS trackers,
    r.author_name AS author_name,
    r.author_handle AS author_handle,
    r.text AS text,
    r.url AS url,
    r.published_at AS published_at,
    m.published_at AS mention_published_at,
    if(m.published_at IS NULL, NULL, dateDiff('second', m.published_at, r.published_at)) AS after_s
FROM
(
    WITH irrelevant AS (SELECT mention_id FROM standing_corrections WHERE relevance = 'irrelevant')
    SELECT * FROM mention_rows FINAL
    WHERE by_us AND parent_id != '' AND id NOT IN irrelevant AND parent_id NOT IN irrelevant
) AS r
LEFT JOIN
(
    SELECT id, toNullable(published_at) AS published_at
    FROM mention_rows FINAL
    WHERE id IN (SELECT parent_id FROM mention_rows FINAL WHERE by_us AND parent_id != '')
) AS m ON m.id = r.parent_id;
