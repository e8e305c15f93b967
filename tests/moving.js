// What would move for longer than a blink: animations and transitions, in shadow roots too.
(() => {
  const longest = times => Math.max(...times.split(',').map(time => parseFloat(time) * (time.includes('ms') ? 1 : 1000)));
  const moving = [];
  const look = root => {
    for (const element of root.querySelectorAll('*')) {
      if (element.shadowRoot) look(element.shadowRoot);
      for (const part of [null, '::before', '::after']) {
        const style = getComputedStyle(element, part);
        const moves = style.animationName === 'none' ? 0 : longest(style.animationDuration);
        if (Math.max(moves, longest(style.transitionDuration)) > 1) moving.push(element.tagName + (part ?? ''));
      }
    }
  };
  look(document);
  return moving;
})()
