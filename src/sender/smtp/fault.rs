//! What can go wrong between us and a server, and how it is put to a person.

use std::{error::Error as StdError, io};

use lettre::transport::smtp::Error;
use rustls::CertificateError;

use crate::{
    model::plan::{DeliveryState, Outcome, Via},
    sender::wording,
};

/// Why a step came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The server said no (4xx or 5xx) and the connection is still in step.
    Refused {
        /// The reply code.
        code: u16,
        /// The server's words.
        text: String,
    },
    /// The connection is of no more use: lost, too slow, or out of step.
    Lost {
        /// What happened.
        text: String,
        /// Whether the settings must be mended first (a bad certificate).
        lasting: bool,
    },
}

/// "Service not available, closing" (RFC 5321 section 3.8): the connection is gone.
pub const CLOSING: u16 = 421;

impl Fault {
    /// Reads lettre's error; `host` is named where the certificate is at fault.
    pub fn read(error: &Error, host: &str) -> Self {
        let source = error.source();
        let words = source.map_or_else(|| error.to_string(), ToString::to_string);
        if let Some(code) = error.status() {
            return Fault::Refused {
                code: code.into(),
                text: words,
            };
        }
        if error.is_response() {
            return Fault::lost(format!(
                "the server closed the connection, or its answer is no SMTP reply ({words})"
            ));
        }
        if let Some(tls) = find::<rustls::Error>(source) {
            return tls_fault(tls, host);
        }
        match find::<io::Error>(source).map(io::Error::kind) {
            Some(io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
                Fault::lost("the server did not answer in time".to_owned())
            }
            _ => Fault::lost(format!("the connection failed ({words})")),
        }
    }

    /// A reply that nobody expects at this point.
    pub fn unexpected(code: u16) -> Self {
        Fault::lost(format!(
            "the server answered {code} where that makes no sense; the connection was given up"
        ))
    }

    /// A connection that is of no more use.
    pub fn lost(text: String) -> Self {
        Fault::Lost {
            text,
            lasting: false,
        }
    }

    /// Whether the connection is gone.
    pub fn ends_connection(&self) -> bool {
        matches!(
            self,
            Fault::Lost { .. } | Fault::Refused { code: CLOSING, .. }
        )
    }

    /// The outcome, where nothing of the message can have been accepted.
    pub fn before(&self) -> Outcome {
        match self {
            Fault::Refused { code, text } => {
                let state = match code {
                    500..=599 => DeliveryState::Rejected,
                    _ => DeliveryState::Deferred,
                };
                replied(state, *code, text)
            }
            Fault::Lost { text, .. } => said(DeliveryState::Deferred, text),
        }
    }

    /// The outcome, where the end of the message may have reached the server.
    pub fn after(&self) -> Outcome {
        match self {
            Fault::Refused { .. } => self.before(),
            Fault::Lost { text, .. } => said(
                DeliveryState::Unknown,
                &format!("the message was sent, but {text}; it may or may not have arrived"),
            ),
        }
    }
}

/// An outcome that carries a server's reply.
pub fn replied(state: DeliveryState, code: u16, text: &str) -> Outcome {
    Outcome {
        state,
        via: Via::Smtp,
        code: Some(code),
        enhanced: wording::enhanced_code(code, text),
        detail: wording::one_line(text),
    }
}

/// An outcome in our own words.
pub fn said(state: DeliveryState, text: &str) -> Outcome {
    crate::sender::transport::outcome(Via::Smtp, state, text)
}

/// Whether `error` is nothing but a read that found nothing in time.
pub fn is_silence(error: &Error) -> bool {
    find::<io::Error>(error.source()).is_some_and(|e| {
        matches!(
            e.kind(),
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
        )
    })
}

/// The first error of type `E` in a chain, also where an `io::Error` wraps it.
fn find<'a, E: StdError + 'static>(start: Option<&'a (dyn StdError + 'static)>) -> Option<&'a E> {
    let mut next = start;
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<E>() {
            return Some(found);
        }
        // `io::Error::source` skips the very error that it wraps.
        next = match error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}

fn tls_fault(error: &rustls::Error, host: &str) -> Fault {
    use CertificateError as C;
    let text = match error {
        rustls::Error::InvalidCertificate(why) => match why {
            C::UnknownIssuer => format!(
                "the certificate of {host} is signed by an authority that is not known here; if it is your organisation's, name its certificate under `ca-file` in your own configuration"
            ),
            C::Expired | C::ExpiredContext { .. } => format!(
                "the certificate of {host} has expired; ask whoever runs the server to renew it, and check this machine's clock"
            ),
            C::NotValidYet | C::NotValidYetContext { .. } => {
                format!("the certificate of {host} is not valid yet; check this machine's clock")
            }
            C::NotValidForName | C::NotValidForNameContext { .. } => format!(
                "the certificate is not for {host}; under `smtp: host` write the name that the server's certificate bears"
            ),
            other => format!("the certificate of {host} was refused ({other})"),
        },
        rustls::Error::InvalidMessage(_) => {
            return Fault::Lost {
                text: format!(
                    "{host} does not speak TLS at this port; check `port`, and whether `security` should be starttls or tls"
                ),
                lasting: true,
            };
        }
        other => return Fault::lost(format!("the encryption with {host} failed ({other})")),
    };
    Fault::Lost {
        text,
        lasting: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_follow_code_and_moment() {
        let refused = |code| Fault::Refused {
            code,
            text: "4.2.2 full".into(),
        };
        let lost = Fault::lost("the line went dead".into());
        assert_eq!(refused(452).before().state, DeliveryState::Deferred);
        assert_eq!(refused(452).before().enhanced.as_deref(), Some("4.2.2"));
        assert_eq!(refused(552).before().state, DeliveryState::Rejected);
        assert_eq!(refused(552).before().enhanced, None);
        assert_eq!(refused(552).after().state, DeliveryState::Rejected);
        assert_eq!(refused(421).after().state, DeliveryState::Deferred);
        assert_eq!(lost.before().state, DeliveryState::Deferred);
        assert_eq!(lost.after().state, DeliveryState::Unknown);
    }

    #[test]
    fn certificate_faults_say_what_to_do() {
        use CertificateError as C;
        for (why, part) in [
            (C::UnknownIssuer, "`ca-file`"),
            (C::Expired, "renew"),
            (C::NotValidYet, "clock"),
            (C::NotValidForName, "`smtp: host`"),
            (C::Revoked, "refused"),
        ] {
            let Fault::Lost { text, lasting } =
                tls_fault(&rustls::Error::InvalidCertificate(why), "mx.example.com")
            else {
                panic!("a bad certificate ends the connection");
            };
            assert!(lasting && text.contains(part), "{text}");
        }
    }
}
