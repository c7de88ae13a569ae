-- Everything that people can change, find again, take along and have erased.

ALTER TABLE person ADD COLUMN weeks BIGINT NOT NULL DEFAULT 1;      -- from one check-in to the next: 1, 2 or 4
ALTER TABLE person ADD COLUMN discreet BIGINT NOT NULL DEFAULT 0;   -- pings show nothing private at all
ALTER TABLE person ADD COLUMN model BIGINT;                         -- whether a language model may be asked; NULL: not asked yet

ALTER TABLE theme ADD COLUMN paused BIGINT NOT NULL DEFAULT 0;

ALTER TABLE answer ADD COLUMN folded TEXT;      -- the words of text, folded for searching; NULL until that was done
ALTER TABLE answer ADD COLUMN theme BIGINT;     -- the theme that it serves
ALTER TABLE answer ADD COLUMN about BIGINT;     -- what came of which answer or card, for an outcome
CREATE INDEX answer_unfolded ON answer (person, id) WHERE folded IS NULL AND text IS NOT NULL;

ALTER TABLE card ADD COLUMN felt TEXT;              -- gladly, chore
ALTER TABLE card ADD COLUMN acquaintance BIGINT;    -- whom it is for

CREATE TABLE place (                -- where they already are, online or off
    person BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    id BIGINT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (person, id)
);

CREATE TABLE acquaintance (         -- people whom they named
    person BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    id BIGINT NOT NULL,
    name TEXT NOT NULL,
    let_be BIGINT NOT NULL,
    PRIMARY KEY (person, id)
);

CREATE TABLE spelling (             -- other names of theirs for somebody
    person BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    acquaintance BIGINT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (person, name)
);

CREATE TABLE mention (              -- who an answer is about
    person BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    acquaintance BIGINT NOT NULL,
    answer BIGINT NOT NULL,
    PRIMARY KEY (person, acquaintance, answer)
);
CREATE INDEX mention_answer ON mention (person, answer);

CREATE TABLE media (                -- files that belong to an answer; the bytes lie beside the database
    person BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    id BIGINT NOT NULL,
    answer BIGINT NOT NULL,
    kind TEXT NOT NULL,             -- voice, photo, video, audio, document
    file TEXT NOT NULL,             -- the channel's id of it
    name TEXT NOT NULL,
    size BIGINT NOT NULL,
    state TEXT NOT NULL,            -- wanted, kept, absent
    PRIMARY KEY (person, id)
);
CREATE INDEX media_wanted ON media (person, id) WHERE state = 'wanted';

CREATE TABLE search (               -- words that were looked for, so that the buttons below what was found hold none
    person BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    id BIGINT NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (person, id)
);

-- Without a reference to the person: the farewell to somebody who had everything erased is the last that is left.
CREATE TABLE outgoing (
    person BIGINT NOT NULL,
    id BIGINT NOT NULL,
    chat BIGINT NOT NULL,
    written_at TEXT NOT NULL,
    payload TEXT,                   -- the Reply as JSON, empty once sent
    about BIGINT,                   -- the check-in it asks for
    unsure BIGINT NOT NULL,         -- sends that may have arrived
    bare BIGINT NOT NULL,
    farewell BIGINT NOT NULL,       -- deleted once it is sent
    state TEXT NOT NULL,            -- waiting, sent, dropped, aside
    message BIGINT,                 -- the channel's id of it
    PRIMARY KEY (person, id)
);
INSERT INTO outgoing (person, id, chat, written_at, payload, about, unsure, bare, farewell, state, message)
SELECT person, id, chat, written_at, payload, about, unsure, bare, 0, state, message FROM outbox;
DROP TABLE outbox;
ALTER TABLE outgoing RENAME TO outbox;
CREATE INDEX outbox_waiting ON outbox (person, id) WHERE state = 'waiting';
CREATE INDEX outbox_written_at ON outbox (written_at);
CREATE INDEX inbox_person ON inbox (person) WHERE person IS NOT NULL;
