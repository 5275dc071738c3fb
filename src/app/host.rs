//! What this host is called, without asking the network.

use crate::smtp::command::EhloName;

/// The host's fully qualified name, if it has one: the node name if it has a dot, or else what /etc/hosts calls it.
/// `localhost` in any domain is nobody's name.
pub fn full_name() -> Option<EhloName> {
    let node = rustix::system::uname().nodename().to_str().ok()?.to_owned();
    let name = if node.contains('.') {
        node
    } else {
        full_name_in(&std::fs::read_to_string("/etc/hosts").ok()?, &node)?
    };
    if name.to_ascii_lowercase().starts_with("localhost") {
        return None;
    }
    EhloName::parse(name.trim_end_matches('.')).ok()
}

/// The first name with a dot on a line that names `node`.
fn full_name_in(hosts: &str, node: &str) -> Option<String> {
    hosts.lines().find_map(|line| {
        let line = line.split('#').next().unwrap_or_default();
        let names: Vec<&str> = line.split_whitespace().skip(1).collect();
        let is_ours = names.iter().any(|name| name.eq_ignore_ascii_case(node));
        names.into_iter().find(|name| is_ours && name.contains('.')).map(str::to_owned)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_full_name_is_the_one_with_a_dot_beside_the_short_one() {
        let hosts = "127.0.0.1 localhost\n# 10.0.0.1 alpha.wrong alpha\n10.0.0.2 Alpha.example.org alpha\n";
        assert_eq!(full_name_in(hosts, "alpha").as_deref(), Some("Alpha.example.org"));
        assert_eq!(full_name_in(hosts, "beta"), None);
    }
}
