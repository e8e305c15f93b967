// A voice of this machine for the language; null where there is none. Voices come late.
async function localVoice(language) {
  const find = () => {
    const wanted = language.toLowerCase().replace('_', '-');
    const tag = voice => voice.lang.toLowerCase().replace('_', '-');
    const own = window.speechSynthesis.getVoices().filter(voice => voice.localService);
    const near = own.filter(voice => tag(voice).split('-')[0] === wanted.split('-')[0]);
    return near.find(voice => tag(voice) === wanted) ?? near.find(v => v.default) ?? near[0] ?? null;
  };
  for (let tries = 0; tries < 10; tries += 1) {
    const voice = find();
    if (voice || window.speechSynthesis.getVoices().length > 0) return voice;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  return null;
}
