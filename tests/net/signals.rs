//! Signals count for a whole process, so each of these runs one of its own: this program again, with one test only.

use super::*;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitStatus};

use ehlo::inside::net::{ConnectError, LocalEnd, connect, connect_through, interrupt};
use signal_hook::consts::signal::SIGTERM;
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
fn a_signal_ends_connecting_too() {
    if !is_child() {
        assert!(child("a_signal_ends_connecting_too").success());
        return;
    }
    interrupt::install().unwrap();
    raise(SIGTERM).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let error = connect("127.0.0.1", port, LocalEnd::default(), ms(20_000), soon()).unwrap_err();
    assert!(matches!(error, ConnectError::Interrupted), "{error}");
    let proxy = format!("socks5://127.0.0.1:{port}").parse().unwrap();
    let error = connect_through(&proxy, "beta", 25, LocalEnd::default(), ms(20_000), soon()).unwrap_err();
    assert!(matches!(error, ConnectError::Interrupted), "{error}");
}

#[test]
fn the_second_signal_kills() {
    if !is_child() {
        // SIGTERM, since the others may be ignored from the start: a job in the background, nohup.
        assert_eq!(child("the_second_signal_kills").signal(), Some(SIGTERM));
        return;
    }
    interrupt::install().unwrap();
    raise(SIGTERM).unwrap();
    assert_eq!(interrupt::caught(), Some(SIGTERM));
    raise(SIGTERM).unwrap();
}
