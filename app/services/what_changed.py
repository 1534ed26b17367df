"""What a new analysis says that the one before it did not, and the other way round."""

from __future__ import annotations

from typing import Any

JsonObject = dict[str, Any]
MOST_TOLD = 12


def what_changed(before: JsonObject, after: JsonObject) -> tuple[str, ...]:
    """Compare two analyses of one record.

    Args:
        before: The earlier analysis (`caseguide.analysis/1` with `stored_documents`).
        after: The later one.

    Returns:
        One plain sentence for each fact that came, went or reads otherwise, and for each whose explanation changed;
        none where only the wording differs, and none where a document was taken away (it may have been another
        person's, whose results are not to be told again).
    """
    if not set(before["stored_documents"]) <= set(after["stored_documents"]):
        return ()
    old, new = _facts(before), _facts(after)
    sentences = [f"New: {name}, {new[name]}." for name in new if name not in old]
    sentences += [f"No longer there: {name}." for name in old if name not in new]
    for name in new:
        if name in old and new[name] != old[name]:
            sentences.append(f"{name} was read as {old[name]}; it is now read as {new[name]}.")
    old_rungs, new_rungs = _rungs(before), _rungs(after)
    sentences += [
        f"What is known about {name} has changed."
        for name in new
        if name in old and old_rungs.get(name) != new_rungs.get(name)
    ]
    if len(sentences) > MOST_TOLD:
        return (*sentences[:MOST_TOLD], f"{len(sentences) - MOST_TOLD} more changes.")
    return tuple(sentences)


def _facts(analysis: JsonObject) -> dict[str, str]:
    told: dict[str, str] = {}
    for finding in analysis["profile"]["findings"]:
        told.setdefault(_name(finding), str(finding["result"]).replace("_", " "))
    for diagnosis in analysis["profile"]["diagnoses"]:
        told.setdefault(diagnosis["name"] or diagnosis["text"], "diagnosis")
    for treatment in analysis["profile"]["treatments"]:
        told.setdefault(treatment["name"], str(treatment["result"]).replace("_", " "))
    return told


def _name(finding: JsonObject) -> str:
    return " ".join(p for p in (finding.get("gene") or finding.get("marker"), finding.get("alteration")) if p)


def _rungs(analysis: JsonObject) -> dict[str, list[str]]:
    names = {f["id"]: _name(f) for f in analysis["profile"]["findings"]}
    rungs: dict[str, set[str]] = {}
    for match in analysis["matches"]:
        for about in match["about"]:
            if about in names:
                rungs.setdefault(names[about], set()).add(match["rung"])
    return {name: sorted(found) for name, found in rungs.items()}
