"""Why something matched, in words that a person can read."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.statement import Change, Condition, Statement
from app.stages.matching.fit import Fit
from app.stages.matching.setting import ROOTS, Setting

CLOSENESS = {Fit.EXACT: "exact variant", Fit.KIND: "this kind of change", Fit.GENE: "any harmful change of this gene"}
OTHER_EXACT = {
    Change.EXPRESSION: "the measured amount",
    Change.LOST_EXPRESSION: "the missing protein",
    Change.SIGNATURE: "this test result",
    Change.CYTOGENETIC: "this chromosome change",
    Change.AMPLIFICATION: "this copy number change",
    Change.GAIN: "this copy number change",
    Change.LOSS: "this copy number change",
    Change.METHYLATION: "this methylation result",
    Change.FUSION: "this fusion",
}


def why(statement: Statement, closeness: Fit, remarks: Sequence[str], here: Setting) -> str:
    """Say how close the statement is: the change, the cancer, the combination, the setting."""
    found = [condition for condition in statement.conditions if not condition.negated]
    marker = _closeness(found, closeness)
    told = [marker, _cancer(statement, here)]
    if statement.status == "withdrawn":
        told.append("an approval that was withdrawn")
    if statement.status == "accelerated":
        told.append("approved early, on condition of further proof")
    return "; ".join([", ".join(told), *remarks])


def _closeness(found: Sequence[Condition], closeness: Fit) -> str:
    if not found:
        return "tested and not found"
    if len(found) > 1:
        return "all parts of the combination"
    if found[0].change is Change.MUTATION:
        return CLOSENESS[Fit.GENE]
    if closeness is Fit.EXACT or found[0].change in OTHER_EXACT:
        return OTHER_EXACT.get(found[0].change, CLOSENESS[Fit.EXACT])
    return CLOSENESS[closeness]


def _cancer(statement: Statement, here: Setting) -> str:
    if here.is_here(statement):
        if statement.disease in ROOTS:
            return "any cancer of this wide group"
        return "your cancer type" if statement.disease in here.near else "a kind of the cancer that your documents name"
    return "another cancer type" if here.known else "no cancer type is named that we know"


def nothing(open_needs: Sequence[Statement], outside: str, here: Setting) -> str:
    """Say why nothing matched, naming results that approvals would need as well.

    Args:
        open_needs: Approvals in the person's cancer that another result holds back.
        outside: "value" or "change" where approvals there are about the marker but not about this result.
        here: The person's cancer.
    """
    if open_needs:
        needs = dict.fromkeys(need for statement in open_needs for need in _needs(statement))
        return f"depends on results that are not clear in your documents ({', '.join(list(needs)[:4])})"
    if outside == "value":
        return "the result is not the one that treatments approved here ask for"
    if outside == "change":
        return "treatments approved here are for another change of this gene"
    cancer = "your cancer type" if here.known else "any cancer type"
    return f"our sources say nothing about this marker in {cancer}"


def _needs(statement: Statement) -> list[str]:
    if len(statement.conditions) == 1:
        return [_named(statement.conditions[0])]
    return [_named(condition) for condition in statement.conditions]


def _named(condition: Condition) -> str:
    what = condition.gene or condition.detail
    without = "no " if condition.negated else ""
    inherited = "inherited " if condition.origin == "germline" else ""
    detail = condition.detail if condition.gene and condition.change is not Change.FUSION else ""
    kind = condition.change.value.replace("_", " ") if not detail and condition.gene else ""
    return " ".join(word for word in (f"{without}{inherited}{what}".strip(), detail, kind) if word)
