//! The script for zsh: zsh.zsh, with what each command takes filled in, as zsh's `_arguments` wants it.

use crate::shape::{Flag, Place, Shape, Subcommand, Value};

/// The whole script.
pub fn script(shape: &Shape) -> String {
    let name = |command: &Subcommand| {
        format!("        '{}:{}'\n", command.name, quoted(&command.about.replace(':', "\\:")))
    };
    let flag = |flag: &Flag| format!("        {} \\\n", spec(flag));
    include_str!("zsh.zsh")
        .replace("@NAMES@", &shape.commands.iter().map(name).collect::<String>())
        .replace("@FLAGS@", &shape.flags.iter().map(flag).collect::<String>())
        .replace("@COMMANDS@", &shape.commands.iter().map(arm).collect::<String>())
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
        Value::Account => "_ehlo_accounts".to_owned(),
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
