//! Certificates for MySQL's TLS: a CA of one's own, and what it signs for the server and for clients.

mod arguments;
mod error;
mod folder;
mod issue;
mod key;
mod make;
mod names;
mod pair;
mod read;
mod reload;
mod rotate;
mod settings;
mod show;

pub use arguments::Command;
pub use error::CertificateError;
pub use issue::{Authority, Issued, Leaf, Role};
pub use key::KeyKind;
pub use names::Name;
pub use read::{Facts, facts};
pub use settings::CertificateSettings;

pub(crate) use reload::{served_until, status};
