//! A scripted SMTP server on a free loopback port. Where its script is silent it behaves well
//! and strictly; what it accepted can be asked for.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::script::{Armed, Fault, Flow, Point};

/// What the server offers and does.
pub struct Behaviour {
    /// EHLO keywords before encryption.
    pub offers: Vec<String>,
    /// EHLO keywords over TLS.
    pub offers_tls: Vec<String>,
    /// Its certificate; `None` where it has none.
    pub tls: Option<Arc<ServerConfig>>,
    /// Whether TLS begins with the first byte.
    pub implicit: bool,
    /// Departures from good behaviour.
    pub faults: Vec<Fault>,
}

/// What the server has seen so far.
#[derive(Default)]
pub struct Seen {
    /// Accepted messages: recipient and text, dots undone.
    pub held: Vec<(String, Vec<u8>)>,
    /// Lines of the clients, in order, over all connections.
    pub lines: Vec<String>,
    /// When each MAIL was heard, in order, over all connections.
    pub mails: Vec<Instant>,
    /// How often a fault of the script happened.
    pub faults: usize,
    /// How many clients connected.
    pub connections: usize,
    /// How many of them have gone.
    pub ended: usize,
}

/// A server that runs until the process ends.
pub struct Server {
    /// Where it listens.
    pub port: u16,
    seen: Arc<Mutex<Seen>>,
}

impl Server {
    /// Starts it.
    pub fn start(behaviour: Behaviour) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on loopback");
        // A small window, so that a large message cannot vanish into the system's buffers.
        socket2::SockRef::from(&listener)
            .set_recv_buffer_size(64 * 1024)
            .unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let armed = behaviour.faults.iter().cloned().map(Armed::new).collect();
        let shared = Arc::new(Shared {
            behaviour,
            armed: Mutex::new(armed),
            seen: Arc::clone(&seen),
        });
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                thread::spawn(move || {
                    shared.seen.lock().unwrap().connections += 1;
                    let _ = Dialogue::new(&shared, client).run();
                    shared.seen.lock().unwrap().ended += 1;
                });
            }
        });
        Server { port, seen }
    }

    /// Looks at what it has seen.
    pub fn seen<T>(&self, look: impl FnOnce(&Seen) -> T) -> T {
        look(&self.seen.lock().unwrap())
    }
}

struct Shared {
    behaviour: Behaviour,
    armed: Mutex<Vec<Armed>>,
    seen: Arc<Mutex<Seen>>,
}

enum Stream {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ServerConnection, TcpStream>>),
}

/// One client's connection.
pub struct Wire {
    stream: Stream,
    socket: TcpStream,
    unread: Vec<u8>,
    taken: usize,
}

impl Wire {
    fn new(client: TcpStream) -> Self {
        client.set_nodelay(true).unwrap();
        Wire {
            socket: client.try_clone().unwrap(),
            stream: Stream::Plain(client),
            unread: Vec::new(),
            taken: 0,
        }
    }

    /// Whether `bytes` could be written.
    pub fn say(&mut self, bytes: &[u8]) -> bool {
        let written = match &mut self.stream {
            Stream::Plain(stream) => stream.write_all(bytes),
            Stream::Tls(stream) => stream.write_all(bytes).and_then(|()| stream.flush()),
        };
        written.is_ok()
    }

    /// The close of this connection will be a reset.
    pub fn reset_on_close(&self) {
        socket2::SockRef::from(&self.socket)
            .set_linger(Some(Duration::ZERO))
            .unwrap();
    }

    /// Reads and says nothing until the client goes.
    pub fn hear_out(&mut self) {
        while self.fill() {}
    }

    fn fill(&mut self) -> bool {
        self.unread.drain(..self.taken);
        self.taken = 0;
        let mut block = [0; 16 * 1024];
        let read = match &mut self.stream {
            Stream::Plain(stream) => stream.read(&mut block),
            Stream::Tls(stream) => stream.read(&mut block),
        };
        let count = read.unwrap_or(0);
        self.unread.extend_from_slice(&block[..count]);
        count > 0
    }

    fn waiting(&self) -> usize {
        self.unread.len() - self.taken
    }

    /// The next line with its CRLF; `None` when the client goes before.
    fn line(&mut self) -> Option<Vec<u8>> {
        loop {
            let rest = &self.unread[self.taken..];
            if let Some(at) = memchr::memmem::find(rest, b"\r\n") {
                let line = rest[..at + 2].to_vec();
                self.taken += line.len();
                return Some(line);
            }
            if !self.fill() {
                return None;
            }
        }
    }

    fn encrypt(&mut self, config: &Arc<ServerConfig>) {
        let connection = ServerConnection::new(Arc::clone(config)).unwrap();
        let socket = self.socket.try_clone().unwrap();
        self.stream = Stream::Tls(Box::new(StreamOwned::new(connection, socket)));
        self.unread.clear();
        self.taken = 0;
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        // A reset needs all handles closed and no orderly end; otherwise end in order.
        let linger = socket2::SockRef::from(&self.socket).linger();
        if !matches!(linger, Ok(Some(_))) {
            let _ = self.socket.shutdown(Shutdown::Write);
        }
    }
}

struct Dialogue<'a> {
    shared: &'a Shared,
    wire: Wire,
    encrypted: bool,
    sender: bool,
    recipients: Vec<String>,
}

impl<'a> Dialogue<'a> {
    fn new(shared: &'a Shared, client: TcpStream) -> Self {
        Dialogue {
            shared,
            wire: Wire::new(client),
            encrypted: false,
            sender: false,
            recipients: Vec::new(),
        }
    }

    /// `None` ends the connection.
    fn run(&mut self) -> Option<()> {
        if self.shared.behaviour.implicit {
            self.handshake()?;
        }
        self.answer(Point::Greeting, "220 localhost ready")?;
        loop {
            let line = self.wire.line()?;
            let line = String::from_utf8_lossy(&line).trim_end().to_owned();
            self.shared.seen.lock().unwrap().lines.push(line.clone());
            let verb: String = line
                .chars()
                .take_while(|c| c.is_ascii_alphabetic())
                .collect();
            let verb = verb.to_ascii_uppercase();
            if verb == "MAIL" {
                self.shared.seen.lock().unwrap().mails.push(Instant::now());
            }
            match verb.as_str() {
                "EHLO" => self.ehlo()?,
                "STARTTLS" => self.starttls()?,
                "AUTH" => self.auth(&line)?,
                "MAIL" if self.sender => self.say("503 5.5.1 nested MAIL")?,
                "MAIL" => self.sender = self.answer(Point::Mail, "250 2.1.0 ok")?,
                "RCPT" if !self.sender => self.say("503 5.5.1 MAIL first")?,
                "RCPT" => self.rcpt(&line)?,
                "DATA" => self.data()?,
                "RSET" => {
                    self.reset();
                    self.answer(Point::Rset, "250 2.0.0 ok")?;
                }
                "QUIT" => {
                    self.answer(Point::Quit, "221 2.0.0 bye")?;
                    return None;
                }
                _ => self.say("500 5.5.2 what?")?,
            }
        }
    }

    fn fault(&self, point: Point) -> Option<Fault> {
        let mut armed = self.shared.armed.lock().unwrap();
        // Every fault counts the pass; the first that is due happens.
        let due: Vec<_> = armed.iter_mut().filter_map(|a| a.pass(point)).collect();
        let first = due.into_iter().next();
        self.shared.seen.lock().unwrap().faults += usize::from(first.is_some());
        first
    }

    fn say(&mut self, line: &str) -> Option<()> {
        self.wire
            .say(format!("{line}\r\n").as_bytes())
            .then_some(())
    }

    /// Answers as scripted, else `good`; tells whether the answer accepts.
    fn answer(&mut self, point: Point, good: &str) -> Option<bool> {
        match self.fault(point) {
            Some(fault) => match fault.act(&mut self.wire) {
                Flow::GoesOn => Some(fault.accepts()),
                Flow::Ended => None,
            },
            None => self.say(good).map(|()| good.starts_with(['2', '3'])),
        }
    }

    fn reset(&mut self) {
        self.sender = false;
        self.recipients.clear();
    }

    fn ehlo(&mut self) -> Option<()> {
        self.reset();
        let behaviour = &self.shared.behaviour;
        let (point, offers) = match self.encrypted {
            true => (Point::EhloTls, &behaviour.offers_tls),
            false => (Point::Ehlo, &behaviour.offers),
        };
        let mut lines = vec!["localhost".to_owned()];
        lines.extend(offers.iter().cloned());
        let last = lines.len() - 1;
        let text: Vec<_> = lines
            .iter()
            .enumerate()
            .map(|(n, line)| format!("250{}{line}", if n == last { ' ' } else { '-' }))
            .collect();
        self.answer(point, &text.join("\r\n")).map(|_| ())
    }

    fn starttls(&mut self) -> Option<()> {
        if !self.answer(Point::Starttls, "220 2.0.0 go ahead")? {
            return Some(());
        }
        self.handshake()
    }

    fn handshake(&mut self) -> Option<()> {
        match self.fault(Point::Handshake) {
            Some(fault) if fault.act(&mut self.wire) == Flow::Ended => None,
            _ => self.encrypt(),
        }
    }

    fn encrypt(&mut self) -> Option<()> {
        self.wire.encrypt(self.shared.behaviour.tls.as_ref()?);
        self.encrypted = true;
        self.reset();
        Some(())
    }

    fn auth(&mut self, line: &str) -> Option<()> {
        // AUTH PLAIN base64(NUL team NUL open sesame); LOGIN asks for both in turn.
        // XOAUTH2 knows the token `fresh`; any other is explained first, as Google and Microsoft do.
        let good = if line.starts_with("AUTH XOAUTH2") {
            let good = line == "AUTH XOAUTH2 dXNlcj10ZWFtAWF1dGg9QmVhcmVyIGZyZXNoAQE=";
            if !good {
                self.say("334 eyJzdGF0dXMiOiI0MDEifQ==")?;
                self.wire.line()?;
            }
            good
        } else if line.starts_with("AUTH LOGIN") {
            self.say("334 VXNlcm5hbWU6")?;
            let name = self.wire.line()?;
            self.say("334 UGFzc3dvcmQ6")?;
            let password = self.wire.line()?;
            name == b"dGVhbQ==\r\n" && password == b"b3BlbiBzZXNhbWU=\r\n"
        } else {
            line == "AUTH PLAIN AHRlYW0Ab3BlbiBzZXNhbWU="
        };
        let answer = if good {
            "235 2.7.0 welcome"
        } else {
            "535 5.7.8 wrong name or password"
        };
        self.answer(Point::Auth, answer).map(|_| ())
    }

    fn rcpt(&mut self, line: &str) -> Option<()> {
        let address = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
        if self.answer(Point::Rcpt, "250 2.1.5 ok")? {
            self.recipients.push(address);
        }
        Some(())
    }

    fn data(&mut self) -> Option<()> {
        let good = match self.recipients.is_empty() {
            true => "554 5.5.1 no valid recipients",
            false => "354 go on",
        };
        if !self.answer(Point::Data, good)? {
            return Some(());
        }
        if let Some(fault) = self.fault(Point::Body) {
            while self.wire.waiting() < fault.bytes {
                if !self.wire.fill() {
                    return None;
                }
            }
            if fault.act(&mut self.wire) == Flow::Ended {
                return None;
            }
        }
        let body = self.body()?;
        if self.recipients.is_empty() {
            self.reset();
            return self.say("554 5.5.1 no valid recipients");
        }
        let fault = self.fault(Point::Dot);
        let keep = fault.as_ref().is_none_or(|f| f.keep || f.accepts());
        let recipients = std::mem::take(&mut self.recipients);
        self.reset();
        if keep {
            let mut seen = self.shared.seen.lock().unwrap();
            seen.held
                .extend(recipients.into_iter().map(|r| (r, body.clone())));
        }
        match fault.map(|fault| fault.act(&mut self.wire)) {
            Some(Flow::Ended) => None,
            Some(Flow::GoesOn) => Some(()),
            None => self.say("250 2.0.0 queued"),
        }
    }

    /// The message to the lone dot, its doubled dots undone (RFC 5321 section 4.5.2).
    fn body(&mut self) -> Option<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line = self.wire.line()?;
            if line == b".\r\n" {
                return Some(body);
            }
            body.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        }
    }
}
