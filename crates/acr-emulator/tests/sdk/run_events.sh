#!/bin/sh
# Installs the official Python SDKs for ActionTrail into a folder and looks up events with each: a line of JSON.
#
# Usage: run_events.sh FOLDER HOST PORT ACCESS_KEY_ID ACCESS_KEY_SECRET EVENT_NAME START_TIME END_TIME
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$1
shift

python3 -m venv "$folder/python" >&2
"$folder/python/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements-events.txt" >&2

"$folder/python/bin/python" "$here/events.py" "$@"
