//! What holds after what was said, kept and fetched, with all of that scripted.

use super::*;
use std::cell::RefCell;
use std::path::PathBuf;

/// When all of it happens.
const NOW: u64 = 1_000_000;

/// A cache in memory.
#[derive(Default)]
struct Memory {
    entry: RefCell<Option<Entry>>,
    writes: RefCell<usize>,
    is_broken: bool,
}

impl Memory {
    fn fails(&self) -> Result<(), CacheError> {
        if self.is_broken { Err(CacheError::Malformed(PathBuf::from("x"))) } else { Ok(()) }
    }
}

impl Cache for Memory {
    fn read(&self, domain: &str) -> Result<Option<Entry>, CacheError> {
        assert_eq!(domain, "xn--bcher-kva.example");
        self.fails().map(|()| self.entry.borrow().clone())
    }

    fn write(&self, domain: &str, entry: &Entry) -> Result<(), CacheError> {
        assert_eq!(domain, "xn--bcher-kva.example");
        self.fails()?;
        *self.writes.borrow_mut() += 1;
        *self.entry.borrow_mut() = Some(entry.clone());
        Ok(())
    }
}

/// What is fetched, if that is allowed at all.
struct Script(RefCell<Vec<Result<Vec<u8>, FetchError>>>);

impl Fetch for Script {
    fn fetch(&self, domain: &str) -> Result<Vec<u8>, FetchError> {
        assert_eq!(domain, "xn--bcher-kva.example");
        self.0.borrow_mut().pop().expect("nothing is fetched here")
    }
}

fn text(host: &str, max_age: u64) -> Vec<u8> {
    format!("version: STSv1\nmode: enforce\nmx: {host}\nmax_age: {max_age}\n").into_bytes()
}

fn kept(id: &str, at: u64) -> Entry {
    Entry { policy: Kept::new(id, at, text("old.example", 1000)).ok(), failed: None }
}

fn record(id: &str) -> Result<Vec<Vec<u8>>, DnsError> {
    Ok(vec![b"other".to_vec(), format!("v=STSv1; id={id};").into_bytes()])
}

/// One run: what holds, as `old cached a until`, and the remarks.
fn run(
    cache: &Memory,
    texts: Result<Vec<Vec<u8>>, DnsError>,
    fetched: Option<Result<Vec<u8>, FetchError>>,
    now: u64,
) -> (String, String) {
    let script = Script(RefCell::new(fetched.into_iter().collect()));
    let found = discover("BÜCHER.example.", texts, cache, &script, now);
    assert!(script.0.borrow().is_empty(), "nothing was fetched");
    let applied = found.applied.map_or_else(String::new, |applied| {
        let Applied { policy, source, id, until } = applied;
        let host = policy.mx().first().unwrap().to_string();
        format!("{} {source:?} {id} {until}", host.trim_end_matches(".example"))
    });
    let remarks: Vec<String> = found.remarks.iter().map(|remark| format!("{remark:?}")).collect();
    (applied, remarks.join("; "))
}

fn of(entry: Option<Entry>) -> Memory {
    Memory { entry: RefCell::new(entry), ..Memory::default() }
}

#[test]
fn what_holds_follows_from_record_cache_and_fetch() {
    let failed = || Some(Err(FetchError::Status(404)));
    let new = || Some(Ok(text("new.example", 1000)));
    let no_policy = || Some(Ok(b"<html>".to_vec()));
    let (fresh, over, future) = (|| kept("a", NOW - 999), || kept("a", NOW - 1000), || kept("a", NOW + 1));
    let servfail = || Err(DnsError::Code("127.0.0.1:53".parse().unwrap(), 2));
    let two = || Ok(vec![b"v=STSv1; id=a".to_vec(), b"v=STSv1; id=b".to_vec()]);
    let (old, newer) = ("old Cached a 1000001", "new Fetched");
    for (name, entry, texts, fetched, applied, remarks) in [
        ("no record, nothing kept", None, Err(DnsError::NoRecord), None, "", ""),
        ("no such name", None, Err(DnsError::NoSuchName), None, "", ""),
        ("other records only", None, Ok(vec![b"v=spf1".to_vec()]), None, "", ""),
        ("the record is gone", Some(fresh()), Err(DnsError::NoRecord), None, old, "Gone"),
        ("the name is gone", Some(fresh()), Err(DnsError::NoSuchName), None, old, "Gone"),
        ("the record became another", Some(fresh()), Ok(vec![b"v=spf1".to_vec()]), None, old, "Gone"),
        ("gone, and what is kept is over", Some(over()), Err(DnsError::NoRecord), None, "", ""),
        ("no answer, nothing kept", None, servfail(), None, "", "LookUp(Code(127.0.0.1:53, 2))"),
        ("no answer, one kept", Some(fresh()), servfail(), None, old, "LookUp(Code(127.0.0.1:53, 2))"),
        ("two records, nothing kept", None, two(), None, "", "Record(Several(2))"),
        ("two records, one kept", Some(fresh()), two(), None, old, "Record(Several(2))"),
        ("the same id", Some(fresh()), record("a"), None, old, ""),
        ("the same id, over", Some(over()), record("a"), new(), "new Fetched a 1001000", ""),
        ("the same id, of the future", Some(future()), record("a"), new(), "new Fetched a 1001000", ""),
        ("another id", Some(fresh()), record("b"), new(), "new Fetched b 1001000", ""),
        ("nothing kept", None, record("b"), new(), "new Fetched b 1001000", ""),
        ("another id, not fetched", Some(fresh()), record("b"), failed(), old, "Fetch(Status(404))"),
        ("another id, no policy", Some(fresh()), record("b"), no_policy(), old, "Policy(Line(1))"),
        ("over, not fetched", Some(over()), record("b"), failed(), "", "Fetch(Status(404))"),
        ("of the future, not fetched", Some(future()), record("b"), failed(), "", "Fetch(Status(404))"),
        ("nothing kept, not fetched", None, record("b"), failed(), "", "Fetch(Status(404))"),
        ("nothing kept, no policy", None, record("b"), no_policy(), "", "Policy(Line(1))"),
    ] {
        let cache = of(entry);
        let told = run(&cache, texts, fetched, NOW);
        assert_eq!((told.0.as_str(), told.1.as_str()), (applied, remarks), "{name}");
        // What was fetched holds in the next run, without another fetch.
        if applied.starts_with(newer) {
            let again = run(&cache, record(if applied.contains(" a ") { "a" } else { "b" }), None, NOW + 1);
            assert_eq!(again, (applied.replace("Fetched", "Cached"), String::new()), "{name}");
        }
    }
}

#[test]
fn a_failure_is_remembered_for_five_minutes_and_for_its_id() {
    let cache = of(Some(kept("a", NOW)));
    let failed = || Some(Err(FetchError::Status(503)));
    let old = "old Cached a 1001000";
    assert_eq!(run(&cache, record("b"), failed(), NOW), (old.to_owned(), "Fetch(Status(503))".to_owned()));
    assert_eq!(run(&cache, record("b"), None, NOW + 299), (old.to_owned(), "Paused(1s)".to_owned()));
    // The record was changed back, or once more.
    assert_eq!(run(&cache, record("a"), None, NOW + 299), (old.to_owned(), String::new()));
    let (applied, remarks) = run(&cache, record("c"), failed(), NOW + 299);
    assert_eq!((applied.as_str(), remarks.as_str()), (old, "Fetch(Status(503))"));
    let new = Some(Ok(text("new.example", 10)));
    assert_eq!(run(&cache, record("c"), new, NOW + 599).0, "new Fetched c 1000609");
    assert_eq!(cache.entry.borrow().as_ref().unwrap().failed, None);
}

#[test]
fn a_signal_is_no_failure_of_the_domain() {
    let error = crate::net::Error::Interrupted;
    let interrupted = FetchError::Https(crate::https::HttpsError::Network(error));
    let cache = of(None);
    assert_eq!(run(&cache, record("a"), Some(Err(interrupted)), NOW).1, "Fetch(Https(Network(Interrupted)))");
    assert_eq!(*cache.writes.borrow(), 0);
}

#[test]
fn one_that_holds_for_no_time_holds_this_once_and_ends_the_one_before() {
    let cache = of(Some(kept("a", NOW)));
    let none = || Some(Ok(text("new.example", 0)));
    assert_eq!(run(&cache, record("b"), none(), NOW).0, "new Fetched b 1000000");
    assert_eq!(run(&cache, record("b"), none(), NOW).0, "new Fetched b 1000000");
    assert_eq!(run(&cache, Err(DnsError::NoRecord), None, NOW), (String::new(), String::new()));
}

#[test]
fn without_a_cache_it_works_and_tells() {
    let cache = Memory { is_broken: true, ..Memory::default() };
    let new = Some(Ok(text("new.example", 10)));
    let told = "NotRead(Malformed(\"x\"))".to_owned();
    assert_eq!(run(&cache, record("a"), new, NOW), ("new Fetched a 1000010".to_owned(), told));
    let failed = Some(Err(FetchError::Status(404)));
    let told = "NotRead(Malformed(\"x\")); Fetch(Status(404))".to_owned();
    assert_eq!(run(&cache, record("a"), failed, NOW), (String::new(), told));
}

#[test]
fn an_address_has_no_policy() {
    let script = Script(RefCell::new(Vec::new()));
    for domain in ["[192.0.2.1]", "192.0.2.1", "", "a/b"] {
        let found = discover(domain, record("a"), &of(None), &script, NOW);
        assert!(found.applied.is_none() && found.remarks.is_empty(), "{domain}");
    }
}
