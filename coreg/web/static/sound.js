/**
 * The breath as sound, for eyes that are closed or rest on the partner.
 *
 * A soft tone rises with the breath in and sinks with the breath out. Whole breaths are
 * scheduled ahead on the audio clock from the same server clock as the orb. Off until a
 * tap: browsers allow no sound before one, and nor do we.
 */

const LOW_HZ = 146.83; // d
const HIGH_HZ = 220; // a, a fifth above
const LOUDEST = 0.16;
const STEPS = 48;
const FADE_S = 0.08;

/** @typedef {import("./phase.js").Breath} Breath */

/**
 * Loudness over half a breath: silent at both turns, roundest in the middle.
 * @param {number} loudest
 * @returns {Float32Array}
 */
export function swell(loudest) {
  return Float32Array.from(
    { length: STEPS },
    (_, i) => loudest * Math.sin((Math.PI * i) / (STEPS - 1)) ** 2,
  );
}

/**
 * Pitch over half a breath, gliding with the same half cosine as the orb.
 * @param {number} from_hz
 * @param {number} to_hz
 * @returns {Float32Array}
 */
export function glide(from_hz, to_hz) {
  return Float32Array.from({ length: STEPS }, (_, i) => {
    const share = 0.5 - 0.5 * Math.cos((Math.PI * i) / (STEPS - 1));
    return from_hz * (to_hz / from_hz) ** share;
  });
}

/**
 * Schedule one breath on an audio context, starting at its time `at_s`.
 * @param {BaseAudioContext} audio
 * @param {AudioNode} into
 * @param {Breath} breath
 * @param {number} at_s
 */
export function play(audio, into, breath, at_s) {
  const exhale_s = breath.period_s - breath.inhale_s;
  return [
    tone(audio, into, at_s, breath.inhale_s, glide(LOW_HZ, HIGH_HZ), swell(LOUDEST)),
    tone(
      audio, into, at_s + breath.inhale_s, exhale_s,
      glide(HIGH_HZ, LOW_HZ), swell(LOUDEST * 0.75),
    ),
  ];
}

/**
 * @param {BaseAudioContext} audio
 * @param {AudioNode} into
 * @param {number} at_s
 * @param {number} length_s
 * @param {Float32Array} pitch_hz
 * @param {Float32Array} loudness
 */
function tone(audio, into, at_s, length_s, pitch_hz, loudness) {
  const voice = audio.createOscillator();
  const gain = audio.createGain();
  gain.gain.setValueAtTime(0, Math.max(0, at_s - 0.001));
  gain.gain.setValueCurveAtTime(loudness, at_s, length_s - 0.002);
  voice.frequency.setValueCurveAtTime(pitch_hz, at_s, length_s - 0.002);
  voice.connect(gain).connect(into);
  voice.start(at_s);
  voice.stop(at_s + length_s);
  voice.onended = () => gain.disconnect();
  return voice;
}

/**
 * Two soft tones: time to come back. Heard where the browser allows this page sound.
 * @param {BaseAudioContext} audio
 */
export function ring(audio) {
  const now_s = audio.currentTime + 0.05;
  for (const [after_s, hz] of [[0, HIGH_HZ], [0.9, LOW_HZ]]) {
    const loudness = swell(LOUDEST);
    tone(audio, audio.destination, now_s + after_s, 1.6, glide(hz, hz), loudness);
  }
}

export class SoundPacer {
  /** @type {AudioContext | null} */
  #audio = null;
  /** @type {GainNode | null} */
  #out = null;
  #serverNow_s;

  /** @param {() => number} serverNow_s reads the server's clock */
  constructor(serverNow_s) {
    this.#serverNow_s = serverNow_s;
  }

  /** Whether breaths are heard on this page. */
  get on() {
    return this.#audio?.state === "running" && this.#out !== null;
  }

  /** Turn on; call it from a tap or a key, or the browser stays silent. */
  async turnOn() {
    this.#audio ??= new AudioContext();
    await this.#audio.resume();
    this.#open();
  }

  turnOff() {
    this.silence();
    this.#out = null;
  }

  /**
   * Schedule a breath that has not begun yet; one under way is left out.
   * @param {Breath} breath
   */
  announce(breath) {
    if (!this.#audio || !this.#out || this.#audio.state !== "running") return;
    const ahead_s = breath.t_s - this.#serverNow_s();
    if (ahead_s < 0) return;
    const late_s = this.#audio.outputLatency || 0;
    const at_s = this.#audio.currentTime + Math.max(0, ahead_s - late_s);
    play(this.#audio, this.#out, breath, at_s);
  }

  /** Fade what sounds and void what is scheduled, at once. */
  silence() {
    if (!this.#audio || !this.#out) return;
    const old = this.#out;
    const now_s = this.#audio.currentTime;
    old.gain.setValueAtTime(1, now_s);
    old.gain.linearRampToValueAtTime(0, now_s + FADE_S);
    setTimeout(() => old.disconnect(), 1000 * (FADE_S + 0.05));
    this.#open();
  }

  #open() {
    if (!this.#audio) return;
    this.#out = this.#audio.createGain();
    this.#out.connect(this.#audio.destination);
  }
}
