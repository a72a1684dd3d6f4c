//! What can go wrong between us and Microsoft. None of it carries a token, a code, or words of the other side.

use crate::sign_in::refusal::Refusal;

/// Why the authority gave nothing to go on with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// Surely nothing arrived there.
    #[error("it cannot be reached")]
    Unreached,
    /// It may have acted on what we asked.
    #[error("its answer was lost")]
    Lost,
    #[error("it reports a failure of its own")]
    Failing,
    #[error("its answer cannot be understood")]
    Strange,
    /// The code, or the refresh token, counts no more.
    #[error("it does not accept this grant any more")]
    Ended,
    #[error("it refuses the request: do MICROSOFT_CLIENT_ID, MICROSOFT_CLIENT_SECRET and the redirect address fit?")]
    Refused,
    /// The ID token proves nothing.
    #[error("its ID token is not to be trusted: {0}")]
    Untrusted(&'static str),
}

impl Trouble {
    /// What somebody is told who was on the way in.
    pub fn refusal(self) -> Refusal {
        match self {
            Self::Ended => Refusal::Expired,
            Self::Untrusted(_) => Refusal::Untrusted,
            Self::Unreached | Self::Lost | Self::Failing | Self::Strange | Self::Refused => Refusal::Away,
        }
    }

    /// Whether asking again later may work, with nothing lost.
    pub fn passes(self) -> bool {
        matches!(self, Self::Unreached | Self::Failing | Self::Refused)
    }
}
