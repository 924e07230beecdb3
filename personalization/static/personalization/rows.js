// Rows of a form that are added and taken out: arms of an experiment, promotions of a carousel.
// Without script the rows that are there can be edited.
//
// The box holds a list [data-pz-row-list] of [data-pz-row="<number>"], a template
// [data-pz-row-template] whose row has the number __n__, a button [data-pz-add-row], and in its
// dataset: rows (the name of the hidden field that lists the numbers), removed and undo (words),
// fewest, most.
(() => {
  "use strict";

  const NEW = "__n__"; // the number of the row in the template
  const filled = (sentence, values) => sentence.replace(/%\((\w+)\)s/g, (_all, name) => values[name]);
  const make = (tag, attributes, ...children) => {
    const node = Object.assign(document.createElement(tag), attributes);
    node.append(...children);
    return node;
  };

  class Rows {
    constructor(box) {
      this.form = box.closest("form");
      this.list = box.querySelector("[data-pz-row-list]");
      this.template = box.querySelector("[data-pz-row-template]");
      this.adding = box.querySelector("[data-pz-add-row]");
      this.words = box.dataset;
      this.adding.addEventListener("click", () => this.add());
      this.list.addEventListener("click", ({ target }) => {
        const button = target.closest("[data-pz-take-out]");
        if (button && button.getAttribute("aria-disabled") !== "true") this.takeOut(button.closest("[data-pz-row]"));
      });
      this.list.addEventListener("input", (event) => this.tell(event));
      this.form.addEventListener("pz:restore", (event) => this.restore(event.detail));
      this.form.addEventListener("pz:restored", () => this.tell());
      this.tell();
    }

    // What a kind of rows says about them as they are; `called` is the name of one, `began` fills a new one.
    tell() {
      const count = this.rows().length;
      for (const row of this.rows()) row.querySelector("[data-pz-take-out]").setAttribute("aria-disabled", String(count <= Number(this.words.fewest)));
      this.adding.hidden = count >= Number(this.words.most);
    }
    called() { return ""; }
    began() {}

    rows() { return [...this.list.querySelectorAll(":scope > [data-pz-row]")]; }

    changed() {
      this.tell();
      this.form.dispatchEvent(new CustomEvent("pz:changed"));
      this.list.dispatchEvent(new Event("change", { bubbles: true }));
    }

    add() {
      const row = this.insert(String(1 + Math.max(-1, ...this.numbers())));
      this.began(row);
      this.changed();
      row.querySelector("select").focus();
    }

    // Of those too that were taken out and may come back.
    numbers() { return [...this.list.children].map((node) => Number((node.pzRow ?? node).dataset.pzRow)); }

    insert(number) {
      const made = make("template", { innerHTML: this.template.innerHTML.replaceAll(NEW, number) });
      const row = made.content.querySelector("[data-pz-row]");
      this.list.append(row);
      return row;
    }

    takeOut(row) {
      for (const gone of this.list.querySelectorAll(":scope > .pz-row-gone")) gone.remove();
      const undo = make("button", { type: "button", className: "pz-button pz-button-quiet", textContent: this.words.undo });
      const gone = make("li", { className: "pz-row-gone" }, make("span", { textContent: filled(this.words.removed, { name: this.called(row) }) }), undo);
      gone.pzRow = row;
      undo.addEventListener("click", () => {
        gone.replaceWith(row);
        this.changed();
        row.querySelector("select").focus();
      });
      row.replaceWith(gone);
      this.changed();
      undo.focus();
    }

    // Unsaved work comes back: the rows that it had; their fields are filled after this.
    restore(typed) {
      const numbers = typed.filter(([name]) => name === this.words.rows).map(([_name, number]) => number);
      const byNumber = new Map(this.rows().map((row) => [row.dataset.pzRow, row]));
      this.list.replaceChildren();
      for (const number of numbers) this.list.append(byNumber.get(number) ?? this.insert(number));
    }
  }

  window.pzRows = { Rows, filled };
})();
