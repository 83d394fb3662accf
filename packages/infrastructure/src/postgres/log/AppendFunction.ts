/**
 * Class of the advisory locks on slices: `pg_advisory_xact_lock(sliceLockClass, slice)`. Whoever appends holds its
 * slice's lock until commit; this is the lock protocol. The number is "INDE" in ASCII.
 */
export const sliceLockClass = 0x494e4445

/**
 * The one way to append: a call is one autocommit statement, so no lock outlives a round trip and a frozen caller holds
 * nothing up.
 *
 * - VOLATILE, under READ COMMITTED and nothing else: every statement in it has a snapshot of its own. The locks are
 *   taken in a statement *before* the one that reads heads, keys and stream rows; with both in one, the reads could miss
 *   what the lock's last holder committed.
 * - `patience` 0 takes what is free and answers `slice-busy` or `stream-busy` for the rest. More than 0 waits up to that
 *   many milliseconds for each slice. A call for one stream waits for its row as well, and first: whoever holds a row by
 *   hand then blocks its stream, not its slice. The row is let go before the slice is waited for, and then taken only if
 *   free: a writer that has the slice and comes to the row must not find it held by one who waits for the slice.
 * - Inputs are parallel arrays: `s_` streams, `c_` command keys, `e_` events, `p_` participants; `*_stream` is an index
 *   into the streams, from 1. A stream without events asks only whether its position and keys still hold.
 * - Answers one row a stream: `ok` (appended, or confirmed), `moved` (another position: the current state is in the
 *   row), `known` (a command key is in the log; nothing of the stream was appended), or busy; and one row `event` for
 *   each stored event of a known key. `slice_pos`: of the first event appended, else of the slice's newest.
 * - The LATERAL ... LIMIT look-ups keep every plan an index look-up, whatever the statistics say at the time.
 */
export const appendFunction = `
CREATE FUNCTION append_events(
  patience integer,
  s_slice smallint[], s_id text[], s_expected bigint[], s_recorded timestamptz[], s_state text[], s_version integer[],
  c_stream integer[], c_key text[],
  e_stream integer[], e_pos bigint[], e_type text[], e_version integer[], e_header bytea[], e_body bytea[],
  e_key text[], e_ordinal smallint[], e_hash bytea[],
  p_stream integer[], p_subject uuid[]
) RETURNS TABLE (
  stream integer, outcome text, pos bigint, recorded_at timestamptz, state text, state_version integer,
  slice_pos bigint, header bytea, header_hash bytea, body bytea
) LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
DECLARE
  held smallint[];
  one smallint;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'append_events needs READ COMMITTED, not %', upper(current_setting('transaction_isolation'))
      USING HINT = 'Under a snapshot from before its locks it would confirm what is no longer so.';
  END IF;
  IF patience > 0 THEN
    PERFORM set_config('lock_timeout', patience::text, true);
    IF cardinality(s_id) = 1 THEN
      BEGIN
        PERFORM FROM stream s WHERE s.slice = s_slice[1] AND s.stream_id = s_id[1] FOR UPDATE;
        RAISE SQLSTATE 'ZROWS';
      EXCEPTION WHEN SQLSTATE 'ZROWS' THEN
        -- Rolled back to the BEGIN: the row was free, and is free again.
      END;
    END IF;
    SELECT array_agg(DISTINCT w.slice ORDER BY w.slice) INTO held FROM unnest(s_slice) AS w (slice);
    FOREACH one IN ARRAY held LOOP
      PERFORM pg_advisory_xact_lock(${sliceLockClass}, one);
    END LOOP;
  ELSE
    SELECT array_agg(w.slice) INTO held
      FROM (SELECT DISTINCT unnest(s_slice) AS slice ORDER BY 1) w
      WHERE pg_try_advisory_xact_lock(${sliceLockClass}, w.slice);
  END IF;

  RETURN QUERY
  WITH wanted AS MATERIALIZED (
    SELECT w.*, coalesce(w.slice = ANY (held), false) AS held
    FROM unnest(s_slice, s_id, s_expected, s_recorded, s_state, s_version) WITH ORDINALITY
      AS w (slice, stream_id, expected, recorded_at, state, version, stream)
  ), known AS MATERIALIZED (
    SELECT c.stream, e.*
    FROM unnest(c_stream, c_key) AS c (stream, key)
    JOIN wanted w ON w.stream = c.stream AND w.held
    CROSS JOIN LATERAL (
      SELECT e.slice_pos, e.header, e.header_hash, e.body FROM event e
      WHERE e.slice = w.slice AND e.stream_id = w.stream_id AND e.command_key = c.key
      ORDER BY e.ordinal LIMIT 100
    ) e
  ), verdict AS MATERIALIZED (
    SELECT w.*, s.stream_pos AS now_pos, s.recorded_at AS now_recorded, s.state AS now_state, s.state_version AS now_version,
      CASE
        WHEN NOT w.held THEN 'slice-busy'
        WHEN s.stream_id IS NOT NULL AND l.stream_id IS NULL THEN 'stream-busy'
        WHEN w.stream = ANY (ARRAY(SELECT k.stream FROM known k)) THEN 'known'
        WHEN coalesce(s.stream_pos, 0) <> w.expected THEN 'moved'
        ELSE 'ok'
      END AS outcome
    FROM wanted w
    LEFT JOIN LATERAL (
      SELECT * FROM stream s WHERE s.slice = w.slice AND s.stream_id = w.stream_id LIMIT 1
    ) s ON true
    LEFT JOIN LATERAL (
      SELECT s.stream_id FROM stream s
      WHERE w.held AND s.slice = w.slice AND s.stream_id = w.stream_id LIMIT 1 FOR UPDATE SKIP LOCKED
    ) l ON true
  ), head AS MATERIALIZED (
    SELECT h.slice, coalesce((
      SELECT e.slice_pos FROM event e WHERE e.slice = h.slice ORDER BY e.slice_pos DESC LIMIT 1
    ), 0) AS slice_pos
    FROM (SELECT DISTINCT w.slice FROM wanted w WHERE w.held) h
  ), numbered AS MATERIALIZED (
    SELECT e.*, v.slice, v.stream_id, v.recorded_at,
      h.slice_pos + row_number() OVER (PARTITION BY v.slice ORDER BY e.n) AS slice_pos
    FROM unnest(e_stream, e_pos, e_type, e_version, e_header, e_body, e_key, e_ordinal, e_hash) WITH ORDINALITY
      AS e (stream, stream_pos, type, version, header, body, key, ordinal, hash, n)
    JOIN verdict v ON v.stream = e.stream AND v.outcome = 'ok'
    JOIN head h ON h.slice = v.slice
  ), inserted AS (
    INSERT INTO event (slice, slice_pos, stream_id, stream_pos, type, schema_version, header, body, recorded_at,
      command_key, ordinal, header_hash)
    SELECT n.slice, n.slice_pos, n.stream_id, n.stream_pos, n.type, n.version, n.header, n.body, n.recorded_at,
      n.key, n.ordinal, n.hash
    FROM numbered n
  ), appended AS MATERIALIZED (
    SELECT n.stream, min(n.slice_pos) AS slice_pos, max(n.stream_pos) AS stream_pos FROM numbered n GROUP BY n.stream
  ), advanced AS (
    INSERT INTO stream (slice, stream_id, stream_pos, recorded_at, state, state_version)
    SELECT v.slice, v.stream_id, a.stream_pos, v.recorded_at, v.state::jsonb, v.version
    FROM verdict v JOIN appended a ON a.stream = v.stream
    ON CONFLICT (slice, stream_id) DO UPDATE SET stream_pos = excluded.stream_pos,
      recorded_at = excluded.recorded_at, state = excluded.state, state_version = excluded.state_version
  ), joined AS (
    INSERT INTO participant (subject_id, slice, stream_id)
    SELECT p.subject, v.slice, v.stream_id
    FROM unnest(p_stream, p_subject) AS p (stream, subject)
    JOIN verdict v ON v.stream = p.stream AND v.outcome = 'ok'
    ON CONFLICT DO NOTHING
  )
  SELECT v.stream::integer, v.outcome, v.now_pos, v.now_recorded,
    CASE WHEN v.outcome IN ('moved', 'known') THEN v.now_state::text END, v.now_version,
    coalesce(a.slice_pos, h.slice_pos), NULL::bytea, NULL::bytea, NULL::bytea
  FROM verdict v
  LEFT JOIN head h ON h.slice = v.slice
  LEFT JOIN appended a ON a.stream = v.stream
  UNION ALL
  SELECT k.stream, 'event', NULL, NULL, NULL, NULL, k.slice_pos, k.header, k.header_hash, k.body
  FROM known k;
END $$`
