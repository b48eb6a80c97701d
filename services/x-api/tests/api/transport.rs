//! Connections that fail, bodies that are cut, packed, endless or somewhere else.

use std::io::Read;
use std::net::TcpListener;
use std::time::Duration;

use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};
use x_api::{Client, Error, ErrorClass, Page, SearchRequest, TransportKind};

use crate::support::{TWEET_NAMES, client, gzip, raw, raw_answer, searching, settings};

async fn search(base_url: &str) -> Result<Page, Error> {
    client(base_url).search_recent(&SearchRequest::new("covid"), 0).await
}

fn failure(result: Result<Page, Error>) -> (TransportKind, u64) {
    let error = result.unwrap_err();
    assert!(error.is_retriable());
    match error.class {
        ErrorClass::Transport { kind, arrived, .. } => (kind, arrived),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_refused_connection_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    assert_eq!(failure(search(&format!("http://{address}")).await), (TransportKind::Connect, 0));
}

#[tokio::test]
async fn a_connection_closed_without_an_answer_is_a_reset() {
    let address = raw(drop);
    assert_eq!(failure(search(&format!("http://{address}")).await), (TransportKind::Reset, 0));
}

#[tokio::test]
async fn a_body_cut_by_length_chunk_or_close_says_how_much_arrived() {
    let bodies: [(&str, u64); 3] = [
        ("HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"data\":[", 9),
        ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\n{\"data\":[\r\n", 9),
        ("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{\"data\":[", 9),
    ];
    for (answer, arrived) in bodies {
        let address = raw_answer(answer.as_bytes().to_vec());
        let result = search(&format!("http://{address}")).await;
        assert_eq!(result.as_ref().unwrap_err().received.as_ref().map(|facts| facts.status), Some(200));
        assert_eq!(failure(result), (TransportKind::CutBody, arrived), "{answer}");
    }
}

#[tokio::test]
async fn a_cut_refusal_stops_nothing_unless_its_status_says_enough() {
    let cut = |status: &str| {
        raw_answer(format!("HTTP/1.1 {status}\r\ncontent-length: 500\r\n\r\n{{\"ti").into_bytes())
    };
    let bad_request = search(&format!("http://{}", cut("400 Bad Request"))).await;
    assert_eq!(failure(bad_request), (TransportKind::CutBody, 4));
    let unavailable = search(&format!("http://{}", cut("503 Unavailable"))).await.unwrap_err();
    assert!(matches!(unavailable.class, ErrorClass::Server { status: 503, .. }), "{unavailable:?}");
}

#[tokio::test]
async fn a_silent_server_times_out_before_and_in_the_body() {
    for (answer, arrived) in [("", 0), ("HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"data\":[", 9)] {
        // Holds the connection until the client gives up.
        let address = raw(move |mut stream| {
            std::io::Write::write_all(&mut stream, answer.as_bytes()).unwrap();
            let _ = stream.read(&mut [0]);
        });
        let mut settings = settings(&format!("http://{address}"));
        settings.timeout = Duration::from_millis(300);
        let result = Client::new(settings).unwrap().search_recent(&SearchRequest::new("covid"), 0).await;
        assert_eq!(failure(result), (TransportKind::Timeout, arrived));
    }
}

fn packed(body: &[u8]) -> ResponseTemplate {
    ResponseTemplate::new(200)
        .insert_header("content-encoding", "gzip")
        .set_body_raw(body, "application/json")
}

#[tokio::test]
async fn a_packed_answer_is_read() {
    let server = searching(packed(&gzip(TWEET_NAMES.as_bytes()))).await;
    let page = search(&server.uri()).await.unwrap();
    assert_eq!((page.tweets.len(), page.received.body_bytes), (2, TWEET_NAMES.len() as u64));
    let request = &server.received_requests().await.unwrap()[0];
    assert_eq!(request.headers["accept-encoding"], "gzip");
}

#[tokio::test]
async fn a_packed_answer_that_is_cut_is_a_cut_body() {
    let whole = gzip(TWEET_NAMES.as_bytes());
    let server = searching(packed(&whole[..whole.len() / 2])).await;
    let (kind, arrived) = failure(search(&server.uri()).await);
    assert_eq!(kind, TransportKind::CutBody);
    assert!(arrived < TWEET_NAMES.len() as u64);
}

#[tokio::test]
async fn a_body_over_the_limit_is_not_read_to_its_end() {
    for answer in
        [packed(&gzip(&vec![b' '; 200_000])), ResponseTemplate::new(200).set_body_bytes(vec![b' '; 200_000])]
    {
        let server = searching(answer).await;
        let mut settings = settings(&server.uri());
        settings.body_limit = 64 * 1024;
        let error =
            Client::new(settings).unwrap().search_recent(&SearchRequest::new("covid"), 0).await.unwrap_err();
        assert_eq!(error.class, ErrorClass::TooLarge { limit: 65_536 });
        assert!(!error.is_retriable());
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_with_the_token() {
    let other = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200)).expect(0).mount(&other).await;
    let location = format!("{}/2/tweets/search/recent", other.uri());
    let server = searching(ResponseTemplate::new(307).insert_header("location", location)).await;
    let error = search(&server.uri()).await.unwrap_err();
    assert!(matches!(error.class, ErrorClass::Unexpected { status: 307, .. }), "{error:?}");
    other.verify().await;
}
