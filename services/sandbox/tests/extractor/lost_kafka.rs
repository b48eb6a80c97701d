//! Kafka's volume was lost: cursors come out of the ledger, and nothing that was applied is bought again.

use sandbox::process::Ended;

use crate::scene::{LIMIT, Stage, assert_agrees, remove_topics};
use crate::stage::play;

#[test]
fn after_kafka_lost_its_volume_the_cursors_come_from_the_ledger_and_nothing_is_bought_again() {
    play(Stage::posts(400), async |scene| {
        assert_agrees(&scene.end_with(scene.extractor().start().unwrap()).await);
        let bought = scene.simulator().served().await.unwrap();
        remove_topics(&scene.sandbox.kafka.brokers()).await;

        let export = scene.transformer().run(&["cursors", "export"], LIMIT).await.unwrap();
        assert_eq!(export.ended, Ended::Exited(0), "{}", export.stderr);
        assert!(
            export.stdout.contains("\"cursor\"") && export.stdout.contains("\"money\""),
            "{}",
            export.stdout
        );
        let file = scene.folder().join("cursors.json");
        std::fs::write(&file, &export.stdout).unwrap();
        let import = ["cursors", "import", file.to_str().unwrap()];
        let none = scene.folder().join("none.json");
        std::fs::write(&none, "").unwrap();
        let empty =
            scene.extractor().run(&["cursors", "import", none.to_str().unwrap()], LIMIT).await.unwrap();
        assert_ne!(empty.ended, Ended::Exited(0), "nothing was taken for cursors");
        assert!(empty.stderr.contains("none.json holds no cursor"), "{}", empty.stderr);
        let imported = scene.extractor().run(&import, LIMIT).await.unwrap();
        assert_eq!(imported.ended, Ended::Exited(0), "{}", imported.stderr);

        let extractor = scene.extractor().start().unwrap();
        scene.polls(&extractor, 3).await;
        assert_eq!(extractor.terminate(LIMIT).await.unwrap(), Ended::Exited(0), "{}", extractor.log());
        let after = scene.simulator().served().await.unwrap();
        for (id, before) in &bought.posts {
            assert_eq!(after.posts[id].data, before.data, "post {id} was bought again");
        }

        let again = scene.extractor().run(&import, LIMIT).await.unwrap();
        assert_ne!(again.ended, Ended::Exited(0), "a cursor in use was written over");
        assert!(again.stderr.contains("has a cursor in Kafka already"), "{}", again.stderr);
    });
}
