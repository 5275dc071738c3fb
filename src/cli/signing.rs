//! Who signs a message (DKIM, RFC 6376), and by which key.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::duration;
use super::group::Group;
use super::resolver;

/// The group of [`SigningArgs`].
pub(super) static SIGNING_FLAGS: Group = Group {
    name: "signing",
    flags: Some("--dkim-key --dkim-selector --dkim-domain --dkim-header --dkim-expire --dkim-check"),
    define: SigningArgs::augment_args,
};

/// How the message is signed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Args)]
#[group(skip)]
#[command(next_help_heading = "signing")]
pub struct SigningArgs {
    /// sign the message by DKIM with this private key (PEM or DER); may be repeated, each with its selector
    #[arg(long, value_name = "FILE", requires = "dkim_selector")]
    pub dkim_key: Vec<PathBuf>,
    /// the selector: the public key is published at SELECTOR._domainkey.DOMAIN
    #[arg(long, value_name = "SELECTOR", requires = "dkim_key")]
    pub dkim_selector: Vec<String>,
    /// the domain that signs [default: that of the author, in From]
    #[arg(long, value_name = "DOMAIN", requires = "dkim_key")]
    pub dkim_domain: Vec<String>,
    /// sign this header field too, besides those that always are; may be repeated
    #[arg(long, value_name = "NAME", requires = "dkim_key")]
    pub dkim_header: Vec<String>,
    /// the signature is void after this time: 7d
    #[arg(long, value_name = "TIME", value_parser = duration::parse, requires = "dkim_key")]
    pub dkim_expire: Option<Duration>,
    /// look up the published keys, and send nothing if they are others
    #[arg(long)]
    pub dkim_check: bool,
    /// The DNS resolvers to ask: for 'ehlo send' they stand elsewhere.
    #[arg(skip)]
    pub resolver: Vec<SocketAddr>,
}

impl SigningArgs {
    /// Takes a long option of `ehlo sendmail`, without its hyphens; whether it is one of these.
    ///
    /// # Errors
    /// What the option takes, as the end of a sentence that starts with its name.
    pub(super) fn take(&mut self, name: &str, value: &str) -> Result<bool, String> {
        match name {
            "dkim-key" => self.dkim_key.push(value.into()),
            "dkim-selector" => self.dkim_selector.push(value.to_owned()),
            "dkim-domain" => self.dkim_domain.push(value.to_owned()),
            "dkim-header" => self.dkim_header.push(value.to_owned()),
            "dkim-expire" => self.dkim_expire = Some(duration::parse(value)?),
            "dkim-check" => self.dkim_check = true,
            "resolver" => self.resolver.push(resolver::address(value)?),
            _ => return Ok(false),
        }
        Ok(true)
    }
}
