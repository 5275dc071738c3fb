//! What `account import` makes of other programs' configurations (tests/import) can be used at once: every
//! account of every sample is chosen, and a message is ready to go.

use super::harness::ehlo;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// The value of a key on its line: a text in quotation marks.
fn value<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    line.strip_prefix(key)?.strip_prefix(" = \"")?.strip_suffix('"')
}

/// The sample's config.toml, with files that are there.
fn configuration(sample: &str, folder: &Path) -> String {
    let key = rcgen::generate_simple_self_signed(["beta.arpa".to_owned()]).unwrap();
    let pem = key.cert.pem();
    fs::write(folder.join("ca.pem"), &pem).unwrap();
    let both = folder.join("both.pem");
    fs::write(&both, pem + &key.signing_key.serialize_pem()).unwrap();
    fs::set_permissions(&both, fs::Permissions::from_mode(0o600)).unwrap();
    let toml = sample.split("==== config.toml\n").nth(1).unwrap().split("==== stderr").next().unwrap();
    let lines = toml.lines().map(|line| {
        for (key, file) in [("ca-file", "ca.pem"), ("client-cert", "both.pem"), ("client-key", "both.pem")] {
            if value(line, key).is_some() {
                return format!("{key} = \"{}\"\n", folder.join(file).display());
            }
        }
        format!("{line}\n")
    });
    lines.collect()
}

#[test]
fn every_account_that_is_imported_can_be_used_at_once() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import");
    let mut used = 0;
    for entry in fs::read_dir(samples).unwrap() {
        let sample = fs::read_to_string(entry.unwrap().path()).unwrap();
        let toml = sample.split("==== config.toml\n").nth(1).unwrap();
        for name in toml.lines().filter_map(|line| line.strip_prefix("[account.")?.strip_suffix(']')) {
            let line =
                "send --dry-run -f smith@alpha.arpa -t jones@beta.arpa --body x --ehlo-name alpha.arpa -A";
            let run = ehlo(line).arg(name.trim_matches('"')).env("XDG_CONFIG_HOME", "DIR").any_stdout();
            let folder = run.folder().join("ehlo");
            fs::create_dir(&folder).unwrap();
            let toml = configuration(&sample, &folder);
            for file in toml.lines().filter_map(|line| value(line, "password-file")) {
                fs::write(folder.join(file), "sesame\n").unwrap();
                fs::set_permissions(folder.join(file), fs::Permissions::from_mode(0o600)).unwrap();
            }
            fs::write(folder.join("config.toml"), toml).unwrap();
            // A token cannot be carried: what is missing is said.
            match name {
                "token" => {
                    run.stderr("ehlo: --auth OAUTHBEARER takes a token: use --oauth-token-command\n").exit(64)
                }
                _ => run.exit(0),
            };
            used += 1;
        }
    }
    assert!(used > 40, "{used}");
}
