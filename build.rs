//! What the browser gets: `npm ci` once per lock file into the target folder, then scripts/assets.mjs writes
//! $OUT_DIR/assets.rs, which `kit::assets` includes. Nothing is written into the source tree.

use std::path::{Path, PathBuf};
use std::process::{Command, exit};
use std::{env, fs, io};

/// A change in one of these makes the assets anew.
const SOURCES: &[&str] =
    &["package.json", "package-lock.json", "scripts/assets.mjs", "static", "templates", "migrations"];
const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

fn main() {
    for source in SOURCES {
        println!("cargo::rerun-if-changed={source}");
    }
    let root = variable("CARGO_MANIFEST_DIR");
    let out = variable("OUT_DIR");
    // OUT_DIR is <target>/<profile>/build/<package>/out; every profile shares one installation.
    let shared = out.ancestors().nth(4).unwrap_or(&out).join("frontend");

    let modules = or_stop("npm packages", install(&root, &shared.join("npm")));
    let script = root.join("scripts/assets.mjs");
    run(Command::new("node").arg(script).arg(&root).arg(&modules).arg(shared.join("cache")).arg(&out));
    // The browser tests inject it; it is no part of the program.
    println!("cargo::rustc-env=AXE_JS={}", modules.join("axe-core/axe.min.js").display());
}

/// Installs what the lock file names, unless it is there already, and returns the folder node_modules.
fn install(root: &Path, dir: &Path) -> io::Result<PathBuf> {
    fs::create_dir_all(dir)?;
    let guard = fs::File::create(dir.join(".lock"))?;
    guard.lock()?; // an editor's checker may build at the same moment
    let stamp = dir.join("installed.lock");
    let wanted = fs::read(root.join("package-lock.json"))?;
    if fs::read(&stamp).ok().as_ref() != Some(&wanted) {
        for file in ["package.json", "package-lock.json"] {
            fs::copy(root.join(file), dir.join(file))?;
        }
        let quiet = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
        run(Command::new(NPM).args(quiet).current_dir(dir));
        fs::write(stamp, wanted)?;
    }
    Ok(dir.join("node_modules"))
}

fn run(command: &mut Command) {
    let program = command.get_program().to_string_lossy().into_owned();
    match command.output() {
        Ok(output) if output.status.success() => {}
        Ok(output) => stop(&format!("{program} failed: {}", String::from_utf8_lossy(&output.stderr))),
        Err(error) => {
            stop(&format!("cannot run {program} ({error}): the assets need Node.js 18+ with npm on the PATH"))
        }
    }
}

fn variable(name: &str) -> PathBuf {
    env::var_os(name).map(PathBuf::from).unwrap_or_else(|| stop(&format!("cargo did not set {name}")))
}

fn or_stop<T>(what: &str, result: io::Result<T>) -> T {
    result.unwrap_or_else(|error| stop(&format!("{what}: {error}")))
}

fn stop(reason: &str) -> ! {
    println!("cargo::error={}", reason.trim().replace('\n', " | "));
    exit(1)
}
