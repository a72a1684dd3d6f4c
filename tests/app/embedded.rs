//! The private cluster: it keeps its data, it has one owner, and no accident leaves a server behind or shuts one out.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use switchboard::kit::embedded::{Cluster, Durability};

/// A directory of the test's own.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("cluster-{}", uuid::Uuid::now_v7().simple()));
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    fn start(&self) -> Cluster {
        start(&self.0)
    }

    fn data(&self) -> PathBuf {
        self.0.canonicalize().unwrap().join("pg/data")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn start(data_dir: &Path) -> Cluster {
    Cluster::start(data_dir, Durability::Full).unwrap()
}

fn connect(cluster: &Cluster) -> ConnectionResult<PgConnection> {
    PgConnection::establish(&cluster.url("postgres"))
}

fn write_down(cluster: &Cluster, word: &str) {
    let mut conn = connect(cluster).unwrap();
    conn.batch_execute("CREATE TABLE IF NOT EXISTS words (word text)").unwrap();
    diesel::sql_query("INSERT INTO words VALUES ($1)").bind::<Text, _>(word).execute(&mut conn).unwrap();
}

fn has(cluster: &Cluster, word: &str) -> bool {
    let Ok(mut conn) = connect(cluster) else { return false };
    let query = "SELECT 1 FROM words WHERE word = $1";
    diesel::sql_query(query).bind::<Text, _>(word).execute(&mut conn).is_ok_and(|found| found == 1)
}

/// Waits long enough for a busy machine, and no longer than needed.
fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let since = Instant::now();
    while !holds() {
        assert!(since.elapsed() < Duration::from_secs(60), "not within a minute: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The processes of the cluster whose data directory this is.
fn processes(data: &Path) -> Vec<u32> {
    let works_there = |pid: &u32| fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd == data);
    let all = fs::read_dir("/proc").unwrap().flatten();
    all.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).filter(works_there).collect()
}

fn server_pid(data: &Path) -> u32 {
    fs::read_to_string(data.join("postmaster.pid")).unwrap().lines().next().unwrap().parse().unwrap()
}

fn kill(pid: u32) {
    assert!(Command::new("kill").args(["-9", &pid.to_string()]).status().unwrap().success());
}

/// A process that owns the cluster in `data_dir`: this very test program, told to run only the test below.
fn other_owner(data_dir: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "embedded::an_owner_in_another_process", "--nocapture"]);
    command.env("OWN_CLUSTER", data_dir).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs it until the cluster stands, and returns its URL too.
fn spawn_other_owner(data_dir: &Path) -> (Child, String) {
    let mut child = other_owner(data_dir).spawn().unwrap();
    let lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
    let url = lines.map_while(Result::ok).find(|line| line.starts_with("postgres://"));
    (child, url.expect("the other owner did not start"))
}

#[test]
fn an_owner_in_another_process() {
    let Some(data_dir) = std::env::var_os("OWN_CLUSTER") else {
        return;
    };
    let cluster = start(Path::new(&data_dir));
    write_down(&cluster, "before");
    println!("\n{}", cluster.url("postgres"));
    std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
}

#[test]
fn a_cluster_finds_its_data_again() {
    let folder = Folder::new();
    let mut cluster = folder.start();
    cluster.create_database_if_missing("desk").unwrap();
    cluster.create_database_if_missing("desk").unwrap();
    write_down(&cluster, "kept");

    cluster.stop().unwrap();
    assert!(processes(&folder.data()).is_empty());
    assert!(!folder.data().join("postmaster.pid").exists());

    let cluster = folder.start();
    assert!(has(&cluster, "kept"));
    assert!(PgConnection::establish(&cluster.url("desk")).is_ok());
}

#[test]
fn only_its_own_account_can_reach_the_server() {
    let folder = Folder::new();
    let cluster = folder.start();
    let mut conn = connect(&cluster).unwrap();
    let setting = |conn: &mut PgConnection, name: &str, value: &str| {
        let query = "SELECT 1 WHERE current_setting($1) = $2";
        diesel::sql_query(query).bind::<Text, _>(name).bind::<Text, _>(value).execute(conn).unwrap() == 1
    };

    assert!(setting(&mut conn, "listen_addresses", ""));
    assert!(setting(&mut conn, "server_encoding", "UTF8"));
    let mode = fs::metadata(folder.0.join("pg")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[test]
fn a_second_owner_is_told_how_to_use_the_first_ones_server() {
    let folder = Folder::new();
    let cluster = folder.start();

    let refused = Cluster::start(&folder.0, Durability::Fast).err().unwrap().to_string();

    assert!(refused.contains(&format!("DATABASE_URL='{}'", cluster.url("switchboard"))), "{refused}");
    assert!(connect(&cluster).is_ok());
}

#[test]
fn a_pid_file_that_names_a_strangers_process_is_stale() {
    let folder = Folder::new();
    let mut cluster = folder.start();
    write_down(&cluster, "kept");
    let pid_file = folder.data().join("postmaster.pid");
    let left = fs::read_to_string(&pid_file).unwrap();
    cluster.stop().unwrap();
    let mut stranger = Command::new("sleep").arg("600").spawn().unwrap();
    let (_, rest) = left.split_once('\n').unwrap();
    fs::write(&pid_file, format!("{}\n{rest}", stranger.id())).unwrap();
    fs::set_permissions(&pid_file, Permissions::from_mode(0o644)).unwrap();

    let cluster = folder.start();

    assert!(has(&cluster, "kept"));
    assert!(stranger.try_wait().unwrap().is_none(), "the stranger was killed");
    stranger.kill().unwrap();
    stranger.wait().unwrap();
}

#[test]
fn a_server_that_is_killed_comes_back() {
    let folder = Folder::new();
    let cluster = folder.start();
    write_down(&cluster, "kept");
    let killed = server_pid(&folder.data());

    kill(killed);

    eventually("the server is back with its data", || has(&cluster, "kept"));
    assert_ne!(server_pid(&folder.data()), killed);
}

#[test]
fn a_killed_owner_leaves_no_server_behind() {
    let folder = Folder::new();
    let (mut owner, _) = spawn_other_owner(&folder.0);
    assert!(!processes(&folder.data()).is_empty());

    owner.kill().unwrap();
    owner.wait().unwrap();

    eventually("all server processes are gone", || processes(&folder.data()).is_empty());
    assert!(has(&folder.start(), "before"));
}

#[test]
fn owner_and_server_killed_together_lose_nothing() {
    let folder = Folder::new();
    let (mut owner, url) = spawn_other_owner(&folder.0);
    let server = server_pid(&folder.data());
    // A backend that never looks up does not notice by itself that its server is gone.
    let mut conn = PgConnection::establish(&url).unwrap();
    let busy = std::thread::spawn(move || conn.batch_execute("DO 'BEGIN LOOP NULL; END LOOP; END'"));
    let query = "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'DO %'";
    let mut watcher = PgConnection::establish(&url).unwrap();
    eventually("a backend is busy", || diesel::sql_query(query).execute(&mut watcher).unwrap() == 1);

    kill(server);
    owner.kill().unwrap();
    owner.wait().unwrap();

    assert!(has(&folder.start(), "before"));
    assert!(busy.join().unwrap().is_err());
}

#[test]
fn a_directory_may_be_deep_and_oddly_named() {
    let folder = Folder::new();
    let deep = folder.0.join("one, two 'three'").join("d".repeat(120));
    let mut cluster = start(&deep);

    write_down(&cluster, "deep");

    assert!(has(&cluster, "deep"));
    cluster.stop().unwrap();
}

#[test]
fn root_may_keep_its_cluster_in_a_closed_directory() {
    let folder = Folder::new();
    fs::set_permissions(&folder.0, Permissions::from_mode(0o700)).unwrap();
    let mut cluster = folder.start();
    write_down(&cluster, "closed");

    cluster.stop().unwrap();

    assert!(has(&folder.start(), "closed"));
}

#[test]
fn without_server_programs_the_error_says_what_to_install() {
    let folder = Folder::new();
    let output = other_owner(&folder.0).env("PG_BIN_DIR", "/nonexistent").output().unwrap();

    let text = String::from_utf8_lossy(&output.stderr);

    assert!(!output.status.success());
    for hint in ["apt-get install postgresql", "PG_BIN_DIR", "DATABASE_URL"] {
        assert!(text.contains(hint), "{hint} is not in {text}");
    }
    assert!(!folder.0.join("pg").exists());
}
