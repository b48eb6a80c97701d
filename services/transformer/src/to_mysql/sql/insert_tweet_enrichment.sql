-- Of posts whose content won; older rows were deleted before.
INSERT INTO tweet_enrichment (
    tweet_id, kind, language, language_detected, sentiment, sentiment_label, sentiment_coverage, country_code, state,
    enrichment_version
) VALUES /*rows*/
