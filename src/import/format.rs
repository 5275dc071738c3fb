//! The formats that can be read, and where their programs look for them.

use std::ffi::OsString;
use std::path::PathBuf;

/// Whose configuration it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// msmtp's `msmtprc`.
    Msmtp,
    /// git's, for `git send-email`.
    Git,
    /// mutt's and neomutt's `muttrc`.
    Mutt,
    /// nullmailer's `remotes`.
    Nullmailer,
    /// dma's `dma.conf`, with `auth.conf`.
    Dma,
    /// ssmtp's `ssmtp.conf`.
    Ssmtp,
    /// esmtp's `esmtprc`.
    Esmtp,
}

/// A folder that paths begin at.
enum Base {
    Home,
    /// `$XDG_CONFIG_HOME`, else `~/.config`.
    Configuration,
    Etc,
}

impl Format {
    /// All of them.
    pub const ALL: [Format; 7] = [
        Format::Msmtp,
        Format::Git,
        Format::Mutt,
        Format::Nullmailer,
        Format::Dma,
        Format::Ssmtp,
        Format::Esmtp,
    ];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Format::Msmtp => "msmtprc",
            Format::Git => "git",
            Format::Mutt => "mutt",
            Format::Nullmailer => "nullmailer",
            Format::Dma => "dma",
            Format::Ssmtp => "ssmtp",
            Format::Esmtp => "esmtp",
        }
    }

    /// The format of this name; msmtp's has that of its file, and goes by the program's too.
    #[must_use]
    pub fn named(name: &str) -> Option<Format> {
        let name = if name == "msmtp" { "msmtprc" } else { name };
        Format::ALL.into_iter().find(|format| format.name() == name)
    }

    /// Where its program looks, in order: the first that is there counts.
    #[must_use]
    pub fn places(self, variable: impl Fn(&str) -> Option<OsString>) -> Vec<PathBuf> {
        let absolute = |name: &str| variable(name).map(PathBuf::from).filter(|folder| folder.is_absolute());
        let (home, own) = (absolute("HOME"), absolute("XDG_CONFIG_HOME"));
        let files = self.files().iter().filter_map(|(base, file)| {
            Some(match base {
                Base::Home => home.clone()?.join(file),
                Base::Configuration => {
                    own.clone().or_else(|| Some(home.clone()?.join(".config")))?.join(file)
                }
                Base::Etc => PathBuf::from("/etc").join(file),
            })
        });
        files.collect()
    }

    fn files(self) -> &'static [(Base, &'static str)] {
        match self {
            Format::Msmtp => {
                &[(Base::Home, ".msmtprc"), (Base::Configuration, "msmtp/config"), (Base::Etc, "msmtprc")]
            }
            Format::Git => &[(Base::Home, ".gitconfig"), (Base::Configuration, "git/config")],
            Format::Mutt => {
                &[(Base::Home, ".muttrc"), (Base::Home, ".mutt/muttrc"), (Base::Configuration, "mutt/muttrc")]
            }
            Format::Nullmailer => &[(Base::Etc, "nullmailer/remotes")],
            Format::Dma => &[(Base::Etc, "dma/dma.conf")],
            Format::Ssmtp => &[(Base::Etc, "ssmtp/ssmtp.conf")],
            Format::Esmtp => &[(Base::Home, ".esmtprc"), (Base::Etc, "esmtprc")],
        }
    }

    /// A second file that belongs to the first, in the same folder.
    #[must_use]
    pub fn beside(self) -> Option<&'static str> {
        (self == Format::Dma).then_some("auth.conf")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_looks_at_home_in_its_folder_and_in_etc() {
        let places = |format: Format, variables: &[(&str, &str)]| {
            let variable = |name: &str| {
                variables.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value))
            };
            format.places(variable).into_iter().map(|path| path.display().to_string()).collect::<Vec<_>>()
        };
        let home = ("HOME", "/home/me");
        assert_eq!(
            places(Format::Msmtp, &[home]),
            ["/home/me/.msmtprc", "/home/me/.config/msmtp/config", "/etc/msmtprc"]
        );
        assert_eq!(
            places(Format::Mutt, &[home, ("XDG_CONFIG_HOME", "/x")]),
            ["/home/me/.muttrc", "/home/me/.mutt/muttrc", "/x/mutt/muttrc"]
        );
        assert_eq!(places(Format::Git, &[("XDG_CONFIG_HOME", "x")]), Vec::<String>::new());
        assert_eq!(places(Format::Esmtp, &[]), ["/etc/esmtprc"]);
    }

    #[test]
    fn each_format_is_found_by_its_name() {
        for format in Format::ALL {
            assert_eq!(Format::named(format.name()), Some(format));
        }
        assert_eq!(Format::named("exim"), None);
    }
}
