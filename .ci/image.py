"""Lays the image that the Containerfile describes into a folder, where no container engine runs.

    image.py CONTAINERFILE CONTEXT PLATFORM-ARCHITECTURE FOLDER

It prints the user and the entrypoint, a line each. An instruction it does not know fails it.
"""

import json
import re
import shutil
import sys
from pathlib import Path

from dockerfile_parse import DockerfileParser

containerfile, context, architecture, root = sys.argv[1], Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4])
user, entrypoint, labels = None, None, {}
with open(containerfile, "rb") as file:
    instructions = DockerfileParser(fileobj=file, build_args={}).structure
for step in instructions:
    what, value = step["instruction"], step["value"]
    if what in ("COMMENT", "ARG", "CMD"):
        continue
    if what == "FROM":
        assert value == "scratch", value
    elif what == "LABEL":
        labels.update(re.findall(r'(\S+)="([^"]*)"', value))
    elif what == "COPY":
        words = value.replace("$TARGETARCH", architecture).split()
        mode = [int(word.removeprefix("--chmod="), 8) for word in words if word.startswith("--chmod=")]
        *sources, target = [word for word in words if not word.startswith("--")]
        for source in sources:
            into = root / target.lstrip("/")
            into = into / Path(source).name if target.endswith("/") else into
            into.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(context / source, into)
            into.chmod(mode[0] if mode else 0o444)
    elif what == "WORKDIR":
        (root / value.lstrip("/")).mkdir(parents=True)
    elif what == "USER":
        user = value
    elif what == "ENTRYPOINT":
        entrypoint = json.loads(value)
    else:
        sys.exit(f"{what} is not known here")

assert user and all(part.isdigit() and int(part) > 0 for part in user.split(":")), f"{user} is not a number, or root's"
for name in ("title", "description", "licenses", "version", "revision", "created"):
    assert labels.get(f"org.opencontainers.image.{name}"), f"there is no label for the image's {name}"
print(user)
print(" ".join(entrypoint))
