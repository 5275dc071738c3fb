//! The blocks of code of a page, and the commands in them.

use std::path::Path;

/// Words behind `ehlo` that make it a command.
const SUBCOMMANDS: [&str; 10] =
    ["send", "probe", "verify", "console", "explain", "sink", "demo", "completions", "account", "queue"];

/// A block of code, and where it stands.
pub struct Block {
    pub page: String,
    pub line: usize,
    pub kind: String,
    pub text: String,
}

/// One `ehlo` in a block.
pub struct Place {
    pub line: String,
    /// What it may end with.
    pub statuses: Vec<i32>,
}

/// A page's text.
pub fn page(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// All blocks of a page that have a kind. What has none, or is `text`, must hold no command of ours. What is `console`
/// is for root, and is played by tests/packages in a root of its own, word for word.
pub fn blocks(name: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut open: Option<Block> = None;
    for (at, line) in page(name).lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(kind)) => {
                open =
                    Some(Block { page: name.into(), line: at + 1, kind: kind.into(), text: String::new() });
            }
            (Some(_), Some(_)) => found.extend(open.take()),
            (Some(block), None) => block.text += &format!("{line}\n"),
            (None, None) => {}
        }
    }
    let (ours, others): (Vec<Block>, Vec<Block>) =
        found.into_iter().partition(|block| !matches!(block.kind.as_str(), "" | "text" | "console"));
    let played = page("tests/packages/booted");
    for block in others.iter().filter(|block| block.kind == "console") {
        for line in block.text.lines() {
            let command = line.split(" # ").next().unwrap_or_default().trim_end();
            let is_played = played.lines().any(|line| line.trim() == command);
            assert!(is_played, "{name}, line {}: tests/packages/booted does not run {command}", block.line);
        }
    }
    for block in others.iter().filter(|block| block.kind != "console") {
        let (_, places) = commands(&block.text);
        assert!(places.is_empty(), "{name}, line {}: a command that no test runs", block.line);
    }
    ours
}

/// The examples of a manual, one block each.
pub fn examples(name: &str) -> Vec<Block> {
    let manual = page(name);
    let (_, examples) = manual.split_once(".SH EXAMPLES\n").unwrap();
    let texts = examples.split(".EX\n").skip(1).map(|rest| rest.split(".EE").next().unwrap_or_default());
    let plain = |text: &str| text.replace("\\-", "-").replace("\\(aq", "'").replace("\\e", "\\");
    texts
        .map(|text| Block { page: name.into(), line: 0, kind: "sh".into(), text: plain(text) })
        .inspect(|block| {
            assert!(block.text.lines().all(|line| line.len() <= 73), "{name}: too wide\n{}", block.text)
        })
        .collect()
}

/// The script with each `ehlo SUBCOMMAND` as `ehlo_at NUMBER SUBCOMMAND`, and what is promised of each.
pub fn commands(script: &str) -> (String, Vec<Place>) {
    let (mut out, mut places) = (String::new(), Vec::new());
    for logical in logical_lines(script) {
        let (code, remark) = logical.split_once(" # exits ").unwrap_or((&logical, "0"));
        let statuses: Vec<i32> = remark.split(" or ").map(|status| status.trim().parse().unwrap()).collect();
        let mut rest = if code.trim_start().starts_with('#') { "" } else { code };
        out += if rest.is_empty() { code } else { "" };
        while let Some(at) = next(rest) {
            out += &format!("{}ehlo_at {}", &rest[..at], places.len());
            rest = &rest[at + "ehlo".len()..];
            places.push(Place { line: code.trim().to_owned(), statuses: statuses.clone() });
        }
        out += &format!("{rest}\n");
    }
    (out, places)
}

/// Where the next command begins.
fn next(code: &str) -> Option<usize> {
    let is_one = |at: &usize| {
        let before = code[..*at].chars().next_back();
        let word = code[at + "ehlo ".len()..].split([' ', '\n', '\\']).next().unwrap_or_default();
        before.is_none_or(|before| " (!'\n/=".contains(before)) && SUBCOMMANDS.contains(&word)
    };
    code.match_indices("ehlo ").map(|(at, _)| at).find(is_one)
}

/// Lines, with those that end in a backslash joined to the next.
fn logical_lines(script: &str) -> Vec<String> {
    script.replace("\\\n", "\\\u{1}").lines().map(|line| line.replace('\u{1}', "\n")).collect()
}

/// The commands in a text that no shell reads: from `ehlo` to the end of the line, or of what is quoted.
pub fn alone(text: &str) -> Vec<String> {
    let lines = logical_lines(text).into_iter().filter(|line| !line.trim_start().starts_with('#'));
    lines
        .filter_map(|line| {
            let at = next(&line)?;
            let quoted = line[..at].matches('\'').count() % 2 == 1;
            let command =
                if quoted { line[at..].split('\'').next().unwrap_or_default() } else { &line[at..] };
            Some(command.replace("\\\n", " ").replace("%%", "%"))
        })
        .collect()
}
