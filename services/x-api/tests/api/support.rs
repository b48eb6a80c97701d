//! A client for a test server, raw servers, and gzip by hand.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use serde_json::Value;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};
use x_api::{Client, ClientSettings, Token, Vocabulary};

pub(crate) const TOKEN: &str = "AAAAsecret%2Btoken";
pub(crate) const TWEET_NAMES: &str = include_str!("../fixtures/page_tweet_names.json");
pub(crate) const POST_NAMES: &str = include_str!("../fixtures/page_post_names.json");

pub(crate) fn settings(base_url: &str) -> ClientSettings {
    // Only the first call of the process installs it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    ClientSettings {
        base_url: base_url.parse().unwrap(),
        token: Token::new(TOKEN).unwrap(),
        vocabulary: Vocabulary::Tweet,
        timeout: Duration::from_secs(20),
        user_agent: "garimpo-test".to_owned(),
        body_limit: x_api::DEFAULT_BODY_LIMIT,
    }
}

pub(crate) fn client(base_url: &str) -> Client {
    Client::new(settings(base_url)).unwrap()
}

pub(crate) fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// A server that answers every recent search like this.
pub(crate) async fn searching(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("GET")).and(path("/2/tweets/search/recent")).respond_with(answer).mount(&server).await;
    server
}

/// A server for one connection: reads the request's head, then does as told.
pub(crate) fn raw(serve: impl FnOnce(TcpStream) + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
            head.push(byte[0]);
        }
        serve(stream);
    });
    address
}

/// A server for one connection that writes these bytes and closes.
pub(crate) fn raw_answer(bytes: Vec<u8>) -> SocketAddr {
    raw(move |mut stream| stream.write_all(&bytes).unwrap())
}

/// One gzip member (RFC 1952) with stored blocks, so that no compressor is needed.
pub(crate) fn gzip(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let mut blocks = data.chunks(0xffff).peekable();
    while let Some(block) = blocks.next() {
        let length = u16::try_from(block.len()).unwrap();
        out.push(u8::from(blocks.peek().is_none()));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(block);
    }
    let crc = data.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 * (crc & 1)))
    });
    out.extend((!crc).to_le_bytes());
    out.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
    out
}
