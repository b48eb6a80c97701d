//! Generated posts: the same for the same seed, about the subject, and as odd as real ones.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;

use crate::harness::{COVID, EXPANSIONS, SEARCH, TWEET_FIELDS, start};

const NOON: &[&str] = &["--now", "2026-03-01T12:00:00Z", "--posts", "1500"];

async fn truth(options: &[&str]) -> BTreeMap<String, Value> {
    start(&[NOON, options].concat()).await.truth(COVID).await
}

#[tokio::test]
async fn a_seed_gives_the_same_posts_again_and_another_seed_gives_others() {
    let first = truth(&["--seed", "7"]).await;
    assert_eq!(first, truth(&["--seed", "7"]).await);
    let other = truth(&["--seed", "8"]).await;
    let texts = |truth: &BTreeMap<String, Value>| -> HashSet<String> {
        truth.values().map(|line| line["post"]["text"].to_string()).collect()
    };
    let (first, other) = (texts(&first), texts(&other));
    assert!(first.intersection(&other).count() * 20 < first.len());
}

#[tokio::test]
async fn another_clock_changes_ids_and_times_and_no_words() {
    let at_noon = truth(&["--seed", "7"]).await;
    let later =
        start(&["--now", "2026-03-02T12:00:00Z", "--posts", "1500", "--seed", "7"]).await.truth(COVID).await;
    let first_words = |truth: &BTreeMap<String, Value>| -> Vec<String> {
        truth.values().map(|line| line["post"]["text"].as_str().unwrap().chars().take(20).collect()).collect()
    };
    assert_eq!(first_words(&at_noon), first_words(&later));
}

#[tokio::test]
async fn ids_agree_with_the_times_of_creation() {
    for line in truth(&[]).await.values() {
        let id = simulator::PostId::parse(line["id"].as_str().unwrap()).unwrap();
        assert_eq!(line["post"]["created_at"], id.created().whole_second().to_string());
    }
}

#[tokio::test]
async fn most_posts_but_not_all_match_the_groups_query_in_two_languages() {
    let server = start(&["--posts", "4000"]).await;
    let matched = server.matched(COVID).await.len();
    assert!((3000..3800).contains(&matched), "{matched}");
    let portuguese = server.matched(&format!("{COVID} lang:pt")).await.len();
    let english = server.matched(&format!("{COVID} lang:en")).await.len();
    assert_eq!(portuguese + english, matched);
    assert!(portuguese > 1000 && english > 1000, "{portuguese} {english}");
    let unknown = server.matched("covid19 (lang:qst OR lang:und)").await.len();
    assert!(unknown > 10, "{unknown}");
}

#[tokio::test]
async fn texts_are_varied_and_hold_what_breaks_careless_programs() {
    let truth = start(&["--posts", "6000"]).await.truth(COVID).await;
    let texts: Vec<&str> = truth.values().map(|line| line["post"]["text"].as_str().unwrap()).collect();
    let different: HashSet<&&str> = texts.iter().collect();
    assert!(different.len() * 100 > texts.len() * 95, "{} of {}", different.len(), texts.len());
    for (what, part) in [
        ("a family joined by ZWJ", "👨\u{200d}👩\u{200d}👧\u{200d}👦"),
        ("a flag", "🇧🇷"),
        ("Hebrew", "שלום"),
        ("Arabic", "السلامة"),
        ("a combining accent", "e\u{301}"),
        ("a zero-width space", "\u{200b}"),
        ("a line separator", "\u{2028}"),
        ("a C1 control", "\u{85}"),
        ("a newline", "\n"),
        ("an entity", "&amp;"),
        ("a letter beyond the first plane", "𝕮"),
        ("a negation in Portuguese", "não"),
        ("a negation in English", "not"),
    ] {
        assert!(texts.iter().any(|text| text.contains(part)), "no {what}");
    }
}

#[tokio::test]
async fn a_long_post_is_cut_at_280_characters_and_whole_in_its_note() {
    let truth = truth(&[]).await;
    let long: Vec<&Value> =
        truth.values().map(|l| &l["post"]).filter(|p| p["note_tweet"].is_object()).collect();
    assert!(long.len() > 30, "{}", long.len());
    for post in long {
        let (text, note) = (post["text"].as_str().unwrap(), post["note_tweet"]["text"].as_str().unwrap());
        assert_eq!(text.chars().count(), 280);
        assert!(note.starts_with(text) && note.len() > text.len());
    }
}

#[tokio::test]
async fn entities_point_at_what_they_name_in_characters() {
    let truth = truth(&[]).await;
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    for post in truth.values().map(|line| &line["post"]) {
        for (text, entities) in [
            (&post["text"], &post["entities"]),
            (&post["note_tweet"]["text"], &post["note_tweet"]["entities"]),
        ] {
            let characters: Vec<char> = text.as_str().unwrap_or_default().chars().collect();
            for (kind, sign, name, past) in [
                ("hashtags", "#", "tag", 0),
                ("cashtags", "$", "tag", 0),
                ("mentions", "@", "username", 0),
                ("urls", "", "url", 0),
                ("annotations", "", "normalized_text", 1),
            ] {
                for entity in entities[kind].as_array().into_iter().flatten() {
                    let at = |end: &str| usize::try_from(entity[end].as_u64().unwrap()).unwrap();
                    let part: String = characters[at("start")..at("end") + past].iter().collect();
                    assert_eq!(part, format!("{sign}{}", entity[name].as_str().unwrap()), "{kind}");
                    *seen.entry(kind).or_default() += 1;
                }
            }
        }
    }
    assert_eq!(seen.len(), 5, "{seen:?}");
}

#[tokio::test]
async fn an_edited_post_lists_its_chain_and_all_versions_can_be_asked_for() {
    let server = start(&["--posts", "3000"]).await;
    let asked = vec![
        ("query", COVID),
        ("max_results", "100"),
        ("tweet.fields", "edit_controls,author_id"),
        ("expansions", "edit_history_tweet_ids"),
    ];
    let mut chains = 0;
    for page in server.walk(&asked).await {
        for post in page["data"].as_array().unwrap() {
            let chain = post["edit_history_tweet_ids"].as_array().unwrap();
            assert!(chain.contains(&post["id"]) && chain.len() <= 6);
            assert!(chain.is_sorted_by_key(|id| id.as_str().unwrap().parse::<u64>().unwrap()));
            if chain.len() > 1 {
                chains += 1;
                for id in chain {
                    let versions = page["includes"]["tweets"].as_array().unwrap();
                    let version = versions.iter().find(|version| version["id"] == *id).unwrap();
                    assert_eq!(version["edit_history_tweet_ids"], post["edit_history_tweet_ids"]);
                    assert_eq!(version["author_id"], post["author_id"]);
                }
            }
        }
    }
    assert!(chains > 50, "{chains}");
}

#[tokio::test]
async fn what_a_page_refers_to_is_included_or_named_in_an_error() {
    let server = start(&["--posts", "4000", "--seed", "3"]).await;
    let asked = vec![
        ("query", COVID),
        ("max_results", "100"),
        ("tweet.fields", TWEET_FIELDS),
        ("expansions", EXPANSIONS),
    ];
    let (mut found, mut gone, mut protected) = (0, 0, 0);
    for page in server.walk(&asked).await {
        let has = |kind: &str, key: &str, value: &Value| {
            page["includes"][kind].as_array().is_some_and(|all| all.iter().any(|it| it[key] == *value))
        };
        for post in page["data"].as_array().unwrap() {
            assert!(has("users", "id", &post["author_id"]));
            for reference in post["referenced_tweets"].as_array().into_iter().flatten() {
                let mut errors = page["errors"].as_array().into_iter().flatten();
                let error = errors.find(|error| error["resource_id"] == reference["id"]);
                assert_ne!(has("tweets", "id", &reference["id"]), error.is_some(), "{reference}");
                match error.map(|error| error["type"].as_str().unwrap()) {
                    None => found += 1,
                    Some(kind) if kind.ends_with("/resource-not-found") => gone += 1,
                    Some(kind) if kind.ends_with("/not-authorized-for-resource") => protected += 1,
                    Some(kind) => panic!("{kind}"),
                }
            }
            for key in post["attachments"]["media_keys"].as_array().into_iter().flatten() {
                assert!(has("media", "media_key", key));
            }
            for id in post["attachments"]["poll_ids"].as_array().into_iter().flatten() {
                assert!(has("polls", "id", id));
            }
            if !post["geo"]["place_id"].is_null() {
                assert!(has("places", "id", &post["geo"]["place_id"]));
            }
        }
    }
    assert!(found > 500 && gone > 3 && protected > 3, "{found} {gone} {protected}");
}

#[tokio::test]
async fn quirks_of_real_answers_come_unless_they_are_off() {
    let odd = |truth: &BTreeMap<String, Value>| {
        let count = |is: &dyn Fn(&Value) -> bool| truth.values().filter(|line| is(&line["post"])).count();
        [
            count(&|post| post["edit_controls"]["edits_remaining"].is_string()),
            count(&|post| post["lang"].is_null()),
            count(&|post| post["x_unannounced"].is_object()),
        ]
    };
    let with = odd(&truth(&[]).await);
    assert!(with.iter().all(|n| *n > 0), "{with:?}");
    assert_eq!(odd(&truth(&["--quirks", "off"]).await), [0, 0, 0]);
}

#[tokio::test]
async fn new_posts_arrive_at_the_rate() {
    let server = start(&["--posts", "0", "--rate", "200"]).await;
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    let mut newest = 0;
    for wanted in [20, 100] {
        loop {
            assert!(std::time::Instant::now() < deadline, "no {wanted} posts after 20 seconds");
            let all = server.matched("covid OR covid19 OR coronavirus OR quarentena OR quarantine").await;
            if all.len() >= wanted {
                assert!(all[0] > newest);
                newest = all[0];
                break;
            }
        }
    }
    assert_eq!(server.get(SEARCH, &vec![("query", COVID)]).await.status(), 200);
}
