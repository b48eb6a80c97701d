-- Where each partition is to be read from: an hour before its newest batch. Writers finish out of order, so one that was read
-- before the newest may be missing from the dump; what is known already is skipped by its ledger row. And when that was, in
-- Kafka's time: another Kafka has other messages under the same offsets.
WITH newest AS (
    SELECT topic, kafka_partition, MAX(applied_at) AS applied_at
    FROM batches
    GROUP BY topic, kafka_partition
)
SELECT
    batches.topic,
    batches.kafka_partition,
    MIN(batches.kafka_offset) AS kafka_offset,
    MIN(batches.committed_at) AS committed_at
FROM batches
INNER JOIN newest ON newest.topic = batches.topic AND newest.kafka_partition = batches.kafka_partition
WHERE batches.applied_at >= newest.applied_at - INTERVAL 1 HOUR
GROUP BY batches.topic, batches.kafka_partition
ORDER BY batches.topic, batches.kafka_partition
