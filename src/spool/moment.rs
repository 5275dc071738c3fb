//! A moment, by two clocks: the wall's, which people read and which may jump, and the one that counts since the
//! machine was started, sleep included (CLOCK_BOOTTIME), which never does.
#![allow(clippy::disallowed_types, reason = "the queue waits by these clocks")]

use super::crc::crc32c;
use rustix::time::{ClockId, clock_gettime};
use std::fmt;
use std::io::Read;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moment {
    /// Seconds since 1970, by the wall's clock.
    pub wall: i64,
    /// Seconds since the machine was started.
    pub boot: u64,
    /// Which start that was: the numbers of two starts cannot be compared.
    pub start: u32,
}

impl Moment {
    /// This moment.
    #[must_use]
    pub fn now() -> Moment {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let boot = clock_gettime(ClockId::Boottime).tv_sec;
        Moment {
            wall: i64::try_from(wall).unwrap_or(i64::MAX),
            boot: u64::try_from(boot).unwrap_or_default(),
            start: start(),
        }
    }

    /// A moment by the one clock of a database, in seconds since 1970: all machines that share a queue go by it,
    /// whatever their own clocks say. It stands for both clocks, and two such moments can always be compared.
    #[must_use]
    pub fn of_database(seconds: i64) -> Moment {
        Moment { wall: seconds, boot: seconds.max(0).cast_unsigned(), start: crc32c(b"database") }
    }

    /// Seconds since 1970; none before that.
    #[must_use]
    pub fn seconds(&self) -> u64 {
        self.wall.max(0).cast_unsigned()
    }

    /// How much later than `earlier` this is; zero where it is not. Within one start of the machine its own clock
    /// says so; over more than one, the wall's is all there is.
    #[must_use]
    pub fn since(&self, earlier: &Moment) -> Duration {
        let seconds = match self.start == earlier.start {
            true => self.boot.saturating_sub(earlier.boot),
            false => self.wall.saturating_sub(earlier.wall).max(0).cast_unsigned(),
        };
        Duration::from_secs(seconds)
    }

    /// So much later.
    #[must_use]
    pub fn after(&self, time: Duration) -> Moment {
        let seconds = time.as_secs();
        let wall = self.wall.saturating_add(i64::try_from(seconds).unwrap_or(i64::MAX));
        Moment { wall, boot: self.boot.saturating_add(seconds), start: self.start }
    }
}

/// Which start of the machine this is.
fn start() -> u32 {
    use std::sync::OnceLock;
    static START: OnceLock<u32> = OnceLock::new();
    *START.get_or_init(|| {
        let mut text = [0; 64];
        let file = std::fs::File::open("/proc/sys/kernel/random/boot_id");
        let count = file.and_then(|mut file| file.read(&mut text)).unwrap_or_default();
        text.get(..count).filter(|text| !text.is_empty()).map_or(0, crc32c)
    })
}

impl fmt::Display for Moment {
    /// As the journal has it: `1796000000+4711@3f2a9c01`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+{}@{:08x}", self.wall, self.boot, self.start)
    }
}

impl std::str::FromStr for Moment {
    type Err = ();

    fn from_str(text: &str) -> Result<Moment, ()> {
        let (wall, rest) = text.split_once('+').ok_or(())?;
        let (boot, start) = rest.split_once('@').ok_or(())?;
        Ok(Moment {
            wall: wall.parse().map_err(drop)?,
            boot: boot.parse().map_err(drop)?,
            start: u32::from_str_radix(start, 16).map_err(drop)?,
        })
    }
}
