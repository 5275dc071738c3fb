//! A web server over HTTPS that says what a test wants, with a certificate that a test wants.

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What it says, and whether it goes on with that for ever, one octet after the other.
#[derive(Clone)]
pub enum Say {
    Octets(Vec<u8>),
    Drip(&'static str),
    /// These octets, and an end that TLS does not announce.
    Cut(Vec<u8>),
}

/// One that listens on loopback until the tests end.
pub struct Server {
    pub port: u16,
    /// Who vouches for it, in PEM.
    pub authority: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// One whose certificate is for this name, and over or not.
    pub fn new(name: &str, is_over: bool, say: Say) -> Server {
        let mut params = CertificateParams::new(vec![]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, format!("authority of {name}, {is_over}"));
        let key = KeyPair::generate().unwrap();
        let authority = params.self_signed(&key).unwrap().pem();
        let issuer = Issuer::new(params, key);
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        if is_over {
            params.not_before = date_time_ymd(2020, 1, 1);
            params.not_after = date_time_ymd(2021, 1, 1);
        }
        let key = KeyPair::generate().unwrap();
        let leaf = params.signed_by(&key, &issuer).unwrap();
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![leaf.der().clone()], key)
            .unwrap();
        let config = Arc::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&asked);
        thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                let (config, say, seen) = (Arc::clone(&config), say.clone(), Arc::clone(&seen));
                thread::spawn(move || serve(socket, config, say, &seen));
            }
        });
        Server { port, authority, asked }
    }

    /// The requests so far, each with its header.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn serve(socket: TcpStream, config: Arc<ServerConfig>, say: Say, seen: &Mutex<Vec<String>>) -> Option<()> {
    let mut stream = StreamOwned::new(ServerConnection::new(config).ok()?, socket);
    let mut said = Vec::new();
    while !said.ends_with(b"\r\n\r\n") {
        let mut piece = [0; 4096];
        let count = stream.read(&mut piece).ok().filter(|count| *count > 0)?;
        said.extend_from_slice(&piece[..count]);
    }
    seen.lock().unwrap().push(String::from_utf8(said).unwrap());
    match say {
        Say::Octets(octets) => stream.write_all(&octets).ok()?,
        Say::Cut(octets) => {
            stream.write_all(&octets).ok()?;
            return Some(());
        }
        Say::Drip(first) => {
            stream.write_all(first.as_bytes()).ok()?;
            while stream.write_all(b"x").and_then(|()| stream.flush()).is_ok() {
                thread::sleep(Duration::from_millis(20));
            }
        }
    }
    stream.conn.send_close_notify();
    stream.flush().ok()
}
