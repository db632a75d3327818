-- Feeds: which sources are configured to be pulled, and when they count as stale. Operational memory, no part of a book version.
CREATE TABLE feed (
  source_key       TEXT    NOT NULL PRIMARY KEY,
  connector        TEXT    NOT NULL,
  fresh_hours      INTEGER NOT NULL CHECK (fresh_hours > 0),     -- without a successful run for so long it is stale
  data_hours       INTEGER CHECK (data_hours > 0),               -- without anything new for so long it is silent; null: never
  configured_at_ms INTEGER NOT NULL CHECK (typeof(configured_at_ms) = 'integer'),
  removed_at_ms    INTEGER
) WITHOUT ROWID;

CREATE TABLE source_run (
  run_id        INTEGER PRIMARY KEY,
  source_key    TEXT    NOT NULL,
  cause         TEXT    NOT NULL CHECK (cause IN ('schedule', 'command', 'api', 'backfill', 'retry')),
  first_month   INTEGER NOT NULL,
  last_month    INTEGER NOT NULL,
  started_at_ms INTEGER NOT NULL CHECK (typeof(started_at_ms) = 'integer'),
  ended_at_ms   INTEGER,
  outcome       TEXT    NOT NULL CHECK (outcome IN ('running', 'succeeded', 'failed', 'abandoned')),
  offers        INTEGER NOT NULL DEFAULT 0,
  taken         INTEGER NOT NULL DEFAULT 0,
  unchanged     INTEGER NOT NULL DEFAULT 0,
  row_count     INTEGER NOT NULL DEFAULT 0,
  error_code    TEXT,
  error_message TEXT
);
CREATE INDEX source_run_by_source ON source_run (source_key, run_id);

-- The version of each offer that was taken last: what is not fetched again.
CREATE TABLE source_pull (
  source_key      TEXT    NOT NULL,
  billing_month   INTEGER NOT NULL,
  part            TEXT    NOT NULL,
  version         TEXT    NOT NULL,
  run_id          INTEGER NOT NULL,
  delivery_id     INTEGER,
  evidence_id     INTEGER,
  published_at_ms INTEGER,
  taken_at_ms     INTEGER NOT NULL CHECK (typeof(taken_at_ms) = 'integer'),
  description     TEXT    NOT NULL,
  PRIMARY KEY (source_key, billing_month, part)
) WITHOUT ROWID;

-- What providers state about a month beside their bills: kept as it came, never booked. The newest of (source, month, part) counts.
CREATE TABLE evidence (
  evidence_id    INTEGER PRIMARY KEY,
  source_key     TEXT    NOT NULL,
  billing_month  INTEGER NOT NULL,
  part           TEXT    NOT NULL,
  version        TEXT    NOT NULL,
  recorded_at_ms INTEGER NOT NULL CHECK (typeof(recorded_at_ms) = 'integer')
);
CREATE INDEX evidence_by_scope ON evidence (source_key, billing_month, part, evidence_id);

CREATE TABLE evidence_object (
  evidence_id INTEGER NOT NULL REFERENCES evidence (evidence_id),
  ordinal     INTEGER NOT NULL,
  sha256      TEXT    NOT NULL REFERENCES raw_object (sha256),
  object_name TEXT    NOT NULL,
  PRIMARY KEY (evidence_id, ordinal)
) WITHOUT ROWID;

CREATE TABLE control_figure (
  evidence_id    INTEGER NOT NULL REFERENCES evidence (evidence_id),
  ordinal        INTEGER NOT NULL,
  payer_account  TEXT    NOT NULL,
  invoice_issuer TEXT,
  billing_month  INTEGER NOT NULL,
  currency       TEXT    NOT NULL CHECK (length(currency) = 3),
  measure        TEXT    NOT NULL,
  breakdown      TEXT    NOT NULL,
  item           TEXT    NOT NULL,
  record_type    TEXT,
  amount_nanos   INTEGER NOT NULL CHECK (typeof(amount_nanos) = 'integer'),
  is_estimated   INTEGER NOT NULL CHECK (is_estimated IN (0, 1)),
  PRIMARY KEY (evidence_id, ordinal)
) WITHOUT ROWID;

-- The longest run bounds which runs can reach into a month: without it a month reads all later ones.
CREATE INDEX job_run_by_length ON job_run (run_seconds);

CREATE VIEW v_source_run AS
SELECT r.run_id, r.source_key AS source, r.cause, r.outcome,
       strftime('%Y-%m-%dT%H:%M:%SZ', r.started_at_ms / 1000, 'unixepoch') AS started_at,
       strftime('%Y-%m-%dT%H:%M:%SZ', r.ended_at_ms / 1000, 'unixepoch') AS ended_at,
       date('1970-01-01', '+' || r.first_month || ' months') AS first_month, date('1970-01-01', '+' || r.last_month || ' months') AS last_month,
       r.offers, r.taken, r.unchanged, r.row_count, r.error_code, r.error_message
FROM source_run r;

CREATE VIEW v_control_figure AS
SELECT e.source_key AS source, date('1970-01-01', '+' || f.billing_month || ' months') AS billing_period_start, f.payer_account,
       f.invoice_issuer, f.currency, f.measure, f.breakdown, f.item, f.record_type,
       printf('%s%d.%09d', CASE WHEN f.amount_nanos < 0 THEN '-' ELSE '' END, abs(f.amount_nanos / 1000000000), abs(f.amount_nanos % 1000000000)) AS amount,
       f.is_estimated, strftime('%Y-%m-%dT%H:%M:%SZ', e.recorded_at_ms / 1000, 'unixepoch') AS recorded_at, f.evidence_id
FROM control_figure f JOIN evidence e ON e.evidence_id = f.evidence_id;
