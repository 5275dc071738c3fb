//! Inside TLS, by every backend that is built in, with the sink's acceptor as the peer.

mod dane;
mod identified;
mod made;

use super::*;
use std::path::PathBuf;

use ehlo::inside::net::tls::{
    Acceptor, Alert, Backend, Client, MinVersion, OtherFault, Settings, TlsInfo, Trust, Verify,
};
use ehlo::inside::net::{Fault, TlsError};

/// The backends that are built in.
const BACKENDS: &[Backend] =
    if cfg!(feature = "native-tls") { &[Backend::Rustls, Backend::Native] } else { &[Backend::Rustls] };

/// Reads to the end.
fn rest_of(stream: &mut Stream) -> Vec<u8> {
    let (mut all, mut buffer) = (Vec::new(), [0; 1024]);
    loop {
        match stream.read(&mut buffer, soon()).unwrap() {
            0 => return all,
            count => all.extend_from_slice(&buffer[..count]),
        }
    }
}

fn file(contents: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ca.pem");
    std::fs::write(&path, contents).unwrap();
    (folder, path)
}

fn client(backend: Backend, trust: &Path, verify: Verify) -> Client {
    let trust = Trust::File(trust.to_owned());
    Client::new(Settings { backend, trust, verify, ..Settings::default() })
}

/// Someone else's certificate.
fn another() -> String {
    Acceptor::new(&[]).unwrap().certificate_pem().to_owned()
}

/// A stream whose peer has said what it thinks of our handshake, and goes on as it is told.
fn with_tls_peer<T: Send + 'static>(
    acceptor: &Acceptor,
    peer: impl FnOnce(Stream, Result<(), Error>) -> T + Send + 'static,
) -> (Stream, JoinHandle<T>) {
    let acceptor = acceptor.clone();
    with_peer(move |socket| {
        let mut stream = Stream::tcp(socket).unwrap();
        let accepted = stream.accept_tls(&acceptor, soon());
        peer(stream, accepted)
    })
}

fn handshake(acceptor: &Acceptor, client: &Client, name: &str) -> Result<TlsInfo, Error> {
    let (mut stream, peer) = with_tls_peer(acceptor, |mut stream, accepted| {
        accepted.and_then(|()| stream.read(&mut [0; 16], soon()).map(drop))
    });
    let result = stream.start_tls(client, name, soon()).map(|()| stream.tls().unwrap().clone());
    stream.close();
    let _ = peer.join().unwrap();
    result
}

fn refused(acceptor: &Acceptor, client: &Client, name: &str) -> Fault {
    match handshake(acceptor, client, name) {
        Err(Error::Tls(error @ TlsError::Certificate(..))) => {
            assert!(error.is_trust());
            let TlsError::Certificate(fault, _) = error else { unreachable!() };
            fault
        }
        other => panic!("not a matter of trust: {other:?}"),
    }
}

#[test]
fn a_made_certificate_is_verified_by_the_file_that_holds_it() {
    let acceptor = Acceptor::new(&["mail.example.org".to_owned()]).unwrap();
    let (_folder, path) = file(acceptor.certificate_pem());
    for &backend in BACKENDS {
        let client = client(backend, &path, Verify::Demanded);
        client.prepare();
        client.check().unwrap();
        for name in ["localhost", "127.0.0.1", "::1", "mail.example.org", "MAIL.example.org."] {
            let info = handshake(&acceptor, &client, name)
                .unwrap_or_else(|error| panic!("{backend}, {name}: {error}"));
            assert!(info.verified && info.fault.is_none());
            assert_eq!(info.chain.len(), 1);
            if backend == Backend::Rustls {
                assert_eq!(info.version.as_deref(), Some("TLSv1.3"));
                assert!(info.cipher.unwrap().starts_with("TLS13_"));
            }
        }
    }
}

#[test]
fn an_unknown_certificate_is_a_matter_of_trust() {
    let acceptor = Acceptor::new(&[]).unwrap();
    let (_folder, path) = file(&another());
    for &backend in BACKENDS {
        let client = client(backend, &path, Verify::Demanded);
        assert_eq!(refused(&acceptor, &client, "localhost"), Fault::SelfSigned, "{backend}");
    }
}

#[test]
fn a_certificate_for_another_name_is_refused_with_its_names() {
    let acceptor = Acceptor::new(&["*.example.org".to_owned()]).unwrap();
    let (_folder, path) = file(acceptor.certificate_pem());
    for &backend in BACKENDS {
        let client = client(backend, &path, Verify::Demanded);
        for wrong in ["other.example", "192.0.2.1"] {
            match refused(&acceptor, &client, wrong) {
                Fault::WrongName { expected, presented } => {
                    assert_eq!(expected, wrong);
                    if backend == Backend::Rustls {
                        assert_eq!(presented, ["localhost", "127.0.0.1", "::1", "*.example.org"]);
                    }
                }
                other => panic!("{backend}: {other:?}"),
            }
        }
        let error = handshake(&acceptor, &client, "näme").unwrap_err();
        assert!(matches!(&error, Error::Tls(error) if error.is_trust()), "{backend}: {error}");
    }
}

#[test]
fn a_reported_certificate_is_accepted_and_the_finding_kept() {
    let acceptor = Acceptor::new(&[]).unwrap();
    let (_folder, path) = file(&another());
    let (_folder, own) = file(acceptor.certificate_pem());
    for &backend in BACKENDS {
        for verify in [Verify::Reported, Verify::Skipped] {
            let native = backend == Backend::Native;
            for (path, name, finding) in [
                (&path, "localhost", Some(Fault::SelfSigned)),
                (&own, "localhost", None),
                (&own, "/run/lmtp", Some(Fault::Other(OtherFault::NoName))),
            ] {
                let info = handshake(&acceptor, &client(backend, path, verify), name).unwrap();
                let finding = if native { Some(Fault::NotChecked) } else { finding };
                assert_eq!(info.fault, finding, "{backend}, {verify:?}, {name}");
                assert_eq!(info.verified, finding.is_none());
            }
        }
    }
}

#[test]
fn a_file_of_certificates_that_is_not_one_is_found_out_early() {
    let (_folder, empty) = file("nothing\n");
    let (_folder, broken) = file("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    for &backend in BACKENDS {
        for path in [Path::new("/nonexistent/ca.pem"), &empty, &broken] {
            for verify in [Verify::Demanded, Verify::Skipped] {
                let error = client(backend, path, verify).check().unwrap_err();
                assert!(error.is_local() && !error.is_trust(), "{error:?}");
                assert!(error.to_string().contains(path.to_str().unwrap()), "{error}");
            }
        }
    }
    #[cfg(not(feature = "native-tls"))]
    {
        let error = client(Backend::Native, &empty, Verify::Demanded).check().unwrap_err();
        assert_eq!(
            ehlo::inside::words::net::tls(&error),
            "this build has no TLS by native-tls: build it with --features native-tls"
        );
    }
}

#[test]
fn nothing_is_loaded_before_it_is_needed() {
    let client = client(Backend::Rustls, Path::new("/nonexistent/ca.pem"), Verify::Demanded);
    let (mut stream, _) = with_peer(drop);
    let error = stream.start_tls(&client, "localhost", soon()).unwrap_err();
    assert!(error.to_string().ends_with("/nonexistent/ca.pem: no such file"), "{error}");
}

#[test]
fn a_peer_that_is_silent_in_the_handshake_times_out() {
    let (_folder, path) = file(&another());
    for &backend in BACKENDS {
        let client = client(backend, &path, Verify::Demanded);
        client.check().unwrap();
        let (mut stream, _) = with_peer(|peer| {
            thread::sleep(ms(2000));
            drop(peer);
        });
        let begun = Instant::now();
        let error = stream.start_tls(&client, "localhost", Deadline::after(ms(150))).unwrap_err();
        assert!(matches!(error, Error::Timeout), "{backend}: {error}");
        assert!((ms(140)..ms(1500)).contains(&begun.elapsed()));
    }
    let acceptor = Acceptor::new(&[]).unwrap();
    let (mut stream, _) = with_peer(|peer| {
        thread::sleep(ms(2000));
        drop(peer);
    });
    assert!(matches!(stream.accept_tls(&acceptor, Deadline::after(ms(100))), Err(Error::Timeout)));
}

#[test]
fn a_peer_that_answers_in_clear_or_hangs_up_is_not_a_matter_of_trust() {
    let (_folder, path) = file(&another());
    for &backend in BACKENDS {
        let client = client(backend, &path, Verify::Demanded);
        let (mut stream, _) = with_peer(|mut peer| {
            peer.write_all(b"220 beta.arpa Service ready\r\n").unwrap();
            let _ = peer.read(&mut [0; 4096]);
        });
        let error = stream.start_tls(&client, "localhost", soon()).unwrap_err();
        assert!(matches!(error, Error::Tls(TlsError::NotTls)), "{backend}: {error:?}");

        for unread in [false, true] {
            let (mut stream, _) = with_peer(move |mut peer| {
                if !unread {
                    let _ = peer.read(&mut [0; 4096]);
                }
            });
            let error = stream.start_tls(&client, "localhost", soon()).unwrap_err();
            assert!(matches!(error, Error::Tls(TlsError::BrokenOff)), "{backend}: {error:?}");
            assert!(error.is_closed());
        }
    }
}

#[test]
fn an_alert_of_the_peer_is_told_in_its_words() {
    let (_folder, path) = file(&another());
    for &backend in BACKENDS {
        let (mut stream, _) = with_peer(|mut peer| {
            let _ = peer.read(&mut [0; 4096]);
            // A fatal alert, handshake_failure (RFC 8446, section 6).
            peer.write_all(&[21, 3, 3, 0, 2, 2, 40]).unwrap();
        });
        let client = client(backend, &path, Verify::Demanded);
        let error = stream.start_tls(&client, "localhost", soon()).unwrap_err();
        let expected = "no agreement on TLS with the server: it says handshake failure";
        assert_eq!(error.to_string(), expected, "{backend}");
        assert!(matches!(&error, Error::Tls(error) if !error.is_trust()), "{backend}: {error:?}");
    }
}

#[test]
fn the_sink_hears_why_its_certificate_is_refused() {
    let acceptor = Acceptor::new(&[]).unwrap();
    let (_folder, path) = file(&another());
    let (mut stream, peer) = with_tls_peer(&acceptor, |mut stream, accepted| {
        accepted.and_then(|()| stream.read(&mut [0; 16], soon()).map(drop))
    });
    stream.start_tls(&client(Backend::Rustls, &path, Verify::Demanded), "localhost", soon()).unwrap_err();
    let error = peer.join().unwrap().unwrap_err();
    assert!(matches!(&error, Error::Tls(TlsError::Alert(Alert::UnknownCa))), "{error:?}");
}

#[test]
fn an_end_without_close_notify_is_told_from_an_orderly_one() {
    let acceptor = Acceptor::new(&[]).unwrap();
    let (_folder, path) = file(acceptor.certificate_pem());
    for &backend in BACKENDS {
        for orderly in [true, false] {
            let (mut stream, peer) = with_tls_peer(&acceptor, move |mut stream, accepted| {
                accepted.unwrap();
                stream.write_all(b"250 OK\r\n", soon(), &mut deaf).unwrap();
                if orderly { stream.close() } else { drop(stream) }
            });
            stream.start_tls(&client(backend, &path, Verify::Demanded), "localhost", soon()).unwrap();
            peer.join().unwrap();
            let mut buffer = [0; 64];
            let count = stream.read(&mut buffer, soon()).unwrap();
            assert_eq!(&buffer[..count], b"250 OK\r\n");
            for _ in 0..2 {
                match stream.read(&mut buffer, soon()) {
                    Ok(0) if orderly => {}
                    Err(Error::Truncated) if !orderly => {}
                    other => panic!("{backend}, orderly: {orderly}: {other:?}"),
                }
            }
        }
    }
}

#[test]
fn inside_tls_a_peer_that_writes_while_we_write_blocks_nobody() {
    const SIZE: usize = 4 << 20;
    let acceptor = Acceptor::new(&[]).unwrap();
    let (_folder, path) = file(acceptor.certificate_pem());
    for &backend in BACKENDS {
        let (mut stream, peer) = with_tls_peer(&acceptor, |mut stream, accepted| {
            accepted.unwrap();
            let mut all = Vec::new();
            let mut listen = |octets: &[u8]| {
                all.extend_from_slice(octets);
                ControlFlow::Continue(())
            };
            stream.write_all(&vec![b'r'; SIZE], soon(), &mut listen).unwrap();
            all.extend(rest_of(&mut stream));
            all
        });
        stream.start_tls(&client(backend, &path, Verify::Demanded), "localhost", soon()).unwrap();
        let content: Vec<u8> = (0..SIZE).map(|at| (at % 251) as u8).collect();
        let mut replies = Vec::new();
        let mut listen = |octets: &[u8]| {
            replies.extend_from_slice(octets);
            ControlFlow::Continue(())
        };
        stream.write_all(&content, soon(), &mut listen).unwrap();
        assert_eq!(stream.written(), SIZE as u64);
        while replies.len() < SIZE {
            let mut buffer = [0; 65536];
            let count = stream.read(&mut buffer, soon()).unwrap();
            replies.extend_from_slice(&buffer[..count]);
        }
        stream.close();
        assert!(peer.join().unwrap() == content, "{backend}");
    }
}

#[test]
fn the_last_words_inside_tls_can_be_read_after_the_write_failed() {
    let acceptor = Acceptor::new(&[]).unwrap();
    let (_folder, path) = file(acceptor.certificate_pem());
    for &backend in BACKENDS {
        let (mut stream, peer) = with_tls_peer(&acceptor, |mut stream, accepted| {
            accepted.unwrap();
            stream.write_all(b"552 too much\r\n", soon(), &mut unheard).unwrap();
            thread::sleep(ms(100));
        });
        stream.start_tls(&client(backend, &path, Verify::Demanded), "localhost", soon()).unwrap();
        stream.write_all(b"c", soon(), &mut unheard).unwrap();
        peer.join().unwrap();
        let error = write_until_error(&mut stream);
        assert!(error.is_closed(), "{backend}: {error}");
        let mut buffer = [0; 64];
        let count = stream.read(&mut buffer, soon()).unwrap_or_else(|error| panic!("{backend}: {error:?}"));
        assert_eq!(&buffer[..count], b"552 too much\r\n");
    }
}

#[test]
fn version_1_3_can_be_demanded() {
    let acceptor = Acceptor::new(&[]).unwrap();
    let (_folder, path) = file(acceptor.certificate_pem());
    for &backend in BACKENDS {
        let settings = Settings {
            backend,
            trust: Trust::File(path.clone()),
            min_version: MinVersion::Tls13,
            ..Settings::default()
        };
        assert!(handshake(&acceptor, &Client::new(settings), "localhost").unwrap().verified);
    }
}
