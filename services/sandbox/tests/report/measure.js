(() => {
  const seen = (box) => box.width > 0 && box.height > 0;
  const sections = {};
  for (const section of document.querySelectorAll("section")) {
    const drawings = [...section.querySelectorAll("svg")].filter((svg) => seen(svg.getBoundingClientRect()));
    let shapes = 0, outside = 0, unpainted = 0, unnamed = 0;
    for (const svg of drawings) {
      const frame = svg.getBoundingClientRect();
      const hidden = svg.closest("[aria-hidden=true]");
      if (!hidden && !(svg.getAttribute("role") === "img" && svg.getAttribute("aria-label"))) unnamed += 1;
      for (const shape of svg.querySelectorAll("rect, path, circle")) {
        const box = shape.getBoundingClientRect(), style = getComputedStyle(shape);
        // A level line has no height but a stroke.
        if (!seen(box) && !(style.stroke !== "none" && box.width > 0)) continue;
        shapes += 1;
        if (style.fill === "rgb(0, 0, 0)" || (style.fill === "none" && style.stroke === "none")) unpainted += 1;
        if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1) outside += 1;
      }
    }
    sections[section.id] = { drawings: drawings.length, shapes, outside, unpainted, unnamed, tables: section.querySelectorAll("table").length };
  }
  const smallest = [...document.querySelectorAll("svg text")]
    .filter((text) => seen(text.getBoundingClientRect()) && text.getCTM())
    .map((text) => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a);
  const colours = {};
  for (const name of ["page", "card", "ink", "muted", "link", "c1", "c2", "c3", "c4", "positive", "neutral", "negative"])
    colours[name] = getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  return {
    sections, colours,
    title: document.title,
    lang: document.documentElement.lang,
    scripts: document.scripts.length,
    images: document.images.length,
    wider: document.documentElement.scrollWidth - window.innerWidth,
    smallest: Math.min(99, ...smallest),
  };
})()
