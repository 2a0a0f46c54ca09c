//! What a server offers in its reply to EHLO.

use lettre::transport::smtp::{authentication::Mechanism, response::Response};

use crate::model::config::Auth;

/// The service extensions that matter here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capabilities {
    /// RFC 2920: MAIL, RCPT and DATA may go in one write.
    pub pipelining: bool,
    /// RFC 6152: bytes above 127 in the message.
    pub eight_bit_mime: bool,
    /// RFC 6531: characters beyond ASCII in addresses.
    pub smtp_utf8: bool,
    /// RFC 1870: `Some(0)` is a server that names no limit.
    pub size: Option<usize>,
    /// RFC 3207.
    pub starttls: bool,
    /// RFC 4954: the mechanisms to log in with, in capitals, as offered.
    pub mechanisms: Vec<String>,
}

impl Capabilities {
    /// Reads the lines of a reply to EHLO; keywords in any case (RFC 5321 section 2.4).
    pub fn read(reply: &Response) -> Self {
        let mut found = Capabilities::default();
        // The first line is the server's name and greeting.
        for line in reply.message().skip(1) {
            // Old servers wrote `AUTH=LOGIN`.
            let line = line.replacen('=', " ", 1).to_ascii_uppercase();
            let mut words = line.split_whitespace();
            match words.next() {
                Some("PIPELINING") => found.pipelining = true,
                Some("8BITMIME") => found.eight_bit_mime = true,
                Some("SMTPUTF8") => found.smtp_utf8 = true,
                Some("STARTTLS") => found.starttls = true,
                Some("SIZE") => {
                    found.size = Some(words.next().and_then(|n| n.parse().ok()).unwrap_or(0));
                }
                Some("AUTH") => found.mechanisms.extend(words.map(str::to_owned)),
                _ => {}
            }
        }
        found
    }

    /// The mechanism to log in with: for a password PLAIN before LOGIN, for a token XOAUTH2.
    pub fn mechanism(&self, auth: Auth) -> Option<Mechanism> {
        let known: &[Mechanism] = match auth {
            Auth::Password => &[Mechanism::Plain, Mechanism::Login],
            Auth::Xoauth2 => &[Mechanism::Xoauth2],
        };
        let offered = |m: &&Mechanism| self.mechanisms.contains(&m.to_string());
        known.iter().find(offered).copied()
    }

    /// The size limit in bytes, where the server names one.
    pub fn limit(&self) -> Option<usize> {
        self.size.filter(|&limit| limit > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_are_read_in_any_case() {
        let reply: Response = "250-mx.example.com PIPELINING\r\n250-size 1000\r\n250-Auth=login\r\n250-AUTH PLAIN XOAUTH2\r\n250 8bitmime\r\n"
            .parse()
            .unwrap();
        let found = Capabilities::read(&reply);
        assert!(!found.pipelining, "the greeting line is not a keyword");
        assert!(found.eight_bit_mime && !found.smtp_utf8 && !found.starttls);
        assert_eq!(found.limit(), Some(1000));
        assert_eq!(found.mechanism(Auth::Password), Some(Mechanism::Plain));
        assert_eq!(found.mechanism(Auth::Xoauth2), Some(Mechanism::Xoauth2));
    }

    #[test]
    fn size_without_a_number_is_no_limit() {
        for text in [
            "250-a\r\n250 SIZE\r\n",
            "250-a\r\n250 SIZE 0\r\n",
            "250-a\r\n250 SIZE x\r\n",
        ] {
            let found = Capabilities::read(&text.parse().unwrap());
            assert_eq!((found.size, found.limit()), (Some(0), None), "{text:?}");
        }
        assert_eq!(Capabilities::read(&"250 a\r\n".parse().unwrap()).size, None);
    }
}
