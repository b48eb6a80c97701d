//! Setting aside: what cannot be stored goes to the dead-letter topic, acknowledged before the offset moves.

mod letter;
mod list;
mod producer;
mod read;
mod replay;
mod streak;

pub use letter::{Letter, Reason};
pub use list::list;
pub use producer::{Aside, AsideError};
pub use read::{ReadError, Stored, letters};
pub use replay::{ReplayError, Which, replay};
pub use streak::Streak;
