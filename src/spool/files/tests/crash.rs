//! Whatever is done with the queue, at each of its steps: the process dies, the system fails, the power goes. Then
//! it is looked at, and run to its end.

use super::super::disk::Folder;
use super::super::read::Found;
use super::super::store::{Files, Limits, log, msg};
use super::model::{Chance, Fault, Model, Order};
use super::world::{ALL, World, is_death, record};
use crate::spool::Spool;
use crate::spool::error::SpoolError;
use crate::spool::id::Id;
use crate::spool::journal::Event;
use rustix::io::Errno;
use std::path::PathBuf;

/// How often the power fails after each step.
const POWER_FAILURES: u64 = 8;

type Queue = Files<Model>;

/// What is done: with a queue in which `one` and `two` wait already.
type Deed = fn(&Queue, &mut World, [Id; 2]) -> Result<(), SpoolError>;

fn queue(model: Model) -> Queue {
    Files::on(model, PathBuf::from("/queue"), Limits::default())
}

fn hold(spool: &Queue, id: &Id) -> Result<(), SpoolError> {
    record(spool, id, Event::Held { by: "1000".to_owned(), why: "asked for".to_owned() })
}

const DEEDS: [(&str, Deed); 9] = [
    ("submit", |spool, world, _| {
        world.submit(spool, "three")?;
        world.submit(spool, "four").map(drop)
    }),
    ("attempt", |spool, world, [one, two]| {
        world.attempt(spool, &one)?;
        world.attempt(spool, &two)
    }),
    ("hold and release", |spool, world, [one, _]| {
        hold(spool, &one)?;
        record(spool, &one, Event::Released { by: "1000".to_owned() })?;
        world.attempt(spool, &one)
    }),
    ("retry", |spool, world, [one, _]| {
        let (places, next) = (ALL.to_vec(), crate::spool::Moment::now());
        let said = "451 later".to_owned();
        record(spool, &one, Event::Deferred { number: 1, places: places.clone(), next, said })?;
        record(spool, &one, Event::Retry { places, by: "1000".to_owned() })?;
        world.attempt(spool, &one)
    }),
    ("remove", |spool, world, [one, _]| {
        world.0.get_mut("one").unwrap().is_removed = true;
        let mut claim = spool.claim(&one)?;
        claim.record(&[Event::Removed { places: ALL.to_vec(), by: "1000".to_owned(), tell: false }], true)?;
        claim.finish()
    }),
    ("fail", |spool, world, [one, _]| {
        let mut claim = spool.claim(&one)?;
        let said = "550 no".to_owned();
        claim.record(&[Event::Refused { number: 1, places: ALL.to_vec(), said }], true)?;
        world.0.get_mut("one").unwrap().may_be_apart = true;
        claim.fail()
    }),
    ("set aside", |spool, world, [one, _]| {
        world.0.get_mut("one").unwrap().may_be_apart = true;
        spool.set_aside(&one)
    }),
    ("tidy", |spool, world, [one, _]| {
        world.attempt(spool, &one)?;
        spool.tidy(std::time::Duration::ZERO)
    }),
    ("submit under a name", |spool, world, _| {
        let id = "1NGT5M0000000".parse().unwrap();
        let submission = crate::spool::Submission { id: Some(id), ..super::world::submission("named") };
        world.0.entry("named".to_owned()).or_default();
        let text = super::world::text("named");
        let told = spool.submit(submission.clone(), &text);
        if !told.as_ref().is_err_and(is_death) {
            world.0.get_mut("named").unwrap().told = Some(told.is_ok());
        }
        // Somebody who heard no answer asks again.
        told.and_then(|_| spool.submit(submission, &text)).map(drop)
    }),
];

/// A queue with two messages, all of it on the disk for good.
fn begin(order: Order) -> (Queue, World, [Id; 2]) {
    let (spool, mut world) = (queue(Model::new(order)), World::default());
    let one = world.submit(&spool, "one").unwrap();
    let two = world.submit(&spool, "two").unwrap();
    (spool, world, [one, two])
}

/// Does it with one fault after the other, until there is no step left.
fn at_every_step(
    name: &str,
    order: Order,
    fault: Fault,
    deed: Deed,
    mut then: impl FnMut(&Queue, &World, &str),
) {
    for step in 0.. {
        let (spool, mut world, ids) = begin(order);
        spool.disk.will(step, fault);
        let done = deed(&spool, &mut world, ids);
        let how = format!("{name}, {order:?}, {fault:?} at step {step}");
        if !spool.disk.has_come_to_it() {
            done.unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(step > 2, "{how}: there was nothing to do");
            return;
        }
        then(&spool, &world, &how);
    }
}

#[test]
fn a_process_that_dies_at_any_step_loses_and_doubles_nothing() {
    for (name, deed) in DEEDS {
        at_every_step(name, Order::Journalled, Fault::Die, deed, |spool, world, how| {
            let spool = queue(spool.disk.afterwards());
            let mut world = world.clone();
            world.check(&spool, how);
            world.run_to_the_end(&spool, how);
            let names = spool.disk.names();
            assert!(!names.iter().any(|name| name.starts_with("tmp/")), "{how}: {names:?}");
        });
    }
}

#[test]
fn a_system_that_fails_at_any_step_loses_and_doubles_nothing() {
    for (name, deed) in DEEDS {
        for error in [Errno::NOSPC, Errno::IO, Errno::MFILE] {
            for fault in [Fault::Fail(error), Fault::FailBehind(error)] {
                at_every_step(name, Order::Journalled, fault, deed, |spool, world, how| {
                    // The same process goes on, and another one later.
                    let later = queue(spool.disk.afterwards());
                    world.check(&later, how);
                    world.clone().run_to_the_end(&later, how);
                    world.clone().run_to_the_end(spool, how);
                });
            }
        }
    }
}

#[test]
fn power_that_fails_at_any_step_loses_and_doubles_nothing() {
    for (name, deed) in DEEDS {
        for order in [Order::Journalled, Order::Harsh] {
            at_every_step(name, order, Fault::Die, deed, |spool, world, how| {
                for seed in 1..=POWER_FAILURES {
                    let how = format!("{how}, power failure {seed}");
                    let mut chance = Chance::of(seed);
                    let spool = queue(spool.disk.after_power_failure(&mut chance));
                    let mut world = world.clone();
                    world.check(&spool, &how);
                    world.run_to_the_end(&spool, &how);
                }
            });
        }
    }
}

/// The next who works on it is told first that it worked; then the power fails.
#[test]
fn power_that_fails_after_an_error_loses_and_doubles_nothing() {
    for (name, deed) in DEEDS {
        for order in [Order::Journalled, Order::Harsh] {
            at_every_step(name, order, Fault::Fail(Errno::IO), deed, |spool, world, how| {
                let mut world = world.clone();
                let _ = spool.ids().map(|ids| ids.iter().try_for_each(|id| world.attempt(spool, id)));
                for seed in 1..=POWER_FAILURES {
                    let mut chance = Chance::of(seed);
                    let spool = queue(spool.disk.after_power_failure(&mut chance));
                    let how = format!("{how}, power failure {seed}");
                    world.check(&spool, &how);
                }
            });
        }
    }
}

#[test]
fn a_damaged_journal_holds_its_message_at_every_step_of_the_repair() {
    let damage: [fn(&mut Vec<u8>); 3] = [
        |octets| octets[60] ^= 1,
        |octets| octets[2] ^= 1,
        |octets| octets.iter_mut().take(70).for_each(|octet| *octet = b'x'),
    ];
    for damage in damage {
        for step in 0.. {
            let (spool, mut world, [one, _]) = begin(Order::Harsh);
            // It was sent, and nobody knows.
            let dot = Event::Dot { number: 1, places: ALL.to_vec() };
            let begun = Event::Attempt { number: 1, server: "mx".to_owned(), tls: None };
            spool.claim(&one).unwrap().record(&[begun, dot], true).unwrap();
            world.0.get_mut("one").unwrap().sent = 1;
            spool.disk.meddle(Folder::Queue, &log(&one), damage);
            let shown = spool.look(&one).unwrap();
            assert_eq!(shown.state.held.as_ref().map(|held| held.by.as_str()), Some("ehlo"));
            spool.disk.will(step, Fault::Die);
            let claimed = spool.claim(&one).map(drop);
            if !spool.disk.has_come_to_it() {
                claimed.unwrap();
                let apart = queue(spool.disk.afterwards()).apart().unwrap();
                assert!(apart.iter().any(|it| it.name == format!("corrupt/{}", log(&one))));
                break;
            }
            for seed in 1..=POWER_FAILURES {
                let spool = queue(spool.disk.after_power_failure(&mut Chance::of(seed)));
                let mut world = world.clone();
                let name = log(&one);
                let is_apart = spool.apart().unwrap().iter().any(|it| it.name == format!("corrupt/{name}"));
                let is_damaged = matches!(spool.read_journal(&one, false).unwrap().1, Found::Damaged { .. });
                assert!(is_apart || is_damaged, "step {step}, power failure {seed}: the old journal is lost");
                for _ in 0..2 {
                    world.attempt(&spool, &one).unwrap();
                }
                assert_eq!(world.0["one"].sent, 1, "step {step}, power failure {seed}: sent twice");
                let state = spool.look(&one).unwrap().state;
                assert_eq!(state.held.map(|held| held.by).as_deref(), Some("ehlo"));
            }
        }
    }
}

#[test]
fn a_damaged_message_harms_no_other() {
    let damage: [fn(&mut Vec<u8>); 5] = [
        Vec::clear,
        |octets| octets.truncate(40),
        |octets| octets.truncate(octets.len() - 1),
        |octets| octets[30] ^= 1,
        |octets| *octets = b"From root@localhost\n\nhello\n".to_vec(),
    ];
    for (number, damage) in damage.into_iter().enumerate() {
        let (spool, mut world, [one, two]) = begin(Order::Harsh);
        spool.disk.meddle(Folder::Queue, &msg(&one), damage);
        let claimed = spool.claim(&one).map(drop);
        assert!(matches!(claimed, Err(SpoolError::Damaged { id, .. }) if id == one), "{number}: {claimed:?}");
        spool.set_aside(&one).unwrap();
        assert_eq!(spool.ids().unwrap(), [two]);
        assert!(
            spool.apart().unwrap().iter().any(|it| it.is_damaged && it.name == format!("corrupt/{one}.msg"))
        );
        world.attempt(&spool, &two).unwrap();
        assert_eq!(world.0["two"].sent, 1);
    }
}

#[test]
fn content_that_has_changed_is_never_ended() {
    let (spool, _, [one, _]) = begin(Order::Harsh);
    spool.disk.meddle(Folder::Queue, &msg(&one), |octets| *octets.last_mut().unwrap() ^= 1);
    let claim = spool.claim(&one).unwrap();
    let mut sent = Vec::new();
    let error = claim.content().write_to(&mut sent).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidData);
    let whole = usize::try_from(claim.content().facts().octets).unwrap();
    assert!(sent.len() < whole, "{} of {whole} octets were sent", sent.len());
}

/// Whoever took a message died before its names were certain to stand. It is sent, or nearly, and the power fails.
#[test]
fn what_another_left_half_done_is_made_sure_of_before_it_is_sent() {
    for is_tidied in [false, true] {
        at_every_step("submit", Order::Harsh, Fault::Die, DEEDS[0].1, |spool, world, how| {
            for step in 0..25 {
                let spool = queue(spool.disk.afterwards());
                let mut world = world.clone();
                if is_tidied {
                    spool.tidy(std::time::Duration::MAX).unwrap();
                }
                spool.disk.will(step, Fault::Die);
                let _ = spool.ids().map(|ids| ids.last().map(|id| world.attempt(&spool, id)));
                for seed in 1..=2 {
                    let spool = queue(spool.disk.after_power_failure(&mut Chance::of(seed)));
                    world.check(&spool, &format!("{how}, then at {step}, power failure {seed}"));
                }
            }
        });
    }
}

/// The system forgets what it could not write, and says so only once.
#[test]
fn a_sync_that_failed_is_not_asked_again() {
    let (spool, _, [one, _]) = begin(Order::Harsh);
    let mut claim = spool.claim(&one).unwrap();
    let (number, server, places) = (1, "mx".to_owned(), ALL.to_vec());
    claim.record(&[Event::Attempt { number, server, tls: None }], false).unwrap();
    let dot = [Event::Dot { number, places }];
    // Two writes, then the sync.
    spool.disk.will(2, Fault::Fail(Errno::IO));
    assert!(matches!(claim.record(&dot, true), Err(SpoolError::Io { doing: "sync", .. })));
    claim.record(&dot, true).unwrap();
    drop(claim);
    for seed in 1..=POWER_FAILURES {
        let spool = queue(spool.disk.after_power_failure(&mut Chance::of(seed)));
        let state = spool.look(&one).unwrap().state;
        assert_eq!((state.attempts, state.held), (1, None), "power failure {seed}");
        assert!(state.recipients.iter().all(|it| it.state == crate::spool::State::InDoubt));
    }
}
