-- Of posts whose content won; older rows were deleted before.
INSERT INTO tweet_hashtags (
    tweet_id, position, tag, tag_folded, start_at, end_at
) VALUES /*rows*/
