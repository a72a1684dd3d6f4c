//! The PostgreSQL programs of this machine, and how we run them.

use super::account::Account;
use super::os;
use anyhow::{Context, bail};
use std::env;
use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The oldest release that our migrations know.
const OLDEST: u32 = 15;
/// Where packages put each release into a directory of its own.
const RELEASES: &[&str] =
    &["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt", "/home/linuxbrew/.linuxbrew/opt", "/usr"];
const OTHERS: &[&str] = &["/usr/local/pgsql/bin", "/usr/lib/postgresql/bin", "/usr/libexec/postgresql"];
const HELP: &str = "No PostgreSQL server programs (initdb, postgres) of release 15 or newer were found: install them \
                    (Debian, Ubuntu: apt-get install postgresql; Fedora: dnf install postgresql-server; macOS: brew \
                    install postgresql@17), or name their directory in PG_BIN_DIR, or a running server in DATABASE_URL.";

/// A directory with `initdb` and `postgres`, and the account they run as.
#[derive(Debug)]
pub(super) struct Programs {
    pub(super) directory: PathBuf,
    pub(super) account: Option<Account>,
}

impl Programs {
    /// PG_BIN_DIR alone if it is set; else the release that made the cluster in `data`, else the first one found.
    pub(super) fn find(data: &Path) -> anyhow::Result<Self> {
        let candidates = match env::var_os("PG_BIN_DIR") {
            Some(named) => vec![PathBuf::from(named)],
            None => candidates(),
        };
        let made_by = fs::read_to_string(data.join("PG_VERSION")).ok().and_then(|text| text.trim().parse().ok());
        let (directory, release) = choose(candidates, made_by).context(HELP)?;
        if let Some(made_by) = made_by.filter(|made_by| *made_by != release) {
            bail!(
                "PostgreSQL {made_by} made the cluster in {}, but {} holds PostgreSQL {release}: install release \
                 {made_by}, or move the cluster with pg_upgrade, or choose another --data-dir",
                data.display(),
                directory.display()
            );
        }
        Ok(Self { directory, account: Account::for_server()? })
    }

    /// Program `name` on the data directory `data`, run as the right account, with nothing of our environment that
    /// would change what it does.
    pub(super) fn command(&self, name: &str, data: &Path) -> anyhow::Result<Command> {
        let mut command = Command::new(self.directory.join(name));
        command.current_dir("/").stdin(Stdio::null()).env("LC_ALL", "C.UTF-8").env_remove("TZ");
        for (name, _) in env::vars_os().filter(|(name, _)| name.as_encoded_bytes().starts_with(b"PG")) {
            command.env_remove(name);
        }
        let mut path = data.to_path_buf();
        if let Some(account) = &self.account {
            command.uid(account.uid).gid(account.gid);
            if let Some(closed) = account.first_closed(data) {
                path = open_by_hand(&mut command, data, &closed, account)?;
            }
        }
        command.arg("-D").arg(path);
        Ok(command)
    }
}

/// As root in a directory that is closed to the server's account, /root for one, the server gets its data directory
/// as an open descriptor.
fn open_by_hand(command: &mut Command, data: &Path, closed: &Path, account: &Account) -> anyhow::Result<PathBuf> {
    if !cfg!(target_os = "linux") {
        bail!(
            "PostgreSQL does not run as root but as {}, who may not enter {}: choose another --data-dir, or open \
             this one with `chmod o+x`, or set DATABASE_URL",
            account.name,
            closed.display()
        );
    }
    let directory = File::open(data).with_context(|| format!("cannot open {}", data.display()))?;
    Ok(os::hand_over(command, directory))
}

/// Directories that may hold the programs, best first.
fn candidates() -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    // PATH may have no more than a link to initdb: follow it to where the other programs are.
    let mut found: Vec<_> = env::split_paths(&path)
        .filter_map(|directory| directory.join("initdb").canonicalize().ok()?.parent().map(Path::to_path_buf))
        .collect();
    found.extend(RELEASES.iter().flat_map(|parent| releases(Path::new(parent))));
    found.extend(OTHERS.iter().map(PathBuf::from));
    found
}

/// `<parent>/17/bin`, `<parent>/postgresql@16/bin`, `<parent>/pgsql-15/bin`: newest first.
fn releases(parent: &Path) -> Vec<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = fs::read_dir(parent)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let release = name.trim_start_matches("postgresql@").trim_start_matches("pgsql-").parse().ok()?;
            Some((release, entry.path().join("bin")))
        })
        .collect();
    found.sort_by_key(|(release, _)| std::cmp::Reverse(*release));
    found.into_iter().map(|(_, directory)| directory).collect()
}

fn choose(candidates: Vec<PathBuf>, made_by: Option<u32>) -> Option<(PathBuf, u32)> {
    let usable = |directory: PathBuf| {
        let release = release_of(&directory)?;
        (release >= OLDEST && directory.join("initdb").exists()).then_some((directory, release))
    };
    let mut found = candidates.into_iter().filter_map(usable).peekable();
    let first = found.peek().cloned();
    found.find(|(_, release)| made_by.is_none_or(|made_by| made_by == *release)).or(first)
}

/// From `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`, `… 18beta1`: the first number.
fn release_of(directory: &Path) -> Option<u32> {
    let output = Command::new(directory.join("postgres")).arg("--version").stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let version = text.split_whitespace().nth(2)?;
    version.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_release_that_made_the_cluster_is_preferred() {
        let root = env::temp_dir().join(format!("programs-{}", uuid::Uuid::new_v4()));
        for release in [14, 15, 16, 17] {
            let directory = root.join(release.to_string()).join("bin");
            fs::create_dir_all(&directory).unwrap();
            fs::write(directory.join("initdb"), "").unwrap();
            let script = format!("#!/bin/sh\necho 'postgres (PostgreSQL) {release}.3 (Debian)'\n");
            fs::write(directory.join("postgres"), script).unwrap();
            fs::set_permissions(directory.join("postgres"), std::os::unix::fs::PermissionsExt::from_mode(0o755))
                .unwrap();
        }

        let chosen = |made_by| choose(releases(&root), made_by).map(|(_, release)| release);

        assert_eq!(chosen(None), Some(17));
        assert_eq!(chosen(Some(15)), Some(15));
        assert_eq!(chosen(Some(18)), Some(17));
        assert_eq!(choose(vec![root.join("14/bin"), root.join("nothing")], None), None);
        fs::remove_dir_all(root).unwrap();
    }
}
