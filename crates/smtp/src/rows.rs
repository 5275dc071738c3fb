//! An enum and its table, made of one list: there is no entry without a row, and no row without an entry.

/// `entry = row;`, line by line. The enum gets `ALL`, `row`, and `named`, which looks a name up by the field
/// or method that is named last.
macro_rules! rows {
    (
        $(#[$about:meta])*
        pub enum $name:ident: $row:ident { $($(#[$what:meta])+ $entry:ident = $facts:expr;)+ }
        named by $by:ident
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($(#[$what])+ $entry,)+
        }

        impl $name {
            /// All of them, in the order of the table.
            pub const ALL: &'static [$name] = &[$($name::$entry,)+];

            const fn row(self) -> $row {
                match self {
                    $($name::$entry => $facts,)+
                }
            }

            /// The one of this name, if there is one. Case does not count.
            #[must_use]
            pub fn named(name: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|entry| entry.row().$by.eq_ignore_ascii_case(name))
            }
        }
    };
}

pub(crate) use rows;
