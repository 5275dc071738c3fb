//! A pseudo-terminal of so many columns, for what a run prints.

use rustix::pty::{OpenptFlags, grantpt, ioctl_tiocgptpeer, openpt, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use std::fs::File;
use std::io::Read;
use std::os::fd::OwnedFd;
use std::thread;

/// What of a run is on the terminal. The rest of it is a pipe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    Both,
    Stdout,
    Stderr,
}

/// Its two ends.
pub struct Terminal {
    /// The program's.
    pub inside: OwnedFd,
    outside: OwnedFd,
}

impl Terminal {
    pub fn new(columns: u16) -> Terminal {
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY;
        let outside = openpt(flags).unwrap();
        grantpt(&outside).unwrap();
        unlockpt(&outside).unwrap();
        let inside = ioctl_tiocgptpeer(&outside, flags).unwrap();
        let size = Winsize { ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&inside, size).unwrap();
        Terminal { inside, outside }
    }

    /// All that is printed, until nobody has the other end any more. Line ends are `\n`.
    pub fn read(self) -> thread::JoinHandle<String> {
        drop(self.inside);
        let mut outside = File::from(self.outside);
        thread::spawn(move || {
            let mut octets = Vec::new();
            // It ends in an error: there is no other end.
            let _ = outside.read_to_end(&mut octets);
            String::from_utf8_lossy(&octets).replace("\r\n", "\n")
        })
    }
}
