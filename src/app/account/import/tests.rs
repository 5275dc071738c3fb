//! Samples (tests/import/*.txt): what is read, the config.toml that becomes of it, and what is said.
//! `EHLO_REFRESH=1` writes the last two again; look at what has changed then.
//!
//! Every secret in a sample is `sesame`, which is how it would be seen anywhere else.

use super::*;
use crate::config::accounts;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};

/// A sample: the texts by the names of their files, and what is expected.
struct Sample {
    path: PathBuf,
    format: Format,
    sources: Vec<Source>,
    toml: String,
    said: String,
}

fn samples() -> Vec<Sample> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().map(sample).collect()
}

fn sample(path: PathBuf) -> Sample {
    let text = fs::read_to_string(&path).unwrap();
    let name = path.file_stem().unwrap().to_str().unwrap();
    let format = Format::named(name.split('_').next().unwrap()).unwrap();
    let (mut sources, mut toml, mut said) = (Vec::new(), String::new(), String::new());
    for section in text.split("==== ").skip(1) {
        let (name, text) = section.split_once('\n').unwrap();
        match name {
            "config.toml" => text.clone_into(&mut toml),
            "stderr" => text.clone_into(&mut said),
            name => sources.push(Source { name: name.to_owned(), text: Zeroizing::new(text.to_owned()) }),
        }
    }
    Sample { path, format, sources, toml, said }
}

/// What is printed, and what is said.
fn outcome(imported: &Imported) -> (String, String) {
    let remarks = imported.remarks.iter().map(words::import::not_carried);
    let lines = remarks.chain(secrets(imported, Path::new("/home/me/.config/ehlo")));
    (imported.toml.clone(), lines.map(|line| format!("ehlo: {line}\n")).collect())
}

#[test]
fn each_sample_becomes_its_configuration() {
    for sample in samples() {
        let name = sample.path.display();
        let imported = import(sample.format, &sample.sources).unwrap_or_else(|why| panic!("{name}: {why}"));
        let (toml, said) = outcome(&imported);
        if std::env::var_os("EHLO_REFRESH").is_some() {
            let own = fs::read_to_string(&sample.path).unwrap();
            let own = own.split("==== config.toml").next().unwrap();
            fs::write(&sample.path, format!("{own}==== config.toml\n{toml}==== stderr\n{said}")).unwrap();
            continue;
        }
        assert_eq!(toml, sample.toml, "{name}");
        assert_eq!(said, sample.said, "{name}");
    }
}

#[test]
fn every_format_has_its_samples() {
    let samples = samples();
    for (format, least) in Format::ALL.into_iter().zip([10, 3, 3, 2, 2, 2, 2]) {
        let count = samples.iter().filter(|sample| sample.format == format).count();
        assert!(count >= least, "{}: {count}", format.name());
    }
}

/// Wherever a file is cut off, what becomes of it can be read, and no secret is shown.
#[test]
fn what_is_cut_off_is_read_back_and_shows_no_secret() {
    for sample in samples() {
        let text = sample.sources[0].text.clone();
        let ends = text.char_indices().map(|(at, _)| at).step_by(3).chain([text.len()]);
        for end in ends {
            let mut sources = sample.sources.clone();
            sources[0].text = Zeroizing::new(text[..end].to_owned());
            let Ok(imported) = import(sample.format, &sources) else { continue };
            let (toml, said) = outcome(&imported);
            let place = format!("{}, cut at {end}:\n{toml}{said}", sample.path.display());
            let config = accounts::read(&toml, Path::new("config.toml"));
            let config = config.unwrap_or_else(|error| panic!("{error}: {place}"));
            for account in &config.accounts {
                let server = account.list("server").first().unwrap();
                assert!(server.parse::<crate::net::Server>().is_ok(), "{place}");
            }
            assert!(!format!("{toml}{said}{imported:?}").contains("sesa"), "{place}");
        }
    }
}

/// A folder of its own for a test, which is HOME.
struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Home {
        Home(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn put(&self, name: &str, octets: &[u8]) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, octets).unwrap();
    }

    fn import(&self, format: &str, file: Option<&str>, write: bool) -> Result<Done> {
        let args = ImportArgs { format: format.to_owned(), file: file.map(|name| self.path(name)), write };
        let variable = |name: &str| (name == "HOME").then(|| self.0.path().as_os_str().to_owned());
        imported(&args, &variable)
    }

    /// The line that is said, and the status.
    fn refused(&self, format: &str, file: Option<&str>, write: bool) -> (String, u8) {
        let report = self.import(format, file, write).unwrap_err().report();
        (report.line().replace(self.0.path().to_str().unwrap(), "HOME"), report.status.0)
    }

    fn said(&self, done: &Done) -> Vec<String> {
        let home = self.0.path().to_str().unwrap();
        done.said.iter().map(|line| line.replace(home, "HOME")).collect()
    }
}

const WORK: &[u8] =
    b"account work\nhost mail.example.org\nport 587\ntls on\nauth on\nuser me\npassword sesame\n";

#[test]
fn what_is_written_is_there_for_its_owner_alone() {
    let home = Home::new();
    home.put(".msmtprc", WORK);
    let done = home.import("msmtprc", None, true).unwrap();
    assert_eq!(done.printed, "");
    assert_eq!(
        home.said(&done),
        ["wrote HOME/.config/ehlo/config.toml", "wrote HOME/.config/ehlo/work.password"]
    );
    let (config, secret) = (home.path(".config/ehlo/config.toml"), home.path(".config/ehlo/work.password"));
    assert_eq!(fs::read_to_string(&secret).unwrap(), "sesame\n");
    for (path, mode) in [(config.clone(), 0o600), (secret, 0o600), (home.path(".config/ehlo"), 0o700)] {
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, mode, "{}", path.display());
    }
    assert_eq!(fs::read_dir(home.path(".config/ehlo")).unwrap().count(), 2, "nothing else is left");
    let own = fs::metadata(&config).unwrap().uid();
    let Ok(accounts::Fetched::Text(text)) = accounts::fetch(accounts::Place::User, &config, own) else {
        panic!("it cannot be relied on")
    };
    let read = accounts::read(&text, &config).unwrap();
    assert_eq!(read.text("default"), Some("work"));
    assert_eq!(read.account("work").unwrap().text("password-file"), Some("work.password"));
}

#[test]
fn what_is_there_is_left_alone_and_nothing_is_written() {
    for there in ["config.toml", "work.password"] {
        let home = Home::new();
        home.put(".msmtprc", WORK);
        home.put(&format!(".config/ehlo/{there}"), b"mine");
        let text = format!(
            "HOME/.config/ehlo/{there} is there already, so nothing was written; move it away, or copy from \
             what is printed without --write"
        );
        assert_eq!(home.refused("msmtprc", None, true), (text, 78));
        assert_eq!(fs::read_to_string(home.path(&format!(".config/ehlo/{there}"))).unwrap(), "mine");
        assert_eq!(fs::read_dir(home.path(".config/ehlo")).unwrap().count(), 1, "{there}");
    }
}

#[test]
fn a_link_that_leads_nowhere_is_there_too() {
    let home = Home::new();
    home.put(".msmtprc", WORK);
    home.put(".config/ehlo/x", b"");
    std::os::unix::fs::symlink(home.path("elsewhere"), home.path(".config/ehlo/work.password")).unwrap();
    assert_eq!(home.refused("msmtprc", None, true).1, 78);
    assert!(!home.path("elsewhere").exists());
}

#[test]
fn a_folder_that_cannot_be_made_and_a_home_that_is_not_there() {
    let home = Home::new();
    home.put("rc", WORK);
    home.put(".config", b"a file");
    let line = "cannot make the folder HOME/.config/ehlo: not a directory";
    assert_eq!(home.refused("msmtprc", Some("rc"), true), (line.to_owned(), 74));
    let args = ImportArgs { format: "msmtprc".to_owned(), file: Some(home.path("rc")), write: true };
    let report = imported(&args, &|_| None).unwrap_err().report();
    let line = "there is no place for a configuration: HOME is not set";
    assert_eq!((report.line().as_str(), report.status), (line, ExitStatus::CONFIG));
}

#[test]
fn without_write_it_is_said_where_the_secret_belongs() {
    let home = Home::new();
    home.put(".config/msmtp/config", WORK);
    let done = home.import("msmtprc", None, false).unwrap();
    assert!(done.printed.contains("[account.work]\n"));
    let line = "put the password of HOME/.config/msmtp/config, line 7, into \
                HOME/.config/ehlo/work.password (mode 0600), or let --write do it";
    assert_eq!(home.said(&done), [line]);
    assert!(!home.path(".config/ehlo").exists());
}

#[test]
fn the_secrets_of_dma_stand_beside_its_configuration() {
    let home = Home::new();
    home.put("dma/dma.conf", b"SMARTHOST mail.example.org\nPORT 465\nSECURETRANSFER\n");
    home.put("dma/auth.conf", b"me|mail.example.org:sesame\n");
    let done = home.import("dma", Some("dma/dma.conf"), false).unwrap();
    let line = "put the password of HOME/dma/auth.conf, line 1, into HOME/.config/ehlo/dma.password (mode \
                0600), or let --write do it";
    assert_eq!(home.said(&done), [line]);
    assert!(done.printed.contains("user = \"me\"\n"));
}

#[test]
fn what_cannot_be_read_is_66_and_what_is_no_configuration_65() {
    let home = Home::new();
    home.put("latin", b"host caf\xe9.example\n");
    home.put("nul", b"host a.example\n\0\n");
    home.put("utf16", b"\xff\xfeh\0");
    home.put("empty", b"");
    home.put("prose", b"Dear Smith,\nthe word is sesame.\n");
    home.put("folder/x", b"");
    let large = File::create(home.path("large")).unwrap();
    large.set_len(100 * 1024 * 1024).unwrap();
    for (file, line, status) in [
        ("none", "cannot read HOME/none: no such file or directory", 66),
        ("folder", "cannot read HOME/folder: it is a directory", 66),
        ("large", "HOME/large: it is larger than 1 MiB, which no configuration is", 65),
        ("latin", "HOME/latin: it is not UTF-8", 65),
        ("utf16", "HOME/utf16: it is UTF-16, not UTF-8", 65),
    ] {
        for format in Format::ALL {
            assert_eq!(home.refused(format.name(), Some(file), false), (line.to_owned(), status));
        }
    }
    for format in Format::ALL.map(Format::name) {
        for (file, why) in [
            ("nul", "it is not a text: it has a NUL in it"),
            ("empty", "nothing in it names a server"),
            ("prose", "nothing in it names a server"),
        ] {
            let line = format!("HOME/{file}: {why}; is it a configuration of the format {format}?");
            assert_eq!(home.refused(format, Some(file), true), (line, 65), "{format}");
        }
    }
    assert!(!home.path(".config").exists());
}

#[test]
fn why_no_server_was_found_is_said_where_it_is_known() {
    let home = Home::new();
    home.put("git", b"[sendemail]\n\tsmtpServer = /usr/bin/msmtp\n");
    home.put("mutt", b"set from=me@a.example\nset smtp_url=\"smtp://$USER:sesame@a.example\"\n");
    home.put("dma", b"MAILNAME /etc/mailname\n");
    for (format, line) in [
        ("git", "line 2: 'smtpServer': it names a program, not a server"),
        ("mutt", "line 2: 'smtp_url': the variable is not set in this file"),
        ("dma", "line 1: 'MAILNAME': other files are not read"),
    ] {
        let line = format!("HOME/{format}: nothing in it names a server; {line}");
        assert_eq!(home.refused(format, Some(format), false), (line, 65));
    }
}

#[test]
fn a_format_that_is_not_known_and_a_file_that_is_nowhere() {
    let home = Home::new();
    let known = "msmtprc, git, mutt, nullmailer, dma, ssmtp, esmtp";
    let line = format!("the format 'exim' is not known; known are {known}");
    assert_eq!(home.refused("exim", None, false), (line, 64));
    let line = "there is no configuration of the format mutt (tried: HOME/.muttrc, HOME/.mutt/muttrc, \
                HOME/.config/mutt/muttrc): name its file";
    assert_eq!(home.refused("mutt", None, false), (line.to_owned(), 66));
}

#[test]
fn run_answers_with_the_status() {
    let args = ImportArgs { format: "exim".to_owned(), file: None, write: false };
    assert_eq!(run(&args), ExitStatus::USAGE);
}
