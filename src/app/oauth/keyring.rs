//! Tokens in the desktop's keyring, in builds that have one. The lock is a file all the same: a keyring has none.

use crate::oauth::{FileKeep, Keep};
use std::sync::Arc;

/// Keeps the tokens of this account in the keyring, and locks them by a file; nothing, if this build has no keyring.
#[cfg(not(feature = "keyring"))]
pub fn keyring(_: FileKeep, _: &str) -> Option<Arc<dyn Keep>> {
    None
}

/// Keeps the tokens of this account in the keyring, and locks them by a file; nothing, if this build has no keyring.
#[cfg(feature = "keyring")]
pub fn keyring(lock: FileKeep, account: &str) -> Option<Arc<dyn Keep>> {
    Some(Arc::new(built_in::InKeyring { lock, account: account.to_owned() }))
}

#[cfg(feature = "keyring")]
mod built_in {
    use crate::net::Deadline;
    use crate::oauth::{FileKeep, Keep, KeepError, Lock};
    use keyring::v1::{Entry, Error};
    use zeroize::Zeroizing;

    /// The service under which the entries are.
    const SERVICE: &str = "ehlo/oauth";

    #[derive(Debug)]
    pub(super) struct InKeyring {
        pub(super) lock: FileKeep,
        pub(super) account: String,
    }

    impl InKeyring {
        fn entry(&self) -> Result<Entry, KeepError> {
            Entry::new(SERVICE, &self.account).map_err(failed)
        }
    }

    fn failed(_: Error) -> KeepError {
        // What it says may hold what it was given.
        KeepError::Elsewhere("the keyring is not available".to_owned())
    }

    /// The lock, which is a file's; what it protects is in the keyring.
    struct Held<'a> {
        file: Box<dyn Lock + 'a>,
        keyring: &'a InKeyring,
    }

    impl Keep for InKeyring {
        fn lock(&self, until: Deadline) -> Result<Box<dyn Lock + '_>, KeepError> {
            Ok(Box::new(Held { file: self.lock.lock(until)?, keyring: self }))
        }

        fn read(&self) -> Result<Option<Zeroizing<String>>, KeepError> {
            match self.entry()?.get_password() {
                Ok(text) => Ok(Some(Zeroizing::new(text))),
                Err(Error::NoEntry) => Ok(None),
                Err(error) => Err(failed(error)),
            }
        }

        fn place(&self) -> String {
            "the keyring".to_owned()
        }
    }

    impl Lock for Held<'_> {
        fn prepare(&mut self) -> Result<(), KeepError> {
            // One that is locked says so before a provider is asked.
            self.keyring.read().map(drop)
        }

        fn write(&mut self, text: &str) -> Result<(), KeepError> {
            self.keyring.entry()?.set_password(text).map_err(failed)
        }

        fn remove(&mut self) -> Result<bool, KeepError> {
            match self.keyring.entry()?.delete_credential() {
                Ok(()) => Ok(true),
                Err(Error::NoEntry) => Ok(false),
                Err(error) => Err(failed(error)),
            }
        }

        fn note(&mut self) -> String {
            self.file.note()
        }

        fn set_note(&mut self, text: &str) {
            self.file.set_note(text);
        }

        fn mark(&mut self) {
            self.file.mark();
        }
    }
}
