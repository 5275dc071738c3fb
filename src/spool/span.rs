//! How much time has passed, by moments that were written down: what can be told of it although clocks jump.
//!
//! Within one start of the machine its own clock tells, whatever the wall's clock does. From one start to the next
//! there is only the wall's. So it is summed up from each moment to the next, and where the wall's clock cannot be
//! believed is remembered.

use super::moment::Moment;
use std::time::Duration;

/// From how many seconds on a difference is a jump.
const JUMP: i64 = 24 * 60 * 60;

/// The time from a first moment to a last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    first: Option<Moment>,
    last: Option<Moment>,
    lasted: Duration,
    jumped: Option<Moment>,
}

impl Span {
    /// It begins at this moment.
    #[must_use]
    pub fn from(first: Moment) -> Span {
        Span { first: Some(first), last: Some(first), ..Span::default() }
    }

    /// It lasts until this moment at least.
    pub fn reach(&mut self, at: Moment) {
        let Some(last) = self.last else {
            *self = Span::from(at);
            return;
        };
        self.lasted = self.lasted.saturating_add(at.since(&last));
        if is_jump(&last, &at) {
            self.jumped = Some(at);
        }
        self.last = Some(at);
    }

    /// This one and then, whatever lies between them, that one.
    #[must_use]
    pub fn and(mut self, then: &Span) -> Span {
        if let (Some(first), Some(last)) = (then.first, then.last) {
            self.reach(first);
            self.lasted = self.lasted.saturating_add(then.lasted);
            self.jumped = then.jumped.or(self.jumped);
            self.last = Some(last);
        }
        self
    }

    /// How long it was.
    #[must_use]
    pub fn lasted(&self) -> Duration {
        self.lasted
    }

    /// The first moment behind the last jump of the wall's clock by more than a day. Where the machine was started
    /// between two moments, a day without it looks like one.
    #[must_use]
    pub fn jumped(&self) -> Option<Moment> {
        self.jumped
    }
}

/// Whether the wall's clock has jumped between two moments, or the machine was off for as long.
fn is_jump(one: &Moment, other: &Moment) -> bool {
    let wall = other.wall.saturating_sub(one.wall);
    let boot = |moment: &Moment| i64::try_from(moment.boot).unwrap_or(i64::MAX);
    let passed = match one.start == other.start {
        true => boot(other).saturating_sub(boot(one)),
        false => boot(other),
    };
    wall.saturating_sub(passed).unsigned_abs() > JUMP.unsigned_abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEN_YEARS: i64 = 315_576_000;

    fn moment(wall: i64, boot: u64, start: u32) -> Moment {
        Moment { wall: 1_796_000_000 + wall, boot, start }
    }

    #[test]
    fn a_wall_clock_that_jumps_does_not_make_it_longer() {
        for jump in [TEN_YEARS, -TEN_YEARS, i64::MAX / 2, i64::MIN / 2] {
            let mut span = Span::from(moment(0, 100, 1));
            span.reach(moment(60, 160, 1));
            assert_eq!(span.jumped(), None);
            let behind = moment(jump + 120, 220, 1);
            span.reach(behind);
            assert_eq!((span.lasted(), span.jumped()), (Duration::from_secs(120), Some(behind)));
            span.reach(moment(jump + 4000, 4100, 1));
            // The machine is started, and the clock goes on from there.
            span.reach(moment(jump + 4100, 30, 2));
            assert_eq!((span.lasted(), span.jumped()), (Duration::from_secs(4100), Some(behind)));
        }
    }

    #[test]
    fn a_day_without_the_machine_looks_like_a_jump_and_counts() {
        for (wall, lasted) in [(TEN_YEARS, TEN_YEARS.unsigned_abs()), (-TEN_YEARS, 0)] {
            let mut span = Span::from(moment(0, 100, 1));
            let behind = moment(wall, 30, 2);
            span.reach(behind);
            assert_eq!((span.lasted(), span.jumped()), (Duration::from_secs(lasted), Some(behind)));
        }
        let mut span = Span::from(moment(0, 100, 1));
        span.reach(moment(3600, 30, 2));
        assert_eq!((span.lasted(), span.jumped()), (Duration::from_secs(3600), None));
    }

    #[test]
    fn two_spans_make_one() {
        let moments =
            [moment(0, 1, 1), moment(9, 10, 1), moment(TEN_YEARS, 11, 1), moment(TEN_YEARS + 9, 5, 2)];
        let whole = moments[1..].iter().fold(Span::from(moments[0]), |mut span, at| {
            span.reach(*at);
            span
        });
        for split in 0..=moments.len() {
            let (mut one, mut two) = (Span::default(), Span::default());
            moments[..split].iter().for_each(|at| one.reach(*at));
            moments[split..].iter().for_each(|at| two.reach(*at));
            assert_eq!(one.and(&two), whole);
        }
    }
}
