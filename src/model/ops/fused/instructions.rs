//! Which vector instructions the kernels are made of: the best that the processor has; tests can ask for others. Floor 3.

use pulp::Arch;

#[expect(clippy::disallowed_methods, reason = "the one place that asks the processor")]
pub(super) fn arch() -> Arch {
    #[cfg(test)]
    if let Some(asked) = tests::asked() {
        return asked;
    }
    Arch::new()
}

#[cfg(test)]
mod tests {
    use std::process::Command;
    use std::sync::OnceLock;

    use super::*;

    /// Read by the tests of the kernels alone.
    const VARIABLE: &str = "DOCENT_TEST_INSTRUCTIONS";

    pub(super) fn asked() -> Option<Arch> {
        static ASKED: OnceLock<Option<Arch>> = OnceLock::new();
        *ASKED.get_or_init(|| match std::env::var(VARIABLE).as_deref() {
            #[cfg(target_arch = "x86_64")]
            Ok("avx2") => pulp::x86::V3::try_new().map(Arch::V3),
            Ok("none") => Some(Arch::Scalar),
            _ => None,
        })
    }

    /// The tests of the kernels once more, in a process that computes by these instructions.
    fn assert_kernels_agree_with(instructions: &str) {
        let kernels = ["agreement", "learns"].map(|tests| format!("model::ops::fused::{tests}"));
        let this_too = "model::ops::fused::instructions::tests::the_ones_asked_for_are_used";
        let mut command = Command::new(std::env::current_exe().unwrap());
        let found = command.args(kernels).arg(this_too).env(VARIABLE, instructions).output().unwrap();
        let said = String::from_utf8_lossy(&found.stdout);
        assert!(found.status.success(), "{instructions}: {said}");
        assert!(said.contains("the_ones_asked_for_are_used ... ok") && said.contains("random_blocks"), "{said}");
    }

    #[test]
    fn the_ones_asked_for_are_used() {
        let found = format!("{:?}", arch());
        let expected = match std::env::var(VARIABLE).as_deref() {
            #[cfg(target_arch = "x86_64")]
            Ok("avx2") if pulp::x86::V3::try_new().is_some() => "V3",
            Ok("none") => "Scalar",
            _ => "",
        };
        assert!(found.starts_with(expected), "{found}, expected {expected}");
    }

    #[test]
    fn kernels_answer_the_same_by_avx2() {
        assert_kernels_agree_with("avx2");
    }

    #[test]
    fn kernels_answer_the_same_without_vectors() {
        assert_kernels_agree_with("none");
    }
}
