/* The pages of the workbench: images when they come near, boxes that can be moved, words that can be chosen. */
"use strict";
window.caseguidePages = (bench, { chooseFact, saveBox, propose, say }) => {
  const SVG = "http://www.w3.org/2000/svg";
  const SMALLEST = 4;
  const ROOM = 1.5;
  const sheets = bench.querySelector("[data-sheets]");
  const bar = bench.querySelector("[data-pagebar]");
  const movingBar = bench.querySelector("[data-moving]");
  const chooser = bench.querySelector("[data-choose]");
  const leaves = [...bench.querySelectorAll(".leaf")];
  const known = new Map();
  const drawn = new Set();
  let zoom = 1;
  let moving = null;
  let picking = null;

  const leafOf = (name) => leaves.find((l) => l.dataset.leaf === name);
  const svgOf = (leaf) => leaf.querySelector("svg");
  const make = (name, values) => {
    const made = document.createElementNS(SVG, name);
    for (const [k, v] of Object.entries(values)) made.setAttribute(k, v);
    return made;
  };
  const put = (rect, [x0, y0, x1, y1]) => {
    for (const [k, v] of Object.entries({ x: x0, y: y0, width: Math.max(x1 - x0, 0), height: Math.max(y1 - y0, 0) })) rect.setAttribute(k, v);
  };
  function at(svg, event) {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    return [point.x, point.y];
  }

  // Images: fetched when they come near, so that a long document opens at once.
  const near = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) {
      if (!isIntersecting) continue;
      const picture = target.querySelector("image");
      picture.setAttribute("href", picture.dataset.href);
      near.unobserve(target);
    }
  }, { root: sheets, rootMargin: "600px" });
  const looking = new IntersectionObserver((seen) => {
    const first = seen.filter((s) => s.isIntersecting).sort((a, b) => b.intersectionRatio - a.intersectionRatio)[0];
    if (first && document.activeElement !== bar.elements.page) showPage(first.target.dataset.leaf);
  }, { root: sheets, threshold: [0.3, 0.6] });
  leaves.forEach((leaf) => { near.observe(leaf); looking.observe(leaf); });

  function showPage(name) {
    bar.elements.page.value = name;
    const option = bar.elements.page.selectedOptions[0];
    const unreadable = option && "unreadable" in option.dataset;
    bar.querySelector("[data-readable='1']").hidden = unreadable;
    bar.querySelector("[data-readable='0']").hidden = !unreadable;
  }
  bar.elements.page.addEventListener("change", () => {
    const leaf = leafOf(bar.elements.page.value);
    if (leaf) sheets.scrollTop = leaf.offsetTop - sheets.offsetTop;
    showPage(bar.elements.page.value);
  });
  bench.querySelector("[data-zooms]").hidden = false;
  bar.addEventListener("click", (event) => {
    const by = event.target.closest("[data-zoom]");
    if (!by) return;
    zoom = Math.min(3, Math.max(0.5, zoom + 0.25 * Number(by.dataset.zoom)));
    sheets.style.setProperty("--zoom", zoom);
    say(`${Math.round(zoom * 100)} percent`);
  });

  // Boxes: drawn from the places that each field tells.
  function draw(fact) {
    if (drawn.has(fact.dataset.key)) marksOf(fact.dataset.key).forEach((m) => m.remove());
    drawn.add(fact.dataset.key);
    for (const place of fact.querySelectorAll("template.spot")) {
      const leaf = leafOf(place.dataset.leaf);
      if (!leaf) continue;
      const mark = make("rect", { class: "mark", rx: 2, "data-fact": fact.dataset.key });
      put(mark, place.dataset.box.split(" ").map(Number));
      svgOf(leaf).append(mark);
    }
  }
  const marksOf = (key) => [...bench.querySelectorAll(".mark")].filter((m) => m.dataset.fact === key);
  function highlight(key) {
    bench.querySelectorAll(".mark.on").forEach((m) => m.classList.remove("on"));
    const marks = marksOf(key);
    marks.forEach((m) => m.classList.add("on"));
    if (!marks[0]) return;
    const box = marks[0].getBoundingClientRect();
    const frame = sheets.getBoundingClientRect();
    if (box.top < frame.top + 20 || box.bottom > frame.bottom - 20) sheets.scrollTop += box.top - frame.top - frame.height / 2;
    if (box.left < frame.left || box.right > frame.right) sheets.scrollLeft += box.left - frame.left - 40;
    showPage(marks[0].closest(".leaf").dataset.leaf);
  }
  const boxOf = (rect) => {
    const [x, y, w, h] = ["x", "y", "width", "height"].map((k) => Number(rect.getAttribute(k)));
    return [x, y, x + w, y + h];
  };

  function beginMove(key) {
    const mark = marksOf(key)[0];
    if (!mark) return say("This field has no place on a page.");
    if (moving && moving.mark === mark) return;
    leaveMove();
    const leaf = mark.closest(".leaf");
    moving = { key, mark, leaf, was: boxOf(mark), grip: make("rect", { class: "grip" }) };
    svgOf(leaf).append(moving.grip);
    mark.classList.add("moving");
    movingBar.hidden = false;
    place(moving.was);
    leaf.tabIndex = -1;
    leaf.focus({ preventScroll: true });
    say("Moving the box. Arrow keys move it, with Shift they change its size, Enter saves, Escape cancels.");
  }
  function place(box) {
    const [width, height] = ["width", "height"].map((k) => Number(svgOf(moving.leaf).getAttribute(k)));
    let [x0, y0, x1, y1] = box;
    x0 = Math.min(Math.max(x0, 0), width - SMALLEST);
    y0 = Math.min(Math.max(y0, 0), height - SMALLEST);
    x1 = Math.min(Math.max(x1, x0 + SMALLEST), width);
    y1 = Math.min(Math.max(y1, y0 + SMALLEST), height);
    moving.box = [x0, y0, x1, y1].map((v) => Math.round(v * 100) / 100);
    put(moving.mark, moving.box);
    put(moving.grip, [x1 - 4, y1 - 4, x1 + 4, y1 + 4]);
  }
  function leaveMove() {
    if (!moving) return;
    put(moving.mark, moving.was);
    endMove();
  }
  function endMove() {
    moving.grip.remove();
    moving.mark.classList.remove("moving");
    movingBar.hidden = true;
    const key = moving.key;
    moving = null;
    chooseFact(key);
  }
  async function finishMove() {
    const { key, leaf, box, was } = moving;
    if (box.join() === was.join()) return leaveMove();
    const inside = (await wordsOf(leaf)).filter((w) => holds(box, w.box));
    if (!inside.length && known.has(leaf.dataset.leaf)) {
      say("No word was read there. Put the box around the words that say it.");
      return;
    }
    endMove();
    saveBox(key, `${leaf.dataset.leaf}:${box.join(":")}:box`, inside.map((w) => w.text).join(" "));
  }
  movingBar.querySelector("[data-save-box]").addEventListener("click", finishMove);
  movingBar.querySelector("[data-leave-box]").addEventListener("click", leaveMove);
  const holds = ([x0, y0, x1, y1], [a, b, c, d]) => (a + c) / 2 >= x0 && (a + c) / 2 <= x1 && (b + d) / 2 >= y0 && (b + d) / 2 <= y1;

  // Words: fetched for the page that somebody works on, and for no other.
  async function wordsOf(leaf) {
    const name = leaf.dataset.leaf;
    if (!known.has(name)) {
      const answer = await fetch(`/desk/${bench.dataset.record}/pages/${name.replace(":", "/")}/words`).catch(() => null);
      if (!answer || !answer.ok) return [];
      const { lines } = await answer.json();
      known.set(name, lines.flatMap((line, row) => line.map(([text, ...box]) => ({ text, box, row }))));
    }
    return known.get(name);
  }
  const joined = (words) => words.map((w) => w.box).reduce((a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])]);
  function showChosen(leaf, words) {
    bench.querySelectorAll(".picked").forEach((p) => p.remove());
    for (const word of words) {
      const rect = make("rect", { class: "picked" });
      const [x0, y0, x1, y1] = word.box;
      put(rect, [x0 - ROOM, y0 - ROOM, x1 + ROOM, y1 + ROOM]);
      svgOf(leaf).append(rect);
    }
  }
  function offer(leaf, words) {
    if (!words.length) return;
    const box = joined(words).map((v) => Math.round(v * 100) / 100);
    propose(words.map((w) => w.text).join(" "), `${leaf.dataset.leaf}:${box.join(":")}:box`);
  }

  async function beginPicking(leaf, near_) {
    const words = await wordsOf(leaf);
    if (!words.length) return say("No words were read on this page.");
    const start = near_ ? words.findIndex((w) => holds(near_, w.box)) : 0;
    picking = { leaf, words, from: Math.max(start, 0), to: Math.max(start, 0) };
    leaf.tabIndex = -1;
    leaf.focus({ preventScroll: true });
    showPicked("Choosing words. Arrow keys go on, with Shift they take more words, Enter proposes a field, Escape leaves. ");
  }
  function picked() {
    const [a, b] = [picking.from, picking.to].sort((x, y) => x - y);
    return picking.words.slice(a, b + 1);
  }
  function showPicked(before = "") {
    const words = picked();
    showChosen(picking.leaf, words);
    const rect = svgOf(picking.leaf).querySelector(".picked");
    if (rect) rect.scrollIntoView({ block: "nearest", inline: "nearest" });
    say(before + words.map((w) => w.text).join(" "));
  }
  function leavePicking() {
    picking = null;
    bench.querySelectorAll(".picked").forEach((p) => p.remove());
  }
  function goWord(key, more) {
    const { words, to } = picking;
    const row = words[to].row;
    const middle = (words[to].box[0] + words[to].box[2]) / 2;
    let next = to + (key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0);
    if (key === "ArrowDown" || key === "ArrowUp") {
      const wanted = row + (key === "ArrowDown" ? 1 : -1);
      const line = words.map((w, n) => [w, n]).filter(([w]) => w.row === wanted);
      if (!line.length) return;
      next = line.sort(([a], [b]) => Math.abs((a.box[0] + a.box[2]) / 2 - middle) - Math.abs((b.box[0] + b.box[2]) / 2 - middle))[0][1];
    }
    if (next < 0 || next >= words.length) return;
    picking.to = next;
    if (!more) picking.from = next;
    showPicked();
  }

  // The mouse and the pen: a box that is chosen is moved, anything else chooses words.
  let drag = null;
  chooser.hidden = false;
  chooser.addEventListener("click", () => {
    const on = chooser.getAttribute("aria-pressed") !== "true";
    chooser.setAttribute("aria-pressed", on);
    sheets.classList.toggle("choosing", on);
  });
  sheets.addEventListener("pointerdown", (event) => {
    const svg = event.target.closest("svg");
    if (!svg || event.button !== 0) return;
    const leaf = svg.closest(".leaf");
    const choosing = chooser.getAttribute("aria-pressed") === "true";
    const begin = at(svg, event);
    const grip = event.target.closest(".grip");
    const mark = event.target.closest(".mark");
    if (grip && moving) drag = { kind: "size", svg, begin, box: moving.box };
    else if (mark && moving && mark === moving.mark) drag = { kind: "move", svg, begin, box: moving.box };
    else if (mark && mark.classList.contains("on") && !choosing) drag = { kind: "press", svg, begin, key: mark.dataset.fact };
    else if (mark && !choosing) drag = { kind: "press", svg, begin, key: mark.dataset.fact, other: true };
    else if (event.pointerType === "mouse" || choosing) {
      drag = { kind: "words", svg, leaf, begin, band: make("rect", { class: "band" }) };
      svg.append(drag.band);
    } else return;
    drag.id = event.pointerId;
    sheets.setPointerCapture(event.pointerId);
    event.preventDefault();
    sheets.focus({ preventScroll: true });
  });
  sheets.addEventListener("pointermove", (event) => {
    if (!drag || event.pointerId !== drag.id) return;
    const [x, y] = at(drag.svg, event);
    const [dx, dy] = [x - drag.begin[0], y - drag.begin[1]];
    drag.far = drag.far || Math.hypot(dx, dy) > 3;
    if (drag.kind === "press" && drag.far && !drag.other) {
      beginMove(drag.key);
      if (moving) Object.assign(drag, { kind: "move", box: moving.was });
    }
    if (drag.kind === "move") place([drag.box[0] + dx, drag.box[1] + dy, drag.box[2] + dx, drag.box[3] + dy]);
    if (drag.kind === "size") place([drag.box[0], drag.box[1], drag.box[2] + dx, drag.box[3] + dy]);
    if (drag.kind === "words") put(drag.band, [Math.min(x, drag.begin[0]), Math.min(y, drag.begin[1]), Math.max(x, drag.begin[0]), Math.max(y, drag.begin[1])]);
  });
  sheets.addEventListener("pointerup", async (event) => {
    if (!drag || event.pointerId !== drag.id) return;
    const done = drag;
    drag = null;
    if (done.kind === "press") chooseFact(done.key);
    if (done.kind !== "words") return;
    const [x, y] = at(done.svg, event);
    const band = [Math.min(x, done.begin[0]), Math.min(y, done.begin[1]), Math.max(x, done.begin[0]), Math.max(y, done.begin[1])];
    done.band.remove();
    const words = await wordsOf(done.leaf);
    const inside = done.far ? words.filter((w) => holds(band, w.box)) : words.filter(({ box: [a, b, c, d] }) => x >= a && x <= c && y >= b && y <= d);
    showChosen(done.leaf, inside);
    offer(done.leaf, inside);
  });
  sheets.addEventListener("pointercancel", () => {
    if (drag && drag.band) drag.band.remove();
    drag = null;
  });

  /* Handles a key while a box is moved or words are chosen; tells whether it did. */
  function key(event) {
    const arrow = event.key.startsWith("Arrow");
    if (moving) {
      const by = event.altKey ? 10 : 2;
      const dx = { ArrowLeft: -by, ArrowRight: by }[event.key] || 0;
      const dy = { ArrowUp: -by, ArrowDown: by }[event.key] || 0;
      const [x0, y0, x1, y1] = moving.box;
      if (arrow) place(event.shiftKey ? [x0, y0, x1 + dx, y1 + dy] : [x0 + dx, y0 + dy, x1 + dx, y1 + dy]);
      else if (event.key === "Enter") finishMove();
      else if (event.key === "Escape") leaveMove();
      else return event.key.length === 1;
      return true;
    }
    if (picking) {
      if (arrow) goWord(event.key, event.shiftKey);
      else if (event.key === "Enter") {
        const { leaf } = picking;
        const words = picked();
        picking = null;
        offer(leaf, words);
      } else if (event.key === "Escape") {
        leavePicking();
        chooseFact("");
      } else return event.key.length === 1;
      return true;
    }
    return false;
  }
  if (leaves[0]) showPage(leaves[0].dataset.leaf);
  return {
    draw, highlight, beginMove, key, leavePicking,
    pick: (factKey) => {
      const mark = factKey && marksOf(factKey)[0];
      const leaf = mark ? mark.closest(".leaf") : leafOf(bar.elements.page.value) || leaves[0];
      if (leaf) beginPicking(leaf, mark ? boxOf(mark) : null);
    },
  };
};
