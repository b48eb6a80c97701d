//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, ValueEnum};

use crate::clock::UnixMs;
use crate::vocabulary::Vocabulary;

/// An X API v2 server for tests and demonstrations: posts made from a seed, or an archive of real ones.
#[derive(Clone, Debug, Parser)]
#[command(version)]
pub struct Options {
    /// Where to listen; port 0 takes a free one, which is printed.
    #[arg(long, default_value = "127.0.0.1:0")]
    pub listen: SocketAddr,
    /// The seed of all posts: the same seed gives the same posts.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Posts that exist at the start; 10000 if absent, 0 with an archive.
    #[arg(long)]
    pub posts: Option<u64>,
    /// The time before the start over which those posts are spread, such as 90s, 1h, 3d.
    #[arg(long, default_value = "1h", value_parser = duration)]
    pub span: Duration,
    /// New posts a second from the start on; thousandths count.
    #[arg(long, default_value = "0", value_parser = per_1000s, value_name = "POSTS_PER_SECOND")]
    pub rate: u64,
    /// JSON lines of real posts: twarc2's pages or its flat lines. The clock starts at the newest of them.
    #[arg(long)]
    pub archive: Option<PathBuf>,
    /// Moves the archive so that its newest post was created just now.
    #[arg(long, requires = "archive")]
    pub shift: bool,
    /// Every query matches every post: an archive is the answer to its own query.
    #[arg(long)]
    pub any_query: bool,
    /// The names that answers use and requests have to use.
    #[arg(long, value_enum, default_value_t)]
    pub vocabulary: Vocabulary,
    /// The bearer token that requests need; given again, another one that is taken as well, as while one is rotated.
    #[arg(long, default_value = "simulator-token", env = "SIMULATOR_TOKEN", hide_env_values = true)]
    pub token: Vec<String>,
    /// Bills the same resource once in a UTC day, as X mostly does.
    #[arg(long, value_enum, default_value_t = Switch::On)]
    pub same_day_rule: Switch,
    /// Searches in 15 minutes.
    #[arg(long, default_value_t = 450)]
    pub rate_limit: u32,
    /// How far back posts are found; 7d if absent, with an archive as far as it reaches.
    #[arg(long, value_parser = duration)]
    pub window: Option<Duration>,
    /// Refuses a second request within a second.
    #[arg(long, value_enum, default_value_t = Switch::Off)]
    pub one_per_second: Switch,
    /// The oddities of real answers: numbers as strings, missing and unannounced fields.
    #[arg(long, value_enum, default_value_t = Switch::On)]
    pub quirks: Switch,
    /// The longest query, in characters.
    #[arg(long, default_value_t = 512)]
    pub query_length: usize,
    /// What the clock shows at the start (RFC 3339), instead of this machine's time.
    #[arg(long, value_parser = time)]
    pub now: Option<UnixMs>,
    /// Ends when standard input closes, so that it never outlives who started it.
    #[arg(long)]
    pub stdin_guard: bool,
}

/// On or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// On.
    On,
    /// Off.
    Off,
}

impl Switch {
    /// True for on.
    pub fn is_on(self) -> bool {
        self == Self::On
    }
}

fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number: u64 = text[..digits].parse().map_err(|_| format!("{text}: no number in front"))?;
    let seconds = match &text[digits..] {
        "ms" => return Ok(Duration::from_millis(number)),
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        unit => return Err(format!("{text}: the unit {unit:?} is none of ms, s, m, h, d")),
    };
    Ok(Duration::from_secs(number.saturating_mul(seconds)))
}

/// Posts a second as posts in 1,000 seconds; what lies behind the third decimal is dropped.
fn per_1000s(text: &str) -> Result<u64, String> {
    let bad = || format!("{text}: not a number of posts a second, such as 50 or 0.5");
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    if whole.is_empty() || !(whole.bytes().chain(decimals.bytes())).all(|byte| byte.is_ascii_digit()) {
        return Err(bad());
    }
    let rate: u64 = format!("{whole}{:0<3.3}", decimals).parse().map_err(|_| bad())?;
    let is_some = text.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
    if rate == 0 && is_some { Err(format!("{text}: less than 0.001 posts a second")) } else { Ok(rate) }
}

fn time(text: &str) -> Result<UnixMs, String> {
    UnixMs::parse(text).ok_or_else(|| format!("{text}: not a time such as 2026-11-24T12:00:00Z"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_durations_and_rates() {
        assert_eq!(duration("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("3d"), Ok(Duration::from_secs(3 * 86_400)));
        assert!(duration("3 weeks").is_err());
        assert_eq!(per_1000s("0.5"), Ok(500));
        assert_eq!(per_1000s("250"), Ok(250_000));
        assert_eq!(per_1000s("33.333333333333336"), Ok(33_333));
        assert_eq!(per_1000s("0.0"), Ok(0));
        for bad in ["0.0001", "", ".", "-1", "x", "1e3"] {
            assert!(per_1000s(bad).is_err(), "{bad}");
        }
    }
}
