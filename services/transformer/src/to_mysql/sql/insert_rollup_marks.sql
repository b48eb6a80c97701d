-- In the transaction that writes the posts: whoever sees the mark sees them. Its key takes its default.
INSERT INTO rollup_marks (
    hour, batch_id
) VALUES /*rows*/
