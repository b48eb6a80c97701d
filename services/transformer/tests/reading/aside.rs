//! What the extractor could not read is set aside by the transformer, beside the batch it came with.

use crate::scene::Scene;

#[tokio::test(flavor = "multi_thread")]
async fn objects_the_extractor_could_not_read_are_listed_and_their_batch_is_written() {
    let scene = Scene::open().await;
    let service = scene.running(&scene.transformer("transformer")).await;
    let mut page = scene.page();
    page.unparsed.push(contract::Unparsed {
        section: "includes.users".to_owned(),
        json: "{\"id\":\"none\"}".to_owned(),
        reason: "id: not a number".to_owned(),
    });
    page.digest = contract::content_digest(&page);
    scene.feed.send(&[page]).await.unwrap();
    scene.until_written(&service).await;
    let listed = async || scene.ask(&["rejected", "list"]).await.stdout;
    scene.until(&service, "the letter", async || listed().await.contains("includes.users")).await;
    assert!(listed().await.contains("id: not a number"));
    let again = scene.ask(&["rejected", "replay", "--all"]).await;
    assert!(again.stdout.contains("0 applied, 1 refused"), "{}", again.stdout);
}
