//! PostgreSQL refuses to run as root: then the account `postgres`, or else `nobody`, runs it.

use super::os;
use anyhow::{Context, bail};
use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) name: String,
    pub(super) uid: u32,
    pub(super) gid: u32,
}

impl Account {
    /// The account to run the server as, or None when ours will do.
    pub(super) fn for_server() -> anyhow::Result<Option<Self>> {
        if os::user() != 0 {
            return Ok(None);
        }
        let accounts = fs::read_to_string("/etc/passwd").context("cannot read /etc/passwd")?;
        match ["postgres", "nobody"].iter().find_map(|name| Self::named(name, &accounts)) {
            Some(account) => Ok(Some(account)),
            None => bail!("PostgreSQL does not run as root, and there is no account postgres or nobody to run it as"),
        }
    }

    fn named(name: &str, accounts: &str) -> Option<Self> {
        let line = accounts.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        let mut number = || fields.next()?.parse().ok();
        Some(Self { name: name.to_owned(), uid: number()?, gid: number()? })
    }

    pub(super) fn take(&self, path: &Path) -> io::Result<()> {
        chown(path, Some(self.uid), Some(self.gid))
    }

    /// The first directory on the way to `path`, which is absolute, that this account may not enter.
    pub(super) fn first_closed(&self, path: &Path) -> Option<PathBuf> {
        let mut above: Vec<_> = path.ancestors().skip(1).collect();
        above.reverse();
        above.into_iter().find(|directory| !self.may_enter(directory)).map(Path::to_path_buf)
    }

    fn may_enter(&self, directory: &Path) -> bool {
        let Ok(found) = fs::metadata(directory) else {
            return false;
        };
        let needed = match (found.uid() == self.uid, found.gid() == self.gid) {
            (true, _) => 0o100,
            (_, true) => 0o010,
            _ => 0o001,
        };
        found.mode() & needed != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_read_from_its_line() {
        let accounts = "root:x:0:0:root:/root:/bin/bash\npostgres2:x:1:1::/:\npostgres:x:104:111:x:/var/lib:/bin/sh\n";
        let found = Account::named("postgres", accounts).unwrap();
        assert_eq!((found.uid, found.gid), (104, 111));
        assert_eq!(Account::named("nobody", accounts), None);
    }
}
