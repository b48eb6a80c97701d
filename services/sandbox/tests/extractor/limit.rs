//! The daily limit: never passed, said when it is reached, and no loss when it is raised.

use sandbox::process::Ended;

use crate::moment::{At, Page};
use crate::scene::{LIMIT, Stage, assert_agrees, assert_agrees_after, assert_within};
use crate::stage::play;

/// About nine pages, each $1.25 at its worst and $0.80 or so in fact.
const WALK: Stage = Stage::posts(500);
const SMALL_USD: &str = "4.00";
const SPENT: &str = "the day's limit leaves too little for a page";

#[test]
fn the_daily_limit_in_the_middle_of_a_walk_is_kept_said_and_the_walk_goes_on_when_it_is_raised() {
    play(WALK, async |scene| {
        let extractor = scene.extractor().set("budget.daily_usd", SMALL_USD).start().unwrap();
        extractor.says(SPENT, LIMIT).await.unwrap();
        scene.asks_nothing_more().await;
        assert_eq!(extractor.health("live").await.unwrap().0, 200);
        assert_eq!(extractor.terminate(LIMIT).await.unwrap(), Ended::Exited(0), "{}", extractor.log());
        assert_within(&scene.verdict().await, SMALL_USD);
        // A restart alone buys nothing: what was spent today is remembered.
        let bill = scene.simulator().bill().await.unwrap().usd_micros;
        let extractor =
            scene.extractor_named("restarted").set("budget.daily_usd", SMALL_USD).start().unwrap();
        extractor.says(SPENT, LIMIT).await.unwrap();
        assert_eq!(extractor.terminate(LIMIT).await.unwrap(), Ended::Exited(0), "{}", extractor.log());
        assert_eq!(scene.simulator().bill().await.unwrap().usd_micros, bill);

        let verdict = scene.end_with(scene.extractor().start().unwrap()).await;
        assert_agrees(&verdict);
    });
}

#[test]
fn kills_that_make_pages_be_bought_again_do_not_pass_the_daily_limit() {
    play(WALK, async |scene| {
        let spec = scene.extractor_by_proxy().set("budget.daily_usd", SMALL_USD);
        let mut kills = 0;
        // Each kill carries a page's worst price: the limit is reached before long.
        loop {
            let page = Page::number(scene, At::Produce, 1);
            let extractor = spec.start().unwrap();
            tokio::select! {
                moment = page.reached(scene) => {
                    extractor.kill().await.unwrap();
                    moment.cut();
                    kills += 1;
                }
                said = extractor.says(SPENT, LIMIT) => {
                    said.unwrap();
                    assert_eq!(extractor.terminate(LIMIT).await.unwrap(), Ended::Exited(0));
                    break;
                }
            }
        }
        assert!(kills >= 2, "only {kills} kills");
        let bill = scene.simulator().bill().await.unwrap().usd_micros;
        assert!(
            bill > 0 && bill <= 4_000_000,
            "billed {bill} millionths of a dollar with a limit of ${SMALL_USD}"
        );
        let verdict = scene.end_with(scene.extractor().start().unwrap()).await;
        assert_agrees_after(&verdict, kills);
    });
}
