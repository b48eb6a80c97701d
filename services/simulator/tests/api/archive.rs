//! An archive is served with all its fields, where it lies in time or moved to now.

use std::path::Path;

use serde_json::{Value, json};
use simulator::PostId;

use crate::harness::{EXPANSIONS, SEARCH, TWEET_FIELDS, data, start};

const USER_FIELDS: &str = "id,name,username,verified";

async fn page(options: &[&str]) -> (Value, String) {
    let server = start(options).await;
    let asked = vec![
        ("query", "anything at all"),
        ("max_results", "100"),
        ("tweet.fields", TWEET_FIELDS),
        ("user.fields", USER_FIELDS),
        ("media.fields", "media_key,type,url"),
        ("poll.fields", "id,options,end_datetime,voting_status"),
        ("expansions", EXPANSIONS),
    ];
    let response = server.get(SEARCH, &asked).await;
    let date = response.headers()["date"].to_str().unwrap().to_owned();
    (response.json().await.unwrap(), date)
}

/// All resources of a kind in the archive, `data` or of `includes`.
fn archived(name: &str, kind: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(Path::new(&data(name))).unwrap();
    let pages = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let of = |page: Value| if kind == "data" { page["data"].clone() } else { page["includes"][kind].clone() };
    pages.flat_map(|page| of(page).as_array().cloned().unwrap_or_default()).collect()
}

#[tokio::test]
async fn pages_of_twarc2_are_served_with_every_field() {
    let file = data("archive-pages.jsonl");
    let (page, date) = page(&["--archive", &file, "--any-query"]).await;
    let all = |kind: &str| if kind == "data" { page["data"].clone() } else { page["includes"][kind].clone() };
    for kind in ["data", "users", "polls", "places"] {
        for resource in archived("archive-pages.jsonl", kind) {
            assert!(all(kind).as_array().unwrap().contains(&resource), "{kind}: {resource}");
        }
    }
    assert_eq!(page["data"].as_array().unwrap().len(), 3);
    assert!(page["includes"]["tweets"].as_array().unwrap().iter().any(|post| post["text"] == "e aí?"));
    // The archive's own error; of the other post that is missing, the archive says nothing.
    assert_eq!(page["errors"].as_array().unwrap().len(), 1);
    assert_eq!(page["errors"][0]["resource_id"], "1299999997000000000");
    assert!(date.starts_with("Sun, 30 Aug 2020 09:1"), "{date}");
}

#[tokio::test]
async fn a_shift_moves_ids_references_conversations_chains_and_times_alike() {
    let file = data("archive-pages.jsonl");
    let (still, _) = page(&["--archive", &file, "--any-query"]).await;
    let (moved, date) =
        page(&["--archive", &file, "--any-query", "--shift", "--now", "2026-05-01T10:00:00Z"]).await;
    assert!(date.starts_with("Fri, 01 May 2026 10:0"), "{date}");
    let id = |value: &Value| PostId::parse(value.as_str().unwrap()).unwrap();
    let by = id(&moved["data"][0]["id"]).created().0 - id(&still["data"][0]["id"]).created().0;
    assert_eq!(by % 1000, 0);
    let same = |moved: &Value, still: &Value| assert_eq!(id(moved), id(still).shifted(by));
    for (moved, still) in moved["data"].as_array().unwrap().iter().zip(still["data"].as_array().unwrap()) {
        same(&moved["id"], &still["id"]);
        same(&moved["conversation_id"], &still["conversation_id"]);
        assert_eq!(moved["created_at"], id(&moved["id"]).created().whole_second().to_string());
        for list in ["edit_history_tweet_ids", "referenced_tweets"] {
            let pairs = moved[list]
                .as_array()
                .into_iter()
                .flatten()
                .zip(still[list].as_array().into_iter().flatten());
            for (moved, still) in pairs {
                let plain =
                    |value: &Value| if value.is_object() { value["id"].clone() } else { value.clone() };
                same(&plain(moved), &plain(still));
            }
        }
        for untouched in ["text", "author_id", "lang", "a_field_of_its_own", "attachments", "geo"] {
            assert_eq!(moved[untouched], still[untouched]);
        }
    }
    let time = |value: &Value| simulator::UnixMs::parse(value.as_str().unwrap()).unwrap().0;
    let path = "/data/0/edit_controls/editable_until";
    assert_eq!(time(moved.pointer(path).unwrap()) - time(still.pointer(path).unwrap()), by);
    let path = "/includes/polls/0/end_datetime";
    assert_eq!(time(moved.pointer(path).unwrap()) - time(still.pointer(path).unwrap()), by);
    same(&moved["errors"][0]["resource_id"], &still["errors"][0]["resource_id"]);
    // Ids of the times before snowflakes hold no time.
    let old =
        moved["includes"]["tweets"].as_array().unwrap().iter().find(|post| post["text"] == "e aí?").unwrap();
    assert_eq!(old["conversation_id"], "20");
}

#[tokio::test]
async fn flat_lines_are_taken_apart_again() {
    let file = data("archive-flat.jsonl");
    let (page, _) = page(&["--archive", &file, "--any-query"]).await;
    let post = &page["data"][0];
    assert_eq!(post["attachments"], json!({ "media_keys": ["3_5"], "poll_ids": ["77"] }));
    assert_eq!(post["geo"], json!({ "place_id": "abc0000000000001" }));
    assert_eq!(
        post["entities"]["mentions"],
        json!([{ "start": 0, "end": 10, "username": "terceira", "id": "13" }])
    );
    assert_eq!(
        post["referenced_tweets"],
        json!([{ "type": "quoted", "id": "1299999999000000007" }, { "type": "replied_to", "id": "1299999998000000007" }])
    );
    assert!(post["author"].is_null() && post["__twarc"].is_null() && post["in_reply_to_user"].is_null());
    let names = |kind: &str, key: &str| -> Vec<String> {
        let all = page["includes"][kind].as_array().unwrap().iter();
        all.map(|it| it[key].as_str().unwrap().to_owned()).collect()
    };
    let mut users = names("users", "username");
    users.sort();
    assert_eq!(users, ["beltrano", "fulana", "terceira"]);
    assert_eq!(names("tweets", "id"), ["1299999999000000007"]);
    assert_eq!(names("media", "media_key"), ["3_5"]);
    assert_eq!(names("polls", "id"), ["77"]);
    assert_eq!(names("places", "full_name"), ["Olinda, Brasil"]);
}

#[tokio::test]
async fn an_archive_can_be_searched_and_its_included_posts_are_not_found() {
    let file = data("archive-pages.jsonl");
    let server = start(&["--archive", &file]).await;
    assert_eq!(server.matched("covid lang:pt").await, [1_299_999_998_000_000_009]);
    assert_eq!(server.matched("quarentena from:fulana").await.len(), 2);
    assert_eq!(server.matched("aí").await, Vec::<u64>::new());
    let kinds: Vec<Value> =
        server.truth("quarentena").await.into_values().map(|line| line["kind"].clone()).collect();
    assert_eq!(kinds, ["included", "matched", "matched"]);
}

#[tokio::test]
async fn an_archive_that_cannot_be_served_is_refused_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    for (text, part) in [
        ("{\"data\":[{\"id\":\"1\",\"text\":\"a\"}]}\n{", "line 2"),
        ("{\"id\":\"1\"}", "neither a page"),
        ("", "holds no post"),
    ] {
        let path = folder.path().join("archive.jsonl");
        std::fs::write(&path, text).unwrap();
        let options = ["simulator", "--archive", path.to_str().unwrap()];
        let options = <simulator::Options as clap::Parser>::parse_from(options);
        let error = simulator::Simulator::start(&options).await.unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
}
