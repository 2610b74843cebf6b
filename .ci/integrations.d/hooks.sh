# shellcheck shell=bash disable=SC2154
# The hooks in pre-commit. A part of .ci/integrations.

step "the hooks, run by pre-commit"
# A repository with the manifest, since every try clones it.
hooks=$work/hooks
mkdir "$hooks"
cp .pre-commit-hooks.yaml "$hooks/"
git_in "$hooks" init --quiet
git_in "$hooks" add .
git_in "$hooks" commit --quiet --message Hooks
# hook EXPECTED ID: `pre-commit try-repo` in the estate.
hook() {
    code "$1" env -C "$estate" -u CI PATH="$work/bin:$PATH" PRE_COMMIT_HOME="$work/pre-commit" \
        "$tools/bin/pre-commit" try-repo "$hooks" "$2" --all-files --verbose
}
mkdir "$work/bin"
cp "$crdrift" "$work/bin/crdrift"
# An engine that runs the image `crdrift` of the Containerfile, whose entry point is the program, and no other.
cat >"$work/bin/docker" <<'END'
#!/bin/sh
if [ "$1 $2" = 'system info' ]; then echo '{}'; exit; fi
[ "$1" = run ] || exit 1
while [ "$1" != crdrift ]; do [ "$#" -gt 1 ] || exit 125; shift; done
exec "$@"
END
chmod +x "$work/bin/docker"
rm -r "$estate/in-sync"
cat >"$estate/rules/policies.yaml" <<'END'
version: 1
policies:
  - id: names
    kind: naming
    pattern: "[a-z0-9]+(-[a-z0-9]+)*"
    applies_to: desired
    examples:
      - expect: fail
        rule:
          name: Hotfix
          from: { instance: shanghai, namespace: shop }
          to: { instance: shenzhen, namespace: shop }
          tag_filter: "v.*"
END
"$crdrift" --quiet fmt "$estate/rules" 2>/dev/null
git_in "$estate" add --all
for variant in system docker; do
    for check in validate fmt policy-test; do hook 0 "crdrift-$check-$variant"; done
done
sed -i 's/expect: fail/expect: pass/' "$estate/rules/policies.yaml"
for variant in system docker; do hook 1 "crdrift-policy-test-$variant"; done
says 'exit code: 2'
sed -i 's/expect: pass/expect: fail/; s/from: {/from:   {/' "$estate/rules/policies.yaml"
hook 1 crdrift-fmt-system
says 'files were modified by this hook'
hook 0 crdrift-fmt-docker
sed -i 's/tag_filter: "v/tag_filtre: "v/' "$estate/rules/policies.yaml"
for variant in system docker; do hook 1 "crdrift-validate-$variant"; done
says tag_filter
