//! X's guesses at the subject of a post: pairs of a domain and an entity, some of them given twice.

use serde_json::{Value, json};

use super::draw::{Draw, For};

struct Pair {
    domain: (&'static str, &'static str, &'static str),
    entity: (&'static str, &'static str, Option<&'static str>),
}

const STORY: (&str, &str, &str) =
    ("123", "Ongoing News Story", "News that goes on for weeks, such as a pandemic");
const TAXONOMY: (&str, &str, &str) = ("131", "Unified Twitter Taxonomy", "A tree of interests ");
const ALWAYS: Pair =
    Pair { domain: STORY, entity: ("1220701888179359745", "COVID-19", Some("The disease and its news")) };

fn by_topic(topic: &str) -> &'static Pair {
    match topic {
        "vaccination" => {
            &Pair { domain: TAXONOMY, entity: ("1331601042155556864", "Vaccines", Some("Shots & doses")) }
        }
        "politics" => &Pair {
            domain: ("30", "Entities [Entity Service]", "Top level of the entity service"),
            entity: ("847878884917886977", "Politics", Some("Politics")),
        },
        "economy" => &Pair {
            domain: ("46", "Business Taxonomy", "Lines of business"),
            entity: ("1557697333571112960", "Economy", None),
        },
        "mental_health" => &Pair {
            domain: ("65", "Interests and Hobbies Vertical", "Interests and hobbies"),
            entity: ("847544972781826048", "Mental health", None),
        },
        "schools" => &Pair {
            domain: TAXONOMY,
            entity: ("1047106191829225472", "Education", Some("School &amp; study")),
        },
        _ => &Pair { domain: TAXONOMY, entity: ("1486483171866513408", "Health", None) },
    }
}

/// The annotations of post `index`; `None` for the third of posts that X says nothing of.
pub(crate) fn of(seed: u64, index: u64, topic: &str) -> Option<Value> {
    let mut draw = Draw::new(seed, For::Context, index ^ u64::MAX);
    if draw.chance(330) {
        return None;
    }
    let mut pairs = vec![resource(&ALWAYS), resource(by_topic(topic))];
    if draw.chance(250) {
        pairs.push(resource(&ALWAYS));
    }
    Some(Value::Array(pairs))
}

fn resource(pair: &Pair) -> Value {
    let (id, name, description) = pair.domain;
    let mut resource = json!({
        "domain": { "id": id, "name": name, "description": description },
        "entity": { "id": pair.entity.0, "name": pair.entity.1 },
    });
    if let Some(description) = pair.entity.2 {
        resource["entity"]["description"] = json!(description);
    }
    resource
}
