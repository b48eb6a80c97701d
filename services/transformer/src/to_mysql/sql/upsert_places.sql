-- The newest observation replaces the whole row; the compared column is assigned last.
INSERT INTO places (
    id, full_name, name, name_folded, country, country_code, place_type, west, south, east, north, details,
    extra, observed_at, version
) VALUES /*rows*/ AS new
ON DUPLICATE KEY UPDATE
    full_name = IF(new.version >= places.version, new.full_name, places.full_name),
    name = IF(new.version >= places.version, new.name, places.name),
    name_folded = IF(new.version >= places.version, new.name_folded, places.name_folded),
    country = IF(new.version >= places.version, new.country, places.country),
    country_code = IF(new.version >= places.version, new.country_code, places.country_code),
    place_type = IF(new.version >= places.version, new.place_type, places.place_type),
    west = IF(new.version >= places.version, new.west, places.west),
    south = IF(new.version >= places.version, new.south, places.south),
    east = IF(new.version >= places.version, new.east, places.east),
    north = IF(new.version >= places.version, new.north, places.north),
    details = IF(new.version >= places.version, new.details, places.details),
    extra = IF(new.version >= places.version, new.extra, places.extra),
    observed_at = IF(new.version >= places.version, new.observed_at, places.observed_at),
    version = IF(new.version >= places.version, new.version, places.version)
