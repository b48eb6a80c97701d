//! Topics are refused by name where their settings differ.

use contract::topics::{BATCHES, CURSORS, Difference, specs};

#[test]
fn a_topic_with_the_wanted_settings_differs_in_nothing() {
    for spec in specs(1, 30) {
        let lookup = |name: &str| spec.settings.iter().find(|(key, _)| *key == name).map(|(_, v)| v.clone());
        assert_eq!(spec.differences(6, lookup), vec![]);
    }
}

#[test]
fn fewer_partitions_and_other_settings_are_named() {
    let spec = specs(3, 30).into_iter().find(|spec| spec.name == BATCHES).unwrap();
    let found = spec.differences(1, |name| (name == "cleanup.policy").then(|| "compact".to_owned()));
    assert!(found.contains(&Difference {
        setting: "partitions".into(),
        wanted: "6".into(),
        found: Some("1".into())
    }));
    assert!(found.contains(&Difference {
        setting: "cleanup.policy".into(),
        wanted: "delete".into(),
        found: Some("compact".into())
    }));
    assert!(
        found
            .iter()
            .any(|difference| difference.setting == "min.insync.replicas" && difference.wanted == "2")
    );
}

#[test]
fn cursors_are_compacted_on_one_partition_and_one_broker_flushes_each_append() {
    let spec = specs(1, 30).into_iter().find(|spec| spec.name == CURSORS).unwrap();
    assert_eq!(spec.partitions, 1);
    assert!(spec.settings.contains(&("cleanup.policy", "compact".to_owned())));
    assert!(spec.settings.contains(&("flush.messages", "1".to_owned())));
}
