//! The endpoint over real sockets.

use super::*;

fn settings(folder: &Path, limit: Duration) -> HealthSettings {
    HealthSettings {
        listen: "127.0.0.1:0".parse().unwrap(),
        address_file: Some(folder.join("address")),
        heartbeat_limit: DurationText(limit),
    }
}

async fn asked(settings: &HealthSettings, probe: Probe) -> (bool, serde_json::Value) {
    let settings = settings.clone();
    let (well, body) =
        tokio::task::spawn_blocking(move || ask::answer(&settings, probe)).await.unwrap().unwrap();
    (well, serde_json::from_str(&body).unwrap())
}

#[tokio::test]
async fn is_ready_when_every_check_holds_and_says_why_not() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(folder.path(), Duration::from_secs(60));
    let health = Health::start(&settings, &["kafka", "mysql"]).await.unwrap();
    assert_eq!(std::fs::read_to_string(folder.path().join("address")).unwrap(), health.address.to_string());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside the file");

    health.readiness.set("kafka", Ok(()));
    let expected = json!({ "ready": false, "checks": { "kafka": "ok", "mysql": "starting" } });
    assert_eq!(asked(&settings, Probe::Ready).await, (false, expected));
    health.readiness.set("mysql", Ok(()));
    assert!(asked(&settings, Probe::Ready).await.0 && health.readiness.is_ready());
    health.readiness.set("kafka", Err("fenced by lab-2"));
    assert_eq!(asked(&settings, Probe::Ready).await.1["checks"]["kafka"], "fenced by lab-2");
    assert!(asked(&settings, Probe::Live).await.0, "not ready, but alive");
}

#[tokio::test]
async fn is_alive_as_long_as_the_heart_beats() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(folder.path(), Duration::from_secs(60));
    let health = Health::start(&settings, &[]).await.unwrap();
    assert!(asked(&settings, Probe::Live).await.0);
    *lock(&health.heartbeat.0) = Instant::now() - Duration::from_secs(61);
    let (alive, body) = asked(&settings, Probe::Live).await;
    assert!(!alive && body["silent_seconds"].as_f64().unwrap() >= 61.0, "{body}");
    health.heartbeat.beat();
    assert!(asked(&settings, Probe::Live).await.0);
}

#[tokio::test]
async fn nobody_there_is_an_error_and_not_a_wait() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(folder.path(), Duration::from_secs(60));
    let error = ask::answer(&settings, Probe::Ready).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::NotFound, "no address file yet");
    let health = Health::start(&settings, &[]).await.unwrap();
    let address = health.address;
    let taken = HealthSettings { listen: address, address_file: None, ..settings.clone() };
    let error = Health::start(&taken, &[]).await.unwrap_err().to_string();
    assert!(error.starts_with(&format!("health.listen: cannot listen on {address}: ")), "{error}");
    let nowhere = HealthSettings { address_file: Some("/nowhere/address".into()), ..settings };
    let error = Health::start(&nowhere, &[]).await.unwrap_err().to_string();
    assert!(error.starts_with("health.address_file: cannot write /nowhere/address: "), "{error}");
}
