//! What tests, fuzz targets and benchmarks drive, by the paths that it has inside. It is no interface for anybody
//! else: the library is the program's, and whatever is not named here or used by the program is dead code, which the
//! compiler sees.

#![allow(missing_docs)] // The items have theirs.

pub mod cli {
    pub use crate::cli::{EXIT_STATUS, command, parse};
    pub mod sendmail {
        pub use crate::cli::sendmail::{LONG, OPTIONS};
    }
}
pub mod client {
    pub use crate::client::{Conversation, Error, LoginPolicy, Observer, Patience, Target};
    pub mod drive {
        pub use crate::client::drive::Timing;
    }
    pub mod observer {
        pub use crate::client::observer::{Anew, Nobody};
    }
    pub mod open {
        pub use crate::client::open::{Known, open};
    }
}
pub mod import {
    pub use crate::import::{Format, Source, import};
}
pub mod config {
    pub mod accounts {
        pub use crate::config::accounts::{
            Key, OF_ACCOUNT, OF_DKIM, OF_FILE, OF_LIMITS, OF_OAUTH, OF_QUEUE, OF_SENDMAIL, read,
        };
    }
    pub mod netrc {
        pub use crate::config::netrc::password;
    }
    pub mod secret {
        pub use crate::config::secret::Secret;
    }
    pub mod words {
        pub use crate::config::words::{are_for_a_shell, words};
    }
}
pub mod delivery {
    pub use crate::delivery::{Driver, Outcome, Task, Work, run};
    pub mod outcome {
        pub use crate::delivery::outcome::{Server, Verification};
    }
}
pub mod dns {
    pub use crate::dns::{Answer, Data, DnsError, Kind, Question, Transport, read, respond};
}
pub mod dkim {
    pub use crate::dkim::{
        Algorithm, Answer, BodyHash, BodyHasher, CannotSign, Claims, Failure, Fault, Form, Head, HeadTooLong,
        Judgement, Key, KeyFault, LONGEST, MOST_SIGNATURES, Match, Message, NameFault, OtherKind, PublicKey,
        Record, RecordFault, Remark, SKEW, Settings, SignError, Signature, SignatureFault, Signer,
        SigningKey, TagFault, Verdict, Verifier, matches, record, strings,
    };
}
pub mod dmarc {
    pub use crate::dmarc::{
        Alignment, Destination, DmarcFault, Entry, Found, Judgement, Policy, Record, Remark, Signed, Unknown,
        is_record, judge, walk,
    };
}
pub mod spf {
    pub use crate::spf::{
        Directive, Evaluation, LookUp, MOST_LOOK_UPS, MOST_VOIDS, Mechanism, Qualifier, Question, Record,
        Remark, SpfFault, Survey, TermFault, Trouble, Unknown, Verdict, evaluate, is_record, survey,
    };
}
pub mod mailer {
    pub mod handover {
        pub use crate::mailer::handover::Handover;
    }
    pub mod notice {
        pub use crate::mailer::notice::{About, Kind, compose, wanted};
    }
}
pub mod meaning {
    pub use crate::meaning::{Explanation, extension, leading_code, of_line, of_status};
    pub mod after {
        pub use crate::meaning::after::After;
    }
    pub mod find {
        pub use crate::meaning::find::find;
    }
    pub mod gather {
        pub use crate::meaning::gather::{Gather, MOST};
    }
}
pub mod message {
    pub use crate::message::{Attachment, Inline, Text};
    pub mod address {
        pub use crate::message::address::{Address, parse_list, parse_one, read_list};
    }
    pub mod compose {
        pub use crate::message::compose::{Draft, missing};
    }
    pub mod date {
        pub use crate::message::date::{moment, parse};
    }
    pub mod header {
        pub use crate::message::header::{Header, check_name, check_value};
    }
    pub mod id {
        pub use crate::message::id::{parse, parse_list};
    }
    pub mod raw {
        pub use crate::message::raw::{Options, Raw, RawError};
    }
    pub mod recipients {
        pub use crate::message::recipients::parse;
    }
    pub mod source {
        pub use crate::message::source::Source;
    }
}
pub mod net {
    pub use crate::net::{
        ConnectError, Deadline, Endpoint, Error, Fault, Heard, IdentityFault, LocalEnd, Proxy, Server,
        Stream, TlsError, connect, connect_through,
    };
    pub mod interrupt {
        pub use crate::net::interrupt::{caught, install};
    }
    pub mod tls {
        #[cfg(feature = "sink")]
        pub use crate::net::tls::Acceptor;
        pub use crate::net::tls::{
            Alert, Backend, Certificate, Client, Dane, Identity, MinVersion, OtherFault, Pin, Settings,
            TlsInfo, Tlsa, Trust, Verify,
        };
        pub mod certificate {
            pub use crate::net::tls::certificate::{Certificate, few};
        }
    }
}
pub mod https {
    pub use crate::https::{Answer, Client, HttpsError, Url};
}
pub mod oauth {
    pub use crate::oauth::Tokens;
    pub use crate::oauth::code::{Came, CodeFlow};
    pub mod answer {
        pub use crate::oauth::answer::{device, document, revoked, token};
    }
}
pub mod report {
    pub mod exit {
        pub use crate::report::exit::of_outcome;
    }
    pub mod explanation {
        pub use crate::report::explanation::{json, render};
    }
    pub mod probe {
        pub use crate::report::probe::keyword;
    }
    pub mod text {
        pub use crate::report::text::{Look, joined, printable};
    }
    pub mod tlsrpt {
        pub use crate::report::tlsrpt::{
            Author, Day, Letter, Line, Report, Rua, Submitter, Tally, compose, rua,
        };
    }
    pub mod transcript {
        pub use crate::report::transcript::{Detail, Transcript};
    }
}
pub mod route {
    pub mod guard {
        pub use crate::route::guard::{Allow, Kind, Network, NetworkFault, kind};
    }
    pub mod mta_sts {
        pub use crate::route::mta_sts::{
            Applied, Cache, CacheError, Entry, Failed, Fetch, FetchError, Fetcher, FileCache, Found, Kept,
            LONGEST, LookUp, Mode, Pattern, Policy, PolicyError, RecordFault, Remark, Source, discover, id,
        };
    }
}
pub mod sasl {
    pub use crate::sasl::{Credentials, KNOWN, Means, Nonce};
}
#[cfg(feature = "sink")]
pub mod sink {
    pub use crate::sink::{Account, Event, Observer, Patience, Settings, Sink, Store, Tls};
}
pub mod spool {
    pub use crate::spool::{
        Entry, Event, Id, Limits, MessageState, Moment, Pause, Recipient, Record, Spool, Submission,
    };
    pub mod crc {
        pub use crate::spool::crc::crc32c;
    }
    pub mod entry {
        pub use crate::spool::entry::{decode, encode};
    }
    pub mod files {
        pub use crate::spool::files::Files;
    }
    pub mod journal {
        pub use crate::spool::journal::{decode, encode, head};
    }
    pub mod pause {
        pub use crate::spool::pause::{decode, encode};
    }
}
pub mod words {
    pub use crate::words::{client_error, failure};
    pub mod import {
        pub use crate::words::import::not_carried;
    }
    pub mod mta_sts {
        pub use crate::words::mta_sts::{network, remark};
    }
    pub mod net {
        pub use crate::words::net::tls;
    }
}
