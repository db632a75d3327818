-- The provider's own id of a job, where it is no number and job_id is made from it. Buildkite's UUIDs stood in runner_group before;
-- event_hash stays as it is, because it covers the same text in either column.
ALTER TABLE job_run ADD COLUMN native_id TEXT;
UPDATE job_run SET native_id = runner_group, runner_group = NULL WHERE system = 'buildkite';

DROP VIEW v_job_run;
CREATE VIEW v_job_run AS
SELECT j.system, j.host, j.repository, j.workflow, j.name, j.job_id, j.native_id, j.attempt,
       CASE j.status WHEN 0 THEN 'queued' WHEN 1 THEN 'waiting' WHEN 2 THEN 'in_progress' ELSE 'completed' END AS status, j.conclusion,
       replace(j.labels, char(10), ', ') AS labels, strftime('%Y-%m-%dT%H:%M:%SZ', j.started_s, 'unixepoch') AS started_at,
       strftime('%Y-%m-%dT%H:%M:%SZ', j.completed_s, 'unixepoch') AS completed_at, j.run_seconds, j.runner_name, j.delivery_id, j.row_number
FROM job_run j;
