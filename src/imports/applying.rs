//! Doing what the verdicts say, for many rows at once.

use super::draft::Draft;
use super::model::Import;
use super::record::{self, Known};
use super::rows::{Fate, Problems, Row, RowState, WHOLE};
use super::verdict::{Extras, Rules, Verdict};
use super::{consents, labels};
use crate::customers::bulk;
use crate::customers::changes::Record;
use crate::customers::data::CustomerData;
use crate::customers::model::CustomerId;
use crate::kit::error::{Error, Result};
use crate::kit::tenant::TenantId;
use crate::kit::vault::Vault;
use diesel::{Connection, PgConnection};

/// Where customers of a file come from, as their addresses and their history say.
const SOURCE: &str = "import";

/// By what rows are done, and for which import.
pub(super) struct Setting<'a> {
    pub tenant: TenantId,
    pub vault: &'a Vault,
    pub import: &'a Import,
    pub rules: &'a Rules,
}

impl Setting<'_> {
    /// Does all rows, and answers what became of each. Where one stands in the way of the others, as when a customer was
    /// made meanwhile who has the same phone, they are done one by one, and that one is refused.
    pub(super) fn apply(&self, conn: &mut PgConnection, rows: &[Row], drafts: Vec<Draft>) -> Result<Vec<Fate>> {
        match conn.transaction(|conn| self.apply_all(conn, drafts)) {
            Err(Error::Taken(_) | Error::Refused(_)) => {
                rows.iter().map(|row| self.apply_one(conn, row)).collect::<Result<Vec<Fate>>>()
            }
            applied => applied,
        }
    }

    fn apply_one(&self, conn: &mut PgConnection, row: &Row) -> Result<Fate> {
        let refused = |why: String, place: String| Fate {
            number: row.number,
            state: RowState::Refused,
            problems: Problems::from([(place, why)]),
            customer: None,
        };
        let draft = self.rules.read(row.number, &row.cells());
        match conn.transaction(|conn| self.apply_all(conn, vec![draft])) {
            Ok(mut fates) => fates.pop().ok_or_else(|| Error::unexpected(anyhow::anyhow!("a row without a fate"))),
            Err(Error::Taken(key)) => Ok(refused(taken(&key).to_owned(), WHOLE.into())),
            Err(Error::Refused(why)) => Ok(refused(why, WHOLE.into())),
            Err(error) => Err(error),
        }
    }

    fn apply_all(&self, conn: &mut PgConnection, drafts: Vec<Draft>) -> Result<Vec<Fate>> {
        let known = record::look_up(conn, self.tenant, self.vault, self.rules, &drafts)?;
        let mut done = Done::default();
        for draft in drafts {
            let number = draft.number;
            let (verdict, extras) = self.rules.judge(draft, &known);
            done.take(number, verdict, extras);
        }
        self.write(conn, &known, &done)?;
        Ok(done.fates)
    }

    fn write(&self, conn: &mut PgConnection, known: &Known, done: &Done) -> Result<()> {
        let (tenant, by) = (self.tenant, self.import.created_by);
        if !done.created.is_empty() {
            let rows: Vec<(CustomerId, &CustomerData)> = done.created.iter().map(|(id, data)| (*id, &**data)).collect();
            let reason = format!("Import of {}", self.import.file_name);
            bulk::create(conn, tenant, self.vault, &rows, SOURCE, &reason, Some(by))?;
        }
        let edited = done.edited.iter().filter_map(|(id, data)| Some((&known.people.get(id)?.record, &**data)));
        let edited: Vec<(&Record, &CustomerData)> = edited.collect();
        if !edited.is_empty() {
            bulk::edit(conn, tenant, self.vault, &edited, SOURCE)?;
        }
        labels::stick(conn, tenant, &done.labels)?;
        let evidence = |(customer, consent, number): &(CustomerId, _, i64)| {
            (*customer, *consent, format!("Row {number} of {}", self.import.file_name))
        };
        consents::add(conn, tenant, by, &done.consents.iter().map(evidence).collect::<Vec<_>>())
    }
}

fn taken(key: &str) -> &'static str {
    match key {
        "customers_phone_taken" => "Another customer has this phone number already.",
        "customers_email_taken" => "Another customer has this email address already.",
        "customers_external_id_taken" => "Another customer has this external id already.",
        _ => "Another customer has one of these addresses already.",
    }
}

/// What rows come to, before it is written.
#[derive(Default)]
struct Done {
    created: Vec<(CustomerId, Box<CustomerData>)>,
    edited: Vec<(CustomerId, Box<CustomerData>)>,
    labels: Vec<(CustomerId, uuid::Uuid)>,
    consents: Vec<(CustomerId, super::verdict::Consent, i64)>,
    fates: Vec<Fate>,
}

impl Done {
    fn take(&mut self, number: i64, verdict: Verdict, extras: Extras) {
        let (state, customer) = match verdict {
            Verdict::Refuse(problems) => {
                self.fates.push(Fate { number, state: RowState::Refused, problems, customer: None });
                return;
            }
            Verdict::Leave(id) => (RowState::Unchanged, id),
            Verdict::Create(data) => {
                let id = CustomerId::new();
                self.created.push((id, data));
                (RowState::Created, id)
            }
            Verdict::Update(id, data) => {
                self.edited.extend(data.map(|data| (id, data)));
                (RowState::Updated, id)
            }
        };
        self.labels.extend(extras.labels.into_iter().map(|label| (customer, label)));
        self.consents.extend(extras.consents.into_iter().map(|consent| (customer, consent, number)));
        self.fates.push(Fate { number, state, problems: Problems::new(), customer: Some(customer) });
    }
}
