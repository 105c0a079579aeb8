"""Measures how much of a budget is used when its first call is refused, and by how much the budget is exceeded. The calls have
bodies like those that the SDKs and agents of the test suite send.

Usage: ends.py API GATEWAY_URL ADMIN_TOKEN OWNER_TOKEN SERVICE [trials]
"""
import http.client
import json
import random
import sys
import threading
import time
import urllib.parse

api, gateway, root, owner, service = sys.argv[1:6]
trials = int(sys.argv[6]) if len(sys.argv) > 6 else 5
MODEL = "stub-slow-first-byte-50"
PRICE = {"valid_from": "2026-01-01", "input": "3", "cached_input": "0.3", "cache_write_5m": "3.75", "output": "15"}
CALLS = 80  # that fit into a budget, on the average
random.seed(16)


def send(base, method, path, token, body, connection=None):
    url = urllib.parse.urlsplit(base)
    connection = connection or http.client.HTTPConnection(url.netloc)
    headers = {"Authorization": "Bearer " + token, "Content-Type": "application/json"}
    connection.request(method, url.path + path, None if body is None else json.dumps(body), headers)
    answer = connection.getresponse()
    text = answer.read()
    return answer.status, json.loads(text) if text else None


def setting(method, path, token, body):
    status, answer = send(api, method, path, token, body)
    assert status < 300, (path, status, answer)
    return answer


def chat(text, reasoning, cached=0, **more):
    script = f"stub:usage reasoning={reasoning} cached={cached}"
    return {"model": MODEL, "messages": [{"role": "user", "content": text + "\n" + script}], **more}


def hello():
    """The example of an SDK: a few words, and no maximum of output."""
    return chat("Hello", random.randint(5, 40))


def limited():
    """A program that requests at most a thousand tokens of output, and gets a third of them on average."""
    return chat("word " * random.randint(50, 400), min(990, int(random.expovariate(1 / 330))), max_tokens=1000)


def agent():
    """A coding agent: long instructions and tools, most of them read from a cache, and room for 32,000 tokens."""
    text = "Read the file before you change it. " * random.randint(300, 1200)
    tools = [{"type": "function", "function": {"name": f"tool_{n}", "description": "Does something. " * 20,
              "parameters": {"type": "object", "properties": {}}}} for n in range(15)]
    tokens = int(random.lognormvariate(5, 1))  # 245 on the average
    return chat(text, min(31_000, tokens), cached=random.randint(8_000, 20_000), max_tokens=32_000, tools=tools)


def mixed():
    return random.choice((hello, limited, agent))()


def embedding():
    return {"model": MODEL, "input": "word " * random.randint(20, 400)}


def cost(usage):
    """Returns nano-dollars, at the prices above."""
    cached = (usage.get("prompt_tokens_details") or {}).get("cached_tokens", 0)
    return (usage["prompt_tokens"] - cached) * 3_000 + cached * 300 + usage.get("completion_tokens", 0) * 15_000


class Trial:
    """Callers who use up one budget."""

    def __init__(self, token, bodies, operation):
        self.token, self.bodies, self.operation = token, bodies, operation
        self.lock = threading.Lock()
        self.began, self.costs, self.refusals = [], [], []

    def call_until_refused(self):
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(gateway).netloc)
        while True:
            began = time.monotonic()
            status, answer = send(gateway, "POST", self.operation, self.token, self.bodies(), connection)
            with self.lock:
                if status == 402 and "budget" in json.dumps(answer):
                    self.refusals.append(time.monotonic())
                    return
                assert status == 200, (status, answer)
                self.began.append(began)
                self.costs.append(cost(answer["usage"]))

    def run(self, threads):
        callers = [threading.Thread(target=self.call_until_refused) for _ in range(threads)]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
        first = min(self.refusals)
        return sum(c for c, b in zip(self.costs, self.began) if b < first), sum(self.costs)


def caller(handle, amount):
    """A user whose budget for the service has this amount of nano-dollars."""
    token = setting("POST", "/v1/users", root, {"handle": handle})["access_token"]
    budget = {"amount": f"{amount // 10**9}.{amount % 10**9:09d}", "unit": "usd", "window": "total"}
    setting("PUT", f"/v1/llm-services/{service}/shares/{handle}", owner,
            {"role": "reader", "limits": {"budgets": [budget]}})
    return token


setting("PUT", "/v1/prices/openai?model=" + MODEL, root, PRICE)
print("of a budget of 80 calls on the average: used by calls before the first refusal, and in the end")
number = 0
for kind, operation in ((hello, "/chat/completions"), (limited, "/chat/completions"), (agent, "/chat/completions"),
                        (mixed, "/chat/completions"), (embedding, "/embeddings")):
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(gateway).netloc)
    costs = []
    rich = caller(f"rich-{kind.__name__}", 10**15)
    for _ in range(150):  # after these calls the gateway knows the usual use of the model
        status, answer = send(gateway, "POST", operation, rich, kind(), connection)
        assert status == 200, answer
        costs.append(cost(answer["usage"]))
    budget = int(sum(costs) / len(costs) * CALLS)
    for threads in (1, 4, 16):
        firsts, ends = [], []
        for _ in range(trials):
            number += 1
            first, end = Trial(caller(f"end-{number}", budget), kind, operation).run(threads)
            firsts.append(first / budget * 100)
            ends.append(end / budget * 100)
        firsts.sort()
        print(f"  {kind.__name__:9} {threads:2} callers: first refusal at {firsts[0]:5.1f} to {firsts[-1]:5.1f} %"
              f" (median {firsts[len(firsts) // 2]:5.1f} %), in the end {min(ends):5.1f} to {max(ends):5.1f} %", flush=True)
