//! Settings → Organisation, and the limits that hold whoever asks, however many ask at once.

mod limits;
mod organisation;
