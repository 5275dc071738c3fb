//! The queue on a real disk: what is there afterwards, who may touch it, and what is refused.

use super::super::real::Real;
use super::super::store::{Files, Limits};
use super::world::{ALL, World, submission, text};
use crate::spool::error::{SpoolError, Unfit};
use crate::spool::journal::Event;
use crate::spool::of_user::OfUser;
use crate::spool::{Moment, Pause, Recipient, Spool, Submission};
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;

/// A name of a message.
const ANY: &str = "1NGSJ80000000";

fn open(folder: &Path) -> Files<Real> {
    Files::open(folder, Limits::default()).unwrap()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o7777
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_message_is_taken_shown_sent_and_gone() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("a/b/queue");
    assert!(Files::existing(&folder, Limits::default()).unwrap().is_none());
    let spool = open(&folder);
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(names(&folder), ["VERSION", "accounts", "corrupt", "failed", "lock", "q", "tmp"]);
    let mut world = World::default();
    let id = world.submit(&spool, "one").unwrap();
    assert_eq!(names(&folder.join("q")), [format!("{id}.log"), format!("{id}.msg")]);
    assert_eq!(mode(&folder.join(format!("q/{id}.msg"))), 0o400);
    assert_eq!(mode(&folder.join(format!("q/{id}.log"))), 0o600);
    assert_eq!(fs::metadata(folder.join(format!("q/{id}.log"))).unwrap().len(), 4032 + 2 * 64);
    assert!(names(&folder.join("tmp")).is_empty());
    world.check(&spool, "taken");
    // Another process, as it were.
    let other = Files::existing(&folder, Limits::default()).unwrap().unwrap();
    let claim = spool.claim(&id).unwrap();
    assert!(matches!(other.claim(&id).map(drop), Err(SpoolError::Busy(busy)) if busy == id));
    assert!(other.look(&id).unwrap().busy);
    drop(claim);
    assert!(!other.look(&id).unwrap().busy);
    world.attempt(&other, &id).unwrap();
    assert!(names(&folder.join("q")).is_empty());
    assert!(matches!(spool.claim(&id).map(drop), Err(SpoolError::Gone(gone)) if gone == id));
    assert!(matches!(spool.look(&id).map(drop), Err(SpoolError::Gone(_))));
}

#[test]
fn a_large_message_is_read_back_as_it_was() {
    let place = tempfile::tempdir().unwrap();
    let spool = open(place.path());
    let text = super::world::Text(format!("Subject: large\n\n{}", "all work and no play\n".repeat(40_000)));
    let id = spool.submit(submission("large"), &text).unwrap();
    let mut read = Vec::new();
    spool.content(&id).unwrap().write_to(&mut read).unwrap();
    assert!(read == text.0.as_bytes());
}

#[test]
fn a_name_that_is_given_is_taken_once() {
    let place = tempfile::tempdir().unwrap();
    let spool = open(place.path());
    let named = |name| Submission { id: Some("1ZZZZZ0000000".parse().unwrap()), ..submission(name) };
    let id = spool.submit(named("one"), &text("one")).unwrap();
    assert_eq!(spool.submit(named("one"), &text("one")).unwrap(), id);
    let other = Submission { sender: "green@alpha.example".to_owned(), ..named("one") };
    let refused = spool.submit(other, &text("one"));
    assert!(matches!(refused, Err(SpoolError::Io { doing: "make", .. })), "{refused:?}");
    assert_eq!(spool.ids().unwrap(), [id]);
}

#[test]
fn a_journal_grows_beyond_its_room_and_is_read_back() {
    let place = tempfile::tempdir().unwrap();
    let spool = open(place.path());
    let id = spool.submit(submission("one"), &text("one")).unwrap();
    for number in 1..=300 {
        let begun = Event::Attempt { number, server: "mx.example.org".to_owned(), tls: None };
        let said = format!("451 4.7.1 later, {number}");
        let next = Moment::now();
        let later = Event::Deferred { number, places: ALL.to_vec(), next, said };
        spool.claim(&id).unwrap().record(&[begun, later], number % 2 == 0).unwrap();
    }
    let state = spool.look(&id).unwrap().state;
    assert_eq!((state.attempts, state.records), (300, 600));
    assert_eq!(state.recipients[1].said.as_deref(), Some("451 4.7.1 later, 300"));
}

#[test]
fn a_lost_journal_is_no_attempt_yet() {
    let place = tempfile::tempdir().unwrap();
    let spool = open(place.path());
    let id = spool.submit(submission("one"), &text("one")).unwrap();
    let journal = place.path().join(format!("q/{id}.log"));
    for rest in [None, Some(0), Some(99)] {
        match rest {
            None => fs::remove_file(&journal).unwrap(),
            Some(zeros) => fs::write(&journal, vec![0; zeros]).unwrap(),
        }
        assert_eq!(spool.look(&id).unwrap().state.records, 0);
        let begun = Event::Attempt { number: 1, server: "mx".to_owned(), tls: None };
        spool.claim(&id).unwrap().record(&[begun], true).unwrap();
        assert_eq!(spool.look(&id).unwrap().state.attempts, 1);
    }
}

#[test]
fn what_is_no_queue_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let refused = |path: &Path| match Files::open(path, Limits::default()).map(drop) {
        Err(SpoolError::NotAQueue { path, why }) => (path, why),
        other => panic!("{other:?}"),
    };
    let good = place.path().join("good");
    open(&good);
    let path = place.path().join("file");
    fs::write(&path, "").unwrap();
    assert_eq!(refused(&path), (path, Unfit::NotAFolder));
    let path = place.path().join("link");
    symlink(&good, &path).unwrap();
    assert_eq!(refused(&path), (path, Unfit::NotAFolder));
    let path = place.path().join("open");
    open(&path);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o770)).unwrap();
    assert_eq!(refused(&path), (path, Unfit::WritableByOthers));
    let path = place.path().join("home");
    fs::create_dir(&path).unwrap();
    fs::write(path.join("letter"), "Dear").unwrap();
    assert_eq!(refused(&path), (path.clone(), Unfit::NoVersion));
    assert_eq!(names(&path), ["letter"]);
    for name in ["q", "tmp"] {
        let path = place.path().join(name);
        open(&path);
        fs::remove_dir(path.join(name)).unwrap();
        symlink(good.join(name), path.join(name)).unwrap();
        assert_eq!(refused(&path), (path.join(name), Unfit::NotAFolder));
    }
    let path = place.path().join("version");
    open(&path);
    fs::write(path.join("VERSION"), "hello\n").unwrap();
    assert_eq!(refused(&path), (path.clone(), Unfit::NoVersion));
    fs::write(path.join("VERSION"), "ehlo-queue 2\n").unwrap();
    let newer = Files::existing(&path, Limits::default()).map(drop);
    assert!(matches!(&newer, Err(SpoolError::Newer { version, .. }) if version == "2"), "{newer:?}");
}

#[test]
fn a_folder_that_somebody_took_away_is_made_again() {
    let place = tempfile::tempdir().unwrap();
    open(place.path());
    fs::remove_dir(place.path().join("tmp")).unwrap();
    let spool = open(place.path());
    assert!(spool.submit(submission("one"), &text("one")).is_ok());
    // Whatever else the queue has made is no reason to take it for something else.
    assert!(spool.may_notify(&ANY.parse().unwrap(), own(), 1).unwrap());
    fs::remove_dir_all(place.path().join("q")).unwrap();
    let spool = open(place.path());
    assert!(spool.submit(submission("two"), &text("two")).is_ok());
}

#[test]
fn what_is_no_file_is_set_aside() {
    let place = tempfile::tempdir().unwrap();
    let spool = open(place.path());
    let (link, folder) = ("1ZZZZZ0000000".parse().unwrap(), "1ZZZZZ0000001".parse().unwrap());
    symlink("/etc/hostname", place.path().join(format!("q/{link}.msg"))).unwrap();
    fs::create_dir(place.path().join(format!("q/{folder}.msg"))).unwrap();
    for id in [link, folder] {
        assert!(matches!(spool.look(&id).map(drop), Err(SpoolError::Damaged { .. })));
        spool.set_aside(&id).unwrap();
    }
    assert!(spool.ids().unwrap().is_empty());
    assert_eq!(spool.apart().unwrap().len(), 2);
}

#[test]
fn limits_are_kept_and_nothing_is_left_behind() {
    let place = tempfile::tempdir().unwrap();
    let with = |limits| Files::open(place.path(), limits).unwrap().submit(submission("one"), &text("one"));
    let full = with(Limits { min_free: Some(u64::MAX), ..Limits::default() });
    assert!(matches!(full, Err(SpoolError::NoRoom { .. })), "{full:?}");
    let large = with(Limits { max_size: 100, ..Limits::default() });
    assert!(matches!(large, Err(SpoolError::TooLarge { limit: 100, .. })), "{large:?}");
    let many = with(Limits { max_recipients: 1, ..Limits::default() });
    assert!(matches!(many, Err(SpoolError::TooManyRecipients { count: 2, limit: 1 })), "{many:?}");
    assert!(names(&place.path().join("tmp")).is_empty() && names(&place.path().join("q")).is_empty());
}

#[test]
fn one_runs_it_alone() {
    let place = tempfile::tempdir().unwrap();
    let (one, other) = (open(place.path()), open(place.path()));
    let runner = one.run_alone(false).unwrap().unwrap();
    assert!(other.run_alone(false).unwrap().is_none());
    drop(runner);
    assert!(other.run_alone(true).unwrap().is_some());
}

#[test]
fn pauses_come_and_go() {
    let place = tempfile::tempdir().unwrap();
    let spool = open(place.path());
    let (since, until) = (Moment::now(), Moment::now());
    let (why, is_refused) = ("535 no".to_owned(), true);
    let pause = Pause { since, until, why, failures: 1, is_refused, configuration: 7 };
    assert_eq!(spool.pause("a/b").unwrap(), None);
    spool.set_pause("a/b", Some(&pause)).unwrap();
    assert_eq!(spool.pause("a/b").unwrap(), Some(pause.clone()));
    assert_eq!(spool.pauses().unwrap(), [("a/b".to_owned(), pause)]);
    spool.set_pause("a/b", None).unwrap();
    spool.set_pause("a/b", None).unwrap();
    assert!(spool.pauses().unwrap().is_empty() && names(&place.path().join("tmp")).is_empty());
}

#[test]
fn notices_are_counted_and_no_more_are_sent_than_may_be() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("notices");
    let spool = open(place.path());
    // A process that had our number vanished while it wrote.
    fs::write(place.path().join(format!("tmp/notices.{}", std::process::id())), "half").unwrap();
    let may = [(); 4].map(|()| spool.may_notify(&ANY.parse().unwrap(), own(), 3).unwrap());
    assert_eq!(may, [true, true, true, false]);
    assert!(!open(place.path()).may_notify(&ANY.parse().unwrap(), own(), 3).unwrap());
    assert_eq!(mode(&file), 0o600);
    assert!(names(&place.path().join("tmp")).is_empty());
    fs::write(&file, "damaged").unwrap();
    assert!(
        spool.may_notify(&ANY.parse().unwrap(), own(), 1).unwrap()
            && !spool.may_notify(&ANY.parse().unwrap(), own(), 1).unwrap()
    );
}

#[test]
fn rests_are_cleared_away_and_living_things_are_not() {
    let place = tempfile::tempdir().unwrap();
    let spool = open(place.path());
    let id = spool.submit(submission("one"), &text("one")).unwrap();
    fs::write(place.path().join("tmp/1ZZZZZ0000000.1"), "half").unwrap();
    fs::write(place.path().join("q/1ZZZZZ0000000.log"), "").unwrap();
    fs::write(place.path().join("q/1ZZZZZ0000001.log"), "").unwrap();
    let living =
        fs::OpenOptions::new().write(true).create_new(true).open(place.path().join("tmp/1ZZZZZ0000001.2"));
    living.as_ref().unwrap().lock().unwrap();
    spool.tidy(std::time::Duration::MAX).unwrap();
    assert_eq!(names(&place.path().join("tmp")), ["1ZZZZZ0000001.2"]);
    let left = names(&place.path().join("q"));
    assert_eq!(left, [format!("{id}.log"), format!("{id}.msg"), "1ZZZZZ0000001.log".to_owned()]);
}

#[test]
fn an_envelope_of_any_length_is_read_back() {
    for recipients in [1, 60, 63, 64, 65, 66, 67, 300, 1000, 20_000] {
        let place = tempfile::tempdir().unwrap();
        let spool = Files::open(&place.path().join("queue"), Limits::default()).unwrap();
        let mut submission = submission("many");
        submission.recipients = (0..recipients)
            .map(|number| Recipient {
                address: format!("user{number:05}@example.org"),
                parameters: Vec::new(),
            })
            .collect();
        let wanted = submission.recipients.clone();
        let id = spool.submit(submission, &text("many")).unwrap();
        let listed = spool.look(&id).unwrap();
        assert_eq!(listed.entry.submission.recipients, wanted, "{recipients}");
        assert_eq!(listed.state.recipients.len(), recipients);
        let mut claim = spool.claim(&id).unwrap();
        let places: Vec<usize> = (0..recipients).step_by(2).collect();
        claim.record(&[Event::Dot { number: 1, places: places.clone() }], true).unwrap();
        drop(claim);
        assert_eq!(spool.claim(&id).unwrap().state().in_doubt(), places);
    }
}

/// Who runs this.
fn own() -> u32 {
    rustix::process::getuid().as_raw()
}

#[test]
fn each_user_has_notices_of_their_own() {
    let place = tempfile::tempdir().unwrap();
    let spool = open(place.path());
    for uid in [own(), 4711, 4712] {
        assert!(
            spool.may_notify(&ANY.parse().unwrap(), uid, 1).unwrap()
                && !spool.may_notify(&ANY.parse().unwrap(), uid, 1).unwrap(),
            "{uid}"
        );
    }
    // The folder is still one of ours.
    assert!(!open(place.path()).may_notify(&ANY.parse().unwrap(), 4711, 1).unwrap());
}

#[test]
fn a_user_sees_messages_of_their_own_alone_and_does_nothing_to_the_queue() {
    let place = tempfile::tempdir().unwrap();
    let spool = open(place.path());
    let of = |uid: u32, name: &str| {
        let submission = Submission { by: Some((uid, 7)), ..submission(name) };
        spool.submit(submission, &text(name)).unwrap()
    };
    let (one, other) = (of(4711, "one"), of(4712, "other"));
    let seen = OfUser::new(&spool, 4711);
    assert_eq!(seen.ids().unwrap(), [one]);
    assert_eq!(seen.look(&one).unwrap().entry.pid, 7);
    assert!(seen.records(&one).is_ok() && seen.content(&one).is_ok() && seen.claim(&one).is_ok());
    let gone = |error: SpoolError| assert!(matches!(error, SpoolError::Gone(id) if id == other), "{error}");
    gone(seen.look(&other).unwrap_err());
    gone(seen.records(&other).unwrap_err());
    gone(seen.record_count(&other).unwrap_err());
    gone(seen.content(&other).map(drop).unwrap_err());
    gone(seen.claim(&other).map(drop).unwrap_err());
    assert!(seen.submit(submission("two"), &text("two")).is_err() && seen.run_alone(false).is_err());
    assert!(seen.set_aside(&one).is_err() && seen.may_notify(&ANY.parse().unwrap(), 4711, 1).is_err());
    // An account of others is not told of.
    let (since, until, why) = (Moment::now(), Moment::now(), "down".to_owned());
    let pause = Pause { since, until, why, failures: 1, is_refused: false, configuration: 7 };
    spool.set_pause("work", Some(&pause)).unwrap();
    assert!(seen.pauses().unwrap().is_empty() && seen.set_pause("work", None).is_err());
    assert_eq!(spool.ids().unwrap().len(), 2);
}
