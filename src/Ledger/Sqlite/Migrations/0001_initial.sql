-- The books of CiCost, version 1. Conventions:
-- *_nanos are counts of 1e-9 of the currency's unit; a quantity is (units, nanos), both with the value's sign.
-- *_day is days since 1970-01-01 UTC, *_month months since 1970-01, *_s seconds and *_ms milliseconds since 1970-01-01T00:00:00Z.
-- FOCUS columns keep their FOCUS names. People with the sqlite3 shell use the views v_*.

CREATE TABLE source (
  source_id        INTEGER PRIMARY KEY,
  source_key       TEXT    NOT NULL UNIQUE,
  kind             TEXT    NOT NULL,
  profile          TEXT,
  mode             TEXT    NOT NULL CHECK (mode IN ('replace', 'append')),
  allow_quarantine INTEGER NOT NULL CHECK (allow_quarantine IN (0, 1)),
  registered_at_ms INTEGER NOT NULL CHECK (typeof(registered_at_ms) = 'integer')
);

-- What one delivery is complete for: a source, a billing period, and a part ('*' for replace sources, the object's name for append).
CREATE TABLE scope (
  scope_id      INTEGER PRIMARY KEY,
  source_id     INTEGER NOT NULL REFERENCES source (source_id),
  billing_month INTEGER NOT NULL CHECK (typeof(billing_month) = 'integer'),
  part          TEXT    NOT NULL,
  UNIQUE (source_id, billing_month, part)
);

-- Raw bytes, kept for ever beside the database; sha256 is that of the stored gzip bytes and names the file.
CREATE TABLE raw_object (
  sha256           TEXT    NOT NULL PRIMARY KEY CHECK (length(sha256) = 64),
  delivered_sha256 TEXT    NOT NULL CHECK (length(delivered_sha256) = 64),
  delivered_bytes  INTEGER NOT NULL CHECK (typeof(delivered_bytes) = 'integer'),
  stored_bytes     INTEGER NOT NULL CHECK (typeof(stored_bytes) = 'integer'),
  compressed_here  INTEGER NOT NULL CHECK (compressed_here IN (0, 1)),
  stored_at_ms     INTEGER NOT NULL CHECK (typeof(stored_at_ms) = 'integer')
) WITHOUT ROWID;

CREATE TABLE rule_set (
  rule_set_id      INTEGER PRIMARY KEY,
  content_hash     TEXT    NOT NULL UNIQUE CHECK (length(content_hash) = 64),
  registered_at_ms INTEGER NOT NULL CHECK (typeof(registered_at_ms) = 'integer')
);

CREATE TABLE rule_file (
  rule_set_id INTEGER NOT NULL REFERENCES rule_set (rule_set_id),
  name        TEXT    NOT NULL,
  content     TEXT    NOT NULL,
  PRIMARY KEY (rule_set_id, name)
) WITHOUT ROWID;

-- One row per event that changes what the books say. A version holds, per scope, the last delivery up to it, and one rule set.
CREATE TABLE book_version (
  book_version_id INTEGER PRIMARY KEY,
  recorded_at_ms  INTEGER NOT NULL CHECK (typeof(recorded_at_ms) = 'integer'),
  event           TEXT    NOT NULL CHECK (event IN ('delivery', 'rules')),
  rule_set_id     INTEGER NOT NULL REFERENCES rule_set (rule_set_id)
);

CREATE TABLE delivery (
  delivery_id        INTEGER PRIMARY KEY CHECK (delivery_id BETWEEN 1 AND 2147483647),
  scope_id           INTEGER NOT NULL REFERENCES scope (scope_id),
  book_version_id    INTEGER NOT NULL UNIQUE REFERENCES book_version (book_version_id),
  supersedes         INTEGER REFERENCES delivery (delivery_id),
  fingerprint        TEXT    NOT NULL CHECK (length(fingerprint) = 64),
  format_version     TEXT    NOT NULL,
  profile            TEXT,
  row_count          INTEGER NOT NULL CHECK (typeof(row_count) = 'integer'),
  quarantined_count  INTEGER NOT NULL CHECK (typeof(quarantined_count) = 'integer'),
  empty_cost_count   INTEGER NOT NULL CHECK (typeof(empty_cost_count) = 'integer'),
  new_dimension_sets INTEGER NOT NULL CHECK (typeof(new_dimension_sets) = 'integer'),
  posting_month      INTEGER NOT NULL CHECK (typeof(posting_month) = 'integer'),
  booked_at_ms       INTEGER NOT NULL CHECK (typeof(booked_at_ms) = 'integer'),
  tool_version       TEXT    NOT NULL,
  pruned_at_ms       INTEGER
);
CREATE INDEX delivery_by_scope ON delivery (scope_id, delivery_id);

CREATE TABLE delivery_object (
  delivery_id   INTEGER NOT NULL REFERENCES delivery (delivery_id),
  ordinal       INTEGER NOT NULL,
  sha256        TEXT    NOT NULL REFERENCES raw_object (sha256),
  object_name   TEXT    NOT NULL,
  first_row     INTEGER NOT NULL,
  row_count     INTEGER NOT NULL,
  content_bytes INTEGER NOT NULL,
  checkpoints   BLOB    NOT NULL, -- 64-bit little-endian byte offsets of rows 1, 10001, 20001... of the object
  PRIMARY KEY (delivery_id, ordinal)
) WITHOUT ROWID;

-- exact = the sum of the file's own decimals; rounded = the sum of the lines; rounding_nanos = what is booked as rounding lines.
CREATE TABLE delivery_total (
  delivery_id    INTEGER NOT NULL REFERENCES delivery (delivery_id),
  currency       TEXT    NOT NULL CHECK (length(currency) = 3),
  cost_column    TEXT    NOT NULL CHECK (cost_column IN ('BilledCost', 'EffectiveCost', 'ListCost', 'ContractedCost')),
  are_credits    INTEGER NOT NULL CHECK (are_credits IN (0, 1)),
  line_count     INTEGER NOT NULL,
  exact          TEXT    NOT NULL,
  rounded        TEXT    NOT NULL,
  residue        TEXT    NOT NULL,
  rounding_nanos INTEGER NOT NULL CHECK (typeof(rounding_nanos) = 'integer'),
  PRIMARY KEY (delivery_id, currency, cost_column, are_credits)
) WITHOUT ROWID;

CREATE TABLE delivery_day (
  delivery_id INTEGER NOT NULL REFERENCES delivery (delivery_id),
  charge_day  INTEGER NOT NULL,
  line_count  INTEGER NOT NULL,
  digest      BLOB    NOT NULL CHECK (length(digest) = 16),
  PRIMARY KEY (delivery_id, charge_day)
) WITHOUT ROWID;

CREATE TABLE delivery_day_total (
  delivery_id      INTEGER NOT NULL REFERENCES delivery (delivery_id),
  charge_day       INTEGER NOT NULL,
  currency         TEXT    NOT NULL,
  billed_nanos     INTEGER NOT NULL CHECK (typeof(billed_nanos) = 'integer'),
  effective_nanos  INTEGER NOT NULL CHECK (typeof(effective_nanos) = 'integer'),
  list_nanos       INTEGER NOT NULL CHECK (typeof(list_nanos) = 'integer'),
  contracted_nanos INTEGER NOT NULL CHECK (typeof(contracted_nanos) = 'integer'),
  PRIMARY KEY (delivery_id, charge_day, currency)
) WITHOUT ROWID;

CREATE TABLE delivery_block (
  delivery_id INTEGER NOT NULL REFERENCES delivery (delivery_id),
  first_row   INTEGER NOT NULL,
  row_count   INTEGER NOT NULL,
  first_day   INTEGER NOT NULL,
  last_day    INTEGER NOT NULL,
  digest      BLOB    NOT NULL CHECK (length(digest) = 16),
  PRIMARY KEY (delivery_id, first_row)
) WITHOUT ROWID;

CREATE TABLE delivery_tolerance (
  delivery_id INTEGER NOT NULL REFERENCES delivery (delivery_id),
  name        TEXT    NOT NULL,
  use_count   INTEGER NOT NULL,
  first_row   INTEGER NOT NULL,
  example     TEXT    NOT NULL,
  PRIMARY KEY (delivery_id, name)
) WITHOUT ROWID;

CREATE TABLE quarantine (
  delivery_id INTEGER NOT NULL REFERENCES delivery (delivery_id),
  row_number  INTEGER NOT NULL,
  file_name   TEXT    NOT NULL,
  column_name TEXT    NOT NULL,
  rule        TEXT    NOT NULL,
  value       TEXT    NOT NULL,
  message     TEXT    NOT NULL,
  PRIMARY KEY (delivery_id, row_number, column_name, rule)
) WITHOUT ROWID;

CREATE TABLE dimension_set (
  dimension_set_id  INTEGER PRIMARY KEY,
  dimension_key     BLOB    NOT NULL UNIQUE CHECK (length(dimension_key) = 32),
  origin            INTEGER NOT NULL CHECK (origin IN (0, 1, 2)),
  first_delivery_id INTEGER NOT NULL,
  BillingAccountId TEXT, BillingAccountName TEXT, BillingAccountType TEXT,
  SubAccountId TEXT, SubAccountName TEXT, SubAccountType TEXT,
  BillingCurrency TEXT NOT NULL, InvoiceId TEXT, InvoiceIssuerName TEXT,
  ServiceProviderName TEXT, HostProviderName TEXT, x_ProviderName TEXT, x_PublisherName TEXT,
  ServiceCategory TEXT, ServiceSubcategory TEXT, ServiceName TEXT,
  ChargeCategory TEXT, ChargeClass TEXT, ChargeFrequency TEXT, ChargeDescription TEXT,
  PricingCategory TEXT, PricingCurrency TEXT, PricingUnit TEXT, ConsumedUnit TEXT,
  SkuId TEXT, SkuMeter TEXT, SkuPriceId TEXT,
  RegionId TEXT, RegionName TEXT, AvailabilityZone TEXT, ResourceType TEXT,
  CommitmentDiscountId TEXT, CommitmentDiscountName TEXT, CommitmentDiscountCategory TEXT,
  CommitmentDiscountType TEXT, CommitmentDiscountStatus TEXT, CommitmentDiscountUnit TEXT,
  CapacityReservationStatus TEXT, AllocatedMethodId TEXT,
  extras TEXT -- JSON object of the listed custom columns and tags
);

-- Dictionaries belong to one delivery: id = delivery_id << 32 | ordinal.
CREATE TABLE resource   (resource_id   INTEGER PRIMARY KEY, ResourceId TEXT, ResourceName TEXT);
CREATE TABLE tag_set    (tag_set_id    INTEGER PRIMARY KEY, Tags TEXT NOT NULL);
CREATE TABLE unit_price (unit_price_id INTEGER PRIMARY KEY, ListUnitPrice TEXT, ContractedUnitPrice TEXT);

-- line_id = delivery_id << 32 | row number; rounding lines have row numbers from 4294900000. Append-only, no secondary index,
-- no CHECK: it is written through 64-bit integer bindings only, and verified against delivery_total inside the booking.
CREATE TABLE cost_line (
  line_id             INTEGER PRIMARY KEY,
  dimension_set_id    INTEGER NOT NULL,
  charge_start_s      INTEGER NOT NULL,
  charge_seconds      INTEGER NOT NULL,
  billing_month       INTEGER NOT NULL,
  resource_ordinal    INTEGER,
  tag_set_ordinal     INTEGER,
  unit_price_ordinal  INTEGER,
  billed_nanos        INTEGER NOT NULL,
  effective_nanos     INTEGER NOT NULL,
  list_nanos          INTEGER NOT NULL,
  contracted_nanos    INTEGER NOT NULL,
  pricing_units       INTEGER,
  pricing_nanos       INTEGER,
  consumed_units      INTEGER,
  consumed_nanos      INTEGER
);

-- Intervals: a row is what the books say while from_delivery <= the scope's delivery < to_delivery.
CREATE TABLE rollup (
  scope_id         INTEGER NOT NULL,
  charge_day       INTEGER NOT NULL,
  dimension_set_id INTEGER NOT NULL,
  billing_month    INTEGER NOT NULL,
  from_delivery    INTEGER NOT NULL,
  to_delivery      INTEGER NOT NULL DEFAULT 2147483647,
  line_count       INTEGER NOT NULL CHECK (typeof(line_count) = 'integer'),
  billed_nanos     INTEGER NOT NULL CHECK (typeof(billed_nanos) = 'integer'),
  effective_nanos  INTEGER NOT NULL CHECK (typeof(effective_nanos) = 'integer'),
  list_nanos       INTEGER NOT NULL CHECK (typeof(list_nanos) = 'integer'),
  contracted_nanos INTEGER NOT NULL CHECK (typeof(contracted_nanos) = 'integer'),
  pricing_units    INTEGER NOT NULL,
  pricing_nanos    INTEGER NOT NULL,
  consumed_units   INTEGER NOT NULL,
  consumed_nanos   INTEGER NOT NULL,
  PRIMARY KEY (scope_id, charge_day, dimension_set_id, billing_month, from_delivery),
  CHECK (from_delivery < to_delivery)
) WITHOUT ROWID;

-- The same by charge month: what pages and the API read when no rule changes within the month.
CREATE TABLE rollup_month (
  scope_id         INTEGER NOT NULL,
  charge_month     INTEGER NOT NULL,
  dimension_set_id INTEGER NOT NULL,
  billing_month    INTEGER NOT NULL,
  from_delivery    INTEGER NOT NULL,
  to_delivery      INTEGER NOT NULL DEFAULT 2147483647,
  line_count       INTEGER NOT NULL CHECK (typeof(line_count) = 'integer'),
  billed_nanos     INTEGER NOT NULL CHECK (typeof(billed_nanos) = 'integer'),
  effective_nanos  INTEGER NOT NULL CHECK (typeof(effective_nanos) = 'integer'),
  list_nanos       INTEGER NOT NULL CHECK (typeof(list_nanos) = 'integer'),
  contracted_nanos INTEGER NOT NULL CHECK (typeof(contracted_nanos) = 'integer'),
  pricing_units    INTEGER NOT NULL,
  pricing_nanos    INTEGER NOT NULL,
  consumed_units   INTEGER NOT NULL,
  consumed_nanos   INTEGER NOT NULL,
  PRIMARY KEY (scope_id, charge_month, dimension_set_id, billing_month, from_delivery),
  CHECK (from_delivery < to_delivery)
) WITHOUT ROWID;

-- What rules decided, and for which charge days: [valid_from_day, valid_to_day).
CREATE TABLE attribution_result (
  result_id              INTEGER PRIMARY KEY,
  result_key             BLOB NOT NULL UNIQUE CHECK (length(result_key) = 32),
  project TEXT, architecture TEXT, component TEXT, operator TEXT, payer_account TEXT, domain TEXT, beneficiary TEXT, chip_vendor TEXT,
  project_rule TEXT, architecture_rule TEXT, component_rule TEXT, operator_rule TEXT, payer_account_rule TEXT, domain_rule TEXT,
  beneficiary_rule TEXT, chip_vendor_rule TEXT,
  role                   TEXT NOT NULL CHECK (role IN ('charge', 'funding', 'rounding-of-charges', 'rounding-of-credits')),
  grant_id               TEXT,
  role_rule              TEXT,
  is_unclassified_credit INTEGER NOT NULL CHECK (is_unclassified_credit IN (0, 1))
);

CREATE TABLE attribution (
  rule_set_id      INTEGER NOT NULL,
  dimension_set_id INTEGER NOT NULL,
  valid_from_day   INTEGER NOT NULL,
  valid_to_day     INTEGER NOT NULL,
  result_id        INTEGER NOT NULL REFERENCES attribution_result (result_id),
  PRIMARY KEY (rule_set_id, dimension_set_id, valid_from_day),
  CHECK (valid_from_day < valid_to_day)
) WITHOUT ROWID;

CREATE VIEW v_current_delivery AS
SELECT s.source_key, sc.billing_month, sc.part, MAX(d.delivery_id) AS delivery_id, sc.scope_id
FROM scope sc JOIN source s ON s.source_id = sc.source_id JOIN delivery d ON d.scope_id = sc.scope_id
GROUP BY sc.scope_id;

CREATE VIEW v_delivery AS
SELECT d.delivery_id, s.source_key AS source, date('1970-01-01', '+' || sc.billing_month || ' months') AS billing_period_start, sc.part,
       d.supersedes, d.row_count, d.quarantined_count,
       strftime('%Y-%m-%dT%H:%M:%SZ', d.booked_at_ms / 1000, 'unixepoch') AS booked_at, d.format_version, d.profile,
       t.currency, t.exact AS billed_exact
FROM delivery d JOIN scope sc ON sc.scope_id = d.scope_id JOIN source s ON s.source_id = sc.source_id
LEFT JOIN delivery_total t ON t.delivery_id = d.delivery_id AND t.cost_column = 'BilledCost' AND t.are_credits = 0;

CREATE VIEW v_cost_line AS
SELECT l.line_id >> 32 AS delivery_id, l.line_id & 4294967295 AS row_number,
       strftime('%Y-%m-%dT%H:%M:%SZ', l.charge_start_s, 'unixepoch') AS ChargePeriodStart,
       strftime('%Y-%m-%dT%H:%M:%SZ', l.charge_start_s + l.charge_seconds, 'unixepoch') AS ChargePeriodEnd,
       date('1970-01-01', '+' || l.billing_month || ' months') AS BillingPeriodStart,
       printf('%s%d.%09d', CASE WHEN l.billed_nanos < 0 THEN '-' ELSE '' END, abs(l.billed_nanos / 1000000000), abs(l.billed_nanos % 1000000000)) AS BilledCost,
       printf('%s%d.%09d', CASE WHEN l.effective_nanos < 0 THEN '-' ELSE '' END, abs(l.effective_nanos / 1000000000), abs(l.effective_nanos % 1000000000)) AS EffectiveCost,
       printf('%s%d.%09d', CASE WHEN l.list_nanos < 0 THEN '-' ELSE '' END, abs(l.list_nanos / 1000000000), abs(l.list_nanos % 1000000000)) AS ListCost,
       printf('%s%d.%09d', CASE WHEN l.contracted_nanos < 0 THEN '-' ELSE '' END, abs(l.contracted_nanos / 1000000000), abs(l.contracted_nanos % 1000000000)) AS ContractedCost,
       d.BillingCurrency, d.BillingAccountId, d.SubAccountId, d.ServiceProviderName, d.ServiceName, d.ChargeCategory, d.ChargeClass, d.ChargeDescription,
       d.RegionId, r.ResourceId, r.ResourceName, t.Tags, p.ListUnitPrice, p.ContractedUnitPrice, l.dimension_set_id
FROM cost_line l JOIN dimension_set d ON d.dimension_set_id = l.dimension_set_id
LEFT JOIN resource r ON r.resource_id = (l.line_id >> 32 << 32) | l.resource_ordinal
LEFT JOIN tag_set t ON t.tag_set_id = (l.line_id >> 32 << 32) | l.tag_set_ordinal
LEFT JOIN unit_price p ON p.unit_price_id = (l.line_id >> 32 << 32) | l.unit_price_ordinal;

CREATE VIEW v_rollup AS
SELECT s.source_key AS source, date(r.charge_day * 86400, 'unixepoch') AS charge_day, r.from_delivery, r.to_delivery, r.line_count,
       printf('%s%d.%09d', CASE WHEN r.billed_nanos < 0 THEN '-' ELSE '' END, abs(r.billed_nanos / 1000000000), abs(r.billed_nanos % 1000000000)) AS BilledCost,
       printf('%s%d.%09d', CASE WHEN r.effective_nanos < 0 THEN '-' ELSE '' END, abs(r.effective_nanos / 1000000000), abs(r.effective_nanos % 1000000000)) AS EffectiveCost,
       d.BillingCurrency, d.ServiceName, d.ChargeCategory, d.ChargeDescription, d.SubAccountId, r.dimension_set_id
FROM rollup r JOIN scope sc ON sc.scope_id = r.scope_id JOIN source s ON s.source_id = sc.source_id
JOIN dimension_set d ON d.dimension_set_id = r.dimension_set_id;
