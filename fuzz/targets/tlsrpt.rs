#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| ehlo_fuzz::tlsrpt::holds(octets));
