"""Checks the formats without a validator of their own in a folder of reports: the text for terminals, the annotations
by GitHub's grammar, the Markdown as a forge would read it, and the CSV."""

import csv
import pathlib
import re
import sys
import unicodedata

from markdown_it import MarkdownIt

folder = pathlib.Path(sys.argv[1])


def read(name):
    return (folder / name).read_text(encoding="utf-8")


def check(holds, what):
    if not holds:
        sys.exit(f"{folder}: {what}")


for name in ["text", "github"]:
    for line in read(name).split("\n"):
        check(not any(unicodedata.category(it) in ("Cc", "Cf") for it in line), f"{name}: a control in {line!r}")
        check("##[" not in line, f"{name}: a command in {line!r}")

parameter = r"(?:file|line|endLine|col|endColumn|title)=[^:,\r\n]+"
command = re.compile(rf"::(?:(?:error|warning|notice) {parameter}(?:,{parameter})*::.+|group::.+|endgroup::)")
commands = [line for line in read("github").splitlines() if line.lstrip().startswith("::")]
check(all(command.fullmatch(line) for line in commands), "github: a command that is none")
for kind in ["error", "warning", "notice"]:
    check(sum(line.startswith(f"::{kind} ") for line in commands) <= 10, f"github: too many of type {kind}")

markdown = MarkdownIt("gfm-like", {"linkify": False}).parse(read("markdown"))
ours = re.compile(r"(</?(details( open)?|summary|sub|code)>|<!-- crdrift -->|Differences between live and desired"
                  r"|(error|warning|info) [a-z]+/[a-z0-9-]+: \d+ findings?|\s)*")
for token in [it for block in markdown for it in [block, *(block.children or [])]]:
    check(token.type not in ("link_open", "image"), f"markdown: a link: {token}")
    if token.type in ("html_block", "html_inline"):
        check(ours.fullmatch(token.content), f"markdown: HTML: {token.content!r}")
check(len(read("markdown").encode()) <= 65_536, "markdown: too long for a comment")

csv.field_size_limit(1 << 20)
with open(folder / "csv", encoding="utf-8", newline="") as file:
    rows = list(csv.reader(file, strict=True))
check(all(len(row) == len(rows[0]) for row in rows), "csv: a row with other columns")
check(not any(cell[:1] in ("=", "+", "-", "@", "\t", "\r") for row in rows for cell in row), "csv: a formula")
