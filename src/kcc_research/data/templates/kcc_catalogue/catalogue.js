"use strict";
/* Searches, filters and sorts the one table of this page. Without it the table is just
   as complete: nothing is made here, rows are only shown, hidden and put in order. */
(() => {
  const form = document.getElementById("zoek");
  const table = document.getElementById("rapporten");
  const told = document.getElementById("gevonden");
  const body = table.tBodies[0];
  const plain = (text) =>
    text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");
  const items = Array.from(body.rows, (row) => ({
    row,
    text: plain(row.cells[0].textContent + " " + row.cells[1].textContent),
    codes: row.dataset.f.split("."),
    keys: Array.from(row.cells, (cell) => {
      const day = cell.querySelector("time");
      return day ? day.dateTime : plain(cell.textContent);
    }),
  }));
  const fields = Array.from(form.querySelectorAll("select"));
  const query = form.querySelector("input");
  const all = told.dataset.all;

  function filter() {
    const words = plain(query.value).split(/\s+/).filter(Boolean);
    const chosen = fields.map((field) => field.value);
    let found = 0;
    for (const item of items) {
      const fits =
        chosen.every((code, place) => !code || item.codes[place] === code) &&
        words.every((word) => item.text.includes(word));
      if (item.row.hidden === fits) item.row.hidden = !fits;
      if (fits) found += 1;
    }
    const none = found ? "" : " Kies minder filters, of zoek op een ander woord.";
    told.textContent = `${found.toLocaleString("nl-NL")} van ${all}.${none}`;
    remember();
  }

  /* The address holds words, not codes: it still says the same when reports are added. */
  function remember() {
    const state = new URLSearchParams();
    if (query.value) state.set(query.name, query.value);
    for (const field of fields) {
      if (field.value) state.set(field.name, field.selectedOptions[0].text);
    }
    history.replaceState(null, "", "#" + state);
  }

  function recall() {
    const state = new URLSearchParams(location.hash.slice(1));
    query.value = state.get(query.name) || "";
    for (const field of fields) {
      const word = state.get(field.name);
      const known = Array.from(field.options).find((each) => each.text === word);
      field.value = known ? known.value : "";
    }
  }

  function sort(head, place) {
    const down = head.getAttribute("aria-sort") === "ascending";
    for (const each of table.tHead.rows[0].cells) each.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const turn = down ? -1 : 1;
    const order = new Intl.Collator("nl", { numeric: true });
    items.sort((a, b) => turn * order.compare(a.keys[place], b.keys[place]));
    body.append(...items.map((item) => item.row));
  }

  for (const head of table.tHead.querySelectorAll("[data-sort]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(head, head.cellIndex));
    head.append(button);
  }
  /* The list is right already; Enter only leads to it. */
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    table.closest("section").focus();
  });
  form.addEventListener("input", filter);
  form.addEventListener("reset", () => setTimeout(filter));
  window.addEventListener("hashchange", () => {
    recall();
    filter();
  });
  form.hidden = false;
  recall();
  filter();
})();
