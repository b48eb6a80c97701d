//! The token is shown nowhere.

use serde_json::json;
use wiremock::ResponseTemplate;
use x_api::{Client, Error, SearchRequest, Token, TokenError};

use crate::support::{TOKEN, client, raw_answer, searching, settings};

fn assert_hidden(error: &Error) {
    for text in [error.to_string(), format!("{error:?}"), format!("{error:#?}")] {
        assert!(!text.contains(TOKEN), "{text}");
    }
}

#[test]
fn debug_of_token_settings_and_client_prints_stars() {
    assert_eq!(format!("{:?}", Token::new(TOKEN).unwrap()), "***");
    let settings = settings("http://127.0.0.1:1/");
    let client = Client::new(settings.clone()).unwrap();
    for text in [format!("{settings:?}"), format!("{client:#?}")] {
        assert!(text.contains("***") && !text.contains(TOKEN), "{text}");
    }
}

#[test]
fn a_text_that_is_no_token_is_refused_without_being_shown() {
    assert_eq!(Token::new(" \n"), Err(TokenError::Empty));
    let error = Token::new("secret\nBearer").unwrap_err();
    assert_eq!(error, TokenError::Character { at: 6 });
    assert!(!format!("{error} {error:?}").contains("secret"));
    assert_eq!(Token::new(" abc\r\n"), Token::new("abc"));
}

#[tokio::test]
async fn errors_do_not_repeat_a_token_the_server_echoes() {
    let echo = format!("bad token {TOKEN}");
    let request = SearchRequest::new("covid");
    for (status, body) in
        [(401, json!({"detail": echo}).to_string()), (503, echo.clone()), (200, echo.clone())]
    {
        let server = searching(ResponseTemplate::new(status).set_body_string(body)).await;
        let error = client(&server.uri()).search_recent(&request, 0).await.unwrap_err();
        assert!(error.to_string().contains("bad token ***"), "{error}");
        assert_hidden(&error);
    }
    let address = raw_answer(format!("{TOKEN} is no HTTP\r\n\r\n").into_bytes());
    let error = client(&format!("http://{address}")).search_recent(&request, 0).await.unwrap_err();
    assert_hidden(&error);
    assert!(!error.to_string().contains(&address.to_string()), "{error}");
}
