//! The state all requests share.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use crate::archive::{Archive, ArchiveError};
use crate::clock::{Clock, UnixMs, millis};
use crate::faults::Faults;
use crate::generate::timeline::{POSTS_PER_MS, Timeline};
use crate::ids::PostId;
use crate::ledger::Ledger;
use crate::limits::{Counter, Limits};
use crate::options::Options;
use crate::request::Reading;
use crate::store::Store;
use crate::vocabulary::Vocabulary;

/// X lets recent search reach back so far.
const WINDOW: Duration = Duration::from_secs(7 * 86_400);
const DAY: Duration = Duration::from_secs(86_400);

/// Why the simulator cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The archive cannot be served.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// Ids have no room for so many posts.
    #[error(
        "{posts} posts in {span:?} are more than {POSTS_PER_MS} a millisecond: give a longer --span or fewer --posts"
    )]
    TooDense {
        /// Posts asked for.
        posts: u64,
        /// The time they are spread over.
        span: Duration,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {address} (another --listen may be free, port 0 takes any)")]
    Listen {
        /// The address asked for.
        address: std::net::SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
}

/// Clock, posts, books, limits and faults.
pub(crate) struct App {
    pub(crate) clock: Clock,
    pub(crate) vocabulary: Vocabulary,
    pub(crate) tokens: Vec<String>,
    pub(crate) seed: u64,
    window: Duration,
    query_length: usize,
    any_query: bool,
    store: RwLock<Store>,
    ledger: Mutex<Ledger>,
    limits: Mutex<Counter>,
    faults: Mutex<Faults>,
    /// Posts that tests inserted so far.
    inserted: AtomicU64,
}

impl App {
    /// The id of the next inserted post: above that of the one before, also within one millisecond.
    pub(crate) fn next_inserted(&self, now: UnixMs) -> PostId {
        PostId::at(now, self.inserted.fetch_add(1, Ordering::Relaxed))
    }

    /// Reads the archive and sets the clock.
    pub(crate) fn new(options: &Options) -> Result<Self, StartError> {
        let posts = options.posts.unwrap_or(if options.archive.is_some() { 0 } else { 10_000 });
        if u128::from(posts) > u128::from(POSTS_PER_MS) * options.span.as_millis().max(1) {
            return Err(StartError::TooDense { posts, span: options.span });
        }
        let mut archive = options.archive.as_deref().map(Archive::read).transpose()?;
        let mut start = options.now.unwrap_or_else(UnixMs::of_this_machine);
        let mut window = options.window.unwrap_or(WINDOW);
        if let Some(archive) = &mut archive {
            if options.shift {
                archive.shift_to(start);
            } else if options.now.is_none() {
                start = archive.newest().unwrap_or(start);
            }
            if options.window.is_none() {
                let reach = start.0 - archive.oldest().unwrap_or(start).0;
                window = window.max(Duration::from_millis(reach.max(0).unsigned_abs()) + DAY);
            }
        }
        let line = Timeline {
            seed: options.seed,
            start,
            span: options.span,
            posts,
            per_1000s: options.rate,
            halted: None,
        };
        let mut store = Store::new(line, options.quirks.is_on());
        if let Some((posts, shelf)) = archive.map(Archive::into_parts) {
            store.take_archive(posts, shelf);
        }
        let limits = Limits {
            search: options.rate_limit,
            counts: 300,
            usage: 50,
            window_seconds: 15 * 60,
            one_per_second: options.one_per_second.is_on(),
        };
        Ok(Self {
            inserted: AtomicU64::new(0),
            clock: Clock::starting_at(start),
            vocabulary: options.vocabulary,
            tokens: options.token.clone(),
            seed: options.seed,
            window,
            query_length: options.query_length,
            any_query: options.any_query,
            store: RwLock::new(store),
            ledger: Mutex::new(Ledger::new(options.same_day_rule.is_on())),
            limits: Mutex::new(Counter::new(limits)),
            faults: Mutex::default(),
        })
    }

    /// What a request at `now` is read with.
    pub(crate) fn reading(&self, now: UnixMs) -> Reading {
        Reading {
            vocabulary: self.vocabulary,
            now,
            horizon: UnixMs(now.0.saturating_sub(millis(self.window))),
            query_length: self.query_length,
            any_query: self.any_query,
        }
    }

    // A panic elsewhere leaves counts at worst one short: the state stays usable.

    pub(crate) fn store(&self) -> RwLockReadGuard<'_, Store> {
        self.store.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn store_mut(&self) -> RwLockWriteGuard<'_, Store> {
        self.store.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn limits(&self) -> MutexGuard<'_, Counter> {
        self.limits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn faults(&self) -> MutexGuard<'_, Faults> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
