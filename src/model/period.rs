//! Lengths of time in configuration: `3d`, `36h`, `90m`.

use std::borrow::Cow;

use jiff::SignedDuration;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A positive length of time, written as a number and `m`, `h`, `d` or `w`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    text: String,
    length: SignedDuration,
}

impl Period {
    /// Reads `3d`, `36h`, `90m` or `2w`; the error says what is accepted.
    pub fn parse(text: &str) -> Result<Self, String> {
        let refused = || {
            format!("`{text}` is not a length of time; write a number and m, h, d or w, such as 3d")
        };
        let trimmed = text.trim();
        let unit = trimmed.chars().last().ok_or_else(refused)?;
        let seconds: i64 = match unit {
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            'w' => 604_800,
            _ => return Err(refused()),
        };
        let digits = trimmed[..trimmed.len() - 1].trim();
        let number: i64 = digits.parse().map_err(|_| refused())?;
        let total = number
            .checked_mul(seconds)
            .filter(|&s| s > 0)
            .ok_or_else(refused)?;
        Ok(Period {
            text: trimmed.to_owned(),
            length: SignedDuration::from_secs(total),
        })
    }

    /// The length itself.
    pub fn length(&self) -> SignedDuration {
        self.length
    }
}

impl std::fmt::Display for Period {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Period::parse(&text).map_err(serde::de::Error::custom)
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl JsonSchema for Period {
    fn schema_name() -> Cow<'static, str> {
        "Period".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[0-9]+[mhdw]$" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_units_and_refuses_the_rest() {
        assert_eq!(Period::parse("3d").unwrap().length().as_hours(), 72);
        assert_eq!(Period::parse(" 90m ").unwrap().length().as_mins(), 90);
        for bad in [
            "",
            "3",
            "d",
            "-1d",
            "0h",
            "3 days",
            "9999999999999999w",
            "é",
        ] {
            assert!(Period::parse(bad).is_err(), "{bad}");
        }
    }
}
