//! What each asker gets, route by route, with Acme's ids and an empty form.

/// A route and the answers to: nobody, Ada, Max, Bob, Olga, Carol (the stranger), Pat.
pub struct Line {
    pub method: &'static str,
    pub path: &'static str,
    pub answers: [u16; 7],
}

impl Line {
    /// Asked with a personal token instead of a cookie.
    pub fn is_api(&self) -> bool {
        self.path.starts_with("/api/")
    }
}

const fn line(method: &'static str, path: &'static str, answers: [u16; 7]) -> Line {
    Line { method, path, answers }
}

/// Whoever is not signed in is sent to sign in; an empty form is 422, a theme that is none 400.
#[rustfmt::skip]
pub const TABLE: &[Line] = &[
    //                                                              nobody Ada Max Bob Olga Carol Pat
    line("GET",  "/login",                                         [200, 303, 303, 303, 303, 303, 303]),
    // A visitor's form needs the visitor's token, which nobody has here.
    line("POST", "/login",                                         [403, 403, 403, 403, 403, 403, 403]),
    line("POST", "/logout",                                        [303, 303, 303, 303, 303, 303, 303]),
    line("GET",  "/welcome/{token}",                               [404, 404, 404, 404, 404, 404, 404]),
    line("POST", "/welcome/{token}",                               [403, 403, 403, 403, 403, 403, 403]),
    line("POST", "/login/microsoft",                               [403, 403, 403, 403, 403, 403, 403]),
    // Nobody has begun anything.
    line("GET",  "/login/microsoft/callback",                      [303, 303, 303, 303, 303, 303, 303]),
    line("GET",  "/login/microsoft/choice",                        [303, 303, 303, 303, 303, 303, 303]),
    line("POST", "/login/microsoft/choice",                        [403, 403, 403, 403, 403, 403, 403]),
    line("POST", "/welcome/{token}/microsoft",                     [403, 403, 403, 403, 403, 403, 403]),
    line("GET",  "/account/microsoft",                             [303, 200, 200, 200, 200, 200, 200]),
    // It is not configured, and nobody has linked anything.
    line("POST", "/account/microsoft",                             [303, 422, 422, 422, 422, 422, 422]),
    line("POST", "/account/microsoft/unlinking",                   [303, 404, 404, 404, 404, 404, 404]),
    line("POST", "/login/tenant",                                  [403, 403, 403, 403, 403, 403, 403]),
    // Between the factors is nobody here: tests/app/sign_in/factor.rs.
    line("GET",  "/login/factor",                                  [303, 303, 303, 303, 303, 303, 303]),
    line("POST", "/login/factor",                                  [303, 303, 303, 303, 303, 303, 303]),
    line("POST", "/login/factor/set-up",                           [303, 303, 303, 303, 303, 303, 303]),
    line("GET",  "/login/reset",                                   [200, 200, 200, 200, 200, 200, 200]),
    line("POST", "/login/reset",                                   [403, 403, 403, 403, 403, 403, 403]),
    line("GET",  "/login/reset/{token}",                           [404, 404, 404, 404, 404, 404, 404]),
    line("POST", "/login/reset/{token}",                           [403, 403, 403, 403, 403, 403, 403]),
    line("GET",  "/account/security",                              [303, 200, 200, 200, 200, 200, 200]),
    line("POST", "/account/password",                              [303, 422, 422, 422, 422, 422, 422]),
    line("GET",  "/account/second-factor",                         [303, 303, 303, 303, 303, 303, 303]),
    line("POST", "/account/second-factor",                         [303, 303, 303, 303, 303, 303, 303]),
    line("POST", "/account/second-factor/confirmation",            [303, 303, 303, 303, 303, 303, 303]),
    line("POST", "/account/second-factor/codes",                   [303, 422, 422, 422, 422, 422, 422]),
    line("POST", "/account/second-factor/removal",                 [303, 422, 422, 422, 422, 422, 422]),
    line("POST", "/account/sessions/others/end",                   [303, 303, 303, 303, 303, 303, 303]),
    // Bob's.
    line("POST", "/account/sessions/{session}/end",                [303, 404, 404, 303, 404, 404, 404]),
    line("GET",  "/account",                                       [303, 200, 200, 200, 200, 200, 200]),
    line("POST", "/account",                                       [303, 422, 422, 422, 422, 422, 422]),
    line("POST", "/account/theme",                                 [303, 400, 400, 400, 400, 400, 400]),
    line("GET",  "/account/api-tokens",                            [303, 200, 200, 200, 200, 200, 200]),
    line("POST", "/account/api-tokens",                            [303, 422, 422, 422, 422, 422, 422]),
    line("GET",  "/account/api-tokens/new",                        [303, 200, 200, 200, 200, 200, 200]),
    line("GET",  "/account/api-tokens/alarm",                      [303, 204, 204, 204, 204, 204, 204]),
    // It is Bob's.
    line("POST", "/account/api-tokens/{api_token}/revocation",     [303, 404, 404, 303, 404, 404, 404]),
    line("GET",  "/",                                              [303, 200, 200, 200, 200, 200, 200]),
    line("GET",  "/inbox",                                         [303, 200, 200, 200, 200, 200, 403]),
    line("GET",  "/inbox/{conversation}",                          [303, 200, 200, 200, 200, 404, 403]),
    line("POST", "/conversations/{conversation}/messages",         [303, 422, 422, 422, 403, 404, 403]),
    line("PUT",  "/conversations/{conversation}/draft",            [303, 204, 204, 204, 403, 404, 403]),
    line("POST", "/conversations/{conversation}/reading",          [303, 204, 204, 204, 204, 404, 403]),
    line("POST", "/conversations/{conversation}/resolution",       [303, 303, 303, 303, 403, 404, 403]),
    line("POST", "/conversations/{conversation}/reopening",        [303, 303, 303, 303, 403, 404, 403]),
    line("POST", "/messages/{message}/retry",                      [303, 303, 303, 303, 403, 404, 403]),
    line("GET",  "/messages/{message}/media",                      [303, 200, 200, 200, 200, 404, 403]),
    // It is here already.
    line("POST", "/messages/{message}/media",                      [303, 422, 422, 422, 403, 404, 403]),
    line("GET",  "/customers/duplicates",                          [303, 200, 200, 200, 200, 200, 403]),
    line("POST", "/customers/duplicates/scans",                    [303, 303, 303, 403, 403, 303, 403]),
    // It was undone already.
    line("POST", "/customers/merges/{merge}/separation",           [303, 422, 422, 403, 403, 404, 403]),
    line("GET",  "/customers/{customer}/duplicates",               [303, 200, 200, 200, 200, 404, 403]),
    line("POST", "/customers/{customer}/duplicates/{other}/dismissal", [303, 303, 303, 403, 403, 404, 403]),
    line("POST", "/customers/{customer}/duplicates/{other}/restoration", [303, 303, 303, 403, 403, 404, 403]),
    line("GET",  "/customers/{customer}/merge/{other}",            [303, 200, 200, 200, 200, 404, 403]),
    line("POST", "/customers/{customer}/merge/{other}",            [303, 422, 422, 403, 403, 404, 403]),
    line("GET",  "/customers/{customer}/merges",                   [303, 200, 200, 200, 200, 404, 403]),
    line("GET",  "/settings/organisation",                         [303, 200, 403, 403, 200, 200, 403]),
    line("POST", "/settings/organisation",                         [303, 422, 403, 403, 403, 422, 403]),
    line("GET",  "/settings/support",                              [303, 200, 403, 403, 200, 200, 403]),
    line("POST", "/settings/support",                              [303, 422, 403, 403, 403, 422, 403]),
    line("POST", "/settings/support/{grant}/ending",               [303, 303, 403, 403, 403, 404, 403]),
    // Out of nowhere it leads home.
    line("POST", "/support/leaving",                               [303, 303, 303, 303, 303, 303, 303]),
    line("GET",  "/settings/numbers",                              [303, 200, 200, 403, 200, 200, 403]),
    line("POST", "/settings/numbers",                              [303, 422, 403, 403, 403, 422, 403]),
    line("GET",  "/settings/numbers/new",                          [303, 200, 403, 403, 403, 200, 403]),
    line("GET",  "/settings/numbers/health",                       [303, 200, 200, 200, 200, 200, 403]),
    line("POST", "/settings/numbers/{number}/start",               [303, 303, 403, 403, 403, 404, 403]),
    line("POST", "/settings/numbers/{number}/stop",                [303, 303, 403, 403, 403, 404, 403]),
    line("POST", "/settings/numbers/{number}/restart",             [303, 303, 303, 403, 403, 404, 403]),
    line("POST", "/settings/numbers/{number}/logout",              [303, 303, 403, 403, 403, 404, 403]),
    line("POST", "/settings/numbers/{number}/deletion",            [303, 303, 403, 403, 403, 404, 403]),
    line("GET",  "/settings/numbers/{number}/pairing",             [303, 200, 403, 403, 403, 404, 403]),
    line("POST", "/settings/numbers/{number}/pairing/code",        [303, 422, 403, 403, 403, 404, 403]),
    // There is no gateway to ask for the code.
    line("GET",  "/settings/numbers/{number}/qr.svg",              [303, 422, 403, 403, 403, 404, 403]),
    line("GET",  "/settings/users",                                [303, 200, 200, 403, 200, 200, 403]),
    line("POST", "/settings/users",                                [303, 422, 403, 403, 403, 422, 403]),
    line("GET",  "/settings/users/new",                            [303, 200, 403, 403, 403, 200, 403]),
    line("GET",  "/settings/users/export.csv",                     [303, 200, 403, 403, 403, 200, 403]),
    line("GET",  "/settings/users/{user}",                         [303, 200, 200, 403, 200, 404, 403]),
    line("POST", "/settings/users/{user}",                         [303, 422, 403, 403, 403, 404, 403]),
    line("POST", "/settings/users/{user}/invitation",              [303, 200, 403, 403, 403, 404, 403]),
    line("POST", "/settings/users/{user}/activation",              [303, 303, 403, 403, 403, 404, 403]),
    line("POST", "/settings/users/{user}/deactivation",            [303, 303, 403, 403, 403, 404, 403]),
    line("POST", "/settings/users/{user}/deletion",                [303, 303, 403, 403, 403, 404, 403]),
    line("POST", "/settings/users/{user}/restoration",             [303, 303, 403, 403, 403, 404, 403]),
    line("GET",  "/settings/teams",                                [303, 200, 200, 403, 200, 200, 403]),
    line("POST", "/settings/teams",                                [303, 422, 403, 403, 403, 422, 403]),
    line("GET",  "/settings/teams/new",                            [303, 200, 403, 403, 403, 200, 403]),
    line("GET",  "/settings/teams/{team}",                         [303, 200, 200, 403, 200, 404, 403]),
    line("POST", "/settings/teams/{team}",                         [303, 422, 403, 403, 403, 404, 403]),
    line("POST", "/settings/teams/{team}/deletion",                [303, 303, 403, 403, 403, 404, 403]),
    line("POST", "/settings/teams/{team}/restoration",             [303, 303, 403, 403, 403, 404, 403]),
    line("GET",  "/settings/roles",                                [303, 200, 403, 403, 200, 200, 403]),
    line("GET",  "/audit",                                         [303, 200, 403, 403, 200, 200, 403]),
    line("GET",  "/audit/export",                                  [303, 200, 403, 403, 200, 200, 403]),
    line("POST", "/audit/retention",                               [303, 422, 403, 403, 403, 422, 403]),
    line("GET",  "/settings/api-tokens",                           [303, 200, 403, 403, 200, 200, 403]),
    line("POST", "/settings/api-tokens/{api_token}/revocation",    [303, 303, 403, 403, 403, 404, 403]),
    line("GET",  "/settings/security",                             [303, 200, 403, 403, 200, 200, 403]),
    line("POST", "/settings/security",                             [303, 422, 403, 403, 403, 422, 403]),
    line("GET",  "/settings/sessions",                             [303, 200, 403, 403, 200, 200, 403]),
    line("POST", "/settings/sessions/{session}/end",               [303, 303, 403, 403, 403, 404, 403]),
    line("POST", "/settings/users/{user}/second-factor/reset",     [303, 303, 403, 403, 403, 404, 403]),
    line("GET",  "/platform/tenants",                              [303, 403, 403, 403, 403, 403, 200]),
    line("POST", "/platform/tenants",                              [303, 403, 403, 403, 403, 403, 422]),
    line("GET",  "/platform/tenants/new",                          [303, 403, 403, 403, 403, 403, 200]),
    line("GET",  "/platform/tenants/{tenant}",                     [303, 403, 403, 403, 403, 403, 200]),
    line("POST", "/platform/tenants/{tenant}",                     [303, 403, 403, 403, 403, 403, 422]),
    line("GET",  "/platform/tenants/{tenant}/edit",                [303, 403, 403, 403, 403, 403, 200]),
    line("POST", "/platform/tenants/{tenant}/deactivation",        [303, 403, 403, 403, 403, 403, 303]),
    line("POST", "/platform/tenants/{tenant}/activation",          [303, 403, 403, 403, 403, 403, 303]),
    // Without its name.
    line("POST", "/platform/tenants/{tenant}/deletion",            [303, 403, 403, 403, 403, 403, 422]),
    line("POST", "/platform/tenants/{tenant}/restoration",         [303, 403, 403, 403, 403, 403, 303]),
    // Eve is no administrator.
    line("POST", "/platform/tenants/{tenant}/administrators/{user}/invitation", [303, 403, 403, 403, 403, 403, 404]),
    // No access is granted at the moment.
    line("POST", "/platform/tenants/{tenant}/support",             [303, 403, 403, 403, 403, 403, 422]),
    line("POST", "/platform/tenants/{tenant}/support/ending",      [303, 403, 403, 403, 403, 403, 303]),
    line("GET",  "/platform/health",                               [303, 403, 403, 403, 403, 403, 200]),
    // There is no such job.
    line("POST", "/platform/jobs/{job}/retry",                     [303, 403, 403, 403, 403, 403, 404]),
    line("GET",  "/events",                                        [303, 200, 200, 200, 200, 200, 200]),
    // Whoever asks, without a signature it is nobody.
    line("POST", "/webhooks/waha/{number}",                        [401, 401, 401, 401, 401, 401, 401]),
    line("GET",  "/assets/{name}",                                 [200, 200, 200, 200, 200, 200, 200]),
    line("GET",  "/healthz",                                       [200, 200, 200, 200, 200, 200, 200]),
    line("GET",  "/readyz",                                        [200, 200, 200, 200, 200, 200, 200]),
    // Programs, each with a token for all that its user may do. Getting one takes none.
    line("POST", "/api/v1/auth/token",                             [422, 422, 422, 422, 422, 422, 422]),
    line("POST", "/api/v1/auth/refresh",                           [422, 422, 422, 422, 422, 422, 422]),
    line("POST", "/api/v1/auth/revoke",                            [422, 422, 422, 422, 422, 422, 422]),
    line("GET",  "/api/v1/me",                                     [401, 200, 200, 200, 200, 200, 200]),
    line("GET",  "/api/v1/tenants",                                [401, 200, 200, 200, 200, 200, 200]),
    line("GET",  "/api/v1/tenants/{tenant}",                       [401, 200, 200, 200, 200, 404, 200]),
    line("GET",  "/api/v1/users",                                  [401, 200, 200, 403, 200, 200, 403]),
    line("POST", "/api/v1/users",                                  [401, 422, 403, 403, 403, 422, 403]),
    line("GET",  "/api/v1/users/{user}",                           [401, 200, 200, 403, 200, 404, 403]),
    line("PATCH", "/api/v1/users/{user}",                          [401, 200, 403, 403, 403, 404, 403]),
    line("DELETE", "/api/v1/users/{user}",                         [401, 204, 403, 403, 403, 404, 403]),
    line("GET",  "/api/v1/teams",                                  [401, 200, 200, 403, 200, 200, 403]),
    line("POST", "/api/v1/teams",                                  [401, 422, 403, 403, 403, 422, 403]),
    line("GET",  "/api/v1/teams/{team}",                           [401, 200, 200, 403, 200, 404, 403]),
    line("PATCH", "/api/v1/teams/{team}",                          [401, 200, 403, 403, 403, 404, 403]),
    line("DELETE", "/api/v1/teams/{team}",                         [401, 204, 403, 403, 403, 404, 403]),
    line("GET",  "/api/v1/sessions",                               [401, 200, 200, 200, 200, 200, 200]),
    // It is Bob's; who changes users ends theirs, too.
    line("DELETE", "/api/v1/sessions/{session}",                   [401, 204, 404, 204, 404, 404, 404]),
    line("GET",  "/api/v1/openapi.json",                           [200, 200, 200, 200, 200, 200, 200]),
];
