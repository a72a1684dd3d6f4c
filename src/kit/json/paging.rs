//! Lists of resources: `limit` and `cursor` in, `next_cursor` out.

use super::params::refused;
use crate::kit::error::Result;
use crate::kit::page::Cursor;
use serde::{Deserialize, Serialize};
use std::fmt::Display;
use utoipa::{IntoParams, ToSchema};

const USUAL: usize = 50;
const MOST: usize = 100;

/// What a list without filters may be asked.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// How many at most, from 1 to 100.
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100, example = 50)]
    pub limit: Option<String>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl Paging {
    pub fn slice(&self) -> Result<Slice> {
        Slice::of(self.limit.as_deref(), self.cursor.as_deref(), Cursor::parse)
    }
}

/// A part of a list; `C` is the place of a row.
#[derive(Debug, Clone, Copy)]
pub struct Slice<C = Cursor> {
    pub size: usize,
    pub after: Option<C>,
}

impl<C> Slice<C> {
    /// # Errors
    /// 422 for a limit out of bounds and for a cursor that is none of ours.
    pub fn of(limit: Option<&str>, cursor: Option<&str>, parse: impl Fn(&str) -> Option<C>) -> Result<Self> {
        let size = match limit.map(str::parse) {
            None => USUAL,
            Some(Ok(size @ 1..=MOST)) => size,
            Some(_) => return Err(refused("limit", "A limit is a whole number from 1 to 100.")),
        };
        let unknown = || refused("cursor", "This cursor is none of ours. Send `next_cursor` as it came.");
        let after = cursor.map(|text| parse(text).ok_or_else(unknown)).transpose()?;
        Ok(Self { size, after })
    }
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct List<T> {
    pub data: Vec<T>,
    /// Where the next page begins; null on the last.
    pub next_cursor: Option<String>,
}

impl<T> List<T> {
    /// Of rows and whether more follow; `cursor` gives the place of a row.
    pub fn of<R, C: Display>(rows: (Vec<R>, bool), cursor: impl Fn(&R) -> C, shown: impl Fn(R) -> T) -> Self {
        let (rows, has_more) = rows;
        let next_cursor = rows.last().filter(|_| has_more).map(|row| cursor(row).to_string());
        Self { data: rows.into_iter().map(shown).collect(), next_cursor }
    }
}
