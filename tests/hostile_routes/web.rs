//! A web server over HTTPS that has the policy of a case, or whatever it says instead.

use crate::certificates;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// Between two octets that drip.
const DRIP: Duration = Duration::from_millis(100);

/// What it does.
#[derive(Clone)]
pub struct Web {
    /// The certificate, by its name in [`certificates`].
    pub certificate: String,
    /// What is said to a request.
    pub says: Vec<u8>,
    /// Then an octet follows now and then, for ever.
    pub drips: bool,
    /// The connection is closed without a word that this is the end.
    pub cuts: bool,
}

/// The server, until it is dropped.
pub struct Running {
    pub port: u16,
    over: Arc<AtomicBool>,
    asked: Arc<AtomicUsize>,
}

impl Web {
    /// A server whose certificate is in order.
    pub fn saying(says: impl Into<Vec<u8>>) -> Web {
        Web { certificate: "web".to_owned(), says: says.into(), drips: false, cuts: false }
    }

    /// Begins to listen.
    pub fn start(self) -> Running {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        listener.set_nonblocking(true).unwrap();
        let (over, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let (end, count) = (Arc::clone(&over), Arc::clone(&asked));
        let config = certificates::all().config(&self.certificate);
        thread::spawn(move || {
            while !end.load(Ordering::SeqCst) {
                let Ok((socket, _)) = listener.accept() else {
                    thread::sleep(Duration::from_millis(2));
                    continue;
                };
                let (web, config) = (self.clone(), Arc::clone(&config));
                let (end, count) = (Arc::clone(&end), Arc::clone(&count));
                thread::spawn(move || web.serve(socket, config, &end, &count));
            }
        });
        Running { port, over, asked }
    }

    fn serve(
        self,
        socket: TcpStream,
        config: Arc<ServerConfig>,
        over: &AtomicBool,
        asked: &AtomicUsize,
    ) -> Option<()> {
        socket.set_nonblocking(false).ok()?;
        socket.set_read_timeout(Some(Duration::from_secs(30))).ok()?;
        let mut stream = StreamOwned::new(ServerConnection::new(config).ok()?, socket);
        let mut said = Vec::new();
        while !said.ends_with(b"\r\n\r\n") {
            let mut piece = [0; 4096];
            let count = stream.read(&mut piece).ok().filter(|count| *count > 0)?;
            said.extend_from_slice(&piece[..count]);
        }
        asked.fetch_add(1, Ordering::SeqCst);
        stream.write_all(&self.says).and_then(|()| stream.flush()).ok()?;
        while self.drips && !over.load(Ordering::SeqCst) {
            stream.write_all(b"x").and_then(|()| stream.flush()).ok()?;
            thread::sleep(DRIP);
        }
        if !self.cuts {
            stream.conn.send_close_notify();
            stream.flush().ok()?;
        }
        Some(())
    }
}

impl Running {
    /// How many requests came.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
    }
}
