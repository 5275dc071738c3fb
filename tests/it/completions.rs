//! `ehlo completions`: each script is the one of completions/. What they do is shown in tests/completion.

use crate::harness::ehlo;

#[test]
fn the_script_of_each_shell_is_printed() {
    for (shell, script) in [
        ("bash", include_str!("../../completions/ehlo.bash")),
        ("zsh", include_str!("../../completions/_ehlo")),
        ("fish", include_str!("../../completions/ehlo.fish")),
        ("powershell", include_str!("../../completions/_ehlo.ps1")),
        ("elvish", include_str!("../../completions/ehlo.elv")),
        ("nushell", include_str!("../../completions/ehlo.nu")),
    ] {
        ehlo(&format!("completions {shell}")).stdout(script).exit(0);
    }
}

#[test]
fn another_shell_is_told_which_there_are() {
    ehlo("completions tcsh")
        .stderr("ehlo: SHELL must be one of bash, zsh, fish, powershell, elvish, nushell, not 'tcsh'\n")
        .exit(64);
    ehlo("completions").stderr("ehlo: no shell: name one, as in 'ehlo completions bash'\n").exit(64);
    ehlo("completions bash zsh")
        .stderr("ehlo: unexpected argument 'zsh': see 'ehlo completions --help'\n")
        .exit(64);
}
