//! A file of real posts, looked through before anything is started: is it one, and which time does it span.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// An archive that can be served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Archive {
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
    id: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    Many(Vec<Post>),
    One(Post),
}

#[derive(Deserialize)]
struct Post {
    id: String,
}

impl Archive {
    /// Looks through a file.
    pub(crate) fn read(file: &Path) -> Result<Self> {
        let name = file.display();
        let opened = File::open(file).with_context(|| format!("--archive {name}"));
        // One line for people: the file and why.
        let opened = opened.map_err(|error| anyhow::anyhow!("{error:#}"))?;
        let mut times: Option<(i64, i64)> = None;
        for (number, line) in (1..).zip(BufReader::new(opened).lines()) {
            let line = line.map_err(|error| anyhow::anyhow!("--archive {name}: {error}"))?;
            if line.trim().is_empty() {
                continue;
            }
            let told = |what: String| anyhow::anyhow!("--archive {name}, line {number}: {what}");
            let read: Line = serde_json::from_str(&line)
                .map_err(|error| told(format!("it is no JSON of a page or a post: {error}")))?;
            let posts = match (read.data, read.id) {
                (Some(OneOrMany::Many(posts)), _) => posts,
                (Some(OneOrMany::One(post)), _) => vec![post],
                (None, Some(id)) => vec![Post { id }],
                (None, None) => Vec::new(),
            };
            for post in posts {
                let at = created_ms(&post.id).ok_or_else(|| told(format!("{:?} is no post id", post.id)))?;
                times = Some(times.map_or((at, at), |(oldest, newest)| (oldest.min(at), newest.max(at))));
            }
        }
        let Some((oldest_ms, newest_ms)) = times else { bail!("--archive {name}: it holds no post") };
        let file = file.canonicalize().with_context(|| format!("--archive {name}"))?;
        Ok(Self { file, oldest_ms, newest_ms })
    }
}

/// A post id holds the milliseconds since X's epoch of 2010 above its lowest 22 bits.
fn created_ms(id: &str) -> Option<i64> {
    const EPOCH_MS: i64 = 1_288_834_974_657;
    let id: i64 = id.parse().ok().filter(|id| *id > 0)?;
    Some((id >> 22) + EPOCH_MS)
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
    fn pages_and_flat_posts_give_the_time_they_span() {
        let text = "{\"data\":[{\"id\":\"1395110593352998912\"},{\"id\":\"1395108849785020416\"}],\"meta\":{}}\n\n\
                    {\"id\":\"1395110593352998913\",\"text\":\"covid\"}\n";
        let archive = read(text).unwrap();
        assert_eq!(archive.newest_ms, 1_621_455_260_013);
        assert_eq!(archive.newest_ms - archive.oldest_ms, 415_699);
    }

    #[test]
    fn a_line_that_is_no_json_is_named_by_its_number() {
        let told = read("{\"data\":[]}\nposts, of course\n").unwrap_err().to_string();
        assert!(told.contains("line 2: it is no JSON of a page or a post: expected value"), "{told}");
        assert!(!told.contains('\n'), "{told}");
    }

    #[test]
    fn a_bad_id_and_an_empty_archive_are_told() {
        assert!(read("{\"id\":\"12x\"}").unwrap_err().to_string().contains("\"12x\" is no post id"));
        assert!(read("{\"data\":[]}").unwrap_err().to_string().contains("it holds no post"));
    }
}
