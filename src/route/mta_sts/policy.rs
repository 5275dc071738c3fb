//! The policy itself: lines of `key: value` (RFC 8461, section 3.2), and which hosts it lists (section 4.1).

use super::name::normal;
use super::record::is_field_name;
use std::fmt;
use std::str;
use std::time::Duration;

/// The longest that a policy holds: about a year (RFC 8461, section 3.2), in seconds.
pub const LONGEST: u64 = 31_557_600;

/// What is done to a host that does not meet the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// No message goes to it.
    Enforce,
    /// Messages go to it, and its owner would like to know.
    Testing,
    /// There is no policy any longer.
    None,
}

impl Mode {
    /// As a policy has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Mode::Enforce => "enforce",
            Mode::Testing => "testing",
            Mode::None => "none",
        }
    }
}

/// A host, or all hosts of a domain, as an `mx` line names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// It stands for one label more.
    is_wildcard: bool,
    /// In A-labels and small letters, without a dot at its end.
    name: String,
}

/// A policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    mode: Mode,
    mx: Vec<Pattern>,
    max_age: Duration,
}

/// Why a text is no policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PolicyError {
    /// It is not UTF-8, begins with a byte order mark, or has a control character in it, such as a CR that ends no line.
    Octets,
    /// A line, counted from 1, is not `key: value`.
    Line(usize),
    /// It has no `version`, or another than `STSv1`.
    Version,
    /// It has no `mode`, or one that is not known.
    Mode,
    /// It has no `max_age`, or one that is not a number.
    MaxAge,
    /// It lists no host that could be one, though its mode is not `none`.
    NoMx,
}

impl Policy {
    /// Reads a policy. Lines end with LF or CRLF; empty ones do not count. Keys that are not known are left out; of a key
    /// that is there twice the first counts, but for `mx`. An `mx` that no host can match, such as an IP address or `*`,
    /// is left out as well. What is longer than [`LONGEST`] lasts so long.
    ///
    /// # Errors
    /// [`PolicyError`].
    pub fn parse(octets: &[u8]) -> Result<Policy, PolicyError> {
        let text = str::from_utf8(octets).map_err(|_| PolicyError::Octets)?;
        let (mut version, mut mode, mut max_age, mut mx) = (None, None, None, Vec::new());
        for (index, line) in text.split('\n').enumerate() {
            let line = line.strip_suffix('\r').unwrap_or(line);
            if line.chars().any(|c| (c.is_control() && c != '\t') || c == '\u{feff}') {
                return Err(PolicyError::Octets);
            }
            if line.is_empty() {
                continue;
            }
            let (key, value) = line.split_once(':').ok_or(PolicyError::Line(index + 1))?;
            if !is_field_name(key) {
                return Err(PolicyError::Line(index + 1));
            }
            let value = value.trim_matches([' ', '\t']);
            match key {
                "version" => _ = version.get_or_insert(value),
                "mode" => _ = mode.get_or_insert(value),
                "max_age" => _ = max_age.get_or_insert(value),
                "mx" => mx.extend(Pattern::parse(value)),
                _ => {}
            }
        }
        if version != Some("STSv1") {
            return Err(PolicyError::Version);
        }
        let mode = match mode {
            Some("enforce") => Mode::Enforce,
            Some("testing") => Mode::Testing,
            Some("none") => Mode::None,
            _ => return Err(PolicyError::Mode),
        };
        let max_age = seconds(max_age.unwrap_or_default()).ok_or(PolicyError::MaxAge)?;
        if mx.is_empty() && mode != Mode::None {
            return Err(PolicyError::NoMx);
        }
        Ok(Policy { mode, mx, max_age })
    }

    /// What is done to a host that does not meet it.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// The hosts that it lists; some, unless the mode is [`Mode::None`].
    #[must_use]
    pub fn mx(&self) -> &[Pattern] {
        &self.mx
    }

    /// How long it holds once it was fetched: at most [`LONGEST`] seconds. None at all is not kept.
    #[must_use]
    pub fn max_age(&self) -> Duration {
        self.max_age
    }

    /// It, line by line, as far as it is understood: what counts of it, and nothing else of what came.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec!["version: STSv1".to_owned(), format!("mode: {}", self.mode.name())];
        lines.extend(self.mx.iter().map(|pattern| format!("mx: {pattern}")));
        lines.push(format!("max_age: {}", self.max_age.as_secs()));
        lines
    }

    /// Whether it lists a host, by the name that its MX record has. No IP address is ever listed.
    #[must_use]
    pub fn covers(&self, host: &str) -> bool {
        normal(host).is_some_and(|host| self.mx.iter().any(|pattern| pattern.matches(&host)))
    }
}

/// As many seconds as the digits say, and no more than the most.
fn seconds(digits: &str) -> Option<Duration> {
    let is_number = !digits.is_empty() && digits.bytes().all(|octet| octet.is_ascii_digit());
    // Nothing else can be wrong with digits but that there are too many.
    is_number.then(|| Duration::from_secs(digits.parse().unwrap_or(u64::MAX).min(LONGEST)))
}

impl Pattern {
    fn parse(value: &str) -> Option<Pattern> {
        let (is_wildcard, name) = value.strip_prefix("*.").map_or((false, value), |name| (true, name));
        Some(Pattern { is_wildcard, name: normal(name)? })
    }

    /// Whether it stands for this name, which is in its normal form.
    fn matches(&self, host: &str) -> bool {
        match (self.is_wildcard, host.split_once('.')) {
            (false, _) => host == self.name,
            (true, Some((_, rest))) => rest == self.name,
            (true, None) => false,
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.is_wildcard { "*." } else { "" }, self.name)
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PolicyError::Octets => f.write_str("it is not plain text in UTF-8"),
            PolicyError::Line(number) => write!(f, "line {number} is not 'key: value'"),
            PolicyError::Version => f.write_str("it is not of version STSv1"),
            PolicyError::Mode => f.write_str("it has no mode that is known"),
            PolicyError::MaxAge => f.write_str("it does not say how many seconds it holds"),
            PolicyError::NoMx => f.write_str("it lists no host"),
        }
    }
}

impl std::error::Error for PolicyError {}

#[cfg(test)]
mod tests;
