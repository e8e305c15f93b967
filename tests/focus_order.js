// Every control that can be seen and used, in the order of the document and in shadow roots too;
// `focusOrder.reached` are the numbers of those that had the focus, `focusOrder.unseen` those of
// which the focus cannot be seen.
(() => {
  const CONTROLS = 'a[href], button, input, textarea, select, summary, [tabindex="0"]';
  const all = [];
  // Of a group of choices Tab reaches the chosen one, and arrows the others.
  const another = element =>
    (element.matches('[role="radio"]') && element.getAttribute('aria-checked') === 'false') ||
    (element.matches('input[type="radio"]') && !element.checked);
  const collect = root => {
    for (const element of root.querySelectorAll('*')) {
      const box = element.getBoundingClientRect();
      const seen = box.width > 1 && box.height > 1 && element.checkVisibility({ visibilityProperty: true });
      const usable = element.matches(CONTROLS) && element.tabIndex >= 0 && !element.disabled;
      if (usable && seen && !another(element)) all.push(element);
      if (element.shadowRoot) collect(element.shadowRoot);
    }
  };
  collect(document);
  const look = element => {
    const chain = [];
    for (let at = element; at && chain.length < 5; at = at.parentElement) {
      const style = getComputedStyle(at);
      const outline = style.outlineStyle === 'none' ? '' : style.outlineStyle + style.outlineWidth;
      chain.push([outline, style.boxShadow, style.borderTopColor, style.backgroundColor].join());
    }
    return chain.join('|');
  };
  const before = new Map(all.map(element => [element, look(element)]));
  const active = () => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return at;
  };
  const name = e => `${e.tagName} ${e.getAttribute('aria-label') || e.innerText || e.placeholder || e.type || ''}`.slice(0, 60);
  window.focusOrder = {
    names: all.map(name),
    reached: [],
    unseen: [],
    note() {
      const at = active();
      const number = all.indexOf(at);
      if (number >= 0) this.reached.push(number);
      if (number >= 0 && look(at) === before.get(at)) this.unseen.push(name(at));
      return number;
    },
  };
})();
