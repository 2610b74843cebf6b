use crate::support::crdrift;

#[test]
fn every_completion_script_has_the_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = crdrift().args(["completions", shell]).run();
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{shell}");
        assert!(
            ran.stdout.contains("validate") && ran.stdout.contains("emulate"),
            "{shell}"
        );
    }
}
