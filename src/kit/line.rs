//! How the parts that speak asynchronously with PostgreSQL (live events, jobs) read DATABASE_URL and connect.
//!
//! One URL serves libpq and tokio-postgres, which know different parameters. A private authority is named by
//! PGSSLROOTCERT, the one way that libpq, graphile_worker and this module share.

use anyhow::Context;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::sync::Arc;
use std::time::Duration;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::{Client, Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;
use url::Url;

/// libpq knows these, tokio-postgres refuses a URL that has them.
const LIBPQ_ONLY: &[&str] = &["sslrootcert", "sslcert", "sslkey", "sslcrl", "gssencmode", "passfile", "service"];

/// The same database in words that tokio-postgres understands: `verify-ca` and `verify-full` become `require`, which
/// rustls never takes for less than a verified chain and host name.
pub(super) fn portable(url: &str) -> anyhow::Result<String> {
    let Some((base, query)) = url.split_once('?') else {
        return Ok(url.to_owned());
    };
    let mut kept = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=').unwrap_or((pair, "")) {
            ("sslmode", "verify-ca" | "verify-full") => kept.push("sslmode=require"),
            ("sslmode", "allow") => kept.push("sslmode=prefer"),
            (name, _) if LIBPQ_ONLY.contains(&name) => {
                anyhow::bail!("DATABASE_URL: {name} is not supported; name a private authority by PGSSLROOTCERT")
            }
            _ => kept.push(pair),
        }
    }
    Ok(if kept.is_empty() { base.to_owned() } else { format!("{base}?{}", kept.join("&")) })
}

/// What reading the connection yields; both connection types of tokio-postgres answer alike.
pub(super) type Messages = tokio::sync::mpsc::UnboundedReceiver<tokio_postgres::Notification>;

/// Connects and keeps the connection moving. `Messages` ends when the connection does.
pub(super) async fn connect(url: &str) -> anyhow::Result<(Client, Messages)> {
    let mut config: Config = portable(url)?.parse().context("DATABASE_URL")?;
    config.connect_timeout(Duration::from_secs(2)).keepalives_idle(Duration::from_secs(20));
    if config.get_ssl_mode() == SslMode::Disable || is_near(&config) {
        let (client, connection) = config.connect(NoTls).await?;
        Ok((client, forward(connection)))
    } else {
        let (client, connection) = config.connect(tls()?).await?;
        Ok((client, forward(connection)))
    }
}

/// Sockets and loopback without a word about TLS: nothing to encrypt against.
fn is_near(config: &Config) -> bool {
    let near = |host: &Host| match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => matches!(name.as_str(), "localhost" | "127.0.0.1" | "::1"),
    };
    config.get_ssl_mode() != SslMode::Require && config.get_hosts().iter().all(near)
}

fn tls() -> anyhow::Result<MakeRustlsConnect> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(path) = std::env::var_os("PGSSLROOTCERT").filter(|path| !path.is_empty() && path != "system") {
        for certificate in CertificateDer::pem_file_iter(&path).context("PGSSLROOTCERT")? {
            roots.add(certificate.context("PGSSLROOTCERT")?)?;
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

fn forward<S, T>(mut connection: tokio_postgres::Connection<S, T>) -> Messages
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
    T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let (sender, receiver) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Some(message) = std::future::poll_fn(|context| connection.poll_message(context)).await {
            match message {
                Ok(tokio_postgres::AsyncMessage::Notification(notification)) => {
                    if sender.send(notification).is_err() {
                        return;
                    }
                }
                Ok(_) => {}
                Err(error) => {
                    tracing::debug!(%error, "a listening connection ended");
                    return;
                }
            }
        }
    });
    receiver
}

/// The URL with its password blanked, for logs.
pub(super) fn shown(url: &str) -> String {
    match Url::parse(url) {
        Ok(mut url) => {
            // Fails only for URLs that cannot carry a password.
            let _ = url.set_password(None);
            url.to_string()
        }
        Err(_) => "the database".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_libpq_url_is_understood() {
        let asked = "postgres://u:p@db.example/app?sslmode=verify-full&connect_timeout=5";
        assert_eq!(portable(asked).unwrap(), "postgres://u:p@db.example/app?sslmode=require&connect_timeout=5");
        assert!(portable("postgres://db/app?sslrootcert=/x.pem").is_err());
        assert!(!shown("postgres://u:secret@db/app").contains("secret"));
    }

    #[test]
    fn only_sockets_and_loopback_may_be_plain() {
        let near = |url: &str| is_near(&portable(url).unwrap().parse().unwrap());
        assert!(near("postgres://app@%2Fvar%2Flib%2Fpg/app"));
        assert!(near("postgres://127.0.0.1/app"));
        assert!(!near("postgres://127.0.0.1/app?sslmode=require"));
        assert!(!near("postgres://db.example/app"));
    }
}
