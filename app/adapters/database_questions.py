"""The rows of the questions that navigators ask a person, and the moving of rows from one record into another."""

from __future__ import annotations

from sqlalchemy import Column, Connection, ForeignKey, String, Table, Text, update

from app.adapters import database_review_tables as review_tables
from app.adapters import database_tables as tables
from app.adapters.database_shelves import Shelf
from app.adapters.database_tables import UtcTime, metadata
from app.domain.record import Question

questions = Table(
    "questions",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("record", String(64), ForeignKey("records.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("fact", String(80), nullable=False),
    Column("label", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("who", String(64), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("answer", Text, nullable=False),
    Column("answered_at", UtcTime, nullable=True),
)


class QuestionShelf(Shelf[Question]):
    """What navigators asked, and what the person answered."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, Question, questions)

    def of_record(self, record: str) -> list[Question]:
        """Return all questions of a record, oldest first."""
        return self.where(questions.c.record == record, order=[questions.c.at, questions.c.id])

    def move_all(self, old: str, new: str) -> None:
        """Let everything that was said and decided about one record be about another; its documents move one by one."""
        followers = (review_tables.decisions, review_tables.second_readings, tables.doubts, tables.said, questions)
        for table in followers:
            self._connection.execute(update(table).where(table.c.record == old).values(record=new))
