"""The judge a second time, in Python: written from its published formulas, and sharing no line with the Swift one.

    judge_reference.py SEED COUNT

prints COUNT documents of random evidence, and what the judge must say of each, as one JSON array of
{"evidence": ..., "functions": {name: verdict}, "release": verdict}. Needs the standard library only.
"""

import json
import math
import random
import sys

NEVER = -math.inf
RATIOS = (1.5, 2.5, 5.0, 20.0, 1000.0)
EVERY_MINUTE, AT_ENDS = 0.0075, 0.0025
DEFAULTS = {
    "minInvocations": 30, "maxErrorRate": None, "assumedErrorRate": 0.05, "plannedSteps": 1, "materialRatio": 1.25,
    "onLowTraffic": "promote-if-smoked", "smoked": False, "waited": 0, "maxWait": 1200, "latency": "hold",
    "alarm": "rollback",
}


def log_sum(values):
    top = max(values, default=NEVER)
    return top if top == NEVER else top + math.log(math.fsum(math.exp(value - top) for value in values))


def log_mean(values):
    return log_sum(values) - math.log(len(values))


# The binomial tail, by its terms: P(Bin(n, q) >= k), for counts that a dispersion may have divided.

def at_least(k, n, q):
    if k <= 0:
        return 1.0
    if k > n or q <= 0:
        return 0.0
    if q >= 1:
        return 1.0
    return incomplete_beta(k, n - k + 1, q)


def incomplete_beta(a, b, x):
    """I_x(a, b), by its hypergeometric series (DLMF 8.17.8), on the side where that converges fast."""
    if x > a / (a + b):
        return 1.0 - incomplete_beta(b, a, 1 - x)
    scale = math.exp(
        math.lgamma(a + b) - math.lgamma(a + 1) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    total = term = 1.0
    step = 0
    while term > 1e-17 * total:
        term *= (a + b + step) * x / (a + 1 + step)
        step += 1
        total += term
    return min(scale * total, 1.0)


# How counts bunch.

def dispersion(minutes):
    if len(minutes) >= 30:
        windows = [sum(hits for _, hits in minutes[at:at + 5]) for at in range(len(minutes) - 4)]
        first = min(max(windows.index(max(windows)) - 5, 0), len(minutes) - 15)
        minutes = minutes[:first] + minutes[first + 15:]
    invocations, hits = (sum(column) for column in zip(*minutes)) if minutes else (0, 0)
    if hits < 10 or invocations == 0:
        return 1.0
    found = 1.0
    for size in (1, 5, 15):
        blocks = []
        for at in range(0, len(minutes) - size + 1, size):
            blocks.append(tuple(sum(column) for column in zip(*minutes[at:at + size])))
        squares = []
        for left, middle, right in zip(blocks, blocks[1:], blocks[2:]):
            if left[0] and middle[0] and right[0]:
                bend = left[1] / left[0] - 2 * middle[1] / middle[0] + right[1] / right[0]
                expected = hits / invocations * (1 / left[0] + 4 / middle[0] + 1 / right[0])
                squares.append(bend * bend / expected)
        if squares:
            mean = math.fsum(squares) / len(squares)
            if mean > 1 + 2.33 * math.sqrt(3.9 / len(squares)):
                found = max(found, mean)
    return min(found, 100.0)


def bunching(history, beside):
    history = history[-180:]
    both = dispersion(history + beside) if history and beside else 1.0
    return max(dispersion(history), dispersion(beside), both)


# Evidence: a mixture over where a change begins, and over how large it is.

def staked(minutes):
    """[(minute, what is staked on a change there)], and what is kept."""
    if minutes == 0:
        return [], 1.0
    number = (minutes + 4) // 5
    return [(5 * j, 0.5 / (j * (j + 1)) if j else 0.5) for j in range(number)], 0.5 / number


def chance_of_hit(weight, canary, stable):
    total = canary + stable
    if total == 0:
        return weight
    if total >= 200 or stable == 0 or at_least(canary, total, weight) < 0.01:
        return min(1.0, max(weight, canary / total))
    return min(1.0, weight)


class Evidence:
    """What speaks against "no worse": of a step's minutes beside the stable version, or of a bake against a baseline."""

    def __init__(self, rows, phi, chances=None, baseline=None, allowed=1.0):
        # rows: (stratum, canary's invocations, its hits, the stable version's invocations, its hits)
        self.rows, self.phi, self.chances, self.baseline, self.allowed = rows, phi, chances, baseline, allowed
        self.starts, kept = staked(len(rows))
        self.full, self.less = [], []
        self.factors = [self.factors_at(ratio) for ratio in RATIOS] if baseline is None else None
        for begin, _ in self.starts:
            both = [self.from_minute(begin, number) for number in range(len(RATIOS))]
            self.full.append([whole / phi for whole, _ in both])
            self.less.append([without / phi for _, without in both])
        parts = [math.log(stake) + log_mean(full) for (_, stake), full in zip(self.starts, self.full)]
        self.ln = log_sum(parts + [math.log(kept)])
        self.ln_rest = log_sum([math.log(stake) + log_mean(less) for (_, stake), less in zip(self.starts, self.less)])
        self.begin = self.starts[parts.index(max(parts))][0] if parts else 0
        strata = {}
        for stratum, *counts in rows[self.begin:]:
            strata[stratum] = [a + b for a, b in zip(strata.get(stratum, (0, 0, 0, 0)), counts)]
        if baseline:
            canary = [sum(row[at] for row in rows[self.begin:]) for at in (1, 2)]
            strata = {0: [*canary, *baseline]}
        self.strata = list(strata.values())
        self.invocations = sum(stratum[0] for stratum in self.strata)
        self.hits = sum(stratum[1] for stratum in self.strata)

    def factors_at(self, ratio):
        up = math.log(ratio)
        down = [math.log1p(chance * (ratio - 1)) for chance in self.chances]
        return [
            canary * up - (canary + stable) * down[stratum] if canary or stable else 0.0
            for stratum, _, canary, _, stable in self.rows]

    def against_baseline(self, invocations, hits, ratio):
        share = invocations / (invocations + self.baseline[0])
        up = math.log1p(share * (self.allowed * ratio - 1))
        down = math.log1p(share * (self.allowed - 1))
        return hits * math.log(ratio) - (hits + self.baseline[1]) * (up - down)

    def from_minute(self, begin, number):
        if self.baseline is None:
            factors = self.factors[number][begin:]
            whole = math.fsum(factors)
            return whole, whole - max(0.0, max(factors))
        ratio = RATIOS[number]
        invocations = sum(row[1] for row in self.rows[begin:])
        hits = sum(row[2] for row in self.rows[begin:])
        worst = max(self.rows[begin:], key=lambda row: row[2])
        return (
            self.against_baseline(invocations, hits, ratio),
            self.against_baseline(invocations - worst[1], hits - worst[2], ratio))

    def material(self, ratio):
        return is_material(self.strata, ratio)

    def steady(self, functions):
        return self.ln_rest >= math.log(10 * functions) or self.obvious()

    def obvious(self):
        return self.invocations >= 20 and 2 * self.hits >= self.invocations

    def convicts(self, budget, ratio, functions):
        return self.ln >= -math.log(budget) and self.material(ratio) and self.steady(functions)


def standardised(strata):
    hits = stable_hits = weight = 0.0
    for canary, canary_hits, stable, hits_of_stable in strata:
        if canary + stable:
            hits += canary_hits * stable / (canary + stable)
            stable_hits += hits_of_stable * canary / (canary + stable)
            weight += canary * stable / (canary + stable)
    return hits, stable_hits, weight


def rates(strata):
    hits, stable_hits, weight = standardised(strata)
    return (hits / weight, stable_hits / weight) if weight else (None, None)


def is_material(strata, ratio):
    hits, stable_hits, _ = standardised(strata)
    return sum(stratum[1] for stratum in strata) >= 3 and (stable_hits == 0 or hits / stable_hits >= ratio)


def beyond_limit(rows, limit, phi):
    limit = max(limit, 1e-9)
    starts, kept = staked(len(rows))
    parts = [math.log(kept)]
    for begin, stake in starts:
        invocations = sum(row[0] for row in rows[begin:])
        hits = sum(row[1] for row in rows[begin:])
        parts.append(math.log(stake) + log_mean([
            (hits * math.log(ratio) - invocations * math.log1p(limit * (ratio - 1))) / phi for ratio in RATIOS]))
    return log_sum(parts)


# One function.

def pair(counts):
    return counts["invocations"], min(counts.get("errors") or 0, counts["invocations"])


def limits_of(minute):
    slow = minute.get("slow")
    return [slow] if isinstance(slow, dict) else slow or []


class Function:
    def __init__(self, evidence):
        self.evidence = evidence
        self.steps = evidence["steps"]
        self.history = evidence.get("history") or []
        self.bake = evidence.get("bake")
        self.minutes = [minute for step in self.steps for minute in step["minutes"]]
        self.baking = self.bake["minutes"] if self.bake else []
        self.errors = self.beside_stable(
            lambda minute: (*pair(minute["canary"]), *pair(minute["stable"])), [pair(entry) for entry in self.history])
        self.sums = [
            [sum(column) for column in zip(*(
                (*pair(minute["canary"]), *pair(minute["stable"])) for minute in step["minutes"]))] or [0, 0, 0, 0]
            for step in self.steps]
        self.beside = (sum(step[2] for step in self.sums), sum(step[3] for step in self.sums))
        self.hour = pair(self.bake["baseline"]) if self.bake else (0, 0)
        extras = [minute.get("extra") or {} for minute in self.minutes + self.baking]
        self.names = sorted({name for extra in extras for name in extra} | set((self.bake or {}).get("baselineExtra") or {}))
        current = self.bake or (self.steps[-1] if self.steps else {})
        self.over = bool(current.get("ended"))

    def beside_stable(self, counts, history, skipped=0):
        rows, chances = [], []
        for number, step in enumerate(self.steps):
            found = [counts(minute) for minute in step["minutes"][skipped:]]
            found = [entry for entry in found if entry is not None]
            chances.append(chance_of_hit(
                step["weight"], sum(entry[0] for entry in found), sum(entry[2] for entry in found)))
            rows += [(number, *entry) for entry in found]
        return Evidence(rows, bunching(history, [row[3:] for row in rows]), chances=chances)

    def baked(self, counts, hour, beside, phi):
        if not self.bake:
            return []
        rows = [(0, *counts(minute), 0, 0) for minute in self.baking if counts(minute) is not None]
        found = []
        if hour and hour[0] >= (50 if beside[0] >= 50 else 1):
            found.append(Evidence(rows, phi, baseline=hour, allowed=2.0))
        if beside[0] >= 50 or (beside[0] > 0 and beside[1] > 0):
            found.append(Evidence(rows, phi, baseline=beside))
        return found

    def errors_baked(self):
        return self.baked(lambda minute: pair(minute["canary"]), self.hour, self.beside, self.errors.phi)

    def metric(self, name):
        """The evidence of a metric of the user's, in the steps and in the bake."""
        def beside(minute):
            split = (minute.get("extra") or {}).get(name)
            return split and (
                minute["canary"]["invocations"], split["canary"], minute["stable"]["invocations"], split["stable"])

        history = [
            (entry["invocations"], entry["extra"][name]) for entry in self.history if name in (entry.get("extra") or {})]
        steps = self.beside_stable(beside, history)
        baseline = (self.bake or {}).get("baselineExtra") or {}
        hour = (self.hour[0], baseline[name]) if name in baseline else None
        sums = (sum(row[3] for row in steps.rows), sum(row[4] for row in steps.rows))
        return steps, self.baked(lambda minute: (beside(minute) or (None,))[:2] if beside(minute) else None, hour, sums, steps.phi)

    def slow(self):
        width = max((len(limits_of(minute)) for minute in self.minutes), default=0)
        found = []
        for at in range(width):
            def counts(minute, at=at):
                splits = limits_of(minute)
                if len(splits) <= at:
                    return None
                return (
                    minute["canary"]["invocations"], splits[at]["canary"], minute["stable"]["invocations"],
                    splits[at]["stable"])

            history = [
                (entry["invocations"], entry["slow"][at]) for entry in self.history if len(entry.get("slow") or []) > at]
            found.append((self.beside_stable(counts, history, skipped=2), 2.0 if at == width - 1 else 1.5))
        return found


class Judgement:
    """The rules of one function at its share of a release's budgets."""

    def __init__(self, evidence, settings, functions, counts):
        self.function = Function(evidence)
        self.settings, self.functions = settings, functions
        self.budget = EVERY_MINUTE / counts / (1 if functions == 1 else 2 * functions)
        bakes = self.function.errors_baked()
        self.reported = (bakes[0] if self.seconded(bakes) else bakes[1]) if bakes else None
        self.current = self.reported or self.function.errors
        self.verdict = self.decide(bakes)

    def seconded(self, bakes):
        return all(
            other.ln >= -math.log(10 * self.budget) and other.material(self.settings["materialRatio"])
            for other in bakes[1:])

    def say(self, kind, rule, evidence=None, **more):
        evidence = evidence or self.current
        canary_rate, stable_rate = rates(evidence.strata)
        said = {
            "kind": kind, "rule": rule, "lnE": evidence.ln, "lnRest": evidence.ln_rest, "since": evidence.begin + 1,
            "canaryRate": canary_rate, "stableRate": stable_rate, "phi": self.function.errors.phi, "limit": None,
            "share": self.share()}
        said.update(more)
        return said

    def share(self):
        function = self.function
        if function.bake:
            return 1.0 if any(minute["canary"]["invocations"] for minute in function.baking) else None
        if not function.sums:
            return None
        canary, _, stable, _ = function.sums[-1]
        return canary / (canary + stable) if canary + stable else None

    def decide(self, bakes):
        rules = (
            lambda: self.compared(bakes), lambda: self.limited(bakes), self.alarmed, self.ended, self.missing,
            self.environment, self.slow, self.unfinished)
        for rule in rules:
            said = rule()
            if said:
                return said
        return self.say("pass", 8)

    def compared(self, bakes):
        trials = [(self.function.errors, bakes)] + [self.function.metric(name) for name in self.function.names]
        arguments = (self.budget, self.settings["materialRatio"], self.functions)
        for steps, baked in trials:
            if steps.convicts(*arguments):
                return self.say("rollback", 1, steps)
            if baked and baked[0].convicts(*arguments) and self.seconded(baked):
                return self.say("rollback", 1, baked[0])
        return None

    def limited(self, bakes):
        function = self.function
        rows = [pair(minute["canary"]) for minute in function.minutes + function.baking]
        assumed = self.settings["assumedErrorRate"]
        limit = self.settings["maxErrorRate"]
        if limit is None and function.bake:
            if not bakes or min(bake.baseline[0] for bake in bakes) < 1000:
                shown = [2 * (hits + 10 * assumed) / (count + 20) for count, hits in (function.hour, function.beside)]
                limit = max(assumed, min(0.9, max(shown)))
                rows = [pair(minute["canary"]) for minute in function.baking]
        elif limit is None:
            if function.beside[0] == 0 and not any(entry["invocations"] for entry in function.history):
                limit = assumed
        if limit is None or limit >= 1:
            return None
        ln = beyond_limit(rows, limit, function.errors.phi)
        if sum(row[1] for row in rows) >= 3 and ln >= -math.log(EVERY_MINUTE / self.functions):
            return self.say("rollback", 2, lnE=ln, limit=limit)
        return None

    def alarmed(self):
        for alarm in self.function.evidence.get("alarms") or []:
            if alarm["wasOK"] and alarm["isInAlarm"]:
                return self.say("rollback" if self.settings["alarm"] == "rollback" else "hold", 2)
        return None

    def ended(self):
        function = self.function
        phi = function.errors.phi
        budget = AT_ENDS / max(self.settings["plannedSteps"], len(function.steps), 1) / self.functions
        for number, (step, sums) in enumerate(zip(function.steps, function.sums)):
            if not step.get("ended"):
                continue
            chance = function.errors.chances[number]
            counted = [(pair(minute["canary"])[1], pair(minute["stable"])[1]) for minute in step["minutes"]]
            canary, stable = max(counted, key=lambda entry: entry[0], default=(0, 0))
            whole = at_least(sums[1] / phi, (sums[1] + sums[3]) / phi, chance)
            rest = at_least((sums[1] - canary) / phi, (sums[1] - canary + sums[3] - stable) / phi, chance)
            obvious = sums[0] >= 20 and 2 * sums[1] >= sums[0]
            if whole < budget and is_material([sums], self.settings["materialRatio"]) and (
                    rest < 0.01 / self.functions or obvious):
                canary_rate, stable_rate = rates([sums])
                return self.say("rollback", 3, canaryRate=canary_rate, stableRate=stable_rate)
        return None

    def waiting(self, rule):
        policy = self.settings["onLowTraffic"]
        if policy == "rollback":
            return self.say("rollback", rule)
        go = policy == "promote-if-smoked" and self.settings["smoked"] and self.function.over
        return self.say("pass" if go else "hold", rule)

    @property
    def waited(self):
        return self.settings["waited"] >= self.settings["maxWait"]

    def missing(self):
        if (self.function.evidence.get("availability") or "complete") == "complete":
            if not self.stable_is_silent() and not self.errors_are_missing():
                return None
        return self.waiting(4) if self.waited else self.say("hold", 4)

    def stable_is_silent(self):
        function = self.function
        if function.bake or function.beside[0] or not any(sums[0] for sums in function.sums):
            return False
        hour = [pair(entry)[0] for entry in function.history[-60:]]
        if hour:
            usual = sum(hour) / len(hour)
            if sum(len(step["minutes"]) * usual * (1 - step["weight"]) for step in function.steps) >= 20:
                return True
        unlikely = math.fsum(sums[0] * math.log(step["weight"]) for step, sums in zip(function.steps, function.sums))
        return unlikely < math.log(1e-6)

    def errors_are_missing(self):
        def busy(entries):
            return [entry for entry in entries if entry["invocations"]]

        def has_point(entry):
            return entry.get("errors") is not None

        function = self.function
        canary = busy([minute["canary"] for minute in function.minutes + function.baking])
        stable = busy(function.history + [minute["stable"] for minute in function.minutes])
        points = [entry["errors"] for entry in stable if has_point(entry)]
        return (
            len(canary) >= 3 and not any(has_point(entry) for entry in canary)
            and len(stable) >= 5 and 10 * len(points) >= 9 * len(stable) and 0 in points)

    def environment(self):
        function = self.function
        hour = [pair(entry) for entry in function.history[-60:]]
        if function.bake or not function.steps or not sum(entry[0] for entry in hour):
            return None
        usual = sum(entry[1] for entry in hour) / sum(entry[0] for entry in hour)
        newest = function.steps[-1]["minutes"][-5:]
        canary = [sum(column) for column in zip(*(pair(minute["canary"]) for minute in newest))]
        stable = [sum(column) for column in zip(*(pair(minute["stable"]) for minute in newest))]
        if not canary or not canary[0] or not stable[0] or stable[1] < 3:
            return None
        rate = stable[1] / stable[0]
        bad = rate > 0.05 and rate > 5 * usual and canary[1] / canary[0] > 0.05
        return self.say("hold", 5) if bad else None

    def slow(self):
        if self.function.bake and self.settings["latency"] != "rollback":
            return None
        trials = self.function.slow()
        if not trials:
            return None
        ln = log_mean([trial.ln for trial, _ in trials])
        ln_rest = log_mean([trial.ln_rest for trial, _ in trials])
        clearest, ratio = max(trials, key=lambda entry: entry[0].ln)
        if ln >= -math.log(AT_ENDS / self.functions) and ln_rest >= math.log(10 * self.functions) and clearest.material(ratio):
            kind = "rollback" if self.settings["latency"] == "rollback" else "hold"
            return self.say(kind, 6, clearest, lnE=ln, lnRest=ln_rest)
        return None

    def unfinished(self):
        function = self.function
        if not function.over:
            return self.say("extend", 7)
        if not function.bake and function.sums and function.sums[-1][0] < self.settings["minInvocations"]:
            return self.waiting(7) if self.waited else self.say("extend", 7)
        return None


# A release.

def together(trials):
    """Half the mean of the evidence, half the evidence of all minutes put together; with and without the best minute."""
    length = max(len(trial.rows) for trial in trials)
    starts, kept = staked(length)
    whole, rest = [math.log(kept)], []
    for number, (begin, stake) in enumerate(starts):
        there = [trial for trial in trials if len(trial.rows) > begin]
        errors = [
            sum(trial.rows[at][2] for trial in there if at < len(trial.rows)) for at in range(begin, length)]
        worst = begin + errors.index(max(errors))
        full, less = [], []
        for ratio_number, ratio in enumerate(RATIOS):
            full.append(math.fsum(trial.full[number][ratio_number] for trial in there))
            by_minute = [0.0] * (length - begin)
            left = 0.0
            for trial in there:
                if trial.baseline is None:
                    for at, factor in enumerate(trial.factors[ratio_number][begin:]):
                        by_minute[at] += factor / trial.phi
                    left += trial.full[number][ratio_number]
                else:
                    kept_rows = [row for at, row in enumerate(trial.rows) if at >= begin and at != worst]
                    left += trial.against_baseline(
                        sum(row[1] for row in kept_rows), sum(row[2] for row in kept_rows), ratio) / trial.phi
            less.append(left - max(0.0, max(by_minute)))
        whole.append(math.log(stake) + log_mean(full))
        rest.append(math.log(stake) + log_mean(less))
    return (
        log_mean([log_mean([trial.ln for trial in trials]), log_sum(whole)]),
        log_mean([log_mean([trial.ln_rest for trial in trials]), log_sum(rest)]))


def graver(name, judgement):
    said = judgement.verdict
    order = {"rollback": 0, "hold": 1, "extend": 2 if judgement.function.over else 3, "pass": 4}
    return order[said["kind"]], said["rule"], -said["lnE"], name


def judge(document):
    settings = {**DEFAULTS, **{key: value for key, value in (document.get("settings") or {}).items() if value is not None}}
    names = sorted(document["functions"])
    metrics = {name for evidence in document["functions"].values() for name in Function(evidence).names}
    judged = {
        name: Judgement(document["functions"][name], settings, len(names), 1 + len(metrics)) for name in names}
    gravest = min(names, key=lambda name: graver(name, judged[name]))
    said = judged[gravest].verdict
    release = {**said, "culprit": None if said["kind"] == "pass" else gravest}
    if len(names) > 1:
        release = pooled(judged, names, said, release, settings, 1 + len(metrics))
    return {"functions": {name: judged[name].verdict for name in names}, "release": release}


def pooled(judged, names, said, release, settings, counts):
    phases = [[(name, judged[name].function.errors) for name in names]]
    phases.append([(name, judged[name].reported) for name in names if judged[name].reported])
    phases = [(phase, *together([trial for _, trial in phase])) for phase in phases if phase]
    if said["kind"] == "rollback" and said["rule"] == 1:
        return {**release, "lnE": max(ln for _, ln, _ in phases)}
    for phase, ln, ln_rest in phases:
        culprit, worst = max(phase, key=lambda entry: entry[1].ln)
        strata = [stratum for _, trial in phase for stratum in trial.strata]
        ratio = settings["materialRatio"]
        if ln >= -math.log(EVERY_MINUTE / counts) and (worst.material(ratio) or is_material(strata, ratio)) and (
                ln_rest >= math.log(10) or worst.obvious()):
            canary_rate, stable_rate = rates(strata)
            return {
                **said, "kind": "rollback", "rule": 1, "lnE": ln, "lnRest": ln_rest, "culprit": culprit, "limit": None,
                "canaryRate": canary_rate, "stableRate": stable_rate, "phi": worst.phi}
    if said["kind"] != "rollback":
        release["lnE"] = together([judged[name].current for name in names])[0]
    return release


# Random evidence: of every kind that there is a rule for, and near where the rules turn.

class Chance(random.Random):
    def hits(self, invocations, rate):
        if invocations * rate > 50:
            return min(invocations, max(0, round(self.gauss(invocations * rate, math.sqrt(invocations * rate)))))
        if invocations > 400:
            limit, count, product = math.exp(-invocations * rate), 0, self.random()
            while product > limit:
                count, product = count + 1, product * self.random()
            return min(count, invocations)
        return sum(self.random() < rate for _ in range(invocations))

    def traffic(self, mean):
        return max(0, round(self.gauss(mean, math.sqrt(mean)))) if mean > 20 else self.hits(400, mean / 400)

    def counts(self, invocations, rate, pointless):
        errors = self.hits(invocations, rate)
        if errors == 0 and self.random() < pointless:
            return {"invocations": invocations}
        # Points arrive late: now and then there are more errors than invocations.
        return {"invocations": invocations, "errors": errors + (3 if self.random() < 0.002 else 0)}


def random_function(chance):
    mean = chance.choice((2, 5, 20, 60, 60, 300, 3000))
    rate = chance.choice((0, 0.001, 0.01, 0.05, 0.3))
    times = chance.choice((0, 1, 1, 1.3, 1.5, 2, 3, 10, 100))
    worse = min(1.0, (rate or 0.01) * times)
    begins = chance.choice((0, 0, 0, chance.randrange(30)))
    pointless = chance.choice((0, 0, 0, 1, 0.5))
    pointless_canary = chance.choice((pointless, pointless, 1))
    metrics = chance.choice(([], [], [], ["Http5xx"], ["Http5xx", "Batch"]))
    limits = chance.choice((0, 0, 1, 2, 3, 3))
    bursts = chance.choice((0, 0, 0, 0.1))
    silent = chance.random() < 0.05
    clock = [0]
    outage = chance.choice((None, None, None, None, chance.randrange(20)))

    def level():
        if outage is not None and clock[0] >= outage:
            return 0.4
        return min(1.0, rate * (10 if chance.random() < bursts else 1))

    def minute(weight, here):
        canary = chance.traffic(mean * weight)
        stable = 0 if silent else chance.traffic(mean * (1 - weight))
        usual = level()
        bad = max(worse, usual) if clock[0] >= begins else usual
        clock[0] += 1
        found = {
            "canary": chance.counts(canary, bad, pointless_canary), "stable": chance.counts(stable, usual, pointless)}
        names = [name for name in metrics if here or chance.random() < 0.9]
        if names:
            found["extra"] = {
                name: {"canary": chance.hits(canary, bad), "stable": chance.hits(stable, usual)} for name in names}
        if limits and chance.random() < 0.95:
            slow = [
                {"canary": chance.hits(canary, min(1, tail * times)), "stable": chance.hits(stable, tail)}
                for tail in (0.3, 0.06, 0.01)[3 - limits:]]
            found["slow"] = slow[0] if limits == 1 and chance.random() < 0.5 else slow
        return found

    def history_minute():
        invocations = chance.traffic(mean)
        found = chance.counts(invocations, level(), pointless)
        if metrics and chance.random() < 0.9:
            found["extra"] = {name: chance.hits(invocations, rate) for name in metrics}
        if limits:
            found["slow"] = [chance.hits(invocations, tail) for tail in (0.3, 0.06, 0.01)[3 - limits:]]
        return found

    bake = chance.random() < 0.4
    steps = []
    for weight in chance.choice(([], [0.1], [0.1], [0.01, 0.1], [0.1, 0.5], [0.05, 0.2, 0.5], [1.0])):
        length = chance.choice((0, 1, 3, 5, 6, 10, 12))
        steps.append({"weight": weight, "ended": True, "minutes": [minute(weight, True) for _ in range(length)]})
    if steps and not bake and chance.random() < 0.5:
        steps[-1]["ended"] = False
    evidence = {"steps": steps}
    outage = None
    length = chance.choice((0, 0, 5, 29, 30, 60, 185))
    if length:
        evidence["history"] = [history_minute() for _ in range(length)]
    if bake:
        clock[0] = max(clock[0], chance.choice((0, begins)))
        baseline = chance.choice((0, 1, 10, 49, 50, 400, 60 * mean))
        minutes = [minute(1.0, False) for _ in range(chance.choice((0, 1, 3, 6, 15)))]
        for entry in minutes:
            if chance.random() < 0.5:
                del entry["stable"]
                if "extra" in entry:
                    entry["extra"] = {name: {**split, "stable": 0} for name, split in entry["extra"].items()}
        for entry in minutes:
            entry.setdefault("stable", {"invocations": 0})
        evidence["bake"] = {
            "ended": chance.random() < 0.6, "minutes": minutes,
            "baseline": {"invocations": baseline, "errors": chance.hits(baseline, rate)}}
        if metrics and chance.random() < 0.8:
            evidence["bake"]["baselineExtra"] = {name: chance.hits(baseline, rate) for name in metrics}
    if chance.random() < 0.03:
        evidence["availability"] = chance.choice(("stableMissing", {"failing": "throttled"}))
    if chance.random() < 0.05:
        evidence["alarms"] = [
            {"name": "shop-5xx", "wasOK": chance.random() < 0.5, "isInAlarm": chance.random() < 0.5}]
    return evidence


def random_document(chance):
    number = chance.choice((1, 1, 1, 2, 3, 5))
    settings = {
        "minInvocations": chance.choice((30, 5)), "plannedSteps": chance.choice((1, 2, 4)),
        "maxErrorRate": chance.choice((None, None, None, 0.02, 0.2)),
        "onLowTraffic": chance.choice(("promote-if-smoked", "hold", "rollback")), "smoked": chance.random() < 0.5,
        "waited": chance.choice((0, 0, 1200)), "latency": chance.choice(("hold", "rollback")),
        "alarm": chance.choice(("hold", "rollback"))}
    return {
        "schema": "lamctl.evidence/1", "settings": settings,
        "functions": {f"f{number}": random_function(chance) for number in range(number)}}


def finite(said):
    return {key: None if value == NEVER else value for key, value in said.items()}


def main():
    chance = Chance(int(sys.argv[1]))
    left = int(sys.argv[2])
    print("[", end="")
    separator = ""
    while left > 0:
        document = random_document(chance)
        left -= len(document["functions"])
        answer = judge(document)
        print(separator + json.dumps({
            "evidence": document, "functions": {name: finite(said) for name, said in answer["functions"].items()},
            "release": finite(answer["release"])}, separators=(",", ":")))
        separator = ","
    print("]")


if __name__ == "__main__":
    main()
