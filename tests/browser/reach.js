// What a page is asked from within, as it stands at the moment. Each answers with a list of faults.
window.reach = (() => {
  const inWords = (one) => {
    const name = one.id ? `#${one.id}` : one.getAttribute("class") ? `.${one.getAttribute("class").split(" ")[0]}` : "";
    return `${one.localName}${name} “${(one.textContent || one.value || "").trim().slice(0, 24)}”`;
  };
  const styled = (one) => getComputedStyle(one);
  const shown = (one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  // What is only for those who listen: a pixel, clipped away.
  const unseen = (one) => {
    for (let at = one; at; at = at.parentElement) if (at.offsetWidth <= 1 && styled(at).position === "absolute") return true;
    return false;
  };

  // Each line of each text that can be seen, as a box a fifth lower than its letters' at both ends:
  // fonts keep room above and below in which nothing is drawn.
  function lines() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), all = [], range = document.createRange();
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
      const around = text.parentElement;
      if (!text.data.trim() || !shown(around) || unseen(around) || around.closest("svg, select, textarea")) continue;
      range.selectNodeContents(text);
      for (const { left, right, top, bottom, height } of range.getClientRects())
        if (right - left > 2 && height > 4)
          all.push({ around, text, left, right, top: top + height / 5, bottom: bottom - height / 5 });
    }
    return all;
  }

  function clipped() {
    return lines().flatMap(({ around, left, right, top, bottom }) => {
      for (let at = around; at !== document.documentElement; at = at.parentElement) {
        const { overflowX, overflowY } = styled(at), box = at.getBoundingClientRect();
        const beside = /hidden|clip/.test(overflowX) && (left < box.left - 1 || right > box.right + 1);
        if (beside || (/hidden|clip/.test(overflowY) && (top < box.top - 1 || bottom > box.bottom + 1)))
          return [`clipped: ${inWords(around)}`];
      }
      return [];
    });
  }

  function overlapping() {
    const all = lines().sort((one, other) => one.top - other.top), found = [];
    all.forEach((one, number) => {
      for (let next = number + 1; next < all.length && all[next].top < one.bottom - 1; next++) {
        const other = all[next];
        if (other.text === one.text || Math.min(one.right, other.right) - Math.max(one.left, other.left) <= 2) continue;
        found.push(`overlapping: ${inWords(one.around)} and ${inWords(other.around)}`);
      }
    });
    return found;
  }

  function tooWide() {
    const beyond = document.documentElement.scrollWidth - window.innerWidth;
    return beyond > 0 ? [`${beyond} px wider than the window`] : [];
  }

  // Where a box says so, Tab goes by the order in which its parts are shown.
  function inFlow(all) {
    const parts = (one) => {
      for (let at = one; at.parentElement; at = at.parentElement)
        if (styled(at.parentElement).readingFlow === "flex-visual") return [at.parentElement, Number(styled(at).order)];
      return [];
    };
    const placed = all.map((one, number) => [one, number, ...parts(one)]);
    const begins = (box, number) => Math.min(number, ...placed.filter((one) => box && one[2] === box).map((one) => one[1]));
    placed.sort((a, b) => begins(a[2], a[1]) - begins(b[2], b[1]) || (a[3] ?? 0) - (b[3] ?? 0) || a[1] - b[1]);
    return placed.map(([one]) => one);
  }

  // What Tab stops at, in its order.
  function stops() {
    const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, iframe, [tabindex]")];
    return inFlow(all).filter((one) => {
      if (one.disabled || one.type === "hidden" || one.tabIndex < 0 || !one.checkVisibility({ visibilityProperty: true })) return false;
      if (one.localName === "summary" && one !== one.parentElement.querySelector("summary")) return false;
      if (one.type !== "radio") return true;
      const group = [...document.getElementsByName(one.name)].filter((other) => other.form === one.form);
      return one === (group.find(({ checked }) => checked) ?? group[0]);
    });
  }

  // A button that is drawn by its label, or by what it lies in, is where that is.
  const isDrawn = (one) => !unseen(one) && styled(one).opacity !== "0";
  const drawnBy = (one) => (isDrawn(one) ? one : [...(one.labels ?? [])].find(shown) ?? one.parentElement);

  function order() {
    const all = stops(), toTheLeft = styled(document.documentElement).direction === "rtl";
    const found = all.filter((one) => one.tabIndex > 0).map((one) => `tabindex: ${inWords(one)}`);
    let before;
    for (const one of all) {
      if (one.matches(".skip")) continue; // stands nowhere until it has the focus
      const drawn = drawnBy(one);
      if (drawn === one.parentElement && !isDrawn(one)) continue; // stands for all that is in there
      const box = drawn.getClientRects()[0];
      if (before && box) {
        const further = toTheLeft ? box.right <= before.left + 1 : box.left >= before.right - 1;
        const above = box.bottom <= before.top + 1;
        const sameLine = Math.min(box.bottom, before.bottom) - Math.max(box.top, before.top) > 0.7 * Math.min(box.height, before.height);
        const back = toTheLeft ? box.left >= before.right - 1 : box.right <= before.left + 1;
        if ((above && !further) || (sameLine && back)) found.push(`comes before what Tab reaches earlier: ${inWords(one)}`);
      }
      before = box ?? before;
    }
    return found;
  }

  const ringOf = (one) => {
    const { outlineStyle, outlineWidth, outlineColor } = styled(one);
    return outlineStyle === "none" || parseFloat(outlineWidth) < 2 ? "" : `${outlineStyle} ${outlineWidth} ${outlineColor}`;
  };

  // Needs one real Tab before: only then does the browser take the focus for a keyboard's.
  function focus() {
    const found = [];
    for (const one of stops()) {
      if (one.localName === "iframe") continue; // draws the ring within
      document.activeElement?.blur();
      const around = one.parentElement, said = around.querySelectorAll("summary");
      const near = [one, ...(one.labels ?? []), ...said, around, around.parentElement];
      const before = near.map(ringOf);
      one.focus({ focusVisible: true });
      if (!near.some((at, number) => isDrawn(at) && ringOf(at) && ringOf(at) !== before[number])) found.push(`no ring: ${inWords(one)}`);
      const drawn = drawnBy(one), box = drawn.getClientRects()[0];
      if (drawn === around && !isDrawn(one)) continue; // may be taller than the window
      const at = box && document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      if (!at || !(drawn.contains(at) || at.contains(drawn) || one.contains(at) || [...(one.labels ?? [])].some((label) => label.contains(at))))
        found.push(`hidden while it has the focus: ${inWords(one)}`);
    }
    document.activeElement?.blur();
    return found;
  }

  // Colours are the reader's own: what is chosen and what can be pressed has to differ by more. Closed
  // lists are looked into: what is chosen there shows once they are opened.
  function edges() {
    const closed = [...document.querySelectorAll("details:not([open])")];
    for (const one of closed) one.open = true;
    const found = [], border = (one) => ["Top", "Bottom"].every((side) =>
      parseFloat(styled(one)[`border${side}Width`]) > 0 && styled(one)[`border${side}Style`] !== "none");
    for (const one of document.querySelectorAll("button, .button, select, textarea, input:not([type=hidden])")) {
      const drawn = drawnBy(one), native = drawn === one && /checkbox|radio|file/.test(one.type);
      const asLink = styled(drawn).textDecorationLine === "underline";
      const within = drawn === one.parentElement && !isDrawn(one); // whatever draws it stands in there
      if (shown(drawn) && !native && !asLink && !within && !border(drawn)) found.push(`no edge: ${inWords(drawn)}`);
    }
    const looks = (one) => {
      const { backgroundColor, color, borderTopColor, borderTopWidth, borderTopStyle, outlineStyle, textDecorationLine } = styled(one);
      return [backgroundColor, color, borderTopColor, borderTopWidth, borderTopStyle, outlineStyle, textDecorationLine].join();
    };
    for (const chosen of document.querySelectorAll("input[type=radio]:checked")) {
      const other = [...document.getElementsByName(chosen.name)].find((one) => !one.checked && one.form === chosen.form && shown(drawnBy(one)));
      if (other && drawnBy(other) !== other && shown(drawnBy(chosen)) && looks(drawnBy(chosen)) === looks(drawnBy(other)))
        found.push(`chosen or not looks alike: ${inWords(drawnBy(chosen))}`);
    }
    for (const one of closed) one.open = false;
    return found;
  }

  // For those who asked for less motion.
  function moving() {
    const long = (times) => times.split(", ").some((time) => parseFloat(time) > 0.01);
    const found = document.getAnimations().filter((one) => one.playState === "running").map(() => "something is animated");
    for (const one of document.body.querySelectorAll("*")) {
      const { transitionDuration, animationDuration, animationName } = styled(one);
      if (long(transitionDuration) || (animationName !== "none" && long(animationDuration))) found.push(`moves: ${inWords(one)}`);
    }
    return found;
  }

  // Words that are not of the language that they are marked with. Names say that they are names.
  function words() {
    const found = [], han = /\p{Script=Han}/u, spoken = /(?:\b[a-z]{2,}\b[\s,]+){3}/i;
    const look = (one, text) => {
      const marked = one.closest("[lang]")?.lang ?? "";
      if (!text.trim() || one.closest("[translate=no], code, pre, kbd, script, style, [lang='']")) return;
      const foreign = marked.startsWith("en") ? han.test(text) : marked.startsWith("zh") && !han.test(text) && spoken.test(text);
      if (foreign) found.push(`not in ${marked}: “${text.trim().slice(0, 40)}”`);
    };
    for (const one of document.querySelectorAll("[aria-label], [alt], [title], [placeholder]"))
      for (const name of ["aria-label", "alt", "title", "placeholder"]) look(one, one.getAttribute(name) ?? "");
    const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
    for (let text = walker.nextNode(); text; text = walker.nextNode()) look(text.parentElement, text.data);
    return found;
  }

  return { stops, clipped, overlapping, tooWide, order, focus, edges, moving, words };
})();
