#!/bin/sh
# Installs the official SDKs into a folder and lists rules with each of them: a line of JSON for Python, one for Node.
#
# Usage: run.sh FOLDER HOST PORT ACCESS_KEY_ID ACCESS_KEY_SECRET INSTANCE_ID NAMESPACE
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$1
shift

python3 -m venv "$folder/python" >&2
"$folder/python/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt" >&2
cp "$here/package.json" "$here/list.js" "$folder"
(cd "$folder" && npm install --silent --no-audit --no-fund >&2)

"$folder/python/bin/python" "$here/list.py" "$@"
node "$folder/list.js" "$@"
