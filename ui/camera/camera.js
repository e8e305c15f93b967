// The camera: a picture is sent when the person asks, or in steady steps, the next one never before
// the last was answered. The stream ends with the component.

const cameras = new WeakMap();
const SIDE = 640;
const PATIENCE = 60_000; // milliseconds after which an answer is no longer waited for

class Camera {
  constructor(root) {
    this.video = root.querySelector('video');
    this.now = root.querySelector('.now');
    this.every = root.querySelector('.every');
    this.aloud = root.querySelector('.aloud');
    this.said = root.querySelector('.said');
    this.told = root.querySelector('.told');
    this.now.onclick = () => this.describe();
    this.every.onchange = () => this.plan();
    this.aloud.onchange = () => this.aloud.checked || window.speechSynthesis?.cancel();
    this.start();
  }

  async start() {
    if (!navigator.mediaDevices) {
      this.told.textContent =
        'Browsers let pages see the camera only over HTTPS, or from this machine itself.';
      return;
    }
    try {
      const stream = await navigator.mediaDevices.getUserMedia({
        audio: false,
        video: { facingMode: 'environment', width: { ideal: 1280 } },
      });
      if (this.ended) {
        stream.getTracks().forEach(track => track.stop());
        return;
      }
      this.stream = stream;
      this.video.srcObject = stream;
      await this.video.play();
      this.now.disabled = false;
    } catch (error) {
      this.told.textContent = {
        NotAllowedError: 'The browser was not allowed to use the camera. Allow it, and switch this on again.',
        NotFoundError: 'There is no camera on this machine.',
      }[error.name] ?? `The camera does not start (${error.name}).`;
    }
  }

  describe() {
    if (this.waiting || this.now.disabled) return;
    const scale = Math.min(1, SIDE / Math.max(this.video.videoWidth, this.video.videoHeight));
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(this.video.videoWidth * scale);
    canvas.height = Math.round(this.video.videoHeight * scale);
    canvas.getContext('2d').drawImage(this.video, 0, 0, canvas.width, canvas.height);
    this.now.textContent = 'Describing…';
    this.waiting = setTimeout(() => this.answered(), PATIENCE);
    this.send('frame', canvas.toDataURL('image/jpeg', 0.85));
  }

  plan() {
    clearTimeout(this.next);
    const seconds = Number(this.every.value);
    if (seconds && !this.waiting && !this.ended) {
      this.next = setTimeout(() => this.describe(), seconds * 1000);
    }
  }

  answered() {
    clearTimeout(this.waiting);
    this.waiting = null;
    this.now.textContent = 'Describe now';
    this.plan();
  }

  show({ number, said, told }) {
    if (this.number === undefined) this.number = number; // what was said before is not said again
    if (number === this.number) return;
    this.number = number;
    this.told.textContent = told;
    if (said) {
      this.said.textContent = said;
      if (this.aloud.checked) this.speak(said);
    }
    this.answered();
  }

  async speak(text) {
    if (!window.speechSynthesis) {
      this.told.textContent = 'Reading aloud is not available in this browser.';
      return;
    }
    const voice = await localVoice('en');
    if (!voice) {
      this.told.textContent = 'This browser has no English voice of its own, and none of a server is used.';
      return;
    }
    const words = new SpeechSynthesisUtterance(text);
    words.voice = voice;
    words.lang = 'en';
    window.speechSynthesis.cancel();
    window.speechSynthesis.speak(words);
  }

  end() {
    this.ended = true;
    clearTimeout(this.next);
    clearTimeout(this.waiting);
    this.stream?.getTracks().forEach(track => track.stop());
    if (this.aloud.checked) window.speechSynthesis?.cancel();
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  if (!cameras.has(parentElement)) cameras.set(parentElement, new Camera(parentElement));
  const camera = cameras.get(parentElement);
  camera.send = setTriggerValue;
  camera.show(data);
  return () => {
    camera.end();
    cameras.delete(parentElement);
  };
}
