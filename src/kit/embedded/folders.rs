//! Where a cluster lives: `<data_dir>/pg/{data,server.log,lock}` and the directory of its socket.

use super::account::Account;
use super::os;
use anyhow::{Context, bail};
use std::env;
use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The superuser that initdb makes, and the name in every URL.
pub(super) const SUPERUSER: &str = "switchboard";
pub(super) const SOCKET: &str = ".s.PGSQL.5432";
/// The kernel's limit for a socket's whole path.
const LONGEST_SOCKET: usize = 107;
/// How long an owner that is just ending may keep the lock.
const PATIENCE: Duration = Duration::from_secs(3);

#[derive(Debug, Clone)]
pub(super) struct Folders {
    pub(super) root: PathBuf,
    pub(super) data: PathBuf,
    pub(super) socket: PathBuf,
    pub(super) log: PathBuf,
}

impl Folders {
    pub(super) fn data_of(data_dir: &Path) -> PathBuf {
        data_dir.join("pg/data")
    }

    /// Makes the folders, private to the account that runs the server.
    pub(super) fn prepare(data_dir: &Path, account: Option<&Account>) -> anyhow::Result<Self> {
        let root = data_dir.join("pg");
        fs::create_dir_all(&root).with_context(|| format!("cannot create {}", root.display()))?;
        let root = root.canonicalize()?;
        make_private(&root, account)?;
        let socket = socket_folder(&root, account)?;
        if socket != root {
            make_private(&socket, account)?;
        }
        Ok(Self { data: root.join("data"), log: root.join("server.log"), socket, root })
    }

    /// The right to run the server. Whoever holds it already is named by the URL it can be reached at.
    pub(super) fn lock(&self) -> anyhow::Result<File> {
        let file = self.lock_file()?;
        let since = Instant::now();
        while file.try_lock().is_err() {
            if since.elapsed() > PATIENCE {
                bail!(
                    "another process runs the cluster in {}: stop it, or choose another --data-dir, or use its \
                     server with DATABASE_URL='{}'",
                    self.root.display(),
                    self.url(SUPERUSER)
                );
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(file)
    }

    /// The same lock, for those who only want to be next.
    pub(super) fn wait_for_lock(&self) -> anyhow::Result<File> {
        let file = self.lock_file()?;
        file.lock().with_context(|| format!("cannot lock {}", self.root.display()))?;
        Ok(file)
    }

    fn lock_file(&self) -> anyhow::Result<File> {
        let path = self.root.join("lock");
        File::create(&path).with_context(|| format!("cannot create {}", path.display()))
    }

    /// A URL whose host is the socket's directory, percent-encoded.
    pub(super) fn url(&self, database: &str) -> String {
        format!(
            "postgres://{SUPERUSER}@{}/{}",
            encoded(self.socket.as_os_str().as_bytes()),
            encoded(database.as_bytes())
        )
    }

    /// Removes what lies outside `data_dir`, once the server has stopped.
    pub(super) fn tidy(&self) {
        if self.socket != self.root {
            let _ = fs::remove_dir(&self.socket); // not if a server that did not stop still has its socket there
        }
    }

    /// The last lines of the server's log, for an error that has to explain itself.
    pub(super) fn last_words(&self) -> String {
        let log = fs::read(&self.log).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let lines: Vec<_> = log.lines().collect();
        lines[lines.len().saturating_sub(8)..].join("\n")
    }
}

fn encoded(bytes: &[u8]) -> String {
    let one = |byte: &u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-' => char::from(*byte).to_string(),
        other => format!("%{other:02X}"),
    };
    bytes.iter().map(one).collect()
}

/// Beside the data where a socket can live there. A deep path, one with characters that mean something in a list of
/// sockets, or one closed to the server gets a directory among the temporary ones, named after it.
fn socket_folder(root: &Path, account: Option<&Account>) -> anyhow::Result<PathBuf> {
    let name = format!("switchboard-{:016x}", fingerprint(root.as_os_str().as_bytes()));
    let temporary = [env::temp_dir(), PathBuf::from("/tmp")].into_iter().filter_map(|path| path.canonicalize().ok());
    let mut places = [root.to_path_buf()].into_iter().chain(temporary.map(|path| path.join(&name)));
    places
        .find(|place| is_fit(place) && account.is_none_or(|account| account.first_closed(place).is_none()))
        .with_context(|| {
            format!("no place for the socket of {}: set TMPDIR to a short, open directory", root.display())
        })
}

fn is_fit(folder: &Path) -> bool {
    let bytes = folder.as_os_str().as_bytes();
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-+".contains(byte);
    bytes.len() + 1 + SOCKET.len() <= LONGEST_SOCKET && bytes.iter().all(plain)
}

/// FNV-1a: the same name at every start, whatever the release of Rust.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Authentication is by who may enter: 0700, and neither a link nor another's (in /tmp anyone may make one first).
fn make_private(folder: &Path, account: Option<&Account>) -> anyhow::Result<()> {
    if let Err(error) = fs::create_dir(folder)
        && error.kind() != io::ErrorKind::AlreadyExists
    {
        return Err(error).with_context(|| format!("cannot create {}", folder.display()));
    }
    let found = fs::symlink_metadata(folder)?;
    let ours = found.uid() == os::user() || account.is_some_and(|account| account.uid == found.uid());
    if !found.is_dir() || !ours {
        bail!("{} belongs to someone else", folder.display());
    }
    if let Some(account) = account {
        account.take(folder)?;
    }
    fs::set_permissions(folder, Permissions::from_mode(0o700))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_hides_nothing_of_the_path_from_its_readers() {
        let socket = PathBuf::from("/var/a b/pg");
        let folders = Folders { root: socket.clone(), data: socket.join("data"), log: socket.join("log"), socket };
        assert_eq!(folders.url("desk"), "postgres://switchboard@%2Fvar%2Fa%20b%2Fpg/desk");
    }

    #[test]
    fn a_socket_lives_only_where_it_fits() {
        assert!(is_fit(Path::new("/srv/switchboard/.data/pg")));
        assert!(!is_fit(Path::new("/srv/one,two/pg")));
        assert!(!is_fit(&Path::new("/").join("d".repeat(100))));
    }
}
