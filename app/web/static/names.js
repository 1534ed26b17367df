/* Names while typing, from our own server; without it the form asks after it was sent. */
(() => {
  "use strict";
  for (const field of document.querySelectorAll("input[data-names]")) {
    const list = document.createElement("datalist");
    list.id = `${field.id}-names`;
    field.after(list);
    field.setAttribute("list", list.id);
    let timer = 0;
    let asked = "";
    const look = async () => {
      const typed = field.value.trim();
      if (typed.length < 2 || typed === asked) return;
      asked = typed;
      try {
        const answer = await fetch(`/names/${field.dataset.names}?q=${encodeURIComponent(typed)}`);
        if (!answer.ok || asked !== typed) return;
        const found = await answer.json();
        list.replaceChildren(
          ...found.map((name) => {
            const option = document.createElement("option");
            option.value = name.value;
            if (name.label) option.label = name.label;
            return option;
          }),
        );
      } catch {
        /* Offline: the form asks after it was sent. */
      }
    };
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(look, 150);
    });
  }
  const summary = document.querySelector(".summary[role=alert]");
  if (summary) summary.focus();
})();
