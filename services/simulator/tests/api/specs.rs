//! Answers hold against a strict copy of each vocabulary's own specification, and a changed answer does not.

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::harness::{COUNTS, COVID, EXPANSIONS, Parameters, SEARCH, Server, TWEET_FIELDS, USAGE, start};
use crate::strict::{Required, Spec, post_names, tweet_names};

const USER_FIELDS: &str = "created_at,description,entities,id,location,name,profile_image_url,protected,public_metrics,url,username,verified,verified_type";
const MEDIA_FIELDS: &str =
    "alt_text,duration_ms,height,media_key,preview_image_url,public_metrics,type,url,variants,width";
const PLACE_FIELDS: &str = "contained_within,country,country_code,full_name,geo,id,name,place_type";
const POLL_FIELDS: &str = "duration_minutes,end_datetime,id,options,voting_status";

const OF_TWEETS: Required = Required {
    post: &[
        "author_id",
        "conversation_id",
        "created_at",
        "display_text_range",
        "edit_controls",
        "edit_history_tweet_ids",
        "id",
        "lang",
        "possibly_sensitive",
        "public_metrics",
        "reply_settings",
        "text",
    ],
    user: OF_USERS,
};
const OF_POSTS: Required = Required {
    post: &[
        "author_id",
        "conversation_id",
        "created_at",
        "display_text_range",
        "edit_controls",
        "edit_history_post_ids",
        "id",
        "lang",
        "possibly_sensitive",
        "public_metrics",
        "reply_settings",
        "text",
    ],
    user: OF_USERS,
};
const OF_USERS: &[&str] = &[
    "created_at",
    "description",
    "id",
    "name",
    "profile_image_url",
    "protected",
    "public_metrics",
    "url",
    "username",
    "verified",
    "verified_type",
];
const NOTHING: Required = Required { post: &[], user: &[] };

fn everything(spec: &Spec) -> (String, &'static str, String) {
    if spec.version() == "2.159" {
        return (TWEET_FIELDS.into(), "tweet.fields", EXPANSIONS.into());
    }
    let by_expansion = ["author_id", "edit_history_tweet_ids", "in_reply_to_user_id", "referenced_tweets"];
    let fields: Vec<&str> = TWEET_FIELDS.split(',').filter(|field| !by_expansion.contains(field)).collect();
    let fields = fields.join(",").replace("note_tweet", "note_post");
    let expansions = "author_id,in_reply_to_user_id,referenced_posts,entities.mentions.username,attachments.poll_ids,attachments.media_keys,geo.place_id,edit_history_post_ids";
    (fields, "post.fields", expansions.into())
}

/// A server without quirks: the specs know nothing of those.
async fn server(spec: &Spec) -> Server {
    let vocabulary = if spec.version() == "2.159" { "tweet" } else { "post" };
    start(&["--vocabulary", vocabulary, "--quirks", "off", "--posts", "3000", "--seed", "11"]).await
}

async fn pages(server: &Server, spec: &Spec) -> Vec<Value> {
    let (fields, parameter, expansions) = everything(spec);
    let parameters: Parameters<'_> = vec![
        ("query", COVID),
        ("max_results", "100"),
        (parameter, &fields),
        ("expansions", &expansions),
        ("user.fields", USER_FIELDS),
        ("media.fields", MEDIA_FIELDS),
        ("place.fields", PLACE_FIELDS),
        ("poll.fields", POLL_FIELDS),
    ];
    server.walk(&parameters).await
}

fn assert_valid(validator: &Validator, answer: &Value) {
    let problems: Vec<String> =
        validator.iter_errors(answer).map(|e| format!("{} at {}", e, e.instance_path())).take(5).collect();
    assert!(problems.is_empty(), "{problems:#?}");
}

/// True if some page has something at the path; `*` stands for any element of a list.
fn some(pages: &[Value], path: &str) -> bool {
    fn found(value: &Value, path: &[&str]) -> bool {
        match path.split_first() {
            None => !value.is_null(),
            Some((&"*", rest)) => value.as_array().is_some_and(|all| all.iter().any(|it| found(it, rest))),
            Some((key, rest)) => value.get(key).is_some_and(|it| found(it, rest)),
        }
    }
    let path: Vec<&str> = path.split('/').collect();
    pages.iter().any(|page| found(page, &path))
}

#[tokio::test]
async fn every_page_in_tweet_names_is_valid() {
    let spec = tweet_names();
    assert_eq!(spec.version(), "2.159");
    let pages = pages(&server(&spec).await, &spec).await;
    assert!(pages.len() > 20);
    let validator = spec.validator("search", &OF_TWEETS);
    pages.iter().for_each(|page| assert_valid(&validator, page));
    for path in [
        "data/*/referenced_tweets",
        "data/*/note_tweet/entities/urls/*/unwound_url",
        "data/*/entities/annotations/*/probability",
        "data/*/public_metrics/retweet_count",
        "data/*/withheld/scope",
        "data/*/in_reply_to_user_id",
        "includes/tweets/*/text",
        "includes/users/*/public_metrics/tweet_count",
        "errors/*/resource_id",
    ] {
        assert!(some(&pages, path), "no {path}");
    }
    holds_of_both(&pages);
}

#[tokio::test]
async fn every_page_in_post_names_is_valid() {
    let spec = post_names();
    assert_eq!(spec.version(), "2.167");
    let pages = pages(&server(&spec).await, &spec).await;
    assert!(pages.len() > 20);
    let validator = spec.validator("search", &OF_POSTS);
    pages.iter().for_each(|page| assert_valid(&validator, page));
    for path in [
        "data/*/referenced_posts",
        "data/*/note_post/entities/urls/*/expanded_url",
        "data/*/public_metrics/repost_count",
        "includes/posts/*/text",
        "includes/users/*/public_metrics/post_count",
        "errors/*/resource_id",
    ] {
        assert!(some(&pages, path), "no {path}");
    }
    holds_of_both(&pages);
}

fn holds_of_both(pages: &[Value]) {
    for path in [
        "data/*/entities/urls/*/images/*/url",
        "data/*/entities/urls/*/media_key",
        "data/*/entities/hashtags/*/tag",
        "data/*/entities/mentions/*/id",
        "data/*/entities/cashtags/*/tag",
        "data/*/context_annotations/*/entity/id",
        "data/*/attachments/media_keys",
        "data/*/attachments/poll_ids",
        "data/*/geo/place_id",
        "data/*/geo/coordinates/coordinates",
        "data/*/source",
        "includes/media/*/variants",
        "includes/media/*/alt_text",
        "includes/polls/*/options",
        "includes/places/*/geo/bbox",
        "includes/users/*/location",
        "includes/users/*/entities/url/urls",
    ] {
        assert!(some(pages, path), "no {path}");
    }
}

#[tokio::test]
async fn counts_usage_and_an_empty_page_are_valid_in_both() {
    for spec in [tweet_names(), post_names()] {
        let server = server(&spec).await;
        let empty = server.json(SEARCH, &vec![("query", "wordthatnobodywrites")]).await;
        assert_eq!(empty, json!({ "meta": { "result_count": 0 } }));
        assert_valid(&spec.validator("search", &NOTHING), &empty);
        let page = server.json(SEARCH, &vec![("query", COVID)]).await;
        assert_valid(&spec.validator("search", &NOTHING), &page);
        for granularity in ["minute", "hour", "day"] {
            let counts = server.json(COUNTS, &vec![("query", COVID), ("granularity", granularity)]).await;
            assert_valid(&spec.validator("counts", &NOTHING), &counts);
        }
        let fields =
            "cap_reset_day,daily_client_app_usage,daily_project_usage,project_cap,project_id,project_usage";
        let usage = server.json(USAGE, &vec![("usage.fields", fields)]).await;
        assert!(some(std::slice::from_ref(&usage), "data/daily_project_usage/usage/*/usage"), "{usage}");
        assert_valid(&spec.validator("usage", &NOTHING), &usage);
    }
}

#[tokio::test]
async fn a_changed_answer_is_not_valid() {
    for (spec, required, other) in [(tweet_names(), OF_TWEETS, "post"), (post_names(), OF_POSTS, "tweet")] {
        let validator = spec.validator("search", &required);
        let pages = pages(&server(&spec).await, &spec).await;
        let page =
            pages.iter().find(|page| page["errors"].is_array() && page["includes"]["media"].is_array());
        let page = page.unwrap();
        assert_valid(&validator, page);
        let metrics = if other == "post" { "retweet_count" } else { "repost_count" };
        type Change<'a> = (&'a str, Box<dyn Fn(&mut Value) + 'a>);
        let drop = |path: &'static str, field: &'static str| -> Change<'static> {
            let change = move |page: &mut Value| {
                page.pointer_mut(path).unwrap().as_object_mut().unwrap().remove(field).unwrap();
            };
            (field, Box::new(change))
        };
        let set = |path: &'static str, field: &'static str, value: Value| -> Change<'static> {
            (field, Box::new(move |page: &mut Value| page.pointer_mut(path).unwrap()[field] = value.clone()))
        };
        let changes: Vec<Change<'_>> = vec![
            drop("", "meta"),
            drop("/data/0", "id"),
            drop("/data/0", "text"),
            drop("/data/0", "lang"),
            drop("/data/0", "author_id"),
            drop("/data/0", "created_at"),
            drop("/data/0", "public_metrics"),
            drop("/data/0/public_metrics", metrics),
            drop("/includes/users/0", "username"),
            drop("/includes/users/0", "created_at"),
            drop("/includes/media/0", "media_key"),
            drop("/errors/0", "title"),
            set("", "datum", json!([])),
            set("/meta", "pages", json!(1)),
            set("/data/0", "surprise", json!(1)),
            set("/data/0", "id", json!(1)),
            set("/data/0", "created_at", json!("yesterday")),
            set(
                "/data/0",
                "edit_controls",
                json!({ "edits_remaining": "4", "is_edit_eligible": true, "editable_until": "2026-01-01T00:00:00.000Z" }),
            ),
            set("/data/0", "geo", json!({ "coordinates": { "type": "Circle", "coordinates": [1.0, 2.0] } })),
            set("/data/0", "entities", json!({ "hashtags": [{ "start": 1, "tag": "x" }] })),
            set("/data/0", "context_annotations", json!([{ "domain": { "id": "1" } }])),
            set("/includes", "planets", json!([])),
            set("/includes/users/0", "surprise", json!(1)),
            set("/includes/users/0", "verified", json!("yes")),
            set("/errors/0", "type", json!("https://example.com/else")),
            (
                "the other's name",
                Box::new(|page| page["data"][0][format!("referenced_{other}s")] = json!([])),
            ),
            (
                "the other's metric",
                Box::new(|page| page["data"][0]["public_metrics"]["reshare_count"] = json!(1)),
            ),
        ];
        for (name, change) in changes {
            let mut changed = page.clone();
            change(&mut changed);
            assert!(!validator.is_valid(&changed), "{}: a change of {name} was not seen", spec.version());
        }
    }
}
