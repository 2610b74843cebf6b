// Filters and sorts tables of rows. Nothing needs it: without it every row is there, in the order of the report.
"use strict";
{
  const words = document.querySelector("main").dataset;
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const make = (name, text = "") => Object.assign(document.createElement(name), { textContent: text });

  // What a row is sorted by in a column: its rank where words have an order of their own, else its text.
  const keyOf = (row, column) => row.cells[column].dataset.rank ?? row.cells[column].textContent;
  const choiceOf = (row, column) => row.cells[column].firstElementChild?.textContent ?? "";

  const labelled = (text, control) => {
    const label = make("label", text + " ");
    label.append(control);
    return label;
  };

  const choice = (rows, column) => {
    const ranks = new Map();
    for (const row of rows) {
      const value = choiceOf(row, column);
      if (!ranks.has(value)) ranks.set(value, keyOf(row, column));
    }
    const values = [...ranks].sort((one, other) => collator.compare(one[1], other[1]));
    const select = make("select");
    select.append(new Option(words.any, ""), ...values.map(([value]) => new Option(value)));
    return select;
  };

  // A long table is several of them: together they hold the rows that are shown, as many as each was written with.
  const enhance = (group) => {
    const bodies = [...group.querySelectorAll("tbody")];
    const rows = bodies.flatMap((body) => [...body.rows]);
    const size = bodies[0].rows.length;
    if (rows.length < 2) return;
    const heads = [...group.querySelector("thead tr").cells];
    const told = make("output");
    const filter = Object.assign(make("input"), { type: "search" });
    const choices = new Map();
    for (const [column, head] of heads.entries()) {
      if ("choice" in head.dataset) choices.set(column, choice(rows, column));
    }
    const tell = (shown) => {
      told.textContent = words.shown.replace("{shown}", shown).replace("{all}", rows.length);
      told.classList.toggle("partial", shown < rows.length);
    };

    let texts;
    const show = () => {
      const wanted = filter.value.trim().toLowerCase();
      if (wanted) texts ??= new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
      const chosen = [...choices].filter(([, select]) => select.value);
      const shown = rows.filter(
        (row) =>
          chosen.every(([column, select]) => choiceOf(row, column) === select.value) &&
          (!wanted || texts.get(row).includes(wanted)),
      );
      for (const [index, body] of bodies.entries()) {
        body.replaceChildren(...shown.slice(index * size, (index + 1) * size));
        body.closest(".block").hidden = index > 0 && body.rows.length === 0;
      }
      tell(shown.length);
    };

    const sort = (column) => {
      const order = heads[column].ariaSort === "ascending" ? "descending" : "ascending";
      for (const head of heads) head.removeAttribute("aria-sort");
      heads[column].ariaSort = order;
      const keys = new Map(rows.map((row) => [row, keyOf(row, column)]));
      const sign = order === "ascending" ? 1 : -1;
      rows.sort((one, other) => sign * collator.compare(keys.get(one), keys.get(other)));
      show();
    };

    for (const [column, head] of heads.entries()) {
      const button = Object.assign(make("button", head.textContent), { type: "button" });
      button.addEventListener("click", () => sort(column));
      head.replaceChildren(button);
    }
    const bar = make("div");
    bar.className = "bar";
    bar.role = "group";
    bar.setAttribute("aria-labelledby", group.getAttribute("aria-labelledby"));
    bar.append(labelled(words.filter, filter));
    for (const [column, select] of choices) bar.append(labelled(heads[column].textContent, select));
    bar.append(told);
    bar.addEventListener("input", show);
    group.before(bar);
    tell(rows.length);
  };

  document.querySelectorAll(".rows").forEach(enhance);
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((it) => (it.open = true)));
}
