// Texts of which a part cannot be seen, because a box around them is too small and hides the rest.
// Titles and file names that are cut on purpose stand whole elsewhere.
(() => {
  const ON_PURPOSE = '[class*="st-key-card-"], [class*="st-key-open-"], [class*="st-key-drop-"]';
  const parentOf = node => node.parentElement ?? node.getRootNode().host ?? null;
  const onPurpose = element => {
    for (let at = element; at; at = at.getRootNode().host) if (at.closest(ON_PURPOSE)) return true;
    return false;
  };
  const missing = (rect, element) => {
    const free = { X: true, Y: true };
    for (let at = element; at && at !== document.body; at = parentOf(at)) {
      const box = at.getBoundingClientRect();
      const style = getComputedStyle(at);
      if (style.clipPath !== 'none' || style.clip !== 'auto') return false; // only said
      for (const [axis, start, end] of [['X', 'left', 'right'], ['Y', 'top', 'bottom']]) {
        const how = style[`overflow${axis}`];
        if (how === 'auto' || how === 'scroll') free[axis] = false; // it can be scrolled to
        const hides = how === 'hidden' || how === 'clip';
        if (free[axis] && hides && (rect[start] < box[start] - 2 || rect[end] > box[end] + 2)) return true;
      }
    }
    return false;
  };
  const cut = [];
  const look = root => {
    for (const element of root.querySelectorAll('*')) {
      if (element.shadowRoot) look(element.shadowRoot);
      if (['SCRIPT', 'STYLE'].includes(element.tagName)) continue;
      for (const node of element.childNodes) {
        if (node.nodeType !== Node.TEXT_NODE || !node.data.trim()) continue;
        if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
        if (getComputedStyle(element).fontFamily.includes('Material') || onPurpose(element)) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        const rects = [...range.getClientRects()].filter(rect => rect.width > 1 && rect.right > 0);
        if (rects.some(rect => missing(rect, element))) cut.push(node.data.trim().slice(0, 60));
      }
    }
  };
  look(document);
  return cut;
})()
