//! What this host is called, without asking the network: the name for EHLO (RFC 5321, section 4.1.1.1).

use ehlo_smtp::command::EhloName;

/// The host's fully qualified name, if it has one that may be said: the node name, or else what /etc/hosts
/// calls it.
pub fn full_name() -> Option<EhloName> {
    let node = rustix::system::uname().nodename().to_str().ok()?.to_owned();
    fit(&node).or_else(|| full_name_in(&std::fs::read_to_string("/etc/hosts").ok()?, &node))
}

/// The first such name on a line that names `node`.
fn full_name_in(hosts: &str, node: &str) -> Option<EhloName> {
    hosts.lines().find_map(|line| {
        let line = line.split('#').next().unwrap_or_default();
        let names: Vec<&str> = line.split_whitespace().skip(1).collect();
        let is_ours = names.iter().any(|name| name.eq_ignore_ascii_case(node));
        names.into_iter().filter(|_| is_ours).find_map(fit)
    })
}

/// A name, if it is a host's own and whole. The dot at its end is the DNS's, and no part of it.
fn fit(name: &str) -> Option<EhloName> {
    let name = EhloName::parse(name.strip_suffix('.').unwrap_or(name)).ok()?;
    (name.is_full_host_name() && !is_nobodys(name.as_str())).then_some(name)
}

/// Every host is called so by itself: `localhost` in any domain, what Red Hat has beside it
/// (`localhost4.localdomain4`), and all that is under `localhost` (RFC 6761, section 6.3).
fn is_nobodys(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_localhost = |label: Option<&str>| matches!(label, Some("localhost" | "localhost4" | "localhost6"));
    is_localhost(name.split('.').next()) || is_localhost(name.rsplit('.').next())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(hosts: &str, node: &str) -> Option<String> {
        full_name_in(hosts, node).map(|name| name.as_str().to_owned())
    }

    #[test]
    fn the_full_name_is_the_one_with_a_dot_beside_the_short_one() {
        let hosts = "127.0.0.1 localhost\n# 10.0.0.1 alpha.wrong alpha\n10.0.0.2 Alpha.example.org alpha\n";
        assert_eq!(found(hosts, "alpha").as_deref(), Some("Alpha.example.org"));
        assert_eq!(found(hosts, "beta"), None);
    }

    #[test]
    fn a_name_that_may_not_be_said_is_passed_over() {
        let own = "127.0.0.1 localhost.localdomain localhost4.localdomain4 a_b.example 10.0.0.5 alpha\n";
        assert_eq!(found(own, "alpha"), None);
        assert_eq!(
            found(&format!("{own}10.0.0.2 alpha -a.example alpha.example.\n"), "alpha").unwrap(),
            "alpha.example"
        );
        // A node whose own name is not fit may have another.
        assert_eq!(
            found("10.0.0.2 web_1.internal web-1.internal\n", "web_1.internal").unwrap(),
            "web-1.internal"
        );
    }

    #[test]
    fn the_name_of_every_host_is_nobody_s() {
        for name in [
            "localhost",
            "localhost.localdomain",
            "LocalHost.LocalDomain",
            "localhost.localdomain.",
            "localhost.example.org",
            "localhost4.localdomain4",
            "localhost6.localdomain6",
            "alpha.localhost",
            "alpha.example..",
            "alpha",
            "viiv_craft_1.viiv_internal",
            "10.0.0.5",
        ] {
            assert!(fit(name).is_none(), "{name}");
        }
        for (name, said) in [
            ("localhoster.example.org", "localhoster.example.org"),
            ("alpha.localdomain", "alpha.localdomain"),
            ("alpha.example.org.", "alpha.example.org"),
            ("m\u{fc}ller.example", "xn--mller-kva.example"),
        ] {
            assert_eq!(fit(name).unwrap().as_str(), said, "{name}");
        }
    }
}
