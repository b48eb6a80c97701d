-- Of posts whose content won; older rows were deleted before.
INSERT INTO tweet_mentions (
    tweet_id, position, user_id, username, username_folded, start_at, end_at, extra
) VALUES /*rows*/
