//! A real Postfix on free loopback ports, with everything it needs in a folder of its own:
//! STARTTLS with a made-up authority's certificate, logins, one mailbox.

use std::{
    fs,
    io::Read,
    net::{TcpListener, TcpStream},
    os::unix::fs::{PermissionsExt, chown},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    thread,
    time::Duration,
};

use tempfile::TempDir;

use super::certificates::{Authority, Shown};

/// How to get what is missing.
const INSTALL: &str = "run .ci/need tests (apt-get install postfix sasl2-bin libsasl2-modules)";
/// How often a condition is looked at, 50 ms apart.
const LOOKS: u32 = 200;
/// The largest message taken, in bytes.
pub const SIZE_LIMIT: usize = 50_000;

/// A running Postfix; it stops when dropped.
pub struct Postfix {
    /// Port with a good certificate.
    pub port: u16,
    /// Port with an expired certificate.
    pub expired_port: u16,
    /// The authority that signed both.
    pub authority: Authority,
    home: TempDir,
    master: Child,
}

impl Postfix {
    /// Starts one that knows the account `team@localhost` with `password` and takes mail for
    /// `ann@example.com` alone.
    pub fn start(password: &str) -> Self {
        let home = TempDir::new().unwrap();
        fs::set_permissions(home.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let authority = Authority::new("Postfix Test Authority");
        let (port, expired_port) = free_ports();
        write_configuration(home.path(), port, expired_port);
        for (name, shown) in [("good", Shown::Good), ("expired", Shown::Expired)] {
            let identity = authority.identity(shown);
            write(
                home.path(),
                &format!("{name}.pem"),
                &identity.certificate_pem,
            );
            write(home.path(), &format!("{name}.key"), &identity.key_pem);
        }
        add_account(home.path(), password);
        let master = command("postfix")
            .arg("-c")
            .arg(home.path().join("etc"))
            .arg("start-fg")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("postfix cannot be started ({error}): {INSTALL}"));
        let running = Postfix {
            port,
            expired_port,
            authority,
            home,
            master,
        };
        for port in [port, expired_port] {
            running.wait_for("a greeting", || greets(port));
        }
        running
    }

    /// The messages in ann's mailbox, once there are `count` of them.
    pub fn mailbox(&self, count: usize) -> Vec<String> {
        let folder = self.home.path().join("mail/ann/new");
        let files = || -> Vec<PathBuf> {
            let entries = fs::read_dir(&folder).into_iter().flatten();
            entries.flatten().map(|e| e.path()).collect()
        };
        self.wait_for("mail in the box", || files().len() >= count);
        files()
            .iter()
            .map(|f| fs::read_to_string(f).unwrap())
            .collect()
    }

    fn wait_for(&self, what: &str, ready: impl Fn() -> bool) {
        for _ in 0..LOOKS {
            if ready() {
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
        let log = fs::read_to_string(self.home.path().join("log")).unwrap_or_default();
        panic!(
            "waited in vain for {what}; Postfix needs root and its packages ({INSTALL}); its log:\n{log}"
        );
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        let _ = run(command("postfix")
            .arg("-c")
            .arg(self.home.path().join("etc"))
            .arg("stop"));
        for _ in 0..LOOKS {
            if !matches!(self.master.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
        let _ = self.master.kill();
    }
}

/// Debian keeps servers where only root's path leads.
fn command(program: &str) -> Command {
    let places = ["/usr/sbin", "/usr/bin", "/usr/local/sbin"];
    let found = places
        .iter()
        .map(|p| Path::new(p).join(program))
        .find(|p| p.exists());
    Command::new(found.unwrap_or_else(|| panic!("{program} is not installed: {INSTALL}")))
}

fn run(command: &mut Command) -> Output {
    command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}; {INSTALL}"))
}

fn free_ports() -> (u16, u16) {
    let listeners = [0, 1].map(|_| TcpListener::bind("127.0.0.1:0").expect("a free port"));
    let [first, second] = listeners.map(|l| l.local_addr().unwrap().port());
    (first, second)
}

fn greets(port: u16) -> bool {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else {
        return false;
    };
    stream
        .set_read_timeout(Some(Duration::from_secs(2)))
        .unwrap();
    let mut code = [0; 3];
    stream.read_exact(&mut code).is_ok() && &code == b"220"
}

fn write(home: &Path, name: &str, text: &str) {
    let path = home.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn write_configuration(home: &Path, port: u16, expired_port: u16) {
    let place = home.display();
    write(
        home,
        "etc/main.cf",
        &format!(
            "\
compatibility_level = 3.6
config_directory = {place}/etc
queue_directory = {place}/queue
data_directory = {place}/data
maillog_file = {place}/log
maillog_file_prefixes = {place}
inet_interfaces = loopback-only
inet_protocols = ipv4
myhostname = localhost
mydestination =
mynetworks =
alias_maps =
alias_database =
virtual_mailbox_domains = example.com
virtual_mailbox_maps = texthash:{place}/etc/mailboxes
virtual_mailbox_base = {place}/mail
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
message_size_limit = {SIZE_LIMIT}
smtpd_error_sleep_time = 0
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_tls_cert_file = {place}/good.pem
smtpd_tls_key_file = {place}/good.key
smtpd_sasl_type = cyrus
smtpd_sasl_path = smtpd
smtpd_sasl_auth_enable = yes
smtpd_sasl_local_domain = localhost
cyrus_sasl_config_path = {place}/etc/sasl
smtpd_relay_restrictions = permit_sasl_authenticated, reject
"
        ),
    );
    write(
        home,
        "etc/master.cf",
        &format!(
            "\
127.0.0.1:{port} inet n - n - - smtpd
127.0.0.1:{expired_port} inet n - n - - smtpd
  -o smtpd_tls_cert_file={place}/expired.pem
  -o smtpd_tls_key_file={place}/expired.key
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"
        ),
    );
    write(home, "etc/mailboxes", "ann@example.com ann/\n");
    // Debian's Postfix looks for it beside main.cf, whatever the configuration says.
    write(
        home,
        "etc/sasl/smtpd.conf",
        &format!(
            "\
pwcheck_method: auxprop
auxprop_plugin: sasldb
sasldb_path: {place}/sasldb
mech_list: PLAIN LOGIN
"
        ),
    );
    for folder in ["queue", "data", "mail"] {
        fs::create_dir(home.join(folder)).unwrap();
    }
    let user = run(Command::new("id").args(["-u", "postfix"]));
    let uid = String::from_utf8_lossy(&user.stdout).trim().parse();
    let uid: u32 = uid.unwrap_or_else(|_| panic!("there is no user postfix: {INSTALL}"));
    chown(home.join("data"), Some(uid), None).expect("only root can run Postfix");
    chown(home.join("mail"), Some(65534), Some(65534)).unwrap();
}

fn add_account(home: &Path, password: &str) {
    use std::io::Write;
    let database = home.join("sasldb");
    let mut child = command("saslpasswd2")
        .args(["-p", "-c", "-u", "localhost", "-f"])
        .arg(&database)
        .arg("team")
        .stdin(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("saslpasswd2: {error}; {INSTALL}"));
    child
        .stdin
        .take()
        .unwrap()
        .write_all(password.as_bytes())
        .unwrap();
    assert!(
        child.wait().unwrap().success(),
        "saslpasswd2 failed; {INSTALL}"
    );
    fs::set_permissions(&database, fs::Permissions::from_mode(0o644)).unwrap();
}
