//! What the command says: what it wrote, and why it did not.

use sandbox::process::Ended;

use crate::place::{BARE, FULL, place};

#[tokio::test(flavor = "multi_thread")]
async fn a_report_of_before_is_replaced_and_says_so() {
    let place = place();
    let file = place.file("twice.html");
    let first = place.report(FULL, &file, &[]).await;
    assert!(first.stdout.contains("twice.html written: "), "{}", first.stdout);
    let again = place.report(FULL, &file, &["--lang", "en"]).await;
    assert!(again.stdout.contains("twice.html replaced: "), "{}", again.stdout);
    assert!(std::fs::read_to_string(&file).unwrap().contains("<html lang=\"en\">"));
}

#[tokio::test(flavor = "multi_thread")]
async fn totals_are_those_of_the_views() {
    let place = place();
    let file = place.file("totals.html");
    let done = place.report(FULL, &file, &["--lang", "en"]).await;
    let pool = place.mysql.root(FULL);
    let days = "SELECT CAST(SUM(posts) AS SIGNED) FROM ds_volume WHERE day > (SELECT MAX(day) FROM ds_volume) - INTERVAL 7 DAY";
    let posts: i64 = sqlx::query_scalar(days).fetch_one(&pool).await.unwrap();
    pool.close().await;
    assert!(posts > 1_000);
    assert!(done.stdout.contains(&format!(": {posts} posts, ")), "{posts}: {}", done.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_keeps_it_from_being_written_is_told_with_the_way_out() {
    let place = place();
    let file = place.file("never.html");
    let wrong = place.file("wrong.json");
    std::fs::write(&wrong, "{\"figures\": 7}").unwrap();
    let wrong = wrong.display().to_string();
    let backwards = ["--from", "2026-11-26", "--to", "2026-11-20"];
    for (database, out, arguments, told) in [
        (BARE, &file, &[][..], "cannot read ds_rules: run `transformer migrate` first"),
        (FULL, &file, &backwards, "the period ends (--to 2026-11-20) before it begins (--from 2026-11-26)"),
        (FULL, &file, &["--attach", &wrong], "invalid type: integer `7`"),
        (FULL, &place.file("nowhere/report.html"), &[], "--out names another file"),
        (FULL, &file, &["--from", "26/11/2026"], "a day is written like 2026-11-26"),
    ] {
        let done = place.report(database, out, arguments).await;
        assert!(matches!(done.ended, Ended::Exited(code) if code != 0), "{arguments:?} ended well");
        assert!(done.stderr.contains(told), "{arguments:?}: {}", done.stderr);
        assert!(!out.exists());
    }
}
