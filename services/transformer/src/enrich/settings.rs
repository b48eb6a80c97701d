//! Settings of the enrichment: other tables than the embedded ones.

use std::path::PathBuf;

use serde::Deserialize;

/// Files that replace an embedded table whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnrichSettings {
    /// Topics and their terms.
    pub taxonomy: Option<PathBuf>,
    /// Words of English and their valences.
    pub lexicon_en: Option<PathBuf>,
    /// Words of Portuguese and their valences.
    pub lexicon_pt: Option<PathBuf>,
}
