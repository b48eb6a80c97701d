//! A file of real posts, looked through before anything is started: is it one, and which time does it span.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::Value;

/// An archive that can be served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Archive {
    /// Full text of each post of its pages and flat lines, matched or referred to, by id.
    pub(crate) texts: BTreeMap<i64, String>,
    /// The file, absolute.
    pub(crate) file: PathBuf,
    /// Creation of the oldest matched post, milliseconds since 1970.
    pub(crate) oldest_ms: i64,
    /// Creation of the newest matched post, milliseconds since 1970.
    pub(crate) newest_ms: i64,
}

/// A page of answers (`data` is a list or one post) or one flat post.
#[derive(Deserialize)]
struct Line {
    data: Option<OneOrMany>,
    #[serde(default)]
    includes: Includes,
    meta: Option<Value>,
    #[serde(flatten)]
    flat: Flat,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    Many(Vec<Post>),
    One(Post),
}

#[derive(Deserialize, Default)]
struct Includes {
    #[serde(default, alias = "posts")]
    tweets: Vec<Post>,
}

#[derive(Deserialize)]
struct Flat {
    id: Option<String>,
    text: Option<String>,
    #[serde(alias = "note_post")]
    note_tweet: Option<Note>,
}

#[derive(Deserialize)]
struct Post {
    id: String,
    text: String,
    #[serde(alias = "note_post")]
    note_tweet: Option<Note>,
}

#[derive(Deserialize)]
struct Note {
    text: String,
}

impl Line {
    /// Posts that matched; none where the line is neither a page nor a post.
    fn matched(data: Option<OneOrMany>, meta: Option<&Value>, flat: Flat) -> Option<Vec<Post>> {
        match (data, flat) {
            (Some(OneOrMany::Many(posts)), _) => Some(posts),
            (Some(OneOrMany::One(post)), _) => Some(vec![post]),
            (None, Flat { id: Some(id), text: Some(text), note_tweet }) => {
                Some(vec![Post { id, text, note_tweet }])
            }
            // An empty page has no `data`.
            (None, _) => meta.map(|_| Vec::new()),
        }
    }
}

impl Archive {
    /// Looks through a file.
    pub(crate) fn read(file: &Path) -> Result<Self> {
        let name = file.display();
        let opened = File::open(file).with_context(|| format!("--archive {name}"));
        // One line for people: the file and why.
        let opened = opened.map_err(|error| anyhow::anyhow!("{error:#}"))?;
        let mut times: Option<(i64, i64)> = None;
        let mut texts = BTreeMap::new();
        for (number, line) in (1..).zip(BufReader::new(opened).lines()) {
            let line = line.map_err(|error| anyhow::anyhow!("--archive {name}: {error}"))?;
            if line.trim().is_empty() {
                continue;
            }
            let told = |what: String| anyhow::anyhow!("--archive {name}, line {number}: {what}");
            let value: Value =
                serde_json::from_str(&line).map_err(|error| told(format!("it is no JSON: {error}")))?;
            let neither = || told("it holds neither a page (`data`) nor a post (`id`, `text`)".to_owned());
            let Line { data, includes, meta, flat } = serde_json::from_value(value).map_err(|_| neither())?;
            let matched = Line::matched(data, meta.as_ref(), flat).ok_or_else(neither)?;
            let mut keep = |post: Post| -> Result<i64> {
                let id = post.id.parse::<i64>().ok().filter(|id| *id > 0);
                let id = id.ok_or_else(|| told(format!("{:?} is no post id", post.id)))?;
                texts.insert(id, post.note_tweet.map_or(post.text, |note| note.text));
                Ok(id)
            };
            for post in matched {
                let at = created_ms(keep(post)?);
                times = Some(times.map_or((at, at), |(oldest, newest)| (oldest.min(at), newest.max(at))));
            }
            for post in includes.tweets {
                keep(post)?;
            }
        }
        let Some((oldest_ms, newest_ms)) = times else { bail!("--archive {name}: it holds no post") };
        let file = file.canonicalize().with_context(|| format!("--archive {name}"))?;
        Ok(Self { texts, file, oldest_ms, newest_ms })
    }
}

/// A post id holds the milliseconds since X's epoch of 2010 above its lowest 22 bits.
fn created_ms(id: i64) -> i64 {
    const EPOCH_MS: i64 = 1_288_834_974_657;
    (id >> 22) + EPOCH_MS
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn read(text: &str) -> Result<Archive> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        Archive::read(file.path())
    }

    #[test]
    fn pages_and_flat_posts_give_the_time_they_span_and_every_full_text() {
        let text = r#"{"data":[{"id":"1395110593352998912","text":"cut…","note_tweet":{"text":"the whole text"}},{"id":"1395108849785020416","text":"b"}],"includes":{"tweets":[{"id":"7","text":"quoted"}]},"meta":{}}

{"id":"1395110593352998913","text":"covid"}
{"meta":{"result_count":0}}
"#;
        let archive = read(text).unwrap();
        assert_eq!(archive.newest_ms, 1_621_455_260_013);
        assert_eq!(archive.newest_ms - archive.oldest_ms, 415_699);
        let texts: Vec<&str> = archive.texts.values().map(String::as_str).collect();
        assert_eq!(texts, ["quoted", "b", "the whole text", "covid"]);
    }

    #[test]
    fn a_line_that_is_no_json_is_named_by_its_number() {
        let told = read("{\"data\":[]}\nposts, of course\n").unwrap_err().to_string();
        assert!(told.contains("line 2: it is no JSON: expected value"), "{told}");
        assert!(!told.contains('\n'), "{told}");
    }

    #[test]
    fn what_is_no_post_and_an_empty_archive_are_told() {
        let told = |text: &str| read(text).unwrap_err().to_string();
        assert!(told(r#"{"id":"12x","text":""}"#).contains("\"12x\" is no post id"));
        assert!(told(r#"{"foo":1}"#).contains("line 1: it holds neither a page"));
        assert!(told(r#"{"data":[]}"#).contains("it holds no post"));
    }
}
