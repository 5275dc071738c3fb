//! The header of RFC 5801, section 4: the flag of channel binding, and whom to act as.

/// `flag,[a=identity],`
pub(super) fn header(flag: &str, identity: Option<&str>) -> String {
    match identity {
        Some(identity) => format!("{flag},a={},", name(identity)),
        None => format!("{flag},,"),
    }
}

/// A name as the header and SCRAM have it: `,` and `=` are encoded (`saslname`).
pub(super) fn name(text: &str) -> String {
    text.replace('=', "=3D").replace(',', "=2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_holds_a_name_whatever_is_in_it() {
        assert_eq!(header("n", None), "n,,");
        assert_eq!(header("p=tls-exporter", Some("a,b=c=2C")), "p=tls-exporter,a=a=2Cb=3Dc=3D2C,");
    }
}
