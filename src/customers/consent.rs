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

pg_enum! {
    ConsentState over ConsentState { Given = "given", Withdrawn = "withdrawn" }
}
