//! Enrichment as the services use it: the labelled sample's figures, faulty tables, any text at all.

#[path = "enrichment/any_text.rs"]
mod any_text;
#[path = "enrichment/figures.rs"]
mod figures;
#[path = "enrichment/guide.rs"]
mod guide;
#[path = "enrichment/sample.rs"]
mod sample;
#[path = "enrichment/tables.rs"]
mod tables;
