//! Addresses at both ends of every block.

use super::*;

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

#[test]
fn every_block_ends_where_the_registries_say() {
    for (kind_of_all, addresses) in [
        (Kind::Loopback, "127.0.0.0 127.0.0.1 127.255.255.255 ::1"),
        (Kind::Loopback, "::ffff:127.0.0.1 ::127.0.0.1 ::ffff:0:127.0.0.1 64:ff9b::127.0.0.1 2002:7f00:1::1"),
        (Kind::Private, "10.0.0.0 10.255.255.255 172.16.0.0 172.31.255.255 192.168.0.0 192.168.255.255"),
        (Kind::Private, "100.64.0.0 100.127.255.255 fc00:: fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        (Kind::Private, "64:ff9b:1:: 64:ff9b:1:ffff:ffff:ffff:ffff:ffff"),
        (Kind::Private, "::ffff:10.0.0.1 ::10.0.0.1 64:ff9b::192.168.1.1 2002:ac10:1::1 2002:6440::"),
        (Kind::Reserved, "0.0.0.0 0.255.255.255 169.254.0.0 169.254.169.254 169.254.255.255"),
        (
            Kind::Reserved,
            "192.0.0.0 192.0.0.255 192.0.2.0 192.0.2.255 198.51.100.1 203.0.113.255 192.88.99.1",
        ),
        (Kind::Reserved, "198.18.0.0 198.19.255.255 224.0.0.1 239.255.255.255 240.0.0.0 255.255.255.255"),
        (
            Kind::Reserved,
            ":: ::2 ::ffff:0.0.0.0 ::ffff:169.254.169.254 ::ffff:255.255.255.255 64:ff9b::224.0.0.1",
        ),
        (
            Kind::Reserved,
            "2002:a9fe:a9fe:: 2002:: fe80::1 febf::1 fec0::1 ff02::1 ffff::1 100::1 100:0:0:1::1",
        ),
        (
            Kind::Reserved,
            "2001:: 2001:0:1::1 2001:2::1 2001:20::1 2001:1ff:ffff::1 2001:db8::1 2001:db8:ffff::1",
        ),
        (
            Kind::Reserved,
            "3fff:: 3fff:fff:ffff::1 5f00::1 4000::1 1fff::1 64:ff9b:0:0:0:1:808:808 64:ff9b:2::1",
        ),
        (Kind::Public, "1.0.0.0 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0"),
        (Kind::Public, "169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 191.255.255.255 192.0.1.0"),
        (
            Kind::Public,
            "192.0.3.0 192.88.98.255 192.88.100.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0",
        ),
        (Kind::Public, "198.51.99.255 198.51.101.0 203.0.112.255 203.0.114.0 223.255.255.255"),
        (Kind::Public, "2000::1 2001:200::1 2001:db7::1 2001:db9::1 2003::1 2a00::1 3ffe::1 3fff:1000::1"),
        (Kind::Public, "::ffff:8.8.8.8 ::8.8.8.8 64:ff9b::8.8.8.8 2002:808:808::1"),
    ] {
        for address in addresses.split(' ') {
            assert_eq!(kind(ip(address)), kind_of_all, "{address}");
        }
    }
}

#[test]
fn only_what_is_named_is_admitted_beside_public_addresses() {
    for (allowed, admitted, refused) in [
        (&[][..], "8.8.8.8 2a00::1", "127.0.0.1 10.0.0.1 0.0.0.0 ::1 fd00::1 fe80::1"),
        (&["loopback"], "127.0.0.1 ::1 ::ffff:127.9.9.9 8.8.8.8", "10.0.0.1 0.0.0.0 fd00::1"),
        (&["private"], "10.0.0.1 fd00::1 100.64.1.1 ::ffff:10.0.0.1", "127.0.0.1 169.254.169.254 ::"),
        (&["loopback", "private"], "127.0.0.1 10.0.0.1", "224.0.0.1"),
        (&["192.0.2.0/24"], "192.0.2.7 ::ffff:192.0.2.7 64:ff9b::192.0.2.7", "198.51.100.1 192.0.0.1"),
        (&["2001:db8::/32", "127.0.0.2"], "2001:db8:1::1 127.0.0.2", "2001:2::1 127.0.0.1"),
        (&["0.0.0.0/0"], "0.0.0.0 127.0.0.1 255.255.255.255 ::ffff:10.0.0.1", "::1 fe80::1"),
        (&["::/0"], "::1 fe80::1 ff02::1", "10.0.0.1 ::ffff:10.0.0.1"),
    ] {
        let allow: Allow = allowed.iter().map(|item| item.parse::<Allow>().unwrap()).collect();
        for address in admitted.split(' ') {
            assert_eq!(allow.admits(ip(address)), Ok(()), "{allowed:?}: {address}");
        }
        for address in refused.split(' ') {
            assert_eq!(allow.admits(ip(address)), Err(kind(ip(address))), "{allowed:?}: {address}");
        }
    }
}

#[test]
fn a_network_is_an_address_with_nothing_behind_its_prefix() {
    for (text, printed) in [
        ("192.0.2.0/24", "192.0.2.0/24"),
        ("192.0.2.1", "192.0.2.1/32"),
        ("0.0.0.0/0", "0.0.0.0/0"),
        ("255.255.255.255/32", "255.255.255.255/32"),
        ("2001:DB8::/32", "2001:db8::/32"),
        ("::1", "::1/128"),
        ("::/0", "::/0"),
        ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
        ("::ffff:10.0.0.1", "10.0.0.1/32"),
    ] {
        let network: Network = text.parse().unwrap();
        assert_eq!(network.to_string(), printed, "{text}");
        assert_eq!(printed.parse(), Ok(network), "{text}");
    }
    let host = |text: &str| NetworkFault::Host(text.parse().unwrap());
    for (text, fault) in [
        ("", NetworkFault::Address),
        ("/8", NetworkFault::Address),
        ("local", NetworkFault::Address),
        ("Loopback", NetworkFault::Address),
        ("10/8", NetworkFault::Address),
        ("[::1]", NetworkFault::Address),
        ("10.0.0.0/", NetworkFault::Length),
        ("10.0.0.0/33", NetworkFault::Length),
        ("10.0.0.0/+8", NetworkFault::Length),
        ("10.0.0.0/8/8", NetworkFault::Length),
        ("10.0.0.0/256", NetworkFault::Length),
        ("::/129", NetworkFault::Length),
        ("10.0.0.1/8", host("10.0.0.0/8")),
        ("192.0.2.255/31", host("192.0.2.254/31")),
        ("2001:db8::1/64", host("2001:db8::/64")),
    ] {
        assert_eq!(text.parse::<Allow>(), Err(fault), "{text}");
    }
    assert_eq!(
        host("10.0.0.0/8").to_string(),
        "an address within the network 10.0.0.0/8, and not the network"
    );
}
