//! The host a link leads to.

use contract::Link;
use url::Url;

/// Host of the last known address (unwound, else expanded, else as in the text), lower case, without `www.`.
pub fn domain(link: &Link) -> Option<String> {
    [&link.unwound_url, &link.expanded_url, &Some(link.url.clone())]
        .into_iter()
        .flatten()
        .find_map(|address| host(address))
}

fn host(address: &str) -> Option<String> {
    let parsed = Url::parse(address).ok()?;
    let host = parsed.host_str()?.trim_end_matches('.');
    Some(host.strip_prefix("www.").unwrap_or(host).to_owned()).filter(|host| !host.is_empty())
}

#[cfg(test)]
mod tests {
    use contract::Link;

    use super::domain;

    fn link(url: &str, expanded: Option<&str>, unwound: Option<&str>) -> Link {
        Link {
            url: url.to_owned(),
            expanded_url: expanded.map(str::to_owned),
            unwound_url: unwound.map(str::to_owned),
            ..Link::default()
        }
    }

    #[test]
    fn the_end_of_the_redirects_counts() {
        let all = link("https://t.co/a", Some("https://bit.ly/x"), Some("https://WWW.Fiocruz.br/a?b"));
        assert_eq!(domain(&all).as_deref(), Some("fiocruz.br"));
        assert_eq!(
            domain(&link("https://t.co/a", Some("https://bit.ly/x"), None)).as_deref(),
            Some("bit.ly")
        );
    }

    #[test]
    fn what_is_no_address_is_passed_over() {
        assert_eq!(domain(&link("https://t.co/a", Some("saude.gov.br"), None)).as_deref(), Some("t.co"));
        assert_eq!(domain(&link("nonsense", None, None)), None);
    }
}
