//! Placeholders of authors, places, media, polls: the order is that of the columns in `sql/`.

use super::values::{Bind, Values};
use crate::rows::{AuthorRow, MediaRow, PlaceRow, PollRow};

impl Bind for AuthorRow<'_> {
    fn bind(&self, values: &mut Values) {
        let (user, figures) = (self.user, self.user.metrics.as_ref());
        values
            .put(user.id)
            .put(user.username.as_deref())
            .put(user.name.as_deref())
            .put(self.created_at)
            .put(user.description.as_deref())
            .put(user.location.as_deref())
            .put(self.location_folded)
            .put(user.url.as_deref())
            .put(user.profile_image_url.as_deref())
            .put(user.verified)
            .put(user.verified_type.as_deref())
            .put(user.protected)
            .put(user.pinned_tweet_id)
            .put(figures.and_then(|figures| figures.followers_count))
            .put(figures.and_then(|figures| figures.following_count))
            .put(figures.and_then(|figures| figures.tweet_count))
            .put(figures.and_then(|figures| figures.listed_count))
            .put(figures.and_then(|figures| figures.like_count))
            .put(figures.and_then(|figures| figures.media_count))
            .put(figures.and_then(|figures| figures.extra.as_deref()))
            .put(user.extra.as_deref())
            .put(self.batch_id)
            .put(self.observed_at)
            .put(&self.version.0[..]);
    }

    fn weight(&self) -> usize {
        let length = |text: &Option<String>| text.as_deref().map_or(0, str::len);
        1024 + length(&self.user.description) + length(&self.user.extra)
    }
}

impl Bind for PlaceRow<'_> {
    fn bind(&self, values: &mut Values) {
        let place = self.place;
        values
            .put(place.id.as_str())
            .put(place.full_name.as_deref())
            .put(place.name.as_deref())
            .put(self.name_folded)
            .put(place.country.as_deref())
            .put(place.country_code.as_deref())
            .put(place.place_type.as_deref());
        for degrees in self.bbox {
            values.put(degrees);
        }
        values
            .put(self.details.as_deref())
            .put(place.extra.as_deref())
            .put(self.observed_at)
            .put(&self.version.0[..]);
    }
}

impl Bind for MediaRow<'_> {
    fn bind(&self, values: &mut Values) {
        let media = self.media;
        values
            .put(media.media_key.as_str())
            .put(media.kind.as_deref())
            .put(media.url.as_deref())
            .put(media.preview_image_url.as_deref())
            .put(media.alt_text.as_deref())
            .put(media.width)
            .put(media.height)
            .put(media.duration_ms)
            .put(media.view_count)
            .put(media.extra.as_deref())
            .put(self.observed_at)
            .put(&self.version.0[..]);
    }
}

impl Bind for PollRow<'_> {
    fn bind(&self, values: &mut Values) {
        values
            .put(self.poll.id.as_str())
            .put(self.options.as_deref())
            .put(self.poll.duration_minutes)
            .put(self.ends_at)
            .put(self.poll.voting_status.as_deref())
            .put(self.poll.extra.as_deref())
            .put(self.observed_at)
            .put(&self.version.0[..]);
    }
}
