// Unsaved work is never lost: leaving asks first, and a copy stays in this browser until the server
// says that it was stored. Any form that holds an element [data-pz-unsaved] (with our words) is kept.
//
// Only what the person typed is copied, for a week, under their own number and the page's address.
// Parts that are made by script listen to two events on the form: `pz:restore` comes before the
// fields are filled (detail: [name, value] pairs; `event.waitUntil(promise)` holds it), `pz:restored` after. A script that rewrites fields
// while the page loads sends `pz:pristine` to the form; one whose change makes no event, `pz:changed`.
// A form that comes later is announced to the document with `pz:arrived` (detail: what holds it); it
// names with data-place the address under which it is sent, and stored.
(() => {
  "use strict";

  const WEEK = 7 * 24 * 3600 * 1000;
  const PREFIX = "pz-draft:";
  const NEVER = /^(csrfmiddlewaretoken|opened_at|opened_as|settles|again|take:.*|_.*)$/;
  const person = new URL(document.currentScript.src, location.href).searchParams.get("for") ?? "";
  const nameOf = (address) => `${PREFIX}${person}:${address}`;

  const read = (key) => {
    try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
  };

  function forget(key) {
    try { localStorage.removeItem(key); } catch { /* storage is switched off: nothing was kept */ }
  }

  function keep(key, draft) {
    try { localStorage.setItem(key, JSON.stringify(draft)); } catch { /* full, or switched off */ }
  }

  function dropOld() {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(PREFIX) && !((read(key)?.at ?? 0) > Date.now() - WEEK)) forget(key);
    }
  }

  // The server's word that what was sent from an address is stored: a cookie, read once.
  function takeReceipt() {
    const receipt = /(?:^|; )pz_saved=([^;]+)/.exec(document.cookie);
    if (!receipt) return;
    document.cookie = "pz_saved=; path=/; max-age=0; samesite=lax";
    forget(nameOf(decodeURIComponent(receipt[1])));
  }

  class Keeper {
    constructor(holder) {
      this.words = holder.dataset;
      this.form = holder.closest("form");
      this.place = nameOf(holder.dataset.place ?? `${location.pathname}${location.search}`);
      this.first = this.typed();
      this.isLeaving = false;
      this.note = document.createElement("p");
      this.note.className = "pz-unsaved-note";
      this.note.setAttribute("role", "status");
      const buttons = document.querySelector("#submit-row .container")?.lastElementChild;
      if (buttons) buttons.before(this.note); else this.form.append(this.note);
      this.offer(read(this.place));
      const later = debounced(() => this.look());
      for (const event of ["input", "change", "pz:changed"]) this.form.addEventListener(event, later);
      for (const event of ["online", "offline"]) addEventListener(event, () => this.look());
      this.form.addEventListener("pz:pristine", () => { this.first = this.typed(); });
      this.form.addEventListener("submit", (event) => this.send(event));
      addEventListener("beforeunload", (event) => this.leave(event));
      addEventListener("pageshow", () => { this.isLeaving = false; });
      for (const link of document.querySelectorAll("[data-pz-leave]")) {
        link.addEventListener("click", () => { this.look(); this.isLeaving = true; });
      }
    }

    // The version that the form was filled from, and that whole version.
    get opened() { return ["opened_at", "opened_as"].map((name) => this.form.elements[name]?.value ?? ""); }

    typed() {
      const hidden = (name) => this.form.querySelector(`[name="${CSS.escape(name)}"]`)?.type === "password";
      return [...new FormData(this.form)].filter(([name, value]) => typeof value === "string" && !NEVER.test(name) && !hidden(name));
    }

    get isChanged() { return this.isRefused || JSON.stringify(this.typed()) !== JSON.stringify(this.first); }

    look() {
      const changed = this.isChanged;
      if (changed) keep(this.place, { at: Date.now(), opened: this.opened, typed: this.typed(), labels: this.labels() });
      else if (!this.isOffering) forget(this.place);
      this.note.textContent = changed ? this.state : "";
    }

    get state() { return navigator.onLine ? this.words.kept : this.words.offline; }

    // What a list that is filled from the server shows for its value.
    labels() {
      const lists = [...this.form.querySelectorAll("select")].filter((list) => list.selectedOptions.length);
      return Object.fromEntries(lists.map((list) => [list.name, list.selectedOptions[0].textContent]));
    }

    send(event) {
      this.look();
      if (!navigator.onLine) {
        event.preventDefault();
        this.note.textContent = this.state;
        return;
      }
      this.isLeaving = true;
    }

    leave(event) {
      if (this.isLeaving || !this.form.isConnected) return;
      this.look();
      if (this.isChanged) event.preventDefault();
    }

    offer(draft) {
      if (!draft) return;
      if (same(draft.typed, this.first)) { this.isRefused = true; this.note.textContent = this.words.kept; return; }
      this.isOffering = true;
      const at = new Date(draft.at).toLocaleString(document.documentElement.lang || undefined, { dateStyle: "medium", timeStyle: "short" });
      const bar = document.createElement("div");
      bar.className = "pz-unsaved";
      bar.setAttribute("role", "region");
      bar.setAttribute("aria-label", this.words.bring);
      const said = document.createElement("p");
      said.textContent = this.words.found.replace("%s", at) + (draft.opened?.[0] === this.opened[0] ? "" : ` ${this.words.older}`);
      const close = () => { bar.remove(); this.isOffering = false; };
      bar.append(said,
        button(this.words.bring, "pz-button", () => { close(); this.bring(draft); }),
        button(this.words.drop, "pz-button pz-button-quiet", () => { close(); forget(this.place); }));
      this.form.prepend(bar);
    }

    async bring(draft) {
      const parts = [];
      const coming = new CustomEvent("pz:restore", { detail: draft.typed });
      this.form.dispatchEvent(Object.assign(coming, { waitUntil: (part) => parts.push(part) }));
      await Promise.all(parts);
      const byName = new Map();
      for (const [name, value] of draft.typed) byName.set(name, [...(byName.get(name) ?? []), value]);
      for (const field of this.form.elements) {
        if (!field.name || NEVER.test(field.name) || field.type === "file" || field.type === "password") continue;
        fill(field, byName.get(field.name), draft.labels?.[field.name]);
      }
      // Saving goes against the version that this was written over, so that the server compares.
      for (const [place, name] of ["opened_at", "opened_as"].entries()) {
        if (this.form.elements[name] && draft.opened?.[place]) this.form.elements[name].value = draft.opened[place];
      }
      this.form.dispatchEvent(new CustomEvent("pz:restored", { bubbles: true }));
      this.look();
      this.form.querySelector("input:not([type=hidden]), textarea, select")?.focus();
    }
  }

  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  function fill(field, values = [], label = "") {
    if (field.type === "checkbox" || field.type === "radio") {
      const on = values.includes(field.value);
      if (field.checked === on) return;
      field.checked = on;
    } else if (field.multiple) {
      for (const option of field.options) option.selected = values.includes(option.value);
    } else {
      const value = values.shift() ?? "";
      if (field.value === value) return;
      if (field.tagName === "SELECT" && ![...field.options].some((option) => option.value === value)) {
        field.append(new Option(label || value, value));
      }
      field.value = value;
    }
    for (const event of ["input", "change"]) field.dispatchEvent(new Event(event, { bubbles: true }));
    globalThis.django?.jQuery?.(field).trigger("change.select2");
  }

  function button(text, className, onclick) {
    const made = document.createElement("button");
    Object.assign(made, { type: "button", textContent: text, className, onclick });
    return made;
  }

  function debounced(action, wait = 400) {
    let timer;
    return () => { clearTimeout(timer); timer = setTimeout(action, wait); };
  }

  const keepers = new WeakMap();

  function keepIn(root) {
    takeReceipt();
    for (const holder of root.querySelectorAll("form [data-pz-unsaved]")) {
      if (!keepers.has(holder)) keepers.set(holder, new Keeper(holder));
    }
  }

  document.addEventListener("pz:arrived", (event) => keepIn(event.detail));
  document.addEventListener("DOMContentLoaded", () => {
    dropOld();
    keepIn(document);
    document.getElementById("pz-conflict")?.focus();
  });
})();
