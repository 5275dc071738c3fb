use super::*;
use crate::spool::entry::{Recipient, Submission};
use crate::spool::journal::{Event, Record};

const TEN_YEARS: i64 = 315_576_000;
const YEARS: [i64; 2] = [TEN_YEARS, -TEN_YEARS];

/// A machine with its clocks.
#[derive(Clone, Copy)]
struct Machine(Moment);

impl Machine {
    fn new() -> Machine {
        Machine(Moment { wall: 1_796_000_000, boot: 86_400 * 3, start: 1 })
    }

    fn pass(&mut self, time: Duration) -> Moment {
        self.0 = self.0.after(time);
        self.0
    }

    fn jump(&mut self, seconds: i64) {
        self.0.wall += seconds;
    }

    /// Off for so long, by the wall's clock.
    fn start_again(&mut self, off: i64) {
        self.0 = Moment { wall: self.0.wall + off, boot: 20, start: self.0.start + 1 };
    }
}

/// A message of which nothing is said but when it was tried.
struct Tried {
    created: Moment,
    state: MessageState,
}

impl Tried {
    fn new(created: Moment) -> Tried {
        let to = Recipient { address: "a@example.org".to_owned(), parameters: Vec::new() };
        let submission = Submission { recipients: vec![to], ..Submission::default() };
        Tried { created, state: MessageState::of(&submission) }
    }

    fn again(&mut self, at: Moment) {
        let number = self.state.attempts + 1;
        let server = "mx.example.org".to_owned();
        self.state.take(&Record { at, event: Event::Attempt { number, server, tls: None } });
    }

    fn may_end(&self, now: Moment) -> bool {
        Schedule::default().may_give_up(self.created, &self.state, now, None)
    }
}

#[test]
fn each_wait_is_twice_the_last_until_it_is_two_hours() {
    let schedule = Schedule::default();
    let now = Machine::new().0;
    for (attempt, minutes) in
        [(0, 5), (1, 5), (2, 10), (3, 20), (4, 40), (5, 80), (6, 120), (7, 120), (u32::MAX, 120)]
    {
        let seconds = |chance| schedule.next(attempt, now, chance).since(&now).as_secs();
        assert_eq!((seconds(0), seconds(u32::MAX)), (minutes * 54, minutes * 66), "attempt {attempt}");
        assert_eq!(seconds(u32::MAX / 2 + 1), minutes * 60);
    }
    let none = Schedule { retry: Vec::new(), ..Schedule::default() };
    assert_eq!(none.next(1, now, 0).since(&now), Duration::from_secs(270));
    let ever = Schedule { retry: vec![Duration::MAX], ..Schedule::default() };
    assert!(!ever.is_due(&ever.next(1, now, u32::MAX), &now), "it does not overflow");
}

#[test]
fn a_moment_comes_by_the_clock_that_can_be_believed() {
    let schedule = Schedule::default();
    let begun = Machine::new();
    let next = begun.0.after(HOUR);
    let mut machine = begun;
    for (passed, due) in [(0, false), (3599, false), (3600, true), (9999, true)] {
        assert_eq!(schedule.is_due(&next, &begun.0.after(Duration::from_secs(passed))), due);
    }
    for years in YEARS {
        let mut machine = begun;
        machine.jump(years);
        assert!(!schedule.is_due(&next, &machine.pass(MINUTE)), "the wall's clock does not matter");
        assert!(schedule.is_due(&next, &machine.pass(HOUR)));
        // With another start it does, and what lies beyond all waits has come.
        let mut machine = begun;
        machine.start_again(years);
        assert!(schedule.is_due(&next, &machine.0));
    }
    machine.start_again(600);
    assert!(!schedule.is_due(&next, &machine.0));
    assert!(schedule.is_due(&next, &machine.pass(HOUR)));
    let far = begun.0.after(HOUR * 3);
    assert!(schedule.is_due(&far, &begun.0), "no wait is that long");
}

#[test]
fn a_message_is_given_up_when_it_is_old_and_was_tried() {
    let mut machine = Machine::new();
    let mut tried = Tried::new(machine.0);
    for _ in 0..3 {
        assert!(!tried.may_end(machine.0.after(DAY * 9)), "too few attempts");
        tried.again(machine.pass(HOUR));
    }
    assert!(!tried.may_end(tried.created.after(DAY * 5 - MINUTE)));
    assert!(tried.may_end(tried.created.after(DAY * 5)));
    let mut hasty = Tried::new(machine.0);
    machine.pass(DAY * 6);
    for _ in 0..9 {
        hasty.again(machine.pass(MINUTE));
    }
    assert!(!hasty.may_end(machine.0), "nine attempts within minutes");
    hasty.again(machine.pass(HOUR));
    assert!(hasty.may_end(machine.0));
}

#[test]
fn no_jump_of_a_clock_ends_a_message() {
    for years in YEARS {
        for (jump_at, hours) in (0..6).flat_map(|at| [(at, 1), (at, 2)]) {
            let mut machine = Machine::new();
            let mut tried = Tried::new(machine.0);
            for at in 0..6 {
                if at == jump_at {
                    machine.jump(years);
                }
                tried.again(machine.pass(HOUR * hours));
                assert!(!tried.may_end(machine.0), "{years} before attempt {jump_at}");
            }
            // Nor does it keep one for ever: five days later it ends.
            tried.again(machine.pass(DAY * 5));
            assert!(tried.may_end(machine.0));
        }
    }
}

#[test]
fn a_machine_that_starts_with_another_date_gets_an_hour_to_set_its_clock() {
    for years in YEARS {
        let mut machine = Machine::new();
        let mut tried = Tried::new(machine.0);
        for _ in 0..3 {
            tried.again(machine.pass(HOUR));
        }
        machine.start_again(years);
        tried.again(machine.pass(MINUTE));
        assert!(!tried.may_end(machine.0));
        machine.jump(-years);
        tried.again(machine.pass(MINUTE * 5));
        assert!(!tried.may_end(machine.0));
        assert!(!tried.may_end(machine.0.after(MINUTE * 59)));
    }
    // What was off for a week has had its time: it is tried, and an hour later given up.
    let mut machine = Machine::new();
    let mut tried = Tried::new(machine.0);
    for _ in 0..3 {
        tried.again(machine.pass(HOUR));
    }
    machine.start_again(7 * 86_400);
    tried.again(machine.pass(MINUTE));
    assert!(!tried.may_end(machine.0));
    tried.again(machine.pass(HOUR));
    assert!(tried.may_end(machine.0));
}

#[test]
fn a_jump_that_the_runner_saw_counts_too() {
    let mut machine = Machine::new();
    let mut tried = Tried::new(machine.0);
    for _ in 0..3 {
        tried.again(machine.pass(DAY * 2));
    }
    let may_end = |jumped| Schedule::default().may_give_up(tried.created, &tried.state, machine.0, jumped);
    assert!(may_end(None) && may_end(Some(tried.created)));
    assert!(!may_end(Some(machine.0)));
}

#[test]
fn who_asks_is_told_after_four_hours() {
    let set = Schedule { warn_after: Some(HOUR), ..Schedule::default() };
    assert_eq!((set.warn_after(true), set.warn_after(false)), (Some(HOUR), Some(HOUR)));
    let unset = Schedule::default();
    assert_eq!((unset.warn_after(true), unset.warn_after(false)), (Some(HOUR * 4), None));
}
