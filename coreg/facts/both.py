"""A pair of anything for two partners: A's, then B's."""

from typing import Generic, NamedTuple, SupportsIndex, TypeVar

from coreg.facts.kinds import Partner

T = TypeVar("T")


class Both(NamedTuple, Generic[T]):
    """A's and B's of the same kind; a tuple, so that it can be taken apart like one.

    Examples
    --------
    >>> rest_bpm = Both(62.0, 71.0)
    >>> rest_bpm.b, rest_bpm[Partner.A]
    (71.0, 62.0)
    >>> rest_bpm.but(Partner.A, 60.0)
    Both(a=60.0, b=71.0)
    """

    a: T
    b: T

    def __getitem__(  # type: ignore[override]
        self, of: Partner | SupportsIndex
    ) -> T:
        """Return this partner's."""
        if isinstance(of, Partner):
            return self.a if of is Partner.A else self.b
        return self.a if of.__index__() in {0, -2} else self.b

    def items(self) -> tuple[tuple[Partner, T], tuple[Partner, T]]:
        """Return whose each is, A's first."""
        return ((Partner.A, self.a), (Partner.B, self.b))

    def but(self, partner: Partner, value: T) -> "Both[T]":
        """Return both with this partner's replaced."""
        return Both(value, self.b) if partner is Partner.A else Both(self.a, value)
