//! Answers to forms that stand in a part of a page, which stays where it is.

use super::{Access, Permission};
use crate::kit::error::Result;
use crate::kit::html::{DRAWER, show_kept};
use actix_web::HttpResponse;

impl<P: Permission> Access<P> {
    /// Redirects after a successful change, or for a form that stands in the drawer over a page closes it, says `told` and has
    /// what shows one of these live events fetched anew.
    pub fn go_on(&self, to: &str, told: &str, events: &[String]) -> Result<HttpResponse> {
        match self.target() {
            Some(DRAWER) => show_kept(&self.frame, told, None, events),
            _ => self.go(to),
        }
    }

    /// The same for a form in a part of a page: a menu, a toast. With a way to take it back, if there is one.
    pub fn tell(&self, to: &str, told: &str, undo: Option<&str>, events: &[String]) -> Result<HttpResponse> {
        match self.target() {
            None | Some("screen") => self.go(to),
            Some(_) => show_kept(&self.frame, told, undo, events),
        }
    }
}
