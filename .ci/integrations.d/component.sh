# shellcheck shell=bash disable=SC2154
# The GitLab component in gitlab-ci-local. A part of .ci/integrations.

step "the GitLab component, run by gitlab-ci-local"
# A project that includes the component, as the recipe does, from its own repository.
project=$work/project
mkdir -p "$project/rules" "$project/templates"
cp -r templates/plan "$project/templates/"
cp "$estate/rules/rules.yaml" "$project/rules/"
cp "$estate/live.json" "$project/"
git_in "$project" init --quiet
git_in "$project" add .
git_in "$project" commit --quiet --message Rules
git_in "$project" remote add origin "git@gitlab.example.com:acme/shop.git"
# gitlab EXPECTED INPUTS VARIABLE...: the job with these lines of inputs and these variables.
gitlab() {
    local expected=$1 variables=() inputs
    mapfile -t inputs <<<"$2"
    {
        sed 's,component: .*,local: templates/plan/template.yml,; /download-url:/d' examples/ci/gitlab-ci.yml
        printf '      %s\n' "${inputs[@]}"
    } >"$project/.gitlab-ci.yml"
    shift 2
    for variable in "CURL_CA_BUNDLE=$certificate" CRDRIFT_EMULATE=live.json CI_PIPELINE_SOURCE=schedule "$@"; do
        variables+=(--variable "$variable")
    done
    rm -f "$project"/{result.json,report.html,code-quality.json,junit.xml}
    code "$expected" env -C "$project" -u CI "$gitlab_ci_local" --force-shell-executor --shell-isolation "${variables[@]}" sync-rules
}
gitlab 1 "download-url: $url/v$version"
says "crdrift $version"
says '1 missing, 1 changed, 1 renamed, 1 unmanaged (exit code 2)'
for file in result.json report.html; do [ -s "$project/$file" ] || fail "no artifact $file"; done
cp tests/cases/every-scope-in-sync/live.json "$project/live.json"
cp tests/cases/every-scope-in-sync/rules.yaml "$project/rules/rules.yaml"
"$crdrift" --quiet fmt "$project/rules/rules.yaml" 2>/dev/null
gitlab 0 $'fail-on: warning\nmask-ids: true\n'"sha256: $sum"$'\n'"download-url: $url/v$version"
says 'In sync'
# A merge request: its own differences do not count, and without a change of rules files it has no job.
git_in "$project" add rules live.json
git_in "$project" commit --quiet --message Base
base=$(git_in "$project" rev-parse HEAD)
git_in "$project" update-ref refs/remotes/origin/main "$base"
merge_request=(CI_PIPELINE_SOURCE=merge_request_event "CI_MERGE_REQUEST_DIFF_BASE_SHA=$base")
sed -i 's/debian|golang/debian|golang|openjdk/' "$project/rules/rules.yaml"
git_in "$project" add rules
gitlab 0 "download-url: $url/v$version" "${merge_request[@]}"
says 'introduced by this change: 1'
list=("$gitlab_ci_local" --list --variable CI_PIPELINE_SOURCE=merge_request_event --variable CI_COMMIT_BRANCH=feature)
jobs=$(env -C "$project" -u CI "${list[@]}" 2>/dev/null)
[[ $jobs == *sync-rules* ]] || fail "a merge request has no job: $jobs"
sed -i 's,download-url,changes: [other/**/*]\n      download-url,' "$project/.gitlab-ci.yml"
jobs=$(env -C "$project" -u CI "${list[@]}" 2>/dev/null)
[[ $jobs != *sync-rules* ]] || fail "a merge request without changes of rules files has a job: $jobs"
gitlab 1 "download-url: $url/wrong"
says 'wrong checksum of'
gitlab 1 "download-url: $url/v1.2.3"
says "cannot download $url/v1.2.3/crdrift-$version-"
