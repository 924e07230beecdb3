// The page of a journey: stages as cards that are added, ordered and taken out, and the drawing that
// follows them. Without script the cards that are there can be edited, with all their parts shown.
(() => {
  "use strict";

  const NEW = "__n__"; // the number of the card in the template
  const filled = (sentence, values) => sentence.replace(/%\((\w+)\)s/g, (_all, name) => values[name]);
  const make = (tag, attributes, ...children) => {
    const node = Object.assign(document.createElement(tag), attributes);
    node.append(...children);
    return node;
  };

  // ---------------------------------------------------------------- one card

  // Which stages it comes from and leads to is remembered by number, also while such a stage is out.
  class Card {
    constructor(node) {
      this.node = node;
      this.number = node.dataset.pzStage;
      this.name = node.querySelector("[data-pz-stage-name]");
      this.origins = node.querySelector("[data-pz-origins]");
      this.to = node.querySelector("[data-pz-to]");
      this.buttons = [...node.querySelectorAll("[data-pz-move]")];
      this.from = new Set([...this.origins.querySelectorAll(":checked")].map((box) => box.value));
      this.onward = this.to.value;
      this.origins.addEventListener("change", ({ target }) => {
        if (target.checked) this.from.add(target.value); else this.from.delete(target.value);
      });
      this.to.addEventListener("change", () => { this.onward = this.to.value; });
    }

    // Only the parts that belong to what is chosen under "When".
    show(isAlone) {
      for (const choice of this.node.querySelectorAll("[data-pz-how]")) {
        for (const part of choice.closest("fieldset").querySelectorAll("[data-pz-if]")) {
          part.hidden = !part.dataset.pzIf.split(" ").includes(choice.value);
        }
      }
      if (isAlone) this.origins.parentElement.hidden = true;
    }

    offer(others, called, out) {
      this.origins.replaceChildren(...others.map((other) => this.tick(other, called(other))));
      this.to.replaceChildren(new Option(out, ""), ...others.map((other) => new Option(called(other), other.number)));
      this.to.value = others.some((other) => other.number === this.onward) ? this.onward : "";
    }

    tick(other, label) {
      const box = make("input", { type: "checkbox", name: this.origins.dataset.name, value: other.number, checked: this.from.has(other.number) });
      return make("label", {}, box, " ", make("span", { textContent: label }));
    }

    rename(number, label) {
      for (const box of this.origins.querySelectorAll("input")) {
        if (box.value === number) box.parentElement.querySelector("span").textContent = label;
      }
      for (const option of this.to.options) if (option.value === number) option.textContent = label;
    }
  }

  // ---------------------------------------------------------------- all of them, in order

  class Stages {
    constructor(box) {
      this.form = box.closest("form");
      this.list = box.querySelector("[data-pz-stage-cards]");
      this.template = box.querySelector("[data-pz-stage-template]");
      this.said = box.querySelector("[data-pz-stage-said]");
      this.words = box.dataset;
      this.known = new Map(); // node -> card, also of those that were taken out
      box.querySelector("[data-pz-add-stage]").addEventListener("click", () => this.add());
      box.addEventListener("input", ({ target }) => { if (target.matches("[data-pz-stage-name]")) this.rename(target); });
      box.addEventListener("change", ({ target }) => { if (target.matches("[data-pz-how]")) this.show(); });
      this.form.addEventListener("pz:restore", (event) => this.restore(event.detail));
      this.form.addEventListener("pz:restored", () => this.show());
      for (const node of this.nodes()) this.take(node);
      this.show();
      this.limit();
    }

    nodes() { return [...this.list.querySelectorAll(":scope > [data-pz-stage]")]; }
    cards() { return this.nodes().map((node) => this.known.get(node)); }

    take(node) {
      const card = new Card(node);
      this.known.set(node, card);
      for (const button of card.buttons) button.addEventListener("click", () => this.move(card, button));
      node.querySelector("[data-pz-take-out]").addEventListener("click", () => this.takeOut(card));
      return card;
    }

    called(card) {
      const place = this.cards().indexOf(card) + 1;
      return card.name.value.trim() || card.name.placeholder || `${this.words.stage} ${place}`;
    }

    show() {
      const cards = this.cards();
      for (const card of cards) card.show(cards.length < 2);
    }

    // The buttons that lead nowhere say so, and keep the focus.
    limit() {
      const nodes = this.nodes();
      for (const [place, card] of this.cards().entries()) {
        for (const button of card.buttons) button.setAttribute("aria-disabled", String(!nodes[place + Number(button.dataset.pzMove)]));
      }
    }

    // After a card came, went or moved; the server reads the order, so the form is told of it.
    arrange() {
      const cards = this.cards();
      for (const card of cards) {
        card.offer(cards.filter((other) => other !== card), (other) => this.called(other), this.words.out);
      }
      this.show();
      this.limit();
      this.form.dispatchEvent(new CustomEvent("pz:changed"));
    }

    rename(field) {
      const renamed = this.known.get(field.closest("[data-pz-stage]"));
      for (const card of this.cards()) card.rename(renamed.number, this.called(renamed));
    }

    // A new stage begins as one into which visitors come from the last one.
    add() {
      const last = this.cards().at(-1);
      const card = this.insert(this.free());
      if (last) card.from.add(last.number);
      this.arrange();
      this.said.textContent = "";
      card.node.scrollIntoView({ block: "nearest" });
      card.name.focus();
    }

    free() { return String(1 + Math.max(-1, ...[...this.known.values()].map((card) => Number(card.number)))); }

    // `typed`: what its conditions say already; the builder reads them as it starts.
    insert(number, typed = []) {
      const made = make("template", { innerHTML: this.template.innerHTML.replaceAll(NEW, number) });
      const node = made.content.querySelector("[data-pz-stage]");
      this.list.append(node);
      for (const area of node.querySelectorAll("[data-pz-condition] textarea")) {
        area.value = typed.find(([name]) => name === area.name)?.[1] ?? "";
      }
      node.dispatchEvent(new CustomEvent("formset:added", { bubbles: true })); // the builder's cue
      return this.take(node);
    }

    move(card, button) {
      const nodes = this.nodes();
      const place = nodes.indexOf(card.node) + Number(button.dataset.pzMove);
      if (!nodes[place]) return;
      if (button.dataset.pzMove === "1") nodes[place].after(card.node); else nodes[place].before(card.node);
      this.arrange();
      button.focus();
      this.said.textContent = filled(this.words.moved, { stage: this.called(card), place: place + 1, count: nodes.length });
    }

    // Where it stood there is a way back, until the next one goes.
    takeOut(card) {
      for (const gone of this.list.querySelectorAll(":scope > [data-pz-gone]")) gone.remove();
      const said = make("span", { id: "pz-stage-gone", textContent: filled(this.words.removed, { stage: this.called(card) }) });
      const undo = make("button", { type: "button", className: "pz-button pz-button-quiet", textContent: this.words.undo });
      undo.setAttribute("aria-describedby", said.id);
      const gone = make("li", { className: "pz-stage-gone" }, said, undo);
      gone.dataset.pzGone = "";
      undo.addEventListener("click", () => {
        gone.replaceWith(card.node);
        this.arrange();
        card.name.focus();
      });
      card.node.replaceWith(gone);
      this.said.textContent = "";
      this.arrange();
      undo.focus();
    }

    // Unsaved work comes back: the cards that it had, in its order; its fields are filled after this.
    restore(typed) {
      const numbers = typed.filter(([name]) => name === "stage").map(([_name, number]) => number);
      for (const gone of this.list.querySelectorAll(":scope > [data-pz-gone]")) gone.remove();
      const byNumber = new Map(this.cards().map((card) => [card.number, card]));
      for (const node of this.nodes()) if (!numbers.includes(node.dataset.pzStage)) node.remove();
      for (const number of numbers) this.list.append((byNumber.get(number) ?? this.insert(number, typed)).node);
      this.arrange();
    }
  }

  // ---------------------------------------------------------------- the drawing

  class Picture {
    constructor(node, form) {
      this.node = node;
      this.form = form;
      for (const event of ["input", "change", "pz:changed", "pz:restored"]) {
        form.addEventListener(event, () => { clearTimeout(this.timer); this.timer = setTimeout(() => this.draw(), 600); });
      }
      if (document.querySelector(".errornote")) this.draw(); // a form that came back is not what is stored
    }

    // What cannot be drawn yet leaves the drawing as it was.
    async draw() {
      this.asked?.abort();
      const asked = this.asked = new AbortController();
      const body = new FormData(this.form);
      let drawn = "";
      try {
        const answer = await fetch(this.node.dataset.address, { method: "POST", body, signal: asked.signal, headers: { "X-Requested-With": "fetch" } });
        if (answer.ok && answer.status !== 204) drawn = await answer.text();
      } catch (error) {
        if (error.name === "AbortError") return; // a newer one is on its way
      }
      this.node.classList.toggle("pz-journey-old", !drawn);
      if (drawn) this.put(drawn);
    }

    // It stays scrolled, folded and focused as it was.
    put(drawn) {
      const box = (of) => of.querySelector(".pz-flow-box");
      const old = { left: box(this.node)?.scrollLeft ?? 0, top: box(this.node)?.scrollTop ?? 0, isOpen: this.node.querySelector("details")?.open ?? true, isFocused: document.activeElement === box(this.node) };
      this.node.replaceChildren(...make("template", { innerHTML: drawn }).content.firstElementChild.childNodes);
      const words = this.node.querySelector("details");
      if (words) words.open = old.isOpen;
      if (!box(this.node)) return;
      box(this.node).scrollTo(old.left, old.top);
      if (old.isFocused) box(this.node).focus();
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    const box = document.querySelector("[data-pz-stages]");
    const picture = document.querySelector("[data-pz-picture]");
    if (!box) return;
    const stages = new Stages(box);
    if (picture) new Picture(picture, stages.form);
    const wrong = document.getElementById("pz-conflict") ? null : box.querySelector(".pz-stage-wrong");
    wrong?.focus({ preventScroll: true });
    wrong?.scrollIntoView({ block: "center" });
  });
})();
