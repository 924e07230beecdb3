// The studio's own script: the condition editor, the live preview, and small conveniences.
// No dependency. Everything works from markup that the server sends; without script the JSON
// text of a condition stays editable.
(() => {
  "use strict";

  const make = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (name in node && name !== "list") node[name] = value;
      else node.setAttribute(name, value);
    }
    node.append(...children.filter((child) => child !== null));
    return node;
  };

  const emptyGroup = () => ({ combinator: "and", not: false, rules: [] });

  // ---------------------------------------------------------------- the condition editor

  class ConditionEditor {
    constructor(holder) {
      this.text = holder.querySelector("textarea");
      this.offer = JSON.parse(document.getElementById(this.text.dataset.offer).textContent);
      this.words = this.offer.words;
      this.canvas = make("div", { className: "pz-condition" });
      this.toggle = make("button", {
        type: "button", className: "pz-link", onclick: () => this.switchToText(),
      });
      holder.append(this.canvas, this.toggle);
      this.read();
      this.text.form?.addEventListener("submit", () => { if (!this.asText) this.write(); });
    }

    read() {
      try {
        this.tree = this.text.value.trim() ? JSON.parse(this.text.value) : emptyGroup();
        this.asText = !(this.tree && Array.isArray(this.tree.rules));
      } catch {
        this.asText = true;
      }
      this.draw();
    }

    switchToText() {
      if (this.asText) { this.read(); return; }
      this.write();
      this.asText = true;
      this.draw();
    }

    write() {
      const says = this.tree.rules.length > 0 || this.tree.not || this.text.required;
      this.text.value = says ? JSON.stringify(this.tree, null, 2) : "";
      this.text.dispatchEvent(new Event("change", { bubbles: true }));
    }

    changed(redraw = false) {
      this.write();
      if (redraw) this.draw();
    }

    draw() {
      this.text.hidden = !this.asText;
      this.canvas.hidden = this.asText;
      this.toggle.textContent = this.asText ? this.words.asForm : this.words.asText;
      if (!this.asText) this.canvas.replaceChildren(this.group(this.tree, this.offer.fields, null));
    }

    group(group, fields, remove) {
      const kind = make("select", {
        ariaLabel: this.words.how,
        onchange: (event) => {
          const value = event.target.value;
          group.combinator = value.endsWith("or") ? "or" : "and";
          group.not = value.startsWith("not-");
          this.changed();
        },
      }, ...Object.entries(this.words.kinds).map(([value, label]) => make("option", { value, textContent: label })));
      kind.value = (group.not ? "not-" : "") + group.combinator;
      const rows = group.rules.map((child, index) => {
        const drop = () => { group.rules.splice(index, 1); this.changed(true); };
        return make("li", {}, Array.isArray(child.rules) ? this.group(child, fields, drop) : this.rule(child, fields, drop));
      });
      const add = (child) => () => { group.rules.push(child()); this.changed(true); };
      return make("fieldset", { className: "pz-group" },
        make("legend", {}, kind, remove ? this.cross(remove, this.words.removeGroup) : null),
        make("ul", {}, ...rows),
        rows.length ? null : make("p", { className: "pz-note", textContent: this.words.empty }),
        make("div", { className: "pz-adders" },
          make("button", { type: "button", className: "pz-adder", textContent: this.words.addRule, onclick: add(() => this.newRule(fields)) }),
          make("button", { type: "button", className: "pz-adder", textContent: this.words.addGroup, onclick: add(emptyGroup) })));
    }

    cross(action, label) {
      return make("button", { type: "button", className: "pz-cross", ariaLabel: label, title: label, textContent: "\u00d7", onclick: action });
    }

    newRule(fields, name = fields[0].name) {
      const field = this.find(fields, name);
      const operator = field.operators[0];
      return { field: name, operator, ...this.start(field, operator) };
    }

    start(field, operator) {
      if (operator === "sequence") {
        return { value: { steps: [this.step(field, "click"), this.step(field, "purchase")], within: "2d", then: "didNot" } };
      }
      if (field.of && operator === "=") {
        return { match: { mode: "atLeast", threshold: 1 }, value: { ...emptyGroup(), rules: [this.newRule(field.of)] } };
      }
      const shape = this.offer.operators[operator].shape;
      if (shape === "none") return { value: null };
      if (shape === "two") return { value: ["", ""] };
      if (shape === "many") return { value: [] };
      if (shape === "duration") return { value: "7d" };
      return { value: field.type === "boolean" ? true : field.choices?.[0]?.[0] ?? "" };
    }

    step(field, type) {
      const first = field.of[0].name;
      const named = field.of.find((inner) => inner.name === "type") ? "type" : first;
      return { ...emptyGroup(), rules: [{ field: named, operator: "=", value: type }] };
    }

    find(fields, name) {
      return fields.find((field) => field.name === name) ?? { name, label: name, type: "string", operators: ["="] };
    }

    rule(rule, fields, remove) {
      const field = this.find(fields, rule.field);
      const which = make("select", {
        ariaLabel: this.words.field,
        onchange: (event) => {
          for (const key of Object.keys(rule)) delete rule[key];
          Object.assign(rule, this.newRule(fields, event.target.value));
          this.changed(true);
        },
      }, ...this.fieldOptions(fields));
      which.value = rule.field;
      const how = make("select", {
        ariaLabel: this.words.operator,
        onchange: (event) => {
          const kept = rule.value;
          const before = this.offer.operators[rule.operator]?.shape;
          const { field: name } = rule;
          for (const key of Object.keys(rule)) delete rule[key];
          Object.assign(rule, { field: name, operator: event.target.value, ...this.start(field, event.target.value) });
          if (!rule.match && before === this.offer.operators[rule.operator].shape) rule.value = kept;
          this.changed(true);
        },
      }, ...field.operators.map((key) => make("option", { value: key, textContent: this.label(field, key) })));
      how.value = rule.operator;
      return make("div", { className: "pz-rule" }, which, how, this.value(rule, field), this.cross(remove, this.words.removeRule));
    }

    label(field, operator) {
      return field.of && operator === "=" ? this.words.behaviour : this.offer.operators[operator].label;
    }

    fieldOptions(fields) {
      const groups = new Map();
      for (const field of fields) {
        if (!groups.has(field.group)) groups.set(field.group, []);
        groups.get(field.group).push(make("option", { value: field.name, textContent: field.label }));
      }
      if (groups.size === 1) return [...groups.values()][0];
      return [...groups].map(([label, options]) => make("optgroup", { label }, ...options));
    }

    value(rule, field) {
      if (rule.operator === "sequence") return this.sequence(rule, field);
      if (rule.match) return this.behaviour(rule, field);
      if (rule.valueSource === "field") return this.input(field, rule.value, (value) => { rule.value = value; });
      const shape = this.offer.operators[rule.operator]?.shape ?? "one";
      if (shape === "none") return make("span");
      if (shape === "two") {
        const ends = Array.isArray(rule.value) ? rule.value : ["", ""];
        return make("span", { className: "pz-pair" },
          this.input(field, ends[0], (value) => { rule.value = [value, rule.value[1]]; }),
          make("span", { textContent: this.words.and }),
          this.input(field, ends[1], (value) => { rule.value = [rule.value[0], value]; }));
      }
      if (shape === "many") return this.many(rule, field);
      if (shape === "duration") return this.duration(rule.value, (value) => { rule.value = value; });
      return this.input(field, rule.value, (value) => { rule.value = value; });
    }

    many(rule, field) {
      const values = Array.isArray(rule.value) ? rule.value : [];
      if (!field.choices?.length) {
        return make("input", {
          type: "text", value: values.join(", "), placeholder: this.words.several, ariaLabel: this.words.value,
          onchange: (event) => {
            rule.value = event.target.value.split(",").map((part) => part.trim()).filter(Boolean)
              .map((part) => (field.type === "number" ? Number(part) : part));
            this.changed();
          },
        });
      }
      return make("span", { className: "pz-choices" }, ...field.choices.map(([value, label]) =>
        make("label", {}, make("input", {
          type: "checkbox", checked: values.includes(value),
          onchange: (event) => {
            const others = rule.value.filter((other) => other !== value);
            rule.value = event.target.checked ? [...others, value] : others;
            this.changed();
          },
        }), ` ${label}`)));
    }

    input(field, value, keep) {
      const store = (next) => { keep(next); this.changed(); };
      if (field.choices?.length || field.type === "boolean") {
        const choices = field.choices?.length ? field.choices : [[true, this.words.yes], [false, this.words.no]];
        const select = make("select", {
          ariaLabel: this.words.value,
          onchange: (event) => store(choices[event.target.selectedIndex][0]),
        }, ...choices.map(([, label]) => make("option", { textContent: label })));
        select.selectedIndex = Math.max(0, choices.findIndex(([choice]) => choice === value));
        return select;
      }
      const type = { number: "number", datetime: "datetime-local" }[field.type] ?? "text";
      const shown = type === "datetime-local" ? String(value ?? "").slice(0, 16) : value ?? "";
      return make("input", {
        type, value: shown, step: "any", ariaLabel: this.words.value,
        onchange: (event) => {
          const raw = event.target.value;
          if (type === "number") store(raw === "" ? "" : Number(raw));
          else store(type === "datetime-local" && raw ? `${raw}:00Z` : raw);
        },
      });
    }

    duration(value, keep) {
      const [, amount = "7", unit = "d"] = /^(\d+)([a-z]+)$/.exec(value ?? "") ?? [];
      const number = make("input", { type: "number", min: "1", value: amount, ariaLabel: this.words.value });
      const units = make("select", { ariaLabel: this.words.unit },
        ...Object.entries(this.words.units).map(([key, label]) => make("option", { value: key, textContent: label })));
      units.value = unit;
      const store = () => { keep(`${number.value || 1}${units.value}`); this.changed(); };
      number.addEventListener("change", store);
      units.addEventListener("change", store);
      return make("span", { className: "pz-pair" }, number, units);
    }

    behaviour(rule, field) {
      const mode = make("select", {
        ariaLabel: this.words.howOften,
        onchange: (event) => {
          const counted = ["atLeast", "atMost", "exactly"].includes(event.target.value);
          rule.match = counted ? { mode: event.target.value, threshold: rule.match.threshold ?? 1 } : { mode: event.target.value };
          this.changed(true);
        },
      }, ...Object.entries(this.words.modes).map(([key, label]) => make("option", { value: key, textContent: label })));
      mode.value = rule.match.mode;
      const times = "threshold" in rule.match ? make("input", {
        type: "number", min: "0", step: "any", value: rule.match.threshold, ariaLabel: this.words.times,
        onchange: (event) => { rule.match.threshold = Number(event.target.value); this.changed(); },
      }) : null;
      const inner = rule.value && Array.isArray(rule.value.rules) ? rule.value : (rule.value = emptyGroup());
      return make("div", { className: "pz-behaviour" },
        make("span", { className: "pz-pair" }, mode, times),
        field.of ? this.group(inner, field.of, null) : null);
    }

    sequence(rule, field) {
      const steps = rule.value.steps.map((step, index) => make("li", {},
        make("span", { className: "pz-note", textContent: index ? this.words.then : this.words.first }),
        this.group(step, field.of, rule.value.steps.length > 2 ? () => { rule.value.steps.splice(index, 1); this.changed(true); } : null)));
      const ending = make("select", {
        ariaLabel: this.words.ending,
        onchange: (event) => { rule.value.then = event.target.value; this.changed(); },
      }, make("option", { value: "did", textContent: this.words.did }), make("option", { value: "didNot", textContent: this.words.didNot }));
      ending.value = rule.value.then;
      return make("div", { className: "pz-behaviour" },
        make("ol", {}, ...steps),
        make("button", {
          type: "button", className: "pz-adder", textContent: this.words.addStep,
          onclick: () => { rule.value.steps.push(this.step(field, "purchase")); this.changed(true); },
        }),
        make("span", { className: "pz-pair" }, make("span", { textContent: this.words.lastStep }), ending,
          make("span", { textContent: this.words.within }),
          this.duration(rule.value.within, (value) => { rule.value.within = value; })));
    }
  }

  // ---------------------------------------------------------------- reading and preview

  const later = (action, wait = 350) => {
    let timer;
    return () => { clearTimeout(timer); timer = setTimeout(action, wait); };
  };

  async function post(form, address) {
    const answer = await fetch(address, {
      method: "POST", body: new FormData(form), headers: { "X-Requested-With": "fetch" },
    });
    return answer.ok ? answer.text() : null;
  }

  function liveReading(place) {
    const form = place.closest("form") ?? document.querySelector("form[id$='_form']");
    const refresh = async () => {
      const html = await post(form, place.dataset.address);
      if (html !== null) place.innerHTML = html;
    };
    form.addEventListener("change", later(refresh));
    refresh();
  }

  function livePreview(place) {
    const form = place.closest("form") ?? document.querySelector("form[id$='_form']");
    const frame = place.querySelector("iframe");
    const refresh = async () => {
      const html = await post(form, place.dataset.address);
      if (html !== null) frame.srcdoc = html;
    };
    for (const button of place.querySelectorAll("[data-width]")) {
      button.addEventListener("click", () => {
        frame.style.maxWidth = button.dataset.width;
        for (const other of place.querySelectorAll("[data-width]")) other.setAttribute("aria-pressed", String(other === button));
      });
    }
    form.addEventListener("input", later(refresh));
    form.addEventListener("change", later(refresh));
    frame.addEventListener("load", () => {
      const height = frame.contentDocument?.documentElement?.scrollHeight;
      if (height) frame.style.height = `${Math.min(height + 4, 900)}px`;
    });
    refresh();
  }

  function copyButton(button) {
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent);
      button.textContent = button.dataset.done;
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const holder of document.querySelectorAll("[data-pz-condition]")) new ConditionEditor(holder);
    for (const place of document.querySelectorAll("[data-pz-reading]")) liveReading(place);
    for (const place of document.querySelectorAll("[data-pz-preview]")) livePreview(place);
    for (const button of document.querySelectorAll("[data-copies]")) copyButton(button);
    for (const form of document.querySelectorAll("form[data-confirm]")) {
      form.addEventListener("submit", (event) => { if (!window.confirm(form.dataset.confirm)) event.preventDefault(); });
    }
  });
})();
