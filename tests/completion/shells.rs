//! A shell at a pseudo-terminal, in a folder and with a home of its own, where the script is installed as the
//! manual says.

use expectrl::session::OsSession;
use expectrl::{Expect, Regex, Session};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use std::{env, fs};
use tempfile::TempDir;

/// What stands on the line when the shell is ready.
const PROMPT: &str = "READY> ";
/// Nothing takes as long.
const LIMIT: Duration = Duration::from_secs(60);
/// What Debian's package, and others, install.
const BASH_COMPLETION: &str = "/usr/share/bash-completion/bash_completion";

/// The shells that there is a script of ours for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shell {
    /// By itself: the script is sourced.
    Bash,
    /// With the package bash-completion, which finds the script.
    BashCompletion,
    Zsh,
    Fish,
}

/// A shell that waits for a line.
pub struct AtPrompt {
    session: OsSession,
    _folder: TempDir,
}

/// Starts the shell; none, if it is not there.
pub fn at(shell: Shell) -> Option<AtPrompt> {
    if !is_installed(shell) {
        assert!(env::var_os("EHLO_ALL_SHELLS").is_none(), "{shell:?} is not installed");
        eprintln!("skipped: {shell:?} is not installed");
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let work = furnish(folder.path());
    let mut command = command(shell, folder.path());
    command.current_dir(work).env_clear();
    command.env("PATH", format!("{}:/usr/bin:/bin", folder.path().join("bin").display()));
    command.env("HOME", folder.path()).env("TERM", "xterm").env("EHLO_TEST_VARIABLE", "1");
    command.env("LC_ALL", "C.UTF-8").env("INPUTRC", folder.path().join("inputrc"));
    command.env("ZDOTDIR", folder.path()).env("XDG_CONFIG_HOME", folder.path().join("config"));
    let mut session = Session::spawn(command).unwrap();
    session.set_expect_timeout(Some(LIMIT));
    session.expect(PROMPT).unwrap();
    Some(AtPrompt { session, _folder: folder })
}

fn is_installed(shell: Shell) -> bool {
    let program = match shell {
        Shell::Bash => "bash",
        Shell::BashCompletion if !Path::new(BASH_COMPLETION).exists() => return false,
        Shell::BashCompletion => "bash",
        Shell::Zsh => "zsh",
        Shell::Fish => "fish",
    };
    let mut command = Command::new(program);
    command.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// The home, with a folder to work in.
fn furnish(home: &Path) -> PathBuf {
    let work = home.join("work");
    fs::create_dir_all(work.join("sub")).unwrap();
    fs::write(work.join("sub/inner.txt"), "").unwrap();
    fs::write(work.join("with space.txt"), "").unwrap();
    // What is no name would be typed as it is, for the shell to run.
    let odd = "machine $(id) login smith\nmachine beta.arpa;id\n";
    let netrc = format!("machine beta.arpa login smith password open-sesame\n{odd}");
    fs::write(home.join(".netrc"), netrc).unwrap();
    fs::write(home.join("inputrc"), "set enable-bracketed-paste off\nset bell-style none\n").unwrap();
    fs::create_dir(home.join("bin")).unwrap();
    program(
        home,
        "ehlo",
        "[ \"$1 $2\" != 'account list' ] || { printf 'ehlo-test-account\\tx\\n'; exit; }; printf 'ARGS'; printf '<%s>' \"$@\"; printf 'END\\n'",
    );
    program(home, "ehlo-test-program", ":");
    work
}

fn program(home: &Path, name: &str, text: &str) {
    let path = home.join("bin").join(name);
    fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// The script, as `ehlo completions` prints it.
fn script(shell: &str) -> String {
    let done = Command::new(env!("CARGO_BIN_EXE_ehlo")).args(["completions", shell]).output().unwrap();
    assert!(done.status.success());
    String::from_utf8(done.stdout).unwrap()
}

/// Installs the script where the shell looks for it.
fn command(shell: Shell, home: &Path) -> Command {
    let put = |path: &str, text: &str| {
        let path = home.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    match shell {
        Shell::Bash => {
            put("ehlo.bash", &script("bash"));
            put("rc", &format!("PS1='{PROMPT}'\nsource ~/ehlo.bash\n"));
        }
        Shell::BashCompletion => {
            put(".local/share/bash-completion/completions/ehlo", &script("bash"));
            put("rc", &format!("PS1='{PROMPT}'\nsource {BASH_COMPLETION}\n"));
        }
        Shell::Zsh => {
            put("functions/_ehlo", &script("zsh"));
            let rc = "fpath=(~/functions $fpath)\nautoload -U compinit && compinit -u -D\nunsetopt beep\n";
            put(".zshrc", &format!("PROMPT='{PROMPT}'\n{rc}"));
        }
        Shell::Fish => {
            put("config/fish/completions/ehlo.fish", &script("fish"));
            let rc = format!("function fish_prompt; echo '{PROMPT}'; end\nset -g fish_greeting\n");
            put("config/fish/config.fish", &format!("{rc}set -g fish_autosuggestion_enabled 0\n"));
        }
    }
    let mut command = Command::new(match shell {
        Shell::Bash | Shell::BashCompletion => "bash",
        Shell::Zsh => "zsh",
        Shell::Fish => "fish",
    });
    match shell {
        Shell::Bash | Shell::BashCompletion => command.arg("--rcfile").arg(home.join("rc")).arg("-i"),
        // Not what the system's own files say.
        Shell::Zsh => command.args(["-d", "-i"]),
        Shell::Fish => command.arg("-i"),
    };
    command
}

impl AtPrompt {
    /// Types this behind `ehlo`, runs what has become of it, and returns its last argument. What a shell puts
    /// behind a folder or a flag is left out.
    pub fn last_argument(&mut self, typed: &str) -> String {
        self.session.send(format!("ehlo {typed}\r")).unwrap();
        let found = self.session.expect(Regex("ARGS([^\r\n]*)END\r"));
        let found = found.unwrap_or_else(|error| panic!("{typed:?}: {error}"));
        let arguments = String::from_utf8_lossy(found.get(1).unwrap()).into_owned();
        self.session.expect(PROMPT).unwrap();
        let last = arguments.rsplit_once('<').unwrap().1;
        last.trim_end_matches(['>', '/', '=']).to_owned()
    }

    /// Types this, and waits until that is on the screen.
    pub fn shows(mut self, typed: &str, wanted: &str) {
        self.session.send(typed).unwrap();
        let found = self.session.expect(wanted);
        assert!(found.is_ok(), "{typed:?} does not show {wanted:?}");
    }
}
