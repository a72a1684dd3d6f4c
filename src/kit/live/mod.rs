//! What changed, told to browsers and to the other processes: NOTIFY at commit, one listening line per process, and
//! server-sent events from there. An event says which thing changed, never what it now is: whoever hears it asks again,
//! and gets what they may see.
//!
//! Announcing takes PostgreSQL's one lock for notifications until the commit is on disk, so announcing transactions
//! commit one after the other: announce once per change that a page shows, and keep such transactions short.

mod event;
mod hub;
mod stream;

pub use event::{Announcement, Event, SESSION_ENDED, announce, announce_platform};
pub use hub::{Hub, Signal};
pub use stream::{Listener, Stream};
