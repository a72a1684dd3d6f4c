//! What the rail and the lists of sections offer to a role; the pages behind them refuse the others all the same.

use super::access::Role;
use super::html::{Area, NavItem, Section, SectionGroup, Sections};

const ITEMS: &[(Area, &str, &str, &str, char, &str)] = &[
    (Area::Dashboard, "Dashboard", "layout-dashboard", "/", 'd', "dashboard:read"),
    (Area::Inbox, "Inbox", "inbox", "/inbox", 'i', "conversations:read"),
    (Area::Search, "Search", "search", "/search", 'f', "conversations:read"),
    (Area::Customers, "Customers", "address-book", "/customers", 'c', "customers:read"),
    (Area::Calls, "Calls", "phone", "/calls", 'l', "calls:read"),
    (Area::Settings, "Settings", "settings", "/settings/numbers", 's', "numbers:read_settings"),
    (Area::Platform, "Platform", "building", "/platform/tenants", 'p', "tenants:read"),
];

/// Label, icon, address, permission.
type Entry = (&'static str, &'static str, &'static str, &'static str);

const SETTINGS: &[(&str, &[Entry])] = &[
    (
        "Organisation",
        &[
            ("Organisation", "building", "/settings/organisation", "organisation:read"),
            ("Support access", "lifebuoy", "/settings/support", "support:read"),
        ],
    ),
    (
        "Users & teams",
        &[
            ("Users", "users", "/settings/users", "users:read"),
            ("Teams", "users-group", "/settings/teams", "teams:read"),
            ("Roles", "checklist", "/settings/roles", "roles:read"),
        ],
    ),
    (
        "Customers",
        &[
            ("Customer fields", "forms", "/settings/customer-fields", "customers:read_fields"),
            ("Labels", "tag", "/settings/labels", "customers:read_fields"),
        ],
    ),
    ("Messaging", &[("Numbers", "device-mobile", "/settings/numbers", "numbers:read_settings")]),
    (
        "Security",
        &[
            ("Security", "shield-lock", "/settings/security", "security:read"),
            ("Sessions", "devices", "/settings/sessions", "security:read"),
            ("Audit log", "history", "/audit", "audit:read"),
        ],
    ),
    ("GDPR", &[("GDPR desk", "shield-check", "/gdpr", "privacy:read")]),
    ("Programs", &[("API tokens", "key", "/settings/api-tokens", "api_tokens:read")]),
];

const CUSTOMERS: &[(&str, &[Entry])] = &[(
    "",
    &[
        ("All customers", "address-book", "/customers", "customers:read"),
        ("Duplicates", "users", "/customers/duplicates", "customers:read"),
        ("Imports", "table-import", "/customers/imports", "customers:import"),
        ("Background work", "stack-2", "/tasks", "tasks:read"),
    ],
)];

const PLATFORM: &[(&str, &[Entry])] = &[(
    "",
    &[
        ("Tenants", "building", "/platform/tenants", "tenants:read"),
        ("Health", "heartbeat", "/platform/health", "platform:read"),
    ],
)];

const PRIVACY: &[(&str, &[Entry])] = &[(
    "",
    &[
        ("Requests", "mail-question", "/gdpr", "privacy:read"),
        ("Consents", "checklist", "/gdpr/consents", "privacy:read"),
        ("Erasures", "eraser", "/gdpr/erasures", "privacy:read"),
        ("Retention", "clock-hour-4", "/gdpr/retention", "privacy:read"),
        ("Legal holds", "gavel", "/gdpr/holds", "privacy:read"),
        ("Access log", "eye", "/gdpr/accesses", "privacy:read"),
    ],
)];

const ACCOUNT: &[(&str, &[Entry])] = &[(
    "",
    &[
        ("Profile", "user", "/account", "account:write"),
        ("Security", "shield-lock", "/account/security", "account:write"),
        ("API tokens", "key", "/account/api-tokens", "account:write_api_tokens"),
        ("Microsoft", "brand-windows", "/account/microsoft", "account:write"),
    ],
)];

/// The areas `role` may enter, in the order of the rail.
pub fn items(role: Role) -> Vec<NavItem> {
    let allowed = ITEMS.iter().filter(|(.., permission)| role.may(permission));
    allowed.map(|&(area, label, icon, href, key, _)| NavItem { area, label, icon, href, key }).collect()
}

/// The pages of Settings that `role` may see, of which `current` is shown.
pub fn settings(role: Role, current: &str) -> Sections {
    sections("Settings", SETTINGS, role, current)
}

/// The pages of Customers.
pub fn customers(role: Role, current: &str) -> Sections {
    sections("Customers", CUSTOMERS, role, current)
}

/// The pages of Platform.
pub fn platform(role: Role, current: &str) -> Sections {
    sections("Platform", PLATFORM, role, current)
}

/// The pages of the GDPR desk.
pub fn privacy(role: Role, current: &str) -> Sections {
    sections("GDPR desk", PRIVACY, role, current)
}

/// The pages of one's own account.
pub fn account(role: Role, current: &str) -> Sections {
    sections("Your account", ACCOUNT, role, current)
}

fn sections(
    title: &'static str,
    groups: &'static [(&'static str, &'static [Entry])],
    role: Role,
    current: &str,
) -> Sections {
    let section = |&(label, icon, href, _): &Entry| Section { label, icon, href, is_current: href == current };
    let group = |(label, entries): &(&'static str, &'static [Entry])| SectionGroup {
        label,
        sections: entries.iter().filter(|(.., permission)| role.may(permission)).map(section).collect(),
    };
    Sections { title, groups: groups.iter().map(group).filter(|group| !group.sections.is_empty()).collect() }
}
