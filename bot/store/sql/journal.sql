-- One person's journal. Every query names the person.

-- person
SELECT id, chat, name, language, state, city, zone, weekday, minute, length, unanswered, quiet_until, pending,
       joined_at, seen_at, counter
  FROM person WHERE id = :person

-- person_add
INSERT INTO person (id, chat, name, language, state, length, unanswered, joined_at, seen_at, counter)
VALUES (:id, :chat, :name, :language, :state, :length, :unanswered, :joined_at, :seen_at, :counter)

-- person_set
UPDATE person
   SET chat = :chat, name = :name, language = :language, state = :state, city = :city, zone = :zone,
       weekday = :weekday, minute = :minute, length = :length, unanswered = :unanswered,
       quiet_until = :quiet_until, pending = :pending, seen_at = :seen_at, counter = :counter
 WHERE id = :id

-- themes
SELECT id, text FROM theme WHERE person = :person ORDER BY id

-- theme_add
INSERT INTO theme (person, id, text, added_at) VALUES (:person, :id, :text, :added_at)

-- themes_drop
DELETE FROM theme WHERE person = :person

-- check_in
SELECT id, kind, subject, questions, opened_at, closed_at, finished FROM check_in WHERE person = :person AND id = :id

-- check_in_latest
SELECT id, kind, subject, questions, opened_at, closed_at, finished
  FROM check_in WHERE person = :person ORDER BY id DESC LIMIT :limit

-- check_in_add
INSERT INTO check_in (person, id, kind, subject, questions, opened_at, finished)
VALUES (:person, :id, :kind, :subject, :questions, :opened_at, 0)
ON CONFLICT (person, kind, subject) DO NOTHING

-- check_in_questions
UPDATE check_in SET questions = :questions WHERE person = :person AND id = :id

-- check_in_close
UPDATE check_in SET closed_at = :closed_at, finished = :finished
 WHERE person = :person AND id = :id AND closed_at IS NULL

-- answers
SELECT id, check_in, question, text, reading, said_at
  FROM answer WHERE person = :person AND id > :check_in AND check_in = :check_in ORDER BY id

-- answer
SELECT id, check_in, question, text, reading, said_at FROM answer WHERE person = :person AND id = :id

-- answer_by_message
SELECT id, check_in, question, text, reading, said_at
  FROM answer WHERE person = :person AND message = :message ORDER BY id DESC LIMIT 1

-- answer_add
INSERT INTO answer (person, id, check_in, question, text, reading, message, said_at)
VALUES (:person, :id, :check_in, :question, :text, :reading, :message, :said_at)

-- answer_set
UPDATE answer SET question = :question, text = :text, reading = :reading WHERE person = :person AND id = :id

-- revision_add
INSERT INTO revision (person, id, answer, text, changed_at) VALUES (:person, :id, :answer, :text, :changed_at)

-- answers_written
SELECT id, check_in, question, text, reading, said_at
  FROM answer WHERE person = :person AND text IS NOT NULL AND id < :before ORDER BY id DESC LIMIT :limit

-- entry_before
-- An entry of the history is a check-in in which something was said, or something written outside one.
SELECT id, check_in FROM (
    SELECT c.id AS id, 1 AS check_in FROM check_in c
     WHERE c.person = :person AND c.id < :id
       AND EXISTS (SELECT 1 FROM answer a WHERE a.person = c.person AND a.id > c.id AND a.check_in = c.id
                      AND (a.text IS NOT NULL OR a.reading NOT IN ('skip', 'never', 'enough')))
    UNION ALL
    SELECT a.id AS id, 0 AS check_in FROM answer a
     WHERE a.person = :person AND a.id < :id AND a.check_in IS NULL
) entries ORDER BY id DESC LIMIT 1

-- entry_after
SELECT id, check_in FROM (
    SELECT c.id AS id, 1 AS check_in FROM check_in c
     WHERE c.person = :person AND c.id > :id
       AND EXISTS (SELECT 1 FROM answer a WHERE a.person = c.person AND a.id > c.id AND a.check_in = c.id
                      AND (a.text IS NOT NULL OR a.reading NOT IN ('skip', 'never', 'enough')))
    UNION ALL
    SELECT a.id AS id, 0 AS check_in FROM answer a
     WHERE a.person = :person AND a.id > :id AND a.check_in IS NULL
) entries ORDER BY id LIMIT 1

-- askings
SELECT question, used, asked_at, never FROM asking WHERE person = :person

-- asking_set
INSERT INTO asking (person, question, used, asked_at, never)
VALUES (:person, :question, :used, :asked_at, :never)
ON CONFLICT (person, question) DO UPDATE SET used = excluded.used, asked_at = excluded.asked_at, never = excluded.never

-- cards
SELECT id, act, text, minutes, theme, state, moment FROM card WHERE person = :person ORDER BY id DESC LIMIT :limit

-- card
SELECT id, act, text, minutes, theme, state, moment FROM card WHERE person = :person AND id = :id

-- card_add
INSERT INTO card (person, id, act, text, minutes, theme, state, shown_at)
VALUES (:person, :id, :act, :text, :minutes, :theme, 'open', :shown_at)

-- card_set
UPDATE card SET state = :state, moment = :moment WHERE person = :person AND id = :id

-- due_set
INSERT INTO due (person, kind, subject, at) VALUES (:person, :kind, :subject, :at)
ON CONFLICT (person, kind, subject) DO UPDATE SET at = excluded.at

-- due_drop_kind
DELETE FROM due WHERE person = :person AND kind = :kind

-- due_next
SELECT subject, at FROM due WHERE person = :person AND kind = :kind ORDER BY at LIMIT 1

-- asked_by_message
SELECT about FROM outbox WHERE person = :person AND message = :message AND about IS NOT NULL ORDER BY id DESC LIMIT 1
