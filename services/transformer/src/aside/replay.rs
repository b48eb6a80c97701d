//! `transformer rejected replay`: tries dead letters again, a post alone where it was refused alone.

use std::process::ExitCode;

use contract::topics::COMPLIANCE;
use contract::{Compliance, TweetBatch};
use thiserror::Error;

use super::read::{ReadError, Stored, letters};
use super::{Aside, AsideError, Letter, Reason};
use crate::config::Settings;
use crate::decode::{Decoded, Decoder, RegistryError};
use crate::enrich::{EnrichError, Enricher, Received, enrich};
use crate::flow::rejected;
use crate::from_kafka::Message;
use crate::metrics::now_ms;
use crate::spans::{self, Joins};
use crate::to_mysql::{ConnectError, Mode, Outcome, Pause, Writer};

/// Which dead letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// Those of one message: `topic/partition/offset`.
    Message(String),
    /// Every one that is open.
    All,
}

/// Why the replay stopped. What was replayed before stays so.
#[derive(Debug, Error)]
pub enum ReplayError {
    /// Dead letters cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// None of that name.
    #[error("no dead letter of message {0:?}: `transformer rejected list --all` shows the ids")]
    Unknown(String),
    /// The registry's client.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// Taxonomy or lexicons.
    #[error(transparent)]
    Enrich(#[from] EnrichError),
    /// MySQL.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// MySQL, later.
    #[error(transparent)]
    Write(#[from] Pause),
    /// The note that a letter was replayed.
    #[error(transparent)]
    Note(#[from] AsideError),
}

/// Applies them one by one and prints what became of each; 1 if any is still refused.
///
/// # Errors
/// The infrastructure; a letter that is refused again is no error.
pub async fn replay(settings: &Settings, which: &Which) -> Result<ExitCode, ReplayError> {
    let enricher = Enricher::load(&settings.enrich)?;
    let mut stored = letters(&settings.kafka).await?;
    match which {
        Which::All => stored.retain(|stored| !stored.replayed),
        Which::Message(id) => {
            stored.retain(|stored| stored.letter.id() == *id);
            if stored.is_empty() {
                return Err(ReplayError::Unknown(id.clone()));
            }
        }
    }
    let decoder = Decoder::new(&settings.schema_registry)?;
    let writer = Writer::connect(&settings.mysql, &settings.write).await?;
    let tools = Tools { settings, decoder: &decoder, enricher: &enricher, writer: &writer };
    let aside = Aside::new(&settings.kafka.brokers);
    let (mut applied, mut refused) = (0, 0);
    for Stored { letter, .. } in &stored {
        match again(letter, &tools).await? {
            Ok(()) => {
                // Noted last: a crash before repeats an upsert, which changes nothing.
                aside.send(&[Letter::replayed(letter, now_ms())]).await?;
                println!("{}: applied", letter.key);
                applied += 1;
            }
            Err(reason) => {
                println!("{}: refused: {reason}", letter.key);
                refused += 1;
            }
        }
    }
    println!("{applied} applied, {refused} refused");
    Ok(if refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What each letter is applied with.
struct Tools<'a> {
    settings: &'a Settings,
    decoder: &'a Decoder,
    enricher: &'a Enricher,
    writer: &'a Writer,
}

/// Applies one; the inner `Err` says why it is still refused.
async fn again(letter: &Letter, tools: &Tools<'_>) -> Result<Result<(), String>, ReplayError> {
    if letter.record.topic == COMPLIANCE {
        return Ok(match tools.decoder.decode::<Compliance>(&letter.record.payload).await {
            Decoded::Record(event) if tools.writer.follow(std::slice::from_ref(&event)).await?.is_empty() => {
                Ok(())
            }
            Decoded::Record(_) => Err(letter.record.detail.clone()),
            Decoded::NotYet(reason) | Decoded::Malformed(reason) => Err(reason),
        });
    }
    let mode = match letter.reason {
        reason if reason == Reason::Data.name() && letter.record.section.is_some() => Mode::Alone,
        // The whole message was never applied: as if it came now.
        reason if [Reason::Data.name(), Reason::Decode.name()].contains(&reason) => Mode::Once,
        _ => {
            return Ok(Err(
                "the extractor could not read this object of X's answer; a release that can has to fetch it again"
                    .to_owned(),
            ));
        }
    };
    let batch = match tools.decoder.decode::<TweetBatch>(&letter.record.payload).await {
        Decoded::Record(batch) => *batch,
        Decoded::NotYet(reason) | Decoded::Malformed(reason) => return Ok(Err(reason)),
    };
    let message = Message::of_letter(&letter.record);
    let (span, trace) = spans::process(&message, &tools.settings.kafka.group_id, Joins::Never, now_ms());
    let received = Received {
        batch,
        source: message.ticket.source(),
        trace,
        committed_at_ms: message.timestamp_ms,
        span: span.clone(),
    };
    let enriched = spans::enrich(&span, 1).in_scope(|| enrich(tools.enricher, received));
    let outcomes = tools.writer.apply(&[enriched], mode).await?;
    let details = outcomes.iter().flat_map(|outcome| match outcome {
        Outcome::Refused { detail } => vec![detail.clone()],
        _ => rejected(outcome).iter().map(|post| post.detail.clone()).collect(),
    });
    Ok(match details.reduce(|all, detail| format!("{all}; {detail}")) {
        None => Ok(()),
        Some(details) => Err(details),
    })
}
