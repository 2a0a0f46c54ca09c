//! Error messages of databases and programs that ended up in a file instead of its content.

/// How such messages begin, as the common clients print them.
const BEGINNINGS: &[&str] = &[
    "error:  ",
    "fatal:  ",
    "panic:  ",
    "panic: ",
    "fatal error:",
    "parse error:",
    "runtime error:",
    "error: relation",
    "error: column",
    "error: syntax error",
    "error: permission denied",
    "error: no such ",
    "error: in prepare",
    "error: connect ",
    "error: could not ",
    "error: cannot ",
    "error: unable to ",
    "error: failed ",
    "error: access denied",
    "error: timeout",
    "error: near \"",
    "error: unknown ",
    "psql: error",
    "psql: could not",
    "psql: fatal",
    "pg_dump: error",
    "mysqldump: error",
    "mysqldump: got error",
    "mysqldump: couldn't",
    "sqlstate[",
    "parse error near",
    "traceback (most recent call last)",
    "exception in thread",
    "unhandled exception",
    "uncaught exception",
    "uncaught error",
    "java.sql.",
    "org.postgresql.",
    "psycopg2.",
    "sqlalchemy.exc.",
    "django.db.utils.",
    "ora-",
    "sp2-0",
    "mongoservererror",
    "mongonetworkerror",
];

/// What is said of such a file.
pub(super) const MESSAGE: &str =
    "holds an error message of a database or script instead of evidence; record it again";

/// Whether `line` is an error message where the names of columns are expected.
pub(super) fn is_message(line: &str) -> bool {
    let line = line.trim_start().to_lowercase();
    ["error:", "fatal:", "exception:", "warning:", "curl: ("]
        .iter()
        .any(|begin| line.starts_with(begin))
}

/// Whether `line` is the first line of an error message of a database or a script.
pub(super) fn begins(line: &str) -> bool {
    let line = line
        .trim_start_matches('\u{feff}')
        .trim_start()
        .to_lowercase();
    BEGINNINGS.iter().any(|b| line.starts_with(b)) || is_mysql(&line) || is_sql_server(&line)
}

/// `ERROR 1146 (42S02) at line 1: …`
fn is_mysql(line: &str) -> bool {
    let Some(rest) = line.strip_prefix("error ") else {
        return false;
    };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    digits >= 4 && rest[digits..].starts_with(" (")
}

/// `Msg 208, Level 16, State 1`
fn is_sql_server(line: &str) -> bool {
    line.strip_prefix("msg ").is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_digit()) && rest.contains(", level ")
    })
}

#[cfg(test)]
mod tests {
    use super::begins;

    #[test]
    fn messages_and_plain_text() {
        for line in [
            "ERROR:  relation \"a\" does not exist",
            "psql: error: connection refused",
            "ERROR 1146 (42S02) at line 1: Table 'a' doesn't exist",
            "Msg 208, Level 16, State 1",
            "Traceback (most recent call last):",
            "Error: no such table: bookings",
            "java.sql.SQLException: closed",
        ] {
            assert!(begins(line), "{line}");
        }
        for line in [
            "no errors today",
            "error rate 0.1 %",
            "ERROR 404 pages: none",
            "Oracle is up",
        ] {
            assert!(!begins(line), "{line}");
        }
    }
}
