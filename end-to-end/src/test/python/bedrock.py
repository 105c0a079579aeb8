"""Runs cases through boto3: they come as JSON on standard input, and for each goes out a line of JSON."""
import json
import os
import sys

import boto3


def connect(claviger_url, token):
    os.environ["AWS_BEARER_TOKEN_BEDROCK"] = token
    return boto3.Session().client("bedrock-runtime", region_name="us-east-1", endpoint_url=claviger_url + "/gateway/bedrock")


def text(answer):
    return "".join(block.get("text", "") for block in answer["output"]["message"]["content"])


def user(*content):
    return {"role": "user", "content": list(content)}


def answer(client, model, prompt):
    return {"text": text(client.converse(modelId=model, messages=[user({"text": prompt})]))}


def stream(client, model, prompt):
    events = client.converse_stream(modelId=model, messages=[user({"text": prompt})])["stream"]
    pieces = [event["contentBlockDelta"]["delta"]["text"] for event in events if "contentBlockDelta" in event]
    return {"text": "".join(pieces), "pieces": len(pieces)}


def tool(client, model, prompt):
    tools = {"tools": [{"toolSpec": {"name": "weather", "inputSchema": {"json": {"type": "object"}}}}]}
    messages = [user({"text": prompt})]
    called = client.converse(modelId=model, messages=messages, toolConfig=tools)["output"]["message"]
    call = called["content"][0]["toolUse"]
    told = {"toolUseId": call["toolUseId"], "content": [{"text": "Sunny in " + call["input"]["city"]}]}
    messages += [called, user({"toolResult": told})]
    return {"text": text(client.converse(modelId=model, messages=messages, toolConfig=tools))}


calls = {"answer": answer, "stream": stream, "tool": tool}
for case in json.load(sys.stdin):
    outcome = {"name": case["name"], "answered": 0, "saw": {}}
    try:
        client = connect(case["url"], case["token"])
        outcome["saw"] = calls[case["call"]](client, case["model"], case["prompt"])
        outcome["answered"] = 1
    except Exception as error:
        outcome["raised"] = {"type": type(error).__name__, "message": str(error)}
    print(json.dumps(outcome))
