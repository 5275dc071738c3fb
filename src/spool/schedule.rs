//! When a message is tried again, and when it is given up (RFC 5321, section 4.5.4.1).
