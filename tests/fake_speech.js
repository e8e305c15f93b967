// A fake speechSynthesis: it keeps what it is given to say, and is told by a test when it has said
// it. `fakeSpeech.voices` may be changed; `fakeSpeech.finish()` ends the sentence being said.
(() => {
  const voice = (name, lang, localService) => ({ name, lang, localService, default: false });
  const fake = {
    said: [],
    cancelled: 0,
    now: null,
    voices: [voice('Server', 'en-US', false), voice('Own', 'en-GB', true)],
    finish() {
      const ended = this.now;
      this.now = null;
      ended.onend();
    },
  };
  window.fakeSpeech = fake;
  window.SpeechSynthesisUtterance = class {
    constructor(text) {
      this.text = text;
    }
  };
  Object.defineProperty(window, 'speechSynthesis', {
    value: {
      getVoices: () => fake.voices,
      speak(utterance) {
        fake.said.push([utterance.text, utterance.voice?.name]);
        fake.now = utterance;
      },
      cancel() {
        fake.cancelled += 1;
        const cut = fake.now;
        fake.now = null;
        cut?.onerror?.({ error: 'canceled' });
      },
    },
  });
})();
