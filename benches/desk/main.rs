//! `bin/bench [NAME…]`: how fast the desk is, measured on a release build with the data of a large installation.
//!
//! Everything runs on one machine: the desk as a process of its own, PostgreSQL, and the visitors, who are kept cheap.
//! So figures are for comparing; beside the pages stands pgbench with the same SQL on the same rows.

mod compare;
mod cost;
mod customers;
mod desk;
mod duplicates;
mod figures;
mod ground;
mod http;
mod import;
mod inbox;
mod memory;
mod process;
mod sends;
mod sign_in;
mod start;
mod statements;
mod traffic;
mod visitor;
mod webhooks;

use anyhow::ensure;
use figures::Report;
use ground::Ground;

const NAMES: [&str; 8] = ["start", "memory", "inbox", "webhooks", "sends", "sign-in", "customers", "import"];

fn main() -> anyhow::Result<()> {
    // cargo adds --bench.
    let asked: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    for name in &asked {
        ensure!(NAMES.contains(&name.as_str()), "there is no benchmark {name}; there are: {}", NAMES.join(", "));
    }
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let ground = Ground::prepare()?;
    let mut misses = 0;
    for name in NAMES.into_iter().filter(|name| asked.is_empty() || asked.iter().any(|asked| asked == name)) {
        ground.lay()?;
        let mut report = Report::new(name);
        runtime.block_on(run(name, &ground, &mut report))?;
        misses += report.show_and_keep()?;
    }
    drop(ground); // exit() would leave the server to its own devices
    if misses > 0 {
        eprintln!("\n{misses} figures miss their mark.");
        std::process::exit(1);
    }
    Ok(())
}

async fn run(name: &str, ground: &Ground, report: &mut Report) -> anyhow::Result<()> {
    match name {
        "start" => start::run(ground, report).await,
        "memory" => memory::run(ground, report).await,
        "inbox" => inbox::run(ground, report).await,
        "webhooks" => webhooks::run(ground, report).await,
        "customers" => customers::run(ground, report).await,
        "sign-in" => sign_in::run(ground, report).await,
        "import" => import::run(ground, report).await,
        _ => sends::run(ground, report).await,
    }
}
