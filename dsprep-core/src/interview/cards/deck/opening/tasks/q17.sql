BEGIN;
DELETE FROM events WHERE id IN (
    SELECT id FROM (
        SELECT id, row_number() OVER (
            PARTITION BY email, event ORDER BY ts DESC, id DESC) AS copy
        FROM events)
    WHERE copy > 1);
COMMIT;
