"use strict";
/* Searches, filters and sorts the tables of this page, and chooses one where there are
   more. Without it the page is just as complete: nothing is made here, tables and rows
   are only shown, hidden and put in order. */
(() => {
  const form = document.getElementById("zoek");
  const told = document.getElementById("gevonden");
  const plain = (text) =>
    text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");
  const lists = Array.from(document.querySelectorAll("main table"), (table) => ({
    table,
    box: table.closest("details"),
    all: table.dataset.all,
    items: null,
  }));
  const what = document.getElementById("wat");
  const fields = Array.from(form.querySelectorAll("select")).filter((e) => e !== what);
  const query = form.querySelector("input");
  const chosen = () => lists[what ? what.selectedIndex : 0];

  /* The rows of a table, read when it is first looked at. */
  function itemsOf(list) {
    list.items ??= Array.from(list.table.tBodies[0].rows, (row) => ({
      row,
      text: plain(row.cells[0].textContent + " " + row.cells[1].textContent),
      codes: row.dataset.f.split("."),
      keys: Array.from(row.cells, (cell) => {
        const day = cell.querySelector("time");
        return cell.dataset.k ?? (day ? day.dateTime : plain(cell.textContent));
      }),
    }));
    return list.items;
  }

  function filter() {
    const list = chosen();
    if (what) {
      for (const each of lists) each.box.hidden = each !== list;
      list.box.open = true;
    }
    const words = plain(query.value).split(/\s+/).filter(Boolean);
    const codes = fields.map((field) => field.value);
    let found = 0;
    for (const item of itemsOf(list)) {
      const fits =
        codes.every((code, place) => !code || item.codes[place] === code) &&
        words.every((word) => item.text.includes(word));
      if (item.row.hidden === fits) item.row.hidden = !fits;
      if (fits) found += 1;
    }
    const none = found ? "" : " Kies minder filters, of zoek op een ander woord.";
    told.textContent = `${found.toLocaleString("nl-NL")} van ${list.all}.${none}`;
    remember();
  }

  /* The address holds words, not codes: it still says the same when reports are added. */
  function remember() {
    const state = new URLSearchParams();
    if (what && what.selectedIndex) state.set(what.name, what.selectedOptions[0].text);
    if (query.value) state.set(query.name, query.value);
    for (const field of fields) {
      if (field.value) state.set(field.name, field.selectedOptions[0].text);
    }
    history.replaceState(null, "", "#" + state);
  }

  function recall() {
    const state = new URLSearchParams(location.hash.slice(1));
    query.value = state.get(query.name) || "";
    for (const field of what ? [what, ...fields] : fields) {
      const word = state.get(field.name);
      const known = Array.from(field.options).findIndex((each) => each.text === word);
      field.selectedIndex = Math.max(known, 0);
    }
  }

  function sort(list, head, place) {
    const down = head.getAttribute("aria-sort") === "ascending";
    const heads = list.table.tHead.rows[0].cells;
    for (const each of heads) each.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const turn = down ? -1 : 1;
    const order = new Intl.Collator("nl", { numeric: true });
    const items = itemsOf(list);
    items.sort((a, b) => turn * order.compare(a.keys[place], b.keys[place]));
    list.table.tBodies[0].append(...items.map((item) => item.row));
  }

  for (const list of lists) {
    for (const head of list.table.tHead.querySelectorAll("[data-sort]")) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      button.addEventListener("click", () => sort(list, head, head.cellIndex));
      head.append(button);
    }
  }
  /* The list is right already; Enter only leads to it. */
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    chosen().table.closest("section").focus();
  });
  form.addEventListener("input", filter);
  form.addEventListener("reset", () => {
    const at = what && what.selectedIndex;
    setTimeout(() => {
      if (what) what.selectedIndex = at;
      filter();
    });
  });
  window.addEventListener("hashchange", () => {
    recall();
    filter();
  });
  form.hidden = false;
  recall();
  filter();
})();
