"""What a study says and shows: sentences, answers, tables and figures, in its first language."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from segmentation.show import tables
from segmentation.study.facts import Absent, Fact
from segmentation.words.reader import Reader, Sentence, sentence

if TYPE_CHECKING:
    from segmentation.study.settings import Settings

Kind = Literal["good", "caution", "bad", "neutral"]


class Presenting:
    """The half of a study that speaks; `settings` says to whom."""

    _settings: "Settings"

    @property
    def reader(self) -> Reader:
        """Who reads: language, currency and tiers of the page."""
        settings = self._settings
        return Reader(settings.languages[0], settings.currency, settings.minor_units, settings.tiers)

    def __repr__(self) -> str:
        return repr(self._itself())

    def _repr_html_(self) -> str:
        return self._itself()._repr_html_()

    def _itself(self) -> tables.Block:
        """What a study is of: month, orders, window, methods."""
        settings = self._settings
        lines = [
            sentence("Month: {month}", month=settings.month or "–"),
            sentence("Orders: {path}", path=str(settings.orders.get("path", "–"))),
            sentence("Window: {n:integer} {n:month|months}", n=settings.window_months),
            sentence("Methods: {names:list}", names=list(settings.methods)),
            sentence("Official method: {name:word}", name=settings.official),
        ]
        return tables.words("\n".join(self.say(line) for line in lines))

    def say(self, text: str | Sentence, /, **values: Any) -> str:
        """A sentence in the reader's language, see Reader.say."""
        return self.reader.say(text, **values)

    def answer(self, *sentences: str | Sentence, kind: Kind = "neutral", **values: Any) -> tables.Block:
        """The answer of a page: the first sentence is the verdict, the others are its grounds."""
        return tables.answer(*(self.say(text, **values) for text in sentences), kind=kind)

    def note(self, text: str | Sentence, /, **values: Any) -> tables.Block:
        """A quiet remark."""
        return tables.note(self.say(text, **values))

    def figures(self, *items: tuple[str | Sentence, object, str | Sentence]) -> tables.Block:
        """A row of headline figures: (label, value, note); the note may be empty."""
        return tables.figures([(self.say(name), value, self.say(note)) for name, value, note in items])

    def table(
        self,
        shown: pd.DataFrame | Fact[..., pd.DataFrame],
        caption: str | Sentence,
        *,
        limit: int | None = None,
        note: str | Sentence | None = None,
        highlight: Sequence[bool] | pd.Series | None = None,
        name: str = "",
        rest: str = "",
    ) -> tables.Block:
        """A frame, or a fact, as a table; where the fact is not there, why.

        Columns that are empty in every row are left out. limit, name and rest: see `tables.table`; a fact
        that a run publishes brings its name.
        """
        if isinstance(shown, Fact):
            name = name or (shown.name if shown.publish else "")
            try:
                shown = shown(self)
            except Absent as absent:
                return self.answer(absent.why, kind="caution")
        if len(shown):
            shown = shown.dropna(axis="columns", how="all")
        said = None if note is None else self.say(note)
        return tables.table(
            shown,
            self.say(caption),
            self.reader,
            limit=limit,
            note=said,
            highlight=highlight,
            name=name,
            rest=rest,
        )
