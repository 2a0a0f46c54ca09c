//! A scripted HTTP server on a free loopback port: one connection, one canned answer.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// What happens to a request that was read whole.
#[derive(Clone, Copy, Debug)]
pub enum Answer {
    /// These bytes, then the end.
    Say(&'static str),
    /// A status, a header line (or none) and a body, then the end.
    Says(u16, &'static str, &'static str),
    /// The end.
    Close,
    /// A reset instead of an answer.
    Reset,
    /// A reset before anything is read.
    ResetAtOnce,
    /// Nothing, for as long as the client waits.
    Silence,
}

/// A server that runs until the process ends; after its last answer it repeats that one.
pub struct Server {
    /// Where it listens.
    pub port: u16,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Starts it with one answer for each connection.
    pub fn start(answers: Vec<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on loopback");
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        thread::spawn(move || {
            for (n, client) in listener.incoming().flatten().enumerate() {
                let answer = answers[n.min(answers.len() - 1)];
                let seen = Arc::clone(&seen);
                thread::spawn(move || serve(client, answer, &seen));
            }
        });
        Server { port, requests }
    }

    /// The requests so far: head and body.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

fn serve(mut client: TcpStream, answer: Answer, seen: &Mutex<Vec<String>>) {
    let reset = |client: &TcpStream| {
        socket2::SockRef::from(client)
            .set_linger(Some(std::time::Duration::ZERO))
            .unwrap();
    };
    if matches!(answer, Answer::ResetAtOnce) {
        return reset(&client);
    }
    let Some(request) = read_request(&mut client) else {
        return;
    };
    seen.lock().unwrap().push(request);
    match answer {
        Answer::Say(text) => {
            let _ = client.write_all(text.as_bytes());
        }
        Answer::Says(status, header, body) => {
            let header = if header.is_empty() {
                String::new()
            } else {
                format!("{header}\r\n")
            };
            let length = body.len();
            let text =
                format!("HTTP/1.1 {status} Said\r\n{header}Content-Length: {length}\r\n\r\n{body}");
            let _ = client.write_all(text.as_bytes());
        }
        Answer::Reset => reset(&client),
        Answer::Close | Answer::ResetAtOnce => {}
        Answer::Silence => while client.read(&mut [0; 64]).is_ok_and(|n| n > 0) {},
    }
}

fn read_request(client: &mut TcpStream) -> Option<String> {
    let mut text = String::new();
    let mut block = [0; 4096];
    loop {
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length")
                    .then(|| value.trim().parse().ok())?
            });
            if body.len() >= length.unwrap_or(0) {
                return Some(text);
            }
        }
        let count = client.read(&mut block).ok().filter(|&n| n > 0)?;
        text.push_str(&String::from_utf8_lossy(&block[..count]));
    }
}
