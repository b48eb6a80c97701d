//! From Kafka to what analysts read: every kind of text survives, and older enrichments are brought up.

use contract::{Tweet, content_digest};
use sandbox::feed::Pages;
use sandbox::process::Ended;

use crate::replays::tables;
use crate::stage::{LIMIT, Stage, stop};

const PAGES: Pages = Pages { seed: 101, posts: 40 };

/// Texts that break where a program counts bytes, or takes a letter for less than it is.
fn texts() -> Vec<String> {
    let long = "Diário da quarentena, página a página. 😷 ".repeat(25_000 / 41);
    [
        "👩🏽‍⚕️👨‍👩‍👧‍👦🏳️‍🌈 vacina já 🇧🇷 #VacinaJá",
        "الحجر الصحي في المنزل، ارتدوا الكمامة",
        "\u{202e}esrever ni si siht\u{202c} covid",
        "zero\u{200d}width\u{200b}joiner\u{feff} covid",
        "𠜎𠜱𡃁 𝒄𝒐𝒗𝒊𝒅 𓀀 covid",
        "e\u{301}\u{302}\u{303} composto e decomposto: é",
        "aspas \\ ' \" ` ; -- <script>alert(1)</script> %s ${x} covid",
        "linha\r\numa\n\tduas\u{b}\u{c}\u{85}\u{2028} covid",
        "",
    ]
    .into_iter()
    .map(str::to_owned)
    .chain([long])
    .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_text_survives_the_way_from_kafka_to_the_views() {
    let stage = Stage::set().await;
    let mut page = PAGES.page("covid", 1, 1);
    let texts = texts();
    assert!(texts.last().unwrap().chars().count() > 24_000);
    for (tweet, text) in page.tweets.iter_mut().zip(&texts) {
        let Tweet { id, metrics, .. } = tweet.clone();
        *tweet = Tweet { id, metrics, text: text.clone(), edit_history: vec![id], ..Tweet::default() };
    }
    let ids: Vec<i64> = page.tweets.iter().map(|tweet| tweet.id).collect();
    page.digest = content_digest(&page);
    stage.feed.send(&[page]).await.unwrap();
    let service = stage.transformer("one").start().unwrap();
    stage.agrees().await;
    stop(&service).await;
    tables(&stage.transformer("roller"), &stage.pool).await;
    for (id, text) in ids.iter().zip(&texts) {
        let top = "SELECT post_text FROM ds_top_posts WHERE post_id = CAST(? AS CHAR)";
        let base = "SELECT text FROM base_posts WHERE post_id = ?";
        for view in [top, base] {
            let shown: String = sqlx::query_scalar(view).bind(id).fetch_one(&stage.pool).await.unwrap();
            assert!(shown == *text, "{view}: {:?} became {:?}", &text[..text.len().min(99)], shown.get(..99));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn older_enrichments_are_brought_up_from_the_stored_texts() {
    let stage = Stage::set().await;
    let pages: Vec<_> = (1..=6).map(|page| PAGES.page("covid", 1, page)).collect();
    stage.feed.send(&pages).await.unwrap();
    let service = stage.transformer("one").start().unwrap();
    stage.agrees().await;
    stop(&service).await;
    let spec = stage.transformer("re-enrich");
    let wanted = tables(&spec, &stage.pool).await;
    assert!(wanted["tweet_topics"].rows > 0);
    for damage in [
        "UPDATE tweet_enrichment SET enrichment_version = 0, sentiment = 0.5, language = 'xx' WHERE tweet_id % 2 = 0",
        "DELETE FROM tweet_topics WHERE tweet_id % 2 = 0",
        "DELETE FROM tweet_enrichment WHERE tweet_id % 3 = 0",
    ] {
        assert!(sqlx::raw_sql(damage).execute(&stage.pool).await.unwrap().rows_affected() > 0, "{damage}");
    }
    let done = spec.run(&["re-enrich", "--since", "earliest"], LIMIT).await.unwrap();
    assert_eq!(done.ended, Ended::Exited(0), "{}", done.stderr);
    assert!(done.stdout.contains("posts brought to version"), "{}", done.stdout);
    assert_eq!(tables(&spec, &stage.pool).await, wanted);
    let again = spec.run(&["re-enrich", "--since", "2026-01-01"], LIMIT).await.unwrap();
    assert!(again.stdout.starts_with("0 posts brought"), "{}", again.stdout);
    let all = spec.run(&["re-enrich", "--since", "earliest", "--all"], LIMIT).await.unwrap();
    assert!(!all.stdout.starts_with("0 posts"), "{}", all.stdout);
    assert_eq!(tables(&spec, &stage.pool).await, wanted);
    let wrong = spec.run(&["re-enrich", "--since", "yesterday"], LIMIT).await.unwrap();
    assert!(wrong.stderr.contains("write `earliest`, a day"), "{}", wrong.stderr);
}
