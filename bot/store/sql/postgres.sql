-- What only PostgreSQL needs: several processes on one database.

-- announce
SELECT pg_notify('tenfold', :shard)

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
-- Whoever has a transaction open under the lease that ends now holds the lock on it; the server ends theirs if they don't.
UPDATE lease SET holder = :holder
 WHERE name IN (SELECT name FROM lease l
                 WHERE name <> 'poll'
                   AND NOT EXISTS (SELECT 1 FROM replica r
                                    WHERE r.id = l.holder
                                      AND r.until > CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT))
                   AND pg_try_advisory_xact_lock(:key, CAST(name AS INTEGER))
                 ORDER BY name LIMIT :limit
                   FOR UPDATE SKIP LOCKED)
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

-- replica_leave
DELETE FROM replica WHERE id = :id
