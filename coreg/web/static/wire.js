/**
 * What the server may say.
 *
 * Written by `python -m coreg.web.write_wire`: change the definition in
 * coreg/web/wire/outgoing.py, not this file. What a shape is, coreg/web/wire/shapes.py
 * says.
 */

/** In the place of a screen or a turn that this page does not know. */
export const NEW = "new";

/** The fields of objects, messages among them. */
export const OBJECTS = {
  "Called": {
    "name": {"is": "text", "or": ""},
    "passcode_utc": {"is": "text", "null": true, "or": null},
    "renamed_utc": {"is": "text", "null": true, "or": null},
    "before": {"is": "text", "null": true, "or": null}
  },
  "Practice": {
    "name": {"is": "text", "or": ""},
    "title": {"is": "text", "or": ""},
    "purpose": {"is": "text", "or": ""},
    "minutes": {"is": "number", "above": 0, "or": 0},
    "length": {"is": "word", "words": ["shorter", "usual", "longer"], "or": null},
    "lengths": {"is": "each", "keys": ["shorter", "usual", "longer"], "of": {"is": "number", "above": 0}, "or": {}},
    "own_pace": {"is": "yes-no", "or": false},
    "asks": {"is": "text", "or": ""},
    "straps": {"is": "word", "words": ["worn", "optional", "none"], "or": "worn"},
    "begins": {"is": "word", "words": ["turns", "asked"], "or": "turns"},
    "not_when": {"is": "text", "or": ""},
    "at_first": {"is": "text", "or": ""},
    "is_led": {"is": "yes-no", "or": true},
    "has_turns": {"is": "yes-no", "or": false}
  },
  "Scale": {
    "name": {"is": "text"},
    "words": {"is": "text"},
    "low": {"is": "text", "or": ""},
    "high": {"is": "text", "or": ""},
    "needed": {"is": "yes-no", "or": false},
    "yes_no": {"is": "yes-no", "or": false},
    "reply": {"is": "text", "or": ""},
    "reply_at_most": {"is": "whole", "null": true, "or": null},
    "may_keep": {"is": "yes-no", "or": false}
  },
  "Pace": {
    "way": {"is": "word", "words": ["find", "six", "set"], "or": null},
    "per_min": {"is": "number", "above": 0, "or": null},
    "in_out": {"is": "word", "words": ["40:60", "50:50"], "or": null},
    "may_find": {"is": "yes-no", "or": false}
  },
  "Choice": {
    "words": {"is": "text"},
    "does": {"is": "word", "words": ["next", "again", "pause", "end"]}
  },
  "Block": {
    "number": {"is": "whole", "or": 0},
    "count": {"is": "whole", "or": null},
    "name": {"is": "text", "or": ""},
    "kind": {"is": "text", "or": ""},
    "words": {"is": "text", "or": ""},
    "length_s": {"is": "number", "or": null},
    "began_server_s": {"is": "number", "or": null},
    "waits": {"is": "yes-no", "or": false},
    "who": {"is": "word", "words": ["A", "B"], "null": true, "or": null},
    "speaker": {"is": "text", "or": ""},
    "listener": {"is": "text", "or": ""},
    "prompts": {"is": "list", "of": {"is": "text"}, "or": []},
    "prompt_s": {"is": "number", "above": 0, "or": 40},
    "choices": {"is": "list", "of": {"is": "object", "of": "Choice"}, "or": []},
    "quiet_s": {"is": "number", "or": null}
  },
  "Pause": {
    "way": {"is": "word", "words": ["near", "apart", "someone"], "null": true, "or": null},
    "back_server_s": {"is": "number", "null": true, "or": null},
    "is_last": {"is": "yes-no", "or": false},
    "is_back": {"is": "yes-no", "or": false}
  },
  "Breath": {
    "t_s": {"is": "number"},
    "period_s": {"is": "number", "above": 0},
    "inhale_s": {"is": "number", "above": 0, "less_than": "period_s"}
  },
  "Notice": {
    "id": {"is": "text", "or": ""},
    "words": {"is": "text"}
  },
  "Recording": {
    "ok": {"is": "yes-no", "or": false},
    "words": {"is": "text", "or": ""}
  },
  "Look": {
    "session_id": {"is": "text"},
    "page": {"is": "text", "pattern": "/evenings/([\\w/.~-]|%[\\dA-F]{2})+(\\?[\\w=&-]*)?", "null": true, "or": null},
    "wished": {"is": "yes-no", "or": false},
    "had_quiet": {"is": "yes-no", "or": false}
  },
  "Sat": {
    "minutes": {"is": "whole"},
    "breathing_minutes": {"is": "whole", "or": 0},
    "breaths_per_min": {"is": "number", "above": 0, "null": true, "or": null}
  },
  "Read": {
    "partner": {"is": "word", "words": ["A", "B"]},
    "text": {"is": "text"}
  },
  "Unfinished": {
    "title": {"is": "text"},
    "words": {"is": "text", "or": ""},
    "may_go_on": {"is": "yes-no", "or": false},
    "is_ready": {"is": "yes-no", "or": false},
    "page": {"is": "text", "pattern": "/evenings/([\\w/.~-]|%[\\dA-F]{2})+(\\?[\\w=&-]*)?", "null": true, "or": null}
  },
  "LooseEnd": {
    "number": {"is": "whole"},
    "partner": {"is": "word", "words": ["A", "B"]},
    "has_room": {"is": "yes-no", "or": false},
    "is_over": {"is": "yes-no", "or": false}
  },
  "HomePlan": {
    "words": {"is": "text", "or": ""},
    "why": {"is": "text", "or": ""}
  },
  "OpenHour": {
    "is_within": {"is": "yes-no", "or": false},
    "practices": {"is": "list", "of": {"is": "text"}, "or": []},
    "ways": {"is": "list", "of": {"is": "word", "words": ["talk", "rest", "end"]}, "or": []}
  },
  "Settings": {
    "warmth": {"is": "yes-no", "or": true},
    "bell": {"is": "yes-no", "or": true},
    "our_pace": {"is": "yes-no", "or": false},
    "may_quit": {"is": "yes-no", "or": false}
  },
  "Strap": {
    "id": {"is": "text"},
    "name": {"is": "text", "or": ""},
    "model": {"is": "text", "or": ""},
    "ends": {"is": "text", "or": ""},
    "partner": {"is": "word", "words": ["A", "B"], "null": true, "or": "new"},
    "jumps": {"is": "list", "of": {"is": "number", "null": true, "or": null}, "or": []},
    "arrives": {"is": "yes-no", "or": false},
    "signal": {"is": "word", "words": ["good", "dry", "silent", "searching"], "or": null},
    "remembered": {"is": "yes-no", "or": false},
    "words": {"is": "text", "or": ""}
  },
  "State": {
    "v": {"is": "whole", "or": null},
    "server_s": {"is": "number", "or": null},
    "screen": {"is": "word", "words": ["welcome", "consent", "not-yet", "lock", "home", "gate", "question", "arrive", "breathe", "rest", "both-light", "words", "turn", "step", "write", "asked", "pause", "look-back", "evenings", "settings"], "or": "new"},
    "simulated": {"is": "yes-no", "or": false},
    "source": {"is": "word", "words": ["straps", "recordings", "simulated", "nobody"], "or": null},
    "seed": {"is": "whole", "or": null},
    "speed": {"is": "number", "or": null},
    "couple": {"is": "each", "keys": ["A", "B"], "of": {"is": "object", "of": "Called", "or": {"name": "", "passcode_utc": null, "renamed_utc": null, "before": null}}, "or": {"A": {"name": "", "passcode_utc": null, "renamed_utc": null, "before": null}, "B": {"name": "", "passcode_utc": null, "renamed_utc": null, "before": null}}},
    "turn": {"is": "word", "words": ["A", "B"], "null": true, "or": "new"},
    "practice": {"is": "object", "of": "Practice", "or": null},
    "choices": {"is": "list", "of": {"is": "object", "of": "Practice"}, "or": []},
    "first": {"is": "word", "words": ["A", "B"], "or": "A"},
    "strapless": {"is": "yes-no", "or": false},
    "scales": {"is": "list", "of": {"is": "object", "of": "Scale"}, "or": []},
    "without_breathing": {"is": "yes-no", "or": false},
    "pace": {"is": "object", "of": "Pace", "or": null},
    "block": {"is": "object", "of": "Block", "null": true, "or": null},
    "paused": {"is": "yes-no", "or": false},
    "pause": {"is": "object", "of": "Pause", "null": true, "or": null},
    "breath": {"is": "object", "of": "Breath", "null": true, "or": null},
    "next_breath": {"is": "object", "of": "Breath", "null": true, "or": null},
    "pacing": {"is": "word", "words": ["gliding", "finding", "staying", "holding", "quicker", "no slower", "by hand", "following", "calm"], "null": true, "or": null},
    "asks": {"is": "yes-no", "or": false},
    "taps": {"is": "yes-no", "or": false},
    "notices": {"is": "list", "of": {"is": "object", "of": "Notice"}, "or": []},
    "recording": {"is": "object", "of": "Recording", "or": {"ok": true, "words": ""}},
    "ending": {"is": "text", "null": true, "or": null},
    "closing": {"is": "text", "or": ""},
    "look": {"is": "object", "of": "Look", "null": true, "or": null},
    "sat": {"is": "object", "of": "Sat", "null": true, "or": null},
    "read": {"is": "list", "of": {"is": "object", "of": "Read"}, "or": []},
    "lock": {"is": "word", "words": ["unasked", "open", "locked"], "or": "open"},
    "keep_days": {"is": "whole", "or": 0},
    "unfinished": {"is": "object", "of": "Unfinished", "null": true, "or": null},
    "loose_ends": {"is": "list", "of": {"is": "object", "of": "LooseEnd"}, "or": []},
    "home_plan": {"is": "object", "of": "HomePlan", "null": true, "or": null},
    "seat": {"is": "word", "words": ["both", "A", "B", "therapist", "light"], "or": "both"},
    "elsewhere": {"is": "yes-no", "or": false},
    "phones": {"is": "list", "of": {"is": "word", "words": ["A", "B"]}, "or": []},
    "marks": {"is": "list", "of": {"is": "text"}, "or": []},
    "hour": {"is": "object", "of": "OpenHour", "null": true, "or": null},
    "for_therapist": {"is": "list", "of": {"is": "text"}, "or": []},
    "with_therapist": {"is": "yes-no", "or": false},
    "therapist_hears": {"is": "yes-no", "or": false},
    "settings": {"is": "object", "of": "Settings", "or": {"warmth": true, "bell": true, "our_pace": false, "may_quit": false}},
    "straps": {"is": "list", "of": {"is": "object", "of": "Strap"}, "or": []}
  },
  "Locked": {
    "v": {"is": "whole", "or": null},
    "words": {"is": "text", "or": ""},
    "clinic": {"is": "word", "words": ["none-yet", "locked"], "null": true, "or": null}
  },
  "Ended": {
    "v": {"is": "whole", "or": null}
  },
  "PastHour": {
    "id": {"is": "text"},
    "words": {"is": "text", "or": ""}
  },
  "Heard": {
    "partner": {"is": "word", "words": ["A", "B"]},
    "about": {"is": "word", "words": ["before", "hour", "wish", "line"]},
    "day": {"is": "text", "or": ""},
    "asked": {"is": "text", "or": ""},
    "value": {"is": "whole", "null": true, "or": null},
    "text": {"is": "text", "or": ""},
    "fell": {"is": "yes-no", "or": false}
  },
  "Couple": {
    "id": {"is": "text"},
    "a": {"is": "text", "or": ""},
    "b": {"is": "text", "or": ""},
    "may_open": {"is": "yes-no", "or": false},
    "words": {"is": "text", "or": ""},
    "held_back": {"is": "yes-no", "or": false},
    "alone": {"is": "list", "of": {"is": "word", "words": ["A", "B"]}, "or": []},
    "hours": {"is": "list", "of": {"is": "object", "of": "PastHour"}, "or": []},
    "heard": {"is": "list", "of": {"is": "object", "of": "Heard"}, "or": []}
  },
  "LogLine": {
    "utc": {"is": "text", "or": ""},
    "what": {"is": "text", "or": ""}
  },
  "Clinic": {
    "v": {"is": "whole", "or": null},
    "couples": {"is": "list", "of": {"is": "object", "of": "Couple"}, "or": []},
    "labels": {"is": "list", "of": {"is": "text"}, "or": []},
    "log": {"is": "list", "of": {"is": "object", "of": "LogLine"}, "or": []}
  },
  "Stretch": {
    "start_s": {"is": "number", "least": 0, "most": 172800},
    "end_s": {"is": "number", "least": 0, "most": 172800},
    "words": {"is": "text", "or": ""}
  },
  "PaceStretch": {
    "start_s": {"is": "number", "least": 0, "most": 172800},
    "end_s": {"is": "number", "least": 0, "most": 172800},
    "breaths_per_min": {"is": "number", "above": 0, "most": 60}
  },
  "Marked": {
    "t_s": {"is": "number", "least": 0, "most": 172800},
    "key": {"is": "whole", "or": 0},
    "words": {"is": "text", "or": ""}
  },
  "HeartLine": {
    "partner": {"is": "word", "words": ["A", "B"]},
    "name": {"is": "text", "or": ""},
    "t_s": {"is": "list", "of": {"is": "number", "least": 0, "most": 172800}, "or": []},
    "bpm": {"is": "list", "of": {"is": "number", "least": 0, "most": 300, "null": true, "or": null}, "or": []}
  },
  "HourLine": {
    "length_s": {"is": "number", "least": 0, "most": 172800},
    "parts": {"is": "list", "of": {"is": "object", "of": "Stretch"}, "or": []},
    "pauses": {"is": "list", "of": {"is": "object", "of": "Stretch"}, "or": []},
    "paces": {"is": "list", "of": {"is": "object", "of": "PaceStretch"}, "or": []},
    "moments": {"is": "list", "of": {"is": "object", "of": "Marked"}, "or": []},
    "hearts": {"is": "list", "of": {"is": "object", "of": "HeartLine"}, "or": []}
  },
  "Correctable": {
    "session_id": {"is": "text"},
    "partner": {"is": "word", "words": ["A", "B"]},
    "name": {"is": "text", "or": ""},
    "part": {"is": "text", "or": ""},
    "words": {"is": "text", "or": ""}
  },
  "Hour": {
    "v": {"is": "whole", "or": null},
    "session_id": {"is": "text", "or": ""},
    "couple": {"is": "text", "or": ""},
    "line": {"is": "object", "of": "HourLine", "null": true, "or": null},
    "lines": {"is": "list", "of": {"is": "text"}, "or": []},
    "note": {"is": "list", "of": {"is": "text"}, "or": []},
    "correctable": {"is": "list", "of": {"is": "object", "of": "Correctable"}, "or": []}
  },
  "Editor": {
    "v": {"is": "whole", "or": null},
    "link": {"is": "text"}
  },
  "HeardNow": {
    "heard": {"is": "list", "of": {"is": "object", "of": "Heard"}, "or": []}
  },
  "Planned": {
    "name": {"is": "text"},
    "title": {"is": "text", "or": ""},
    "most_a_week": {"is": "whole", "or": 1}
  },
  "PlanForHome": {
    "v": {"is": "whole", "or": null},
    "couple": {"is": "text"},
    "called": {"is": "text", "or": ""},
    "words": {"is": "text", "or": ""},
    "why": {"is": "text", "or": ""},
    "came": {"is": "list", "of": {"is": "text"}, "or": []},
    "practices": {"is": "list", "of": {"is": "object", "of": "Planned"}, "or": []},
    "today": {"is": "text", "or": ""},
    "usual": {"is": "text", "or": ""},
    "latest": {"is": "text", "or": ""}
  },
  "Hearts": {
    "straps": {"is": "list", "of": {"is": "object", "of": "Strap"}}
  },
  "Glint": {
    "t_s": {"is": "number"}
  },
  "PacerStopped": {
    "t_s": {"is": "number", "or": null}
  },
  "Warmth": {
    "value": {"is": "number", "least": 0, "most": 1, "null": true, "or": null}
  },
  "HeartTraced": {
    "is_seen": {"is": "yes-no", "or": false},
    "signal": {"is": "text", "or": ""},
    "t_s": {"is": "list", "of": {"is": "number"}, "or": []},
    "bpm": {"is": "list", "of": {"is": "number", "null": true, "or": null}, "or": []},
    "level_bpm": {"is": "number", "null": true, "or": null},
    "swing_bpm": {"is": "number", "null": true, "or": null}
  },
  "Watched": {
    "anew": {"is": "yes-no", "or": false},
    "hearts": {"is": "each", "keys": ["A", "B"], "of": {"is": "object", "of": "HeartTraced", "or": {"is_seen": false, "signal": "", "t_s": [], "bpm": [], "level_bpm": null, "swing_bpm": null}}, "or": {"A": {"is_seen": false, "signal": "", "t_s": [], "bpm": [], "level_bpm": null, "swing_bpm": null}, "B": {"is_seen": false, "signal": "", "t_s": [], "bpm": [], "level_bpm": null, "swing_bpm": null}}}
  },
  "Pong": {
    "id": {"is": "whole"},
    "server_s": {"is": "number"}
  },
  "Refused": {
    "why": {"is": "text", "or": ""},
    "id": {"is": "whole", "null": true, "or": null},
    "wait_s": {"is": "number", "null": true, "or": null}
  },
  "Agreed": {
    "record": {"is": "yes-no", "or": false},
    "show_partner": {"is": "yes-no", "or": false},
    "heart_rhythm": {"is": "yes-no", "or": false},
    "see_doctor": {"is": "yes-no", "or": false},
    "find_pace": {"is": "yes-no", "or": false},
    "show_therapist": {"is": "yes-no", "or": false},
    "movement": {"is": "yes-no", "or": false},
    "ecg": {"is": "yes-no", "or": false}
  },
  "Unlocked": {
    "ticket": {"is": "text"},
    "last_utc": {"is": "text", "or": ""},
    "closed_until": {"is": "text", "or": ""},
    "wrong_tries": {"is": "whole", "or": 0}
  },
  "OwnLine": {
    "number": {"is": "whole"},
    "session_id": {"is": "text", "or": ""},
    "when_utc": {"is": "text", "or": ""},
    "block": {"is": "text", "or": ""},
    "text": {"is": "text", "null": true, "or": null},
    "at_ease": {"is": "whole", "null": true, "or": null},
    "wide_awake": {"is": "whole", "null": true, "or": null},
    "awake": {"is": "whole", "null": true, "or": null},
    "myself": {"is": "whole", "null": true, "or": null},
    "happened": {"is": "word", "words": ["yes", "a-bit", "not-today"], "null": true, "or": null},
    "asked": {"is": "text", "or": ""},
    "answered": {"is": "whole", "null": true, "or": null},
    "said_yes": {"is": "yes-no", "null": true, "or": null},
    "is_read": {"is": "yes-no", "or": false},
    "offered": {"is": "yes-no", "or": false},
    "brought": {"is": "yes-no", "or": false}
  },
  "OwnLines": {
    "lines": {"is": "list", "of": {"is": "object", "of": "OwnLine"}},
    "unread": {"is": "whole", "or": 0},
    "may_share": {"is": "yes-no", "or": false},
    "wish_shared": {"is": "yes-no", "or": false}
  },
  "Taken": {
    "id": {"is": "whole"},
    "agreed": {"is": "object", "of": "Agreed", "null": true, "or": null},
    "unlocked": {"is": "object", "of": "Unlocked", "null": true, "or": null},
    "own": {"is": "object", "of": "OwnLines", "null": true, "or": null},
    "recovery_key": {"is": "text", "null": true, "or": null}
  },
  "PartListed": {
    "id": {"is": "text"},
    "when_utc": {"is": "text", "null": true, "or": null},
    "practice": {"is": "text", "or": ""},
    "page": {"is": "text", "pattern": "/evenings/([\\w/.~-]|%[\\dA-F]{2})+(\\?[\\w=&-]*)?", "null": true, "or": null}
  },
  "EveningListed": {
    "id": {"is": "text"},
    "when_utc": {"is": "text", "null": true, "or": null},
    "practice": {"is": "text", "null": true, "or": null},
    "length_s": {"is": "number", "null": true, "or": null},
    "sat": {"is": "object", "of": "Sat", "null": true, "or": null},
    "state": {"is": "text", "or": ""},
    "source": {"is": "word", "words": ["straps", "recordings", "simulated", "nobody"], "null": true, "or": null},
    "simulated": {"is": "yes-no", "or": false},
    "words": {"is": "text", "or": ""},
    "page": {"is": "text", "pattern": "/evenings/([\\w/.~-]|%[\\dA-F]{2})+(\\?[\\w=&-]*)?", "null": true, "or": null},
    "parts": {"is": "list", "of": {"is": "object", "of": "PartListed"}, "or": []}
  },
  "LineListed": {
    "number": {"is": "whole"},
    "partner": {"is": "word", "words": ["A", "B"]},
    "session_id": {"is": "text", "or": ""},
    "text": {"is": "text"},
    "when_utc": {"is": "text", "or": ""}
  },
  "Place": {
    "where": {"is": "text", "or": ""},
    "name": {"is": "text", "or": ""},
    "number": {"is": "text"},
    "for_whom": {"is": "text", "or": ""},
    "by_text": {"is": "text", "or": ""},
    "source": {"is": "text", "or": ""}
  },
  "Places": {
    "as_of": {"is": "text", "or": ""},
    "places": {"is": "list", "of": {"is": "object", "of": "Place"}}
  },
  "PhonePlace": {
    "seat": {"is": "word", "words": ["both", "A", "B", "therapist", "light"]},
    "taken": {"is": "yes-no", "or": false},
    "here": {"is": "yes-no", "or": false},
    "address": {"is": "text", "or": ""},
    "picture": {"is": "text", "or": ""}
  },
  "Phones": {
    "on": {"is": "yes-no", "or": false},
    "words": {"is": "text", "or": ""},
    "address": {"is": "text", "or": ""},
    "fingerprint": {"is": "text", "or": ""},
    "places": {"is": "list", "of": {"is": "object", "of": "PhonePlace"}, "or": []}
  }
};

/** Which object a message is, by its type. */
export const MESSAGES = {
  "state": "State",
  "locked": "Locked",
  "ended": "Ended",
  "clinic": "Clinic",
  "hour": "Hour",
  "editor": "Editor",
  "heard": "HeardNow",
  "home-plan": "PlanForHome",
  "hearts": "Hearts",
  "breath": "Breath",
  "glint": "Glint",
  "pacer-stopped": "PacerStopped",
  "warmth": "Warmth",
  "watched": "Watched",
  "pong": "Pong",
  "refused": "Refused",
  "taken": "Taken"
};

/** What is answered over HTTP. */
export const ANSWERS = {
  "/evenings": {"is": "list", "of": {"is": "object", "of": "EveningListed"}, "or": []},
  "/lines": {"is": "list", "of": {"is": "object", "of": "LineListed"}, "or": []},
  "/places": {"is": "object", "of": "Places", "or": {"as_of": "", "places": []}},
  "/phones": {"is": "object", "of": "Phones", "or": {"on": false, "words": "", "address": "", "fingerprint": "", "places": []}}
};
