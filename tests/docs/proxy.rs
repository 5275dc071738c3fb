//! A proxy on loopback that goes wherever it is asked to: SOCKS5 (RFC 1928) or HTTP's CONNECT, by the first octet.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread;

/// Where it listens. It ends with the test.
pub fn start() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            thread::spawn(move || serve(client));
        }
    });
    address
}

fn serve(mut client: TcpStream) -> Option<()> {
    let server = match take(&mut client, 1)?[0] {
        5 => socks(&mut client)?,
        _ => connect(&mut client)?,
    };
    let (there, back) = ((client.try_clone().ok()?, server.try_clone().ok()?), (server, client));
    let one = thread::spawn(move || relay(there));
    relay(back);
    one.join().ok()
}

fn socks(client: &mut TcpStream) -> Option<TcpStream> {
    let ways = take(client, 1)?[0];
    take(client, ways.into())?;
    client.write_all(&[5, 0]).ok()?;
    let host = match take(client, 4)?[3] {
        1 => Ipv4Addr::from(<[u8; 4]>::try_from(take(client, 4)?).ok()?).to_string(),
        _ => {
            let length = take(client, 1)?[0];
            String::from_utf8(take(client, length.into())?).ok()?
        }
    };
    let port = take(client, 2)?;
    let server = TcpStream::connect((host.as_str(), u16::from_be_bytes([port[0], port[1]]))).ok()?;
    client.write_all(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 0]).ok()?;
    Some(server)
}

fn connect(client: &mut TcpStream) -> Option<TcpStream> {
    let mut head = String::from("C");
    while !head.ends_with("\r\n\r\n") {
        head.push(take(client, 1)?[0].into());
    }
    let server = TcpStream::connect(head.split(' ').nth(1)?).ok()?;
    client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").ok()?;
    Some(server)
}

fn take(client: &mut TcpStream, count: usize) -> Option<Vec<u8>> {
    let mut octets = vec![0; count];
    client.read_exact(&mut octets).ok().map(|()| octets)
}

fn relay((mut from, mut to): (TcpStream, TcpStream)) {
    let _ = std::io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Write);
}
