//! Origins as a browser names them: `https://app.example`, with a port where it is another than usual.
//!
//! What comes in: a list in text. What goes out: exact origins. What it refuses to know: who asks, and patterns.

use std::str::FromStr;

/// Exact origins; none is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins(Vec<String>);

impl Origins {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this very origin is listed.
    #[must_use]
    pub fn has(&self, origin: &[u8]) -> bool {
        self.0.iter().any(|one| one.as_bytes() == origin)
    }
}

impl FromStr for Origins {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let named = text.split([',', ' ']).filter(|one| !one.is_empty());
        named.map(|one| checked(one).map(str::to_owned)).collect::<Result<_, _>>().map(Self)
    }
}

fn checked(text: &str) -> Result<&str, String> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let is_part = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.:[]".contains(&b);
    if host.is_some_and(|host| !host.is_empty() && host.bytes().all(is_part)) {
        Ok(text)
    } else {
        Err(format!(
            "`{text}` is no origin: write a scheme and a host in lower case, such as https://app.example, and commas between several"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_exact() {
        let origins: Origins = "https://app.example, http://localhost:3000".parse().expect("two");
        assert!(origins.has(b"https://app.example") && origins.has(b"http://localhost:3000"));
        for other in
            ["https://app.example:444", "http://app.example", "https://app.example/", "null", "*", ""]
        {
            assert!(!origins.has(other.as_bytes()), "{other}");
        }
        assert!("".parse::<Origins>().expect("none").is_empty());
    }

    #[test]
    fn what_is_no_origin_is_refused() {
        for text in
            ["*", "null", "https://*.example", "https://app.example/", "app.example", "https://", "HTTPS://a"]
        {
            assert!(text.parse::<Origins>().is_err(), "{text}");
        }
    }
}
