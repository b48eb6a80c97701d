-- Of posts whose content won; older rows were deleted before.
INSERT INTO tweet_topics (
    tweet_id, topic, hits
) VALUES /*rows*/
