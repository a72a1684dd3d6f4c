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
    ($($(#[$doc:meta])* $name:ident = $text:literal: $($role:ident)+;)+) => {
        $($(#[$doc])* pub struct $name;
        impl Permission for $name {
            const NAME: &'static str = $text;
            const ROLES: &'static [Role] = &[$(Role::$role),+];
        })+

        /// Every permission with the roles that hold it.
        pub const PERMISSIONS: &[(&str, &[Role])] = &[$(($name::NAME, $name::ROLES)),+];
    };
}

permissions! {
    ViewDashboard = "dashboard:read": PlatformAdmin TenantAdmin Manager Agent Auditor;
    /// One's own account: signing out, theme.
    OwnAccount = "account:write": PlatformAdmin TenantAdmin Manager Agent Auditor;

    ViewConversations = "conversations:read": TenantAdmin Manager Agent Auditor;
    /// Reply, draft, resolve, re-open.
    WorkConversations = "conversations:write": TenantAdmin Manager Agent;
    /// Beyond one's own and the unassigned ones.
    ViewAllConversations = "conversations:read_all": TenantAdmin Manager Auditor;

    /// The state of numbers; their settings need `numbers:read_settings`.
    ViewNumberHealth = "numbers:read": TenantAdmin Manager Agent Auditor;
    ViewNumbers = "numbers:read_settings": TenantAdmin Manager Auditor;
    RestartNumbers = "numbers:restart": TenantAdmin Manager;
    EditNumbers = "numbers:write": TenantAdmin;

    /// Phone numbers and addresses in full; without it they are masked.
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
    ViewHealth = "platform:read": PlatformAdmin;
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
    fn roles_are_found_by_permission_name() {
        assert!(Role::Agent.may("conversations:write"));
        assert!(!Role::Agent.may("numbers:write"));
        assert!(!Role::Agent.may("no:such"));
    }
}
