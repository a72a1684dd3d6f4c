//! How browsers reach us. Links in letters and pages begin with it, never with what a request says of its host.

/// Without a trailing slash.
#[derive(Debug, Clone)]
pub struct PublicUrl(pub String);

impl PublicUrl {
    /// The whole address of a path of ours.
    pub fn to(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}
