//! The command line. `--help` names every setting with its variable and default.

mod admin;
mod check;
mod database;
mod demo;
mod seed;
mod serve;

use crate::config::{Database, Log, LogFormat, Settings};
use crate::demo::load::Load;
use crate::demo::simulator;
use crate::kit::jobs::LOG_FILTER;
use anyhow::Context;
use clap::error::{ContextKind, ContextValue};
use clap::{CommandFactory, Parser, Subcommand};
use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::PathBuf;
use tracing_subscriber::EnvFilter;

/// What is read from the environment alone.
const ELSEWHERE: &str = "\
Also from the environment:
  RUST_LOG       What is logged, as `info,switchboard=debug` [default: info]
  PG_BIN_DIR     Where initdb and postgres are, for the private cluster [default: found by itself]
  PGSSLROOTCERT  The authority that signed the certificate of the server of DATABASE_URL

A file .env in the working directory or above it is read first; what is set already counts more.";

/// A self-hosted, multi-tenant messaging desk for WhatsApp.
#[derive(Debug, Parser)]
#[command(version, about, after_help = ELSEWHERE)]
struct Command {
    #[command(flatten)]
    log: Log,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Try it out: everything in one process, with demo data and a WhatsApp simulator, on 127.0.0.1
    Demo(Demo),
    /// Run in production: answer browsers and webhooks, and run jobs
    Serve(Box<Settings>),
    /// Bring the database named by DATABASE_URL up to this program, as the owner of its tables
    Migrate(Migrate),
    /// Look whether the settings, the database, the WhatsApp gateway and the folder for files are in order
    ///
    /// Prints a line for each and exits with 1 when one of them is not.
    Check(Box<Settings>),
    /// Look after the accounts of platform administrators
    #[command(subcommand)]
    Admin(Admin),
    /// Write load data for measuring: the same seed gives the same rows
    Seed(Box<Seed>),
    /// Run the WhatsApp simulator alone: a double of WAHA with a page of virtual phones, on 127.0.0.1
    WahaSimulator(Simulator),
}

#[derive(Debug, clap::Args)]
struct Demo {
    /// Where to listen on 127.0.0.1
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Where the private cluster, files and the secret key are kept
    #[arg(long, default_value = ".data")]
    data_dir: PathBuf,
    /// Begin anew: deletes what an earlier demo has left there
    #[arg(long)]
    reset: bool,
}

#[derive(Debug, clap::Args)]
struct Migrate {
    #[command(flatten)]
    database: Database,
    /// Take the newest N migrations back instead, with the data they hold
    #[arg(long, value_name = "N", help_heading = "Options")]
    revert: Option<usize>,
}

#[derive(Debug, Subcommand)]
enum Admin {
    /// Create a platform administrator and print a one-time link with which to choose a password
    ///
    /// For an address that has an account, prints a new link.
    Create(Box<CreateAdmin>),
}

#[derive(Debug, clap::Args)]
struct CreateAdmin {
    /// The address that the administrator signs in with
    #[arg(long)]
    email: String,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Debug, clap::Args)]
struct Seed {
    /// From one large to many small ones
    #[arg(long, default_value_t = 10)]
    tenants: u64,
    /// In all; each has one conversation
    #[arg(long, default_value_t = 300_000)]
    customers: u64,
    /// In all
    #[arg(long, default_value_t = 2_000_000)]
    messages: u64,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    settings: Settings,
}

impl Seed {
    fn load(&self) -> Load {
        let Self { tenants, customers, messages, seed, .. } = *self;
        Load { tenants, customers, messages, seed }
    }
}

#[derive(Debug, clap::Args)]
struct Simulator {
    /// Where to listen on 127.0.0.1
    #[arg(long, default_value_t = 3001)]
    port: u16,
    /// The key that callers must send
    #[arg(long, env = "WAHA_API_KEY", hide_env_values = true)]
    api_key: Option<String>,
}

/// Runs what the command line asks for.
pub fn run() -> anyhow::Result<()> {
    read_dotenv()?;
    let command = Command::try_parse().unwrap_or_else(|error| refuse(&error));
    log(command.log.log_format)?;
    crate::kit::http::install_tls();
    actix_web::rt::System::new().block_on(async {
        match command.what {
            What::Demo(options) => demo::run(options.port, &options.data_dir, options.reset).await,
            What::Serve(settings) => serve::run(*settings).await,
            What::Migrate(Migrate { database, revert }) => database::migrate(&database, revert).await,
            What::Check(settings) => check::run(&settings).await,
            What::Admin(Admin::Create(options)) => admin::create(&options.email, &options.settings).await,
            What::Seed(options) => seed::run(options.load(), &options.settings).await,
            What::WahaSimulator(options) => simulate(options).await,
        }
    })
}

/// A missing `.env` is fine, one that cannot be read is not.
fn read_dotenv() -> anyhow::Result<()> {
    match dotenvy::dotenv() {
        Err(cause) if !cause.not_found() => Err(cause).context("the file .env cannot be read"),
        _ => Ok(()),
    }
}

/// Ends the program with clap's words. Those name the flag, while most settings come from the environment.
fn refuse(error: &clap::Error) -> ! {
    let mut command = Command::command();
    command.build();
    if let Some(ContextValue::String(flag)) = error.get(ContextKind::InvalidArg)
        && let Some(variable) = variable(&command, flag)
    {
        eprintln!("{variable} is not usable:");
    }
    error.exit()
}

/// The variable behind a flag, in this command or one below it.
fn variable(command: &clap::Command, flag: &str) -> Option<String> {
    let argument = command.get_arguments().find(|argument| argument.to_string() == flag);
    let here = argument.and_then(|argument| argument.get_env()).map(|name| name.to_string_lossy().into_owned());
    here.or_else(|| command.get_subcommands().find_map(|below| variable(below, flag)))
}

/// To stderr, so that what a command prints can be used by other programs.
fn log(format: LogFormat) -> anyhow::Result<()> {
    let filter = match std::env::var("RUST_LOG") {
        Ok(filter) if !filter.is_empty() => {
            EnvFilter::try_new(&filter).map_err(|cause| anyhow::anyhow!("RUST_LOG is not a filter: {cause}"))?
        }
        _ => EnvFilter::try_new(format!("info,{LOG_FILTER}"))?,
    };
    let is_terminal = std::io::stderr().is_terminal();
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(is_terminal).with_writer(std::io::stderr);
    match format {
        LogFormat::Text => log.with_target(false).init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
    Ok(())
}

async fn simulate(options: Simulator) -> anyhow::Result<()> {
    let bind = SocketAddr::from(([127, 0, 0, 1], options.port));
    let running = simulator::start(simulator::Options { bind, api_key: options.api_key, ..Default::default() }).await?;
    println!("WhatsApp simulator: {}", running.url);
    crate::server::stop_signal().await?;
    running.stop().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    fn variables(command: &clap::Command) -> Vec<String> {
        let own = command.get_arguments().filter_map(|argument| argument.get_env());
        let own = own.map(|name| name.to_string_lossy().into_owned());
        own.chain(command.get_subcommands().flat_map(variables)).collect()
    }

    #[test]
    fn the_readme_names_every_variable() {
        let readme = include_str!("../../README.md");
        let missing: Vec<String> = variables(&Command::command())
            .into_iter()
            .filter(|name| !readme.contains(&format!("| `{name}` |")))
            .collect();
        assert!(missing.is_empty(), "not in README's table: {missing:?}");
    }
}
