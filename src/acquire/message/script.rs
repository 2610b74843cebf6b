//! The errors of scripts of the emulator. Texts about a form are quoted.

use acr_emulator::{ScriptError, ScriptProblem};

use crate::i18n::Message;

/// Returns the message of an invalid script.
pub(crate) fn script_error(error: &ScriptError) -> Message {
    match error {
        ScriptError::Syntax(error) => Message::script_syntax(error.to_string()),
        ScriptError::Value { place, problem } => {
            Message::with_reason(place, script_problem(problem))
        }
    }
}

fn script_problem(problem: &ScriptProblem) -> Message {
    match problem {
        ScriptProblem::Version => Message::script_version(),
        ScriptProblem::Uid => Message::script_uid(),
        ScriptProblem::Limit => Message::script_limit(),
        ScriptProblem::Every => Message::script_every(),
        ScriptProblem::Time => Message::script_time(),
        ScriptProblem::UnknownRole => Message::script_role(),
        ScriptProblem::Status => Message::script_status(),
        ScriptProblem::Redirect => Message::script_redirect(),
        ScriptProblem::Percentage => Message::script_percentage(),
        ScriptProblem::ChunkSize => Message::script_chunk(),
        ScriptProblem::Form(reason) => reason.as_str().into(),
    }
}

#[cfg(test)]
mod tests {
    use acr_emulator::{Script, ScriptError, ScriptProblem};

    use super::script_error;
    use crate::i18n::assert_message;

    #[test]
    fn errors_have_messages() {
        let syntax = Script::parse("version: [").expect_err("no YAML");
        assert_message(&script_error(&syntax), &syntax);
        for problem in [
            ScriptProblem::Version,
            ScriptProblem::Uid,
            ScriptProblem::Limit,
            ScriptProblem::Every,
            ScriptProblem::Time,
            ScriptProblem::UnknownRole,
            ScriptProblem::Status,
            ScriptProblem::Redirect,
            ScriptProblem::Percentage,
            ScriptProblem::ChunkSize,
        ] {
            let place = "faults[0].do".to_owned();
            let error = ScriptError::Value { place, problem };
            assert_message(&script_error(&error), &error);
        }
    }
}
