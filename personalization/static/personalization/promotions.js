// Promotions of a carousel: rows (rows.js) that show only what belongs to what they do, and search
// items, categories and tags of the site while one types.
(() => {
  "use strict";

  const PAUSE = 200; // ms after the last key

  class Promotions extends window.pzRows.Rows {
    constructor(box) {
      super(box);
      this.list.addEventListener("change", () => this.tell());
      this.list.addEventListener("input", ({ target }) => { if (target.matches("[data-pz-value]")) this.search(target); });
      this.list.addEventListener("focusin", ({ target }) => { if (target.matches("[data-pz-value]")) this.search(target); });
    }

    tell() {
      super.tell();
      for (const row of this.rows()) {
        const does = row.querySelector("[data-pz-do]").value;
        for (const part of row.querySelectorAll("[data-pz-only]")) part.hidden = !part.dataset.pzOnly.split(" ").includes(does);
        for (const part of row.querySelectorAll("[data-pz-unless]")) part.hidden = part.dataset.pzUnless === does;
      }
    }

    called(row) {
      return row.querySelector("[data-pz-title]").textContent || row.querySelector("[data-pz-value]").value || row.querySelector("[data-pz-do]").selectedOptions[0].textContent;
    }

    about(row) { return row.querySelector("[data-pz-do]").value === "pin" ? "item" : row.querySelector("[data-pz-of]").value; }

    search(field) {
      clearTimeout(this.waiting);
      const row = field.closest("[data-pz-row]");
      const known = row.querySelector("datalist");
      const chosen = [...known.options].find((option) => option.value === field.value);
      row.querySelector("[data-pz-title]").textContent = chosen && chosen.label !== chosen.value ? chosen.label : "";
      this.waiting = setTimeout(() => void this.ask(row, field, known), PAUSE);
    }

    async ask(row, field, known) {
      const query = new URLSearchParams({ site: this.words.site, field: this.about(row), q: field.value });
      const answer = await fetch(`${this.words.values}?${query}`).catch(() => null);
      if (!answer?.ok) return;
      const { values } = await answer.json();
      known.replaceChildren(...values.map(([value, label]) => Object.assign(document.createElement("option"), { value, label })));
      const exact = values.find(([value]) => value === field.value);
      if (exact && exact[1] !== exact[0]) row.querySelector("[data-pz-title]").textContent = exact[1];
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const box of document.querySelectorAll("[data-pz-promotions]")) new Promotions(box);
  });
})();
