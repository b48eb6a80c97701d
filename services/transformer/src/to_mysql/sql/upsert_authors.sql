-- The newest observation replaces the whole row; the compared column is assigned last.
INSERT INTO authors (
    id, username, name, created_at, description, location, location_folded, url, profile_image_url,
    verified, verified_type, protected, pinned_tweet_id, followers_count, following_count, tweet_count,
    listed_count, like_count, media_count, metrics_extra, extra, batch_id, observed_at, version
) VALUES /*rows*/ AS new
ON DUPLICATE KEY UPDATE
    username = IF(new.version >= authors.version, new.username, authors.username),
    name = IF(new.version >= authors.version, new.name, authors.name),
    created_at = IF(new.version >= authors.version, new.created_at, authors.created_at),
    description = IF(new.version >= authors.version, new.description, authors.description),
    location = IF(new.version >= authors.version, new.location, authors.location),
    location_folded = IF(new.version >= authors.version, new.location_folded, authors.location_folded),
    url = IF(new.version >= authors.version, new.url, authors.url),
    profile_image_url = IF(new.version >= authors.version, new.profile_image_url, authors.profile_image_url),
    verified = IF(new.version >= authors.version, new.verified, authors.verified),
    verified_type = IF(new.version >= authors.version, new.verified_type, authors.verified_type),
    protected = IF(new.version >= authors.version, new.protected, authors.protected),
    pinned_tweet_id = IF(new.version >= authors.version, new.pinned_tweet_id, authors.pinned_tweet_id),
    followers_count = IF(new.version >= authors.version, new.followers_count, authors.followers_count),
    following_count = IF(new.version >= authors.version, new.following_count, authors.following_count),
    tweet_count = IF(new.version >= authors.version, new.tweet_count, authors.tweet_count),
    listed_count = IF(new.version >= authors.version, new.listed_count, authors.listed_count),
    like_count = IF(new.version >= authors.version, new.like_count, authors.like_count),
    media_count = IF(new.version >= authors.version, new.media_count, authors.media_count),
    metrics_extra = IF(new.version >= authors.version, new.metrics_extra, authors.metrics_extra),
    extra = IF(new.version >= authors.version, new.extra, authors.extra),
    batch_id = IF(new.version >= authors.version, new.batch_id, authors.batch_id),
    observed_at = IF(new.version >= authors.version, new.observed_at, authors.observed_at),
    version = IF(new.version >= authors.version, new.version, authors.version)
