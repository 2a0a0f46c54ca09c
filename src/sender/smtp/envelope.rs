//! Addresses and parameters of one transaction.

use lettre::{
    Address,
    transport::smtp::{
        commands::{Mail, Rcpt},
        extension::{MailBodyParameter, MailParameter},
    },
};

use super::capabilities::Capabilities;

/// Sender and recipient, with their domains in ASCII (RFC 5890).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    sender: Address,
    recipient: Address,
}

impl Envelope {
    /// Checks both addresses; the error says which one is wrong and why.
    pub fn new(sender: &str, recipient: &str) -> Result<Self, String> {
        Ok(Envelope {
            sender: address(sender).map_err(|why| format!("the sender's {why}"))?,
            recipient: address(recipient).map_err(|why| format!("the recipient's {why}"))?,
        })
    }

    /// The commands that open the transaction; `size` is that of the message on the wire.
    ///
    /// # Errors
    /// What this server cannot carry, in words for a person.
    pub fn commands(
        &self,
        offered: &Capabilities,
        size: usize,
        ascii: bool,
    ) -> Result<(Mail, Rcpt), String> {
        let mut parameters = Vec::new();
        if offered.size.is_some() {
            parameters.push(MailParameter::Size(size));
        }
        if let Some(limit) = offered.limit().filter(|&limit| size > limit) {
            return Err(format!(
                "the message has {size} bytes, the server takes {limit}; attach less (`attach` in packet.yaml)"
            ));
        }
        let foreign = [&self.sender, &self.recipient]
            .into_iter()
            .find(|a| !a.user().is_ascii());
        if let Some(address) = foreign {
            if !offered.smtp_utf8 {
                return Err(format!(
                    "the server takes only ASCII letters before the @, unlike in {address}; use another address of theirs"
                ));
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        if !ascii {
            if !offered.eight_bit_mime {
                return Err(
                    "the message has characters beyond ASCII that this server does not take (no 8BITMIME); use another server".to_owned(),
                );
            }
            parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        Ok((
            Mail::new(Some(self.sender.clone()), parameters),
            Rcpt::new(self.recipient.clone(), Vec::new()),
        ))
    }
}

/// Reads a bare address: no display name, no control characters, no spaces.
fn address(text: &str) -> Result<Address, String> {
    let refused = |why: &str| format!("address {text:?} {why}");
    // A quoted local part may hold spaces and angle brackets; no mail system of today needs it,
    // and it is a way to smuggle parameters.
    if text
        .chars()
        .any(|c| c.is_control() || c.is_whitespace() || "<>\"\\".contains(c))
    {
        return Err(refused(
            "holds spaces, quotes, brackets or control characters",
        ));
    }
    let (user, domain) = text.rsplit_once('@').ok_or_else(|| refused("has no @"))?;
    let domain = if domain.starts_with('[') {
        domain.to_owned()
    } else {
        idna::domain_to_ascii(domain).map_err(|_| refused("has no valid domain after the @"))?
    };
    Address::new(user, domain).map_err(|_| refused("is not a mail address"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn everything() -> Capabilities {
        Capabilities {
            eight_bit_mime: true,
            smtp_utf8: true,
            size: Some(1000),
            ..Capabilities::default()
        }
    }

    #[test]
    fn domains_go_out_in_ascii() {
        let envelope = Envelope::new("team@bücher.example", "ann@example.com").unwrap();
        let (mail, rcpt) = envelope
            .commands(&Capabilities::default(), 10, true)
            .unwrap();
        assert_eq!(
            mail.to_string(),
            "MAIL FROM:<team@xn--bcher-kva.example>\r\n"
        );
        assert_eq!(rcpt.to_string(), "RCPT TO:<ann@example.com>\r\n");
    }

    #[test]
    fn parameters_follow_what_is_offered() {
        let envelope = Envelope::new("jörg@example.com", "ann@example.com").unwrap();
        let (mail, _) = envelope.commands(&everything(), 999, false).unwrap();
        assert_eq!(
            mail.to_string(),
            "MAIL FROM:<jörg@example.com> SIZE=999 SMTPUTF8 BODY=8BITMIME\r\n"
        );
        let plain = Envelope::new("a@example.com", "b@example.com").unwrap();
        for (offered, size, ascii, part) in [
            (
                Capabilities {
                    smtp_utf8: false,
                    ..everything()
                },
                1,
                true,
                "jörg@",
            ),
            (everything(), 1001, true, "1001 bytes"),
        ] {
            let error = envelope.commands(&offered, size, ascii).unwrap_err();
            assert!(error.contains(part), "{error}");
        }
        let error = plain
            .commands(&Capabilities::default(), 1, false)
            .unwrap_err();
        assert!(error.contains("8BITMIME"), "{error}");
        let (mail, _) = plain.commands(&everything(), 1000, true).unwrap();
        assert_eq!(mail.to_string(), "MAIL FROM:<a@example.com> SIZE=1000\r\n");
    }

    #[test]
    fn addresses_cannot_carry_commands() {
        for bad in [
            "ann@example.com>\r\nRCPT TO:<eve@example.com",
            "ann@example.com\r\nDATA",
            "ann",
            "@example.com",
            "ann@",
            "Ann <ann@example.com>",
            "\"ann eve\"@example.com",
            "ann@exa mple.com",
            "",
        ] {
            assert!(Envelope::new("team@example.com", bad).is_err(), "{bad:?}");
            assert!(Envelope::new(bad, "ann@example.com").is_err(), "{bad:?}");
        }
    }
}
