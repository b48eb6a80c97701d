//! Pages made from a seed: the same seed, rule, walk and page give the same batch, to the byte.

use contract::{
    Coordinates, EditControls, Entities, Link, Mention, Note, Place, Reference, Tag, Tweet, TweetBatch,
    TweetMetrics, User, UserMetrics, content_digest, query_fingerprint,
};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};

/// 2026-11-01T00:00:00Z: observations are counted from here (milliseconds since 1970 UTC).
const BEGIN_MS: i64 = 1_793_491_200_000;
/// Ids hold milliseconds since then, above 22 bits.
const ID_EPOCH_MS: i64 = 1_288_834_974_657;
/// From page to page, in what is observed and in what was posted: posts of a long walk spread over hours and days.
const BETWEEN_MS: i64 = 20_000;
const IDS_OF_A_PAGE: i64 = BETWEEN_MS << 22;
/// Posts begin an hour before their observation; each page has ids of its own.
const FIRST_ID: i64 = (BEGIN_MS - 3_600_000 - ID_EPOCH_MS) / BETWEEN_MS * IDS_OF_A_PAGE;
const PAGES_OF_A_WALK: i64 = 1000;
const AUTHORS: i64 = 300;

const TEXTS: [&str; 6] = [
    "Dia {n} de quarentena e o pão de queijo acabou 🧀😷",
    "Fila da vacina no posto da Lapa: {n} pessoas, todas de máscara 💉",
    "Working from home, day {n}: the cat has joined the meeting 🐈",
    "Não é “só uma gripe” — {n} leitos ocupados no hospital daqui",
    "Quarantine bread, attempt no. {n} 🍞👩‍🍳 açaí next",
    "Ficou em casa? {n} dias sem ver o mar 🌊🇧🇷",
];
const TAGS: [&str; 5] = ["covid19", "Quarentena", "FicaEmCasa", "vacinaJá", "stayhome"];

/// Makes pages.
#[derive(Debug, Clone, Copy)]
pub struct Pages {
    /// Of everything generated.
    pub seed: u64,
    /// Posts a page.
    pub posts: i64,
}

impl Pages {
    /// Page `page` (from 1) of walk `walk` of `rule`: posts of its own, and of the page before one as it was seen again,
    /// with another text.
    pub fn page(&self, rule: &str, walk: i64, page: i32) -> TweetBatch {
        let number = walk * PAGES_OF_A_WALK + i64::from(page);
        let observed_at = BEGIN_MS + number * BETWEEN_MS;
        let first = FIRST_ID + number * IDS_OF_A_PAGE;
        let tweets: Vec<Tweet> = (0..self.posts).map(|at| self.post(first + at, observed_at)).collect();
        let quoted = tweets.iter().flat_map(|tweet| &tweet.references).map(|reference| reference.id);
        let mut included: Vec<Tweet> = quoted.map(|id| self.post(id, observed_at)).collect();
        if page > 1 {
            let mut again = self.post(first - IDS_OF_A_PAGE, observed_at);
            again.text.push_str(" (editado)");
            included.push(again);
        }
        included.sort_by_key(|tweet| tweet.id);
        included.dedup_by_key(|tweet| tweet.id);
        let users = self.users(tweets.iter().chain(&included));
        let places = tweets.iter().any(|tweet| tweet.place_id.is_some()).then(place);
        let query = format!("{rule} lang:pt -is:retweet");
        let mut batch = TweetBatch {
            batch_id: format!("{rule}/{walk}/{page}"),
            rule: rule.to_owned(),
            query_fingerprint: query_fingerprint(&query),
            query,
            identity: "feed".to_owned(),
            walk,
            page,
            part: 1,
            parts: 1,
            newest_id: tweets.iter().map(|tweet| tweet.id).max(),
            oldest_id: tweets.iter().map(|tweet| tweet.id).min(),
            requested_at: observed_at - 300,
            received_at: observed_at + 40,
            observed_at,
            attempts: 1,
            cost_usd_micros: 5000 * self.posts,
            billed_posts: i32::try_from(self.posts).unwrap_or(i32::MAX),
            tweets,
            included,
            users,
            places: places.into_iter().collect(),
            ..TweetBatch::default()
        };
        batch.digest = content_digest(&batch);
        batch
    }

    fn post(&self, id: i64, observed_at: i64) -> Tweet {
        let mut random = StdRng::seed_from_u64(self.seed ^ id.unsigned_abs());
        let mut text = TEXTS.choose(&mut random).unwrap_or(&"").replace("{n}", &(id % 977).to_string());
        let mut entities = Entities::default();
        for tag in TAGS.choose_multiple(&mut random, usize::try_from(id % 3).unwrap_or_default()) {
            let start = count(&text) + 1;
            text = format!("{text} #{tag}");
            entities.hashtags.push(Tag {
                tag: (*tag).to_owned(),
                start: Some(start),
                end: Some(count(&text)),
            });
        }
        if random.random_bool(0.3) {
            let (id, start) = (author(random.random_range(0..AUTHORS)), count(&text) + 1);
            let username = username(id);
            text = format!("{text} @{username}");
            let end = Some(count(&text));
            entities.mentions.push(Mention {
                username,
                id: Some(id),
                start: Some(start),
                end,
                ..Mention::default()
            });
        }
        if random.random_bool(0.3) {
            let (url, start) = (format!("https://t.co/{:010}", id % 9_999_999_967), count(&text) + 1);
            text = format!("{text} {url}");
            let expanded = format!("https://jornal.example/saude/{}", id % 1000);
            let end = Some(count(&text));
            let link = Link { url, expanded_url: Some(expanded), start: Some(start), end, ..Link::default() };
            entities.urls.push(link);
        }
        let long = random.random_bool(0.1);
        let note = long.then(|| Note {
            text: format!("{text}\n\n{}", "Continua no próximo capítulo. ".repeat(12)),
            entities: Some(entities.clone()),
            ..Note::default()
        });
        // Quotes a post of ids of its own, which nothing else brings.
        let quotes = random.random_bool(0.1) && id % IDS_OF_A_PAGE < IDS_OF_A_PAGE / 2;
        let references = quotes.then(|| Reference {
            kind: "quoted".to_owned(),
            id: id + IDS_OF_A_PAGE / 2,
            ..Reference::default()
        });
        Tweet {
            id,
            author_id: Some(author(random.random_range(0..AUTHORS))),
            created_at: Some(((id >> 22) + ID_EPOCH_MS) / 1000 * 1000),
            text,
            note,
            lang: Some("pt".to_owned()),
            conversation_id: Some(id),
            references: references.into_iter().collect(),
            edit_history: vec![id],
            edit_controls: Some(EditControls {
                editable_until: Some(BEGIN_MS),
                edits_remaining: Some(5),
                is_edit_eligible: Some(true),
                ..EditControls::default()
            }),
            metrics: Some(TweetMetrics {
                like_count: Some(observed_at % 1009),
                retweet_count: Some(id % 31),
                ..TweetMetrics::default()
            }),
            entities: Some(entities),
            place_id: (id % 7 == 0).then(|| place().id),
            coordinates: (id % 14 == 0).then_some(Coordinates { longitude: -46.633_3, latitude: -23.550_5 }),
            ..Tweet::default()
        }
    }

    fn users<'a>(&self, tweets: impl Iterator<Item = &'a Tweet>) -> Vec<User> {
        let mut ids: Vec<i64> = tweets.filter_map(|tweet| tweet.author_id).collect();
        ids.sort_unstable();
        ids.dedup();
        let user = |id: i64| User {
            id,
            username: Some(username(id)),
            name: Some(format!("Pessoa {id} 🎭")),
            location: Some("São Paulo, Brasil".to_owned()),
            metrics: Some(UserMetrics { followers_count: Some(id % 5000), ..UserMetrics::default() }),
            ..User::default()
        };
        ids.into_iter().map(user).collect()
    }
}

fn author(number: i64) -> i64 {
    2_400_000_000 + number
}

fn username(id: i64) -> String {
    format!("pessoa_{id}")
}

fn place() -> Place {
    Place {
        id: "68e019afec7d0ba5".to_owned(),
        full_name: Some("Sao Paulo, Brazil".to_owned()),
        name: Some("Sao Paulo".to_owned()),
        country: Some("Brasil".to_owned()),
        country_code: Some("BR".to_owned()),
        place_type: Some("city".to_owned()),
        bbox: vec![-46.826_039, -24.008_814, -46.365_052, -23.356_792],
        ..Place::default()
    }
}

fn count(text: &str) -> i32 {
    i32::try_from(text.chars().count()).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_page_and_each_page_other_posts() {
        let pages = Pages { seed: 3, posts: 40 };
        assert_eq!(pages.page("covid", 2, 2), pages.page("covid", 2, 2));
        let (one, two) = (pages.page("covid", 2, 1), pages.page("covid", 2, 2));
        assert!(one.tweets.iter().all(|post| two.tweets.iter().all(|other| other.id != post.id)));
        // The post seen again.
        let again = two.included.iter().find(|post| post.id == one.tweets[0].id).unwrap();
        assert_ne!(again.text, one.tweets[0].text);
        assert!(two.included.len() > 1, "quoted posts");
    }
}
