"""Runs a chart in an engine that is not ours along traces; see `scxml`, the script beside this file.

    scxml.py CHART FOLDER...

The engine gets the event and the rule of each step. Only where it takes no transition by these is it told the state
after the step as well: the chart asks for it where data decides between several targets.
"""

import json
import random
import sys
import xml.etree.ElementTree as XML
from importlib.metadata import version
from itertools import groupby
from pathlib import Path

from statemachine.io import load

NAMESPACE = "http://www.w3.org/2005/07/scxml"
XML.register_namespace("", NAMESPACE)


class Disagreement(Exception):
    """The engine and the trace say different things."""

    def __init__(self, trace, step, expected, found):
        self.step = step["n"]
        super().__init__(
            f"{trace}, step {self.step}, event '{step['event']}', rule '{step['rule']}': "
            f"the trace says {expected}, the engine says {found}"
        )


class Engine:
    """A chart that runs, and counts the transitions it takes."""

    def __init__(self, machine):
        self.machine = machine()
        self.taken = 0
        self.machine.add_listener(self)

    def after_transition(self):
        self.taken += 1

    def takes(self, event, **data):
        before = self.taken
        self.machine.send(event, **data)
        return self.taken - before

    @property
    def state(self):
        # Substates carry the names of their superstates: the longest is the leaf.
        return max((state.id for state in self.machine.configuration), key=len)


def read(path):
    """The steps of a trace that is whole."""
    header, *lines = [json.loads(line) for line in path.read_text().splitlines()]
    steps = [line for line in lines if "rule" in line]
    if header.get("format") != "novasocket-trace" or not steps or lines[-1].get("end") != len(steps):
        sys.exit(f"{path}: this is not a trace, or a part of it is missing")
    return steps


class Presence:
    """What a fact must carry to be one of the present: the attempt under way, or the one that began the outage."""

    def __init__(self):
        self.attempt, self.outage = 0, None

    def has(self, name, number):
        return number == (self.outage if name == "fired.outage" else self.attempt)

    def follow(self, step):
        self.attempt = step["attempt"]
        for effect in map(str.split, step["effects"]):
            if effect[0] == "arm" and effect[2] == "outage":
                self.outage = int(effect[1])
            elif effect == ["disarm", "outage"]:
                self.outage = None


def chart_event(step, presence):
    """What the chart calls the event of a step."""
    kind, *words = step["event"].split()
    if kind == "command":
        if words[1] == "fail":  # of the attempt it names; 0 stands for whichever there is
            return "fail" if int(words[2]) in (0, presence.attempt) else "late.fail"
        if words[1] == "post" and words[4].startswith("within:"):  # for one attempt and no other
            return "use" if int(words[4].removeprefix("within:")) == presence.attempt else "late.use"
        return words[1] if words[1] in ("connect", "close") else "use"
    if kind not in ("fact", "fired"):
        return kind  # the spine does not hear of it
    name = f"fired.{words[1]}" if kind == "fired" else words[1]
    if name in ("received", "fired"):
        name += "." + words[2]
    # The chart shows by one example what every fact of the past meets.
    return name if presence.has(name, int(words[0])) else "late.dialed"


def judge(machine, name, steps, visit=lambda *_: None):
    """Runs a trace; `visit` gets each row taken, the step's index, and whether the state after was asked for."""
    engine, presence = Engine(machine), Presence()
    for index, step in enumerate(steps):
        source, target = step["before"].split()[0], step["after"].split()[0]
        if engine.state != source:
            raise Disagreement(name, step, f"{source} before the step", engine.state)
        event, rule = chart_event(step, presence), step["rule"]
        taken = engine.takes(event, rule=rule)
        if "." in rule:  # a satellite's: the spine stands still
            if taken or source != target:
                raise Disagreement(name, step, "a satellite answers", f"{engine.state}, {taken} transitions")
        else:
            is_choice = taken == 0
            if is_choice:
                taken = engine.takes(event, rule=rule, after=target)
            if taken != 1:
                raise Disagreement(name, step, target, f"{engine.state}, {taken} transitions")
            visit((source, event, rule, target), index, is_choice)
        if engine.state != target:
            raise Disagreement(name, step, target, engine.state)
        presence.follow(step)


class Chart:
    """The chart's document: its rows, and how to change one."""

    def __init__(self, path):
        self.text = Path(path).read_text()
        self.rows, self.leaves = [], []
        for state in self.states(XML.fromstring(self.text)):
            self.leaves.append(state.get("id"))
            self.rows += [self.row(state, each) for each in state.findall(f"{{{NAMESPACE}}}transition")]
        self.rules = sorted({rule for _, _, rule, _ in self.rows})

    @staticmethod
    def states(document):
        return [each for each in document.iter(f"{{{NAMESPACE}}}state") if each.find(f"{{{NAMESPACE}}}state") is None]

    @staticmethod
    def row(state, transition):
        rule = transition.get("cond").split("'")[1]
        return state.get("id"), transition.get("event"), rule, transition.get("target") or state.get("id")

    def changed(self, row, target):
        """A machine whose `row` leads to `target`; without the row if that is None."""
        document = XML.fromstring(self.text)
        for state in self.states(document):
            for transition in state.findall(f"{{{NAMESPACE}}}transition"):
                if self.row(state, transition) == row:
                    if target is None:
                        state.remove(transition)
                    else:
                        transition.set("target", target)
        return machine(XML.tostring(document, encoding="unicode"))


def machine(text):
    return load(text, format="scxml")


def refuse(defect, step, machine, name, steps):
    """The judge must object, and at this step."""
    try:
        judge(machine, name, steps)
    except Disagreement as objection:
        if objection.step == step:
            return 1
        sys.exit(f"Noticed at another step than {step}: {defect}: {objection}")
    sys.exit(f"Not noticed: {defect}")


def refuse_charts(chart, traces, taken):
    """Each row that a trace takes, leading elsewhere or missing: refused where it is first taken."""
    dice, count, first = random.Random(1), 0, {}
    for name, rows in taken.items():
        for index, row in rows:
            if index < first.get(row, (name, index + 1))[1]:  # the shortest way to it
                first[row] = (name, index)
    for row, (name, index) in first.items():
        steps = traces[name][: index + 1]
        elsewhere = dice.choice([leaf for leaf in chart.leaves if leaf != row[3]])
        target = dice.choice([elsewhere, None])
        count += refuse(f"{row} leads to {target}", index + 1, chart.changed(row, target), name, steps)
    return count


def refuse_traces(chart, original, traces, taken):
    """In each trace one state or one rule that is another: refused at that step."""
    dice, count = random.Random(1), 0
    targets = {}
    for source, event, rule, target in chart.rows:
        targets.setdefault((source, event, rule), set()).add(target)
    for name, steps in traces.items():
        index, (source, event, rule, _) = dice.choice(taken[name])
        step = steps[index]
        # Where data decides, another target of the row is no forgery that anyone could see.
        state = dice.choice([leaf for leaf in chart.leaves if leaf not in targets[source, event, rule]])
        other = dice.choice([each for each in chart.rules if (source, event, each) not in targets])
        change = dice.choice([{"after": state}, {"rule": other}])
        forged = steps[:index] + [step | change]
        count += refuse(f"{name}, step {step['n']}: {change}", step["n"], original, name, forged)
    return count


def main(path, *folders):
    chart = Chart(path)
    original = machine(chart.text)
    traces = {path.stem: read(path) for folder in folders for path in sorted(Path(folder).glob("*.trace"))}
    taken, choices = {name: [] for name in traces}, 0
    for name, steps in traces.items():

        def visit(row, index, is_choice):
            nonlocal choices
            taken[name].append((index, row))
            choices += is_choice

        try:
            judge(original, name, steps, visit)
        except Disagreement as objection:
            sys.exit(f"✘ {objection}")
    if not traces:
        sys.exit("There are no traces.")

    steps = [step for each in traces.values() for step in each]
    spine = sum("." not in step["rule"] for step in steps)
    print(f"The engine: python-statemachine {version('python-statemachine')}")
    kinds = groupby(sorted(name.split("-")[0] for name in traces))
    print("Traces: " + ", ".join(f"{len(list(names))} {kind}" for kind, names in kinds))
    print(f"  {spine} steps of the lifecycle, {len(steps) - spine} of satellites", end="; ")
    print(f"{choices} times the state after was asked for")
    seen = {row for rows in taken.values() for _, row in rows}
    moving = {row for row in chart.rows if row[0] != row[3]}
    print(f"  {len(seen)} of the chart's {len(chart.rows)} rows were taken;", end=" ")
    print(f"{len(seen & moving)} of the {len(moving)} that move something")
    print(f"Changed charts: {refuse_charts(chart, traces, taken)}, all refused at the step that takes the row")
    print(f"Forged traces: {refuse_traces(chart, original, traces, taken)}, all refused at the forged step")
    print(f"{len(traces)} traces, {len(steps)} steps, every state the same.")


if __name__ == "__main__":
    main(*sys.argv[1:])
