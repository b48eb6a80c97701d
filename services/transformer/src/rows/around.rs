//! Rows of authors, places, media, polls: each replaced whole by its newest observation.

use contract::{Media, Place, Poll, User};
use time::PrimitiveDateTime;

use super::{
    Refusal,
    details::compact_text,
    moment::{finite, moment, moment_if},
};
use crate::enrich::{Enriched, Version};

/// A row of `authors`.
#[derive(Debug, Clone, PartialEq)]
pub struct AuthorRow<'a> {
    /// As X sent it.
    pub user: &'a User,
    /// Location without case and accents.
    pub location_folded: Option<&'a str>,
    /// Column of this name.
    pub created_at: Option<PrimitiveDateTime>,
    /// Column of this name.
    pub batch_id: &'a str,
    /// Column of this name.
    pub observed_at: PrimitiveDateTime,
    /// Column of this name.
    pub version: Version,
}

/// A row of `places`.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceRow<'a> {
    /// As X sent it.
    pub place: &'a Place,
    /// Name without case and accents.
    pub name_folded: Option<&'a str>,
    /// West, south, east, north, where the box is one.
    pub bbox: [Option<f64>; 4],
    /// JSON.
    pub details: Option<String>,
    /// Column of this name.
    pub observed_at: PrimitiveDateTime,
    /// Column of this name.
    pub version: Version,
}

/// A row of `media`.
#[derive(Debug, Clone, PartialEq)]
pub struct MediaRow<'a> {
    /// As X sent it.
    pub media: &'a Media,
    /// Column of this name.
    pub observed_at: PrimitiveDateTime,
    /// Column of this name.
    pub version: Version,
}

/// A row of `polls`.
#[derive(Debug, Clone, PartialEq)]
pub struct PollRow<'a> {
    /// As X sent it.
    pub poll: &'a Poll,
    /// JSON.
    pub options: Option<String>,
    /// Column of this name.
    pub ends_at: Option<PrimitiveDateTime>,
    /// Column of this name.
    pub observed_at: PrimitiveDateTime,
    /// Column of this name.
    pub version: Version,
}

impl<'a> AuthorRow<'a> {
    pub(super) fn of(
        batch: &'a Enriched,
        user: &'a User,
        location: Option<&'a str>,
    ) -> Result<Self, Refusal> {
        Ok(Self {
            user,
            location_folded: location,
            created_at: moment_if("created_at", user.created_at)?,
            batch_id: &batch.received.batch.batch_id,
            observed_at: moment("observed_at", batch.received.batch.observed_at)?,
            version: batch.version,
        })
    }
}

impl<'a> PlaceRow<'a> {
    pub(super) fn of(batch: &'a Enriched, place: &'a Place, name: Option<&'a str>) -> Result<Self, Refusal> {
        let mut bbox = [None; 4];
        if place.bbox.len() == 4 {
            for (side, degrees) in bbox.iter_mut().zip(&place.bbox) {
                *side = Some(finite("bbox", *degrees)?);
            }
        }
        #[derive(serde::Serialize)]
        struct Details<'a> {
            contained_within: &'a [String],
            bbox: &'a [f64],
        }
        let unusual = if place.bbox.len() == 4 { &[][..] } else { &place.bbox };
        let details = Details { contained_within: &place.contained_within, bbox: unusual };
        Ok(Self {
            place,
            name_folded: name,
            bbox,
            details: compact_text("details", &details)?,
            observed_at: moment("observed_at", batch.received.batch.observed_at)?,
            version: batch.version,
        })
    }
}

impl<'a> MediaRow<'a> {
    pub(super) fn of(batch: &'a Enriched, media: &'a Media) -> Result<Self, Refusal> {
        let observed_at = moment("observed_at", batch.received.batch.observed_at)?;
        Ok(Self { media, observed_at, version: batch.version })
    }
}

impl<'a> PollRow<'a> {
    pub(super) fn of(batch: &'a Enriched, poll: &'a Poll) -> Result<Self, Refusal> {
        Ok(Self {
            poll,
            options: compact_text("options", &poll.options)?,
            ends_at: moment_if("end_datetime", poll.end_datetime)?,
            observed_at: moment("observed_at", batch.received.batch.observed_at)?,
            version: batch.version,
        })
    }
}
