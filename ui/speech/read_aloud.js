// One control. This module is shared by all controls of the page, so that only one speaks at a
// time. Pausing stops the voice and keeps the sentence: speechSynthesis.pause() is no pause on
// Android, and other browsers forget a long one.

const controls = new WeakMap();
let speaking = null;

class Control {
  constructor(root) {
    this.say = root.querySelector('.say');
    this.stop = root.querySelector('.stop');
    this.told = root.querySelector('.told');
    this.group = root.querySelector('.read-aloud');
    this.at = 0;
    this.state = 'idle';
    this.turn = 0;
    this.say.onclick = () => (this.state === 'speaking' ? this.pause() : this.start());
    this.stop.onclick = () => this.end();
  }

  show({ sentences, language, about }) {
    if (this.text !== sentences.join('\n')) {
      if (this.state !== 'idle') this.end();
      this.text = sentences.join('\n');
    }
    this.sentences = sentences;
    this.language = language;
    this.about = about;
    if (!window.speechSynthesis || !window.SpeechSynthesisUtterance) {
      this.say.hidden = true;
      this.told.removeAttribute('role');
      this.told.textContent = 'Reading aloud is not available in this browser.';
      return;
    }
    this.draw();
  }

  draw() {
    const label = { idle: 'Read aloud', speaking: 'Pause', paused: 'Resume' }[this.state];
    this.say.textContent = label;
    this.say.setAttribute('aria-label', `${label}: ${this.about}`);
    this.stop.setAttribute('aria-label', `Stop: ${this.about}`);
    this.group.setAttribute('aria-label', `Reading aloud: ${this.about}`);
    const focused = this.stop.getRootNode().activeElement === this.stop;
    this.stop.hidden = this.state === 'idle';
    if (focused && this.stop.hidden) this.say.focus();
  }

  become(state) {
    this.state = state;
    this.draw();
  }

  async start() {
    if (speaking && speaking !== this) speaking.end();
    speaking = this;
    this.told.textContent = '';
    const turn = ++this.turn;
    this.become('speaking');
    const voice = await localVoice(this.language);
    if (turn !== this.turn) return;
    if (!voice) {
      this.end();
      this.told.textContent =
        'This browser has no voice of its own for this language, and none of a server is used.';
      return;
    }
    this.next(turn, voice);
  }

  next(turn, voice) {
    if (this.at >= this.sentences.length) {
      this.end();
      return;
    }
    const said = new SpeechSynthesisUtterance(this.sentences[this.at]);
    said.lang = this.language;
    said.voice = voice;
    said.onend = () => {
      if (turn !== this.turn) return;
      this.at += 1;
      this.next(turn, voice);
    };
    said.onerror = event => {
      if (turn !== this.turn) return;
      this.end();
      this.told.textContent = `The voice of the browser failed (${event.error}).`;
    };
    window.speechSynthesis.speak(said);
  }

  pause() {
    this.turn += 1; // what the cancelled sentence still reports is not listened to
    window.speechSynthesis.cancel();
    this.become('paused');
  }

  end() {
    this.turn += 1;
    this.at = 0;
    if (speaking === this) {
      speaking = null;
      window.speechSynthesis.cancel();
    }
    this.become('idle');
  }
}

window.addEventListener('pagehide', () => speaking?.end());

export default function ({ data, parentElement }) {
  if (!controls.has(parentElement)) controls.set(parentElement, new Control(parentElement));
  const control = controls.get(parentElement);
  control.show(data);
  return () => {
    if (speaking === control) control.end();
  };
}
