//! The script for fish: a line for each flag of each command.

use crate::shape::{Flag, Shape, Subcommand, Value};

const HEAD: &str = r#"# Completion of ehlo for fish, made of the definitions of its flags.
# It goes into ~/.config/fish/completions/ehlo.fish.

# Whether the first word is this command; without one, whether there is none yet.
function __ehlo_is
    set -l words (commandline -opc)
    test "$words[2]" = "$argv[1]"
end

# These values, behind those that are there already, with commas between.
function __ehlo_list
    set -l before (commandline -ct | string replace -r '^--[^=]*=' '' | string replace -rf '^(.*,)[^,]*$' '$1')
    printf '%s\n' "$before"$argv
end

function __ehlo_hosts
    __fish_print_hostnames
    set -l netrc $HOME/.netrc
    set -q NETRC; and set netrc $NETRC
    test -r "$netrc"; and string replace -rf '^\s*machine\s+(\S+).*' '$1' <$netrc
end

# How many arguments there are behind the command: the first may be a server.
function __ehlo_has_no_argument
    for word in (commandline -opc)[3..-1]
        string match -q -- '-*' $word; or return 1
    end
end

# No files, unless a flag says so.
complete -c ehlo -f
"#;

/// The whole script.
pub fn script(shape: &Shape) -> String {
    let names: Vec<_> = shape.commands.iter().map(|command| command.name.as_str()).collect();
    let own: String = shape.flags.iter().map(|flag| line("__ehlo_is", flag)).collect();
    let rows: String = shape
        .commands
        .iter()
        .map(|command| {
            format!("complete -c ehlo -n __ehlo_is -a {} -d '{}'\n", command.name, quoted(&command.about))
        })
        .collect();
    let help = format!(
        "complete -c ehlo -n __ehlo_is -a help -d 'print help'\n\
         complete -c ehlo -n '__ehlo_is help; and __ehlo_has_no_argument' -a '{}'\n",
        names.join(" ")
    );
    let commands: String = shape.commands.iter().map(lines).collect();
    format!("{HEAD}{own}{rows}{help}{commands}")
}

fn lines(command: &Subcommand) -> String {
    let is = format!("'__ehlo_is {}'", command.name);
    let flags = command.flags.iter().map(|flag| line(&is, flag));
    let first = command.places.first().and_then(|place| values(&place.value)).map(|values| {
        let is = format!("'__ehlo_is {}; and __ehlo_has_no_argument'", command.name);
        format!("complete -c ehlo -n {is} -a {values}\n")
    });
    format!("\n{}{}", flags.collect::<String>(), first.unwrap_or_default())
}

fn line(is: &str, flag: &Flag) -> String {
    let short = flag.short.iter().map(|letter| format!(" -s {letter}"));
    let long = flag.long.iter().map(|name| format!(" -l {name}"));
    let takes = match &flag.value {
        None => String::new(),
        Some(Value::File) => " -rF".to_owned(),
        Some(value) => values(value).map_or(" -x".to_owned(), |values| format!(" -xa {values}")),
    };
    let names: String = short.chain(long).collect();
    format!("complete -c ehlo -n {is}{names}{takes} -d '{}'\n", quoted(&flag.help))
}

/// What prints the values, each with its meaning behind a tab.
fn values(value: &Value) -> Option<String> {
    Some(match value {
        Value::Free | Value::File => return None,
        Value::Folder => "'(__fish_complete_directories)'".to_owned(),
        Value::Command => "'(__fish_complete_command)'".to_owned(),
        Value::Host => "'(__ehlo_hosts)'".to_owned(),
        Value::Variable => "'(set --names --export)'".to_owned(),
        Value::Words(words) => format!("\"{}\"", explained(words).join(" ")),
        Value::List(words) => format!("\"(__ehlo_list {})\"", explained(words).join(" ")),
    })
}

fn explained(words: &[(String, String)]) -> Vec<String> {
    let one = |(word, help): &(String, String)| match help.as_str() {
        "" => word.clone(),
        help => format!("{word}\\\\t'{}'", quoted(help)),
    };
    words.iter().map(one).collect()
}

/// Between single quotes.
fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\'', "\\'")
}
