//! The simulator as a process, and its control API.

use std::time::Duration;

use sandbox::simulator::{Simulator, SimulatorOptions, TruthKind};
use serde_json::json;

async fn search(simulator: &Simulator) -> u16 {
    // Another test may have installed the same provider.
    let _installed = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let token = std::fs::read_to_string(simulator.token_file()).unwrap();
    let url = format!("{}/2/tweets/search/recent?query=covid&max_results=10", simulator.base_url());
    client.get(url).bearer_auth(token).send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn tells_truth_books_and_bill_and_takes_faults_posts_and_limits() {
    let folder = crate::support::folder();
    let options = SimulatorOptions { posts: 50, seed: 7, ..SimulatorOptions::default() };
    let simulator = Simulator::start(folder.path(), &options).await.unwrap();
    let before = simulator.truth("covid").await.unwrap();
    assert!(before.iter().any(|truth| truth.kind == TruthKind::Matched));

    assert_eq!(search(&simulator).await, 200);
    let served = simulator.served().await.unwrap();
    assert_eq!(served.requests["200"], 1);
    assert_eq!((served.pages.len(), served.pages[0].times), (1, 1));
    assert_eq!(served.posts.values().map(|times| times.data).sum::<u64>(), 10);
    let bill = simulator.bill().await.unwrap();
    assert_eq!((bill.posts, bill.users, bill.answers.len()), (10, 0, 1));
    assert_eq!(bill.usd_micros, 10 * 5_000);

    simulator
        .order_faults(&json!([{"kind": "credits"}, {"kind": "server_error", "status": 503}]))
        .await
        .unwrap();
    assert_eq!(simulator.faults().await.unwrap().as_array().unwrap().len(), 2);
    assert_eq!(search(&simulator).await, 402);
    simulator.forget_faults().await.unwrap();
    assert_eq!(search(&simulator).await, 200);
    let refused = simulator.order_faults(&json!([{"kind": "no such fault"}])).await.unwrap_err();
    assert!(refused.to_string().contains("simulator: cannot take faults"), "{refused}");

    let ids = simulator.insert(&json!({"posts": [{"text": "covid na feira"}]})).await.unwrap();
    let id = ids["ids"][0].as_str().unwrap();
    let is_there = async || simulator.truth("covid").await.unwrap().iter().any(|truth| truth.id == id);
    assert!(is_there().await);
    simulator.delete(&[id]).await.unwrap();
    assert!(!is_there().await);

    // New limits begin a new window.
    simulator.set_limits(&json!({"search": 1})).await.unwrap();
    assert_eq!(search(&simulator).await, 200);
    assert_eq!(search(&simulator).await, 429);
}

#[tokio::test]
async fn a_flag_the_simulator_refuses_is_told_with_its_words() {
    let folder = crate::support::folder();
    let options =
        SimulatorOptions { arguments: vec!["--no-such-flag".to_owned()], ..SimulatorOptions::default() };
    let begun = std::time::Instant::now();
    let error = Simulator::start(folder.path(), &options).await.unwrap_err().to_string();
    assert!(error.contains("--no-such-flag"), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(20), "it waited for a process that had ended");
}
