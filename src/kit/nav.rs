//! What the rail offers to a role; the pages behind it refuse the others all the same.

use super::access::Role;
use super::html::{Area, NavItem};

const ITEMS: &[(Area, &str, &str, &str, char, &str)] = &[
    (Area::Dashboard, "Dashboard", "layout-dashboard", "/", 'd', "dashboard:read"),
    (Area::Inbox, "Inbox", "inbox", "/inbox", 'i', "conversations:read"),
    (Area::Settings, "Settings", "settings", "/settings/numbers", 's', "numbers:read_settings"),
    (Area::Platform, "Platform", "heartbeat", "/platform/health", 'p', "platform:read"),
];

/// The areas `role` may enter, in the order of the rail.
pub fn items(role: Role) -> Vec<NavItem> {
    let allowed = ITEMS.iter().filter(|(.., permission)| role.may(permission));
    allowed.map(|&(area, label, icon, href, key, _)| NavItem { area, label, icon, href, key }).collect()
}
