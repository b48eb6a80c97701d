//! What is sent: parameters of both vocabularies, as the published specifications list them.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use time::macros::datetime;
use wiremock::matchers::{header, method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};
use x_api::{
    Client, CountsRequest, Expansion, Granularity, PageSize, SearchRequest, SetupError, Since, TweetField,
    TweetId, Until, Vocabulary,
};

use crate::support::{TOKEN, client, json as parse, settings};

const SPECIFIED: &str = include_str!("../fixtures/parameters.json");

fn everything() -> SearchRequest {
    let mut request = SearchRequest::new("covid lang:pt");
    request.expansions = Expansion::ALL.iter().copied().collect();
    request
}

#[test]
fn every_name_sent_is_one_the_vocabularys_specification_lists() {
    let specified = parse(SPECIFIED);
    for vocabulary in [Vocabulary::Tweet, Vocabulary::Post] {
        let listed = &specified[vocabulary.as_str()]["/2/tweets/search/recent"];
        let sent = everything().parameters(vocabulary);
        assert_eq!(sent.len(), 8);
        for (parameter, value) in sent {
            let names = listed[parameter].as_array().unwrap_or_else(|| panic!("{parameter} is not listed"));
            for name in value.split(',').filter(|_| !names.is_empty()) {
                assert!(names.contains(&json!(name)), "{vocabulary}: {parameter}={name}");
            }
        }
    }
}

#[test]
fn every_expansion_the_specifications_list_can_be_asked_for_by_its_name() {
    // Of articles and of the field `username` there is nothing to send along.
    let left_out = ["article.cover_media", "article.media_entities", "username"];
    let specified = parse(SPECIFIED);
    for vocabulary in [Vocabulary::Tweet, Vocabulary::Post] {
        let listed = &specified[vocabulary.as_str()]["/2/tweets/search/recent"]["expansions"];
        for name in listed
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_str)
            .filter(|name| !left_out.contains(name))
        {
            let expansion: Expansion = name.parse().unwrap();
            assert_eq!(expansion.name(vocabulary), Some(name));
        }
    }
    assert!("referenced_tweets.id.nothing".parse::<Expansion>().is_err());
}

#[test]
fn what_a_vocabulary_cannot_ask_for_is_told() {
    let lost = everything().unavailable(Vocabulary::Post);
    assert_eq!(
        lost,
        [Expansion::NoteMentions, Expansion::ReferencedMediaKeys, Expansion::ReferencedAuthorId]
    );
    assert_eq!(everything().unavailable(Vocabulary::Tweet), []);
    assert_eq!(TweetField::AuthorId.name(Vocabulary::Post), None);
}

#[test]
fn times_are_cut_to_seconds_of_utc_and_ids_are_sent_as_they_are() {
    let mut request = SearchRequest::new("covid");
    request.since = Some(Since::Time(datetime!(2026-11-24 00:25:03.999 -3)));
    request.until = Some(Until::Id(TweetId::parse("1460323737035677698").unwrap()));
    request.max_results = PageSize::new(10).unwrap();
    let sent: BTreeMap<_, _> = request.parameters(Vocabulary::Tweet).into_iter().collect();
    assert_eq!(
        (sent["start_time"].as_str(), sent["until_id"].as_str()),
        ("2026-11-24T03:25:03Z", "1460323737035677698")
    );
    assert_eq!((sent["max_results"].as_str(), sent.contains_key("next_token")), ("10", false));
    assert!(PageSize::new(9).is_err() && PageSize::new(101).is_err() && PageSize::new(256 + 50).is_err());
}

#[tokio::test]
async fn a_search_carries_query_token_and_user_agent() {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .and(path("/prefix/2/tweets/search/recent"))
        .and(query_param("query", "\"fique em casa\" (lang:pt OR lang:en) #é&+"))
        .and(query_param("next_token", "b26"))
        .and(header("authorization", format!("Bearer {TOKEN}")))
        .and(header("user-agent", "garimpo-test"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"meta": {"result_count": 0}})))
        .expect(1)
        .mount(&server)
        .await;
    let mut request = SearchRequest::new("\"fique em casa\" (lang:pt OR lang:en) #é&+");
    request.next_token = Some("b26".to_owned());
    client(&format!("{}/prefix/", server.uri())).search_recent(&request, 0).await.unwrap();
}

#[tokio::test]
async fn counts_are_read_in_both_vocabularies() {
    for (name, total) in [("tweet_count", "total_tweet_count"), ("post_count", "total_post_count")] {
        let server = MockServer::start().await;
        let body = json!({
            "data": [{"start": "2026-11-24T02:00:00.000Z", "end": "2026-11-24T03:00:00.000Z", name: 17, "odd": 1}],
            "meta": {total: 17, "next_token": "n"}
        });
        Mock::given(path("/2/tweets/counts/recent"))
            .and(query_param("granularity", "minute"))
            .and(query_param("end_time", "2026-11-24T03:00:00Z"))
            .respond_with(ResponseTemplate::new(200).set_body_json(body))
            .mount(&server)
            .await;
        let mut request = CountsRequest::new("covid");
        request.granularity = Granularity::Minute;
        request.until = Some(Until::Time(datetime!(2026-11-24 03:00 UTC)));
        let counts = client(&server.uri()).counts_recent(&request, 0).await.unwrap();
        assert_eq!(counts.intervals[0].tweets.unwrap().get(), 17);
        assert_eq!(counts.intervals[0].extra["odd"], 1);
        assert_eq!(counts.meta.as_ref().unwrap().total_tweets.unwrap().get(), 17);
        assert_eq!(counts.next_token(), Some("n"));
    }
}

#[tokio::test]
async fn usage_is_read_with_numbers_as_numbers_or_as_text() {
    for cap in [json!(3_000_000), json!("3000000")] {
        let server = MockServer::start().await;
        let days = json!({"project_id": "9", "usage": [{"date": "2026-11-23T00:00:00.000Z", "usage": "12"}]});
        let body = json!({"data": {"project_cap": cap, "project_usage": "12", "cap_reset_day": 3, "daily_project_usage": days}});
        Mock::given(path("/2/usage/tweets"))
            .and(query_param("days", "7"))
            .respond_with(ResponseTemplate::new(200).set_body_json(body))
            .mount(&server)
            .await;
        let project = client(&server.uri()).usage(7, 0).await.unwrap().project.unwrap();
        assert_eq!(project.project_cap.unwrap().get(), 3_000_000);
        assert_eq!(project.daily_project_usage.unwrap().usage.unwrap()[0].usage.unwrap().get(), 12);
    }
}

#[test]
fn a_base_url_of_another_kind_or_with_credentials_is_refused() {
    assert!(matches!(Client::new(settings("ftp://127.0.0.1/")), Err(SetupError::Scheme { .. })));
    assert!(matches!(
        Client::new(settings("http://user:word@127.0.0.1/")),
        Err(SetupError::CredentialsInUrl)
    ));
    let mut odd = settings("http://127.0.0.1/");
    odd.user_agent = "line\nbreak".to_owned();
    assert!(matches!(Client::new(odd), Err(SetupError::Header { header: "User-Agent" })));
}
