-- The newest observation replaces the whole row; the compared column is assigned last.
INSERT INTO media (
    media_key, type, url, preview_image_url, alt_text, width, height, duration_ms, view_count, extra,
    observed_at, version
) VALUES /*rows*/ AS new
ON DUPLICATE KEY UPDATE
    type = IF(new.version >= media.version, new.type, media.type),
    url = IF(new.version >= media.version, new.url, media.url),
    preview_image_url = IF(new.version >= media.version, new.preview_image_url, media.preview_image_url),
    alt_text = IF(new.version >= media.version, new.alt_text, media.alt_text),
    width = IF(new.version >= media.version, new.width, media.width),
    height = IF(new.version >= media.version, new.height, media.height),
    duration_ms = IF(new.version >= media.version, new.duration_ms, media.duration_ms),
    view_count = IF(new.version >= media.version, new.view_count, media.view_count),
    extra = IF(new.version >= media.version, new.extra, media.extra),
    observed_at = IF(new.version >= media.version, new.observed_at, media.observed_at),
    version = IF(new.version >= media.version, new.version, media.version)
