//! A place.

use crate::ids::PlaceId;
use crate::json::{Extra, record};
use crate::scalar::Real;

record! {
    /// A place posts are tagged with.
    pub struct Place {
        must {
            /// The id.
            id: PlaceId = "id",
        }
        may {
            /// Such as `Recife, Brasil`.
            full_name: String = "full_name",
            /// The short name.
            name: String = "name",
            /// The country's name.
            country: String = "country",
            /// ISO 3166-1 alpha-2.
            country_code: String = "country_code",
            /// `country`, `admin`, `city`, `neighborhood`, `poi`.
            place_type: String = "place_type",
            /// Larger places around it.
            contained_within: Vec<PlaceId> = "contained_within",
            /// Its outline.
            geo: PlaceGeo = "geo",
        }
    }
}

record! {
    /// A GeoJSON feature.
    pub struct PlaceGeo {
        may {
            /// `Feature`.
            kind: String = "type",
            /// West, south, east, north, in degrees.
            bbox: Vec<Real> = "bbox",
            /// Empty in every answer seen.
            properties: Extra = "properties",
        }
    }
}
