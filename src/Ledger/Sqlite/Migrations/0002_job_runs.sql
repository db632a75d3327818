-- Job runs: the state of each is the greatest of its events, so any order and repetition of deliveries gives the same rows.
-- *_s is seconds since 1970-01-01T00:00:00Z. What decided a row is named by delivery and row number.
CREATE TABLE job_run (
  job_run_id   INTEGER PRIMARY KEY,
  system       TEXT    NOT NULL,
  host         TEXT    NOT NULL,
  job_id       INTEGER NOT NULL CHECK (typeof(job_id) = 'integer'),
  attempt      INTEGER NOT NULL CHECK (typeof(attempt) = 'integer'),
  run_id       INTEGER NOT NULL,
  repository   TEXT    NOT NULL,
  workflow     TEXT,
  name         TEXT    NOT NULL,
  head_branch  TEXT,
  head_sha     TEXT,
  status       INTEGER NOT NULL CHECK (status BETWEEN 0 AND 3), -- queued, waiting, in progress, completed
  conclusion   TEXT,
  created_s    INTEGER,
  started_s    INTEGER,
  completed_s  INTEGER,
  run_seconds  INTEGER NOT NULL CHECK (run_seconds >= 0),
  labels       TEXT    NOT NULL, -- in their order, separated by line feeds
  runner_name  TEXT,
  runner_group TEXT,
  event_s      INTEGER NOT NULL,
  event_hash   BLOB    NOT NULL CHECK (length(event_hash) = 16),
  delivery_id  INTEGER NOT NULL,
  row_number   INTEGER NOT NULL,
  UNIQUE (system, host, job_id, attempt)
);
CREATE INDEX job_run_by_completion ON job_run (completed_s) WHERE run_seconds > 0;

CREATE VIEW v_job_run AS
SELECT j.system, j.host, j.repository, j.workflow, j.name, j.job_id, j.attempt,
       CASE j.status WHEN 0 THEN 'queued' WHEN 1 THEN 'waiting' WHEN 2 THEN 'in_progress' ELSE 'completed' END AS status, j.conclusion,
       replace(j.labels, char(10), ', ') AS labels, strftime('%Y-%m-%dT%H:%M:%SZ', j.started_s, 'unixepoch') AS started_at,
       strftime('%Y-%m-%dT%H:%M:%SZ', j.completed_s, 'unixepoch') AS completed_at, j.run_seconds, j.runner_name, j.delivery_id, j.row_number
FROM job_run j;
