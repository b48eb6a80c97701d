//! The certificate a MySQL server presents, from a TLS handshake of our own: no client tells it.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore};

use crate::stage::Stage;

/// PROTOCOL_41, SSL, SECURE_CONNECTION and PLUGIN_AUTH.
const CAPABILITIES: u32 = 0x0008_8a00;
const UTF8MB4: u8 = 45;

/// Its DER, after the chain and the host name were verified.
pub(crate) fn served(stage: &Stage) -> Vec<u8> {
    let mut roots = RootCertStore::empty();
    roots.add(certificate(Path::new(&stage.at("tls/ca.pem")))).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let mut stream = asking_for_tls(stage);
    let name = ServerName::from(stage.mysql.address().ip());
    let mut connection = ClientConnection::new(Arc::new(config), name).unwrap();
    while connection.is_handshaking() {
        connection.complete_io(&mut stream).unwrap();
    }
    connection.peer_certificates().unwrap()[0].to_vec()
}

/// A connection on which the server waits for the client's part of the TLS handshake.
pub(crate) fn asking_for_tls(stage: &Stage) -> TcpStream {
    let mut stream = TcpStream::connect(stage.mysql.address()).unwrap();
    // The server speaks first: three bytes of length, a number, its greeting.
    let mut header = [0; 4];
    stream.read_exact(&mut header).unwrap();
    let length = u32::from_le_bytes([header[0], header[1], header[2], 0]);
    stream.read_exact(&mut vec![0; usize::try_from(length).unwrap()]).unwrap();
    let mut request = vec![32, 0, 0, 1];
    request.extend(CAPABILITIES.to_le_bytes());
    request.extend(0x0100_0000_u32.to_le_bytes());
    request.push(UTF8MB4);
    request.extend([0; 23]);
    stream.write_all(&request).unwrap();
    stream
}

/// The certificate in a PEM file.
pub(crate) fn certificate(path: &Path) -> CertificateDer<'static> {
    CertificateDer::from_pem_file(path).unwrap()
}
