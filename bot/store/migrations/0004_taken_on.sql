-- What an act is for, where it happens and who spoke, circles that no act crosses, and what was spent on a language model.

ALTER TABLE card ADD COLUMN place BIGINT;       -- where it happens
ALTER TABLE card ADD COLUMN received BIGINT;    -- the answer that it gives thanks for, or passes on
ALTER TABLE card ADD COLUMN source TEXT NOT NULL DEFAULT 'catalogue';   -- catalogue, model, received

ALTER TABLE theme ADD COLUMN circle TEXT;       -- in their own word: work, family
ALTER TABLE place ADD COLUMN circle TEXT;
ALTER TABLE acquaintance ADD COLUMN circle TEXT;

CREATE TABLE spent (                -- calls of a language model
    whose BIGINT NOT NULL,          -- a person; 0 is everybody together
    day TEXT NOT NULL,              -- in UTC
    calls BIGINT NOT NULL,
    PRIMARY KEY (whose, day)
);
CREATE INDEX spent_day ON spent (day);
