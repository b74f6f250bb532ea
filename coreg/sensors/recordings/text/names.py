"""What the name of a column says that it holds, in the languages that exports speak."""

import re
from enum import StrEnum
from functools import lru_cache
from typing import Final

_WORDS: Final = re.compile(r"[^\W\d_]+")
_UNIT: Final = re.compile(
    r"[\[({][^\])}]*[\])}]|,\s*\S{1,16}$|_(ms|s|us|ns|sec)$", re.IGNORECASE
)
_CAMEL: Final = re.compile(r"(?<=[a-zа-я])(?=[A-ZА-Я])")


class Role(StrEnum):
    """What a column can hold."""

    RR = "rr"
    PULSE = "pulse intervals"
    HEART_RATE = "heart rate"
    TIME = "time"
    INDEX = "index"
    PERSON = "person"
    BEAT = "beats"
    OTHER = "other"
    UNNAMED = "unnamed"


# A whole name that can only be one thing comes before words that may occur in several.
_RR: Final = re.compile(
    r"(?<![a-z])(rr|ibi|rri|rrs|ibis|nn|nni|nns|rrn|rr\d|ibi\d|r-r|n-n|rrms|ibims)"
    r"(?![a-z])|(?<![a-z])(rr|nn|ibi)[ _-]?(interv|inter|int\b|values?|series|data|dur)"
    r"|(inter-?beat|beat-to-beat|r[ _-]to[ _-]r)|rawibi|"
    r"(?<![^\W\d_])(rr|кардиоинтервал)"
)
_PULSE: Final = re.compile(r"(?<![a-z])(pp|ppi|p-p|pp[ _-]?interv\w*|ppg)(?![a-z])")
_DERIVED: Final = re.compile(
    r"rmssd|sdnn|pnn|(?<![a-z])hrv|(?<![a-z])lf|mean|avg|average|std|diff|delta|"
    r"z[ _-]?score|(?<![a-z])sd(?![a-z])|error|quality|confidence|moving|smooth|"
    r"success|differ|(?<![a-z])median|mittel|(?<![a-z])avnn"
)
# Also in brackets, where units stand: what was done to intervals leaves none.
_CHANGED: Final = re.compile(
    r"normali[sz]ed|normalisiert|normiert|detrend|trendbereinigt|standardi[sz]ed|scaled|"
    r"(?<![a-z])(?:relative|relativ|ratio|predicted|setpoint|threshold)(?![a-z])|"
    r"(?<![a-z])(?:log(?:10)?|ln)[ _(-]*(?:rr|ibi|nn)|1/(?:rr|ibi|nn)(?![a-z])|"
    r"[\[(]%[\])]|(?:rr|ibi|nn).*[\[(][^\])]*(?:mean|average|median|moving)"
)
_BREATH: Final = re.compile(
    r"breath|resp|atem|atmung|rpm|qt|(?<![a-z])(pr|pq|st|qrs|rsp|rip|belt)(?![a-z])|"
    r"thora[xc]|abdom|capno"
)
_HEART_RATE: Final = re.compile(
    r"(?<![a-z])(hr|bpm|fc|hf|чсс)(?![a-z])|heart[ _-]?rate|herzfrequenz|"
    r"puls(e|frequenz)?(?![a-z])|beats?[ _/]*(per[ _])?min|1/min"
)
_TIME: Final = re.compile(
    r"(?<![a-z])(time|t|ts|timestamp|timestamps|date|datetime|zeit|zeitstempel|datum|"
    r"uhrzeit|elapsed|arrival|arrivals|since[ _]start|onset|utc|temps|tiempo|tempo|"
    r"hora|fecha|heure|unix|epoch|clock|offset|sec|secs|seconds?|sekunden|"
    r"minutes?|hh|час)(?![a-z])|врем|дата|zeit|timestamp|时间|時間|時刻"
)
_INDEX: Final = re.compile(
    r"(?<![a-z])(index|idx|n|no|nr|num|number|row|i|count|counter|seq|sequence|beat|"
    r"beat[ _]?n(o|r|umber)?|unnamed|record|lfd|nummer|номер)(?![a-z])|^[#№]$|номер"
)
_PERSON: Final = re.compile(
    r"(?<![a-z])(person|subject|subj|sub|participant|partner|user|proband|probandin|vp|"
    r"patient|device|sensor|strap|wearer|client|name|who|dyad|role|teilnehmer\w*|участник)"
    r"(?![a-z])|person|subject|particip"
)
_BEAT: Final = re.compile(
    r"(?<![a-z])(r[ _-]?peaks?|peaks?|beats?|beat[ _-]?times?|r[ _-]?times?|qrs|"
    r"heartbeats?|pulse[ _-]?times?)(?![a-z])|rpeak"
)
_BEAT_TIME: Final = re.compile(
    r"(?<![a-z])(r|beats?|heartbeats?|r?[ _-]?peaks?)[ _-]?(times?|onsets?|timestamps?)"
    r"(?![a-z])|(?<![a-z])(t|times?)[ _-](of[ _-])?(beats?|r?[ _-]?peaks?)(?![a-z])"
)
# What is measured and is no heartbeat: above one column it says that it is none.
_MEASURED: Final = re.compile(
    r"(?<![a-z])(ecg|ekg|eeg|emg|eog|acc|accel\w*|beschleunigung\w*|gyro\w*|mag|"
    r"temp|temperature|temperatur|spo2|co2|o2|eda|gsr|scl|scr|power|watts?|leistung|"
    r"speed|cadence|altitude|height|distance|pressure|\w*druck|hpa|mmhg|lux|light|"
    r"humidity|noise|reaction\w*|reaktions\w*|steps|schritte|calories|kcal|kalorien|"
    r"systol\w*|diastol\w*|illumin\w*|brightness|helligkeit|\w*feuchte|feuchtigkeit|"
    r"voltage|spannung|adc|current|strom|force|kraft|torque|drehmoment|flow|volume|"
    r"loudness|lautst\w*|angle|winkel|depth|tiefe|"
    r"bvp|pleth\w*|pupil\w*|nirs|hb ?[or]|skin\w*|haut\w*|ptt|pwv|scg|bcg|icg|"
    r"impedan\w*|strain|dehnung|stride\w*|step[ _-]?time|gait|stance|"
    r"ground[ _-]contact|fixation\w*|saccad\w*|latenc\w*|ping|tap|tapping|"
    r"iti|iki|inter-key|keystrokes?|delay|jitter|blinks?|vc?o2|pm(?=\d)|t?voc|radon|lvet|"
    r"frequenc\w*|ratio|"
    r"glucose|glukose|weight|battery|rssi|energy|ppg\d*)\d*(?![a-z])|temperat|"
    r"[\[(](m?g|m?v|[uµ]v|hpa|kpa|mmhg|%|°c|ppm|lx|db|kcal|m/s|km/h|mmol/l|mg/dl|"
    r"hz|1/s|beats/s|m?l/min)[\])]"
)
# What is sampled far faster than hearts beat: what stands beside it, is sampled too.
_WAVE: Final = re.compile(
    r"(?<![a-z])(ecg|ekg|eeg|emg|eog|eda|gsr|scl|scr|rsp|rip|resp|respiration|bvp|ppg|"
    r"pleth\w*|acc|accel\w*|gyro\w*|nirs|scg|bcg|icg)\d*(?![a-z])"
)
_ANYTHING: Final = re.compile(r"x([ ,_-]+(samples?|ticks?|ms|s|us))?")
_LONGEST_NAME: Final = 5  # words; what is longer is a title
_OTHER: Final = re.compile(
    r"(?<![a-z])(x|y|z|contact|flag|flags|artifact|artefact|artefakt|label|labels|"
    r"annotation|event|marker|lat|lon|blocker|valid|ok|status|session|segment|phase|"
    r"condition|note|notes|comment|age|sex)(?![a-z])"
)


@lru_cache(maxsize=1024)
def role_of(name: str) -> Role:
    """Return what the name of a column says that it holds.

    Examples
    --------
    >>> [role_of(name).name for name in ("RR-interval [ms]", "since start", "HR [bpm]")]
    ['RR', 'TIME', 'HEART_RATE']
    >>> role_of("PP-interval [ms]").name, role_of("anna").name, role_of("").name
    ('PULSE', 'OTHER', 'UNNAMED')
    """
    bare = _in_words(name)
    if not bare:
        return Role.UNNAMED
    plain, whole = _CAMEL.sub(" ", bare).lower(), bare.lower()
    if _BREATH.search(whole) or _CHANGED.search(name.lower()):
        return Role.OTHER
    if whole == "hrv" and _RR.search(name.lower()):
        return Role.RR  # `HRV (IBI) [ms]`: the brackets hold more than a unit
    if _RR.search(whole) and not _DERIVED.search(whole) and "time" not in plain:
        return Role.RR
    for pattern, role in (
        (_PULSE, Role.PULSE),
        (_DERIVED, Role.OTHER),
        (_HEART_RATE, Role.HEART_RATE),
        (_MEASURED, Role.OTHER),
        (_OTHER, Role.OTHER),
        (_BEAT_TIME, Role.BEAT),
        (_TIME, Role.TIME),
        (_BEAT, Role.BEAT),
        (_INDEX, Role.INDEX),
        (_PERSON, Role.PERSON),
    ):
        if pattern.search(plain) or pattern.search(whole):
            return role
    return Role.OTHER


def is_stranger(name: str) -> bool:
    """Whether a name does not say what a column holds: `x`, `anna`, `value`."""
    plain = _CAMEL.sub(" ", _in_words(name)).lower()
    others = (_BREATH, _DERIVED, _MEASURED, _OTHER)
    said = any(other.search(plain) for other in others) or _MEASURED.search(
        name.lower()
    )
    return _ANYTHING.fullmatch(plain) is not None or (
        role_of(name) is Role.OTHER and not said
    )


def says_no_heartbeats(name: str) -> bool:
    """Whether the heading of a list says that it holds something else.

    A title may hold any word, and HRV is what some apps call their intervals.

    Examples
    --------
    >>> [says_no_heartbeats(name) for name in ("ECG", "SDNN", "HRV", "QT [ms]")]
    [True, True, False, True]
    >>> says_no_heartbeats("Luftfeuchte"), says_no_heartbeats("current RR")
    (True, False)
    >>> says_no_heartbeats("Altitude (m)"), says_no_heartbeats("RR from ECG [ms]")
    (True, False)
    """
    if not _says_another_thing(name):
        return False
    others = (_BREATH, _CHANGED, _DERIVED, _MEASURED)
    return any(
        other.search(re.sub(r"(?<![a-z])hrv(?![a-z])", "", text.lower()))
        for text in (name, _CAMEL.sub(" ", name))
        for other in others
    )


def says_a_wave(name: str) -> bool:
    """Whether a heading says that a signal stands below it, sampled row by row.

    Examples
    --------
    >>> [says_a_wave(name) for name in ("ECG [mV]", "RSP", "RR from ECG [ms]", "x")]
    [True, True, False, False]
    """
    if not _says_another_thing(name):
        return False
    return _WAVE.search(_CAMEL.sub(" ", name).lower()) is not None


def _says_another_thing(name: str) -> bool:
    """Whether it is a name, and no title, of what is neither beats nor times."""
    return role_of(name) is Role.OTHER and len(name.split()) <= _LONGEST_NAME


def _in_words(name: str) -> str:
    """Return a name without the unit in brackets or behind a comma."""
    return _UNIT.sub("", name[:80]).strip(" ,;:_-")


def same_name(one: str, other: str) -> bool:
    """Whether a person who writes `one` means the column `other`."""
    return one.strip().casefold() == other.strip().casefold()
