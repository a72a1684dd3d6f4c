//! The program's roles own nothing and may little; functions that lend power are few and listed.

use super::{nothing, texts};
use crate::support::database::migrated;

#[test]
fn the_programs_roles_have_no_power_of_their_own() {
    let database = migrated();
    let powerful = "SELECT rolname::text AS text FROM pg_roles WHERE rolname LIKE 'switchboard\\__%' \
                    AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolcanlogin OR rolreplication \
                         OR (rolbypassrls AND rolname <> 'switchboard_search'))";
    assert_eq!(texts(&database, powerful), nothing());
    let members = "SELECT member::regrole || ' in ' || roleid::regrole AS text FROM pg_auth_members \
                   WHERE member::regrole::text LIKE 'switchboard\\__%'";
    assert_eq!(texts(&database, members), nothing(), "none of them may become another");
    let owned = "SELECT relname::text AS text FROM pg_class WHERE relowner::regrole::text LIKE 'switchboard\\__%' \
                 UNION ALL SELECT proname::text FROM pg_proc WHERE proowner::regrole::text LIKE 'switchboard\\__%' \
                 UNION ALL SELECT nspname::text FROM pg_namespace WHERE nspowner::regrole::text LIKE 'switchboard\\__%'";
    let mut owned = texts(&database, owned);
    owned.sort();
    assert_eq!(
        owned,
        [
            "switchboard_customers_like",
            "switchboard_customers_with",
            "switchboard_narrow_customers",
            "switchboard_search_conversations",
            "switchboard_search_messages"
        ]
    );
}

#[test]
fn what_each_role_may_do_is_this_and_no_more() {
    let database = migrated();
    let odd = "SELECT grantee || ' ' || privilege_type || ' ' || table_name AS text FROM information_schema.role_table_grants \
               WHERE table_schema = 'public' AND grantee LIKE 'switchboard\\__%' \
               AND privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')";
    assert_eq!(texts(&database, odd), nothing());
    let platform = "SELECT table_name || ' ' || string_agg(DISTINCT privilege_type, ' ' ORDER BY privilege_type) AS text \
                    FROM information_schema.role_table_grants WHERE grantee = 'switchboard_platform' \
                    GROUP BY table_name ORDER BY 1";
    let expected = [
        "api_tokens SELECT",
        "passkey_ceremonies DELETE INSERT SELECT",
        "sign_in_links INSERT SELECT UPDATE",
        "spent_refresh_tokens SELECT",
        "support_grants SELECT",
        "support_visits INSERT SELECT UPDATE",
        "tenant_days SELECT",
        "tenant_storage SELECT",
        "tenants INSERT SELECT UPDATE",
        "token_blacklist SELECT",
        "tries DELETE INSERT SELECT UPDATE",
        "user_sessions DELETE INSERT SELECT UPDATE",
        "users INSERT SELECT",
        "waha_sessions SELECT",
    ];
    let granted: Vec<String> =
        texts(&database, platform).into_iter().filter(|line| !line.starts_with("__diesel")).collect();
    assert_eq!(granted, expected, "the platform reads no message and no customer");
    let everybody = "SELECT table_name || ' ' || privilege_type AS text FROM information_schema.role_table_grants \
                     WHERE table_schema = 'public' AND grantee = 'PUBLIC'";
    assert_eq!(texts(&database, everybody), nothing());
}

#[test]
fn functions_that_lend_power_are_listed_and_cannot_be_misled() {
    let database = migrated();
    let lending = "SELECT proname || CASE WHEN proconfig::text LIKE '%search_path=pg\\_catalog%pg\\_temp%' THEN '' ELSE ' with any path' END \
                   || CASE WHEN proacl::text ~ '[{,]=X' OR proacl IS NULL THEN ' for everybody' ELSE '' END AS text \
                   FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef ORDER BY 1";
    let expected = [
        "switchboard_customers_like",
        "switchboard_customers_with",
        "switchboard_discard_letter",
        "switchboard_enqueue",
        "switchboard_forget_audited",
        "switchboard_forget_job_errors",
        "switchboard_forget_log",
        "switchboard_job_counts",
        "switchboard_job_letters",
        "switchboard_narrow_customers",
        "switchboard_purge_audit",
        "switchboard_release_job",
        "switchboard_retry_letter",
        "switchboard_search_conversations",
        "switchboard_search_messages",
    ];

    assert_eq!(texts(&database, lending), expected);
}

#[test]
fn the_job_queue_is_behind_its_functions() {
    let database = migrated();
    let open = "SELECT grantee || ' ' || table_name AS text FROM information_schema.role_table_grants \
                WHERE table_schema = 'graphile_worker' AND (grantee LIKE 'switchboard\\__%' OR grantee = 'PUBLIC')";

    assert_eq!(texts(&database, open), nothing());
}
