-- Posts not stored yet; 1062 means that another writer was quicker: the transaction is repeated.
INSERT INTO tweets (
    id, author_id, created_at, text, short_text, lang, conversation_id, in_reply_to_user_id, replied_to_id,
    quoted_id, retweeted_id, edit_first_id, edit_last_id, edit_number, editable_until, edits_remaining,
    is_edit_eligible, place_id, longitude, latitude, source, possibly_sensitive, reply_settings, details,
    extra, content_batch_id, content_observed_at, content_version, retweet_count, reply_count, like_count,
    quote_count, bookmark_count, impression_count, metrics_extra, metrics_observed_at, metrics_version
) VALUES /*rows*/
