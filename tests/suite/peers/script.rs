//! What a scripted SMTP server does otherwise than a good one, as data.

use std::{thread, time::Duration};

use serde::Deserialize;

use super::smtp::Wire;

/// A point of the dialogue: where the client has just said something (or connected).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Point {
    /// The client has connected.
    Greeting,
    /// EHLO, before encryption or without.
    Ehlo,
    /// STARTTLS.
    Starttls,
    /// The go-ahead for encryption was given; the handshake is next.
    Handshake,
    /// EHLO over TLS.
    EhloTls,
    /// AUTH.
    Auth,
    /// MAIL.
    Mail,
    /// RCPT.
    Rcpt,
    /// DATA.
    Data,
    /// So many bytes of the message have come.
    Body,
    /// The final dot has come.
    Dot,
    /// RSET.
    Rset,
    /// QUIT.
    Quit,
}

/// How a connection goes on after a fault's reply, if it does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Then {
    /// As if nothing had happened.
    #[default]
    GoOn,
    /// The connection is closed.
    Close,
    /// The connection is reset.
    Reset,
    /// Nothing more is said.
    Silence,
    /// A digit every now and then, without end.
    Drip,
}

/// One departure from good behaviour.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Fault {
    /// Where.
    pub at: Point,
    /// How often the point is passed before.
    #[serde(default)]
    pub skip: u32,
    /// How often it happens; 0 is always.
    #[serde(default = "once")]
    pub times: u32,
    /// Said instead of the good answer; each line gets its CRLF. Without it nothing is said.
    pub reply: Option<String>,
    /// The reply leaves byte by byte.
    #[serde(default)]
    pub slowly: bool,
    /// The reply leaves without its line ending.
    #[serde(default)]
    pub unended: bool,
    /// What comes after the reply; without a reply it must be given.
    #[serde(default)]
    pub then: Then,
    /// At the dot: whether the message is kept nevertheless.
    #[serde(default)]
    pub keep: bool,
    /// In the body: after how many bytes.
    #[serde(default)]
    pub bytes: usize,
}

fn once() -> u32 {
    1
}

/// A fault with its count of passes.
#[derive(Debug)]
pub struct Armed {
    fault: Fault,
    passed: u32,
}

impl Armed {
    /// Ready to count from the start.
    pub fn new(fault: Fault) -> Self {
        Armed { fault, passed: 0 }
    }

    /// Counts a pass of `point`; the fault, if it is due.
    pub fn pass(&mut self, point: Point) -> Option<Fault> {
        let Fault {
            at, skip, times, ..
        } = self.fault;
        if at != point {
            return None;
        }
        self.passed += 1;
        let due = self.passed > skip && (times == 0 || self.passed <= skip + times);
        due.then(|| self.fault.clone())
    }
}

/// Whether the connection goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// It does.
    GoesOn,
    /// It has ended.
    Ended,
}

impl Fault {
    /// Whether the reply accepts the command (2yz or 3yz).
    pub fn accepts(&self) -> bool {
        self.reply
            .as_ref()
            .is_some_and(|r| r.starts_with(['2', '3']))
    }

    /// Says the reply and does what comes then.
    pub fn act(&self, wire: &mut Wire) -> Flow {
        if let Some(reply) = &self.reply {
            let mut text = reply.trim_end().replace('\n', "\r\n");
            if !self.unended {
                text.push_str("\r\n");
            }
            if self.slowly {
                for byte in text.as_bytes() {
                    wire.say(&[*byte]);
                    thread::sleep(Duration::from_millis(3));
                }
            } else {
                wire.say(text.as_bytes());
            }
        }
        match self.then {
            Then::GoOn => return Flow::GoesOn,
            Then::Close => {}
            Then::Reset => wire.reset_on_close(),
            // The fault is that no answer comes, until the client gives up.
            Then::Silence => wire.hear_out(),
            Then::Drip => {
                while wire.say(b"2") {
                    thread::sleep(Duration::from_millis(50));
                }
            }
        }
        Flow::Ended
    }
}
