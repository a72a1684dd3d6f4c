//! What each asker gets, route by route, with Acme's ids and an empty form.

/// A route and the answers to: nobody, Ada, Max, Bob, Olga, Carol (the stranger), Pat.
pub struct Line {
    pub method: &'static str,
    pub path: &'static str,
    pub answers: [u16; 7],
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
    line("GET",  "/settings/security",                             [303, 200, 403, 403, 200, 200, 403]),
    line("POST", "/settings/security",                             [303, 422, 403, 403, 403, 422, 403]),
    line("GET",  "/settings/sessions",                             [303, 200, 403, 403, 200, 200, 403]),
    line("POST", "/settings/sessions/{session}/end",               [303, 303, 403, 403, 403, 404, 403]),
    line("POST", "/settings/users/{user}/second-factor/reset",     [303, 303, 403, 403, 403, 404, 403]),
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
    line("GET",  "/platform/health",                               [303, 403, 403, 403, 403, 403, 200]),
    // There is no such job.
    line("POST", "/platform/jobs/{job}/retry",                     [303, 403, 403, 403, 403, 403, 404]),
    line("GET",  "/events",                                        [303, 200, 200, 200, 200, 200, 200]),
    // Whoever asks, without a signature it is nobody.
    line("POST", "/webhooks/waha/{number}",                        [401, 401, 401, 401, 401, 401, 401]),
    line("GET",  "/assets/{name}",                                 [200, 200, 200, 200, 200, 200, 200]),
    line("GET",  "/healthz",                                       [200, 200, 200, 200, 200, 200, 200]),
    line("GET",  "/readyz",                                        [200, 200, 200, 200, 200, 200, 200]),
];
