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
        r#"(?i-u)(?:^|[\s<>"'{,])(?:set-)?cookie["']?\s*:\s*["']?[^\s=;"']{1,128}=(?P<value>[^\s;"',]{16,})"#,
        16,
    ),
    valued(
        "a cookie",
        r#"(?i-u)(?:^|[\s<>"'{,])(?:set-)?cookie["']?\s*:\s*["']?[^\s=;"']{0,64}(?:sess|sid|auth|token|jwt|login)[^\s=;"']{0,64}=(?P<value>[^\s;"',]{6,})"#,
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
    shaped(
        "an Atlassian token",
        r"(?-u)\b(?P<value>AT(?:ATT|CTT|BB)[A-Za-z0-9_=-]{20,})",
    ),
    shaped(
        "a token of a known provider",
        r"(?-u)\b(?P<value>(?:dckr_pat_|PMAK-|lin_api_|ntn_|secret_|figd_|glsa_|glc_|gsk_|xai-|r8_|pplx-|NRAK-|pul-|rubygems_|sntrys_|dp\.(?:pt|st|ct)\.|ops_eyJ|bkua_|tfp_|phc_|phx_|tskey-|glrt-|gldt-|glptt-|sl\.|EAAA|sq0(?:csp|atp)-|PRIVATE-|cfut_|cfat_|vcp_|nfp_|rnd_|key-)[A-Za-z0-9+/=._-]{20,})",
    ),
    shaped("a Databricks token", r"(?-u)\b(?P<value>dapi[a-f0-9]{32})"),
    shaped(
        "a Vault token",
        r"(?-u)\b(?P<value>hv[sbr]\.[A-Za-z0-9_-]{24,})",
    ),
    shaped(
        "an age key",
        r"(?-u)\b(?P<value>AGE-SECRET-KEY-1[A-Z0-9]{58})",
    ),
    shaped(
        "a Telegram bot's token",
        r"(?-u)\b(?P<value>[0-9]{8,10}:AA[A-Za-z0-9_-]{33})",
    ),
    shaped(
        "a webhook's address",
        r"(?-u)(?:discord(?:app)?\.com/api/webhooks|webhook\.office\.com/webhookb2|chat\.googleapis\.com/v1/spaces/[A-Za-z0-9_-]+/messages\?key=)/?(?P<value>[A-Za-z0-9/_@=&-]{20,})",
    ),
    Kind {
        words: "a PuTTY key",
        spelling: r"PuTTY-User-Key-File-[0-9]:",
        judged: false,
        least: 0,
        digit: false,
    },
    valued(
        "an address that lets its holder in",
        r#"(?i-u)[?&;](?:amp;)?(?:sig|signature|x-amz-signature|x-goog-signature|x-amz-security-token)=(?P<value>[A-Za-z0-9%+/=_~.-]{20,})"#,
        20,
    ),
    Kind {
        words: "an address that lets its holder in",
        spelling: r#"(?i-u)[?&;](?:amp;)?(?:access_?token|auth_?token|id_token|refresh_token|token|api_?key|apikey|key|auth|pwd|password|passwd|passcode|secret|code)=(?P<value>[A-Za-z0-9%+/=_~.-]{12,})"#,
        judged: true,
        least: 12,
        digit: true,
    },
    Kind {
        words: "the secret of a one-time password",
        spelling: r"(?i-u)otpauth://[^\s]*[?&]secret=(?P<value>[A-Z2-7]{8,})",
        judged: true,
        least: 8,
        digit: false,
    },
    valued(
        "a password on a command line",
        r#"(?-u)(?:^|\s)(?:curl\b[^\n]*\s(?:-u|--user)\s*=?["']?[^\s:"']+:|sshpass\s+-p\s*["']?|(?:mysql|mysqldump|mariadb)\b[^\n]*\s-p)(?P<value>[^\s"']{6,})"#,
        6,
    ),
];

/// How compressed files begin, and what they are: no search sees into them.
pub const COMPRESSED: &[(&[u8], &str)] = &[
    (b"\x1f\x8b", "a gzip file"),
    (b"\x28\xb5\x2f\xfd", "a zstd file"),
    (b"\xfd7zXZ\0", "an xz file"),
    (b"BZh", "a bzip2 file"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip file"),
    (b"Rar!", "a RAR file"),
];

/// Names of a password, regexes, in the languages whose mail is read.
pub const PASSWORDS: &[&str] = &[
    "pass[ -]?words?",
    "passwd",
    "pwd",
    "pass[ -]?codes?",
    "pass[ -]?phrases?",
    "pw",
    "pin",
    "pin[ -]?code",
    "passwo(?:rt|orden)",
    "passwörter",
    "kennwort",
    "kenn[ -]?wörter",
    "zugangscode",
    "mots? de passe",
    "code d['’]accès",
    "contraseñas?",
    "palavras?[ -]passe",
    "senhas?",
    "wachtwoord(?:en)?",
    "has[łl]o",
    "lösenord(?:et)?",
    "adgangskoden?",
    "passord(?:et)?",
    "salasana",
    "пароль",
    "密[码碼]",
    "口令",
    "パスワード",
    "暗証番号",
    "비밀번호",
    "암호",
    "[şs]ifre(?:si)?",
    "parola",
    "heslo",
    "jelszó",
    "mật khẩu",
    "κωδικός",
    "סיסמה",
    "كلمة المرور",
    "पासवर्ड",
    "รหัสผ่าน",
    "kata sandi",
    "lozinka",
    "geslo",
    "slaptažodis",
    "parole",
    "salasõna",
];

/// Names of a key, regexes.
pub const KEYS: &[&str] = &[
    "secret",
    "secret[ _-]?access[ _-]?key",
    "(?:client|shared|app|webhook|signing)[ _-]?secret",
    "(?:x-)?api[ _-]?key",
    "access[ _-]?key",
    "secret[ _-]?key",
    "account[ _-]?key",
    "private[ _-]?key",
    "encryption[ _-]?key",
    "licen[cs]e[ _-]?key",
    "(?:wpa[23]?|wi-?fi|network|pre-?shared)[ _-]?key",
    "psk",
    "(?:access|auth|refresh|session|bearer|api)[ _-]?token",
    "pass",
    "clave(?: de acceso)?",
    "recovery code",
    "backup code",
];

/// Names of many things, a secret among them.
pub const VAGUE: &[&str] = &["token"];

/// What stands before the name and the password of one account.
pub const ACCOUNTS: &[&str] = &[
    "credentials?",
    "logins?",
    "log ?in",
    "user(?:name)?\\s*(?:/|and|&)\\s*pass(?:word)?",
    "account",
    "zugangsdaten",
    "anmeldung",
    "identifiants?",
    "credenciales",
    "acesso",
    "inloggegevens",
];

/// Words that stand beside a password's name and say something of it, not what it is.
pub const STATES: &[&str] = &[
    "required",
    "optional",
    "string",
    "varchar",
    "hidden",
    "unchanged",
    "expired",
    "changed",
    "disabled",
    "enabled",
    "missing",
    "invalid",
    "incorrect",
    "correct",
    "unknown",
    "default",
    "failed",
    "failure",
    "success",
    "accepted",
    "rejected",
    "pending",
    "policy",
    "reset",
    "protected",
    "encrypted",
    "hashed",
    "password",
    "passwort",
    "erforderlich",
    "obligatoire",
];

/// Words of sentences: a text that holds one is no pass phrase.
pub const SENTENCE: &[&str] = &[
    "will", "from", "with", "your", "that", "this", "have", "been", "must", "same", "before",
    "where", "when", "again", "they", "sent", "held", "kept", "only", "every", "each", "into",
    "over", "under", "through", "known", "shown",
];
