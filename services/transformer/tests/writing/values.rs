//! Everything a batch carries ends in a column or in JSON.

use transformer::to_mysql::Mode;

use crate::{
    fixtures::{full, received},
    server::Place,
};

#[tokio::test]
async fn a_post_with_every_field_comes_back_whole() {
    let place = Place::migrated().await;
    let batch = full();
    let outcomes = place.writer().await.apply(&[received(batch.clone(), 7)], Mode::Once).await.unwrap();
    assert_eq!(outcomes[0].name(), "applied", "{outcomes:?}");
    let (text, short): (String, String) =
        sqlx::query_as("SELECT text, short_text FROM tweets ORDER BY id DESC LIMIT 1")
            .fetch_one(&place.root)
            .await
            .unwrap();
    assert_eq!((&text, &short), (&batch.tweets[0].note.as_ref().unwrap().text, &batch.tweets[0].text));
    let tables: Vec<String> = place
        .everything()
        .await
        .into_iter()
        .map(|(table, rows)| format!("{table}\n    {}", rows.join("\n    ")))
        .collect();
    insta::assert_snapshot!(tables.join("\n"));
}
