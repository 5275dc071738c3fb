//! `--dns`: what a client needs in order to send to a sink that is every domain's, and the whole line for it.
//!
//! The files are in a folder that is removed when this is dropped: the sink's authority, and room for policies that the
//! client keeps, since what this sink says of a domain should not take the place of what is true.

use super::early_exit::{EarlyExit, Result};
use crate::sink::Sink;
use std::fs::Permissions;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Others may read it: the sink can be root's, and its client anybody's.
const MODE: u32 = 0o755;
/// The usual ports of SMTP, the DNS and https, which are left out of the line.
const USUAL: (u16, u16, u16) = (25, 53, 443);

/// What a client needs.
#[derive(Debug)]
pub struct EveryDomain {
    /// The address and port of SMTP.
    pub smtp: SocketAddr,
    /// Where names are looked up.
    pub dns: SocketAddr,
    /// Where policies are fetched.
    pub policies: SocketAddr,
    /// Who vouches for all certificates, in PEM.
    pub authority: PathBuf,
    /// For policies that are kept.
    pub cache: PathBuf,
    _folder: TempDir,
}

impl EveryDomain {
    /// Of this sink; nothing if it is an ordinary one. Its certificate has been written to `written` already, if so.
    ///
    /// # Errors
    /// There is no folder to be made for it.
    pub fn of(sink: &Sink, written: Option<&Path>) -> Result<Option<EveryDomain>> {
        let Some((dns, policies)) = sink.of_domains() else { return Ok(None) };
        let failed = |error| EarlyExit::io(error, "cannot write the certificate to a new folder".to_owned());
        let folder = tempfile::Builder::new()
            .prefix("ehlo-sink-")
            .permissions(Permissions::from_mode(MODE))
            .tempdir()
            .map_err(failed)?;
        let authority = match written {
            Some(path) => std::path::absolute(path).map_err(failed)?,
            None => {
                let path = folder.path().join("ca.pem");
                std::fs::write(&path, sink.certificate_pem().unwrap_or_default()).map_err(failed)?;
                path
            }
        };
        let cache = folder.path().join("policies");
        Ok(Some(EveryDomain { smtp: sink.address(), dns, policies, authority, cache, _folder: folder }))
    }

    /// The words of `ehlo send` that find it.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let (smtp, dns, https) = USUAL;
        let mut words: Vec<String> = ["ehlo", "send", "-S", "mx:"].map(str::to_owned).to_vec();
        let mut add = |flag: &str, value: String| words.extend([flag.to_owned(), value]);
        if self.smtp.port() != smtp {
            add("-p", self.smtp.port().to_string());
        }
        let resolver = if self.dns.port() == dns { self.dns.ip().to_string() } else { self.dns.to_string() };
        add("--resolver", resolver);
        // Whoever runs the resolver on another host is not believed.
        if !self.dns.ip().is_loopback() {
            add("--resolver-trust", "yes".to_owned());
        }
        let ip = self.smtp.ip();
        add("--mx-allow", if ip.is_loopback() { "loopback".to_owned() } else { ip.to_string() });
        add("--ca-file", self.authority.display().to_string());
        if self.policies.port() != https {
            add("--mta-sts-connect", self.policies.to_string());
        }
        add("--mta-sts-cache", self.cache.display().to_string());
        words
    }

    /// The whole line, for a shell.
    #[must_use]
    pub fn line(&self) -> String {
        let words: Vec<String> = self.words().iter().map(|word| for_a_shell(word)).collect();
        format!("echo hello | {} -f me@example.net you@example.org them@example.com", words.join(" "))
    }
}

/// A word as a shell takes it: in quotation marks, if anything in it could mean more than itself.
fn for_a_shell(word: &str) -> String {
    match word.chars().all(|c| c.is_ascii_alphanumeric() || "-_./:@,".contains(c)) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The line of a sink that listens there.
    fn line(smtp: &str, dns: &str, policies: &str) -> String {
        let [smtp, dns, policies] = [smtp, dns, policies].map(|address| address.parse().unwrap());
        let (authority, cache) = (PathBuf::from("/tmp/a/ca.pem"), PathBuf::from("/tmp/a/policies"));
        EveryDomain { smtp, dns, policies, authority, cache, _folder: TempDir::new().unwrap() }.line()
    }

    #[test]
    fn usual_ports_are_not_named() {
        assert_eq!(
            line("127.0.0.2:25", "127.0.0.1:53", "127.0.0.2:443"),
            "echo hello | ehlo send -S mx: --resolver 127.0.0.1 --mx-allow loopback --ca-file /tmp/a/ca.pem \
             --mta-sts-cache /tmp/a/policies -f me@example.net you@example.org them@example.com"
        );
    }

    #[test]
    fn a_sink_on_the_network_is_admitted_by_its_address_and_believed() {
        assert_eq!(
            line("192.168.1.2:25", "192.168.1.2:5300", "192.168.1.2:8443"),
            "echo hello | ehlo send -S mx: --resolver 192.168.1.2:5300 --resolver-trust yes --mx-allow 192.168.1.2 \
             --ca-file /tmp/a/ca.pem --mta-sts-connect 192.168.1.2:8443 --mta-sts-cache /tmp/a/policies \
             -f me@example.net you@example.org them@example.com"
        );
    }

    #[test]
    fn a_word_that_means_more_is_quoted() {
        for (word, wanted) in [
            ("127.0.0.1:53", "127.0.0.1:53"),
            ("[::1]:53", "'[::1]:53'"),
            ("it's", "'it'\\''s'"),
            ("a b", "'a b'"),
        ] {
            assert_eq!(for_a_shell(word), wanted);
        }
    }
}
