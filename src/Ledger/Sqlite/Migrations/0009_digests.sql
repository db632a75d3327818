-- What proves records that no raw object decides: times, tool versions, the history of runs, evidence. One SHA-256 per record over all of its
-- rows, taken in the transaction that wrote them, or at the migration to this schema, from where on they are trusted.
CREATE TABLE record_digest (
  kind       TEXT NOT NULL,
  record_key TEXT NOT NULL,
  taken      TEXT NOT NULL CHECK (taken IN ('booking', 'migration')),
  digest     BLOB NOT NULL CHECK (length(digest) = 32),
  PRIMARY KEY (kind, record_key)
) STRICT, WITHOUT ROWID;

-- The chain: each covers the one before it, the version's own row, and the digests of the records that were booked with it.
CREATE TABLE version_digest (
  book_version_id INTEGER PRIMARY KEY REFERENCES book_version (book_version_id),
  taken           TEXT NOT NULL CHECK (taken IN ('booking', 'migration')),
  digest          BLOB NOT NULL CHECK (length(digest) = 32)
) STRICT;
