//! Who may do what: the one table of roles and rights.

use crate::pg_enum;

pg_enum! {
    /// What a user is in its tenant.
    Role over UserRole {
        PlatformAdmin = "PLATFORM_ADMIN",
        TenantAdmin = "TENANT_ADMIN",
        Manager = "MANAGER",
        Agent = "AGENT",
        Auditor = "AUDITOR",
    }
}

impl Role {
    pub fn label(self) -> &'static str {
        match self {
            Self::PlatformAdmin => "Platform administrator",
            Self::TenantAdmin => "Administrator",
            Self::Manager => "Manager",
            Self::Agent => "Agent",
            Self::Auditor => "Auditor",
        }
    }

    /// The names of all that this role may do.
    pub fn permissions(self) -> impl Iterator<Item = &'static str> {
        PERMISSIONS.iter().filter(move |(_, roles)| roles.contains(&self)).map(|(name, _)| *name)
    }

    /// What somebody with this role does, for those who choose one.
    pub fn about(self) -> &'static str {
        match self {
            Self::PlatformAdmin => "Looks after all organisations and the installation, and sees none of their data.",
            Self::TenantAdmin => "Does everything: users, teams, numbers and settings.",
            Self::Manager => "Reads and answers all conversations, and sees who is here.",
            Self::Agent => "Answers customers: their own conversations, their teams', and those that are nobody's.",
            Self::Auditor => "Reads everything, with masked addresses, and changes nothing.",
        }
    }

    /// Whether this role holds the permission of that name (`noun:verb`).
    pub fn may(self, permission: &str) -> bool {
        PERMISSIONS.iter().any(|(name, roles)| *name == permission && roles.contains(&self))
    }
}

/// A right, as a type: a handler that takes `Access<P>` is reached by holders of `P` only.
pub trait Permission: 'static {
    const NAME: &'static str;
    const ROLES: &'static [Role];
}

macro_rules! permissions {
    ($($(#[doc = $about:literal])* $name:ident = $text:literal: $($role:ident)+;)+) => {
        $($(#[doc = $about])* pub struct $name;
        impl Permission for $name {
            const NAME: &'static str = $text;
            const ROLES: &'static [Role] = &[$(Role::$role),+];
        })+

        /// Every permission with the roles that hold it.
        pub const PERMISSIONS: &[(&str, &[Role])] = &[$(($name::NAME, $name::ROLES)),+];

        /// What each of them allows, in the same order: the sentence above it.
        pub const MEANINGS: &[&str] = &[$(concat!($($about),*)),+];
    };
}

permissions! {
    /// See the dashboard.
    ViewDashboard = "dashboard:read": PlatformAdmin TenantAdmin Manager Agent Auditor;
    /// Change one's own profile, theme and notifications, and sign out.
    OwnAccount = "account:write": PlatformAdmin TenantAdmin Manager Agent Auditor;
    /// See oneself, one's organisation, and where one is signed in.
    ViewOwnAccount = "account:read": PlatformAdmin TenantAdmin Manager Agent Auditor;
    /// Make and revoke personal API tokens of one's own.
    OwnApiTokens = "account:write_api_tokens": PlatformAdmin TenantAdmin Manager Agent Auditor;

    /// See who has which API token, never the token itself.
    ViewApiTokens = "api_tokens:read": TenantAdmin Auditor;
    /// Revoke anybody's API tokens.
    EditApiTokens = "api_tokens:write": TenantAdmin;

    /// Read one's own conversations, those of one's teams, and those that are nobody's.
    ViewConversations = "conversations:read": TenantAdmin Manager Agent Auditor;
    /// Reply, draft, assign, label, set the priority, snooze, resolve and re-open.
    WorkConversations = "conversations:write": TenantAdmin Manager Agent;
    /// Read everybody's conversations.
    ViewAllConversations = "conversations:read_all": TenantAdmin Manager Auditor;

    /// See one's own calls and those that are nobody's.
    ViewCalls = "calls:read": TenantAdmin Manager Agent Auditor;
    /// See everybody's calls.
    ViewAllCalls = "calls:read_all": TenantAdmin Manager Auditor;
    /// Write calls down, call back, change and delete what one has written down.
    WorkCalls = "calls:write": TenantAdmin Manager Agent;
    /// Change and delete what others have written down about calls, and write them down for others.
    EditAllCalls = "calls:write_all": TenantAdmin Manager;
    /// Take calls out as a CSV file.
    ExportCalls = "calls:export": TenantAdmin Manager;

    /// See whether the numbers work.
    ViewNumberHealth = "numbers:read": TenantAdmin Manager Agent Auditor;
    /// See the settings of numbers.
    ViewNumbers = "numbers:read_settings": TenantAdmin Manager Auditor;
    /// Restart a number that hangs.
    RestartNumbers = "numbers:restart": TenantAdmin Manager;
    /// Add, pair, start, stop, log out and delete numbers.
    EditNumbers = "numbers:write": TenantAdmin;

    /// Read customers.
    ViewCustomers = "customers:read": TenantAdmin Manager Agent Auditor;
    /// Make and change customers, label, suspend and archive them.
    EditCustomers = "customers:write": TenantAdmin Manager Agent;
    /// Join customers who are one person, and take them apart again.
    MergeCustomers = "customers:merge": TenantAdmin Manager;
    /// Delete customers and restore them.
    DeleteCustomers = "customers:delete": TenantAdmin Manager;
    /// Bring customers in from files.
    ImportCustomers = "customers:import": TenantAdmin Manager;
    /// Take customers out as files.
    ExportCustomers = "customers:export": TenantAdmin Manager;
    /// See the organisation's own fields of customers, and its labels.
    ViewFields = "customers:read_fields": TenantAdmin Manager Auditor;
    /// Add, change and remove the organisation's own fields of customers, and its labels.
    EditFields = "customers:write_fields": TenantAdmin;
    /// See one's own work under way in the background: imports, exports, changes of many rows.
    ViewTasks = "tasks:read": TenantAdmin Manager Agent Auditor;
    /// See everybody's work in the background, and stop it.
    ViewAllTasks = "tasks:read_all": TenantAdmin;
    /// Read the GDPR desk: requests, consents, retention, who saw whom.
    ViewPrivacy = "privacy:read": TenantAdmin Auditor;
    /// Decide requests, erase, hold and restrict customers' data, and set how long it is kept.
    EditPrivacy = "privacy:write": TenantAdmin;

    /// See phone numbers and email addresses in full; without it they are masked.
    ViewAddresses = "customers:read_addresses": TenantAdmin Manager Agent;

    /// See the organisation's settings, and its limits with their use.
    ViewOrganisation = "organisation:read": TenantAdmin Auditor;
    /// Change the organisation's description, time zone, language and settings.
    EditOrganisation = "organisation:write": TenantAdmin;
    /// See who of the platform was let in, and when.
    ViewSupport = "support:read": TenantAdmin Auditor;
    /// Let the platform's administrators read for some hours, and end that.
    GrantSupport = "support:write": TenantAdmin;

    /// See tenants, their limits and how much they use.
    ViewTenants = "tenants:read": PlatformAdmin;
    /// Create, change, deactivate, delete and restore tenants.
    EditTenants = "tenants:write": PlatformAdmin;
    /// Enter a tenant that grants support access, to read there.
    EnterSupport = "support:enter": PlatformAdmin;
    /// See the rules for signing in, and who is signed in where.
    ViewSecurity = "security:read": TenantAdmin Auditor;
    /// Change the rules for signing in, end users' sessions, take away a second factor that was lost.
    EditSecurity = "security:write": TenantAdmin;
    /// See who has an account, and with which role.
    ViewUsers = "users:read": TenantAdmin Manager Auditor;
    /// Invite people, change their details and role, deactivate, delete and restore them.
    EditUsers = "users:write": TenantAdmin;
    /// Take the list of users out as a CSV file.
    ExportUsers = "users:export": TenantAdmin;
    /// See teams and their members.
    ViewTeams = "teams:read": TenantAdmin Manager Auditor;
    /// Make, change, delete and restore teams.
    EditTeams = "teams:write": TenantAdmin;
    /// See this table of roles and permissions.
    ViewRoles = "roles:read": TenantAdmin Auditor;

    /// See who did what, when and from where.
    ViewAudit = "audit:read": TenantAdmin Auditor;
    /// Take audit entries out as CSV or JSON lines.
    ExportAudit = "audit:export": TenantAdmin Auditor;
    /// Decide how long audit entries are kept.
    EditAudit = "audit:write": TenantAdmin;

    /// See tenants' figures, jobs and the health of the installation.
    ViewHealth = "platform:read": PlatformAdmin;
    /// Try again the jobs that were given up.
    MendJobs = "platform:write": PlatformAdmin;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn auditors_change_nothing() {
        for (name, roles) in PERMISSIONS {
            let changes = name.ends_with(":write") && *name != OwnAccount::NAME;
            assert!(!(changes && roles.contains(&Role::Auditor)), "{name}");
        }
    }

    #[test]
    fn platform_administrators_see_no_tenant_data() {
        for (name, roles) in PERMISSIONS {
            let areas = ["dashboard:", "account:", "platform:", "tenants:", "support:enter"];
            let own = areas.iter().any(|area| name.starts_with(area));
            assert!(own || !roles.contains(&Role::PlatformAdmin), "{name}");
        }
    }

    #[test]
    fn every_permission_says_what_it_allows_in_one_sentence() {
        assert_eq!(PERMISSIONS.len(), MEANINGS.len());
        for ((name, _), meaning) in PERMISSIONS.iter().zip(MEANINGS) {
            assert!(meaning.len() > 10 && meaning.ends_with('.'), "{name}: {meaning:?}");
        }
    }

    #[test]
    fn roles_are_found_by_permission_name() {
        assert!(Role::Agent.may("conversations:write"));
        assert!(!Role::Agent.may("numbers:write"));
        assert!(!Role::Agent.may("no:such"));
    }
}
