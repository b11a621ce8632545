# `just check` does what CI does, and a little more where the tools are installed.

check: fmt lint test deny

fmt:
    cargo fmt --check

lint:
    cargo clippy --all-targets --locked -- -D warnings

test:
    cargo test --locked

deny:
    cargo deny check

# Draw the snapshots anew, then look at the pictures.
bless:
    UPDATE_SNAPSHOTS=1 cargo test --locked --test it app
