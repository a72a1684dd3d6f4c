//! The agents' page: queues, the list of conversations, the open thread and the answer being written. It has no tables
//! of its own: it shows conversations and messages together.

pub mod bubbles;
pub mod cards;
pub mod form;
pub mod handlers;
pub mod many;
pub mod model;
mod named;
pub mod pills;
pub mod rows;
pub mod screens;
pub mod text;
pub mod thread_view;
pub mod view;
