//! What is seen at a terminal of 40, 60, 80 columns: nothing overflows, nothing is lost, and nothing is said twice.

use crate::terminal::On;
use crate::*;

#[test]
fn the_report_is_in_columns_where_standard_output_is_a_terminal() {
    to_jones("")
        .server(&all_well())
        .terminal(80)
        .stdout("250  Jones@Beta.ARPA  OK\n250  message          OK\n")
        .exit(0);
    to_jones("").server(&all_well()).on_terminal(80, On::Stderr).stdout(JONES_HAS_IT).exit(0);
}
