//! Variables of other programs that look like credentials for this one and have no effect.

use crate::cli::world::{Verbosity, World};
use crate::report::sentence;

/// The prefixes of Terraform's provider and of older command lines; the official SDKs read neither.
const FOREIGN_PREFIXES: [&str; 2] = ["ALICLOUD_", "ALIBABACLOUD_"];

/// How many names a note lists.
const LISTED: usize = 5;

/// Prints a note where variables are set that look like credentials and are not read. Their values are not shown.
pub(super) fn note_foreign_variables(world: &mut World) {
    let names = world.variable_names().filter(|name| FOREIGN_PREFIXES.iter().any(|prefix| name.starts_with(prefix)));
    if let Some(note) = note(&names.collect::<Vec<_>>()) {
        let note = format!("note: {}\n", sentence(&note));
        world.tell(Verbosity::Normal, &note);
    }
}

fn note(names: &[String]) -> Option<String> {
    let listed = names.iter().take(LISTED).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = names.len().saturating_sub(LISTED);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    let verb = if names.len() == 1 { "is set and has" } else { "are set and have" };
    (!names.is_empty()).then(|| {
        format!(
            "{listed}{more} {verb} no effect: crdrift reads the variables of the official SDKs, as \
             ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::note;

    #[test]
    fn a_note_lists_a_few_names() {
        let names = |count: usize| (1..=count).map(|number| format!("ALICLOUD_{number}")).collect::<Vec<_>>();
        assert_eq!(note(&names(0)), None);
        let first = |count| note(&names(count)).expect("a note");
        assert!(first(1).starts_with("ALICLOUD_1 is set and has no effect"), "{}", first(1));
        assert!(first(2).starts_with("ALICLOUD_1, ALICLOUD_2 are set and have no effect"), "{}", first(2));
        assert!(first(7).contains("ALICLOUD_5 and 2 more are set"), "{}", first(7));
    }
}
