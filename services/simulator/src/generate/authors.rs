//! Who writes: accounts by number, each found again by its id or its user name.

use serde_json::{Value, json};

use super::draw::{Draw, For};
use crate::clock::UnixMs;

/// How many accounts write.
pub(crate) const AUTHORS: u64 = 20_000;
/// Every other account has an id of the times before snowflakes, the others one of 19 digits.
const OLD_FIRST: u64 = 14_000_003;
const OLD_STEP: u64 = 7_919;
const NEW_FIRST: u64 = 1_104_000_000_000_000_001;
const NEW_STEP: u64 = 1_000_000_007;

const FIRST: &[&str] = &[
    "ana", "joao", "maria", "pedro", "lia", "davi", "rosa", "caio", "emma", "noah", "zeca", "bia", "tom",
    "iris",
];
const NAMES: &[&str] = &[
    "Ana Sousa",
    "João 🇧🇷",
    "Maria do Carmo",
    "Pedro Álvares",
    "Lia 🌻",
    "Davi",
    "Rosa | enfermeira",
    "Caio",
    "Emma W.",
    "Noah 👨🏽‍💻",
    "Zeca & filhos",
    "Beatriz Nóbrega",
    "Tom O'Neill",
    "ايريس Iris",
];
const DESCRIPTIONS: &[&str] = &[
    "Enfermeira no SUS. Opiniões minhas. #vacinas",
    "mother of two, coffee, science",
    "Jornalista &amp; torcedor. Aqui não tem notícia falsa.",
    "",
    "professor de história | ele/dele 🏳️‍🌈",
    "Não sou médico, mas leio bulas.\nSão Paulo → Recife",
    "small shop owner. #LongCovid since 2020",
];
const LOCATIONS: &[&str] = &["São Paulo, Brasil", "Recife", "in my room", "🌎", "London", "Manaus - AM"];

/// A user's id.
pub(crate) fn id(author: u64) -> u64 {
    if author.is_multiple_of(2) { OLD_FIRST + author * OLD_STEP } else { NEW_FIRST + author * NEW_STEP }
}

/// The account with this id.
pub(crate) fn of_id(user: u64) -> Option<u64> {
    let (first, step) = if user >= NEW_FIRST { (NEW_FIRST, NEW_STEP) } else { (OLD_FIRST, OLD_STEP) };
    let author = user.checked_sub(first)? / step;
    (author < AUTHORS && id(author) == user).then_some(author)
}

/// A user's name behind the `@`, at most 15 characters.
pub(crate) fn username(seed: u64, author: u64) -> String {
    let mut draw = Draw::new(seed, For::Author, author);
    let first = draw.pick(FIRST);
    let joint = *draw.pick(&["_", "", "_x", "BR"]);
    format!("{first}{joint}{author}")
}

/// The account with this user name.
pub(crate) fn of_username(seed: u64, name: &str) -> Option<u64> {
    let digits = name.len() - name.bytes().rev().take_while(u8::is_ascii_digit).count();
    let author = name[digits..].parse().ok()?;
    (author < AUTHORS && username(seed, author).eq_ignore_ascii_case(name)).then_some(author)
}

/// Posts of a protected account are not found, and not shown where others refer to them.
pub(crate) fn is_protected(seed: u64, author: u64) -> bool {
    Draw::new(seed, For::Author, author ^ u64::MAX).chance(15)
}

/// A verified account.
pub(crate) fn is_verified(author: u64) -> bool {
    author % 23 == 5
}

/// The user as X answers it with all fields, in tweet names.
pub(crate) fn resource(seed: u64, author: u64) -> Value {
    let mut draw = Draw::new(seed, For::Author, author);
    let username = username(seed, author);
    let name = *draw.pick(NAMES);
    let description = *draw.pick(DESCRIPTIONS);
    let joined = UnixMs(1_210_000_000_000 + i64::try_from(draw.below(420_000_000_000)).unwrap_or(0));
    let verified = is_verified(author);
    let mut user = json!({
        "id": id(author).to_string(),
        "name": name,
        "username": username,
        "created_at": joined.whole_second().to_string(),
        "description": description,
        "protected": is_protected(seed, author),
        "verified": verified,
        "verified_type": if verified { *draw.pick(&["blue", "government", "business"]) } else { "none" },
        "profile_image_url": format!("https://pbs.example/profile_images/{}/{}_normal.jpg", id(author), draw.letters(8)),
        "url": "",
        "public_metrics": {
            "followers_count": draw.below(50_000),
            "following_count": draw.below(3_000),
            "tweet_count": draw.below(120_000),
            "listed_count": draw.below(200),
            "like_count": draw.below(90_000),
        },
    });
    if draw.chance(600) {
        user["location"] = json!(draw.pick(LOCATIONS));
    }
    if draw.chance(250) {
        let short = format!("https://t.co/{}", draw.letters(10));
        user["url"] = json!(short);
        user["entities"]["url"]["urls"] = json!([{
            "start": 0, "end": 23, "url": short,
            "expanded_url": format!("https://{username}.example/"), "display_url": format!("{username}.example"),
        }]);
    }
    if let Some(at) = description.find('#') {
        let start = description[..at].chars().count();
        let tag: String = description[at + 1..].chars().take_while(|c| c.is_alphanumeric()).collect();
        user["entities"]["description"]["hashtags"] =
            json!([{ "start": start, "end": start + 1 + tag.chars().count(), "tag": tag }]);
    }
    if draw.chance(200) {
        let pinned = crate::ids::PostId::at(joined, draw.number()).shifted(86_400_000);
        user["pinned_tweet_id"] = json!(pinned.to_string());
    }
    user
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_found_by_its_id_and_by_its_name() {
        for author in [0, 1, 2, 999, AUTHORS - 1] {
            let name = username(9, author);
            assert!(name.len() <= 15, "{name}");
            assert_eq!(of_id(id(author)), Some(author));
            assert_eq!(of_username(9, &name), Some(author));
        }
        assert_eq!(of_id(5), None);
        assert_eq!(of_username(9, "nobody"), None);
    }
}
