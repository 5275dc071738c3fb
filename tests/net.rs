//! `ehlo::net` from outside: deadlines, writing that listens, TLS by both backends, signals. Loopback only.

// Helpers of tests may fail as tests do; and they are the peers, with sockets and clocks of their own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_types)]

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::ops::ControlFlow;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use ehlo::net::{Deadline, Error, Stream};

/// A stream whose peer does what it is told, on a thread.
fn with_peer<T: Send + 'static>(
    peer: impl FnOnce(TcpStream) -> T + Send + 'static,
) -> (Stream, JoinHandle<T>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (other, _) = listener.accept().unwrap();
    (Stream::tcp(stream).unwrap(), thread::spawn(move || peer(other)))
}

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn soon() -> Deadline {
    Deadline::after(Duration::from_secs(20))
}

fn deaf(_: &[u8]) -> ControlFlow<()> {
    ControlFlow::Break(())
}

/// For writes that are so small that they never wait, and so never listen.
fn unheard(octets: &[u8]) -> ControlFlow<()> {
    panic!("nobody was to hear {octets:?}")
}

fn write_until_error(stream: &mut Stream) -> Error {
    loop {
        if let Err(error) = stream.write_all(b"c", soon(), &mut unheard) {
            return error;
        }
        thread::sleep(ms(1));
    }
}

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

mod plain {
    use super::*;

    #[test]
    fn a_silent_peer_times_out_when_asked_to() {
        let (mut stream, _) = with_peer(|peer| {
            thread::sleep(ms(2000));
            drop(peer);
        });
        let begun = Instant::now();
        let error = stream.read(&mut [0; 16], Deadline::after(ms(150))).unwrap_err();
        assert!(matches!(error, Error::Timeout), "{error}");
        assert!((ms(140)..ms(1500)).contains(&begun.elapsed()), "{:?}", begun.elapsed());
    }

    #[test]
    fn one_deadline_covers_a_reply_that_drips() {
        let (mut stream, _) = with_peer(|mut peer| {
            while peer.write_all(b"2").is_ok() {
                thread::sleep(ms(20));
            }
        });
        let (deadline, begun) = (Deadline::after(ms(300)), Instant::now());
        let mut count = 0;
        let error = loop {
            match stream.read(&mut [0; 16], deadline) {
                Ok(octets) => count += octets,
                Err(error) => break error,
            }
        };
        assert!(matches!(error, Error::Timeout), "{error}");
        assert!(count > 1 && begun.elapsed() < ms(1500), "{count} octets in {:?}", begun.elapsed());
    }

    #[test]
    fn what_is_there_is_had_without_waiting() {
        let (mut stream, peer) = with_peer(|mut peer| {
            peer.write_all(b"421 closing\r\n").unwrap();
            peer
        });
        let peer = peer.join().unwrap();
        let mut buffer = [0; 64];
        let deadline = soon();
        let count = loop {
            match stream.read_now(&mut buffer).unwrap() {
                Some(count) => break count,
                None => assert!(!deadline.is_over()),
            }
        };
        assert_eq!(&buffer[..count], b"421 closing\r\n");
        assert!(stream.read_now(&mut buffer).unwrap().is_none());
        drop(peer);
        assert_eq!(stream.read(&mut buffer, soon()).unwrap(), 0);
        assert_eq!(stream.read_now(&mut buffer).unwrap(), Some(0));
    }

    /// The peer answers each line at once and reads no further until the answer is taken: 8 MB each way.
    #[test]
    fn a_peer_that_writes_while_we_write_blocks_nobody() {
        const SIZE: usize = 8 << 20;
        let (mut stream, peer) = with_peer(|mut peer| {
            peer.write_all(&vec![b'r'; SIZE]).unwrap();
            let mut all = Vec::new();
            peer.read_to_end(&mut all).unwrap();
            all
        });
        let content: Vec<u8> = (0..SIZE).map(|at| (at % 251) as u8).collect();
        let mut replies = Vec::new();
        stream
            .write_all(&content, soon(), &mut |octets| {
                replies.extend_from_slice(octets);
                ControlFlow::Continue(())
            })
            .unwrap();
        assert!(!replies.is_empty());
        assert_eq!(stream.written(), SIZE as u64);
        while replies.len() < SIZE {
            let mut buffer = [0; 65536];
            let count = stream.read(&mut buffer, soon()).unwrap();
            replies.extend_from_slice(&buffer[..count]);
        }
        assert!(replies.iter().all(|octet| *octet == b'r'));
        stream.close();
        assert!(peer.join().unwrap() == content);
    }

    #[test]
    fn a_listener_that_has_enough_is_not_called_again() {
        let (mut stream, _) = with_peer(|mut peer| {
            let _ = peer.write_all(&vec![b'r'; 1 << 20]);
            thread::sleep(ms(2000));
        });
        let mut calls = 0;
        let error = stream
            .write_all(&vec![b'c'; 64 << 20], Deadline::after(ms(300)), &mut |_| {
                calls += 1;
                ControlFlow::Break(())
            })
            .unwrap_err();
        assert!(matches!(error, Error::Timeout), "{error}");
        assert_eq!(calls, 1);
        assert!((1..64 << 20).contains(&stream.written()), "{}", stream.written());
    }

    #[test]
    fn a_peer_that_reads_for_ever_meets_the_deadline_too() {
        let (mut stream, _) = with_peer(|mut peer| {
            let mut buffer = vec![0; 1 << 20];
            while peer.read(&mut buffer).is_ok_and(|count| count > 0) {}
        });
        let content = vec![b'c'; 1 << 20];
        let deadline = Deadline::after(ms(200));
        let begun = Instant::now();
        let error = loop {
            if let Err(error) = stream.write_all(&content, deadline, &mut deaf) {
                break error;
            }
        };
        assert!(matches!(error, Error::Timeout), "{error}");
        assert!(begun.elapsed() < ms(2000));
    }

    #[test]
    fn the_last_words_of_a_peer_that_hangs_up_can_be_read_after_the_write_failed() {
        let (mut stream, peer) = with_peer(|mut peer| {
            peer.write_all(b"552 too much\r\n").unwrap();
            thread::sleep(ms(100)); // dropped with octets unread: a reset
        });
        stream.write_all(b"c", soon(), &mut unheard).unwrap();
        peer.join().unwrap();
        let error = write_until_error(&mut stream);
        assert!(error.is_closed(), "{error}");
        let mut buffer = [0; 64];
        let count = stream.read(&mut buffer, soon()).unwrap();
        assert_eq!(&buffer[..count], b"552 too much\r\n");
        assert!(!matches!(stream.read(&mut buffer, soon()), Ok(1..)));
    }

    #[test]
    fn a_half_closed_peer_still_gets_everything() {
        let (mut stream, peer) = with_peer(|mut peer| {
            peer.shutdown(Shutdown::Write).unwrap();
            thread::sleep(ms(100));
            let mut all = Vec::new();
            peer.read_to_end(&mut all).unwrap();
            all.len()
        });
        let mut heard = 0;
        let mut listen = |octets: &[u8]| {
            heard += octets.len();
            ControlFlow::Continue(())
        };
        stream.write_all(&vec![b'c'; 16 << 20], soon(), &mut listen).unwrap();
        assert_eq!(heard, 0);
        stream.close();
        assert_eq!(peer.join().unwrap(), 16 << 20);
    }

    #[test]
    fn a_reset_is_a_reset_and_a_close_is_an_end() {
        let (stream, peer) = with_peer(|mut peer| peer.read(&mut [0; 1]).map_err(|error| error.kind()));
        stream.reset();
        assert_eq!(peer.join().unwrap(), Err(std::io::ErrorKind::ConnectionReset));
        let (stream, peer) = with_peer(|mut peer| peer.read(&mut [0; 1]).map_err(|error| error.kind()));
        stream.close();
        assert_eq!(peer.join().unwrap(), Ok(0));
    }

    #[test]
    fn a_unix_socket_is_written_to_and_read_from_alike() {
        let (one, mut two) = UnixStream::pair().unwrap();
        let mut stream = Stream::unix(one, Path::new("/run/lmtp")).unwrap();
        let peer = thread::spawn(move || {
            two.write_all(&vec![b'r'; 1 << 20]).unwrap();
            let mut all = Vec::new();
            two.read_to_end(&mut all).unwrap();
            all.len()
        });
        let mut heard = 0;
        let mut listen = |octets: &[u8]| {
            heard += octets.len();
            ControlFlow::Continue(())
        };
        stream.write_all(&vec![b'c'; 1 << 20], soon(), &mut listen).unwrap();
        while heard < 1 << 20 {
            heard += stream.read(&mut [0; 65536], soon()).unwrap();
        }
        assert_eq!(stream.peer(), "/run/lmtp");
        stream.close();
        assert_eq!(peer.join().unwrap(), 1 << 20);
    }
}

/// Signals count for a whole process, so each of these runs one of its own: this program again, with one test only.
mod signals {
    use super::*;
    use std::os::unix::process::ExitStatusExt;
    use std::process::{Command, ExitStatus};

    use ehlo::net::interrupt;
    use signal_hook::consts::signal::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::low_level::raise;

    const CHILD: &str = "EHLO_TEST_SIGNALS_CHILD";

    fn child(test: &str) -> ExitStatus {
        let program = std::env::current_exe().unwrap();
        Command::new(program)
            .args(["--exact", &format!("signals::{test}"), "--nocapture"])
            .env(CHILD, "1")
            .output()
            .unwrap()
            .status
    }

    fn is_child() -> bool {
        std::env::var_os(CHILD).is_some()
    }

    #[test]
    fn the_first_signal_ends_a_wait_and_the_next_words_can_still_be_said() {
        if !is_child() {
            assert!(child("the_first_signal_ends_a_wait_and_the_next_words_can_still_be_said").success());
            return;
        }
        interrupt::install().unwrap();
        interrupt::install().unwrap();
        assert_eq!(interrupt::caught(), None);
        let (mut stream, peer) = with_peer(|mut peer| {
            thread::sleep(ms(100));
            // Received by this thread, noticed by the other.
            raise(SIGTERM).unwrap();
            let mut all = Vec::new();
            peer.read_to_end(&mut all).unwrap();
            all
        });
        let begun = Instant::now();
        let error = stream.read(&mut [0; 16], soon()).unwrap_err();
        assert!(matches!(error, Error::Interrupted), "{error}");
        assert!(begun.elapsed() < ms(5000));
        assert_eq!(interrupt::caught(), Some(SIGTERM));
        assert!(matches!(stream.read(&mut [0; 16], soon()), Err(Error::Interrupted)));

        stream.ignore_interrupts();
        let error = stream.read(&mut [0; 16], Deadline::after(ms(50))).unwrap_err();
        assert!(matches!(error, Error::Timeout), "{error}");
        stream.write_all(b"QUIT\r\n", soon(), &mut deaf).unwrap();
        stream.close();
        assert_eq!(peer.join().unwrap(), b"QUIT\r\n");
    }

    #[test]
    fn the_second_signal_kills() {
        if !is_child() {
            assert_eq!(child("the_second_signal_kills").signal(), Some(SIGINT));
            return;
        }
        interrupt::install().unwrap();
        raise(SIGHUP).unwrap();
        assert_eq!(interrupt::caught(), Some(SIGHUP));
        raise(SIGINT).unwrap();
    }
}

#[cfg(feature = "sink")]
mod tls {
    use super::*;
    use std::path::PathBuf;

    use ehlo::net::tls::{Acceptor, Backend, Client, MinVersion, Settings, TlsInfo, Trust, Verify};
    use ehlo::net::{Fault, TlsError};

    /// The backends that are built in.
    const BACKENDS: &[Backend] =
        if cfg!(feature = "native-tls") { &[Backend::Rustls, Backend::Native] } else { &[Backend::Rustls] };

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
            Err(Error::Tls(error @ TlsError::Certificate(_))) => {
                assert!(error.is_trust());
                let TlsError::Certificate(fault) = error else { unreachable!() };
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
                    (
                        &own,
                        "/run/lmtp",
                        Some(Fault::Other("the server has no name to check it against".to_owned())),
                    ),
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
                error.to_string(),
                "TLS by native-tls is not in this program: build it with --features native-tls"
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
            let expected = TlsError::Alert("handshake failure".to_owned());
            assert!(matches!(&error, Error::Tls(error) if *error == expected), "{backend}: {error:?}");
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
        assert!(matches!(&error, Error::Tls(TlsError::Alert(alert)) if alert == "unknown ca"), "{error:?}");
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
            let count =
                stream.read(&mut buffer, soon()).unwrap_or_else(|error| panic!("{backend}: {error:?}"));
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

    /// What [`Acceptor`] does not make: authorities, and times that are over.
    mod made {
        use super::*;
        use rcgen::{
            BasicConstraints, Certificate, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd,
        };
        use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
        use std::sync::Arc;

        fn for_localhost() -> CertificateParams {
            CertificateParams::new(vec!["localhost".to_owned()]).unwrap()
        }

        fn of_authority(name: &str) -> CertificateParams {
            let mut params = CertificateParams::new(vec![]).unwrap();
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            params.distinguished_name.push(DnType::CommonName, name);
            params
        }

        /// What a server with these certificates is told by a client that trusts those.
        fn told(
            chain: &[&Certificate],
            key: &KeyPair,
            trusted: &str,
            backend: Backend,
            name: &str,
        ) -> Result<TlsInfo, TlsError> {
            let chain: Vec<CertificateDer<'static>> = chain.iter().map(|one| one.der().clone()).collect();
            let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
            let provider = Arc::new(rustls::crypto::ring::default_provider());
            let config = rustls::ServerConfig::builder_with_provider(provider)
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_no_client_auth()
                .with_single_cert(chain, key)
                .unwrap();
            let (mut stream, peer) = with_peer(move |mut socket| {
                let mut connection = rustls::ServerConnection::new(Arc::new(config)).unwrap();
                let _ = connection.complete_io(&mut socket);
                let _ = connection.complete_io(&mut socket);
            });
            let (_folder, path) = file(trusted);
            let result = stream.start_tls(&client(backend, &path, Verify::Demanded), name, soon());
            let info = stream.tls().cloned();
            stream.close();
            peer.join().unwrap();
            match result {
                Ok(()) => Ok(info.unwrap()),
                Err(Error::Tls(error)) => Err(error),
                Err(error) => panic!("{error}"),
            }
        }

        #[test]
        fn an_authority_vouches_for_others_and_a_missing_link_is_an_unknown_issuer() {
            let (root_key, middle_key, key) =
                (KeyPair::generate().unwrap(), KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
            let root = of_authority("root").self_signed(&root_key).unwrap();
            let root_issuer = Issuer::new(of_authority("root"), root_key);
            let middle = of_authority("middle").signed_by(&middle_key, &root_issuer).unwrap();
            let middle_issuer = Issuer::new(of_authority("middle"), middle_key);
            let leaf = for_localhost().signed_by(&key, &middle_issuer).unwrap();
            let two = format!("{}{}", another(), root.pem());
            for &backend in BACKENDS {
                let info = told(&[&leaf, &middle], &key, &two, backend, "localhost").unwrap();
                assert!(info.verified);
                assert_eq!(info.chain.len(), if backend == Backend::Rustls { 2 } else { 1 });
                let error = told(&[&leaf], &key, &root.pem(), backend, "localhost").unwrap_err();
                assert_eq!(error, TlsError::Certificate(Fault::UnknownIssuer), "{backend}");
            }
            // The server's own certificate is enough; for OpenSSL only if it is self-signed.
            assert!(told(&[&leaf], &key, &leaf.pem(), Backend::Rustls, "localhost").unwrap().verified);
            let error = told(&[&leaf], &key, &leaf.pem(), Backend::Rustls, "other.example").unwrap_err();
            assert!(matches!(error, TlsError::Certificate(Fault::WrongName { .. })), "{error:?}");
        }

        /// As `openssl req -x509` makes them.
        #[test]
        fn a_self_signed_authority_that_is_the_server_is_trusted_by_its_own_file_only() {
            let key = KeyPair::generate().unwrap();
            let mut params = for_localhost();
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            let own = params.self_signed(&key).unwrap();
            for &backend in BACKENDS {
                assert!(told(&[&own], &key, &own.pem(), backend, "localhost").unwrap().verified, "{backend}");
                let error = told(&[&own], &key, &own.pem(), backend, "127.0.0.1").unwrap_err();
                assert!(matches!(error, TlsError::Certificate(Fault::WrongName { .. })), "{error:?}");
                let error = told(&[&own], &key, &another(), backend, "localhost").unwrap_err();
                assert_eq!(error, TlsError::Certificate(Fault::SelfSigned), "{backend}");
            }
        }

        #[test]
        fn a_certificate_out_of_its_time_is_refused_though_its_file_is_given() {
            let key = KeyPair::generate().unwrap();
            for authority in [IsCa::NoCa, IsCa::Ca(BasicConstraints::Unconstrained)] {
                let mut params = for_localhost();
                params.is_ca = authority;
                (params.not_before, params.not_after) =
                    (date_time_ymd(2001, 1, 1), date_time_ymd(2002, 1, 1));
                let past = params.self_signed(&key).unwrap();
                (params.not_before, params.not_after) =
                    (date_time_ymd(2901, 1, 1), date_time_ymd(2902, 1, 1));
                let future = params.self_signed(&key).unwrap();
                for &backend in BACKENDS {
                    let error = told(&[&past], &key, &past.pem(), backend, "localhost").unwrap_err();
                    assert!(
                        matches!(error, TlsError::Certificate(Fault::Expired(_))),
                        "{backend}: {error:?}"
                    );
                    let error = told(&[&future], &key, &future.pem(), backend, "localhost").unwrap_err();
                    assert!(
                        matches!(error, TlsError::Certificate(Fault::NotYetValid(_))),
                        "{backend}: {error:?}"
                    );
                    if backend == Backend::Rustls {
                        assert!(error.to_string().ends_with(" days"), "{error}");
                    }
                }
            }
        }

        #[test]
        fn a_file_in_der_is_read_too() {
            let key = KeyPair::generate().unwrap();
            let own = for_localhost().self_signed(&key).unwrap();
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("own.der");
            std::fs::write(&path, own.der()).unwrap();
            for &backend in BACKENDS {
                client(backend, &path, Verify::Demanded).check().unwrap();
            }
        }
    }
}
