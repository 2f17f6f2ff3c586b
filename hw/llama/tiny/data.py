"""The training mixture: every prompt the strategies send, over every task, as conversations with known good replies."""

import json
import pathlib

import crux
from letters import Letters, copy_drill, few_letters

ROOT = pathlib.Path(__file__).resolve().parents[3]
PROMPTS = {path.name: path.read_text(encoding="utf-8")
           for folder in ("tasks/prompts/compact", "runners/strategies/prompts/compact")
           for path in (ROOT / folder).glob("*.txt")}

# How often each step is drawn. Counting with a tally carries most because everything else leans on it.
STEPS = {"cot": 30, "direct": 10, "plan_execute": 18, "review": 10, "final": 14, "rate_absolute": 14, "rate_pairwise": 4,
         "diversity": 2}


def fill(name, fields):
    """A prompt with its placeholders replaced, all at once, so that a value holding "{code}" is left alone."""
    parts = PROMPTS[name].split("{")
    out = [parts[0]]
    for part in parts[1:]:
        key, brace, rest = part.partition("}")
        out.append(str(fields[key]) + rest if brace and key in fields else "{" + part)
    return "".join(out)


def task_prompt(item, style):
    """The suite's own prompt: "direct", "cot", or "question" (the bare task)."""
    return fill(f"{item.suite}.{style}.txt", item.fields)


def attempt(item, rng, right=0.6):
    """A solution that may have a slip in it."""
    return item.solution if rng.random() < right else item.wrong_solution()


def cot(item, rng):
    return [("user", task_prompt(item, "cot")), ("assistant", item.solution)]


def direct(item, rng):
    return [("user", task_prompt(item, "direct")), ("assistant", item.answer)]


def plan_execute(item, rng):
    question = task_prompt(item, "question")
    if rng.random() < 0.25:
        approach = rng.choice(item.approaches)
        asked = fill("cepo.plan_approach.txt", {"question": question, "approach": approach})
        plan = item.plan(approach)
    else:
        asked, plan = fill("cepo.plan.txt", {"question": question}), item.plan()
    return [("user", asked), ("assistant", plan), ("user", PROMPTS["cepo.execute.txt"]), ("assistant", item.solution)]


def responses_text(texts):
    return "\n\n".join(f"Response {number}:\n{text}" for number, text in enumerate(texts, 1))


def review(item, rng):
    texts = [attempt(item, rng) for _ in range(rng.choice((1, 2, 3, 3, 3)))]
    fields = {"question": task_prompt(item, "question"), "responses": responses_text(texts), "count": len(texts)}
    return [("user", fill("cepo.review.txt", fields)), ("assistant", item.solution)]


def final(item, rng):
    """Takes over whatever the solution says: at this step the thinking is over, and a slip is not to be mended."""
    solution = attempt(item, rng, 0.8)
    answer = solution.replace("Answer: ", "[ANSWER]").rpartition("[ANSWER]")[2]
    asked = fill("cepo.final.txt", {"task": task_prompt(item, "direct"), "solution": solution})
    return [("user", asked), ("assistant", answer)]


def judged(item, rng, right):
    """A response to judge, and the answer in it: mostly the bare answer, as CePO's last step writes it."""
    answer = item.answer if right else item.wrong_answer()
    if rng.random() < 0.75:
        return answer, answer
    solution = item.solution if right else item.wrong_solution()
    return solution, solution.replace("Answer: ", "[ANSWER]").rpartition("[ANSWER]")[2]


def rate_absolute(item, rng):
    """The judge solves the task itself, then compares: judging without solving is beyond so small a model."""
    response, answer = judged(item, rng, rng.random() < 0.5)
    asked = fill("cepo.rate_absolute.txt", {"question": task_prompt(item, "question"), "response": response})
    return [("user", asked), ("assistant", f"{item.solution}\nRating: [[{item.score(answer)}]]")]


def rate_pairwise(item, rng):
    better = rng.randrange(2)
    texts = [judged(item, rng, index == better) for index in range(2)]
    if item.is_right(texts[1 - better][1]):
        texts[1 - better] = (item.wrong_answer(),) * 2
    fields = {"question": task_prompt(item, "question"), "response_0": texts[0][0], "response_1": texts[1][0]}
    asked = fill("cepo.rate_pairwise.txt", fields)
    return [("user", asked), ("assistant", f"{item.solution}\nBetter Response: [[{better}]]")]


def diversity(item, rng):
    count = rng.choice((2, 3, 3, 3, 4))
    listed = {f"approach_{i}": text for i, text in enumerate(rng.sample(item.approaches, count), 1)}
    asked = fill("cepo.diversity.txt", {"question": task_prompt(item, "question"), "count": count})
    return [("user", asked), ("assistant", json.dumps(listed))]


MAKERS = {maker.__name__: maker for maker in (cot, direct, plan_execute, review, final, rate_absolute, rate_pairwise,
                                             diversity)}


def draw_item(rng, suite):
    return Letters(rng) if suite == "letters" else crux.fresh(rng, suite)


def draw_suite(rng, letters):
    """Letters with probability `letters`; the rest is code, two thirds of it asking for the output."""
    if rng.random() < letters:
        return "letters"
    return rng.choices(["crux.output", "crux.input"], [2, 1])[0]


def draw(rng, phase, letters):
    """One conversation. Phase 0 is mostly copying and tallies, phase 1 every step of letters, phase 2 every suite."""
    if phase == 0:
        dice = rng.random()
        if dice < 0.1:
            return copy_drill(rng)
        if dice < 0.9:
            return cot(Letters(rng, word=few_letters(rng) if dice < 0.5 else None), rng)
    suite = draw_suite(rng, letters) if phase == 2 else "letters"
    step = rng.choices(list(STEPS), STEPS.values())[0]
    return MAKERS[step](draw_item(rng, suite), rng)
