// Zooms and moves the picture of the topology. Without it the picture has the width of the page.
{
  const STEP = 1.25;
  const LIMITS = { least: 0.1, most: 6 };

  const enhance = (picture) => {
    const texts = picture.dataset;
    const figure = picture.querySelector("figure");
    const svg = figure.querySelector("svg");
    const make = (name, properties) => Object.assign(document.createElement(name), properties);
    const ratio = () => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;

    // Sets the ratio to the original size, or null to fit the width. The middle of the view stays.
    const scale = (wanted) => {
      const [width, height] = [figure.clientWidth / 2, figure.clientHeight / 2];
      const across = (figure.scrollLeft + width) / figure.scrollWidth;
      const down = (figure.scrollTop + height) / figure.scrollHeight;
      const bounded = wanted && Math.min(Math.max(wanted, LIMITS.least), LIMITS.most);
      picture.classList.toggle("zoomed", wanted !== null);
      svg.style.width = wanted === null ? "" : `${bounded * svg.viewBox.baseVal.width}px`;
      figure.scrollLeft = across * figure.scrollWidth - width;
      figure.scrollTop = down * figure.scrollHeight - height;
    };
    const zoomIn = () => scale(ratio() * STEP);
    const zoomOut = () => scale(ratio() / STEP);
    const fit = () => scale(null);

    const dialog = make("dialog", { className: picture.className });
    dialog.setAttribute("aria-labelledby", figure.getAttribute("aria-labelledby"));
    const bar = make("div", { className: "bar", role: "group" });
    bar.setAttribute("aria-labelledby", figure.getAttribute("aria-labelledby"));
    const button = (text, act) => {
      const made = make("button", { type: "button", textContent: text });
      made.addEventListener("click", act);
      bar.append(made);
      return made;
    };
    const toggle = () => {
      if (dialog.open) {
        dialog.close();
        return;
      }
      dialog.append(bar, figure);
      full.textContent = texts.close;
      dialog.showModal();
      scale(1);
      [figure.scrollLeft, figure.scrollTop] = [0, 0];
      figure.focus();
    };
    const full = button(texts.fullSize, toggle);
    button(texts.zoomIn, zoomIn);
    button(texts.zoomOut, zoomOut);
    button(texts.fit, fit);
    bar.append(make("span", { className: "faint", textContent: texts.keys }));
    picture.prepend(bar);
    picture.append(dialog);
    dialog.addEventListener("close", () => {
      picture.prepend(bar, figure);
      full.textContent = texts.fullSize;
      fit();
      full.focus();
    });

    const keys = { "+": zoomIn, "=": zoomIn, "-": zoomOut, 0: fit, Enter: toggle };
    figure.addEventListener("keydown", (event) => {
      const act = keys[event.key];
      if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      act();
    });
    figure.addEventListener(
      "wheel",
      (event) => {
        if (!event.ctrlKey) return;
        event.preventDefault();
        (event.deltaY < 0 ? zoomIn : zoomOut)();
      },
      { passive: false },
    );
    figure.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "mouse" && event.button === 0) figure.setPointerCapture(event.pointerId);
    });
    figure.addEventListener("pointermove", (event) => {
      if (!figure.hasPointerCapture(event.pointerId)) return;
      figure.scrollLeft -= event.movementX;
      figure.scrollTop -= event.movementY;
    });
  };

  const start = () => document.querySelectorAll(".picture").forEach(enhance);
  start();
  document.addEventListener("replaced", start);
}
