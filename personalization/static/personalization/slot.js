// The page of a slot: cards moved by pointer or keyboard and saved as one order, switches, whom each
// rule reaches, and the picture through somebody's eyes. Without script the buttons of each card
// still move and switch it, one step a page.
(() => {
  "use strict";

  const fetched = { "X-Requested-With": "fetch" };
  const later = (action, wait) => {
    let timer;
    return () => { clearTimeout(timer); timer = setTimeout(action, wait); };
  };
  const make = (tag, attributes, ...children) => {
    const node = Object.assign(document.createElement(tag), attributes);
    node.append(...children);
    return node;
  };
  const filled = (sentence, values) => sentence.replace(/%\((\w+)\)s/g, (_all, name) => values[name]);

  // ---------------------------------------------------------------- the order of the cards

  class Stack {
    constructor(page, words, refresh) {
      this.page = page;
      this.list = page.querySelector("[data-pz-cards]");
      this.form = page.querySelector("#pz-order");
      this.said = page.querySelector("[data-pz-said]");
      this.quarrel = page.querySelector("[data-pz-conflict]");
      this.words = words;
      this.refresh = refresh;
      this.address = page.dataset.order;
      this.stored = this.keys();
      this.saveSoon = later(() => this.save(), 700);
      for (const card of this.cards()) this.enable(card);
      addEventListener("beforeunload", (event) => { if (this.isUnsaved) event.preventDefault(); });
    }

    cards() { return [...this.list.children]; }
    keys() { return this.cards().map((card) => card.dataset.key); }
    get isUnsaved() { return this.keys().join() !== this.stored.join(); }

    enable(card) {
      const handle = card.querySelector("[data-pz-handle]");
      if (!handle) return;
      handle.hidden = false;
      handle.addEventListener("keydown", (event) => {
        const step = { ArrowUp: -1, ArrowDown: 1, Home: -this.cards().length, End: this.cards().length }[event.key];
        if (step === undefined) return;
        event.preventDefault();
        this.step(card, step);
        handle.focus();
      });
      handle.addEventListener("pointerdown", (event) => new Drag(this, card, handle, event));
      for (const button of card.querySelectorAll("[data-pz-step]")) {
        button.addEventListener("click", (event) => {
          event.preventDefault();
          this.step(card, Number(button.dataset.pzStep));
          button.focus();
        });
      }
    }

    step(card, step) {
      const here = this.cards().indexOf(card);
      this.put(card, Math.max(0, Math.min(this.cards().length - 1, here + step)));
    }

    put(card, place) {
      const here = this.cards().indexOf(card);
      if (place !== here) {
        const before = this.cards()[place > here ? place + 1 : place] ?? null;
        // moveBefore keeps focus and the pictures in their frames; where it is missing they reload
        if (this.list.moveBefore) this.list.moveBefore(card, before); else this.list.insertBefore(card, before);
        this.number();
      }
      this.say(filled(this.words.moved, { rule: card.dataset.name, place: place + 1, count: this.cards().length }));
      this.saveSoon();
    }

    number() {
      for (const [place, card] of this.cards().entries()) card.querySelector("[data-pz-number]")?.replaceChildren(String(place + 1));
    }

    arrange(keys) {
      const byKey = new Map(this.cards().map((card) => [card.dataset.key, card]));
      this.list.append(...keys.map((key) => byKey.get(key)).filter(Boolean));
      this.number();
    }

    say(text, ...more) { this.said.replaceChildren(text, ...more); }

    async save(undoing = false) {
      if (!this.isUnsaved || this.isSaving) return;
      this.isSaving = true;
      const before = this.stored;
      const wanted = this.keys();
      const answer = await this.post(before, wanted);
      this.isSaving = false;
      if (answer === null) { this.offerAgain(); return; }
      if (answer.status === 409) { this.choose(answer.theirs ?? [], wanted, answer.detail); return; }
      if (answer.status !== 200) { this.arrange(before); this.say(answer.detail); return; }
      this.stored = wanted;
      this.remember(wanted);
      tellDiffering(this.page, answer);
      const undo = make("button", { type: "button", className: "pz-undo-button", textContent: this.words.undo });
      undo.addEventListener("click", () => { this.arrange(before); this.save(true); });
      this.say(undoing ? this.words.undone : answer.detail, " ", ...(undoing ? [] : [undo]));
      this.refresh();
      if (this.isUnsaved) this.saveSoon();
    }

    async post(seen, order) {
      const body = new FormData(this.form);
      body.delete("seen");
      for (const key of seen) body.append("seen", key);
      for (const key of order) body.append("order", key);
      try {
        const answer = await fetch(this.address, { method: "POST", body, headers: fetched });
        return { status: answer.status, ...(await answer.json()) };
      } catch {
        return null;
      }
    }

    // The form without script starts from what is stored, too.
    remember(keys) {
      for (const [place, field] of this.form.querySelectorAll("[name=seen]").entries()) field.value = keys[place];
    }

    offerAgain() {
      const again = make("button", { type: "button", className: "pz-undo-button", textContent: this.words.again });
      again.addEventListener("click", () => this.save());
      this.say(this.words.failed, " ", again);
    }

    // Somebody else was faster: both orders are shown, and nothing is lost until one is chosen.
    choose(theirs, wanted, detail) {
      const names = new Map([...this.cards().map((card) => [card.dataset.key, card.dataset.name]), ...theirs.map((each) => [each.key, each.name])]);
      const there = theirs.map((each) => each.key);
      const mine = [...wanted.filter((key) => there.includes(key)), ...there.filter((key) => !wanted.includes(key))];
      const side = (title, keys, label, action) => make("div", { className: "pz-order-side" },
        make("h3", { textContent: title }),
        make("ol", {}, ...keys.map((key) => make("li", { textContent: names.get(key) ?? key }))),
        Object.assign(make("button", { type: "button", className: "pz-button pz-button-quiet", textContent: label }), { onclick: action }));
      const take = async (keys) => {
        const answer = keys === mine ? await this.post(there, keys) : { status: 200 };
        if (answer === null) { this.offerAgain(); return; }
        if (answer.status === 409) { this.choose(answer.theirs ?? [], wanted, answer.detail); return; }
        this.stored = this.keys(); // what is on the page is settled; it is loaded anew with their cards
        location.reload();
      };
      const box = make("div", { className: "pz-order-conflict", tabIndex: -1 },
        make("p", { textContent: detail }),
        make("div", { className: "pz-order-sides" },
          side(this.words.theirs, there, this.words.taketheirs, () => take(there)),
          side(this.words.mine, mine, this.words.takemine, () => take(mine))));
      box.setAttribute("role", "alertdialog");
      box.setAttribute("aria-label", detail);
      this.quarrel.replaceChildren(box);
      this.say("");
      box.focus();
    }
  }

  // While a card is dragged the others make room by transforms; only dropping it changes the page.
  class Drag {
    constructor(stack, card, handle, event) {
      if (event.button !== 0) return;
      event.preventDefault();
      handle.focus();
      Object.assign(this, { stack, card, handle, cards: stack.cards(), startY: event.pageY });
      this.from = this.to = this.cards.indexOf(card);
      this.boxes = this.cards.map((each) => ({ top: each.offsetTop, height: each.offsetHeight }));
      this.gap = this.boxes.length > 1 ? this.boxes[1].top - this.boxes[0].top - this.boxes[0].height : 0;
      handle.setPointerCapture(event.pointerId);
      this.stop = new AbortController();
      const options = { signal: this.stop.signal };
      handle.addEventListener("pointermove", (moved) => this.move(moved), options);
      handle.addEventListener("pointerup", () => this.drop(), options);
      handle.addEventListener("pointercancel", () => this.end(), options);
      document.addEventListener("keydown", (pressed) => { if (pressed.key === "Escape") this.end(); }, options);
      stack.list.classList.add("pz-dragging");
      card.classList.add("pz-dragged");
    }

    move(event) {
      const by = event.pageY - this.startY;
      const mine = this.boxes[this.from];
      this.to = this.place(mine.top + by, mine.top + mine.height + by);
      for (const [index, card] of this.cards.entries()) card.style.transform = this.shift(index, by, mine.height + this.gap);
      const edge = 80;
      if (event.clientY < edge) scrollBy(0, -12);
      if (event.clientY > innerHeight - edge) scrollBy(0, 12);
    }

    // A card is passed once the edge that leads has reached the middle of it.
    place(top, bottom) {
      const passed = (box, index) => {
        const middle = box.top + box.height / 2;
        return index < this.from ? top >= middle : index > this.from && bottom > middle;
      };
      return this.boxes.filter(passed).length;
    }

    shift(index, by, height) {
      if (index === this.from) return `translateY(${by}px)`;
      if (index > this.from && index <= this.to) return `translateY(${-height}px)`;
      if (index < this.from && index >= this.to) return `translateY(${height}px)`;
      return "";
    }

    drop() {
      this.end();
      if (this.to !== this.from) this.stack.put(this.card, this.to);
      this.handle.focus();
    }

    end() {
      this.stop.abort();
      for (const card of this.cards) card.style.transform = "";
      this.stack.list.classList.remove("pz-dragging");
      this.card.classList.remove("pz-dragged");
    }
  }

  // ---------------------------------------------------------------- switches, reach, picture

  /** Whether pages show something else than what stands here. */
  function tellDiffering(page, answer) {
    page.querySelector("[data-pz-differs]").hidden = !answer.differs;
  }

  function switches(page, say, refresh) {
    for (const form of page.querySelectorAll("[data-pz-switch]")) {
      form.addEventListener("submit", async (event) => {
        event.preventDefault();
        const button = form.querySelector("button");
        const body = new FormData(form);
        body.set("on", button.value);
        let answer = null;
        try {
          const sent = await fetch(form.action, { method: "POST", body, headers: fetched });
          answer = { status: sent.status, ...(await sent.json()) };
        } catch { /* told below: the plain form would lose the page */ }
        if (answer?.status !== 200) { say(answer?.detail ?? page.querySelector("[data-pz-words]").dataset.failed); return; }
        button.value = answer.on ? "0" : "1";
        button.setAttribute("aria-checked", String(answer.on));
        const card = form.closest(".pz-rule-card");
        card.classList.toggle("pz-rule-off", answer.isQuiet);
        const state = card.querySelector("[data-pz-state]");
        state.textContent = answer.words;
        state.className = `pz-label pz-state-${answer.state}`;
        const mark = card.querySelector("[data-pz-mark]");
        mark.textContent = answer.mark;
        mark.hidden = !answer.mark;
        tellDiffering(page, answer);
        say(answer.detail);
        refresh();
      });
    }
  }

  async function reach(page, words) {
    const places = [...page.querySelectorAll("[data-pz-reach], [data-pz-test]")];
    const sample = page.querySelector("[data-pz-sample]");
    sample.textContent = words.asking;
    let found;
    try {
      const answer = await fetch(page.dataset.reach, { headers: fetched });
      found = await answer.json();
      if (!answer.ok) throw new Error(found.refusal);
    } catch (error) {
      sample.textContent = `${words.silent} ${error.message ?? ""}`;
      for (const place of places) place.replaceChildren();
      return;
    }
    sample.textContent = `${found.sample} ${found.held_out}`;
    page.querySelector("[data-pz-default]").textContent = found.default;
    for (const place of page.querySelectorAll("[data-pz-test]")) place.textContent = found.tests[place.dataset.pzTest] ?? "";
    for (const place of page.querySelectorAll("[data-pz-reach]")) place.replaceChildren(...said(found.rules[place.dataset.pzReach]));
  }

  function* said(rule) {
    if (!rule) return;
    if (rule.warning) {
      yield make("span", { className: "pz-unreachable" }, make("span", { className: "material-symbols-outlined", ariaHidden: "true", textContent: "visibility_off" }), rule.warning);
      return;
    }
    const share = Number.parseInt(rule.share.replace("<", ""), 10);
    if (rule.share) {
      const bar = make("span", { className: "pz-bar", ariaHidden: "true" }, make("span"));
      bar.firstChild.style.width = `${rule.share.startsWith("<") ? Math.min(share, 1) : share || 0}%`;
      yield bar;
    }
    yield make("span", { textContent: rule.said });
  }

  function eyes(page) {
    const form = page.querySelector("[data-pz-eyes]");
    const frame = page.querySelector("[data-pz-frame]");
    const look = () => { frame.src = `${page.dataset.picture}?${new URLSearchParams(new FormData(form))}`; };
    const fit = () => {
      const height = frame.contentDocument?.documentElement?.scrollHeight;
      if (height) frame.style.height = `${Math.min(Math.max(height, 120), 900)}px`;
    };
    form.addEventListener("change", look);
    form.addEventListener("submit", (event) => { event.preventDefault(); look(); });
    frame.addEventListener("load", fit);
    if (frame.contentDocument?.readyState === "complete") fit();
    return look;
  }

  document.addEventListener("DOMContentLoaded", () => {
    const page = document.querySelector("[data-pz-slot]");
    if (!page) return;
    const words = page.querySelector("[data-pz-words]").dataset;
    const look = eyes(page);
    const refresh = () => { look(); reach(page, words); };
    const stack = page.querySelector("#pz-order") ? new Stack(page, words, refresh) : null;
    switches(page, (text) => stack?.say(text), refresh);
    reach(page, words);
  });
})();
