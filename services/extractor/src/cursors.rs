//! `extractor cursors import`: cursors and money that `transformer cursors export` read out of the ledger, into a Kafka that
//! lost its own.

use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;

use contract::Standing;
use thiserror::Error;

use crate::config::Settings;
use crate::start::me;
use crate::to_kafka::{Snapshot, ToKafka, Transaction};
use crate::topics::Topics;

/// Nothing was imported.
#[derive(Debug, Error)]
enum ImportError {
    #[error("line {line} of {file} is no cursor: {reason}")]
    Line { line: usize, file: String, reason: serde_json::Error },
    #[error(
        "{file} holds no cursor, because the ledger it comes from is empty: where MySQL was lost as well, a dump comes first \
         (docs/operations.md, \"The host is gone\")"
    )]
    Empty { file: String },
    #[error(
        "rule {rule} has a cursor in Kafka already, and nothing was imported: this is for a Kafka that lost its volume; \
         an extractor that ran in the meantime claimed the rule anew (docs/operations.md, \"The host is gone\")"
    )]
    Present { rule: String },
    #[error(
        "{file} holds nothing of the identity {identity:?}, only of: {others}; set EXTRACTOR_COLLECT__IDENTITY to one of them"
    )]
    Foreign { file: String, identity: String, others: String },
}

/// Reads `file` (`-`: what comes in) and commits what belongs to this identity in one transaction, or nothing.
pub(crate) async fn import(settings: &Settings, file: &Path) -> anyhow::Result<ExitCode> {
    let standings = read(file)?;
    if standings.is_empty() {
        return Err(ImportError::Empty { file: file.display().to_string() }.into());
    }
    let identity = &settings.collect.identity;
    let (mine, others): (Vec<_>, Vec<_>) =
        standings.into_iter().partition(|standing| owner(standing) == identity);
    if mine.is_empty() {
        let mut names: Vec<&str> = others.iter().map(owner).collect();
        names.dedup();
        let (file, identity) = (file.display().to_string(), identity.clone());
        return Err(ImportError::Foreign { file, identity, others: names.join(", ") }.into());
    }
    Topics::new(&settings.kafka)?.ensure().await?;
    let (mut kafka, snapshot) = ToKafka::start(&settings.kafka, me(identity)).await?;
    let transaction = transaction(&mine, &snapshot)?;
    kafka.commit(&transaction, |_| ()).await?;
    println!("{} records of {identity} imported, {} of others left out", mine.len(), others.len());
    Ok(ExitCode::SUCCESS)
}

fn read(file: &Path) -> anyhow::Result<Vec<Standing>> {
    let text = if file == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text)?;
        text
    } else {
        std::fs::read_to_string(file)?
    };
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let parse = |(at, line): (usize, &str)| {
        serde_json::from_str(line).map_err(|reason| ImportError::Line {
            line: at + 1,
            file: file.display().to_string(),
            reason,
        })
    };
    Ok(lines.map(parse).collect::<Result<_, _>>()?)
}

fn owner(standing: &Standing) -> &str {
    match standing {
        Standing::Cursor(cursor) => &cursor.identity,
        Standing::Money(money) => &money.identity,
    }
}

fn transaction(standings: &[Standing], snapshot: &Snapshot) -> anyhow::Result<Transaction> {
    let mut transaction = Transaction::new();
    for standing in standings {
        transaction = match standing {
            Standing::Cursor(cursor) => {
                if snapshot.cursor(&cursor.rule)?.is_some() {
                    return Err(ImportError::Present { rule: cursor.rule.clone() }.into());
                }
                transaction.cursor(cursor)?
            }
            Standing::Money(money) => transaction.money(money)?,
        };
    }
    Ok(transaction)
}
