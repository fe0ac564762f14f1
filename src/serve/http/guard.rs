//! Who may speak to the server: only pages that it has served itself, and people on this machine.
//!
//! A page of another site can make the browser send requests here, and can even give its own host name this
//! machine's address (DNS rebinding). Both show in headers that the browser writes and a page cannot change.
//! Nothing here knows what a request asks for.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use axum::http::header::{HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};

use super::refusal::Refusal;

/// Passes a request to this server, bound to `bound`, whose `Host`, target and, if it has one, `Origin` are
/// this server's own.
pub fn check(request: &Parts, bound: IpAddr) -> Result<(), Refusal> {
    let host = host(&request.headers)?;
    if !speaks_for(host, bound) {
        return Err(Refusal::StrangeHost);
    }
    if !is_own_target(&request.uri, host) {
        return Err(Refusal::Target);
    }
    let mut origins = request.headers.get_all(ORIGIN).iter();
    if origins.all(|origin| is_own_origin(origin.as_bytes(), host)) {
        Ok(())
    } else {
        Err(Refusal::StrangeOrigin)
    }
}

/// Passes what [`check`] has passed if the browser says, by `Origin`, which page has sent it.
pub fn check_origin_is_said(headers: &HeaderMap) -> Result<(), Refusal> {
    if headers.contains_key(ORIGIN) { Ok(()) } else { Err(Refusal::StrangeOrigin) }
}

/// Passes what no page of another origin has sent, as far as the browser says so. Another port of this
/// machine (`same-site`) is another origin.
pub fn check_fetch_site(headers: &HeaderMap) -> Result<(), Refusal> {
    let mut sites = headers.get_all("sec-fetch-site").iter();
    let is_own = sites.all(|site| matches!(site.as_bytes(), b"same-origin" | b"none"));
    if is_own { Ok(()) } else { Err(Refusal::StrangeOrigin) }
}

fn host(headers: &HeaderMap) -> Result<&str, Refusal> {
    let mut hosts = headers.get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().map_err(|_| Refusal::StrangeHost),
        _ => Err(Refusal::NoHost),
    }
}

/// Whether `host` is a name of this machine that no other site can take. The port is not compared: the
/// browser knows another one when a port is forwarded (ssh, containers), and it says nothing about whose page
/// is asking.
fn speaks_for(host: &str, bound: IpAddr) -> bool {
    let Some(name) = without_port(host) else { return false };
    let Some(ip) = literal(name) else { return name.eq_ignore_ascii_case("localhost") };
    bound.is_unspecified() || [bound, Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()].contains(&ip)
}

fn without_port(host: &str) -> Option<&str> {
    let name = match host.find(']') {
        Some(end) => &host[..=end],
        None => host.split(':').next()?,
    };
    let port = host[name.len()..].strip_prefix(':');
    let is_number = |port: &str| port.parse::<u16>().is_ok() && !port.starts_with('+');
    (name.len() == host.len() || port.is_some_and(is_number)).then_some(name)
}

fn literal(name: &str) -> Option<IpAddr> {
    match name.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']')?.parse::<Ipv6Addr>().ok().map(IpAddr::from),
        None => name.parse::<Ipv4Addr>().ok().map(IpAddr::from),
    }
}

fn is_own_origin(origin: &[u8], host: &str) -> bool {
    origin.strip_prefix(b"http://").is_some_and(|name| name.eq_ignore_ascii_case(host.as_bytes()))
}

/// Whether a target is a path, or the whole address of one on `host`.
fn is_own_target(uri: &Uri, host: &str) -> bool {
    match (uri.scheme_str(), uri.authority()) {
        (None, None) => true,
        (Some("http"), Some(authority)) => authority.as_str().eq_ignore_ascii_case(host),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts() {
        let check = |bound: &str, host, expected| {
            assert_eq!(speaks_for(host, bound.parse().expect("an address")), expected, "{host} on {bound}");
        };
        for host in ["localhost", "LocalHost:8000", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:8000"] {
            for bound in ["127.0.0.1", "::1", "0.0.0.0", "::", "192.168.1.5"] {
                check(bound, host, true);
            }
        }
        for host in ["192.168.1.5", "192.168.1.5:8000", "[fe80::1]:80"] {
            check("127.0.0.1", host, false);
            check("0.0.0.0", host, true);
            check("::", host, true);
        }
        check("192.168.1.5", "192.168.1.5:8000", true);
        check("fe80::1", "[fe80::1]:8000", true);
        for host in [
            "",
            ":8000",
            "evil.example",
            "evil.example:8000",
            "localhost.evil.example",
            "localhost:",
            "localhost:x",
        ] {
            check("0.0.0.0", host, false);
        }
        for host in [
            "localhost:+1",
            "localhost:1:2",
            "localhost:70000",
            "localhost@evil",
            "::1",
            "[::1",
            "[::1]x",
            "]",
            "[]",
            "127.1",
        ] {
            check("0.0.0.0", host, false);
        }
    }
}
