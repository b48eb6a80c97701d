//! Dashboards and provisioning files against what Grafana's documentation asks for; the schemas are of our own writing.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::dashboards::{dashboards, folder};

fn yaml(path: &str) -> Value {
    serde_yaml_ng::from_str(&std::fs::read_to_string(folder().join(path)).unwrap()).unwrap()
}

fn fits(schema: &str, instance: &Value, what: &str) {
    let schema: Value = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let wrong: Vec<String> =
        validator.iter_errors(instance).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{what}:\n{}", wrong.join("\n"));
}

#[test]
fn dashboards_have_what_grafana_asks_for() {
    for (file, dashboard) in dashboards() {
        fits(include_str!("grafana/dashboard.schema.json"), &dashboard, &file);
    }
}

#[test]
fn provisioning_files_have_what_grafana_asks_for() {
    let sources = yaml("provisioning/datasources/garimpo.yaml");
    fits(include_str!("grafana/datasources.schema.json"), &sources, "datasources");
    let providers = yaml("provisioning/dashboards/garimpo.yaml");
    fits(include_str!("grafana/providers.schema.json"), &providers, "dashboards");
}

#[test]
fn a_schema_refuses_what_lacks_a_key() {
    let (_, mut dashboard) = dashboards().remove(0);
    dashboard["panels"][0].as_object_mut().unwrap().remove("gridPos");
    let schema: Value = serde_json::from_str(include_str!("grafana/dashboard.schema.json")).unwrap();
    assert!(!jsonschema::validator_for(&schema).unwrap().is_valid(&dashboard));
}

#[test]
fn every_panel_asks_the_provisioned_source_and_names_are_unique() {
    let sources = yaml("provisioning/datasources/garimpo.yaml");
    let source = &sources["datasources"][0];
    let mut uids = BTreeSet::new();
    for (file, dashboard) in dashboards() {
        assert!(uids.insert(dashboard["uid"].as_str().unwrap().to_owned()), "{file}: its uid is another's");
        let (mut ids, mut titles) = (BTreeSet::new(), BTreeSet::new());
        for panel in dashboard["panels"].as_array().unwrap() {
            let title = panel["title"].as_str().unwrap();
            assert!(ids.insert(panel["id"].as_u64().unwrap()), "{file}: {title} has another's id");
            assert!(titles.insert(title), "{file}: two panels are called {title}");
            let targets = panel["targets"].as_array().unwrap();
            for asked in targets.iter().chain([panel]) {
                assert_eq!(asked["datasource"]["uid"], source["uid"], "{file}: {title}");
                assert_eq!(asked["datasource"]["type"], source["type"], "{file}: {title}");
            }
            let refs: BTreeSet<&str> =
                targets.iter().map(|target| target["refId"].as_str().unwrap()).collect();
            assert_eq!(refs.len(), targets.len(), "{file}: {title} has two queries of one name");
        }
        for link in dashboard["links"].as_array().unwrap() {
            let uid = link["url"].as_str().unwrap().strip_prefix("/d/").unwrap();
            assert!(dashboards().iter().any(|(_, other)| other["uid"] == uid), "{file} links to {uid}");
        }
    }
}

#[test]
fn no_panel_lies_over_another_or_beside_the_grid() {
    for (file, dashboard) in dashboards() {
        let mut taken: BTreeSet<(u64, u64)> = BTreeSet::new();
        for panel in dashboard["panels"].as_array().unwrap() {
            let at = |key: &str| panel["gridPos"][key].as_u64().unwrap();
            let title = &panel["title"];
            assert!(at("x") + at("w") <= 24, "{file}: {title} is beside the grid of 24 columns");
            for x in at("x")..at("x") + at("w") {
                for y in at("y")..at("y") + at("h") {
                    assert!(taken.insert((x, y)), "{file}: {title} lies over another panel");
                }
            }
        }
    }
}

#[test]
fn the_password_and_the_ca_come_from_files_and_the_certificate_is_verified() {
    let sources = yaml("provisioning/datasources/garimpo.yaml");
    let source = &sources["datasources"][0];
    for secret in ["password", "tlsCACert"] {
        assert!(source["secureJsonData"][secret].as_str().unwrap().starts_with("$__file{/"), "{secret}");
    }
    assert_eq!(source["jsonData"]["tlsAuthWithCACert"], true);
    assert_eq!(source["jsonData"]["tlsSkipVerify"], false);
    assert_eq!(source["user"], "data_studio");
}
