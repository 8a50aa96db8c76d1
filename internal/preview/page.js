// Filters for the drawn messages, and a button that copies the command. The page is whole without either.
"use strict";
(() => {
  const form = document.getElementById("filters");
  if (form) {
    const one = (name) => form.elements.namedItem(name);
    const found = document.getElementById("found");
    const none = document.getElementById("none");
    const all = [...document.querySelectorAll("article[data-provider]")].map((el) => ({
      el, provider: el.dataset.provider, message: el.dataset.message, person: el.dataset.person, text: "",
    }));
    const groups = [...document.querySelectorAll(".chat")];
    const apply = () => {
      const terms = one("q").value.toLowerCase().split(/\s+/).filter(Boolean);
      const is = (name, value) => one(name).value === "" || one(name).value === value;
      let n = 0;
      for (const m of all) {
        if (terms.length && !m.text) m.text = (m.el.closest(".chat").dataset.name + " " + m.el.textContent).toLowerCase();
        const show = is("provider", m.provider) && is("message", m.message) && is("person", m.person) &&
          terms.every((t) => m.text.includes(t));
        m.el.hidden = !show;
        if (show) n++;
      }
      for (const g of groups) { // a group takes the room that its messages need
        const left = g.querySelectorAll("article:not([hidden])").length;
        g.hidden = left === 0;
        g.className = "chat " + (left > 2 ? "many" : left > 1 ? "two" : "one");
      }
      found.textContent = n === all.length ? `All ${n} messages` : `${n} of ${all.length} messages`;
      none.hidden = n > 0;
    };
    let wait = 0;
    form.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(apply, 80); });
    form.addEventListener("reset", () => setTimeout(apply));
    form.addEventListener("submit", (e) => { e.preventDefault(); apply(); });
    form.hidden = false;
    apply();
  }

  const copy = document.getElementById("copy");
  const command = document.getElementById("command");
  if (copy && command) {
    const said = document.getElementById("copied");
    copy.addEventListener("click", () => {
      getSelection().selectAllChildren(command);
      let done = false;
      try { done = document.execCommand("copy"); } catch { /* what is selected can still be copied by hand */ }
      said.textContent = done ? "Copied" : "Selected: copy it with your keyboard";
    });
    copy.hidden = false;
  }

  // On paper nothing can be unfolded; what is cut stays cut, tables are shown.
  const folds = document.querySelectorAll("details.table");
  addEventListener("beforeprint", () => { for (const d of folds) { d.dataset.was = d.open; d.open = true; } });
  addEventListener("afterprint", () => { for (const d of folds) d.open = d.dataset.was === "true"; });
})();
