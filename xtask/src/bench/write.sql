-- Batches applied; posts of all transactions but the first, and the seconds these took: applied_at is a transaction's begin.
SELECT COUNT(*),
       CAST(SUM(IF(applied_at > began, posts + included, 0)) AS SIGNED),
       TIMESTAMPDIFF(MICROSECOND, MIN(began), MAX(applied_at)) / 1e6 + 0e0
FROM batches, (SELECT MIN(applied_at) AS began FROM batches) AS first
