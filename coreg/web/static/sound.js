/**
 * The breath as sound, for eyes that are closed or rest on the partner.
 *
 * A soft tone rises with the breath in and sinks with the breath out. Whole breaths are
 * scheduled ahead on the audio clock from the same server clock as the orb.
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
 * One soft tone, by itself.
 * @param {BaseAudioContext} audio
 * @param {AudioNode} into
 * @param {number} at_s
 * @param {number} hz
 * @param {number} [length_s]
 */
export function chime(audio, into, at_s, hz, length_s = 0.45) {
  tone(audio, into, at_s, length_s, glide(hz, hz), swell(LOUDEST));
}

/**
 * Two soft tones: time to come back. Heard where the browser allows this page sound.
 * @param {BaseAudioContext} audio
 */
export function ring(audio) {
  const now_s = audio.currentTime + 0.05;
  chime(audio, audio.destination, now_s, HIGH_HZ, 1.6);
  chime(audio, audio.destination, now_s + 0.9, LOW_HZ, 1.6);
}

export class SoundPacer {
  /** @type {GainNode | null} */
  #out = null;
  #audio;
  #serverNow_s;

  /**
   * @param {import("./page_audio.js").PageAudio} audio
   * @param {() => number} serverNow_s reads the server's clock
   */
  constructor(audio, serverNow_s) {
    this.#audio = audio;
    this.#serverNow_s = serverNow_s;
  }

  /**
   * Schedule a breath that has not begun yet; one under way is left out.
   * @param {Breath} breath
   */
  announce(breath) {
    const audio = this.#audio.running;
    const ahead_s = breath.t_s - this.#serverNow_s();
    if (!audio || ahead_s < 0) return;
    if (!this.#out) {
      this.#out = audio.createGain();
      this.#out.connect(audio.destination);
    }
    const late_s = audio.outputLatency || 0;
    const at_s = audio.currentTime + Math.max(0, ahead_s - late_s);
    play(audio, this.#out, breath, at_s);
  }

  /** Fade what sounds and void what is scheduled, at once. */
  silence() {
    const old = this.#out;
    const audio = this.#audio.running;
    if (!old || !audio) return;
    this.#out = null;
    const now_s = audio.currentTime;
    old.gain.setValueAtTime(1, now_s);
    old.gain.linearRampToValueAtTime(0, now_s + FADE_S);
    setTimeout(() => old.disconnect(), 1000 * (FADE_S + 0.05));
  }
}
