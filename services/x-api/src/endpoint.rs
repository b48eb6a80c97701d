//! The endpoints of this client.

/// An endpoint. The paths kept their name in the post vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// Posts of the last 7 days; every post and every user sent along is billed.
    SearchRecent,
    /// How many there are; every request is billed.
    CountsRecent,
    /// What the project has used; free.
    Usage,
}

impl Endpoint {
    /// The path under the base URL.
    pub fn path(self) -> &'static str {
        match self {
            Self::SearchRecent => "/2/tweets/search/recent",
            Self::CountsRecent => "/2/tweets/counts/recent",
            Self::Usage => "/2/usage/tweets",
        }
    }

    /// The span's name: method and path, which is its own template.
    pub(crate) fn span_name(self) -> &'static str {
        match self {
            Self::SearchRecent => "GET /2/tweets/search/recent",
            Self::CountsRecent => "GET /2/tweets/counts/recent",
            Self::Usage => "GET /2/usage/tweets",
        }
    }
}
