//! In clear, over TCP and Unix sockets.

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
fn the_time_begins_anew_while_octets_are_taken_and_ends_once() {
    // The peer takes some now and then, for longer than the time allows, and then no more.
    let (said, stopped) = mpsc::channel();
    let (mut stream, _) = with_peer(move |mut peer| {
        for _ in 0..12 {
            peer.read_exact(&mut vec![0; 1 << 20]).unwrap();
            thread::sleep(ms(80));
        }
        said.send(Instant::now()).unwrap();
        thread::sleep(ms(5000));
    });
    let deadline = || Deadline::after(ms(800));
    let error = stream.write_unless(&vec![b'c'; 64 << 20], &deadline, &mut |_| Heard::GoOn).unwrap_err();
    assert!(matches!(error, Error::Timeout), "{error}");
    assert!(stream.written() >= 12 << 20, "{}", stream.written());
    // Twice would be 1600 ms.
    let waited = stopped.recv().unwrap().elapsed();
    assert!((ms(500)..ms(1500)).contains(&waited), "{waited:?}");
}

#[test]
fn a_peer_that_reads_slowly_is_waited_for_though_the_system_tells_of_no_room() {
    // Less than a third of the buffer in the time that there is: the socket does not become writable.
    let (mut stream, _) = with_peer(|mut peer| {
        while peer.read(&mut [0; 40_000]).is_ok_and(|count| count > 0) {
            thread::sleep(ms(80));
        }
    });
    let begun = Instant::now();
    let deadline = || Deadline::after(ms(400));
    let mut written = 0;
    while begun.elapsed() < ms(4000) {
        stream.write_unless(&vec![b'c'; 64 << 10], &deadline, &mut |_| Heard::GoOn).unwrap();
        written += 64 << 10;
    }
    assert_eq!(stream.written(), written);
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
