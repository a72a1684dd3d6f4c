//! What the form of a team sends: `member.<user>` for each box that is ticked.

use super::members::Membership;
use super::model::TeamData;
use crate::kit::fields;
use crate::kit::form::{Errors, Typed};
use crate::users::model::UserId;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct TeamForm {
    pub name: String,
    pub description: String,
    /// A user; empty for none.
    pub lead: String,
    #[serde(flatten)]
    pub boxes: BTreeMap<String, String>,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for TeamForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

impl TeamForm {
    pub fn is_ticked(&self, user: UserId) -> bool {
        self.boxes.contains_key(&format!("member.{user}"))
    }

    pub fn validate(mut self) -> Result<TeamData, Self> {
        let errors = &mut self.errors;
        let name = fields::required(errors, "name", &self.name, 100, "Enter a name, as “Service” or “Sales”.");
        let description = fields::line(errors, "description", &self.description, 500);
        let ticked = self.boxes.keys().filter_map(|name| name.strip_prefix("member."));
        let members: Result<BTreeSet<UserId>, _> = ticked.map(str::parse).collect();
        let lead = Some(self.lead.trim()).filter(|lead| !lead.is_empty()).map(str::parse).transpose();
        match (members, lead, self.errors.is_empty()) {
            (Ok(members), Ok(lead), true) => {
                Ok(TeamData { name, description, membership: Membership { members, lead } })
            }
            (Ok(_), Ok(_), false) => Err(self),
            _ => Err(self.wrong("members", "Choose people of the list.")),
        }
    }

    pub fn wrong(mut self, field: &str, message: impl Into<String>) -> Self {
        self.errors.add(field, message);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::form::parse;

    #[test]
    fn ticked_boxes_become_members() {
        let (one, two) = (UserId::new(), UserId::new());
        let body = format!("name=Service&description=&member.{one}=on&member.{two}=on&lead={two}");
        let data = parse::<TeamForm>(body.as_bytes()).unwrap().validate().unwrap();
        assert_eq!(data.membership, Membership { members: BTreeSet::from([one, two]), lead: Some(two) });
        assert_eq!((data.name.as_str(), data.description), ("Service", None));
    }

    #[test]
    fn nonsense_is_told_beside_its_field() {
        for (body, field) in [
            ("name=+", "name"),
            ("name=a%0ab", "name"),
            ("name=Service&member.x=on", "members"),
            ("name=Service&lead=x", "members"),
        ] {
            let form = parse::<TeamForm>(body.as_bytes()).unwrap().validate().unwrap_err();
            assert!(form.errors.of(field).is_some(), "{body}");
        }
        let long = TeamForm { name: "x".repeat(101), description: "x".repeat(501), ..TeamForm::default() };
        let form = long.validate().unwrap_err();
        assert!(form.errors.of("name").is_some() && form.errors.of("description").is_some());
    }
}
