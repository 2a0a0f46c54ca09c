//! The digest: SHA-256 over the canonical list of what is sent.

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::model::{evidence::hex, resolution::Laid};

/// The digest's form. A later form would get another name, so that old digests stay valid.
const FORM: &str = "packet-digest-1";

/// Hashes resolved messages (subject, body), evidence and materials (path, SHA-256).
///
/// The list is JSON without white space: form, messages in document order, evidence and
/// materials sorted by path. Front matter, tracker, recipients, packet.md, log and ledger have
/// no part in it.
pub fn digest(messages: &[(String, String)], files: &[Laid]) -> String {
    let list = |evidence: bool| {
        let mut list: Vec<(&str, &str)> = files
            .iter()
            .filter(|f| f.evidence == evidence)
            .map(|f| (f.from.path.as_str(), f.from.sha256.as_str()))
            .collect();
        list.sort_unstable();
        list.dedup();
        list
    };
    let canonical = json!([FORM, messages, list(true), list(false)]).to_string();
    hex(&Sha256::digest(canonical.as_bytes()))
}
