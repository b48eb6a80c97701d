//! Rotation while clients are at work: open connections stay, and no new one is refused.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sandbox::process::Ended;
use sandbox::wait;
use sqlx::{ConnectOptions, Connection};

use crate::served::{asking_for_tls, certificate, served};
use crate::stage::{LIMIT, Stage, make_certificates};

const ROTATIONS: usize = 6;

#[tokio::test(flavor = "multi_thread")]
async fn certificates_rotate_under_open_connections_and_no_new_one_is_refused() {
    let mut stage = Stage::set().await;
    let mut open = stage.data_studio().await;
    let mut seen = BTreeSet::from([served(&stage)]);
    let (stop, made) = (Arc::new(AtomicBool::new(false)), Arc::new(std::sync::atomic::AtomicUsize::new(0)));
    let clients: Vec<_> = ["researcher", "researcher"]
        .map(|user| {
            let (options, stop, made) = (stage.verified(user), Arc::clone(&stop), Arc::clone(&made));
            tokio::spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    let mut connection = options.connect().await?;
                    connection.ping().await?;
                    connection.close().await?;
                    made.fetch_add(1, Ordering::Relaxed);
                }
                Ok::<_, sqlx::Error>(())
            })
        })
        .into();
    for _ in 0..ROTATIONS {
        let before = made.load(Ordering::Relaxed);
        let printed = stage.runs(&["certificates", "rotate", "--client", "--out", &stage.at("tls")]).await;
        assert!(printed.contains("MySQL presents it to new connections"), "{printed}");
        let now = served(&stage);
        assert_eq!(now, *certificate(Path::new(&stage.at("tls/server-cert.pem"))));
        seen.insert(now);
        open.ping().await.unwrap();
        // New connections under the new certificate, too, before it is replaced.
        let enough = async || (made.load(Ordering::Relaxed) >= before + 4).then_some(());
        wait::until("further connections", LIMIT, enough).await.unwrap();
    }
    stop.store(true, Ordering::Relaxed);
    for client in clients {
        client.await.unwrap().unwrap();
    }
    assert_eq!(seen.len(), ROTATIONS + 1, "a certificate was not replaced");
    let still: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM ds_volume").fetch_one(&mut open).await.unwrap();
    assert_eq!(still, 1);
    // What lies on the disk is a whole pair: a server that is started anew presents it.
    drop(open);
    stage.mysql.kill().await.unwrap();
    stage.mysql.restart().await.unwrap();
    stage.data_studio().await.ping().await.unwrap();
    assert!(seen.contains(&served(&stage)));
    let shown = stage.runs(&["certificates", "show", &stage.at("tls")]).await;
    assert!(!shown.contains("WRONG"), "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_stalls_in_its_handshake_does_not_hold_a_rotation_up() {
    let stage = Stage::set().await;
    stage.as_root("SET GLOBAL connect_timeout = 600").await;
    // MySQL ends its statement in a moment without any handshake: there is none while this one is open.
    let stalled = asking_for_tls(&stage);
    let printed = stage.runs(&["certificates", "rotate", "--out", &stage.at("tls")]).await;
    assert!(printed.contains("MySQL presents it to new connections"), "{printed}");
    assert!(printed.contains("until a moment in which nobody is just connecting"), "{printed}");
    assert_eq!(served(&stage), *certificate(Path::new(&stage.at("tls/server-cert.pem"))));
    drop(stalled);
    let printed = stage.runs(&["certificates", "rotate", "--out", &stage.at("tls")]).await;
    assert!(!printed.contains("until a moment"), "{printed}");
    assert_eq!(served(&stage), *certificate(Path::new(&stage.at("tls/server-cert.pem"))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_mysql_does_not_read_is_named() {
    let stage = Stage::bare().await;
    // Shorter than what the server presents, so that the difference is seen.
    make_certificates(stage.path(), "other", &["127.0.0.1"]).await;
    let arguments = ["certificates", "rotate", "--server-valid-for", "90d", "--out", &stage.at("other")]
        .map(str::to_owned);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let finished = stage.command().run(&arguments, LIMIT).await.unwrap();
    assert_eq!(finished.ended, Ended::Exited(1), "{}", finished.stdout);
    let reads = stage.at("tls/server-cert.pem");
    assert!(
        finished.stderr.contains(&reads) && finished.stderr.contains("not in use"),
        "{}",
        finished.stderr
    );
    // Neither where MySQL cannot be told: then nothing is changed at all.
    let before = std::fs::read(stage.at("tls/server-cert.pem")).unwrap();
    let nowhere = stage.command().set("admin.socket", stage.at("none.sock"));
    let finished = nowhere.run(&["certificates", "rotate", "--out", &stage.at("tls")], LIMIT).await.unwrap();
    assert_eq!(finished.ended, Ended::Exited(1));
    assert!(finished.stderr.contains("section admin"), "{}", finished.stderr);
    assert_eq!(std::fs::read(stage.at("tls/server-cert.pem")).unwrap(), before);
}
