use super::*;
use crate::spool::entry::Recipient;

fn moment(seconds: i64) -> Moment {
    Moment { wall: 1_796_000_000 + seconds, boot: 4711 + seconds.unsigned_abs(), start: 1 }
}

fn of(count: usize) -> MessageState {
    let to = Recipient { address: "a@example.org".to_owned(), parameters: Vec::new() };
    MessageState::of(&Submission { recipients: vec![to; count], ..Submission::default() })
}

fn take(state: &mut MessageState, events: Vec<Event>) {
    for event in events {
        let at = moment(state.records as i64 + 1);
        state.take(&Record { at, event });
    }
}

fn after(count: usize, events: Vec<Event>) -> MessageState {
    let mut state = of(count);
    take(&mut state, events);
    state
}

fn attempt(number: u32) -> Event {
    Event::Attempt { number, server: format!("mx{number}.example.org"), tls: None }
}

fn dot(places: &[usize]) -> Event {
    Event::Dot { number: 1, places: places.to_vec() }
}

fn accepted(places: &[usize]) -> Event {
    Event::Accepted { number: 1, places: places.to_vec(), said: "250 ok".to_owned() }
}

fn refused(places: &[usize]) -> Event {
    Event::Refused { number: 1, places: places.to_vec(), said: "550 no".to_owned() }
}

fn deferred(places: &[usize]) -> Event {
    Event::Deferred { number: 1, places: places.to_vec(), next: moment(300), said: "451 later".to_owned() }
}

fn unknown(places: &[usize], next: Option<Moment>) -> Event {
    Event::Unknown { number: 1, places: places.to_vec(), next, said: "cut off".to_owned() }
}

fn told(places: &[usize], what: &str) -> Event {
    Event::Told { places: places.to_vec(), notice: Some(Id::new(1, 1)), what: what.to_owned() }
}

fn by() -> String {
    "1000".to_owned()
}

fn removed(places: &[usize], tell: bool) -> Event {
    Event::Removed { places: places.to_vec(), by: by(), tell }
}

fn confirmed(places: &[usize]) -> Event {
    Event::Confirmed { places: places.to_vec(), by: by() }
}

fn given_up(places: &[usize]) -> Event {
    Event::GivenUp { places: places.to_vec(), said: "too old".to_owned() }
}

fn retry(places: &[usize]) -> Event {
    Event::Retry { places: places.to_vec(), by: by() }
}

fn names(state: &MessageState) -> Vec<&'static str> {
    state.recipients.iter().map(|recipient| recipient.state.name()).collect()
}

#[test]
fn each_recipient_has_a_fate_of_their_own() {
    let state = after(
        5,
        vec![attempt(1), refused(&[1]), dot(&[0, 2, 4]), accepted(&[0]), unknown(&[2], None), deferred(&[3])],
    );
    assert_eq!(names(&state), ["accepted", "refused", "unknown", "deferred", "sending"]);
    assert_eq!(state.waiting(), [2, 3, 4]);
    assert_eq!(state.in_doubt(), [4]);
    assert_eq!(state.untold(), [1]);
    assert_eq!(state.next(), Some(moment(300)));
    assert!(!state.is_settled());
    assert_eq!((state.attempts, state.records), (1, 6));
    let first = &state.recipients[0];
    assert_eq!((first.said.as_deref(), first.server.as_deref()), (Some("250 ok"), Some("mx1.example.org")));
    assert_eq!((first.at, first.attempts, first.told), (Some(moment(4)), 1, true));
    assert_eq!((state.first_attempt, state.last_attempt), (Some(moment(1)), Some(moment(1))));
}

#[test]
fn what_was_handed_on_leaves_nobody_to_be_sent_to_or_told_of() {
    let handed_on = Event::HandedOn { to: "the database".to_owned() };
    let state = after(4, vec![attempt(1), refused(&[0]), dot(&[1]), deferred(&[2]), handed_on]);
    assert!(state.is_settled());
    let due = state.due(|_| true);
    assert!([state.waiting(), state.in_doubt(), state.untold(), due].iter().all(Vec::is_empty));
}

#[test]
fn what_is_final_does_not_change_again() {
    let all = || {
        vec![
            attempt(2),
            dot(&[0]),
            accepted(&[0]),
            refused(&[0]),
            deferred(&[0]),
            unknown(&[0], None),
            given_up(&[0]),
            removed(&[0], true),
            confirmed(&[0]),
            retry(&[0]),
            Event::Released { by: by() },
        ]
    };
    for last in [accepted(&[0]), refused(&[0]), given_up(&[0]), removed(&[0], false), confirmed(&[0])] {
        let mut state = after(1, vec![dot(&[0]), last]);
        let before = state.recipients.clone();
        take(&mut state, all());
        assert_eq!(state.recipients, before);
    }
}

#[test]
fn a_message_is_settled_when_all_is_known_and_told() {
    for (events, settled) in [
        (vec![], false),
        (vec![accepted(&[0])], false),
        (vec![accepted(&[0, 1])], true),
        (vec![confirmed(&[0, 1])], true),
        (vec![accepted(&[0]), refused(&[1])], false),
        (vec![accepted(&[0]), refused(&[1]), told(&[1], "delayed")], false),
        (vec![accepted(&[0]), refused(&[1]), told(&[1], "failed")], true),
        (vec![accepted(&[0]), told(&[1], "failed"), refused(&[1])], false),
        (vec![accepted(&[0]), given_up(&[1])], false),
        (vec![removed(&[0, 1], false)], true),
        (vec![removed(&[0, 1], true)], false),
        (vec![removed(&[0, 1], true), told(&[0, 1], "failed")], true),
        (vec![accepted(&[0]), unknown(&[1], None)], false),
        (vec![accepted(&[0]), dot(&[1])], false),
        (vec![accepted(&[0]), deferred(&[1])], false),
    ] {
        assert_eq!(after(2, events.clone()).is_settled(), settled, "{events:?}");
    }
    assert!(!of(0).is_settled());
}

#[test]
fn due_are_those_who_wait_for_nothing_or_long_enough() {
    let events = vec![deferred(&[1]), unknown(&[2], Some(moment(900))), unknown(&[3], None), dot(&[4])];
    let mut state = after(6, events);
    assert_eq!(state.due(|_| false), [0, 5]);
    assert_eq!(state.due(|next| *next == moment(300)), [0, 1, 5]);
    assert_eq!(state.due(|_| true), [0, 1, 2, 5]);
    take(&mut state, vec![Event::Held { by: by(), why: "wait".to_owned() }]);
    assert_eq!((state.due(|_| true), state.next()), (vec![], None));
    assert_eq!(state.held, Some(Hold { by: by(), why: "wait".to_owned(), since: Some(moment(5)) }));
    take(&mut state, vec![Event::Released { by: by() }]);
    assert_eq!((state.due(|_| false), state.held.clone()), (vec![0, 1, 2, 5], None));
    assert_eq!(names(&state)[3], "unknown", "that one waits for somebody's word");
    take(&mut state, vec![retry(&[3, 4])]);
    assert_eq!(names(&state)[3..5], ["queued", "sending"]);
    assert!(state.recipients[3].was_unknown && state.recipients[2].was_unknown);
}

#[test]
fn a_message_can_be_held_from_the_start() {
    let held = Some("no domain".to_owned());
    let state = MessageState::of(&Submission { held, ..Submission::default() });
    assert_eq!(state.held, Some(Hold { by: "ehlo".to_owned(), why: "no domain".to_owned(), since: None }));
}

#[test]
fn a_place_that_nobody_has_is_passed_over() {
    for event in [dot(&[1]), removed(&[usize::MAX, 1], true), told(&[7], "failed"), retry(&[1])] {
        assert_eq!(names(&after(1, vec![event])), ["queued"]);
    }
}

#[test]
fn what_came_of_no_attempt_counts_as_none() {
    let said = "no domain".to_owned();
    let state =
        after(2, vec![attempt(1), Event::Refused { number: 0, places: vec![0], said }, deferred(&[1])]);
    let known = |at: usize| (state.recipients[at].attempts, state.recipients[at].server.is_some());
    assert_eq!((known(0), known(1)), ((0, false), (1, true)));
}
