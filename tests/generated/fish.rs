//! The script for fish: fish.fish, and a line for each flag of each command.

use crate::shape::{Flag, Shape, Subcommand, Value};

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
         complete -c ehlo -n '__ehlo_is help; and __ehlo_has_arguments 0' -a '{}'\n",
        names.join(" ")
    );
    let commands: String = shape.commands.iter().map(lines).collect();
    let functions = include_str!("fish.fish");
    format!("{functions}{own}{rows}{help}{commands}")
}

fn lines(command: &Subcommand) -> String {
    let is = format!("'__ehlo_is {}'", command.name);
    let flags = command.flags.iter().map(|flag| line(&is, flag));
    let places = command.places.iter().enumerate().filter_map(|(before, place)| {
        let is = format!("'__ehlo_is {}; and __ehlo_has_arguments {before}'", command.name);
        match &place.value {
            // Flags alone say that there is a file behind a first argument.
            Value::File if before > 0 => Some(format!("complete -c ehlo -n {is} -F\n")),
            value => values(value).map(|values| format!("complete -c ehlo -n {is} -a {values}\n")),
        }
    });
    format!("\n{}{}", flags.collect::<String>(), places.collect::<String>())
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
        Value::Account => "'(__ehlo_accounts)'".to_owned(),
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
