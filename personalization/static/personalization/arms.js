// The arms of an experiment: rows (rows.js) whose shares must make 100.
(() => {
  "use strict";

  const LETTERS = "abcdefghijklmnopqrstuvwxyz";
  const brief = (number) => String(Number(number.toPrecision(6)));

  class Arms extends window.pzRows.Rows {
    // What each gets where nothing is typed, and what they make together.
    tell() {
      super.tell();
      const rows = this.rows();
      const fields = rows.map((row) => row.querySelector("[data-pz-arm-share]"));
      const typed = fields.map((field) => field.value.trim().replace(",", ".").replace(/%$/, "")).filter(Boolean).map(Number);
      const sum = typed.reduce((all, share) => all + share, 0);
      const isEqual = !typed.length;
      const rest = Math.max(0, 100 - sum) / Math.max(1, rows.length - typed.length);
      for (const field of fields) field.placeholder = brief(isEqual ? 100 / rows.length : rest);
      const isWrong = typed.length === rows.length && !(Math.abs(sum - 100) <= 0.1);
      this.list.parentElement.querySelector("[data-pz-arms-said]").textContent =
        isWrong ? window.pzRows.filled(this.words.sum, { sum: Number.isFinite(sum) ? brief(sum) : "?" }) : "";
    }

    called(row) { return row.querySelector("[data-pz-arm-key]").value.trim(); }

    began(row) {
      const keys = this.rows().filter((other) => other !== row).map((other) => this.called(other));
      row.querySelector("[data-pz-arm-key]").value = [...LETTERS].find((letter) => !keys.includes(letter)) ?? "";
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const box of document.querySelectorAll("[data-pz-arms]")) new Arms(box);
  });
})();
