-- One person's journal. Every query names the person.

-- person
SELECT id, chat, name, language, state, city, zone, weekday, minute, length, weeks, discreet, dark, model, unanswered,
       quiet_until, pending, joined_at, seen_at, counter
  FROM person WHERE id = :person

-- person_add
INSERT INTO person (id, chat, name, language, state, length, unanswered, joined_at, seen_at, counter)
VALUES (:id, :chat, :name, :language, :state, :length, :unanswered, :joined_at, :seen_at, :counter)

-- person_set
UPDATE person
   SET chat = :chat, name = :name, language = :language, state = :state, city = :city, zone = :zone,
       weekday = :weekday, minute = :minute, length = :length, weeks = :weeks, discreet = :discreet, dark = :dark,
       model = :model, unanswered = :unanswered, quiet_until = :quiet_until, pending = :pending, seen_at = :seen_at, counter = :counter
 WHERE id = :id

-- person_erase
DELETE FROM person WHERE id = :person

-- inbox_erase
-- What they wrote and nobody read yet goes along, too; that it was here is remembered, or it could come once more.
UPDATE inbox SET state = 'done', payload = NULL, person = NULL WHERE person = :person

-- spent_erase
DELETE FROM spent WHERE whose = :person

-- outbox_erase
DELETE FROM outbox WHERE person = :person

-- themes
SELECT id, text, paused, circle FROM theme WHERE person = :person ORDER BY id

-- theme_add
INSERT INTO theme (person, id, text, added_at) VALUES (:person, :id, :text, :added_at)

-- theme_set
UPDATE theme SET text = :text, paused = :paused, circle = :circle WHERE person = :person AND id = :id

-- theme_drop
DELETE FROM theme WHERE person = :person AND id = :id

-- theme_moved
-- What served one theme serves another from now on, or none.
UPDATE answer SET theme = :into WHERE person = :person AND theme = :id

-- theme_reworded
-- Cards quote a theme by its words.
UPDATE card SET theme = :text WHERE person = :person AND theme = :old

-- places
SELECT id, text, circle FROM place WHERE person = :person ORDER BY id

-- place_add
INSERT INTO place (person, id, text) VALUES (:person, :id, :text)

-- place_set
UPDATE place SET circle = :circle WHERE person = :person AND id = :id

-- place_drop
DELETE FROM place WHERE person = :person AND id = :id

-- acquaintances
-- seen_at: when they were last spoken of
SELECT a.id, a.name, a.let_be, a.circle,
       (SELECT MAX(w.said_at) FROM mention m JOIN answer w ON w.person = m.person AND w.id = m.answer
         WHERE m.person = a.person AND m.acquaintance = a.id) AS seen_at
  FROM acquaintance a WHERE a.person = :person ORDER BY a.id

-- acquaintances_met
-- Those with whom a good turn went, either way.
SELECT DISTINCT m.acquaintance
  FROM mention m JOIN answer w ON w.person = m.person AND w.id = m.answer
 WHERE m.person = :person AND w.question IN ('good_turn', 'received') AND (w.reading IS NULL OR w.reading = 'done')

-- acquaintance_add
INSERT INTO acquaintance (person, id, name, let_be) VALUES (:person, :id, :name, 0)

-- acquaintance_set
UPDATE acquaintance SET name = :name, let_be = :let_be, circle = :circle WHERE person = :person AND id = :id

-- acquaintance_drop
DELETE FROM acquaintance WHERE person = :person AND id = :id

-- names
-- Every name by which they know somebody, the one in use first.
SELECT a.id, a.name, a.let_be, a.circle, a.name AS known_as, 0 AS place FROM acquaintance a WHERE a.person = :person
UNION ALL
SELECT a.id, a.name, a.let_be, a.circle, s.name AS known_as, 1 AS place
  FROM spelling s JOIN acquaintance a ON a.person = s.person AND a.id = s.acquaintance
 WHERE s.person = :person
 ORDER BY place, id

-- spellings
SELECT acquaintance, name FROM spelling WHERE person = :person

-- spelling_add
INSERT INTO spelling (person, acquaintance, name) VALUES (:person, :acquaintance, :name)
ON CONFLICT (person, name) DO UPDATE SET acquaintance = excluded.acquaintance

-- spellings_moved
UPDATE spelling SET acquaintance = :into WHERE person = :person AND acquaintance = :id

-- spellings_drop
DELETE FROM spelling WHERE person = :person AND acquaintance = :id

-- mentioned
SELECT acquaintance FROM mention WHERE person = :person AND answer = :answer ORDER BY acquaintance

-- mention_add
INSERT INTO mention (person, acquaintance, answer) VALUES (:person, :acquaintance, :answer)
ON CONFLICT (person, acquaintance, answer) DO NOTHING

-- mentions_copy
-- What is about one is about another too.
INSERT INTO mention (person, acquaintance, answer)
SELECT person, :into, answer FROM mention WHERE person = :person AND acquaintance = :id
ON CONFLICT (person, acquaintance, answer) DO NOTHING

-- mentions_drop
DELETE FROM mention WHERE person = :person AND acquaintance = :id

-- mentions_clear
DELETE FROM mention WHERE person = :person AND answer = :answer

-- card_moved
UPDATE card SET acquaintance = :into WHERE person = :person AND acquaintance = :id

-- check_in
SELECT id, kind, subject, questions, opened_at, closed_at, finished FROM check_in WHERE person = :person AND id = :id

-- check_in_latest
-- By when they were, and not by id: what was brought along from elsewhere may be older.
SELECT id, kind, subject, questions, opened_at, closed_at, finished
  FROM check_in WHERE person = :person ORDER BY opened_at DESC, id DESC LIMIT :limit

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
SELECT id, check_in, question, text, reading, theme, about, said_at
  FROM answer WHERE person = :person AND id > :check_in AND check_in = :check_in ORDER BY id

-- answer
SELECT id, check_in, question, text, reading, theme, about, said_at FROM answer WHERE person = :person AND id = :id

-- answer_by_message
SELECT id, check_in, question, text, reading, theme, about, said_at
  FROM answer WHERE person = :person AND message = :message ORDER BY id DESC LIMIT 1

-- answer_add
INSERT INTO answer (person, id, check_in, question, text, folded, reading, theme, about, message, said_at)
VALUES (:person, :id, :check_in, :question, :text, :folded, :reading, :theme, :about, :message, :said_at)

-- answer_said_in
UPDATE answer SET message = :message WHERE person = :person AND id = :id

-- answer_set
UPDATE answer
   SET question = :question, text = :text, folded = :folded, reading = :reading, theme = :theme, about = :about
 WHERE person = :person AND id = :id

-- answer_drop
DELETE FROM answer WHERE person = :person AND id = :id

-- answer_fold
UPDATE answer SET folded = :folded WHERE person = :person AND id = :id AND folded IS NULL

-- revision_add
INSERT INTO revision (person, id, answer, text, changed_at) VALUES (:person, :id, :answer, :text, :changed_at)

-- revisions_drop
DELETE FROM revision WHERE person = :person AND answer = :answer

-- revisions
SELECT text, changed_at FROM revision WHERE person = :person AND answer = :answer ORDER BY id

-- outcomes_drop
-- What came of something that is gone stays, and came of nothing in particular.
UPDATE answer SET about = NULL WHERE person = :person AND about = :id

-- outcomes
SELECT id, check_in, question, text, reading, theme, about, said_at
  FROM answer WHERE person = :person AND question = 'outcome' AND about = :about ORDER BY id

-- answers_about_card
SELECT id, check_in, question, text, reading, theme, about, said_at
  FROM answer WHERE person = :person AND question = 'good_turn' AND about = :about ORDER BY id

-- themes_alive
-- How often they spoke of each in their own words.
SELECT theme, COUNT(*) AS times
  FROM answer WHERE person = :person AND said_at >= :since AND theme IS NOT NULL AND reading IS NULL GROUP BY theme

-- answers_themed
-- What serves any theme, in their own words, the latest first.
SELECT theme, text FROM answer
 WHERE person = :person AND theme IS NOT NULL AND text IS NOT NULL AND reading IS NULL ORDER BY id DESC LIMIT :limit

-- answers_lived
-- What a story is told of: good turns, given and received, also those that are a file or the usual, and what came of them.
SELECT id, check_in, question, text, reading, theme, about, said_at
  FROM answer
 WHERE person = :person AND said_at >= :since AND said_at < :until
   AND ((question IN ('good_turn', 'received')
         AND ((reading IS NULL AND text IS NOT NULL)
              OR reading IN ('done', 'usual', 'voice', 'photo', 'video', 'audio', 'document')))
        OR (question = 'outcome' AND reading IS NULL AND text IS NOT NULL))
 ORDER BY said_at, id

-- mentions_lived
SELECT m.answer, m.acquaintance
  FROM answer a JOIN mention m ON m.person = a.person AND m.answer = a.id
 WHERE a.person = :person AND a.said_at >= :since AND a.said_at < :until
 ORDER BY m.answer, m.acquaintance

-- answers_written
SELECT id, check_in, question, text, reading, theme, about, said_at
  FROM answer WHERE person = :person AND text IS NOT NULL AND id < :before ORDER BY id DESC LIMIT :limit

-- answers_naming
SELECT w.id, w.check_in, w.question, w.text, w.reading, w.theme, w.about, w.said_at
  FROM mention m JOIN answer w ON w.person = m.person AND w.id = m.answer
 WHERE m.person = :person AND m.acquaintance = :acquaintance ORDER BY w.id DESC LIMIT :limit

-- answers_serving
SELECT id, check_in, question, text, reading, theme, about, said_at
  FROM answer WHERE person = :person AND theme = :theme ORDER BY id DESC LIMIT :limit

-- acquaintances_serving
-- Who is in what serves a theme, those named last first.
SELECT m.acquaintance, MAX(m.answer) AS latest
  FROM answer w JOIN mention m ON m.person = w.person AND m.answer = w.id
 WHERE w.person = :person AND w.theme = :theme GROUP BY m.acquaintance ORDER BY latest DESC

-- answers_unserving
-- What they did or could have done for somebody, in their own words, that serves no theme.
SELECT id, check_in, question, text, reading, theme, about, said_at
  FROM answer
 WHERE person = :person AND said_at >= :since AND theme IS NULL AND reading IS NULL AND text IS NOT NULL
   AND question IN ('good_turn', 'presence')
 ORDER BY id DESC

-- answers_to
SELECT id, check_in, question, text, reading, theme, about, said_at
  FROM answer WHERE person = :person AND question = :question ORDER BY id DESC LIMIT :limit

-- answers_hard
SELECT id, check_in, question, text, reading, theme, about, said_at
  FROM answer WHERE person = :person AND reading = 'hard' AND text IS NOT NULL ORDER BY id DESC

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
       AND (a.text IS NOT NULL OR a.reading IS NULL OR a.reading NOT IN ('skip', 'never', 'enough'))
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
       AND (a.text IS NOT NULL OR a.reading IS NULL OR a.reading NOT IN ('skip', 'never', 'enough'))
) entries ORDER BY id LIMIT 1

-- found
-- The entries with an answer that fits; a late answer counts for its check-in's entry.
SELECT DISTINCT COALESCE(check_in, id) AS id FROM answer a
 WHERE person = :person AND said_at >= :since AND said_at < :until
   AND (text IS NOT NULL OR reading IS NULL OR reading NOT IN ('skip', 'never', 'enough'))
   AND ((folded LIKE :one AND folded LIKE :two AND folded LIKE :three)
        OR :everything = 1
        OR theme = :theme
        OR EXISTS (SELECT 1 FROM mention m
                    WHERE m.person = a.person AND m.answer = a.id AND m.acquaintance = :acquaintance))

-- search_add
INSERT INTO search (person, id, words) VALUES (:person, :id, :words)

-- search
SELECT words FROM search WHERE person = :person AND id = :id

-- searches_forget
-- The buttons below what was found long ago have had their day.
DELETE FROM search
 WHERE person = :person
   AND id NOT IN (SELECT id FROM search WHERE person = :person ORDER BY id DESC LIMIT :limit)

-- media_add
INSERT INTO media (person, id, answer, kind, file, name, size, state)
VALUES (:person, :id, :answer, :kind, :file, :name, :size, 'wanted')

-- media_of
SELECT id, answer, kind, file, name, size, state FROM media WHERE person = :person AND answer = :answer ORDER BY id

-- media
SELECT id, answer, kind, file, name, size, state FROM media WHERE person = :person AND id = :id

-- media_all
SELECT id, answer, kind, file, name, size, state FROM media WHERE person = :person ORDER BY id

-- media_drop
DELETE FROM media WHERE person = :person AND id = :id

-- askings
SELECT question, used, asked_at, never FROM asking WHERE person = :person

-- asking_set
INSERT INTO asking (person, question, used, asked_at, never)
VALUES (:person, :question, :used, :asked_at, :never)
ON CONFLICT (person, question) DO UPDATE SET used = excluded.used, asked_at = excluded.asked_at, never = excluded.never

-- cards
SELECT id, act, text, minutes, theme, state, moment, felt, acquaintance, place, received, source, shown_at
  FROM card WHERE person = :person AND id < :before ORDER BY shown_at DESC, id DESC LIMIT :limit

-- card
SELECT id, act, text, minutes, theme, state, moment, felt, acquaintance, place, received, source, shown_at
  FROM card WHERE person = :person AND id = :id

-- card_add
INSERT INTO card (person, id, act, text, minutes, theme, acquaintance, place, received, source, state, shown_at)
VALUES (:person, :id, :act, :text, :minutes, :theme, :acquaintance, :place, :received, :source, :state, :shown_at)

-- card_set
UPDATE card
   SET act = :act, text = :text, minutes = :minutes, theme = :theme, state = :state, moment = :moment, felt = :felt,
       acquaintance = :acquaintance, place = :place, source = :source
 WHERE person = :person AND id = :id

-- due_set
INSERT INTO due (person, kind, subject, at) VALUES (:person, :kind, :subject, :at)
ON CONFLICT (person, kind, subject) DO UPDATE SET at = excluded.at

-- due_drop_kind
DELETE FROM due WHERE person = :person AND kind = :kind

-- due_next
SELECT subject, at FROM due WHERE person = :person AND kind = :kind ORDER BY at LIMIT 1

-- asked_by_message
SELECT about FROM outbox WHERE person = :person AND message = :message AND about IS NOT NULL ORDER BY id DESC LIMIT 1

-- What is taken along (bot/export): all of one person's rows. The long ones come in pages, and none written after :upto.

-- taken_themes
SELECT id, text, paused, circle, added_at FROM theme WHERE person = :person ORDER BY id

-- taken_acquaintances
SELECT id, name, let_be, circle FROM acquaintance WHERE person = :person ORDER BY id

-- taken_due
SELECT kind, subject, at FROM due WHERE person = :person ORDER BY at, kind, subject

-- taken_askings
SELECT question, used, asked_at, never FROM asking WHERE person = :person ORDER BY question

-- taken_searches
SELECT id, words FROM search WHERE person = :person ORDER BY id

-- taken_check_ins
SELECT id, kind, subject, questions, opened_at, closed_at, finished
  FROM check_in WHERE person = :person AND id > :after AND id <= :upto ORDER BY id LIMIT :limit

-- taken_cards
SELECT id, act, text, minutes, theme, state, moment, felt, acquaintance, place, received, source, shown_at
  FROM card WHERE person = :person AND id > :after AND id <= :upto ORDER BY id LIMIT :limit

-- taken_answers
SELECT id, check_in, question, text, reading, theme, about, said_at
  FROM answer WHERE person = :person AND id > :after AND id <= :upto ORDER BY id LIMIT :limit

-- taken_mentions
SELECT answer, acquaintance
  FROM mention WHERE person = :person AND answer > :after AND answer <= :upto ORDER BY answer, acquaintance

-- taken_revisions
SELECT id, answer, text, changed_at
  FROM revision WHERE person = :person AND answer > :after AND answer <= :upto ORDER BY id

-- taken_media
SELECT id, answer, kind, name, size, state
  FROM media WHERE person = :person AND answer > :after AND answer <= :upto ORDER BY id

-- What is brought along (bot/journal/arrivals.py): rows as they are.

-- anything
SELECT 1 AS here FROM answer WHERE person = :person
UNION ALL SELECT 1 FROM check_in WHERE person = :person
UNION ALL SELECT 1 FROM card WHERE person = :person
UNION ALL SELECT 1 FROM theme WHERE person = :person
UNION ALL SELECT 1 FROM place WHERE person = :person
UNION ALL SELECT 1 FROM acquaintance WHERE person = :person
LIMIT 1

-- person_joined
UPDATE person SET joined_at = :joined_at WHERE id = :person

-- theme_put
INSERT INTO theme (person, id, text, paused, circle, added_at)
VALUES (:person, :id, :text, :paused, :circle, :added_at)

-- place_put
INSERT INTO place (person, id, text, circle) VALUES (:person, :id, :text, :circle)

-- acquaintance_put
INSERT INTO acquaintance (person, id, name, let_be, circle) VALUES (:person, :id, :name, :let_be, :circle)

-- spelling_keep
-- A name that means somebody already goes on meaning them.
INSERT INTO spelling (person, acquaintance, name) VALUES (:person, :acquaintance, :name)
ON CONFLICT (person, name) DO NOTHING

-- check_in_put
INSERT INTO check_in (person, id, kind, subject, questions, opened_at, closed_at, finished)
VALUES (:person, :id, :kind, :subject, :questions, :opened_at, :closed_at, :finished)

-- card_put
INSERT INTO card (person, id, act, text, minutes, theme, state, moment, felt, acquaintance, place, received, source,
                  shown_at)
VALUES (:person, :id, :act, :text, :minutes, :theme, :state, :moment, :felt, :acquaintance, :place, :received, :source,
        :shown_at)

-- media_put
INSERT INTO media (person, id, answer, kind, file, name, size, state)
VALUES (:person, :id, :answer, :kind, :file, :name, :size, :state)

-- media_set
UPDATE media SET kind = :kind, state = :state WHERE person = :person AND id = :id

-- media_found
-- A file that could not be had has come along after all.
UPDATE media SET file = :file, state = 'wanted' WHERE person = :person AND id = :id AND state = 'absent'

-- askings_drop
DELETE FROM asking WHERE person = :person

-- searches_drop
DELETE FROM search WHERE person = :person

-- check_ins_all
SELECT id, kind, subject, opened_at FROM check_in WHERE person = :person ORDER BY id

-- cards_all
SELECT id, text, shown_at FROM card WHERE person = :person ORDER BY id

-- answers_moments
SELECT id, question, said_at FROM answer WHERE person = :person ORDER BY id
