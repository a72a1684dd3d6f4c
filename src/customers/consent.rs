//! What customers agree to, and over which channel: the words of the consent ledger.

use crate::pg_enum;

pg_enum! {
    ConsentPurpose over ConsentPurpose {
        Service = "service", Marketing = "marketing", Research = "research", Profiling = "profiling",
    }
}

pg_enum! {
    ConsentChannel over ConsentChannel {
        Whatsapp = "whatsapp", Email = "email", Sms = "sms", Push = "push", Phone = "phone",
    }
}

impl ConsentChannel {
    pub fn label(self) -> &'static str {
        match self {
            Self::Whatsapp => "WhatsApp",
            Self::Email => "Email",
            Self::Sms => "SMS",
            Self::Push => "Push",
            Self::Phone => "Phone",
        }
    }
}

pg_enum! {
    ConsentState over ConsentState { Given = "given", Withdrawn = "withdrawn" }
}
