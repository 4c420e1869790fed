-- When a source is asked next, and what is left of each limit of its budget in the window that runs.
ALTER TABLE poll_rows
    ADD COLUMN IF NOT EXISTS next_poll_at Nullable(DateTime64(3, 'UTC')),
    ADD COLUMN IF NOT EXISTS budget Array(Tuple(resource String, per String, remaining Float64, allowed Float64, resets_at DateTime64(3, 'UTC')));

CREATE OR REPLACE VIEW polls AS
SELECT source, started_at, at, outcome, code, reason, mentions, deletions, unmatched, dead_letters,
    requests, items, usd, units, failures, covered_from, heard_until, not_before, next_poll_at, budget
FROM poll_rows FINAL;
