//! `ehlo sendmail`: programs hand over their mail.

pub mod serve;
