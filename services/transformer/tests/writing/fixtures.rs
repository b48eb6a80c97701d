//! Invented batches in the shapes of real ones.

use std::sync::LazyLock;

use contract::{
    Annotation, ContextAnnotation, Entities, Link, Media, Mention, Note, Place, Poll, PollOption, Reference,
    Tag, Tweet, TweetBatch, TweetMetrics, User, UserMetrics, content_digest,
};
use transformer::enrich::{Enriched, Enricher, Received, Source, Trace, enrich};

/// Noon of a spring day, milliseconds since 1970.
pub(crate) const NOON: i64 = 1_585_137_600_000;

pub(crate) fn post(id: i64, text: &str, likes: i64) -> Tweet {
    let tags: Vec<Tag> = text
        .split_whitespace()
        .filter_map(|word| word.strip_prefix('#'))
        .map(|tag| Tag { tag: tag.to_owned(), start: Some(0), end: Some(1) })
        .collect();
    let mentions = text
        .split_whitespace()
        .filter_map(|word| word.strip_prefix('@'))
        .map(|name| Mention { username: name.to_owned(), id: Some(77), ..Mention::default() })
        .collect();
    let entities = Entities { hashtags: tags, mentions, ..Entities::default() };
    Tweet {
        id,
        author_id: Some(id % 10),
        created_at: Some(NOON - 60_000),
        text: text.to_owned(),
        lang: Some("pt".to_owned()),
        entities: Some(entities),
        edit_history: vec![id],
        metrics: Some(TweetMetrics { like_count: Some(likes), ..TweetMetrics::default() }),
        ..Tweet::default()
    }
}

pub(crate) fn user(id: i64, name: &str) -> User {
    User {
        id,
        username: Some(format!("user{id}")),
        name: Some(name.to_owned()),
        location: Some("São Paulo".to_owned()),
        metrics: Some(UserMetrics { followers_count: Some(id), ..UserMetrics::default() }),
        ..User::default()
    }
}

/// A page of walk 1 of the rule `covid`.
pub(crate) fn page(page: i32, observed_at: i64, tweets: Vec<Tweet>) -> TweetBatch {
    let mut batch = TweetBatch {
        batch_id: format!("covid/1/{page}"),
        rule: "covid".to_owned(),
        query: "covid lang:pt".to_owned(),
        query_fingerprint: contract::query_fingerprint("covid lang:pt"),
        identity: "lab".to_owned(),
        walk: 1,
        page,
        part: 1,
        parts: 1,
        requested_at: observed_at - 200,
        received_at: observed_at + 100,
        observed_at,
        covers_to: Some(observed_at),
        attempts: 1,
        cost_usd_micros: 5_000,
        billed_posts: 1,
        users: vec![user(1, "Ana"), user(2, "Bo")],
        tweets,
        ..TweetBatch::default()
    };
    batch.digest = content_digest(&batch);
    batch
}

/// A post and what comes with it, every field set.
pub(crate) fn full() -> TweetBatch {
    let words = |word: &str| Some(word.to_owned());
    let extra = || Some(r#"{"new_field": {"deep": [1, 2.5, "três"]}}"#.to_owned());
    let link = Link {
        url: "https://t.co/x".to_owned(),
        expanded_url: words("https://www.saude.gov.br/a"),
        unwound_url: words("https://WWW.Gov.br/saude"),
        display_url: words("saude.gov.br/a"),
        title: words("Título"),
        description: words("Descrição"),
        status: Some(200),
        media_key: words("3_1"),
        start: Some(3),
        end: Some(9),
        extra: extra(),
    };
    let mention =
        Mention { username: "Fiocruz".to_owned(), id: Some(5), start: Some(1), end: Some(8), extra: extra() };
    let annotation = Annotation {
        kind: words("Place"),
        normalized_text: words("Rio"),
        probability: Some(0.5),
        ..Annotation::default()
    };
    let entities = |tag: &str| Entities {
        hashtags: vec![Tag { tag: tag.to_owned(), start: Some(0), end: Some(4) }],
        cashtags: vec![Tag { tag: "PFE".to_owned(), start: None, end: None }],
        mentions: vec![mention.clone()],
        urls: vec![link.clone()],
        annotations: vec![annotation.clone()],
        extra: extra(),
    };
    let tweet = Tweet {
        id: 1_242_000_000_000_000_001,
        author_id: Some(1),
        created_at: Some(NOON),
        text: "curto 😷…".to_owned(),
        note: Some(Note {
            text: "texto longo com acentuação e 😷 👨‍👩‍👧 \\ ' \" \u{0} fim".to_owned(),
            entities: Some(entities("Vacinação")),
            extra: extra(),
        }),
        lang: words("pt"),
        conversation_id: Some(9),
        in_reply_to_user_id: Some(8),
        references: vec![
            Reference { kind: "replied_to".to_owned(), id: 9, extra: None },
            Reference { kind: "quoted".to_owned(), id: 10, extra: extra() },
        ],
        edit_history: vec![1_242_000_000_000_000_000, 1_242_000_000_000_000_001],
        edit_controls: Some(contract::EditControls {
            editable_until: Some(NOON + 1_800_000),
            edits_remaining: Some(4),
            is_edit_eligible: Some(true),
            extra: extra(),
        }),
        metrics: Some(TweetMetrics {
            retweet_count: Some(1),
            reply_count: Some(2),
            like_count: Some(3),
            quote_count: Some(4),
            bookmark_count: Some(5),
            impression_count: Some(6_000_000_000),
            extra: extra(),
        }),
        entities: Some(entities("cortada")),
        context_annotations: vec![
            ContextAnnotation {
                domain_id: words("123"),
                entity_name: words("COVID-19"),
                extra: extra(),
                ..ContextAnnotation::default()
            };
            2
        ],
        place_id: words("abc123"),
        coordinates: Some(contract::Coordinates { longitude: -46.633_309, latitude: -23.550_520 }),
        media_keys: vec!["3_1".to_owned()],
        poll_ids: vec!["p1".to_owned()],
        source: words("Web"),
        possibly_sensitive: Some(false),
        reply_settings: words("everyone"),
        extra: extra(),
    };
    let mut batch = page(1, NOON + 60_000, vec![tweet]);
    batch.included = vec![post(10, "o citado #Covid", 1)];
    batch.users[0].extra = extra();
    batch.places = vec![Place {
        id: "abc123".to_owned(),
        full_name: words("São Paulo, Brasil"),
        name: words("São Paulo"),
        country: words("Brasil"),
        country_code: words("BR"),
        place_type: words("city"),
        bbox: vec![-46.8, -24.0, -46.3, -23.3],
        contained_within: vec!["xyz".to_owned()],
        extra: extra(),
    }];
    batch.media = vec![Media {
        media_key: "3_1".to_owned(),
        kind: words("photo"),
        width: Some(640),
        view_count: Some(7),
        extra: extra(),
        ..Media::default()
    }];
    let option = PollOption { position: 1, label: "sim".to_owned(), votes: Some(3), extra: extra() };
    batch.polls = vec![Poll {
        id: "p1".to_owned(),
        options: vec![option],
        end_datetime: Some(NOON),
        ..Poll::default()
    }];
    batch.errors = vec![contract::PartialError {
        title: words("Not Found Error"),
        resource_id: words("11"),
        ..contract::PartialError::default()
    }];
    batch.unparsed = vec![contract::Unparsed {
        section: "data".to_owned(),
        json: "{\"id\":\"x\"}".to_owned(),
        reason: "id".to_owned(),
    }];
    batch.gap = Some(contract::Gap { from: Some(NOON - 5), to: Some(NOON), reason: "7 days".to_owned() });
    batch.extra = extra();
    batch.digest = content_digest(&batch);
    batch
}

/// Read once for all tests.
static ENRICHER: LazyLock<Enricher> = LazyLock::new(|| Enricher::embedded().unwrap());

pub(crate) fn received(batch: TweetBatch, offset: i64) -> Enriched {
    let received = Received {
        batch,
        source: Source { topic: "tweets.batches.v1".to_owned(), partition: 3, offset },
        trace: Trace { trace_id: "a".repeat(32), span_id: "b".repeat(16), sampled: true },
        committed_at_ms: NOON + 61_000,
        span: tracing::Span::none(),
    };
    enrich(&ENRICHER, received)
}
