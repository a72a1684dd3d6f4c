//! Access and portability (Articles 15 and 20 of the GDPR): everything held about somebody as one ZIP file, to be read by
//! them (HTML) and by programs (JSON).

pub mod jobs;
pub mod looks;
pub mod model;
pub mod reading;
pub mod screens;
pub mod talk;
pub mod view;
