//! What a request may say: parameters, their limits, and the names of one vocabulary only.

use crate::harness::{COUNTS, COVID, Parameters, SEARCH, Server, USAGE, ids, start};

async fn refused(server: &Server, path: &str, parameters: Parameters<'_>) -> String {
    let (status, body) = server.status(path, &parameters).await;
    assert_eq!(status, 400, "{parameters:?}: {body}");
    body["errors"][0]["message"].as_str().or(body["detail"].as_str()).unwrap().to_owned()
}

#[tokio::test]
async fn a_bad_request_is_refused_with_its_parameter() {
    let server = start(&[]).await;
    let long = "covid ".repeat(90);
    let id = "1300000000000000000";
    let cases: Vec<(Parameters<'_>, &str)> = vec![
        (vec![], "`query`"),
        (vec![("query", "")], "`query`"),
        (vec![("query", "(covid")], "missing ')'"),
        (vec![("query", "lang:pt")], "standalone"),
        (vec![("query", &long)], "512 characters"),
        (vec![("query", COVID), ("max_results", "9")], "between 10 and 100"),
        (vec![("query", COVID), ("max_results", "101")], "between 10 and 100"),
        (vec![("query", COVID), ("since_id", "12a")], "does not match"),
        (vec![("query", COVID), ("start_time", "yesterday")], "not a valid date-time"),
        (vec![("query", COVID), ("start_time", "2020-01-01T00:00:00Z")], "must be on or after"),
        (vec![("query", COVID), ("end_time", "2099-01-01T00:00:00Z")], "must not be in the future"),
        (vec![("query", COVID), ("since_id", id), ("start_time", "2026-01-01T00:00:00Z")], "At most one of"),
        (vec![("query", COVID), ("until_id", id), ("end_time", "2026-01-01T00:00:00Z")], "At most one of"),
        (vec![("query", COVID), ("next_token", "abc")], "`next_token`"),
        (vec![("query", COVID), ("colour", "red")], "[colour]"),
        (vec![("query", COVID), ("query", COVID)], "given twice"),
        (vec![("query", COVID), ("tweet.fields", "id,txt")], "[txt]"),
        (vec![("query", COVID), ("sort_order", "relevancy")], "recency"),
    ];
    for (parameters, part) in cases {
        let message = refused(&server, SEARCH, parameters.clone()).await;
        assert!(message.contains(part), "{parameters:?}: {message}");
    }
    let counts = refused(&server, COUNTS, vec![("query", COVID), ("granularity", "week")]).await;
    assert!(counts.contains("[minute,hour,day]"));
    assert!(
        refused(&server, COUNTS, vec![("query", COVID), ("max_results", "10")]).await.contains("max_results")
    );
    assert!(refused(&server, USAGE, vec![("days", "91")]).await.contains("between 1 and 90"));
}

#[tokio::test]
async fn the_other_vocabularys_names_are_refused() {
    let cases = [
        ("tweet", "post.fields", "id"),
        ("tweet", "tweet.fields", "note_post"),
        ("tweet", "expansions", "referenced_posts"),
        ("tweet", "expansions", "edit_history_post_ids"),
        ("post", "tweet.fields", "id"),
        ("post", "post.fields", "note_tweet"),
        ("post", "post.fields", "author_id"),
        ("post", "expansions", "referenced_tweets.id"),
        ("post", "user.fields", "pinned_tweet_id"),
    ];
    for (vocabulary, parameter, value) in cases {
        let server = start(&["--vocabulary", vocabulary]).await;
        let message = refused(&server, SEARCH, vec![("query", COVID), (parameter, value)]).await;
        assert!(message.contains(parameter), "{vocabulary}: {message}");
    }
}

#[tokio::test]
async fn an_interval_by_ids_or_times_holds_what_lies_in_it() {
    let server = start(&["--posts", "2000", "--span", "1h"]).await;
    let all = server.matched(COVID).await;
    let (newest, oldest) = (all[100], all[1500]);
    let since = oldest.to_string();
    let until = newest.to_string();
    let by_ids = vec![("query", COVID), ("max_results", "100"), ("since_id", &*since), ("until_id", &*until)];
    assert_eq!(crate::harness::all_ids(&server.walk(&by_ids).await), all[101..1500]);

    let at = |id: u64| simulator::PostId(id).created().whole_second();
    let (start_time, end_time) = (at(oldest).to_string(), at(newest).to_string());
    let by_times = vec![
        ("query", COVID),
        ("max_results", "100"),
        ("start_time", &*start_time),
        ("end_time", &*end_time),
    ];
    let expected: Vec<u64> =
        all.iter().copied().filter(|id| (at(oldest)..at(newest)).contains(&at(*id))).collect();
    assert_eq!(crate::harness::all_ids(&server.walk(&by_times).await), expected);

    let mixed =
        vec![("query", COVID), ("max_results", "100"), ("since_id", &*since), ("end_time", &*end_time)];
    let expected: Vec<u64> = all.iter().copied().filter(|id| *id > oldest && at(*id) < at(newest)).collect();
    assert_eq!(crate::harness::all_ids(&server.walk(&mixed).await), expected);
}

#[tokio::test]
async fn an_answer_shows_what_was_asked_for_and_no_more() {
    let server = start(&["--quirks", "off"]).await;
    let keys = |page: &serde_json::Value| {
        let posts = page["data"].as_array().unwrap().iter();
        let keys = posts.flat_map(|post| post.as_object().unwrap().keys().cloned());
        keys.collect::<std::collections::BTreeSet<_>>()
    };
    let page = server.json(SEARCH, &vec![("query", COVID), ("max_results", "100")]).await;
    assert_eq!(keys(&page).into_iter().collect::<Vec<_>>(), ["edit_history_tweet_ids", "id", "text"]);
    assert!(page["includes"].is_null());
    assert_eq!(ids(&page).len(), 100);

    let asked =
        vec![("query", COVID), ("max_results", "100"), ("tweet.fields", "lang"), ("expansions", "author_id")];
    let page = server.json(SEARCH, &asked).await;
    let shown: Vec<String> = keys(&page).into_iter().collect();
    assert_eq!(shown, ["author_id", "edit_history_tweet_ids", "id", "lang", "text"]);
    let includes = page["includes"].as_object().unwrap();
    assert_eq!(includes.keys().collect::<Vec<_>>(), ["users"]);
    let user = includes["users"][0].as_object().unwrap();
    assert_eq!(user.keys().collect::<Vec<_>>(), ["id", "name", "username"]);
}

#[tokio::test]
async fn counts_agree_with_what_search_finds() {
    let server = start(&["--posts", "3000", "--span", "3h"]).await;
    let all = server.matched(COVID).await;
    for granularity in ["minute", "hour", "day"] {
        let counts = server.json(COUNTS, &vec![("query", COVID), ("granularity", granularity)]).await;
        assert_eq!(counts["meta"]["total_tweet_count"], all.len());
        let buckets = counts["data"].as_array().unwrap();
        let sum: u64 = buckets.iter().map(|bucket| bucket["tweet_count"].as_u64().unwrap()).sum();
        assert_eq!(sum, all.len() as u64);
        assert!(buckets.windows(2).all(|two| two[0]["end"] == two[1]["start"]), "{granularity}");
    }
}
