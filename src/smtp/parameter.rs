//! Parameters of MAIL and RCPT (RFC 5321, section 4.1.2: `esmtp-param`).

use std::fmt;

/// One parameter, `KEYWORD` or `KEYWORD=value`. It cannot hold a blank, a control character or a second `=`.
///
/// ```abnf
/// esmtp-param   = esmtp-keyword ["=" esmtp-value]
/// esmtp-keyword = (ALPHA / DIGIT) *(ALPHA / DIGIT / "-")
/// esmtp-value   = 1*(%d33-60 / %d62-126)
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter(String);

/// Why a text is not a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParameterError {
    /// The first character that does not fit, counted from 1.
    pub position: usize,
}

impl fmt::Display for ParameterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a parameter such as KEYWORD or KEYWORD=value (at character {})", self.position)
    }
}

impl std::error::Error for ParameterError {}

impl Parameter {
    /// Reads `KEYWORD` or `KEYWORD=value`.
    ///
    /// # Errors
    /// [`ParameterError`], with the position of the first character that does not fit.
    pub fn parse(text: &str) -> Result<Parameter, ParameterError> {
        let (keyword, value) = match text.split_once('=') {
            Some((keyword, value)) => (keyword, Some(value)),
            None => (text, None),
        };
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if keyword.starts_with('-') || keyword.is_empty() {
            return Err(ParameterError { position: 1 });
        }
        if let Some(at) = keyword.chars().position(|c| !fits(c)) {
            return Err(ParameterError { position: at + 1 });
        }
        if let Some(value) = value {
            let start = keyword.len() + 2;
            if value.is_empty() {
                return Err(ParameterError { position: start });
            }
            if let Some(at) = value.chars().position(|c| !matches!(c, '!'..='<' | '>'..='~')) {
                return Err(ParameterError { position: start + at });
            }
        }
        Ok(Parameter(text.to_owned()))
    }

    /// SIZE (RFC 1870, section 6): what the message takes, in octets.
    #[must_use]
    pub fn size(octets: u64) -> Parameter {
        Parameter(format!("SIZE={octets}"))
    }

    /// BODY=8BITMIME (RFC 6152).
    #[must_use]
    pub fn eight_bit_mime() -> Parameter {
        Parameter("BODY=8BITMIME".to_owned())
    }

    /// SMTPUTF8 (RFC 6531, section 3.4).
    #[must_use]
    pub fn smtputf8() -> Parameter {
        Parameter("SMTPUTF8".to_owned())
    }

    /// The keyword.
    #[must_use]
    pub fn keyword(&self) -> &str {
        self.0.split('=').next().unwrap_or_default()
    }

    /// The parameter as it stands in the command.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_hold_what_the_grammar_allows() {
        for good in ["SMTPUTF8", "BODY=8BITMIME", "x-y=<a+b>"] {
            assert_eq!(Parameter::parse(good).unwrap().as_str(), good);
        }
        for (bad, position) in [
            ("", 1),
            ("-A", 1),
            ("A B", 2),
            ("A=", 3),
            ("A=b c", 4),
            ("A=b=c", 4),
            ("A=b\r\nRSET", 4),
            ("A\n", 2),
            ("=b", 1),
        ] {
            assert_eq!(Parameter::parse(bad), Err(ParameterError { position }), "{bad:?}");
        }
        assert_eq!(Parameter::parse("SIZE=1").unwrap().keyword(), "SIZE");
    }
}
