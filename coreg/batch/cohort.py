"""What the rows of many sessions say: asked of the table itself, by DuckDB.

Strategy.

1. A heart is a row, but couples are what is counted: two hearts of one evening, or ten
   evenings of one couple, are no twenty people. So intervals are over couples.
2. What cannot be answered says why. Sessions of which nobody knows whose they are (from
   recordings) are in the distributions and in nothing that compares people.
3. A session that lies there twice would count twice: that is refused. Where two hold
   the same beats and are not the same (two cuts, or two offsets between the same
   hearts), nobody knows which of them is meant: that is said.
4. Hearts that coreg made up are never counted with those of people. A table of both is
   refused until somebody says which are meant, so that no question can forget it.
"""

import math
import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy.stats import t as student

from coreg.analysis.strangers import (
    FEWEST_COUPLES,
    AmongStrangers,
    against_strangers,
)
from coreg.analysis.surrogates import holm
from coreg.base.packages import installing
from coreg.batch.prints import FEWEST_SHARED
from coreg.batch.table import columns
from coreg.errors import BadInputError, MissingPackageError
from coreg.facts.arrays import Floats
from coreg.facts.events import Source
from coreg.report.exchange.session_table import BROKEN_OFF

FIGURES: Final = ("mean_hr_bpm", "rmssd_ms", "sdnn_ms", "lf_ms2", "hf_ms2")
_LOGARITHMS: Final = frozenset({"rmssd_ms", "sdnn_ms", "lf_ms2", "hf_ms2"})
"""What varies by a factor: changes of these are of the logarithm."""
FEWEST_SESSIONS: Final = 3
"""Of one person, before a change over sessions is drawn through them."""
_QUANTILES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How much there is.

    `simulated` is all of the sessions, or none. `unknown` sessions do not say whose
    they are; `unfinished` ones broke off or are damaged, and have figures of what was
    recorded.
    """

    sessions: int
    simulated: int
    couples: int
    unknown: int
    unfinished: int
    errors: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SameBeats:
    """Two sessions that hold the same beats: of one heart, or of both."""

    first: str
    second: str
    hearts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """One figure over the practice, over all hearts that have it.

    `quantiles` are those of 5, 25, 50, 75 and 95 %.
    """

    practice: str
    figure: str
    hearts: int
    quantiles: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How one figure changes from a session to the next, over couples.

    `mean`, `low` and `high` (95 %, Student's t) are of the couples' slopes a session:
    of the logarithm where `is_log`. NaN where there are fewer than two couples.
    """

    practice: str
    figure: str
    is_log: bool
    couples: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """A part in which many did the same, beside the same people dealt anew.

    `found` is None where that cannot be said, as `why` says. `p_holm` is corrected for
    all parts that were looked at.
    """

    practice: str
    part: str
    found: AmongStrangers | None
    p_holm: float
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixed:
    """A mixed model: ln RMSSD by session, couples and people in them at random.

    Couples differ in how they change, too: were they taken to change alike, the
    interval would hold the truth too seldom (docs/cohort.md). `low` and `high` are
    95 % by Student's t over `couples`.
    """

    practice: str
    slope: float
    low: float
    high: float
    couples: int
    people: int
    why: str


class Cohort:
    """The table of a run, to be asked.

    Parameters
    ----------
    path : Path
    couples : Path or None
        A list that says whose sessions are.
    simulated : bool or None
        Whether to ask of simulated hearts or of people's; None where the table holds
        one kind alone.

    Raises
    ------
    BadInputError
        If this is no such table, it holds both kinds and nobody chose, or a session
        lies there twice.
    """

    def __init__(
        self,
        path: Path,
        couples: Path | None = None,
        *,
        simulated: bool | None = None,
    ) -> None:
        self._rows = _opened(path, couples, simulated=simulated)
        self._refuse_twice()

    def counted(self) -> Counted:
        """Return how much there is."""
        ((sessions, simulated, couples, unknown, unfinished, errors),) = self._ask(
            "SELECT count(DISTINCT file) FILTER (error_kind IS NULL),"
            " count(DISTINCT file) FILTER (source = ?),"
            " count(DISTINCT couple) FILTER (error_kind IS NULL),"
            " count(DISTINCT file) FILTER (error_kind IS NULL AND couple IS NULL),"
            " count(DISTINCT file) FILTER (ending = ? OR is_damaged = 1),"
            " count(DISTINCT file) FILTER (error_kind IS NOT NULL) FROM rows",
            *(Source.SIMULATED.value, BROKEN_OFF),
        )
        return Counted(
            sessions=sessions,
            simulated=simulated,
            couples=couples,
            unknown=unknown,
            unfinished=unfinished,
            errors=errors,
        )

    def same_beats(self) -> list[SameBeats]:
        """Return sessions that count as two and hold the same heart, cut otherwise."""
        return [
            SameBeats(first=first, second=second, hearts=hearts)
            for first, second, hearts in self._ask(
                "WITH prints AS (SELECT file, partner,"
                " unnest(string_split(heart_print, ' ')) AS print FROM whole"
                " WHERE heart_print IS NOT NULL), hearts AS (SELECT a.file AS one,"
                " b.file AS other, a.partner AS whose FROM prints a JOIN prints b"
                " ON a.print = b.print AND a.file < b.file"
                " GROUP BY a.file, b.file, a.partner, b.partner HAVING count(*) >= ?)"
                " SELECT one, other, count(DISTINCT whose) FROM hearts"
                " GROUP BY one, other ORDER BY one, other",
                FEWEST_SHARED,
            )
        ]

    def distributions(self) -> list[Distribution]:
        """Return how figures are distributed, practice by practice."""
        return [
            Distribution(
                practice=practice,
                figure=figure,
                hearts=hearts,
                quantiles=tuple(quantiles),
            )
            for figure in FIGURES
            for practice, hearts, quantiles in self._ask(
                f"SELECT practice, count({figure}),"  # noqa: S608 - a name of ours
                f" quantile_cont({figure}, {list(_QUANTILES)}) FROM whole"
                f" WHERE {figure} IS NOT NULL GROUP BY practice ORDER BY practice"
            )
        ]

    def changes(self) -> list[Change]:
        """Return how figures change from session to session of a couple."""
        return [
            _change(practice, figure, slopes)
            for figure in FIGURES
            for practice, slopes in self._ask(
                "WITH people AS (SELECT practice, couple, partner,"  # noqa: S608
                f" regr_slope({_scaled(figure)}, number) AS slope"
                f" FROM numbered WHERE {figure} > 0"
                " GROUP BY practice, couple, partner"
                f" HAVING count(DISTINCT number) >= {FEWEST_SESSIONS}),"
                " by_couple AS (SELECT practice, couple, avg(slope) AS slope"
                " FROM people GROUP BY practice, couple)"
                " SELECT practice, list(slope ORDER BY couple) FROM by_couple"
                " GROUP BY practice ORDER BY practice"
            )
        ]

    def together(self, *, draws: int, rng: np.random.Generator) -> list[Together]:
        """Return how alike couples are beside the same people dealt anew.

        Only parts in which the same was done, to the breath, are dealt among each
        other, and nobody is given to their own couple.
        """
        found = [
            (practice, part, self._dealt(programme, draws, rng))
            for programme, practice, part, couples in self._ask(
                "SELECT pair_programme, any_value(practice), any_value(part_name),"
                " count(DISTINCT couple) FROM rows WHERE pair_slow IS NOT NULL"
                " AND couple IS NOT NULL GROUP BY pair_programme"
                " ORDER BY 2, any_value(part), 1"
            )
            if couples >= FEWEST_COUPLES
        ]
        p_holm = holm([each.p if each else math.nan for _, _, each in found])
        return [
            Together(
                practice=practice,
                part=part,
                found=each,
                p_holm=p,
                why=""
                if each
                else "one couple has more than half of the sessions, or"
                " too little is known of both hearts at once",
            )
            for (practice, part, each), p in zip(found, p_holm, strict=True)
        ]

    def alone(self) -> int:
        """Return how many sessions have a part that fewer than four couples did."""
        ((sessions,),) = self._ask(
            "SELECT count(DISTINCT file) FROM rows WHERE pair_slow IS NOT NULL"
            " AND pair_programme IN (SELECT pair_programme FROM rows"
            " WHERE pair_slow IS NOT NULL GROUP BY pair_programme"
            " HAVING count(DISTINCT couple) < ?)",
            FEWEST_COUPLES,
        )
        return int(sessions)

    def mixed(self) -> list[Mixed]:
        """Return the mixed model of ln RMSSD, practice by practice."""
        practices = self._ask(
            "SELECT DISTINCT practice FROM numbered WHERE rmssd_ms > 0 ORDER BY 1"
        )
        return [
            _mixed(
                practice,
                self._ask(
                    "SELECT couple, partner, number, ln(rmssd_ms) FROM numbered"
                    " WHERE rmssd_ms > 0 AND practice = ? ORDER BY 1, 2, 3",
                    practice,
                ),
            )
            for (practice,) in practices
        ]

    def _dealt(
        self, programme: str, draws: int, rng: np.random.Generator
    ) -> AmongStrangers | None:
        both = self._ask(
            "SELECT a.couple, a.pair_slow, b.pair_slow FROM rows a JOIN rows b"
            " ON a.file = b.file AND a.part = b.part WHERE a.partner = 'A'"
            " AND b.partner = 'B' AND a.scope = 'part' AND b.scope = 'part'"
            " AND a.pair_programme = ? AND a.pair_slow IS NOT NULL"
            " AND b.pair_slow IS NOT NULL AND a.couple IS NOT NULL ORDER BY a.file",
            programme,
        )
        a, b = ([_series(each[at]) for each in both] for at in (1, 2))
        return against_strangers(a, b, [each[0] for each in both], draws=draws, rng=rng)

    def _refuse_twice(self) -> None:
        twice = self._ask(
            "SELECT list(file ORDER BY file) FROM whole WHERE partner = 'A' AND beats"
            " > 0 GROUP BY opened_utc, practice, source, beats, mean_nn_ms, pair_seed,"
            " couple HAVING count(*) > 1 ORDER BY 1"
        )
        if twice:
            first, second, *_ = twice[0][0]
            raise BadInputError(
                f"{first} and {second} hold the same session, which would count twice.",
                "Keep copies elsewhere, and work the folder out again.",
            )

    def _ask(self, question: str, *given: object) -> list[Any]:
        rows: list[Any] = self._rows.execute(question, given).fetchall()
        return rows


def _opened(path: Path, couples: Path | None, *, simulated: bool | None) -> Any:
    """Return a connection in which `rows` is the table, and `whole` its practices.

    Of simulated hearts or of people's alone; of what has no figures nobody knows.
    """
    try:
        duckdb = import_module("duckdb")
    except ImportError as error:
        raise MissingPackageError(
            "This takes DuckDB, which isn't installed.",
            f"Install it from coreg's folder: {installing('cohort')}",
        ) from error
    rows = duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
    )
    try:
        rows.read_parquet(str(path)).create_view("every")
        names = [each[0] for each in rows.execute("DESCRIBE every").fetchall()]
        if names != [each.name for each in columns()]:
            raise BadInputError(
                f"{path} isn't a table of this coreg batch.", "Work it out again."
            )
        _part_sources(rows, path, simulated=simulated)
        _name_couples(rows, couples)
    except duckdb.Error as error:
        wrong = str(error).partition("\n")[0]
        raise BadInputError(
            f"{path} or {couples or 'it'} can't be read ({wrong}).",
            "Give a table that coreg batch wrote.",
        ) from error
    rows.execute(
        "CREATE VIEW whole AS SELECT * FROM rows"
        " WHERE scope = 'practice' AND error_kind IS NULL"
    )
    rows.execute(
        "CREATE VIEW numbered AS SELECT *, dense_rank() OVER (PARTITION BY couple,"
        " practice ORDER BY opened_utc) AS number FROM whole WHERE couple IS NOT NULL"
    )
    return rows


def _part_sources(rows: Any, path: Path, *, simulated: bool | None) -> None:
    """Let `given` be of one kind of hearts; refuse both where nobody chose."""
    made_up = f"coalesce(source = '{Source.SIMULATED.value}', false)"
    if simulated is not None:
        wanted = made_up if simulated else f"NOT {made_up}"
        rows.execute(
            f"CREATE VIEW given AS SELECT * FROM every"  # noqa: S608 - words of ours
            f" WHERE error_kind IS NOT NULL OR {wanted}"
        )
        return
    ((of_people, of_none),) = rows.execute(
        f"SELECT count(DISTINCT file) FILTER (NOT {made_up}),"  # noqa: S608
        f" count(DISTINCT file) FILTER ({made_up})"
        " FROM every WHERE error_kind IS NULL"
    ).fetchall()
    if of_people and of_none:
        raise BadInputError(
            f"{path} holds simulated hearts and people's (sessions: {of_none} and"
            f" {of_people}), which are never counted together.",
            "Choose: --source simulated or --source people.",
        )
    rows.execute("CREATE VIEW given AS SELECT * FROM every")


def _name_couples(rows: Any, couples: Path | None) -> None:
    """Let `rows` be the table, with couples as a list names them where there is one."""
    if couples is None:
        rows.execute("CREATE VIEW rows AS SELECT * FROM given")
        return
    rows.read_csv(str(couples), header=True, all_varchar=True).create_view("named")
    ((most,),) = rows.execute(
        "SELECT coalesce(max(n), 0) FROM"
        " (SELECT count(*) AS n FROM named GROUP BY file)"
    ).fetchall()
    if most > 1:
        raise BadInputError(
            f"{couples} names a session twice.", "Keep one line for each."
        )
    rows.execute(
        "CREATE VIEW rows AS SELECT given.* REPLACE"
        " (coalesce(named.couple, given.couple) AS couple)"
        " FROM given LEFT JOIN named ON given.file = named.file"
    )


def _series(values: Sequence[float | None]) -> Floats:
    return np.array(values, dtype=np.float64)


def _scaled(figure: str) -> str:
    return f"ln({figure})" if figure in _LOGARITHMS else figure


def _change(practice: str, figure: str, slopes: Sequence[float]) -> Change:
    x = np.array(slopes)
    half = math.nan
    if x.size > 1:
        spread = float(x.std(ddof=1) / np.sqrt(x.size))
        half = float(student.ppf(0.975, x.size - 1)) * spread
    return Change(
        practice=practice,
        figure=figure,
        is_log=figure in _LOGARITHMS,
        couples=x.size,
        mean=float(x.mean()),
        low=float(x.mean()) - half,
        high=float(x.mean()) + half,
    )


def _mixed(practice: str, rows: Sequence[tuple[str, str, int, float]]) -> Mixed:
    people = Counter((couple, partner) for couple, partner, *_ in rows)
    couples = {couple for couple, _ in people}

    def unknown(why: str) -> Mixed:
        nan = math.nan
        return Mixed(
            practice=practice,
            slope=nan,
            low=nan,
            high=nan,
            couples=len(couples),
            people=len(people),
            why=why,
        )

    if len(couples) < FEWEST_COUPLES or max(people.values()) < FEWEST_SESSIONS:
        return unknown("it takes four couples, and three sessions of some of them")
    try:
        pandas = import_module("pandas")
        models = import_module("statsmodels.formula.api")
    except ImportError:
        return unknown("statsmodels isn't installed")
    frame = pandas.DataFrame(rows, columns=["couple", "partner", "number", "y"])
    frame["person"] = frame["couple"] + " " + frame["partner"]
    frame["number"] = frame["number"] - frame["number"].mean()  # which it fits better
    try:
        with warnings.catch_warnings(record=True):
            warnings.simplefilter("always")
            fitted = models.mixedlm(
                "y ~ number",
                frame,
                groups="couple",
                re_formula="1",
                vc_formula={"person": "0 + C(person)", "change": "0 + number"},
            ).fit(method="powell")  # others stop short where a variance is nought
    except np.linalg.LinAlgError:  # as where nothing varies
        return unknown("the model did not converge")
    slope, error = float(fitted.params["number"]), float(fitted.bse["number"])
    if not fitted.converged or not error > 0:
        return unknown("the model did not converge")
    half = float(student.ppf(0.975, len(couples) - 1)) * error
    return Mixed(
        practice=practice,
        slope=slope,
        low=slope - half,
        high=slope + half,
        couples=len(couples),
        people=len(people),
        why="",
    )
