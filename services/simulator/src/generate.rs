//! Posts made from a seed: post number i depends on (seed, i) alone, so that millions cost nothing to hold.

pub(crate) mod attachments;
pub(crate) mod authors;
mod context;
mod draw;
mod entities;
mod grammar;
pub(crate) mod places;
pub(crate) mod post;
mod relations;
pub(crate) mod texts;
pub(crate) mod timeline;

pub(crate) use draw::{Draw, For};
