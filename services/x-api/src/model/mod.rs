//! What X sends: any member may be missing, and what has no field is in `extra`.

pub mod entities;
pub mod media;
pub mod meta;
pub mod place;
pub mod problem;
pub mod tweet;
pub mod user;
