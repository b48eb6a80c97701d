//! From X's types to the contract's: vocabulary and types only. Text is untouched, and nothing is dropped: what the
//! contract has no field for goes to `extra`. Pure.
//!
//! Every X type is taken apart whole, so that a field added to it does not compile here until it has its place.

mod around;
mod entities;
mod extra;
#[cfg(test)]
mod tests;
mod tweet;

use contract::{PartialError, TweetBatch};
use serde_json::Value;
use x_api::model::meta::Meta;
use x_api::model::problem::Problem;
use x_api::{Includes, Page, Section, Unparsed};

use extra::Kept;

/// The content of an answer, as a batch that does not yet say where it belongs.
pub fn normalise(page: Page) -> TweetBatch {
    let Page { tweets, includes, errors, meta, unparsed, extra, received: _ } = page;
    let Includes { tweets: included, users, places, media, polls, extra: beside } = includes;
    let mut kept = Kept::of(extra);
    kept.object("includes", beside);
    kept.object("meta", meta.map(about).unwrap_or_default());
    TweetBatch {
        tweets: tweets.into_iter().map(tweet::tweet).collect(),
        included: included.into_iter().map(tweet::tweet).collect(),
        users: users.into_iter().map(around::user).collect(),
        places: places.into_iter().map(around::place).collect(),
        media: media.into_iter().map(around::media).collect(),
        polls: polls.into_iter().map(around::poll).collect(),
        errors: errors.into_iter().map(problem).collect(),
        unparsed: unparsed.into_iter().map(left_over).collect(),
        extra: kept.json(),
        ..TweetBatch::default()
    }
}

/// What an answer says of itself; newest and oldest id and the token have fields in batch and cursor.
fn about(meta: Meta) -> x_api::Extra {
    let Meta { newest_id: _, oldest_id: _, next_token: _, result_count, previous_token, total_tweets, extra } =
        meta;
    let mut kept = Kept::of(extra);
    kept.put("result_count", result_count.as_ref());
    kept.put("previous_token", previous_token.as_ref());
    kept.put("total_tweet_count", total_tweets.as_ref());
    kept.members()
}

fn problem(problem: Problem) -> PartialError {
    let Problem {
        kind,
        title,
        detail,
        status,
        parameter,
        value,
        field,
        resource_id,
        resource_type,
        section,
        reason,
        period,
        scope,
        connection_issue,
        code,
        message,
        errors,
        extra,
    } = problem;
    let mut kept = Kept::of(extra);
    kept.put("status", status.as_ref());
    kept.put("field", field.as_ref());
    kept.put("section", section.as_ref());
    kept.put("reason", reason.as_ref());
    kept.put("period", period.as_ref());
    kept.put("scope", scope.as_ref());
    kept.put("connection_issue", connection_issue.as_ref());
    kept.put("code", code.as_ref());
    kept.put("message", message.as_ref());
    kept.put("errors", errors.as_ref());
    PartialError { kind, title, detail, resource_type, resource_id, parameter, value, extra: kept.json() }
}

fn left_over(entry: Unparsed) -> contract::Unparsed {
    let Unparsed { section, index, json, reason } = entry;
    let section = match section {
        Section::Data => "data",
        Section::IncludedTweets => "includes.tweets",
        Section::Users => "includes.users",
        Section::Places => "includes.places",
        Section::Media => "includes.media",
        Section::Polls => "includes.polls",
    };
    contract::Unparsed {
        section: section.to_owned(),
        json: Value::to_string(&json),
        reason: format!("entry {index}: {reason}"),
    }
}
