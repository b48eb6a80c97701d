//! A page from X: attempts with their pauses, each counted, each paid for at its worst if nobody knows.

use std::time::{Duration, Instant};

use time::OffsetDateTime;
use x_api::{Error, Page, Received};

use crate::clock::{XClock, local_millis};
use crate::extractor::Extractor;
use crate::plan::Walk;
use crate::retry::{self, Action};
use crate::to_kafka::Fenced;

/// So many attempts belong to one trace; after them other rules get their turn.
const ATTEMPTS_A_TURN: u32 = 4;

/// An answer and its times.
pub(crate) struct Answer {
    pub(crate) page: Page,
    /// First attempt sent, local clock (milliseconds since 1970).
    pub(crate) requested_at: i64,
    /// Read whole, local clock (milliseconds since 1970).
    pub(crate) received_at: i64,
    /// X's clock.
    pub(crate) observed_at: OffsetDateTime,
}

/// How asking ended.
pub(crate) enum Fetching {
    Answered(Box<Answer>),
    Refused(Box<Error>, Action),
    /// Stopped, or out of money, between two attempts.
    Interrupted,
}

impl Extractor {
    /// Asks for the next page of a walk whose worst price is reserved.
    pub(crate) async fn fetch(&mut self, at: usize, walk: &Walk) -> Result<Fetching, Fenced> {
        let request = walk.request(&self.rules[at].rule);
        for attempt in 1.. {
            let (sent, now) = (Instant::now(), local_millis());
            let rule = &mut self.rules[at];
            let requested_at = *rule.first_asked.get_or_insert(now);
            let resent = u32::try_from(rule.attempts).unwrap_or(0);
            rule.attempts += 1;
            let error = match self.x.search_recent(&request, resent).await {
                Ok(page) => {
                    let received_at = local_millis();
                    self.observe(page.received.date, sent);
                    let observed_at = page.received.date.unwrap_or_else(|| self.clock.now());
                    self.readiness.set("x", Ok(()));
                    return Ok(Fetching::Answered(Box::new(Answer {
                        page,
                        requested_at,
                        received_at,
                        observed_at,
                    })));
                }
                Err(error) => error,
            };
            self.observe(error.received.as_ref().and_then(|received| received.date), sent);
            let action = self.failed(at, &error);
            let pause = match action {
                Action::Pause(pause) if attempt < ATTEMPTS_A_TURN => pause,
                Action::BackOff if attempt < ATTEMPTS_A_TURN => self.rules[at].pause(),
                action => return Ok(Fetching::Refused(Box::new(error), action)),
            };
            tracing::info!(rule = walk.cursor.rule, %error, pause_ms = pause.as_millis(), "asking again");
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = self.stop.cancelled() => return Ok(Fetching::Interrupted),
            }
            if !self.reserve(at, walk).await? {
                return Ok(Fetching::Interrupted);
            }
        }
        Ok(Fetching::Interrupted)
    }

    /// The window's last request was this one: the next one waits for the next window rather than for a refusal.
    pub(crate) fn mind_the_window(&mut self, received: &Received) {
        let limit = received.rate_limit;
        if let (Some(0), Some(reset), Some(date)) = (limit.remaining, limit.reset, received.date)
            && let Ok(wait) = Duration::try_from(reset - date)
        {
            tracing::info!(wait_s = wait.as_secs(), "the window's requests are used up");
            self.all_wait = Some((Instant::now() + wait, "rate_limited"));
        }
    }

    fn observe(&mut self, date: Option<OffsetDateTime>, sent: Instant) {
        if let Some(date) = date {
            self.clock = XClock::of(date, sent, Instant::now());
        }
    }

    /// Counts a failed attempt. One that X may have billed is carried at its worst; the next reservation writes that.
    fn failed(&mut self, at: usize, error: &Error) -> Action {
        let rule = &mut self.rules[at];
        self.metrics.failed(&rule.rule.name, retry::class(error));
        if retry::maybe_billed(error) {
            rule.refetch = true;
            self.ledger = self.ledger.maybe_billed(rule.rule.worst_page, self.clock.latest().date());
        }
        retry::action(error)
    }

    /// What a refusal means for this rule and for all.
    pub(crate) fn refused(&mut self, at: usize, walk: Walk, error: &Error, action: &Action) {
        let rule = &mut self.rules[at];
        let name = rule.rule.name.clone();
        match action {
            Action::BackOff | Action::Pause(_) => {
                let pause = rule.pause();
                tracing::warn!(rule = name, %error, pause_ms = pause.as_millis(), "X does not answer; trying again later");
                rule.wait(Instant::now() + pause, "back-off");
                rule.unanswered = Some(walk);
                self.readiness.set("x", Err(&error.to_string()));
            }
            Action::WaitAll(wait) => {
                rule.unanswered = Some(walk);
                tracing::warn!(rule = name, %error, wait_s = wait.as_secs(), "X wants all rules to wait");
                // The answer's Date is cut to the second, so this ends within the second after what X said.
                self.all_wait =
                    Some((Instant::now() + *wait + Duration::from_millis(50), retry::class(error)));
                if matches!(error.class, x_api::ErrorClass::UsageCapped { .. }) {
                    self.readiness.set("x", Err(&error.to_string()));
                }
            }
            Action::StopAll => {
                tracing::error!(rule = name, %error, "X gives nothing more: act, then restart the extractor");
                self.readiness.set("x", Err(&error.to_string()));
                self.all_stopped = true;
            }
            Action::StopRule => self.stop_rule(at, error),
            Action::DropSinceId | Action::DropToken => {
                tracing::warn!(rule = name, %error, "the walk goes on with other bounds");
                let healed = if *action == Action::DropSinceId {
                    walk.without_since_id()
                } else {
                    walk.without_token()
                };
                match healed {
                    Some(walk) => rule.unanswered = Some(walk),
                    None => self.stop_rule(at, error),
                }
            }
        }
    }

    fn stop_rule(&mut self, at: usize, error: &Error) {
        let rule = &mut self.rules[at];
        tracing::error!(
            rule = rule.rule.name,
            %error,
            "the rule is stopped: put right what X refuses, then restart the extractor"
        );
        rule.stopped = Some(error.to_string());
        let stopped = self
            .rules
            .iter()
            .filter_map(|rule| Some(format!("{}: {}", rule.rule.name, rule.stopped.as_ref()?)));
        let stopped = stopped.collect::<Vec<_>>().join("; ");
        self.readiness.set("rules", Err(&stopped));
    }
}
