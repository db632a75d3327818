-- Evidence with figures changes what the books say (tie-outs, and which costs are invoiced), so that it makes a book version of its own.
-- SQLite cannot change a CHECK: the table is written anew. The migrator has foreign keys off, and looks at them afterwards.
CREATE TABLE book_version_next (
  book_version_id INTEGER PRIMARY KEY,
  recorded_at_ms  INTEGER NOT NULL CHECK (typeof(recorded_at_ms) = 'integer'),
  event           TEXT    NOT NULL CHECK (event IN ('delivery', 'rules', 'evidence')),
  rule_set_id     INTEGER NOT NULL REFERENCES rule_set (rule_set_id)
);
INSERT INTO book_version_next SELECT book_version_id, recorded_at_ms, event, rule_set_id FROM book_version;
DROP TABLE book_version;
ALTER TABLE book_version_next RENAME TO book_version;

-- From which version on it counts; null for evidence without figures, and for what came before the first version. Older evidence counts
-- from the version that was the newest when it was recorded.
ALTER TABLE evidence ADD COLUMN book_version_id INTEGER REFERENCES book_version (book_version_id);
UPDATE evidence SET book_version_id = (SELECT MAX(v.book_version_id) FROM book_version v WHERE v.recorded_at_ms <= evidence.recorded_at_ms);
