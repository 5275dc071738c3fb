//! The script for zsh, by its own `_arguments`.

use crate::shape::{Flag, Place, Shape, Subcommand, Value};

const HEAD: &str = r#"#compdef ehlo
# Completion of ehlo for zsh, made of the definitions of its flags.
# It goes, by the name of _ehlo, into a folder of $fpath.

"#;

const HOSTS: &str = r#"_ehlo_hosts() {
    local -a machines
    machines=(${(f)"$(sed -n 's/^[[:space:]]*machine[[:space:]]\{1,\}\([^[:space:]]\{1,\}\).*/\1/p' \
        ${NETRC:-$HOME/.netrc} 2>/dev/null)"})
    _alternative 'hosts:host:_hosts' 'machines:machine of netrc:compadd -a machines'
}

"#;

const TAIL: &str = r#"
if [[ $funcstack[1] == _ehlo ]]; then
    _ehlo "$@"
else
    compdef _ehlo ehlo
fi
"#;

/// The whole script.
pub fn script(shape: &Shape) -> String {
    let rows: String = shape
        .commands
        .iter()
        .map(|command| format!("        '{}:{}'\n", command.name, quoted(&command.about.replace(':', "\\:"))))
        .collect();
    let commands = format!(
        "_ehlo_commands() {{\n    local -a commands\n    commands=(\n{rows}    )\n    _describe -t commands \
         command commands \"$@\"\n}}\n\n"
    );
    let arms: String = shape.commands.iter().map(arm).collect();
    let own: String = shape.flags.iter().map(|flag| format!("        {} \\\n", spec(flag))).collect();
    let main = format!(
        "_ehlo() {{\n    local context curcontext=$curcontext state state_descr line ret=1\n    typeset -A \
         opt_args\n    _arguments -C -s -S \\\n{own}        '1: :_ehlo_first' \\\n        '*:: :->rest' && \
         ret=0\n    [[ $state == rest ]] || return ret\n    \
         curcontext=\"${{curcontext%:*:*}}:ehlo-$words[1]:\"\n    case $words[1] in\n        help) _arguments \
         '1: :_ehlo_commands' && ret=0 ;;\n{arms}    esac\n    return ret\n}}\n"
    );
    let first = "_ehlo_first() {\n    _ehlo_commands || return\n    compadd -X '' help\n}\n\n";
    format!("{HEAD}{HOSTS}{commands}{first}{main}{TAIL}")
}

fn arm(command: &Subcommand) -> String {
    let flags = command.flags.iter().map(spec);
    let specs: Vec<String> = flags.chain(command.places.iter().map(place)).collect();
    format!(
        "        {})\n            _arguments -s -S \\\n                {} && ret=0\n            ;;\n",
        command.name,
        specs.join(" \\\n                ")
    )
}

fn place(place: &Place) -> String {
    let which = if place.repeats { "*" } else { "" };
    // A message beside the flags would keep zsh from taking the only flag that fits.
    let action = match &place.value {
        Value::Free => "( )".to_owned(),
        value => action(value, &place.name),
    };
    format!("'{which}:{}:{action}'", message(&place.name))
}

/// `'(-p --port)'{-p+,--port=}'[help]:PORT: '`.
fn spec(flag: &Flag) -> String {
    let help = quoted(&flag.help.replace('[', "\\[").replace(']', "\\]").replace(':', "\\:"));
    let value = flag
        .value
        .as_ref()
        .map(|value| format!(":{}:{}", message(&flag.value_name), action(value, &flag.value_name)));
    let short = flag.short.iter().map(|letter| match flag.value {
        Some(_) => format!("-{letter}+"),
        None => format!("-{letter}"),
    });
    let long = flag.long.iter().map(|name| match flag.value {
        Some(_) => format!("--{name}="),
        None => format!("--{name}"),
    });
    let spelt: Vec<String> = short.chain(long).collect();
    let rest = format!("[{help}]{}", value.unwrap_or_default());
    let before = match (flag.repeats, spelt.len()) {
        (true, _) => "*".to_owned(),
        (false, 1) => String::new(),
        (false, _) => format!("({})", flag.spellings().join(" ")),
    };
    match spelt.as_slice() {
        [one] => format!("'{before}{one}{rest}'"),
        several => format!("'{before}'{{{}}}'{rest}'", several.join(",")),
    }
}

fn action(value: &Value, name: &str) -> String {
    match value {
        Value::Free => " ".to_owned(),
        Value::File => "_files".to_owned(),
        Value::Folder => "_path_files -/".to_owned(),
        Value::Command => "_cmdstring".to_owned(),
        Value::Host => "_ehlo_hosts".to_owned(),
        Value::Variable => "_parameters -g \"*export*\"".to_owned(),
        Value::Words(words) if words.iter().all(|(_, help)| help.is_empty()) => {
            format!("({})", words.iter().map(|(word, _)| word.as_str()).collect::<Vec<_>>().join(" "))
        }
        Value::Words(words) => {
            let words = words.iter().map(|(word, help)| format!("{word}\\:\"{}\"", quoted(help)));
            format!("(({}))", words.collect::<Vec<_>>().join(" "))
        }
        Value::List(words) => {
            let words = words.iter().map(|(word, help)| match help.as_str() {
                "" => word.clone(),
                help => format!("\"{word}[{}]\"", quoted(help)),
            });
            format!("_values -s , {name} {}", words.collect::<Vec<_>>().join(" "))
        }
    }
}

fn message(name: &str) -> String {
    quoted(&name.replace(':', "\\:"))
}

/// Between single quotes.
fn quoted(text: &str) -> String {
    text.replace('\'', "'\\''")
}
