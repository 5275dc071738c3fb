//! What a source holds, wherever it is kept, and that it is the same each time.

use super::*;
use std::io::Write;

fn octets(length: usize) -> Vec<u8> {
    (0..length).map(|n| (n % 251) as u8).collect()
}

fn range(source: &Source, from: u64, to: u64) -> io::Result<Vec<u8>> {
    let mut all = Vec::new();
    source.read_pieces(from, to, &mut |piece| {
        all.extend_from_slice(piece);
        Ok(())
    })?;
    Ok(all)
}

/// Gives little at a time, as a pipe does.
struct Pipe(Vec<u8>);

impl Read for Pipe {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = buffer.len().min(self.0.len()).min(4000);
        buffer[..count].copy_from_slice(&self.0[..count]);
        self.0.drain(..count);
        Ok(count)
    }
}

#[test]
fn memory_files_and_streams_read_the_same_twice() {
    let folder = tempfile::tempdir().unwrap();
    let long = [IN_MEMORY, IN_MEMORY + 1, 2 * IN_MEMORY + 1, 2 * IN_MEMORY + 2, 2 * IN_MEMORY + 3];
    for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE].into_iter().chain(long) {
        let expected = octets(length);
        let path = folder.path().join("file.bin");
        std::fs::write(&path, &expected).unwrap();
        let file = Source::open(&path).unwrap();
        assert_eq!(file.name(), Some("file.bin"));
        for source in [file, Source::bytes(expected.clone()), Source::stream(Pipe(expected.clone())).unwrap()]
        {
            assert_eq!(source.len(), length as u64);
            assert_eq!(source.is_empty(), length == 0);
            assert!(source.read_all().unwrap() == expected);
            assert!(source.read_all().unwrap() == expected);
            let (from, to) = (length / 3, length / 2 + 1);
            assert!(range(&source, from as u64, to as u64).unwrap() == expected[from..to.min(length)]);
            assert!(range(&source, 5, 2).unwrap().is_empty());
        }
    }
}

#[test]
fn a_long_stream_leaves_memory() {
    let source = Source::stream(Pipe(octets(IN_MEMORY + 1))).unwrap();
    assert!(matches!(source.place, Place::Spooled(_)));
}

#[test]
fn all_pieces_but_the_last_are_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, octets(2 * PIECE + 7)).unwrap();
    let mut lengths = Vec::new();
    let take = &mut |piece: &[u8]| {
        lengths.push(piece.len());
        Ok(())
    };
    Source::open(&path).unwrap().read_pieces(0, u64::MAX, take).unwrap();
    assert_eq!(lengths, [PIECE, PIECE, 7]);
}

#[test]
fn a_file_that_changed_is_known() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    for change in ["longer than before", "short"] {
        std::fs::write(&path, "as it was").unwrap();
        let source = Source::open(&path).unwrap();
        assert_eq!(source.read_all().unwrap(), b"as it was");
        std::fs::write(&path, change).unwrap();
        let error = source.read_all().unwrap_err();
        assert!(is_changed(&error));
        assert_eq!(error.to_string(), "'file' changed while it was sent");
    }
    assert!(!is_changed(&io::Error::other("something else")));
}

#[test]
fn a_file_that_changes_while_it_is_read_is_known() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, octets(3 * PIECE)).unwrap();
    let source = Source::open(&path).unwrap();
    let shorten = &mut |_: &[u8]| File::options().write(true).open(&path)?.set_len(PIECE as u64);
    assert!(is_changed(&source.read_pieces(0, u64::MAX, shorten).unwrap_err()));
}

#[test]
fn a_file_is_read_from_where_it_stands() {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(b"read already, then the rest").unwrap();
    file.seek(io::SeekFrom::Start(14)).unwrap();
    let source = Source::from_file(file, Summed::AtOpening).unwrap();
    assert_eq!((source.len(), source.read_all().unwrap()), (13, b"then the rest".to_vec()));
}

/// The other half of the next test: standard input is the process's.
#[test]
#[ignore = "started by standard_input_is_read_in_place_or_taken_whole"]
fn print_stdin() {
    let source = Source::stdin(Summed::AtOpening).unwrap();
    let place = if matches!(source.place, Place::Shared(_)) { "file" } else { "stream" };
    assert_eq!(source.read_all().unwrap(), source.read_all().unwrap());
    let text = String::from_utf8(source.read_all().unwrap()).unwrap();
    writeln!(io::stdout(), "\nstdin={place}:{text}").unwrap();
}

#[test]
fn standard_input_is_read_in_place_or_taken_whole() {
    use std::process::{Command, Stdio};
    let run = |stdin: Stdio, text: &str| {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "message::source::tests::print_stdin", "--ignored", "--nocapture"])
            .stdin(stdin)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        if let Some(mut pipe) = child.stdin.take() {
            pipe.write_all(text.as_bytes()).unwrap();
        }
        let output = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
        output.lines().find_map(|line| line.strip_prefix("stdin=")).unwrap_or(&output).to_owned()
    };
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(b"from a file").unwrap();
    file.seek(io::SeekFrom::Start(5)).unwrap();
    assert_eq!(run(file.into(), ""), "file:a file");
    assert_eq!(run(Stdio::piped(), "from a pipe"), "stream:from a pipe");
    assert_eq!(run(Stdio::null(), ""), "stream:");
}

#[test]
fn directories_are_refused_and_proc_files_are_read() {
    assert_eq!(Source::open(Path::new("/")).unwrap_err().kind(), io::ErrorKind::IsADirectory);
    assert_eq!(Source::open(Path::new("/no/such/file")).unwrap_err().kind(), io::ErrorKind::NotFound);
    assert!(!Source::open(Path::new("/proc/self/status")).unwrap().is_empty());
}

#[test]
fn what_the_taker_answers_ends_the_reading() {
    let error = Source::bytes(vec![1]).read_pieces(0, 1, &mut |_| Err(io::Error::other("full"))).unwrap_err();
    assert_eq!(error.to_string(), "full");
}
