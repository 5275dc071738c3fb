//! A provider of tokens over HTTPS that answers as a test wants it, and remembers what it was asked.

use ehlo::inside::net::tls::Acceptor;
use ehlo::inside::net::{Deadline, Stream};
use std::net::{TcpListener, TcpStream};
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What it was asked.
#[derive(Debug, Clone)]
pub struct Asked {
    /// `POST /token`.
    pub line: String,
    /// The value of Authorization.
    pub authorization: Option<String>,
    /// The form, as it came, with its pairs in order.
    pub form: Vec<(String, String)>,
}

impl Asked {
    /// The value of a name in the form; empty if there is none.
    pub fn value(&self, name: &str) -> &str {
        self.form.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

/// What it says.
pub enum Say {
    /// JSON, with this status.
    Json(u16, String),
    /// These octets, and then it closes.
    Octets(Vec<u8>),
    /// Nothing for so long, and then JSON.
    Late(Duration, u16, String),
    /// Some octets, and others for ever, with such a pause between them.
    Drip(&'static [u8], &'static [u8], Duration),
}

type Answer = dyn Fn(&Asked, usize) -> Say + Send + Sync;

/// A provider that listens.
pub struct Provider {
    pub port: u16,
    pub pem: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Provider {
    /// One that answers like this: what it is asked, and how many questions came before.
    pub fn new(answer: impl Fn(&Asked, usize) -> Say + Send + Sync + 'static) -> Provider {
        let acceptor = Acceptor::new(&[]).unwrap();
        let pem = acceptor.certificate_pem().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (seen, answer): (_, Arc<Answer>) = (Arc::clone(&asked), Arc::new(answer));
        // It ends with the tests.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (acceptor, seen, answer) = (acceptor.clone(), Arc::clone(&seen), Arc::clone(&answer));
                thread::spawn(move || serve(stream, &acceptor, &seen, &*answer));
            }
        });
        Provider { port, pem, asked }
    }

    /// What it was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

fn serve(stream: TcpStream, acceptor: &Acceptor, seen: &Mutex<Vec<Asked>>, answer: &Answer) -> Option<()> {
    let soon = || Deadline::after(Duration::from_secs(20));
    let mut stream = Stream::tcp(stream).ok()?;
    stream.accept_tls(acceptor, soon()).ok()?;
    let mut said = Vec::new();
    let asked = loop {
        let mut piece = [0; 4096];
        let count = stream.read(&mut piece, soon()).ok().filter(|count| *count > 0)?;
        said.extend_from_slice(&piece[..count]);
        if let Some(asked) = whole(&said) {
            break asked;
        }
    };
    let number = {
        let mut seen = seen.lock().unwrap();
        seen.push(asked.clone());
        seen.len() - 1
    };
    let mut write = |octets: &[u8]| stream.write_all(octets, soon(), &mut |_| ControlFlow::Break(()));
    let json = |status: u16, text: &str| {
        let head = format!(
            "HTTP/1.1 {status} x\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            text.len()
        );
        [head.as_bytes(), text.as_bytes()].concat()
    };
    match answer(&asked, number) {
        Say::Json(status, text) => write(&json(status, &text)).ok()?,
        Say::Octets(octets) => write(&octets).ok()?,
        Say::Late(time, status, text) => {
            thread::sleep(time);
            write(&json(status, &text)).ok()?;
        }
        Say::Drip(first, more, pause) => {
            write(first).ok()?;
            while write(more).is_ok() {
                thread::sleep(pause);
            }
        }
    }
    stream.close();
    Some(())
}

/// The request, once it is whole.
fn whole(said: &[u8]) -> Option<Asked> {
    let text = std::str::from_utf8(said).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let field = |name: &str| {
        head.lines()
            .skip(1)
            .filter_map(|line| line.split_once(": "))
            .find_map(|(known, value)| known.eq_ignore_ascii_case(name).then(|| value.to_owned()))
    };
    let length: usize = field("content-length").map_or(0, |length| length.parse().unwrap());
    if body.len() < length {
        return None;
    }
    let form = form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    let line = head.lines().next()?.trim_end_matches(" HTTP/1.1").to_owned();
    Some(Asked { line, authorization: field("authorization"), form })
}
