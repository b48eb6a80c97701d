//! Progress for people: bars on a terminal, plain lines elsewhere, nothing where nobody reads.

use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

#[derive(Debug, Clone)]
enum Output {
    Bars(MultiProgress),
    Lines,
    Silent,
}

/// Where progress is shown. Cheap to clone; all clones share the terminal.
#[derive(Debug, Clone)]
pub struct Progress {
    output: Output,
}

impl Progress {
    /// Bars where stderr is a terminal, else a line for each thing begun and ended.
    pub fn to_stderr() -> Self {
        use std::io::IsTerminal;
        let bars = std::io::stderr().is_terminal();
        Self { output: if bars { Output::Bars(MultiProgress::new()) } else { Output::Lines } }
    }

    /// Shows nothing.
    pub fn silent() -> Self {
        Self { output: Output::Silent }
    }

    /// A line of its own for the thing called `name`.
    pub fn step(&self, name: &str) -> Step {
        let bar = match &self.output {
            Output::Bars(all) => {
                let bar = all.add(ProgressBar::new_spinner().with_prefix(name.to_owned()));
                bar.set_style(style("{prefix:>12} {spinner} {msg}"));
                bar.enable_steady_tick(Duration::from_millis(120));
                Some(bar)
            }
            Output::Lines | Output::Silent => None,
        };
        let lines = matches!(self.output, Output::Lines);
        Step { name: name.to_owned(), bar, lines }
    }
}

/// The progress of one thing.
#[derive(Debug)]
pub struct Step {
    name: String,
    bar: Option<ProgressBar>,
    lines: bool,
}

impl Step {
    /// Says what happens now.
    pub fn say(&self, message: &str) {
        match &self.bar {
            Some(bar) => {
                bar.set_style(style("{prefix:>12} {spinner} {msg}"));
                bar.set_message(message.to_owned());
            }
            None if self.lines => eprintln!("{}: {message}", self.name),
            None => {}
        }
    }

    /// Refreshes the message on a terminal; elsewhere it would be a line too many.
    pub fn tell(&self, message: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(message.to_owned());
        }
    }

    /// Begins something of a known number of parts.
    pub fn begin(&self, parts: u64, message: &str) {
        if let Some(bar) = &self.bar {
            bar.set_style(style("{prefix:>12} [{bar:24}] {pos}/{len} {msg}"));
            bar.set_length(parts);
            bar.set_position(0);
            bar.set_message(message.to_owned());
        } else {
            self.say(message);
        }
    }

    /// One more part is done.
    pub fn advance(&self) {
        if let Some(bar) = &self.bar {
            bar.inc(1);
        }
    }

    /// The thing is done; its last word stays on the screen.
    pub fn done(self, message: &str) {
        match &self.bar {
            Some(bar) => {
                bar.set_style(style("{prefix:>12} {msg}"));
                bar.finish_with_message(message.to_owned());
            }
            None if self.lines => eprintln!("{}: {message}", self.name),
            None => {}
        }
    }

    /// The thing needed no work: it leaves no line.
    pub fn nothing_to_do(self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}
