-- Pictures of a story.

ALTER TABLE person ADD COLUMN dark BIGINT NOT NULL DEFAULT 0;       -- how they like them
