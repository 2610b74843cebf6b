"""Lays out the pages as the sources of two books: book.py OUT-FOLDER, for `en` and `zh-CN` in it.

The Chinese book is in the folder `zh-CN` of the English one, as its pages are in `docs/`. Both READMEs are first pages. A link to
a file that is no page leads to a copy of it in `files/`, one to a folder to a list of its files.
"""

import html
import os
import pathlib
import re
import shutil
import sys

out = pathlib.Path(sys.argv[1])
english, chinese = out / "en", out / "zh-CN"
LINK = re.compile(r"\]\(([^)#\s]+)(#[^)\s]*)?\)")
# The place of each page below the English book, by its place in the repository.
places = {"README.md": "index.md", "README.zh-CN.md": "zh-CN/index.md", "CHANGELOG.md": "CHANGELOG.md", "CONTRIBUTING.md": "CONTRIBUTING.md"}
for page in pathlib.Path("docs").rglob("*"):
    if page.suffix in (".md", ".svg"):
        places[str(page)] = str(page.relative_to("docs"))


def place(path):
    """Returns the place of a file or folder of the repository; copies what is no page."""
    if path in places:
        return places[path]
    source, target = pathlib.Path(path), english / "files" / path
    if source.is_dir():
        target.mkdir(parents=True, exist_ok=True)
        names = sorted(entry.name for entry in source.iterdir() if not entry.name.startswith("."))
        rows = []
        for name in names:
            link = os.path.relpath(place(f"{path}/{name}"), f"files/{path}")
            rows.append(f'<li><a href="{html.escape(link)}">{html.escape(name)}</a></li>')
        title = html.escape(path)
        text = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><h1>{title}</h1><ul>{"".join(rows)}</ul></html>\n'
        (target / "index.html").write_text(text)
        return f"files/{path}/index.html"
    if not source.is_file():
        sys.exit(f"there is no {path}")
    # A page that is no chapter would be left out.
    if source.suffix == ".md":
        target = target.with_suffix(".txt")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    return str(target.relative_to(english))


def with_places(page, text):
    """Returns a page with its links as they are in the book; blocks stay as they are."""

    def link(match):
        target, anchor = match[1], match[2] or ""
        if "://" in target:
            return match[0]
        path = os.path.normpath(os.path.join(os.path.dirname(page), target))
        return f"]({os.path.relpath(place(path), os.path.dirname(places[page]) or '.')}{anchor})"

    parts = re.split(r"(^```.*?^```$)", text, flags=re.MULTILINE | re.DOTALL)
    return "".join(part if part.startswith("```") else LINK.sub(link, part) for part in parts)


shutil.rmtree(out, ignore_errors=True)
for page, at in list(places.items()):
    target = chinese / at.removeprefix("zh-CN/") if at.startswith("zh-CN/") else english / at
    target.parent.mkdir(parents=True, exist_ok=True)
    if page.endswith(".md"):
        target.write_text(with_places(page, pathlib.Path(page).read_text()))
    else:
        shutil.copyfile(page, target)
