//! A connection cut around COMMIT leaves open whether it took; the ledger tells when the same batches come again.

use std::time::Duration;

use sandbox::proxy::{Protocol, Proxy, Rule};
use transformer::to_mysql::Mode;

use crate::{
    fixtures::{NOON, page, post, received},
    server::Place,
};

const LIMIT: Duration = Duration::from_secs(30);

/// Where the connection is cut, and what the batch is when it comes again.
async fn cut_at(rule: Rule, then: &str) {
    let mut place = Place::migrated().await;
    let direct = place.transformer.port;
    let proxy = Proxy::start(Protocol::Mysql).await.unwrap();
    proxy.forward_to(([127, 0, 0, 1], direct).into());
    place.transformer.port = proxy.address().port();
    let writer = place.writer().await;
    let batch = [received(page(1, NOON, vec![post(1, "a #b", 1)]), 0)];
    let mut moment = proxy.hold(rule);
    let cut = async {
        moment.reached(LIMIT).await.unwrap();
        moment.cut();
    };
    let (first, ()) = tokio::join!(writer.apply(&batch, Mode::Once), cut);
    assert!(first.unwrap_err().to_string().contains("COMMIT"));
    let again = writer.apply(&batch, Mode::Once).await.unwrap();
    assert_eq!(again[0].name(), then);
    assert_eq!(place.count("SELECT COUNT(*) FROM batches").await, 1);
    assert_eq!(place.count("SELECT COUNT(*) FROM tweets").await, 1);
    assert_eq!(place.count("SELECT COUNT(*) FROM tweet_hashtags").await, 1);
}

#[tokio::test]
async fn a_commit_that_never_arrived_is_made_again() {
    cut_at(Rule::mysql("COMMIT"), "applied").await;
}

#[tokio::test]
async fn a_commit_whose_answer_was_lost_is_known() {
    cut_at(Rule::mysql("COMMIT").after_answer(), "known").await;
}
