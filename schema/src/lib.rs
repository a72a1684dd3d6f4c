//! The tables as diesel sees them, written by `diesel print-schema`.
