-- Books of schema 5 as the program of 2026-11 left them: two deliveries of one bill, the first one superseded and its lines removed.
-- Written with sqlite3's .dump; their raw objects lie in schema-5.objects.
BEGIN TRANSACTION;
CREATE TABLE attribution (
  rule_set_id      INTEGER NOT NULL,
  dimension_set_id INTEGER NOT NULL,
  valid_from_day   INTEGER NOT NULL,
  valid_to_day     INTEGER NOT NULL,
  result_id        INTEGER NOT NULL REFERENCES attribution_result (result_id),
  PRIMARY KEY (rule_set_id, dimension_set_id, valid_from_day),
  CHECK (valid_from_day < valid_to_day)
) WITHOUT ROWID;
INSERT INTO "attribution" VALUES(1,1,-2147483648,2147483647,1);
INSERT INTO "attribution" VALUES(1,2,-2147483648,2147483647,2);
INSERT INTO "attribution" VALUES(1,3,-2147483648,2147483647,3);
INSERT INTO "attribution" VALUES(1,4,-2147483648,2147483647,4);
INSERT INTO "attribution" VALUES(1,5,-2147483648,2147483647,5);
INSERT INTO "attribution" VALUES(1,6,-2147483648,2147483647,4);
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
INSERT INTO "attribution_result" VALUES(1,X'E234247F5120D01E3D077E2219D28B946B9E597CE36C2957400AAC985CBAD9DC',NULL,NULL,'compute',NULL,'main','main',NULL,NULL,NULL,NULL,'machines',NULL,'account-main','account-main',NULL,NULL,'charge',NULL,NULL,0);
INSERT INTO "attribution_result" VALUES(2,X'DE453B5550418037195C92026765B145BAA67767B5944CB58D7D6A8D0BC508E4',NULL,NULL,'storage',NULL,'main','main',NULL,NULL,NULL,NULL,'disks',NULL,'account-main','account-main',NULL,NULL,'charge',NULL,NULL,0);
INSERT INTO "attribution_result" VALUES(3,X'614D1A34A110E0822EA4AAEEFB15A0DDA8D332E72CC3389A727758F8E58199A8',NULL,NULL,'compute',NULL,'main','main',NULL,NULL,NULL,NULL,'machines',NULL,'account-main','account-main',NULL,NULL,'funding','gift','credit-gift',0);
INSERT INTO "attribution_result" VALUES(4,X'A0BB840B6455E1B27D65547EDBF9799B65C80977346A3B6722A2E5663920897D',NULL,NULL,'compute',NULL,'second','second',NULL,NULL,NULL,NULL,'machines',NULL,'account-second','account-second',NULL,NULL,'charge',NULL,NULL,0);
INSERT INTO "attribution_result" VALUES(5,X'274B13E99B6BD850CFBC8717550C007EE02304EC5D994C1C1F0061DE05FA7F29','rounding','rounding','rounding','rounding','rounding','rounding','rounding','rounding',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'rounding-of-charges',NULL,NULL,0);
CREATE TABLE "book_version" (
  book_version_id INTEGER PRIMARY KEY,
  recorded_at_ms  INTEGER NOT NULL CHECK (typeof(recorded_at_ms) = 'integer'),
  event           TEXT    NOT NULL CHECK (event IN ('delivery', 'rules', 'evidence')),
  rule_set_id     INTEGER NOT NULL REFERENCES rule_set (rule_set_id)
);
INSERT INTO "book_version" VALUES(1,1796080364848,'rules',1);
INSERT INTO "book_version" VALUES(2,1796080369630,'delivery',1);
INSERT INTO "book_version" VALUES(3,1796080377326,'delivery',1);
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
INSERT INTO "cost_line" VALUES(8589934593,1,1772323200,43200,674,1,NULL,1,90123456789,90123456789,90123456789,90123456789,NULL,NULL,12,0);
INSERT INTO "cost_line" VALUES(8589934594,2,1772409600,43200,674,2,NULL,1,8000000000,8000000000,8000000000,8000000000,NULL,NULL,12,0);
INSERT INTO "cost_line" VALUES(8589934595,3,1772409600,43200,674,1,NULL,1,-20000000000,-20000000000,-20000000000,-20000000000,NULL,NULL,12,0);
INSERT INTO "cost_line" VALUES(8589934596,4,1772496000,43200,674,3,NULL,1,0,0,0,0,NULL,NULL,12,0);
INSERT INTO "cost_line" VALUES(8589934597,4,1772496000,43200,674,3,NULL,1,0,0,0,0,NULL,NULL,12,0);
INSERT INTO "cost_line" VALUES(8589934598,6,1772582400,43200,674,3,NULL,1,9000000000000000000,9000000000000000000,9000000000000000000,9000000000000000000,NULL,NULL,12,0);
INSERT INTO "cost_line" VALUES(12884834592,5,1774915200,86400,674,NULL,NULL,NULL,1,1,1,1,NULL,NULL,NULL,NULL);
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
INSERT INTO "delivery" VALUES(1,1,2,NULL,'07cc1992b3cd35c4a472d5d50c60e70924fc5f12591c6ac9fab93e5daa22cb94','1.2',NULL,5,0,0,5,674,1796080369634,'0.1.0',1796080377856);
INSERT INTO "delivery" VALUES(2,1,3,1,'f6a531eb444a027756e519fa9683cebd7b6e9b6f1ad0db7a678307b1476b9b8d','1.2',NULL,6,0,0,1,674,1796080377340,'0.1.0',NULL);
CREATE TABLE delivery_block (
  delivery_id INTEGER NOT NULL REFERENCES delivery (delivery_id),
  first_row   INTEGER NOT NULL,
  row_count   INTEGER NOT NULL,
  first_day   INTEGER NOT NULL,
  last_day    INTEGER NOT NULL,
  digest      BLOB    NOT NULL CHECK (length(digest) = 16),
  PRIMARY KEY (delivery_id, first_row)
) WITHOUT ROWID;
INSERT INTO "delivery_block" VALUES(1,1,5,20513,20515,X'9F375C1E4EB72007ACD814C81BCC5CE0');
INSERT INTO "delivery_block" VALUES(2,1,6,20513,20516,X'5DE9435047BF345F7AF226C8BE885A5B');
CREATE TABLE delivery_day (
  delivery_id INTEGER NOT NULL REFERENCES delivery (delivery_id),
  charge_day  INTEGER NOT NULL,
  line_count  INTEGER NOT NULL,
  digest      BLOB    NOT NULL CHECK (length(digest) = 16),
  PRIMARY KEY (delivery_id, charge_day)
) WITHOUT ROWID;
INSERT INTO "delivery_day" VALUES(1,20513,1,X'7B5C99DF13DF1B9A918879CA5DA2E601');
INSERT INTO "delivery_day" VALUES(1,20514,2,X'8EDA6C1F88DA70BE5D144EDA7E41FA10');
INSERT INTO "delivery_day" VALUES(1,20515,2,X'75E756F064CF022E05EA7B519233083A');
INSERT INTO "delivery_day" VALUES(2,20513,1,X'7B5C99DF13DF1B9A918879CA5DA2E601');
INSERT INTO "delivery_day" VALUES(2,20514,2,X'042FF16A12CB00804EBBAACD65C59F60');
INSERT INTO "delivery_day" VALUES(2,20515,2,X'75E756F064CF022E05EA7B519233083A');
INSERT INTO "delivery_day" VALUES(2,20516,1,X'78E011486877ED48DFC597172703735D');
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
INSERT INTO "delivery_day_total" VALUES(1,20513,'USD',90123456789,90123456789,90123456789,90123456789);
INSERT INTO "delivery_day_total" VALUES(1,20514,'USD',-13000000000,-13000000000,-13000000000,-13000000000);
INSERT INTO "delivery_day_total" VALUES(1,20515,'EUR',0,0,0,0);
INSERT INTO "delivery_day_total" VALUES(1,20543,'EUR',1,1,1,1);
INSERT INTO "delivery_day_total" VALUES(2,20513,'USD',90123456789,90123456789,90123456789,90123456789);
INSERT INTO "delivery_day_total" VALUES(2,20514,'USD',-12000000000,-12000000000,-12000000000,-12000000000);
INSERT INTO "delivery_day_total" VALUES(2,20515,'EUR',0,0,0,0);
INSERT INTO "delivery_day_total" VALUES(2,20516,'EUR',9000000000000000000,9000000000000000000,9000000000000000000,9000000000000000000);
INSERT INTO "delivery_day_total" VALUES(2,20543,'EUR',1,1,1,1);
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
INSERT INTO "delivery_object" VALUES(1,0,'8a48883473d10070d91fd691e1f26162c1c32d8ac191d3bb9ae1dd9449212fd4','first.csv',1,5,1544,X'8101000000000000');
INSERT INTO "delivery_object" VALUES(2,0,'94bf1ac622cc77762fee399f3ab42eb79c3df4979628c720080a385bc98da13c','second.csv',1,6,1770,X'8101000000000000');
CREATE TABLE delivery_tolerance (
  delivery_id INTEGER NOT NULL REFERENCES delivery (delivery_id),
  name        TEXT    NOT NULL,
  use_count   INTEGER NOT NULL,
  first_row   INTEGER NOT NULL,
  example     TEXT    NOT NULL,
  PRIMARY KEY (delivery_id, name)
) WITHOUT ROWID;
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
INSERT INTO "delivery_total" VALUES(1,'EUR','BilledCost',0,2,'0.0000000007','0','0.0000000007',1);
INSERT INTO "delivery_total" VALUES(1,'EUR','BilledCost',1,0,'0','0','0',0);
INSERT INTO "delivery_total" VALUES(1,'EUR','ContractedCost',0,2,'0.0000000007','0','0.0000000007',1);
INSERT INTO "delivery_total" VALUES(1,'EUR','ContractedCost',1,0,'0','0','0',0);
INSERT INTO "delivery_total" VALUES(1,'EUR','EffectiveCost',0,2,'0.0000000007','0','0.0000000007',1);
INSERT INTO "delivery_total" VALUES(1,'EUR','EffectiveCost',1,0,'0','0','0',0);
INSERT INTO "delivery_total" VALUES(1,'EUR','ListCost',0,2,'0.0000000007','0','0.0000000007',1);
INSERT INTO "delivery_total" VALUES(1,'EUR','ListCost',1,0,'0','0','0',0);
INSERT INTO "delivery_total" VALUES(1,'USD','BilledCost',0,2,'97.1234567891','97.123456789','0.0000000001',0);
INSERT INTO "delivery_total" VALUES(1,'USD','BilledCost',1,1,'-20','-20','0',0);
INSERT INTO "delivery_total" VALUES(1,'USD','ContractedCost',0,2,'97.1234567891','97.123456789','0.0000000001',0);
INSERT INTO "delivery_total" VALUES(1,'USD','ContractedCost',1,1,'-20','-20','0',0);
INSERT INTO "delivery_total" VALUES(1,'USD','EffectiveCost',0,2,'97.1234567891','97.123456789','0.0000000001',0);
INSERT INTO "delivery_total" VALUES(1,'USD','EffectiveCost',1,1,'-20','-20','0',0);
INSERT INTO "delivery_total" VALUES(1,'USD','ListCost',0,2,'97.1234567891','97.123456789','0.0000000001',0);
INSERT INTO "delivery_total" VALUES(1,'USD','ListCost',1,1,'-20','-20','0',0);
INSERT INTO "delivery_total" VALUES(2,'EUR','BilledCost',0,3,'9000000000.0000000007','9000000000','0.0000000007',1);
INSERT INTO "delivery_total" VALUES(2,'EUR','BilledCost',1,0,'0','0','0',0);
INSERT INTO "delivery_total" VALUES(2,'EUR','ContractedCost',0,3,'9000000000.0000000007','9000000000','0.0000000007',1);
INSERT INTO "delivery_total" VALUES(2,'EUR','ContractedCost',1,0,'0','0','0',0);
INSERT INTO "delivery_total" VALUES(2,'EUR','EffectiveCost',0,3,'9000000000.0000000007','9000000000','0.0000000007',1);
INSERT INTO "delivery_total" VALUES(2,'EUR','EffectiveCost',1,0,'0','0','0',0);
INSERT INTO "delivery_total" VALUES(2,'EUR','ListCost',0,3,'9000000000.0000000007','9000000000','0.0000000007',1);
INSERT INTO "delivery_total" VALUES(2,'EUR','ListCost',1,0,'0','0','0',0);
INSERT INTO "delivery_total" VALUES(2,'USD','BilledCost',0,2,'98.1234567891','98.123456789','0.0000000001',0);
INSERT INTO "delivery_total" VALUES(2,'USD','BilledCost',1,1,'-20','-20','0',0);
INSERT INTO "delivery_total" VALUES(2,'USD','ContractedCost',0,2,'98.1234567891','98.123456789','0.0000000001',0);
INSERT INTO "delivery_total" VALUES(2,'USD','ContractedCost',1,1,'-20','-20','0',0);
INSERT INTO "delivery_total" VALUES(2,'USD','EffectiveCost',0,2,'98.1234567891','98.123456789','0.0000000001',0);
INSERT INTO "delivery_total" VALUES(2,'USD','EffectiveCost',1,1,'-20','-20','0',0);
INSERT INTO "delivery_total" VALUES(2,'USD','ListCost',0,2,'98.1234567891','98.123456789','0.0000000001',0);
INSERT INTO "delivery_total" VALUES(2,'USD','ListCost',1,1,'-20','-20','0',0);
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
INSERT INTO "dimension_set" VALUES(1,X'682EEB8BF0D0588F1626202DA0D1561024C88716598EB683537AEC32953B60A5',0,1,'acct-1',NULL,NULL,NULL,NULL,NULL,'USD',NULL,'AWS','AWS','AWS','AWS','AWS','Compute',NULL,'Machines','Usage',NULL,'Usage-Based','machine hours',NULL,'USD',NULL,'Hours',NULL,NULL,NULL,'us-east-1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{"tags.team":"a"}');
INSERT INTO "dimension_set" VALUES(2,X'85DC76FA1D80A159549EE6DB0EBF202687C2C08DC90E76E0FC0C787B9B3BD3B5',0,1,'acct-1',NULL,NULL,NULL,NULL,NULL,'USD',NULL,'AWS','AWS','AWS','AWS','AWS','Compute',NULL,'Disks','Usage',NULL,'Usage-Based','machine hours',NULL,'USD',NULL,'Hours',NULL,NULL,NULL,'us-east-1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "dimension_set" VALUES(3,X'D8F308ADE95BA70A9856DC95751084107C743122A4FD878E134EAE5A4D25C8C8',0,1,'acct-1',NULL,NULL,NULL,NULL,NULL,'USD',NULL,'AWS','AWS','AWS','AWS','AWS','Compute',NULL,'Machines','Credit',NULL,'Usage-Based','gift',NULL,'USD',NULL,'Hours',NULL,NULL,NULL,'us-east-1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "dimension_set" VALUES(4,X'EE2D0BD19CE4A77CC35A22389D69F4D64A8982CB8DBDE59CE840FC8A09D1AAAB',0,1,'acct-2',NULL,NULL,NULL,NULL,NULL,'EUR',NULL,'AWS','AWS','AWS','AWS','AWS','Compute',NULL,'Machines','Usage',NULL,'Usage-Based','machine hours',NULL,'EUR',NULL,'Hours',NULL,NULL,NULL,'us-east-1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "dimension_set" VALUES(5,X'5EEB1B68D30882BF53BF64032D6A1A58BD4E1224DF31C11A26C820E5C6946960',1,1,NULL,NULL,NULL,NULL,NULL,NULL,'EUR',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'Adjustment',NULL,NULL,'Rounding residue of the delivery',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "dimension_set" VALUES(6,X'43FC5889A457F3054DE7373DC19C0BC5D5A599394A03A5FC97F27136AF909437',0,2,'acct-2',NULL,NULL,NULL,NULL,NULL,'EUR',NULL,'AWS','AWS','AWS','AWS','AWS','Compute',NULL,'Machines','Tax',NULL,'Usage-Based','VAT',NULL,'EUR',NULL,'Hours',NULL,NULL,NULL,'us-east-1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE evidence (
  evidence_id    INTEGER PRIMARY KEY,
  source_key     TEXT    NOT NULL,
  billing_month  INTEGER NOT NULL,
  part           TEXT    NOT NULL,
  version        TEXT    NOT NULL,
  recorded_at_ms INTEGER NOT NULL CHECK (typeof(recorded_at_ms) = 'integer')
, book_version_id INTEGER REFERENCES book_version (book_version_id));
CREATE TABLE evidence_object (
  evidence_id INTEGER NOT NULL REFERENCES evidence (evidence_id),
  ordinal     INTEGER NOT NULL,
  sha256      TEXT    NOT NULL REFERENCES raw_object (sha256),
  object_name TEXT    NOT NULL,
  PRIMARY KEY (evidence_id, ordinal)
) WITHOUT ROWID;
CREATE TABLE feed (
  source_key       TEXT    NOT NULL PRIMARY KEY,
  connector        TEXT    NOT NULL,
  fresh_hours      INTEGER NOT NULL CHECK (fresh_hours > 0),     -- without a successful run for so long it is stale
  data_hours       INTEGER CHECK (data_hours > 0),               -- without anything new for so long it is silent; null: never
  configured_at_ms INTEGER NOT NULL CHECK (typeof(configured_at_ms) = 'integer'),
  removed_at_ms    INTEGER
) WITHOUT ROWID;
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
  row_number   INTEGER NOT NULL, native_id TEXT,
  UNIQUE (system, host, job_id, attempt)
);
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
CREATE TABLE raw_object (
  sha256           TEXT    NOT NULL PRIMARY KEY CHECK (length(sha256) = 64),
  delivered_sha256 TEXT    NOT NULL CHECK (length(delivered_sha256) = 64),
  delivered_bytes  INTEGER NOT NULL CHECK (typeof(delivered_bytes) = 'integer'),
  stored_bytes     INTEGER NOT NULL CHECK (typeof(stored_bytes) = 'integer'),
  compressed_here  INTEGER NOT NULL CHECK (compressed_here IN (0, 1)),
  stored_at_ms     INTEGER NOT NULL CHECK (typeof(stored_at_ms) = 'integer')
) WITHOUT ROWID;
INSERT INTO "raw_object" VALUES('8a48883473d10070d91fd691e1f26162c1c32d8ac191d3bb9ae1dd9449212fd4','d9b7a947e2fe45bc9ec8219c28841aabdd4a38ed0404977c577e808aa6bc7f2d',1544,539,1,1796080369634);
INSERT INTO "raw_object" VALUES('94bf1ac622cc77762fee399f3ab42eb79c3df4979628c720080a385bc98da13c','acd8e7e2a3cee539e3815fec65a5824bea7b8a49d1e71757f0bab50e35c482dc',1770,570,1,1796080377340);
CREATE TABLE resource   (resource_id   INTEGER PRIMARY KEY, ResourceId TEXT, ResourceName TEXT);
INSERT INTO "resource" VALUES(8589934593,'m-1',NULL);
INSERT INTO "resource" VALUES(8589934594,'d-1',NULL);
INSERT INTO "resource" VALUES(8589934595,'m-2',NULL);
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
INSERT INTO "rollup" VALUES(1,20513,1,674,1,2147483647,1,90123456789,90123456789,90123456789,90123456789,0,0,12,0);
INSERT INTO "rollup" VALUES(1,20514,2,674,1,2,1,7000000000,7000000000,7000000000,7000000000,0,0,12,0);
INSERT INTO "rollup" VALUES(1,20514,2,674,2,2147483647,1,8000000000,8000000000,8000000000,8000000000,0,0,12,0);
INSERT INTO "rollup" VALUES(1,20514,3,674,1,2147483647,1,-20000000000,-20000000000,-20000000000,-20000000000,0,0,12,0);
INSERT INTO "rollup" VALUES(1,20515,4,674,1,2147483647,2,0,0,0,0,0,0,24,0);
INSERT INTO "rollup" VALUES(1,20516,6,674,2,2147483647,1,9000000000000000000,9000000000000000000,9000000000000000000,9000000000000000000,0,0,12,0);
INSERT INTO "rollup" VALUES(1,20543,5,674,1,2147483647,1,1,1,1,1,0,0,0,0);
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
INSERT INTO "rollup_month" VALUES(1,674,1,674,1,2147483647,1,90123456789,90123456789,90123456789,90123456789,0,0,12,0);
INSERT INTO "rollup_month" VALUES(1,674,2,674,1,2,1,7000000000,7000000000,7000000000,7000000000,0,0,12,0);
INSERT INTO "rollup_month" VALUES(1,674,2,674,2,2147483647,1,8000000000,8000000000,8000000000,8000000000,0,0,12,0);
INSERT INTO "rollup_month" VALUES(1,674,3,674,1,2147483647,1,-20000000000,-20000000000,-20000000000,-20000000000,0,0,12,0);
INSERT INTO "rollup_month" VALUES(1,674,4,674,1,2147483647,2,0,0,0,0,0,0,24,0);
INSERT INTO "rollup_month" VALUES(1,674,5,674,1,2147483647,1,1,1,1,1,0,0,0,0);
INSERT INTO "rollup_month" VALUES(1,674,6,674,2,2147483647,1,9000000000000000000,9000000000000000000,9000000000000000000,9000000000000000000,0,0,12,0);
CREATE TABLE rule_file (
  rule_set_id INTEGER NOT NULL REFERENCES rule_set (rule_set_id),
  name        TEXT    NOT NULL,
  content     TEXT    NOT NULL,
  PRIMARY KEY (rule_set_id, name)
) WITHOUT ROWID;
INSERT INTO "rule_file" VALUES(1,'accounts.yaml','accounts:
  - {id: main, name: Main, owner: acme, provider: aws, match: [{BillingAccountId: acct-1}]}
  - {id: second, name: Second, owner: acme, provider: aws, match: [{BillingAccountId: acct-2}]}
');
INSERT INTO "rule_file" VALUES(1,'architectures.yaml','architectures:
  - {id: x86, name: x86, labels: {costTable: x86, hoursTable: x86}}
');
INSERT INTO "rule_file" VALUES(1,'attribution/accounts.yaml','rules:
  - id: account-main
    when: {account: main}
    then: {payer-account: main, domain: main}
  - id: account-second
    when: {account: second}
    then: {payer-account: second, domain: second}
');
INSERT INTO "rule_file" VALUES(1,'attribution/components.yaml','rules:
  - id: machines
    when: {ServiceName: Machines}
    then: {component: compute}
  - id: disks
    when: {ServiceName: Disks}
    then: {component: storage}
');
INSERT INTO "rule_file" VALUES(1,'components.yaml','components:
  - {id: compute, name: Compute}
  - {id: storage, name: Storage}
');
INSERT INTO "rule_file" VALUES(1,'coverage.yaml','domains:
  - id: main
    name: Main
    account: main
    coverage:
      - {ledger: bill, basis: billed}
  - id: second
    name: Second
    account: second
    coverage:
      - {ledger: bill, basis: billed}
');
INSERT INTO "rule_file" VALUES(1,'dimensions.yaml','customColumns: []
tagKeys: [team]
requiredAttributes: [component, payer-account]
');
INSERT INTO "rule_file" VALUES(1,'funding.yaml','grants:
  - {id: gift, name: Gift, donor: acme, kind: credits}
rules:
  - id: credit-gift
    when: {ChargeCategory: Credit, ChargeClass: {isNull: true}, ChargeDescription: gift}
    then: {grant: gift}
');
INSERT INTO "rule_file" VALUES(1,'organisations.yaml','organisations:
  - {id: acme, name: Acme, slug: Acme, roles: [donor, operator, chip-vendor]}
');
INSERT INTO "rule_file" VALUES(1,'projects.yaml','projects:
  - {id: app, name: App, repository: acme/app}
');
CREATE TABLE rule_set (
  rule_set_id      INTEGER PRIMARY KEY,
  content_hash     TEXT    NOT NULL UNIQUE CHECK (length(content_hash) = 64),
  registered_at_ms INTEGER NOT NULL CHECK (typeof(registered_at_ms) = 'integer')
);
INSERT INTO "rule_set" VALUES(1,'a634de9f94167225f180de5a2666a40e418fcf52d53173b57081b4a05de5e414',1796080364795);
CREATE TABLE scope (
  scope_id      INTEGER PRIMARY KEY,
  source_id     INTEGER NOT NULL REFERENCES source (source_id),
  billing_month INTEGER NOT NULL CHECK (typeof(billing_month) = 'integer'),
  part          TEXT    NOT NULL,
  UNIQUE (source_id, billing_month, part)
);
INSERT INTO "scope" VALUES(1,1,674,'*');
CREATE TABLE source (
  source_id        INTEGER PRIMARY KEY,
  source_key       TEXT    NOT NULL UNIQUE,
  kind             TEXT    NOT NULL,
  profile          TEXT,
  mode             TEXT    NOT NULL CHECK (mode IN ('replace', 'append')),
  allow_quarantine INTEGER NOT NULL CHECK (allow_quarantine IN (0, 1)),
  registered_at_ms INTEGER NOT NULL CHECK (typeof(registered_at_ms) = 'integer')
);
INSERT INTO "source" VALUES(1,'bill','focus-csv',NULL,'replace',0,1796080368313);
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
CREATE TABLE tag_set    (tag_set_id    INTEGER PRIMARY KEY, Tags TEXT NOT NULL);
CREATE TABLE unit_price (unit_price_id INTEGER PRIMARY KEY, ListUnitPrice TEXT, ContractedUnitPrice TEXT);
INSERT INTO "unit_price" VALUES(8589934593,'0.25','0.25');
CREATE INDEX delivery_by_scope ON delivery (scope_id, delivery_id);
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
CREATE INDEX job_run_by_completion ON job_run (completed_s) WHERE run_seconds > 0;
CREATE INDEX source_run_by_source ON source_run (source_key, run_id);
CREATE INDEX evidence_by_scope ON evidence (source_key, billing_month, part, evidence_id);
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
CREATE VIEW v_job_run AS
SELECT j.system, j.host, j.repository, j.workflow, j.name, j.job_id, j.native_id, j.attempt,
       CASE j.status WHEN 0 THEN 'queued' WHEN 1 THEN 'waiting' WHEN 2 THEN 'in_progress' ELSE 'completed' END AS status, j.conclusion,
       replace(j.labels, char(10), ', ') AS labels, strftime('%Y-%m-%dT%H:%M:%SZ', j.started_s, 'unixepoch') AS started_at,
       strftime('%Y-%m-%dT%H:%M:%SZ', j.completed_s, 'unixepoch') AS completed_at, j.run_seconds, j.runner_name, j.delivery_id, j.row_number
FROM job_run j;
COMMIT;
PRAGMA user_version=5;
