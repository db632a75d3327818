-- Amounts beyond 64 bits of nanos, 9.2 billion units: amount = *_nanos + *_high * 1e18. Only rows that have such an amount stand in these
-- tables, under the key of the row that they complete; a *_nanos without one is the whole amount. docs/decisions/0011-wide-amounts.md
CREATE TABLE cost_line_high (
  line_id         INTEGER PRIMARY KEY,
  billed_high     INTEGER NOT NULL CHECK (typeof(billed_high) = 'integer'),
  effective_high  INTEGER NOT NULL CHECK (typeof(effective_high) = 'integer'),
  list_high       INTEGER NOT NULL CHECK (typeof(list_high) = 'integer'),
  contracted_high INTEGER NOT NULL CHECK (typeof(contracted_high) = 'integer')
);

-- Quantities: units = *_units + *_high * 1e18.
CREATE TABLE rollup_high (
  scope_id         INTEGER NOT NULL,
  charge_day       INTEGER NOT NULL,
  dimension_set_id INTEGER NOT NULL,
  billing_month    INTEGER NOT NULL,
  from_delivery    INTEGER NOT NULL,
  billed_high      INTEGER NOT NULL CHECK (typeof(billed_high) = 'integer'),
  effective_high   INTEGER NOT NULL CHECK (typeof(effective_high) = 'integer'),
  list_high        INTEGER NOT NULL CHECK (typeof(list_high) = 'integer'),
  contracted_high  INTEGER NOT NULL CHECK (typeof(contracted_high) = 'integer'),
  pricing_high     INTEGER NOT NULL CHECK (typeof(pricing_high) = 'integer'),
  consumed_high    INTEGER NOT NULL CHECK (typeof(consumed_high) = 'integer'),
  PRIMARY KEY (scope_id, charge_day, dimension_set_id, billing_month, from_delivery)
) WITHOUT ROWID;

CREATE TABLE rollup_month_high (
  scope_id         INTEGER NOT NULL,
  charge_month     INTEGER NOT NULL,
  dimension_set_id INTEGER NOT NULL,
  billing_month    INTEGER NOT NULL,
  from_delivery    INTEGER NOT NULL,
  billed_high      INTEGER NOT NULL CHECK (typeof(billed_high) = 'integer'),
  effective_high   INTEGER NOT NULL CHECK (typeof(effective_high) = 'integer'),
  list_high        INTEGER NOT NULL CHECK (typeof(list_high) = 'integer'),
  contracted_high  INTEGER NOT NULL CHECK (typeof(contracted_high) = 'integer'),
  pricing_high     INTEGER NOT NULL CHECK (typeof(pricing_high) = 'integer'),
  consumed_high    INTEGER NOT NULL CHECK (typeof(consumed_high) = 'integer'),
  PRIMARY KEY (scope_id, charge_month, dimension_set_id, billing_month, from_delivery)
) WITHOUT ROWID;

-- A month's control figures and a day's totals are few: they have the column themselves.
ALTER TABLE control_figure ADD COLUMN amount_high INTEGER NOT NULL DEFAULT 0 CHECK (typeof(amount_high) = 'integer');
ALTER TABLE delivery_day_total ADD COLUMN billed_high INTEGER NOT NULL DEFAULT 0 CHECK (typeof(billed_high) = 'integer');
ALTER TABLE delivery_day_total ADD COLUMN effective_high INTEGER NOT NULL DEFAULT 0 CHECK (typeof(effective_high) = 'integer');
ALTER TABLE delivery_day_total ADD COLUMN list_high INTEGER NOT NULL DEFAULT 0 CHECK (typeof(list_high) = 'integer');
ALTER TABLE delivery_day_total ADD COLUMN contracted_high INTEGER NOT NULL DEFAULT 0 CHECK (typeof(contracted_high) = 'integer');

DROP VIEW v_cost_line;
CREATE VIEW v_cost_line AS
SELECT l.line_id >> 32 AS delivery_id, l.line_id & 4294967295 AS row_number,
       strftime('%Y-%m-%dT%H:%M:%SZ', l.charge_start_s, 'unixepoch') AS ChargePeriodStart,
       strftime('%Y-%m-%dT%H:%M:%SZ', l.charge_start_s + l.charge_seconds, 'unixepoch') AS ChargePeriodEnd,
       date('1970-01-01', '+' || l.billing_month || ' months') AS BillingPeriodStart,
       printf('%s%s%0*d.%09d', CASE WHEN h.billed_high < 0 OR l.billed_nanos < 0 THEN '-' ELSE '' END, CASE WHEN h.billed_high <> 0 THEN abs(h.billed_high) ELSE '' END,
         CASE WHEN h.billed_high <> 0 THEN 9 ELSE 1 END, abs(l.billed_nanos / 1000000000), abs(l.billed_nanos % 1000000000)) AS BilledCost,
       printf('%s%s%0*d.%09d', CASE WHEN h.effective_high < 0 OR l.effective_nanos < 0 THEN '-' ELSE '' END, CASE WHEN h.effective_high <> 0 THEN abs(h.effective_high) ELSE '' END,
         CASE WHEN h.effective_high <> 0 THEN 9 ELSE 1 END, abs(l.effective_nanos / 1000000000), abs(l.effective_nanos % 1000000000)) AS EffectiveCost,
       printf('%s%s%0*d.%09d', CASE WHEN h.list_high < 0 OR l.list_nanos < 0 THEN '-' ELSE '' END, CASE WHEN h.list_high <> 0 THEN abs(h.list_high) ELSE '' END,
         CASE WHEN h.list_high <> 0 THEN 9 ELSE 1 END, abs(l.list_nanos / 1000000000), abs(l.list_nanos % 1000000000)) AS ListCost,
       printf('%s%s%0*d.%09d', CASE WHEN h.contracted_high < 0 OR l.contracted_nanos < 0 THEN '-' ELSE '' END, CASE WHEN h.contracted_high <> 0 THEN abs(h.contracted_high) ELSE '' END,
         CASE WHEN h.contracted_high <> 0 THEN 9 ELSE 1 END, abs(l.contracted_nanos / 1000000000), abs(l.contracted_nanos % 1000000000)) AS ContractedCost,
       d.BillingCurrency, d.BillingAccountId, d.SubAccountId, d.ServiceProviderName, d.ServiceName, d.ChargeCategory, d.ChargeClass, d.ChargeDescription,
       d.RegionId, r.ResourceId, r.ResourceName, t.Tags, p.ListUnitPrice, p.ContractedUnitPrice, l.dimension_set_id
FROM cost_line l JOIN dimension_set d ON d.dimension_set_id = l.dimension_set_id
LEFT JOIN cost_line_high h ON h.line_id = l.line_id
LEFT JOIN resource r ON r.resource_id = (l.line_id >> 32 << 32) | l.resource_ordinal
LEFT JOIN tag_set t ON t.tag_set_id = (l.line_id >> 32 << 32) | l.tag_set_ordinal
LEFT JOIN unit_price p ON p.unit_price_id = (l.line_id >> 32 << 32) | l.unit_price_ordinal;

DROP VIEW v_rollup;
CREATE VIEW v_rollup AS
SELECT s.source_key AS source, date(r.charge_day * 86400, 'unixepoch') AS charge_day, r.from_delivery, r.to_delivery, r.line_count,
       printf('%s%s%0*d.%09d', CASE WHEN h.billed_high < 0 OR r.billed_nanos < 0 THEN '-' ELSE '' END, CASE WHEN h.billed_high <> 0 THEN abs(h.billed_high) ELSE '' END,
         CASE WHEN h.billed_high <> 0 THEN 9 ELSE 1 END, abs(r.billed_nanos / 1000000000), abs(r.billed_nanos % 1000000000)) AS BilledCost,
       printf('%s%s%0*d.%09d', CASE WHEN h.effective_high < 0 OR r.effective_nanos < 0 THEN '-' ELSE '' END, CASE WHEN h.effective_high <> 0 THEN abs(h.effective_high) ELSE '' END,
         CASE WHEN h.effective_high <> 0 THEN 9 ELSE 1 END, abs(r.effective_nanos / 1000000000), abs(r.effective_nanos % 1000000000)) AS EffectiveCost,
       d.BillingCurrency, d.ServiceName, d.ChargeCategory, d.ChargeDescription, d.SubAccountId, r.dimension_set_id
FROM rollup r JOIN scope sc ON sc.scope_id = r.scope_id JOIN source s ON s.source_id = sc.source_id
JOIN dimension_set d ON d.dimension_set_id = r.dimension_set_id
LEFT JOIN rollup_high h ON h.scope_id = r.scope_id AND h.charge_day = r.charge_day AND h.dimension_set_id = r.dimension_set_id
  AND h.billing_month = r.billing_month AND h.from_delivery = r.from_delivery;

DROP VIEW v_control_figure;
CREATE VIEW v_control_figure AS
SELECT e.source_key AS source, date('1970-01-01', '+' || f.billing_month || ' months') AS billing_period_start, f.payer_account,
       f.invoice_issuer, f.currency, f.measure, f.breakdown, f.item, f.record_type,
       printf('%s%s%0*d.%09d', CASE WHEN f.amount_high < 0 OR f.amount_nanos < 0 THEN '-' ELSE '' END, CASE WHEN f.amount_high <> 0 THEN abs(f.amount_high) ELSE '' END,
         CASE WHEN f.amount_high <> 0 THEN 9 ELSE 1 END, abs(f.amount_nanos / 1000000000), abs(f.amount_nanos % 1000000000)) AS amount,
       f.is_estimated, strftime('%Y-%m-%dT%H:%M:%SZ', e.recorded_at_ms / 1000, 'unixepoch') AS recorded_at, f.evidence_id
FROM control_figure f JOIN evidence e ON e.evidence_id = f.evidence_id;
