//! What X finds in a text: tags, names, links, cashtags and annotations, each with its range in characters.

use serde_json::{Map, Value, json};

use super::authors;
use super::draw::{Draw, For};
use super::texts::{Link, LinkKind, Words};

const NAMED: &[(&str, &str)] = &[
    ("São Paulo", "Place"),
    ("Manaus", "Place"),
    ("Recife", "Place"),
    ("Porto Alegre", "Place"),
    ("Rio de Janeiro", "Place"),
    ("London", "Place"),
    ("Brazil", "Place"),
    ("SUS", "Organization"),
    ("UTI", "Other"),
    ("5G", "Product"),
];

/// What the links of one post lead to.
pub(crate) struct Targets<'a> {
    pub(crate) seed: u64,
    pub(crate) index: u64,
    /// Address of the post itself, for its media.
    pub(crate) own: String,
    pub(crate) quoted: Option<String>,
    pub(crate) media_keys: &'a [String],
}

/// The entities of the first `limit` characters of the text; `None` if there are none.
pub(crate) fn of(words: &Words, targets: &Targets<'_>, limit: usize) -> Option<Value> {
    let chars: Vec<char> = words.text.chars().take(limit).collect();
    let mut found = Map::new();
    let mut add = |kind: &str, entity: Value| {
        if let Value::Array(list) = found.entry(kind).or_insert_with(|| json!([])) {
            list.push(entity);
        }
    };
    let mut at = 0;
    while at < chars.len() {
        let start = at;
        let begins = start == 0 || !(chars[start - 1].is_alphanumeric() || chars[start - 1] == '/');
        at += 1;
        let Some(sign) = begins.then_some(chars[start]) else { continue };
        match sign {
            '#' | '$' | '@' => {
                let end = at + chars[at..].iter().take_while(|c| is_name(**c)).count();
                let name: String = chars[at..end].iter().collect();
                if name.is_empty() {
                    continue;
                }
                let range = json!({ "start": start, "end": end });
                match sign {
                    '#' => add("hashtags", with(range, json!({ "tag": name }))),
                    '$' => add("cashtags", with(range, json!({ "tag": name }))),
                    _ => {
                        if let Some(author) =
                            words.mentions.iter().find(|a| authors::username(targets.seed, **a) == name)
                        {
                            let id = authors::id(*author).to_string();
                            add("mentions", with(range, json!({ "username": name, "id": id })));
                        }
                    }
                }
                at = end;
            }
            'h' if chars[start..].starts_with(&['h', 't', 't', 'p', 's', ':']) => {
                let end = start + chars[start..].iter().take_while(|c| !c.is_whitespace()).count();
                let short: String = chars[start..end].iter().collect();
                // A link cut in two is no link any more.
                if let Some(link) = words.links.iter().find(|link| link.short == short) {
                    for entity in targets.link(link) {
                        add("urls", with(json!({ "start": start, "end": end }), entity));
                    }
                    at = end;
                }
            }
            _ => {}
        }
    }
    annotate(&words.text, limit, targets, &mut add);
    (!found.is_empty()).then_some(Value::Object(found))
}

fn annotate(text: &str, limit: usize, targets: &Targets<'_>, add: &mut impl FnMut(&str, Value)) {
    let mut draw = Draw::new(targets.seed, For::Context, targets.index);
    for (name, kind) in NAMED {
        let Some(at) = text.find(name) else { continue };
        // X counts annotations with their last character, all other entities without.
        let start = text[..at].chars().count();
        let end = start + name.chars().count() - 1;
        if end < limit && draw.chance(700) {
            let per_10k = u16::try_from(draw.between(2_000, 9_999)).unwrap_or(0);
            add(
                "annotations",
                json!({
                    "start": start, "end": end,
                    "probability": f64::from(per_10k) / 10_000.0, "type": kind, "normalized_text": name,
                }),
            );
        }
    }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn with(mut range: Value, fields: Value) -> Value {
    if let (Value::Object(range), Value::Object(fields)) = (&mut range, fields) {
        range.extend(fields);
    }
    range
}

impl Targets<'_> {
    fn link(&self, link: &Link) -> Vec<Value> {
        match link.kind {
            LinkKind::Quote => {
                let target = self.quoted.clone().unwrap_or_default();
                vec![json!({ "url": link.short, "expanded_url": target, "display_url": shorten(&target) })]
            }
            // One link stands for all pictures, and X lists it once for each.
            LinkKind::Media => (self.media_keys.iter())
                .map(|key| {
                    json!({
                        "url": link.short, "expanded_url": format!("{}/photo/1", self.own),
                        "display_url": format!("pic.example/{}", &link.short[13..]), "media_key": key,
                    })
                })
                .collect(),
            LinkKind::Page => vec![self.page(link)],
        }
    }

    fn page(&self, link: &Link) -> Value {
        let mut draw = Draw::new(self.seed, For::Links, self.index);
        let site = draw.pick(&["noticias.example", "checagem.example", "health.example", "jornal.example"]);
        let page =
            format!("https://{site}/{}/{}", draw.pick(&["covid", "sa%C3%BAde", "vacina"]), draw.letters(6));
        let hop = draw.chance(300).then(|| format!("https://short.example/{}", draw.letters(6)));
        let mut url = json!({
            "url": link.short,
            "expanded_url": hop.as_ref().unwrap_or(&page),
            "display_url": shorten(&page),
        });
        if draw.chance(700) {
            url["status"] = json!(*draw.pick(&[200, 200, 200, 404, 403]));
            url["unwound_url"] = json!(page);
        }
        if draw.chance(600) {
            url["title"] = json!(draw.pick(&[
                "Boletim: leitos de UTI",
                "What we know so far",
                "É falso que… &amp; mais"
            ]));
            url["description"] =
                json!(draw.pick(&["Secretaria divulga números.", "A live page.\nUpdated daily.", ""]));
        }
        if draw.chance(400) {
            let name = draw.letters(12);
            url["images"] = json!([
                { "url": format!("https://pbs.example/news_img/{name}?name=orig"), "width": 1200, "height": 630 },
                { "url": format!("https://pbs.example/news_img/{name}?name=150x150"), "width": 150, "height": 150 },
            ]);
        }
        url
    }
}

fn shorten(address: &str) -> String {
    let bare = address.trim_start_matches("https://");
    let head: String = bare.chars().take(26).collect();
    if head.len() < bare.len() { head + "…" } else { head }
}
