# shellcheck shell=bash disable=SC2154
# A release in a folder that a server on loopback has, and a repository with rules files. A part of .ci/integrations.

step "a release on a server"
cargo build --locked --quiet
crdrift=${CARGO_TARGET_DIR:-$PWD/target}/debug/crdrift
version=$(sed -n '0,/^version = "\(.*\)"/s//\1/p' Cargo.toml)
name=crdrift-$version-$(uname -m)-unknown-linux-musl
releases=$work/server/OWNER/crdrift/releases/download
release=$releases/v$version
mkdir -p "$release" "$work/$name"
cp "$crdrift" "$work/$name/crdrift"
strip "$work/$name/crdrift"
tar -czf "$release/$name.tar.gz" -C "$work" "$name"
sums() { (cd "$1" && find . -name '*.tar.gz' -print0 | xargs -0 sha256sum >SHA256SUMS); }
sums "$release"
sum=$(cut -d ' ' -f 1 "$release/SHA256SUMS")
# Releases with other contents than their checksums say, without checksums, and of another version.
for folder in wrong none; do cp -r "$release" "$releases/$folder"; done
echo more >>"$releases/wrong/$name.tar.gz"
echo "$sum  ./other.tar.gz" >"$releases/none/SHA256SUMS"
mkdir "$releases/v9.9.9"
tar -czf "$releases/v9.9.9/${name/$version/9.9.9}.tar.gz" -C "$work" --transform "s,^$name,${name/$version/9.9.9}," "$name"
sums "$releases/v9.9.9"

certificate=$work/certificate.pem
"$tools/bin/python" .ci/serve.py "$work/server" "$certificate" >"$work/port" 2>"$work/requests" &
server=$!
trap 'kill "$server"' EXIT
for _ in $(seq 100); do [ -s "$work/port" ] && break; sleep 0.1; done
address=127.0.0.1:$(cat "$work/port")
url=https://$address/OWNER/crdrift/releases/download

# A repository with the quick start, twice: one that drifts, and one that does not.
estate=$work/estate
mkdir -p "$estate/rules" "$estate/.github/workflows" "$estate/in-sync"
cp examples/quickstart/live.json "$estate/"
cp examples/quickstart/rules.yaml "$estate/rules/rules.yaml"
"$crdrift" --quiet fmt "$estate/rules/rules.yaml" 2>/dev/null
cp tests/cases/every-scope-in-sync/{rules.yaml,live.json} "$estate/in-sync/"
git_in() { git -C "$1" -c user.name=A -c user.email=a@example.com -c init.defaultBranch=main "${@:2}"; }
git_in "$estate" init --quiet
git_in "$estate" add .
git_in "$estate" commit --quiet --message Rules
git_in "$estate" remote add origin "https://$address/acme/shop.git"
git_in "$estate" update-ref refs/remotes/origin/main HEAD
