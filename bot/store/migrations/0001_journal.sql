-- The dialect that SQLite and PostgreSQL share: TEXT, BIGINT, fixed-width UTC text for instants, JSON as text.
-- Ids inside a journal are counted in Python, one counter a person, so they also tell the order of things.
-- Tables are clustered by person: on SQLite the driver adds WITHOUT ROWID.

CREATE TABLE person (
    id BIGINT NOT NULL PRIMARY KEY,
    chat BIGINT NOT NULL,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    state TEXT NOT NULL,            -- new, here, silent (after the goodbye), blocked, apart (a group, or not on the list)
    city TEXT,
    zone TEXT,
    weekday BIGINT,                 -- Monday is 0
    minute BIGINT,                  -- of the day, in the zone's wall time
    length TEXT NOT NULL,           -- short, full, one
    unanswered BIGINT NOT NULL,     -- planned check-ins in a row without a word
    quiet_until TEXT,
    pending TEXT,                   -- the question that is open outside a check-in, as JSON
    joined_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,          -- their last word or press
    counter BIGINT NOT NULL         -- the last id given out in this journal
);

CREATE TABLE theme (
    person BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    id BIGINT NOT NULL,
    text TEXT NOT NULL,
    added_at TEXT NOT NULL,
    PRIMARY KEY (person, id)
);

CREATE TABLE check_in (
    person BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    id BIGINT NOT NULL,
    kind TEXT NOT NULL,             -- planned, asked
    subject TEXT NOT NULL,          -- planned: its first planned local day; asked: its id
    questions TEXT NOT NULL,        -- ids, with spaces between
    opened_at TEXT NOT NULL,
    closed_at TEXT,
    finished BIGINT NOT NULL,
    PRIMARY KEY (person, id),
    UNIQUE (person, kind, subject)
);

CREATE TABLE answer (
    person BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    id BIGINT NOT NULL,
    check_in BIGINT,
    question TEXT NOT NULL,         -- a question's id, or note
    text TEXT,
    reading TEXT,                   -- a choice's id, or skip, never, nothing, enough, unclear
    message BIGINT,
    said_at TEXT NOT NULL,
    PRIMARY KEY (person, id)
);
CREATE INDEX answer_check_in ON answer (person, check_in);

CREATE TABLE revision (
    person BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    id BIGINT NOT NULL,
    answer BIGINT NOT NULL,
    text TEXT,
    changed_at TEXT NOT NULL,
    PRIMARY KEY (person, id)
);

CREATE TABLE asking (               -- what one person was asked, a row a question
    person BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    question TEXT NOT NULL,
    used TEXT NOT NULL,             -- digests of the wordings used in this round, with spaces between
    asked_at TEXT,
    never BIGINT NOT NULL,
    PRIMARY KEY (person, question)
);

CREATE TABLE card (
    person BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    id BIGINT NOT NULL,
    act TEXT NOT NULL,              -- the catalogue's id
    text TEXT NOT NULL,
    minutes BIGINT NOT NULL,
    theme TEXT,
    state TEXT NOT NULL,            -- open, taken, declined
    moment TEXT,
    shown_at TEXT NOT NULL,
    PRIMARY KEY (person, id)
);

CREATE TABLE due (
    person BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,             -- check-in, later
    subject TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (person, kind, subject)
);
CREATE INDEX due_at ON due (at);

CREATE TABLE inbox (
    id BIGINT NOT NULL PRIMARY KEY, -- the channel's update id; ids may start again lower, so order is `place`'s matter
    place BIGINT NOT NULL,
    received_at TEXT NOT NULL,
    payload TEXT,                   -- empty once handled
    person BIGINT,                  -- whose it is, once it is set aside
    state TEXT NOT NULL             -- new, done, aside
);
CREATE INDEX inbox_new ON inbox (place) WHERE state = 'new';
CREATE INDEX inbox_received_at ON inbox (received_at);

CREATE TABLE outbox (
    person BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    id BIGINT NOT NULL,
    chat BIGINT NOT NULL,
    written_at TEXT NOT NULL,
    payload TEXT,                   -- the Reply as JSON, empty once sent
    about BIGINT,                   -- the check-in it asks for
    unsure BIGINT NOT NULL,         -- sends that may have arrived
    bare BIGINT NOT NULL,
    state TEXT NOT NULL,            -- waiting, sent, dropped, aside
    message BIGINT,                 -- the channel's id of it
    PRIMARY KEY (person, id)
);
CREATE INDEX outbox_waiting ON outbox (person, id) WHERE state = 'waiting';
CREATE INDEX outbox_written_at ON outbox (written_at);

CREATE TABLE fact (                 -- what the bot itself has to remember
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
