-- What the engine needs: inbox, outbox and clock, across people.

-- inbox_add
-- Places count up among what is new: Telegram hands over an update of somebody's once the one before it is stored. Two
-- processes that receive at the same moment may give the same place to updates of different people.
INSERT INTO inbox (id, place, received_at, payload, person, state)
VALUES (:id, (SELECT COALESCE(MAX(place), 0) + 1 FROM inbox WHERE state = 'new'), :received_at, :payload, :person, :state)
ON CONFLICT (id) DO NOTHING

-- inbox_new
-- A set of shards is a number with a bit for each (bot/replica.py).
SELECT id FROM inbox
 WHERE state = 'new' AND (CAST(:shards AS BIGINT) >> CAST((person % 60 + 60) % 60 AS INTEGER)) & 1 = 1
 ORDER BY place, id

-- inbox_unread
-- Of before it was kept whose it is.
SELECT id, payload FROM inbox WHERE state = 'new' AND person IS NULL ORDER BY place, id

-- inbox_read
UPDATE inbox SET person = :person, state = :state, payload = :payload WHERE id = :id AND state = 'new'

-- inbox_payload
SELECT payload FROM inbox WHERE id = :id AND state = 'new'

-- inbox_oldest
SELECT id, payload FROM inbox WHERE person = :person AND state = 'new' ORDER BY place, id LIMIT 1

-- inbox_done
UPDATE inbox SET state = 'done', payload = NULL, person = NULL WHERE id = :id AND state = 'new'

-- inbox_aside
UPDATE inbox SET state = 'aside', person = :person WHERE id = :id AND state = 'new'

-- inbox_forget
DELETE FROM inbox
 WHERE id IN (SELECT id FROM inbox WHERE received_at < :before AND state = 'done' LIMIT :limit)

-- aside_forget
DELETE FROM inbox
 WHERE id IN (SELECT id FROM inbox WHERE received_at < :before AND state = 'aside' LIMIT :limit)

-- outbox_add
INSERT INTO outbox (person, id, chat, written_at, payload, about, unsure, bare, farewell, state)
VALUES (:person, :id, :chat, :written_at, :payload, :about, 0, 0, 0, 'waiting')

-- outbox_add_farewell
INSERT INTO outbox (person, id, chat, written_at, payload, unsure, bare, farewell, state)
VALUES (:person, :id, :chat, :written_at, :payload, 0, 0, 1, 'waiting')
ON CONFLICT (person, id) DO NOTHING

-- outbox_waiting
SELECT person, id FROM outbox
 WHERE state = 'waiting' AND (CAST(:shards AS BIGINT) >> CAST((person % 60 + 60) % 60 AS INTEGER)) & 1 = 1
 ORDER BY person, id

-- outbox_row
SELECT person, id, chat, payload, unsure, bare, farewell
  FROM outbox WHERE person = :person AND id = :id AND state = 'waiting'

-- outbox_reworded
UPDATE outbox SET payload = :payload WHERE person = :person AND id = :id AND state = 'waiting'

-- outbox_sent
UPDATE outbox SET state = 'sent', message = :message, payload = NULL
 WHERE person = :person AND id = :id AND state = 'waiting'

-- outbox_again
UPDATE outbox SET unsure = :unsure, bare = :bare WHERE person = :person AND id = :id AND state = 'waiting'

-- outbox_aside
UPDATE outbox SET state = 'aside' WHERE person = :person AND id = :id AND state = 'waiting'

-- outbox_farewell
-- Nothing is kept of the last word to somebody.
DELETE FROM outbox WHERE person = :person AND id = :id AND farewell = 1

-- outbox_drop
UPDATE outbox SET state = 'dropped', payload = NULL WHERE person = :person AND state = 'waiting'

-- outbox_move
UPDATE outbox SET chat = :chat WHERE person = :person AND state = 'waiting'

-- person_moved
UPDATE person SET chat = :chat WHERE id = :person

-- outbox_forget
DELETE FROM outbox
 WHERE (person, id) IN (SELECT person, id FROM outbox WHERE written_at < :before AND state <> 'waiting' LIMIT :limit)

-- spend
-- One more call, unless that would be one too many: one statement, so that of two at once only one gets the last.
INSERT INTO spent (whose, day, calls) VALUES (:whose, :day, 1)
ON CONFLICT (whose, day) DO UPDATE SET calls = spent.calls + 1 WHERE spent.calls < :most

-- spent
-- Under 0 stands what was spent for all together.
SELECT calls FROM spent WHERE whose = 0 AND day = :day

-- spent_forget
DELETE FROM spent
 WHERE (whose, day) IN (SELECT whose, day FROM spent WHERE day < :before LIMIT :limit)

-- due_claim
SELECT person, kind, subject, at FROM due
 WHERE at <= :now AND (CAST(:shards AS BIGINT) >> CAST((person % 60 + 60) % 60 AS INTEGER)) & 1 = 1
 ORDER BY at LIMIT :limit

-- due_done
DELETE FROM due WHERE person = :person AND kind = :kind AND subject = :subject AND at <= :at

-- due_first
SELECT MIN(at) AS at FROM due

-- people_after
SELECT id FROM person
 WHERE id > :after AND zone IS NOT NULL AND (CAST(:shards AS BIGINT) >> CAST((id % 60 + 60) % 60 AS INTEGER)) & 1 = 1
 ORDER BY id LIMIT :limit

-- person_known
SELECT 1 AS here FROM person WHERE id = :person

-- unfolded
SELECT person, id, text FROM answer WHERE folded IS NULL AND text IS NOT NULL LIMIT :limit

-- media_wanted
SELECT person, id, answer, kind, file, name, size, state FROM media
 WHERE state = 'wanted' AND (CAST(:shards AS BIGINT) >> CAST((person % 60 + 60) % 60 AS INTEGER)) & 1 = 1
 LIMIT :limit

-- media_wanted_of
SELECT id, answer, kind, file, name, size, state FROM media WHERE person = :person AND state = 'wanted' ORDER BY id

-- upload_forget
DELETE FROM media WHERE person = :person AND id = :id AND state = 'asked'

-- media_fetched
-- One that was taken out of an upload has no id in the channel.
UPDATE media SET state = :state, file = CASE WHEN file LIKE 'import:%' THEN '' ELSE file END
 WHERE person = :person AND id = :id AND state = 'wanted'

-- What people sent, in the database (bot/files.py). The first piece is written last: with it a file is whole.

-- file
SELECT parts FROM (SELECT COUNT(*) AS parts, MIN(part) AS first FROM file WHERE person = :person AND id = :id) AS found
 WHERE first = 0

-- file_piece
SELECT content FROM file WHERE person = :person AND id = :id AND part = :part

-- files
SELECT id, SUM(LENGTH(content)) AS size FROM file WHERE person = :person GROUP BY id HAVING MIN(part) = 0

-- file_begin
DELETE FROM file
 WHERE person = :person AND id = :id
   AND NOT EXISTS (SELECT 1 FROM file AS head WHERE head.person = :person AND head.id = :id AND head.part = 0)

-- file_add
INSERT INTO file (person, id, part, content, kept_at)
SELECT person, id, :part, :content, :kept_at FROM media WHERE person = :person AND id = :id
ON CONFLICT (person, id, part) DO UPDATE SET content = excluded.content

-- file_discard
-- Not what another process has brought here since.
DELETE FROM file
 WHERE person = :person AND id = :id
   AND NOT EXISTS (SELECT 1 FROM media WHERE person = :person AND id = :id AND state = 'kept')

-- file_uploads
SELECT DISTINCT person, id FROM file WHERE id < 0 AND kept_at < :before

-- file_strays
SELECT DISTINCT person, id FROM file
 WHERE NOT EXISTS (SELECT 1 FROM media WHERE media.person = file.person AND media.id = file.id) LIMIT :limit

-- fact
SELECT value FROM fact WHERE name = :name

-- fact_set
INSERT INTO fact (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value

-- fact_add
INSERT INTO fact (name, value) VALUES (:name, :value) ON CONFLICT (name) DO NOTHING

-- inbox_backlog
SELECT COUNT(*) AS waiting, MIN(received_at) AS oldest FROM inbox
 WHERE state = 'new' AND (CAST(:shards AS BIGINT) >> CAST((person % 60 + 60) % 60 AS INTEGER)) & 1 = 1

-- outbox_backlog
SELECT COUNT(*) AS waiting, MIN(written_at) AS oldest FROM outbox
 WHERE state = 'waiting' AND (CAST(:shards AS BIGINT) >> CAST((person % 60 + 60) % 60 AS INTEGER)) & 1 = 1

-- due_backlog
SELECT COUNT(*) AS waiting, MIN(at) AS oldest FROM due
 WHERE at <= :now AND (CAST(:shards AS BIGINT) >> CAST((person % 60 + 60) % 60 AS INTEGER)) & 1 = 1
-- count_people
SELECT state, COUNT(*) AS number FROM person GROUP BY state

-- count_due
SELECT COUNT(*) AS number FROM due WHERE at > :after AND at <= :until AND kind = 'check-in'

-- count_done
SELECT COUNT(*) AS number FROM check_in WHERE closed_at >= :since AND finished = 1

-- count_unread
SELECT COUNT(*) AS number FROM inbox WHERE state = 'new'

-- count_unsent
SELECT COUNT(*) AS number FROM outbox WHERE state = 'waiting'

-- count_inbox_aside
SELECT COUNT(*) AS number FROM inbox WHERE state = 'aside'

-- count_outbox_aside
SELECT COUNT(*) AS number FROM outbox WHERE state = 'aside'
