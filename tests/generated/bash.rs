//! The script for bash: bash.bash, with what each command takes filled in.

use std::collections::BTreeMap;

use crate::shape::{Flag, Shape, Subcommand, Value};

/// The whole script.
pub fn script(shape: &Shape) -> String {
    let names: Vec<_> = shape.commands.iter().map(|command| command.name.as_str()).collect();
    let commands: String = shape.commands.iter().map(arm).collect();
    include_str!("bash.bash")
        .replace("@COMMANDS@", &commands)
        .replace("@NAMES@", &names.join(" "))
        .replace("@FLAGS@", &spellings(&shape.flags))
}

/// The flags as they are offered: by their long names, where they have one.
fn spellings(flags: &[Flag]) -> String {
    flags.iter().filter_map(|flag| flag.spellings().pop()).collect::<Vec<_>>().join(" ")
}

/// One command: its flags, and what they take.
fn arm(command: &Subcommand) -> String {
    let letters: String =
        command.flags.iter().filter(|flag| flag.value.is_some()).flat_map(|flag| &flag.short).collect();
    // A class of letters that fits nothing cannot be empty.
    let letters = if letters.is_empty() { "-".to_owned() } else { letters };
    let mut takers: BTreeMap<&Value, Vec<String>> = BTreeMap::new();
    for flag in &command.flags {
        if let Some(value) = &flag.value {
            takers.entry(value).or_default().extend(flag.spellings());
        }
    }
    let by_flag: String = takers
        .into_iter()
        .map(|(value, flags)| format!("                {}) {} ;;\n", flags.join(" | "), kind(value)))
        .collect();
    let last = command.places.len();
    let by_place: String = command
        .places
        .iter()
        .zip(1..)
        .map(|(place, number)| {
            let number = if number == last && place.repeats { "*".to_owned() } else { number.to_string() };
            format!("                    {number}) {} ;;\n", kind(&place.value))
        })
        .collect();
    let by_place = match by_place.as_str() {
        "" => String::new(),
        arms => format!("                '') case ${{3-}} in\n{arms}                esac ;;\n"),
    };
    let flags = spellings(&command.flags);
    format!("        {})\n            flags='{flags}' valued={letters}\n", command.name)
        + "            case ${2-} in\n"
        + &by_flag
        + &by_place
        + "            esac\n            ;;\n"
}

/// What sets `kind`, and `words` where there are some.
fn kind(value: &Value) -> String {
    match value {
        Value::Free => "kind=free".to_owned(),
        Value::File => "kind=file".to_owned(),
        Value::Folder => "kind=folder".to_owned(),
        Value::Command => "kind=command".to_owned(),
        Value::Host => "kind=host".to_owned(),
        Value::Variable => "kind=variable".to_owned(),
        Value::Account => "kind=account".to_owned(),
        Value::Words(words) => format!("kind=words words='{}'", plain(words)),
        Value::List(words) => format!("kind=list words='{}'", plain(words)),
    }
}

fn plain(words: &[(String, String)]) -> String {
    words.iter().map(|(word, _)| word.as_str()).collect::<Vec<_>>().join(" ")
}
