-- What was deleted must be gone from the disk, too: parts that a purge replaced are removed within minutes.
ALTER TABLE mention_rows MODIFY SETTING old_parts_lifetime = 60, max_cleanup_delay_period = 60;
ALTER TABLE mention_revision_rows MODIFY SETTING old_parts_lifetime = 60, max_cleanup_delay_period = 60;
ALTER TABLE engagement_rows MODIFY SETTING old_parts_lifetime = 60, max_cleanup_delay_period = 60;
ALTER TABLE dead_letter_rows MODIFY SETTING old_parts_lifetime = 60, max_cleanup_delay_period = 60;
