//! A value that never prints itself. It is not serialisable either: whoever sends it must say so with [`Secret::expose`].

use std::fmt;

/// An API key, a signing key, a token.
#[derive(Clone)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself. Never log or render what comes out.
    pub fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> From<T> for Secret<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("•••")
    }
}

impl<T> fmt::Display for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("•••")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_prints_as_dots() {
        let key = Secret::new("hunter2".to_owned());

        assert_eq!(format!("{key} {key:?} {:?}", Some(&key)), "••• ••• Some(•••)");
        assert_eq!(key.expose(), "hunter2");
    }
}
