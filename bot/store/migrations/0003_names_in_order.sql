-- Other names, with the key's columns first. SQLite 3.40 checks a table that is clustered by its key as if they stood
-- first in any case: one that has another column between them counts as damaged as soon as there is a row in it.

CREATE TABLE other_name (           -- other names of theirs for somebody
    person BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    acquaintance BIGINT NOT NULL,
    PRIMARY KEY (person, name)
);
INSERT INTO other_name (person, name, acquaintance) SELECT person, name, acquaintance FROM spelling;
DROP TABLE spelling;
ALTER TABLE other_name RENAME TO spelling;
