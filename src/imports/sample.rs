//! What the columns of a file are chosen by: its first rows, and what there is to choose.

use super::labels;
use super::model::Import;
use super::rows::{self, Row};
use crate::customers::attributes::{self, Definition};
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use diesel::PgConnection;
use uuid::Uuid;

/// Rows that are looked at for cells that hold something.
const ROWS: i64 = 20;

pub struct Sample {
    pub rows: Vec<Row>,
    pub definitions: Vec<Definition>,
    /// (id, name)
    pub labels: Vec<(Uuid, String)>,
}

pub fn of_import(conn: &mut PgConnection, tenant: TenantId, import: &Import) -> Result<Sample> {
    Ok(Sample {
        rows: rows::first(conn, tenant, import.id, ROWS)?,
        definitions: attributes::definitions(conn, tenant)?,
        labels: labels::all(conn, tenant)?,
    })
}
