//! Slack messages by incoming webhook. The webhook's address is a secret and is never shown.

use std::{collections::BTreeMap, thread, time::Duration};

use ureq::{Agent, Error, Timeout, http::Response, http::StatusCode};

use crate::model::plan::{DeliveryState, Outcome, Via};

use super::{
    credentials::Webhook,
    transport::{self, Parcel, Transport},
    wording,
};

/// How many bytes of an answer are read.
const ANSWER_LIMIT: u64 = 4096;

/// How long to wait for a webhook, and how patiently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For name, connection and TLS.
    pub connect: Duration,
    /// For the request to leave, and for the answer, each.
    pub answer: Duration,
    /// How often a webhook that says "slow down" (429) is asked again.
    pub retries: u32,
    /// The longest such pause; Slack asks for more than this only when something is wrong.
    pub longest_pause: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Patience {
            connect: Duration::from_secs(15),
            answer: Duration::from_secs(30),
            retries: 3,
            longest_pause: Duration::from_secs(60),
        }
    }
}

/// How a webhook's pauses are waited for.
pub type Sleep = Box<dyn FnMut(Duration) + Send>;

/// Posts to the webhook of each channel.
pub struct Slack {
    webhooks: BTreeMap<String, Webhook>,
    patience: Patience,
    sleep: Sleep,
}

impl Slack {
    /// Posts to `webhooks`, by channel as the document names it.
    pub fn new(webhooks: BTreeMap<String, Webhook>) -> Self {
        Self::with_patience(webhooks, Patience::default(), Box::new(thread::sleep))
    }

    /// The same with other limits and another way of waiting.
    pub fn with_patience(
        webhooks: BTreeMap<String, Webhook>,
        patience: Patience,
        sleep: Sleep,
    ) -> Self {
        Slack {
            webhooks,
            patience,
            sleep,
        }
    }

    /// An agent for one webhook: no redirects, and no proxy on the way to this machine.
    fn agent(&self, webhook: &Webhook) -> Agent {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .https_only(!webhook.is_loopback())
            .max_idle_connections(0)
            .timeout_resolve(Some(self.patience.connect))
            .timeout_connect(Some(self.patience.connect))
            .timeout_send_request(Some(self.patience.answer))
            .timeout_send_body(Some(self.patience.answer))
            .timeout_recv_response(Some(self.patience.answer))
            .timeout_recv_body(Some(self.patience.answer));
        if webhook.is_loopback() {
            config.proxy(None).build().new_agent()
        } else {
            config.build().new_agent()
        }
    }
}

impl Transport for Slack {
    fn via(&self) -> Via {
        Via::Slack
    }

    fn deliver(&mut self, parcel: &Parcel<'_>) -> Outcome {
        let channel = &parcel.delivery.target;
        let Some(webhook) = self.webhooks.get(channel) else {
            return said(
                DeliveryState::Deferred,
                &format!(
                    "no webhook is configured for {channel}; name its variable under `slack` in packet.yaml"
                ),
            );
        };
        let agent = self.agent(webhook);
        let mut pauses = 0;
        loop {
            let posted = agent
                .post(webhook.url().expose())
                .content_type("application/json")
                .send(parcel.bytes);
            let mut response = match posted {
                Ok(response) => response,
                Err(error) => return lost(&error),
            };
            match pause(&response, self.patience.longest_pause) {
                Some(pause) if pauses < self.patience.retries => {
                    (self.sleep)(pause);
                    pauses += 1;
                }
                _ => {
                    let body = response.body_mut().with_config().limit(ANSWER_LIMIT);
                    // The status decides; an answer that cannot be read only costs its words.
                    let words = body.read_to_string().unwrap_or_default();
                    return answered(response.status(), &words);
                }
            }
        }
    }
}

/// How long a webhook that says 429 wants to be left alone.
fn pause<B>(response: &Response<B>, longest: Duration) -> Option<Duration> {
    if response.status() != StatusCode::TOO_MANY_REQUESTS {
        return None;
    }
    let header = response.headers().get("retry-after");
    let asked = header.and_then(|v| v.to_str().ok()?.trim().parse().ok());
    Some(Duration::from_secs(asked.unwrap_or(1)).min(longest))
}

fn said(state: DeliveryState, text: &str) -> Outcome {
    transport::outcome(Via::Slack, state, text)
}

fn answered(status: StatusCode, words: &str) -> Outcome {
    let words = wording::one_line(words);
    let (state, advice) = match status.as_u16() {
        200..=299 => (DeliveryState::Sent, ""),
        429 => (
            DeliveryState::Deferred,
            "; Slack asks for a pause, send again later",
        ),
        500.. => (
            DeliveryState::Deferred,
            "; Slack has a problem, send again later",
        ),
        300..=399 => (
            DeliveryState::Rejected,
            "; the webhook leads elsewhere, copy its address again from Slack",
        ),
        403 | 404 | 410 => (
            DeliveryState::Rejected,
            "; the webhook may have been removed, make a new one in Slack",
        ),
        _ => (DeliveryState::Rejected, ""),
    };
    let shown = if words.is_empty() {
        status.to_string()
    } else {
        words
    };
    Outcome {
        code: Some(status.as_u16()),
        ..said(state, &format!("{shown}{advice}"))
    }
}

/// Reads ureq's error without its text, for that may hold the address.
fn lost(error: &Error) -> Outcome {
    use DeliveryState::{Deferred, Unknown};
    match error {
        Error::HostNotFound | Error::Timeout(Timeout::Resolve) => said(
            Deferred,
            "the webhook's server cannot be found; check the network and the address in the variable",
        ),
        Error::ConnectionFailed | Error::Timeout(Timeout::Connect) => said(
            Deferred,
            "the webhook's server cannot be reached; check the network",
        ),
        Error::Io(io) if io.kind() == std::io::ErrorKind::ConnectionRefused => said(
            Deferred,
            "the webhook's server refuses connections; send again later",
        ),
        Error::Timeout(Timeout::SendRequest | Timeout::SendBody) => said(
            Deferred,
            "the message could not be handed over in time; send again later",
        ),
        Error::Rustls(_) | Error::Tls(_) | Error::TlsRequired | Error::Pem(_) => said(
            Deferred,
            "the encryption with the webhook's server failed: its certificate cannot be verified",
        ),
        Error::Io(io) if io.get_ref().is_some_and(|e| e.is::<rustls::Error>()) => said(
            Deferred,
            "the encryption with the webhook's server failed: its certificate cannot be verified",
        ),
        Error::BadUri(_) | Error::Http(_) | Error::RequireHttpsOnly(_) => said(
            Deferred,
            "the webhook's address cannot be used; copy it again from Slack",
        ),
        Error::InvalidProxyUrl | Error::ConnectProxyFailed(_) => {
            said(Deferred, "the proxy cannot be used; check HTTPS_PROXY")
        }
        Error::Timeout(_) => said(
            Unknown,
            "the message was sent, but no answer came in time; it may or may not have arrived",
        ),
        _ => said(
            Unknown,
            "the connection was lost after the message was sent; it may or may not have arrived",
        ),
    }
}
