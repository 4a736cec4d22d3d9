"""The timetable of a day: a row a round, a block a visit, moved by dragging. The day sheet lists the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QToolTip, QWidget

from mosovo_planner.domain.proposals import Round
from mosovo_planner.ui.map.marks import Look, Shape
from mosovo_planner.ui.map.palette import NOBODY
from mosovo_planner.ui.map.symbols import marker_pixmap
from mosovo_planner.ui.plan.figures import counted, round_words
from mosovo_planner.ui.plan.focus import Focus
from mosovo_planner.ui.plan.lanes import HEAD, Block, Lane, Lanes, minutes_of
from mosovo_planner.ui.plan.rows import People
from mosovo_planner.ui.theme import Tokens, tokens
from mosovo_planner.ui.widgets import plain_tip

_DRAG_PIXELS = 8


class DayTimeline(QWidget):
    """Emits :attr:`pointed` with a focus, and :attr:`dropped` with (ref, round id, index) after a drag."""

    pointed = Signal(object)
    dropped = Signal(str, str, int)
    reached = Signal(QRectF)
    """What must be in view: the row looked at, or where a visit is dragged."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rounds: Sequence[Round] = ()
        self._looks: Mapping[str, Look] = {}
        self._people: People | None = None
        self._focus = Focus()
        self._held: Block | None = None
        self._pressed = QPointF()
        self._at: QPointF | None = None
        self.may_drag = True
        self.changed: frozenset[str] = frozenset()
        """Rounds that come out otherwise in a plan made again; they say so and carry a bar."""
        self.done: frozenset[str] = frozenset()
        """Visits that are behind; they are ticked and stay where they are."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("Timetable of the day")
        self.setAccessibleDescription("A picture of the rounds of the day. The day sheet lists the same and can do the same.")

    def show_day(self, rounds: Sequence[Round], looks: Mapping[str, Look], people: People | None, focus: Focus) -> None:
        self._rounds, self._looks, self._people, self._focus = rounds, looks, people, focus
        self._held = self._at = None
        self.setMinimumHeight(round(self.lanes().height))
        self.updateGeometry()
        self.update()
        chosen = [lane.box for lane in self.lanes().lanes if lane.round.id == focus.round_id]
        if chosen:
            self.reached.emit(chosen[0])

    def lanes(self) -> Lanes:
        """Where everything lies at the present width."""
        return Lanes(self._rounds, float(self.width()))

    def sizeHint(self) -> QSize:
        return QSize(640, round(self.lanes().height))

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, lanes = tokens(), self.lanes()
        painter.fillRect(self.rect(), QColor(look.base))
        self._paint_axis(painter, lanes, look)
        for lane in lanes.lanes:
            self._paint_lane(painter, lanes, lane, look)
        if not lanes.lanes:
            painter.setPen(QColor(look.muted))
            words = "No rounds on this day." if self._people else "No plan yet."
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, words)
        if self._held is not None and self._at is not None:
            self._paint_drop(painter, lanes, look)
        painter.end()

    def _paint_axis(self, painter: QPainter, lanes: Lanes, look: Tokens) -> None:
        painter.setFont(_font(11))
        for hour in lanes.hours():
            x = lanes.x(hour * 60)
            painter.setPen(QColor(look.border))
            painter.drawLine(QPointF(x, HEAD - 4), QPointF(x, self.height()))
            painter.setPen(QColor(look.muted))
            painter.drawText(QRectF(x - 24, 2, 48, HEAD - 6), Qt.AlignmentFlag.AlignCenter, f"{hour:02d}:00")

    def _paint_lane(self, painter: QPainter, lanes: Lanes, lane: Lane, look: Tokens) -> None:
        each, sign = lane.round, self._looks.get(lane.round.id, NOBODY)
        chosen = each.id == self._focus.round_id
        if chosen:
            painter.fillRect(lane.box, QColor(look.hover))
        if each.id in self.changed:
            painter.fillRect(QRectF(0, lane.track.top() - 4, 3, lane.track.height() + 8), QColor(look.accent))
        painter.drawPixmap(QPointF(4, lane.track.top() + 1), self._sign(sign, look))
        self._paint_crew(painter, lanes, lane, look)
        middle = lane.track.center().y()
        painter.setPen(QPen(QColor(sign.colour), 2))
        painter.drawLine(
            QPointF(lanes.x(minutes_of(each.start)), middle), QPointF(lanes.x(minutes_of(each.end)), middle)
        )
        for block in lane.blocks:
            self._paint_block(painter, block, sign, look)
        self._paint_problems(painter, lanes, lane, look)

    def _sign(self, sign: Look, look: Tokens) -> QPixmap:
        return marker_pixmap(Look(sign.colour, Shape.CIRCLE), look.base, self.devicePixelRatioF())

    def _paint_crew(self, painter: QPainter, lanes: Lanes, lane: Lane, look: Tokens) -> None:
        each = lane.round
        room = QRectF(21, lane.track.top() - 4, lanes.left - 29, 16)
        painter.setFont(_font(12, bold=each.id == self._focus.round_id))
        painter.setPen(QColor(look.text))
        for officer, lead in zip(each.officers, ("", "+ "), strict=True):
            name = lead + (self._people.officer(officer) if self._people else officer)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, _cut(painter, name, room))
            room.translate(0, 16)
        painter.setFont(_font(11))
        painter.setPen(QColor(look.muted))
        words = f"{counted(len(each.stops), 'visit')}, {each.drive_minutes} min drive{', pinned' if each.pinned else ''}"
        words = f"Changed · {words}" if each.id in self.changed else words
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, _cut(painter, words, room))

    def _paint_block(self, painter: QPainter, block: Block, sign: Look, look: Tokens) -> None:
        chosen = block.stop.ref == self._focus.ref
        painter.setBrush(QColor(sign.colour))
        edge = QColor(look.text if chosen else look.base)
        painter.setPen(QPen(edge, 3 if chosen else 1))
        painter.drawRoundedRect(block.box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setPen(QColor("white"))
        inner = block.box.adjusted(3, 1, -3, -1)
        painter.setFont(_font(12, bold=True))
        pinned = " ✓" if block.stop.ref in self.done else " ●" if block.stop.pinned else ""
        small = _font(10)
        if QFontMetricsF(small).horizontalAdvance(block.stop.ref) > inner.width():
            painter.drawText(inner, Qt.AlignmentFlag.AlignCenter, f"{block.index + 1}{pinned}")
            return
        painter.drawText(inner, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, f"{block.index + 1}{pinned}")
        painter.setFont(small)
        painter.drawText(inner, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, block.stop.ref)

    def _paint_problems(self, painter: QPainter, lanes: Lanes, lane: Lane, look: Tokens) -> None:
        painter.setFont(_font(12, bold=True))
        painter.setPen(QColor(look.danger))
        for number, problem in enumerate(lane.round.problems):
            room = QRectF(21, lane.track.bottom() + 4 + 17 * number, lanes.left + lanes.width - 24, 17)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, _cut(painter, f"! {problem}", room))

    def _paint_drop(self, painter: QPainter, lanes: Lanes, look: Tokens) -> None:
        held, at = self._held, self._at
        lane = lanes.lane_at(at) if at else None
        if held is None or at is None:
            return
        if lane is not None:
            others = [block for block in lane.blocks if block.stop.ref != held.stop.ref]
            index = lanes.index_at(lane, at.x(), held.stop.ref)
            x = others[index].box.left() - 3 if index < len(others) else (others[-1].box.right() + 3 if others else at.x())
            painter.setPen(QPen(QColor(look.text), 3))
            painter.drawLine(QPointF(x, lane.track.top() - 3), QPointF(x, lane.track.bottom() + 3))
        ghost = QRectF(held.box)
        ghost.moveCenter(at)
        painter.setOpacity(0.6)
        self._paint_block(painter, Block(held.round, held.index, held.stop, ghost), self._looks.get(held.round.id, NOBODY), look)
        painter.setOpacity(1)

    # Mouse and keyboard

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            return
        at, lanes = event.position(), self.lanes()
        block, lane = lanes.block_at(at), lanes.lane_at(at)
        if block is not None:
            self.pointed.emit(Focus(block.round.date, block.round.id, block.stop.ref))  # shows anew and lets go of what is held
            may = self.may_drag and block.stop.ref not in self.done
            self._held = block if event.button() is Qt.MouseButton.LeftButton and may else None
            self._pressed = at
        elif lane is not None:
            self.pointed.emit(Focus(lane.round.date, lane.round.id))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is not None:
            if self._at is None and (event.position() - self._pressed).manhattanLength() < _DRAG_PIXELS:
                return
            self._at = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.reached.emit(QRectF(self._at.x(), self._at.y() - 30, 1, 60))
            self.update()
            return
        over = self.lanes().block_at(event.position())
        self.setCursor(Qt.CursorShape.OpenHandCursor if over and self.may_drag else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        held, at = self._held, self._at
        self._held = self._at = None
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.update()
        if held is None or at is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        lanes = self.lanes()
        lane = lanes.lane_at(at)
        if lane is not None:
            index = lanes.index_at(lane, at.x(), held.stop.ref)
            if (lane.round.id, index) != (held.round.id, held.index):
                self.dropped.emit(held.stop.ref, lane.round.id, index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from visit to visit and from round to round; Escape lets go of what is dragged."""
        step = _STEPS.get(event.key())
        if event.key() == Qt.Key.Key_Escape and self._held is not None:
            self._held = self._at = None
            self.update()
        elif step is not None and not event.modifiers() and self._rounds:
            self._step(*step)
        else:
            event.ignore()

    def _step(self, across: int, down: int) -> None:
        ids = [each.id for each in self._rounds]
        here = ids.index(self._focus.round_id) if self._focus.round_id in ids else 0
        each = self._rounds[max(0, min(len(ids) - 1, here + down))]
        refs = [stop.ref for stop in each.stops]
        if down or not refs:
            self.pointed.emit(Focus(each.date, each.id, refs[0] if refs and self._focus.ref else None))
            return
        place = refs.index(self._focus.ref) + across if self._focus.ref in refs else 0
        self.pointed.emit(Focus(each.date, each.id, refs[max(0, min(len(refs) - 1, place))]))

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = self.tip_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def tip_at(self, at: QPointF) -> str:
        """What hovering says: the visit and why it is there, or the round and what is wrong with it."""
        lanes = self.lanes()
        block, lane = lanes.block_at(at), lanes.lane_at(at)
        if block is not None:
            stop = block.stop
            done = "Done already. " if stop.ref in self.done else ""
            return plain_tip(f"{done}{stop.ref}, {stop.arrive:%H:%M} to {stop.leave:%H:%M}. {stop.why}")
        if lane is not None and self._people is not None:
            changed = ["Changed."] if lane.round.id in self.changed else []
            return plain_tip(" ".join([*changed, round_words(lane.round, self._people.crew(lane.round)), *lane.round.problems]))
        return ""


_STEPS = {
    int(Qt.Key.Key_Left): (-1, 0),
    int(Qt.Key.Key_Right): (1, 0),
    int(Qt.Key.Key_Up): (0, -1),
    int(Qt.Key.Key_Down): (0, 1),
}


def _font(pixels: int, *, bold: bool = False) -> QFont:
    font = QFont()
    font.setPixelSize(pixels)
    font.setBold(bold)
    return font


def _cut(painter: QPainter, text: str, room: QRectF) -> str:
    return painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
