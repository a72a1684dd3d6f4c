//! Settings, from the environment (`.env` is read) or the command line: one struct per concern.

use crate::kit::http::{BadUrl, checked_url};
use crate::kit::secret::Secret;
use clap::{Args, ValueEnum};
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use url::{Host, Url};

/// A secret in the environment: never shown, not even by --help.
fn secret(text: &str) -> Result<Secret<String>, std::convert::Infallible> {
    Ok(Secret::new(text.to_owned()))
}

/// The address of a gateway.
fn gateway(text: &str) -> Result<String, BadUrl> {
    checked_url(text).map(|_| text.to_owned())
}

/// Where files can be kept.
fn folder(text: &str) -> Result<String, &'static str> {
    match text.starts_with("file:///") {
        true => Ok(text.to_owned()),
        false => Err("it must begin with file:///"),
    }
}

/// An address of ours, as browsers or WAHA reach it.
fn address(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|cause| cause.to_string())?;
    match matches!(url.scheme(), "http" | "https") && url.has_host() {
        true => Ok(url),
        false => Err("it must begin with http:// or https://".into()),
    }
}

/// Where people sign in elsewhere. The client secret goes there, so only this machine may do without encryption.
fn authority(text: &str) -> Result<Url, String> {
    let url = checked_url(text).map_err(|cause| cause.to_string())?;
    let is_loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    match url.scheme() == "https" || is_loopback {
        true => Ok(url),
        false => Err("it must begin with https://".into()),
    }
}

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Database")]
pub struct Database {
    /// postgres://user:password@host/database, as the owner of the tables. Without it a private PostgreSQL cluster is run
    /// in the data directory
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// Most connections of the pool; jobs and live events use up to ten more
    #[arg(long, env = "DATABASE_MAX_CONNECTIONS", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub database_max_connections: u32,
    /// Connections of the pool kept open
    #[arg(long, env = "DATABASE_MIN_CONNECTIONS", default_value_t = 5)]
    pub database_min_connections: u32,
    /// Holds the private cluster and, unless stored elsewhere, the files that customers send
    #[arg(long, env = "SWITCHBOARD_DATA_DIR", default_value = ".data")]
    pub data_dir: PathBuf,
}

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Web")]
pub struct Web {
    /// Address and port to listen on
    #[arg(long, env = "SWITCHBOARD_BIND", default_value = "127.0.0.1:8080")]
    pub bind: SocketAddr,
    /// How browsers reach us; https makes cookies secure [default: http://<bind>]
    #[arg(long, env = "SWITCHBOARD_PUBLIC_URL", value_parser = address)]
    pub public_url: Option<Url>,
    /// 64 hexadecimal digits (openssl rand -hex 32); encrypts secrets at rest, signs cookies and forms
    #[arg(long, env = "SWITCHBOARD_SECRET_KEY", value_parser = secret, hide_env_values = true)]
    pub secret_key: Option<Secret<String>>,
    /// Secret keys that were used before, separated by commas: what they encrypted opens, and is encrypted anew
    #[arg(long, env = "SWITCHBOARD_FORMER_SECRET_KEYS", value_parser = secret, value_delimiter = ',', hide_env_values = true)]
    pub former_secret_keys: Vec<Secret<String>>,
    /// Addresses of proxies whose X-Forwarded-For is believed, separated by commas
    #[arg(long, env = "SWITCHBOARD_TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Vec<IpAddr>,
    /// Address and port of /metrics for Prometheus; off without it
    #[arg(long, env = "METRICS_BIND")]
    pub metrics_bind: Option<SocketAddr>,
    /// Where files are kept, as file:///folder [default: media in the data directory]
    #[arg(long, env = "SWITCHBOARD_STORAGE_URL", value_parser = folder)]
    pub storage_url: Option<String>,
}

impl Web {
    /// The public address without a trailing slash.
    pub fn public(&self) -> String {
        let given = self.public_url.as_ref().map(|url| url.as_str().trim_end_matches('/').to_owned());
        given.unwrap_or_else(|| format!("http://{}", self.bind))
    }

    pub fn is_https(&self) -> bool {
        self.public_url.as_ref().is_some_and(|url| url.scheme() == "https")
    }
}

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "WhatsApp")]
pub struct Whatsapp {
    /// The WAHA gateway of numbers that have none of their own, as http://waha:3000
    #[arg(long, env = "WAHA_URL", value_parser = gateway)]
    pub waha_url: Option<String>,
    /// Its key
    #[arg(long, env = "WAHA_API_KEY", value_parser = secret, hide_env_values = true)]
    pub waha_api_key: Option<Secret<String>>,
    /// How WAHA reaches us [default: the public URL]
    #[arg(long, env = "SWITCHBOARD_WEBHOOK_URL", value_parser = address)]
    pub webhook_url: Option<Url>,
    /// Milliseconds between two messages that one number sends
    #[arg(long, env = "SWITCHBOARD_SEND_GAP_MS", default_value_t = 1000)]
    pub send_gap_ms: u64,
    /// Seconds until a message whose answer was lost, and that WhatsApp does not know, counts as not sent. Engines
    /// themselves try for 75 s, so less is only for tests
    #[arg(long, env = "SWITCHBOARD_SETTLE_SECONDS", default_value_t = 90, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub settle_seconds: u64,
}

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Mail")]
pub struct Mail {
    /// The mail server, as smtp://user:password@host:587?tls=required; without it invitations and resets are not mailed
    #[arg(long, env = "SMTP_URL", value_parser = secret, hide_env_values = true, requires = "mail_from")]
    pub smtp_url: Option<Secret<String>>,
    /// The sender, as "Desk <desk@example.org>"
    #[arg(long, env = "MAIL_FROM")]
    pub mail_from: Option<String>,
}

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Microsoft")]
pub struct MicrosoftSignIn {
    /// The application's id as registered at Microsoft, with <public URL>/login/microsoft/callback as its redirect
    /// address; without it nobody is offered to sign in with Microsoft
    #[arg(long, env = "MICROSOFT_CLIENT_ID", requires = "microsoft_client_secret")]
    pub microsoft_client_id: Option<String>,
    /// Its client secret
    #[arg(long, env = "MICROSOFT_CLIENT_SECRET", value_parser = secret, hide_env_values = true)]
    pub microsoft_client_secret: Option<Secret<String>>,
    /// Whose accounts may sign in: /common, /organizations, or a directory's id at the end
    #[arg(
        long, env = "MICROSOFT_AUTHORITY", value_parser = authority,
        default_value = "https://login.microsoftonline.com/common"
    )]
    pub microsoft_authority: Url,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Log")]
pub struct Log {
    /// text or json, one line per event
    #[arg(long, env = "LOG_FORMAT", value_enum, default_value_t = LogFormat::Text, global = true)]
    pub log_format: LogFormat,
}

/// Which half of the work a process does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Role {
    All,
    Web,
    Worker,
}

impl Role {
    pub fn is_web(self) -> bool {
        self != Self::Worker
    }

    pub fn is_worker(self) -> bool {
        self != Self::Web
    }
}

/// Everything a serving process is told.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    #[command(flatten)]
    pub database: Database,
    #[command(flatten)]
    pub web: Web,
    #[command(flatten)]
    pub whatsapp: Whatsapp,
    #[command(flatten)]
    pub mail: Mail,
    #[command(flatten)]
    pub microsoft: MicrosoftSignIn,
    /// Answer browsers and webhooks (web), run jobs (worker), or both
    #[arg(long, value_enum, default_value_t = Role::All, help_heading = "Process")]
    pub role: Role,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_secret_travels_encrypted_or_not_at_all() {
        for good in ["https://login.microsoftonline.com/common", "http://127.0.0.1:3000/common", "http://localhost/x"] {
            assert!(authority(good).is_ok(), "{good}");
        }
        for bad in ["http://login.microsoftonline.com/common", "ftp://127.0.0.1", "common", "https://169.254.169.254"] {
            assert!(authority(bad).is_err(), "{bad}");
        }
    }
}
