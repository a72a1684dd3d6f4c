//! Why a way in that leads over another site or a device ended without a sign-in: a word for our own addresses, a sentence for people.

/// Every reason, as `?refused=…` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The person said no at the other site.
    Cancelled,
    /// Too late, begun in another browser, or used before.
    Expired,
    /// The other site cannot be reached or reports a failure.
    Away,
    /// What came back proves nothing.
    Untrusted,
    /// Nobody who may sign in has linked it. The same words whether there is somebody who may not.
    Unlinked,
    /// The invitation was sent to another address.
    OtherAddress,
    /// Somebody else in the organisation has linked it.
    Taken,
    /// The user has linked another one.
    LinkedOtherwise,
    /// No passkey of ours, or not to be trusted. The same words whatever it was.
    Passkey,
}

impl Refusal {
    const ALL: [Self; 9] = [
        Self::Cancelled,
        Self::Expired,
        Self::Away,
        Self::Untrusted,
        Self::Unlinked,
        Self::OtherAddress,
        Self::Taken,
        Self::LinkedOtherwise,
        Self::Passkey,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::Away => "away",
            Self::Untrusted => "untrusted",
            Self::Unlinked => "unlinked",
            Self::OtherAddress => "other-address",
            Self::Taken => "taken",
            Self::LinkedOtherwise => "linked-otherwise",
            Self::Passkey => "passkey",
        }
    }

    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|refusal| refusal.word() == word)
    }

    pub fn sentence(self) -> &'static str {
        match self {
            Self::Cancelled => "You cancelled at Microsoft. Nothing was changed.",
            Self::Expired => {
                "This took too long, or was begun in another window. Nothing was changed; please try again."
            }
            Self::Away => "Microsoft could not be asked just now. Nothing was changed; please try again in a moment.",
            Self::Untrusted => "Microsoft's answer could not be trusted, so nothing was changed. Please try again.",
            Self::Unlinked => {
                "This Microsoft account opens no account here. Sign in with your password and link it under Account, or \
                 ask your administrator."
            }
            Self::OtherAddress => {
                "This invitation was sent to another address than your Microsoft account has. Choose that account, or \
                 choose a password."
            }
            Self::Taken => "Somebody else in your organisation has linked this Microsoft account. Nothing was changed.",
            Self::LinkedOtherwise => "You have linked another Microsoft account. Unlink that one first.",
            Self::Passkey => {
                "This passkey opens no account here. Sign in with your password, or ask your administrator if it should."
            }
        }
    }

    /// The page `path` with this reason.
    pub fn at(self, path: &str) -> String {
        format!("{path}?refused={}", self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_is_found_by_its_word_and_nothing_else_is_one() {
        for refusal in Refusal::ALL {
            assert_eq!(Refusal::of_word(refusal.word()), Some(refusal));
            assert!(refusal.sentence().ends_with('.'));
        }
        assert_eq!(Refusal::of_word("<script>"), None);
        assert_eq!(Refusal::Away.at("/login"), "/login?refused=away");
    }
}
