//! Settings → Roles: the table that the program itself goes by.

use super::support::{TestApp, get};
use switchboard::kit::access::{PERMISSIONS, Role};

#[actix_web::test]
async fn the_page_shows_every_permission_and_who_holds_it() {
    let app = TestApp::new().await;

    let page = app.olga(get("/settings/roles")).await;

    for (name, roles) in PERMISSIONS {
        let row = page.html.split("<tr>").find(|row| row.contains(&format!("<code>{name}</code>"))).expect(name);
        for (role, cell) in [Role::TenantAdmin, Role::Manager, Role::Agent, Role::Auditor, Role::PlatformAdmin]
            .into_iter()
            .zip(row.split("<td").skip(1))
        {
            assert!(cell.contains(role.label()), "{name}: {cell}");
            assert_eq!(cell.contains(">yes<"), roles.contains(&role), "{name} {role:?}");
        }
    }
    page.shows("Invite people, change their details and role").hides("<form method=\"post\" action=\"/settings");
}

#[actix_web::test]
async fn it_is_shown_to_whom_it_concerns() {
    let app = TestApp::new().await;

    assert_eq!(app.ada(get("/settings/roles")).await.status, 200);
    assert_eq!(app.max(get("/settings/roles")).await.status, 403);
    assert_eq!(app.bob(get("/settings/roles")).await.status, 403);
    app.max(get("/settings/users")).await.hides("/settings/roles");
}
