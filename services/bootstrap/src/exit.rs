//! The end of a process: an error becomes one line on standard error and an exit code.

use std::error::Error;
use std::process::ExitCode;

use crate::ConfigError;

/// Prints the error with its causes on standard error; `main` returns the code.
/// 78 where the configuration is to blame (its text may take several lines), else 1.
///
/// From anyhow: `bootstrap::report(error.as_ref())`.
pub fn report(error: &(dyn Error + 'static)) -> ExitCode {
    let config = causes(error).find_map(|cause| cause.downcast_ref::<ConfigError>());
    match config {
        Some(config) => {
            eprintln!("error: {config}");
            ExitCode::from(config.exit_code())
        }
        None => {
            eprintln!("error: {}", one_line(error));
            ExitCode::FAILURE
        }
    }
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&e| e.source())
}

/// The error and its causes, leaving out a cause whose text its parent already holds.
fn one_line(error: &(dyn Error + 'static)) -> String {
    let mut line = String::new();
    for cause in causes(error) {
        let text =
            cause.to_string().lines().map(str::trim).filter(|l| !l.is_empty()).collect::<Vec<_>>().join("; ");
        if line.is_empty() {
            line = text;
        } else if !line.contains(&text) {
            line = format!("{line}: {text}");
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("cannot connect to {address}")]
    struct Connect {
        address: &'static str,
        source: std::io::Error,
    }

    #[derive(Debug, thiserror::Error)]
    #[error("cannot start")]
    struct Start {
        source: ConfigError,
    }

    #[test]
    fn prints_causes_once_and_on_one_line() {
        let inner = Connect { address: "127.0.0.1:1", source: std::io::Error::other("refused\n  by peer") };
        let outer = std::io::Error::other(inner);
        assert_eq!(one_line(&outer), "cannot connect to 127.0.0.1:1: refused; by peer");
    }

    #[test]
    fn a_wrapped_configuration_error_still_ends_with_78() {
        let config = ConfigError::Syntax { origin: "x.toml".into(), reason: "line 1".into() };
        assert_eq!(report(&Start { source: config }), ExitCode::from(78));
        assert_eq!(report(&std::io::Error::other("anything else")), ExitCode::from(1));
    }
}
