//! Who speaks TLS for us, and from which version on. What else is asked of TLS is in
//! [`settings`](super::settings).

use std::fmt;

/// Who does the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// rustls with ring: the default where it was built in.
    Rustls,
    /// The system's library, for servers too old for rustls: TLS 1.2 with RSA key exchange or CBC only.
    Native,
}

impl Default for Backend {
    fn default() -> Backend {
        if cfg!(feature = "native-tls") && !cfg!(feature = "rustls") {
            Backend::Native
        } else {
            Backend::Rustls
        }
    }
}

impl Backend {
    /// Whether it is in this program.
    #[must_use]
    pub fn is_built_in(self) -> bool {
        match self {
            Backend::Rustls => cfg!(feature = "rustls"),
            Backend::Native => cfg!(feature = "native-tls"),
        }
    }
}

/// The name of the feature to build with.
impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Backend::Rustls => "rustls",
            Backend::Native => "native-tls",
        })
    }
}

/// The oldest version that is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MinVersion {
    /// TLS 1.2.
    #[default]
    Tls12,
    /// TLS 1.3.
    Tls13,
}
