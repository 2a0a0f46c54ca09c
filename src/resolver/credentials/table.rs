//! What credentials look like.

/// One kind of credential.
pub struct Kind {
    /// In words, for messages.
    pub words: &'static str,
    /// A regex over bytes; the group `value` is the secret part.
    pub spelling: &'static str,
    /// Whether `value` is looked at: stand-ins such as `<token>` do not count.
    pub judged: bool,
    /// The fewest characters of a real one.
    pub least: usize,
    /// Whether a real one has a digit: names such as `password` are followed by words, too.
    pub digit: bool,
}

/// Values that contain one of these stand in for a secret. None is so short that a random
/// secret would contain it by chance.
pub const STAND_INS: &[&str] = &[
    "redacted",
    "removed",
    "masked",
    "hidden",
    "placeholder",
    "changeme",
    "change-me",
    "change_me",
    "yourtoken",
    "your-",
    "your_",
    "xxxx",
    "****",
    "dummy",
    "undefined",
    "secret-here",
];

const fn shaped(words: &'static str, spelling: &'static str) -> Kind {
    Kind {
        words,
        spelling,
        judged: true,
        least: 0,
        digit: false,
    }
}

const fn valued(words: &'static str, spelling: &'static str, least: usize) -> Kind {
    Kind {
        words,
        spelling,
        judged: true,
        least,
        digit: false,
    }
}

/// All kinds, most telling first.
pub const KINDS: &[Kind] = &[
    Kind {
        words: "a private key",
        spelling: r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----",
        judged: false,
        least: 0,
        digit: false,
    },
    valued(
        "a Basic authorization header",
        r#"(?i-u)\bauthorization["']?\s*[:=]\s*["']?basic\s+(?P<value>[A-Za-z0-9+/_-]{6,}={0,2})"#,
        6,
    ),
    valued(
        "a bearer token",
        r"(?i-u)\bbearer\s+(?P<value>[A-Za-z0-9][A-Za-z0-9._~+/-]{15,}=*)",
        16,
    ),
    valued(
        "an authorization header",
        r#"(?i-u)\b(?:proxy-)?authorization["']?\s*:\s*["']?(?:token|digest|apikey|negotiate|aws4-hmac-sha256)\s+(?P<value>[^\s"']{8,})"#,
        8,
    ),
    valued(
        "a cookie",
        r#"(?i-u)(?:^|[\s<>"'{,])(?:set-)?cookie["']?\s*:\s*["']?[^\s=;"']{1,128}=(?P<value>[^\s;"',]{6,})"#,
        6,
    ),
    shaped(
        "a JSON web token",
        r"(?-u)\b(?P<value>eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*)",
    ),
    valued(
        "a password in a URL",
        r#"(?-u)\b[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\s/:@"'<>]{0,128}:(?P<value>[^\s/@"'<>]{3,128})@"#,
        3,
    ),
    shaped(
        "an AWS access key",
        r"(?-u)\b(?P<value>(?:AKIA|ASIA)[A-Z0-9]{16})\b",
    ),
    shaped(
        "a GitHub token",
        r"(?-u)\b(?P<value>gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,})",
    ),
    shaped(
        "a GitLab token",
        r"(?-u)\b(?P<value>glpat-[A-Za-z0-9_-]{20,})",
    ),
    shaped(
        "a Slack token",
        r"(?-u)\b(?P<value>xox[abeoprs]-[A-Za-z0-9-]{10,}|xapp-[0-9]-[A-Za-z0-9-]{10,})",
    ),
    shaped(
        "a Slack webhook",
        r"(?-u)hooks\.slack\.com/(?:services|workflows|triggers)/(?P<value>[A-Za-z0-9/_-]{20,})",
    ),
    shaped(
        "a Stripe key",
        r"(?-u)\b(?P<value>(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9]{16,})",
    ),
    shaped(
        "a Google API key",
        r"(?-u)\b(?P<value>AIza[A-Za-z0-9_-]{35})",
    ),
    shaped(
        "a Google OAuth token",
        r"(?-u)\b(?P<value>ya29\.[A-Za-z0-9_-]{20,}|GOCSPX-[A-Za-z0-9_-]{20,})",
    ),
    shaped(
        "a Shopify token",
        r"(?-u)\b(?P<value>shp(?:at|ss|ca|pa|tka)_[A-Fa-f0-9]{32})",
    ),
    shaped(
        "a SendGrid key",
        r"(?-u)\b(?P<value>SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,})",
    ),
    shaped("an npm token", r"(?-u)\b(?P<value>npm_[A-Za-z0-9]{36})\b"),
    shaped("a PyPI token", r"(?-u)\b(?P<value>pypi-[A-Za-z0-9_-]{40,})"),
    shaped(
        "an API key of a model provider",
        r"(?-u)\b(?P<value>sk-(?:proj-|ant-|svcacct-)?[A-Za-z0-9_-]{32,})",
    ),
    shaped(
        "a Supabase key",
        r"(?-u)\b(?P<value>sb(?:p|_secret|_publishable)_[A-Za-z0-9_]{20,})",
    ),
    shaped(
        "a Fly.io token",
        r"(?-u)\b(?P<value>fo1_[A-Za-z0-9_-]{20,}|FlyV1 fm2_[A-Za-z0-9+/=_-]{20,})",
    ),
    shaped(
        "a DigitalOcean token",
        r"(?-u)\b(?P<value>do[opr]_v1_[a-f0-9]{64})",
    ),
    shaped(
        "a Hugging Face token",
        r"(?-u)\b(?P<value>hf_[A-Za-z0-9]{30,})",
    ),
    Kind {
        words: "a password or key",
        spelling: r#"(?i-u)(?:^|[^A-Za-z0-9])(?:[A-Za-z0-9]+[_-])*(?:password|passwd|pwd|secret|api[_-]?key|apikey|access[_-]?key|access[_-]?token|auth[_-]?token|refresh[_-]?token|client[_-]?secret|private[_-]?key|session[_-]?token|x-api-key)["']?\s*[:=]\s*["']?(?P<value>[A-Za-z0-9!#$%&()*+./:;<=>?@^_{}~-]{8,256})"#,
        judged: true,
        least: 8,
        digit: true,
    },
];
