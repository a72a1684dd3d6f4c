//! The rules of ARCHITECTURE.md, kept over the source text: what may use what, how long things are, and what is said
//! nowhere. An exception stands in a list with its reason; one that is not needed any more fails, too.

#[path = "architecture/audit.rs"]
mod audit;
#[path = "architecture/layers.rs"]
mod layers;
#[path = "architecture/lengths.rs"]
mod lengths;
#[path = "architecture/rooms.rs"]
mod rooms;
#[path = "architecture/source.rs"]
mod source;
#[path = "architecture/templates.rs"]
mod templates;
#[path = "architecture/words.rs"]
mod words;
