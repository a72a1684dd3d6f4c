//! The one table of roles and rights, grouped by what the rights are about.

use super::screens::{Group, Holder, Index, Right, Role as Column};
use crate::kit::access::{Access, MEANINGS, PERMISSIONS, Permission, Role};

/// An organisation's own roles first.
const COLUMNS: [Role; 5] = [Role::TenantAdmin, Role::Manager, Role::Agent, Role::Auditor, Role::PlatformAdmin];

pub fn index<P: Permission>(access: &Access<P>) -> Index {
    Index {
        sections: access.settings("/settings/roles"),
        roles: COLUMNS.map(|role| Column { label: role.label(), about: role.about() }).into(),
        groups: groups(),
    }
}

fn groups() -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for ((name, roles), about) in PERMISSIONS.iter().zip(MEANINGS) {
        let holder = |role: Role| Holder { role: role.label(), may: roles.contains(&role) };
        let right = Right { name, about: about.trim(), holders: COLUMNS.map(holder).into() };
        let noun = heading(name);
        match groups.iter_mut().find(|group| group.noun == noun) {
            Some(group) => group.rights.push(right),
            None => groups.push(Group { noun, rights: vec![right] }),
        }
    }
    groups
}

/// "Api tokens" for `api_tokens:read`.
fn heading(name: &str) -> String {
    let noun = name.split(':').next().unwrap_or(name).replace('_', " ");
    let mut letters = noun.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
