-- Several processes on one database, whose updates they keep in order, and files where there is no disk that stays.

CREATE TABLE replica (              -- a process that shares this database
    id TEXT NOT NULL PRIMARY KEY,
    until BIGINT NOT NULL           -- milliseconds since 1970 by the database's clock: later it counts as gone
);

CREATE TABLE lease (                -- what only one of them may do at a time
    name TEXT NOT NULL PRIMARY KEY, -- poll, or the number of a shard of people
    holder TEXT                     -- a replica, whether it is still there or not
);

CREATE TABLE file (                 -- the bytes of media and uploads, in pieces, where they don't lie beside the database
    person BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    id BIGINT NOT NULL,             -- that of the media; below zero for an upload
    part BIGINT NOT NULL,           -- 0 is the first piece
    content BYTEA NOT NULL,
    kept_at TEXT NOT NULL,
    PRIMARY KEY (person, id, part)
);
CREATE INDEX file_uploads ON file (kept_at) WHERE id < 0;

CREATE INDEX inbox_new_of ON inbox (person, place) WHERE state = 'new';

-- What the owner of a bot is told of it.
CREATE INDEX person_state ON person (state);
CREATE INDEX check_in_closed_at ON check_in (closed_at, finished);
CREATE INDEX inbox_aside ON inbox (id) WHERE state = 'aside';
CREATE INDEX outbox_aside ON outbox (person, id) WHERE state = 'aside';
