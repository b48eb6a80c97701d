//! Names a server's certificate is valid for: host names and addresses, parsed once.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use rustls::pki_types::DnsName;

/// A host name or an address, as clients write it when they connect.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Name {
    /// A host name, in lower case.
    Dns(String),
    /// An IPv4 or IPv6 address.
    Address(IpAddr),
}

impl FromStr for Name {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(address) = text.parse() {
            return Ok(Self::Address(address));
        }
        match DnsName::try_from(text) {
            Ok(name) => Ok(Self::Dns(name.as_ref().to_ascii_lowercase())),
            Err(_) => Err(format!(
                "{text:?} is neither a host name nor an address; write such as \"db.example.org\" or \"192.0.2.7\", \
                 without port or scheme"
            )),
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns(name) => f.write_str(name),
            Self::Address(address) => write!(f, "{address}"),
        }
    }
}

/// The names separated by commas.
pub(super) fn listed(names: &[Name]) -> String {
    names.iter().map(Name::to_string).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::Name;

    #[test]
    fn takes_host_names_and_addresses_and_refuses_what_a_client_could_not_match() {
        let parsed = |text: &str| text.parse::<Name>().map(|name| name.to_string());
        assert_eq!(parsed("DB.Example.org").as_deref(), Ok("db.example.org"));
        assert_eq!(parsed("192.0.2.7").as_deref(), Ok("192.0.2.7"));
        assert_eq!(parsed("2001:db8:0::7").as_deref(), Ok("2001:db8::7"));
        for wrong in ["", "db.example.org:3306", "mysql://db", "a b", "*.example.org", "-"] {
            assert!(parsed(wrong).unwrap_err().contains("neither"), "{wrong}");
        }
    }
}
