//! Who looks: an administrator, who sees everything.

use switchboard::kit::html::{Area, Frame, FrameUser, NavItem, Theme};

pub fn agent(theme: Theme) -> Frame {
    let item = |area, label, icon, href, key| NavItem { area, label, icon, href, key };
    let nav = vec![
        item(Area::Dashboard, "Dashboard", "layout-dashboard", "/", 'd'),
        item(Area::Inbox, "Inbox", "inbox", "/inbox", 'i'),
        item(Area::Settings, "Settings", "settings", "/settings/numbers", 's'),
    ];
    let user = FrameUser {
        name: "Ada Ferreira".into(),
        initials: "AF".into(),
        email: "admin@acme.test".into(),
        role: "Tenant administrator",
        tenant: "Acme Bikes".into(),
        theme,
        nav,
        watches_numbers: true,
    };
    Frame { user: Some(user), csrf: "token".into(), request_id: "0193a7c2".into(), live: String::new() }
}
