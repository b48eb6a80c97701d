-- Of posts whose content won; older rows were deleted before.
INSERT INTO tweet_urls (
    tweet_id, position, url, expanded_url, unwound_url, display_url, domain, title, description, status,
    media_key, start_at, end_at, extra
) VALUES /*rows*/
