//! The same SQL without us: pgbench runs what the pages ask, so that what is left is our own.

use crate::ground::Ground;
use crate::statements::Statement;
use anyhow::{Context, ensure};
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

const SECONDS: &str = "10";

/// Scripts per second; each of `scripts` is drawn as often as the others. None where there is no pgbench.
pub fn pgbench(ground: &Ground, connections: usize, scripts: &[Vec<Statement>]) -> anyhow::Result<Option<f64>> {
    let Some(program) = find() else { return Ok(None) };
    let folder = ground.folder.join("pgbench");
    fs::create_dir_all(&folder)?;
    let mut command = Command::new(program);
    command.args(["--no-vacuum", "--protocol=prepared", "--jobs=2", "--time", SECONDS]);
    command.args(["--client", &connections.to_string()]);
    for (nth, statements) in scripts.iter().enumerate() {
        let path = folder.join(format!("{nth}.sql"));
        fs::write(&path, script(statements)?)?;
        command.arg("--file").arg(path);
    }
    // Under the same policies.
    let output = command.env("PGOPTIONS", "-c role=switchboard_app").arg(ground.url()).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    ensure!(output.status.success(), "pgbench: {}", String::from_utf8_lossy(&output.stderr));
    let tps = text.lines().find_map(|line| line.strip_prefix("tps = ")).context("pgbench says no tps")?;
    Ok(Some(tps.split(' ').next().unwrap_or_default().parse()?))
}

/// pgbench sends one statement at a time, also those that we send together.
fn script(statements: &[Statement]) -> anyhow::Result<String> {
    let mut script = String::new();
    for statement in statements {
        if statement.is_prepared {
            writeln!(script, "{};", statement.sql)?;
        } else {
            for part in statement.sql.split(';').map(str::trim).filter(|part| !part.is_empty()) {
                writeln!(script, "{part};")?;
            }
        }
    }
    Ok(script)
}

/// Beside the server's own programs, or on the PATH.
fn find() -> Option<PathBuf> {
    let named = std::env::var_os("PG_BIN_DIR").map(PathBuf::from);
    let mut releases: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .collect();
    releases.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = named.into_iter().chain(releases.into_iter().rev()).chain(std::env::split_paths(&path));
    folders.map(|folder| folder.join("pgbench")).find(|program| program.exists())
}
