// One filter for the rows of a page, kept in its address; tables that sort; buttons that copy. Nothing needs it:
// without it every row is there, in the order of the report. A page that replaces its content dispatches "replaced"; the
// filter and the order of each table stay.
"use strict";
{
  const main = document.querySelector("main");
  const words = JSON.parse(main.dataset.words);
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const facets = ["state", "severity", "code", "instance", "owner"];
  const make = (name, properties = {}) => Object.assign(document.createElement(name), properties);

  // What a row is sorted by in a column: its rank where words have an order of their own, else its text.
  const keyOf = (row, column) => row.cells[column].dataset.rank ?? row.cells[column].textContent;

  // A long table is several of them: together they hold the rows that are shown, as many as each was written with.
  const readTable = (group) => {
    const bodies = [...group.querySelectorAll("tbody")];
    const rows = bodies.flatMap((body) => [...body.rows]);
    return { group, bodies, rows, size: bodies[0].rows.length, details: group.closest("details"), texts: new Map() };
  };
  let filtered = [];
  let all = [];

  const copy = async (button) => {
    const text = button.previousElementSibling.dataset.copy;
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = words.copied;
    } catch {
      getSelection().selectAllChildren(button.previousElementSibling);
    }
    setTimeout(() => (button.textContent = words.copy), 2000);
  };

  // Buttons are made for the rows that come near the screen: a page may have 100,000.
  const near = new IntersectionObserver(
    (entries) => {
      for (const entry of entries.filter((it) => it.isIntersecting)) addButtons(entry.target);
    },
    { rootMargin: "50%" },
  );
  const addButtons = (block) => {
    for (const link of block.querySelectorAll("[data-copy]:not(:has(+ .copy))")) {
      const button = make("button", { type: "button", className: "copy", textContent: words.copy });
      button.ariaLabel = `${words.copy} ${link.dataset.copy}`;
      link.after(button);
    }
  };

  const place = (table, shown) => {
    const { bodies, size } = table;
    for (const [index, body] of bodies.entries()) {
      body.replaceChildren(...shown.slice(index * size, (index + 1) * size));
      const block = body.closest(".block");
      block.hidden = index > 0 && body.rows.length === 0;
      if (!block.hidden && block.querySelector(".copy")) addButtons(block);
    }
    table.shown = shown;
  };

  const controls = new Map();
  const output = make("output");
  const clear = make("button", { type: "button", textContent: words.clear });
  const wanted = () => [...controls].filter(([, control]) => control.value.trim());

  const apply = () => {
    const text = controls.get("q").value.trim().toLowerCase();
    const chosen = facets.filter((facet) => controls.get(facet)?.value);
    const isActive = Boolean(text || chosen.length);
    let count = 0;
    for (const table of filtered) {
      const textOf = (row) => {
        if (!table.texts.has(row)) table.texts.set(row, row.textContent.toLowerCase());
        return table.texts.get(row);
      };
      const shown = table.rows.filter(
        (row) =>
          chosen.every((facet) => row.dataset[facet] === controls.get(facet).value) && (!text || textOf(row).includes(text)),
      );
      place(table, shown);
      count += shown.length;
      table.group.hidden = isActive && shown.length === 0;
      if (table.details) {
        if (isActive && shown.length && !table.details.open) table.opened = table.details.open = true;
        else if (!isActive && table.opened) table.opened = table.details.open = false;
        table.details.hidden = table.group.hidden;
      }
    }
    for (const group of document.querySelectorAll(".group")) {
      group.hidden = [...group.querySelectorAll(".rows")].every((it) => it.hidden);
    }
    output.textContent = words.shown.replace("{shown}", count).replace("{all}", all.length);
    output.classList.toggle("partial", count < all.length);
    clear.hidden = !isActive;
  };

  const write = () => {
    const values = new URLSearchParams(wanted().map(([name, control]) => [name, control.value.trim()]));
    history.replaceState(null, "", values.size ? `#${values}` : location.pathname + location.search);
  };
  const read = (text) => {
    const values = new URLSearchParams(text);
    for (const [name, control] of controls) control.value = values.get(name) ?? "";
    apply();
  };

  const bar = make("div", { className: "bar", role: "search" });
  const addControl = (name, text, control) => {
    controls.set(name, control);
    control.name = name;
    const label = make("label", { textContent: `${text} ` });
    label.append(control);
    clear.before(label);
  };

  // Offers the values of each facet that has several. A chosen value stays, even where no row has it any more.
  const fillFacets = () => {
    for (const facet of facets) {
      let select = controls.get(facet);
      const values = new Set(all.map((row) => row.dataset[facet]).filter(Boolean));
      if (!select && values.size < 2) continue;
      const chosen = select?.value ?? "";
      if (chosen) values.add(chosen);
      if (!select) addControl(facet, words[facet], (select = make("select")));
      const named = [...values].map((value) => [words[value] ?? value, value]);
      named.sort((one, other) => collator.compare(one[0], other[0]));
      const offered = [...select.options].map((option) => option.value).join("\n");
      if (offered === ["", ...named.map(([, value]) => value)].join("\n")) continue;
      select.replaceChildren(new Option(words.any, ""), ...named.map(([name, value]) => new Option(name, value)));
      select.value = chosen;
    }
  };

  const addFilter = () => {
    bar.ariaLabel = words.filter;
    bar.append(clear, output);
    addControl("q", words.filter, make("input", { type: "search" }));
    fillFacets();
    bar.addEventListener("input", () => {
      apply();
      write();
    });
    clear.addEventListener("click", () => {
      read("");
      write();
      controls.get("q").focus();
    });
    main.prepend(bar);
    const measure = () => {
      const isSticky = getComputedStyle(bar).position === "sticky";
      document.documentElement.style.setProperty("--bar", `${isSticky ? bar.offsetHeight : 0}px`);
    };
    new ResizeObserver(measure).observe(bar);
    const isFilter = () => location.hash.includes("=");
    read(isFilter() ? location.hash.slice(1) : "");
    addEventListener("hashchange", () => isFilter() && read(location.hash.slice(1)));
  };

  // The column and the order of each sorted table, by the id of its heading.
  const orders = new Map();
  const addSorting = (table) => {
    if (table.rows.length < 2) return;
    const label = table.group.getAttribute("aria-labelledby");
    const heads = table.bodies.map((body) => [...body.closest("table").querySelectorAll("thead th")]);
    const sort = (column, order) => {
      orders.set(label, [column, order]);
      for (const head of heads.flat()) head.removeAttribute("aria-sort");
      for (const row of heads) row[column].ariaSort = order;
      const keys = new Map(table.rows.map((row) => [row, keyOf(row, column)]));
      const sign = order === "ascending" ? 1 : -1;
      const compare = (one, other) => sign * collator.compare(keys.get(one), keys.get(other));
      table.rows.sort(compare);
      place(table, [...(table.shown ?? table.rows)].sort(compare));
    };
    for (const row of heads) {
      for (const [column, head] of row.entries()) {
        const button = make("button", { type: "button", textContent: head.textContent });
        button.addEventListener("click", () => sort(column, head.ariaSort === "ascending" ? "descending" : "ascending"));
        head.replaceChildren(button);
      }
    }
    if (orders.has(label)) sort(...orders.get(label));
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".copy");
    if (button) copy(button);
    const tile = event.target.closest("a[data-filter]");
    if (!tile || !controls.size) return;
    event.preventDefault();
    read(tile.dataset.filter);
    write();
    const first = filtered.find((table) => table.shown.length);
    (first?.group ?? document.querySelector(tile.hash)).scrollIntoView();
  });

  const start = () => {
    near.disconnect();
    document.querySelectorAll(".block").forEach((block) => near.observe(block));
    const tables = [...document.querySelectorAll(".rows")].map(readTable);
    filtered = tables.filter(({ group }) => group.classList.contains("filtered"));
    all = filtered.flatMap((table) => table.rows);
    tables.forEach(addSorting);
    if (controls.size) {
      fillFacets();
      apply();
    } else if (all.length > 1) {
      addFilter();
    }
  };
  start();
  document.addEventListener("replaced", start);
}
