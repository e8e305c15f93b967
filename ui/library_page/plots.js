/* A plot of buttons: one stop for the Tab key, arrows go from one to the next, Enter chooses.
   Words are set as text, so they are never markup. */

const SVG = "http://www.w3.org/2000/svg";

export default function ({ data, parentElement, setTriggerValue }) {
  const readout = parentElement.querySelector(".readout");
  const plot = parentElement.querySelector(".plot");
  const drawn = JSON.stringify(data);
  if (plot.dataset.drawn === drawn) return;
  plot.dataset.drawn = drawn;
  plot.replaceChildren();
  plot.setAttribute("aria-label", data.label);
  readout.textContent = data.hint;

  const buttons = [];
  const button = (item) => {
    const made = document.createElement("button");
    made.type = "button";
    made.tabIndex = buttons.length ? -1 : 0;
    made.setAttribute("aria-label", item.label);
    const tell = () => { readout.textContent = item.label; };
    made.addEventListener("mouseenter", tell);
    made.addEventListener("focus", () => {
      for (const other of buttons) other.tabIndex = other === made ? 0 : -1;
      tell();
    });
    made.addEventListener("mouseleave", () => { readout.textContent = data.hint; });
    made.addEventListener("click", () => setTriggerValue("chosen", item.key));
    buttons.push(made);
    return made;
  };

  if (data.kind === "bars") drawBars(plot, data, button);
  else drawMap(plot, data, button);

  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  plot.onkeydown = (event) => {
    const at = buttons.indexOf(event.target);
    let to = at + (steps[event.key] ?? 0);
    if (event.key === "Home") to = 0;
    if (event.key === "End") to = buttons.length - 1;
    if (at < 0 || to === at || !buttons[to]) return;
    event.preventDefault();
    buttons[to].focus();
  };
}

function drawBars(plot, data, button) {
  const bars = document.createElement("div");
  bars.className = "bars";
  for (const level of data.levels) {
    const line = document.createElement("div");
    const number = document.createElement("span");
    line.className = "level";
    line.setAttribute("aria-hidden", "true");
    line.style.bottom = `calc(${level.at}% - 0.55em)`;
    number.textContent = level.text;
    line.append(number);
    bars.append(line);
  }
  for (const item of data.items) {
    const slot = document.createElement("div");
    slot.className = "slot";
    if (item.photos) {
      const bar = document.createElement("i");
      bar.style.height = `${(100 * item.photos) / data.most}%`;
      slot.append(button(item));
      slot.firstChild.append(bar);
    }
    bars.append(slot);
  }
  const years = document.createElement("div");
  years.className = "years";
  years.setAttribute("aria-hidden", "true");
  for (const tick of data.ticks) {
    const year = document.createElement("span");
    year.textContent = tick.text;
    year.style.left = `${tick.at}%`;
    years.append(year);
  }
  const wide = document.createElement("div");
  wide.style.minWidth = `${4 * data.items.length}px`;
  wide.append(bars, years);
  plot.append(wide);
  plot.scrollLeft = plot.scrollWidth; // the latest first
}

function drawMap(plot, data, button) {
  const map = document.createElement("div");
  map.className = "map";
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${data.wide} ${data.high}`);
  svg.setAttribute("aria-hidden", "true");
  const land = document.createElementNS(SVG, "path");
  land.setAttribute("d", data.dots);
  svg.append(land);
  map.append(svg);
  for (const item of data.items) {
    const circle = button(item);
    const left = (100 * item.x) / data.wide;
    circle.style.cssText =
      `left: ${left}%; top: ${(100 * item.y) / data.high}%;` +
      `width: ${item.size}px; height: ${item.size}px;`;
    circle.textContent = item.count;
    map.append(circle);
    if (item.name) {
      const name = document.createElement("span");
      name.className = "name";
      name.setAttribute("aria-hidden", "true");
      name.textContent = item.name;
      const side = item.side === "left" ? "right" : "left";
      const from = item.side === "left" ? 100 - left : left;
      name.style.cssText =
        `${side}: calc(${from}% + ${item.size / 2 + 5}px); top: ${(100 * item.y) / data.high}%;`;
      map.append(name);
    }
  }
  plot.append(map);
  const first = data.items[0];
  if (first) plot.scrollLeft = (map.offsetWidth * first.x) / data.wide - plot.clientWidth / 2;
}
