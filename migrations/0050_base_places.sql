-- base_places: Tagged places.
-- place_id: Place id by X
-- full_name: Long name
-- country_code: ISO 3166-1 alpha-2
-- place_type: city, admin, country …
-- west: Bounding box, degrees east
-- south: Bounding box, degrees north
-- east: Bounding box, degrees east
-- north: Bounding box, degrees north
CREATE OR REPLACE SQL SECURITY DEFINER VIEW base_places AS
SELECT id AS place_id, full_name, country_code, place_type, west, south, east, north
FROM places
