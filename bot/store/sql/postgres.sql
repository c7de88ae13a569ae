-- What only PostgreSQL needs: several processes on one database.

-- announce
SELECT pg_notify('tenfold', CAST(:said AS TEXT))

-- replicas_in_turn
SELECT pg_advisory_xact_lock(:key, :turn)

-- lease_add
INSERT INTO lease (name) VALUES (:name) ON CONFLICT (name) DO NOTHING

-- replica_beat
INSERT INTO replica (id, until)
VALUES (:id, CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) + :milliseconds)
ON CONFLICT (id) DO UPDATE SET until = excluded.until

-- replicas_alive
SELECT id FROM replica WHERE until > CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)

-- replicas_forget
DELETE FROM replica WHERE until <= CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) - 3600000

-- leases_held
SELECT name FROM lease WHERE holder = :holder

-- lease_take
-- Whoever has a transaction open under a lease that ran out has the lock on it, until the server ends their session.
WITH free AS MATERIALIZED (
    SELECT name FROM lease l
     WHERE name <> 'poll'
       AND NOT EXISTS (SELECT 1 FROM replica r
                        WHERE r.id = l.holder
                          AND r.until > CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT))
     ORDER BY name LIMIT :limit
       FOR UPDATE SKIP LOCKED)
UPDATE lease SET holder = :holder
 WHERE name IN (SELECT name FROM free WHERE pg_try_advisory_xact_lock(:key, CAST(name AS INTEGER)))
RETURNING name

-- lease_take_poll
UPDATE lease SET holder = :holder
 WHERE name = 'poll'
   AND (holder = :holder
        OR NOT EXISTS (SELECT 1 FROM replica r
                        WHERE r.id = lease.holder
                          AND r.until > CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)))

-- lease_leave
UPDATE lease SET holder = NULL WHERE name = :name AND holder = :holder

-- leases_leave
UPDATE lease SET holder = NULL WHERE holder = :holder

-- replica_leave
DELETE FROM replica WHERE id = :id
