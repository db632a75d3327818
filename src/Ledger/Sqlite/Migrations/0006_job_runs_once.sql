-- run_seconds: a job that no runner ever took holds no machine, however it ended; what lies between its times was waiting. Rows of books
-- before this keep what they had (their hash and digest stay), so that readers leave such runs out.
-- is_copy: the job of an earlier attempt, listed again by a re-run of what had failed. It is kept, and its hours do not count.
DROP VIEW v_job_run;
CREATE VIEW v_job_run AS
SELECT j.system, j.host, j.repository, j.workflow, j.name, j.job_id, j.native_id, j.attempt,
       CASE j.status WHEN 0 THEN 'queued' WHEN 1 THEN 'waiting' WHEN 2 THEN 'in_progress' ELSE 'completed' END AS status, j.conclusion,
       replace(j.labels, char(10), ', ') AS labels, strftime('%Y-%m-%dT%H:%M:%SZ', j.started_s, 'unixepoch') AS started_at,
       strftime('%Y-%m-%dT%H:%M:%SZ', j.completed_s, 'unixepoch') AS completed_at,
       CASE WHEN j.system = 'github' AND trim(COALESCE(j.runner_name, '')) = '' AND COALESCE(j.conclusion, '') <> 'success' THEN 0
         ELSE j.run_seconds END AS run_seconds,
       j.run_seconds > 0 AND EXISTS (SELECT 1 FROM job_run o INDEXED BY job_run_by_completion
         WHERE o.completed_s = j.completed_s AND o.run_seconds > 0 AND o.started_s = j.started_s AND o.run_id = j.run_id
           AND o.attempt < j.attempt AND o.name = j.name AND o.runner_name IS j.runner_name AND o.system = j.system AND o.host = j.host)
         AS is_copy,
       j.run_id, j.runner_name, j.delivery_id, j.row_number
FROM job_run j;
