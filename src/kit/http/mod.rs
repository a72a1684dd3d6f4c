//! The way out: one HTTP client for the whole process, a guard for addresses that users type, a breaker per neighbour.
//!
//! It follows no redirect (a key in a header must not travel on), repeats nothing by itself, and uses no proxy from the
//! environment, because behind one the guard could not see which address is reached.

mod breaker;
mod guard;

pub use breaker::{Breaker, Permit};
pub use guard::{BadUrl, checked_url};

use reqwest::redirect;
use std::sync::{Arc, LazyLock, Once};
use std::time::Duration;

const CONNECT: Duration = Duration::from_secs(5);
/// Node closes an idle connection after 5 s. A request written at that very moment is lost without anybody knowing
/// whether it was read, so ours are given up well before.
const IDLE: Duration = Duration::from_secs(2);

/// The shared client. Requests bring their own total time-out.
#[allow(clippy::disallowed_types)]
pub fn client() -> reqwest::Client {
    static CLIENT: LazyLock<reqwest::Client> = LazyLock::new(build);
    CLIENT.clone()
}

/// Makes ring the process's TLS provider; whoever needs rustls calls this first.
pub fn install_tls() {
    static ONCE: Once = Once::new();
    // An error means that another provider is installed already, which serves as well.
    ONCE.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
}

#[allow(clippy::disallowed_types)]
fn build() -> reqwest::Client {
    install_tls();
    builder().build().unwrap_or_else(|error| {
        tracing::warn!(%error, "no certificate authorities on this system, using the built-in ones");
        builder()
            .tls_backend_preconfigured(built_in_roots())
            .build()
            .expect("with its own TLS settings the client needs nothing from the system")
    })
}

fn builder() -> reqwest::ClientBuilder {
    reqwest::ClientBuilder::new()
        .user_agent(concat!("Switchboard/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT)
        .pool_idle_timeout(IDLE)
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .dns_resolver(Arc::new(guard::GuardedDns))
}

fn built_in_roots() -> rustls::ClientConfig {
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_can_be_built_without_the_systems_certificates() {
        install_tls();

        assert!(builder().tls_backend_preconfigured(built_in_roots()).build().is_ok());
    }
}
