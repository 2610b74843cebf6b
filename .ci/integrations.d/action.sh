# shellcheck shell=bash disable=SC2154
# The GitHub Action in act, and its script with every hostile value of every input. A part of .ci/integrations.

step "the action, run by act"
# The action as a runner checks it out, and stand-ins for the actions of others, which print their inputs.
mkdir "$work/action"
cp -r action.yml action Cargo.toml "$work/action/"
replaced=(--local-repository "OWNER/crdrift@v$version=$work/action")
while read -r used; do
    stub=$work/stubs/${used%%@*}
    mkdir -p "$stub"
    cat >"$stub/action.yml" <<'END'
name: stand-in
description: Prints its inputs
inputs: { path: { description: x }, key: { description: x }, sarif_file: { description: x }, category: { description: x },
  name: { description: x }, fetch-depth: { description: x }, persist-credentials: { description: x }, retention-days: { description: x } }
runs:
  using: composite
  steps:
    - shell: bash
      env: { INPUTS: "path=${{ inputs.path }} key=${{ inputs.key }} sarif_file=${{ inputs.sarif_file }} category=${{ inputs.category }}" }
      run: for line in $INPUTS; do echo "given $line"; done
END
    repository=${used%@*}
    if [[ $repository == */*/* ]]; then
        stub=$work/stubs/$(cut -d / -f 1-2 <<<"$repository")
        repository=$(cut -d / -f 1-2 <<<"$repository")
    fi
    replaced+=(--local-repository "$repository@${used#*@}=$stub")
done < <(sed -n 's/^ *\(- \)\{0,1\}uses: \([^ ]*@[0-9a-f]\{40\}\).*/\2/p' action.yml "$recipe" | sort -u)

# workflow EVENT: writes a workflow that uses the action with the inputs on standard input, and prints its outputs.
workflow() {
    cat <<END >"$estate/.github/workflows/sync-rules.yml"
on: $1
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: $(sed -n 's/.*\(actions\/checkout@[0-9a-f]*\).*/\1/p' "$recipe")
      - uses: OWNER/crdrift@v$version
        id: crdrift
        with:
$(sed 's/^/          /')
      - if: always()
        shell: bash
        env: { OUTPUTS: "\${{ toJSON(steps.crdrift.outputs) }}" }
        run: printf '%s\n' "\$OUTPUTS"
END
}
# act EXPECTED OPTION...: the workflow of the estate, without the cache and the downloads of an earlier run.
live=live.json
act() {
    local expected=$1
    shift
    rm -rf "${work:?}/home"
    mkdir "$work/home"
    code "$expected" env -C "$estate" HOME="$work/home" XDG_CACHE_HOME="$work/home" "$tools/bin/act" --no-cache-server \
        --platform ubuntu-latest=-self-hosted --github-instance "$address" "${replaced[@]}" --env "CURL_CA_BUNDLE=$certificate" \
        --env "CRDRIFT_EMULATE=$live" "$@"
}

output_is() { says "\"$1\": \"$2\""; }

# Drift: annotations, a summary, every output, alerts; the release is that of the repository of the action.
workflow push <<<'sarif: true'
act 1 push
says "crdrift $version, SHA-256 $sum"
says '::error file=rules/rules.yaml,line='
says '### Sync rules: drift'
output_is outcome drift
output_is exit-code 2
output_is open 4
for file in result-file:result.json sarif-file:crdrift.sarif report-file:report.html; do
    says "\"${file%:*}\": \"$work/home/"
    says "/${file#*:}\""
done
says 'given sarif_file=/'
says 'given category=crdrift'
says "given key=crdrift-$name"
never_says '****'
grep -q "GET /OWNER/crdrift/releases/download/v$version/$name.tar.gz " "$work/requests" || fail "the address is not that of the repository"

# In sync; masked; without alerts; the program of the release is on the path of later steps.
live=in-sync/live.json
workflow push <<END
rules: |
  in-sync/rules.yaml

mask-ids: true
version: v$version
sha256: $sum
END
sed -i "s/run: printf/run: crdrift --version \&\& printf/" "$estate/.github/workflows/sync-rules.yml"
act 0 push
says "| crdrift $version"
output_is outcome in_sync
output_is exit-code 0
output_is open 0
output_is sarif-file ''
never_says 'given sarif_file=/'
live=live.json

# The other commands.
workflow push <<<'{ command: validate, sarif: true }'
act 0 push
output_is outcome passed
output_is exit-code 0
says 'given sarif_file=/'
workflow push <<<'command: fmt'
act 0 push
output_is exit-code 0
workflow push <<<'{ command: policy test, rules: examples/policies.yaml }'
act 1 push
output_is exit-code 1
says 'no such file or folder'
workflow push <<<'{ command: snapshot, shard: 2/3 }'
act 0 push
says '/snapshot.json"'
workflow push <<<'{ args: "--drift-exit-code=0\n\n--fail-on\nwarning\r\n" }'
act 0 push
output_is outcome drift

# A pull request: its own differences do not count. So does the recipe, with the base of the event.
event() {
    printf '{"pull_request": {"number": 1, "base": {"ref": "%s"}, "head": {"ref": "x", "repo": {"full_name": "%s"}}},
        "repository": {"full_name": "acme/shop", "default_branch": "main"}}\n' "$1" "$2" >"$work/event.json"
}
event main acme/shop
sed -i 's/debian|golang/debian|golang|openjdk/' "$estate/in-sync/rules.yaml"
live=in-sync/live.json
workflow pull_request <<<'rules: in-sync/rules.yaml'
act 0 pull_request --eventpath "$work/event.json"
says 'introduced by this change'
output_is outcome passed
workflow pull_request <<<'{ rules: in-sync/rules.yaml, base: "" }'
act 1 pull_request --eventpath "$work/event.json"
output_is outcome drift
git_in "$estate" checkout --quiet -- in-sync
live=live.json
cp "$recipe" "$estate/.github/workflows/sync-rules.yml"
act 1 pull_request --eventpath "$work/event.json"
says 'outcome=drift'
says 'cri-****'
says 'given sarif_file=/'
says 'report.html'
event main stranger/shop
act 0 pull_request --eventpath "$work/event.json"
never_says 'Run crdrift'

step "the action and what it must refuse"
# refused INPUTS TEXT [EVENT-OPTION...]: the run fails, says so, and does nothing of what the inputs say.
refused() {
    local text=$2
    workflow "${3:-push}" <<<"$1"
    act 1 "${@:3}"
    says "$text"
    never_says 'outcome=in_sync'
    [ ! -e "$work/pwned" ] || fail "an input was run: $1"
    [ -s "$estate/rules/rules.yaml" ] || fail "an input removed files: $1"
}
refused "download-url: $url/wrong" 'wrong checksum of'
refused "sha256: $(printf '0%.0s' $(seq 64))" 'expected SHA-256 0000'
refused "download-url: $url/none" 'has no checksum of'
refused 'version: 1.2.3' "cannot download $url/v1.2.3/SHA256SUMS"
refused 'version: 9.9.9' "expected crdrift 9.9.9, found 'crdrift $version'"
refused "download-url: http://$address" 'expected an https:// address'
refused 'download-url: file:///etc' 'expected an https:// address'
for value in "1.0.0; touch $work/pwned" "\$(touch $work/pwned)" "../../x" "0.1.0\\n::set-output name=outcome::in_sync" main; do
    refused "version: \"$value\"" 'expected a version such as 1.2.3'
done
refused "rules: \"\$(touch $work/pwned)\"" 'no such file or folder'
refused "args: \"; rm -rf rules\\n\`touch $work/pwned\`\"" 'no such file or folder'
refused "base: \"x\\n::set-output name=outcome::in_sync\"" 'expected one line for base'
refused "fail-on: \"'; touch $work/pwned #\"" "invalid value '"
refused "{ command: snapshot, shard: \"\$(touch $work/pwned)\" }" 'error'
refused "store: \"sqlite:\$(touch $work/pwned)/x\"" 'cannot'
refused "command: \"plan; touch $work/pwned\"" 'expected plan, validate, fmt, policy test or snapshot'
refused 'mask-ids: "yes"' 'expected true or false'
refused 'rules: --live=live.json' 'no such file or folder'
refused '{ command: validate, fail-on: error }' 'the input fail-on has no effect on the command validate'
refused '{ command: policy test, store: "sqlite:x" }' 'the input store has no effect on the command policy test'
# Git takes such a name of a branch.
# shellcheck disable=SC2016
event '$(touch${IFS}'"$work/pwned)" acme/shop
# shellcheck disable=SC2016
refused 'rules: rules/' 'refs/remotes/origin/$(touch' pull_request --eventpath "$work/event.json"

step "every input with every hostile value"
# script INPUT VALUE: the script of the action without a runner, which must fail or pass and do nothing else.
script() {
    local got=0 command=plan
    if [ "$1" = SHARD ]; then command=snapshot; fi
    : >"$work/outputs"
    env -i -C "$estate" PATH="$work/$name:$PATH" GITHUB_ACTION_PATH="$work/action" RUNNER_TEMP="$work/home" GITHUB_OUTPUT="$work/outputs" \
        CRDRIFT_EMULATE=live.json INPUT_COMMAND="$command" INPUT_RULES=rules/ INPUT_BASE= INPUT_FAIL_ON= INPUT_MASK_IDS= INPUT_SARIF= \
        INPUT_STORE= INPUT_SHARD= INPUT_ARGS= "INPUT_$1=$2" bash "$work/action/action/run" >"$output" 2>&1 || got=$?
    # Drift and an unknown host of the store; nothing is in sync here.
    [[ $got =~ ^(1|2|64)$ ]] || { cat "$output" >&2; fail "INPUT_$1=$2: exit code $got"; }
    if grep -qE '^(::(set-output|stop|add)|outcome=(in_sync|passed))' "$output" "$work/outputs"; then fail "INPUT_$1=$2 wrote a command"; fi
    [ ! -e "$work/pwned" ] || fail "INPUT_$1=$2 was run"
    [ -s "$estate/rules/rules.yaml" ] || fail "INPUT_$1=$2 removed files"
}
hostile=("\$(touch $work/pwned)" "\`touch $work/pwned\`" "; rm -rf rules" "' ; touch $work/pwned #" "\"; touch $work/pwned; \"" "| tee $work/pwned"
    $'\n::set-output name=outcome::in_sync\noutcome=in_sync' $'\r::set-output name=outcome::in_sync' '%0A::set-output name=outcome::in_sync'
    $'\n::stop-commands::x' '--live=live.json --drift-exit-code=0' '-h' "x[\$(touch $work/pwned)]" "\${x:=\$(touch $work/pwned)}" "\\" '*' '..')
for value in "${hostile[@]}"; do
    for input in COMMAND RULES BASE FAIL_ON MASK_IDS SARIF STORE SHARD; do script "$input" "$value"; done
    if [ "$value" != -h ]; then script ARGS "$value"; fi
done
