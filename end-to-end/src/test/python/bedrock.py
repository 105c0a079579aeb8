"""Runs cases through boto3: they come as JSON on standard input, and for each goes out a line of JSON.

With the argument "invoke", the calls send the request of the model's vendor, here Anthropic, and boto3 names no content type.
"""
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


def body(messages, **fields):
    return json.dumps({"anthropic_version": "bedrock-2023-05-31", "max_tokens": 1000, "messages": messages, **fields})


def invoked(client, model, messages, **fields):
    return json.loads(client.invoke_model(modelId=model, body=body(messages, **fields))["body"].read())["content"]


def texts(content):
    return "".join(block.get("text", "") for block in content)


def invoke(client, model, prompt):
    return {"text": texts(invoked(client, model, [{"role": "user", "content": prompt}]))}


def invoke_stream(client, model, prompt):
    request = body([{"role": "user", "content": prompt}])
    chunks = client.invoke_model_with_response_stream(modelId=model, body=request)["body"]
    events = [json.loads(chunk["chunk"]["bytes"]) for chunk in chunks]
    pieces = [event["delta"]["text"] for event in events if event["type"] == "content_block_delta"]
    return {"text": "".join(pieces), "pieces": len(pieces)}


def invoke_tool(client, model, prompt):
    tools = [{"name": "weather", "input_schema": {"type": "object"}}]
    messages = [{"role": "user", "content": prompt}]
    called = invoked(client, model, messages, tools=tools)
    call = next(block for block in called if block["type"] == "tool_use")
    told = {"type": "tool_result", "tool_use_id": call["id"], "content": "Sunny in " + call["input"]["city"]}
    messages += [{"role": "assistant", "content": called}, {"role": "user", "content": [told]}]
    return {"text": texts(invoked(client, model, messages, tools=tools))}


converses = {"answer": answer, "stream": stream, "tool": tool}
invokes = {"answer": invoke, "stream": invoke_stream, "tool": invoke_tool}
calls = invokes if sys.argv[1:] == ["invoke"] else converses
for case in json.load(sys.stdin):
    outcome = {"name": case["name"], "answered": 0, "saw": {}}
    try:
        client = connect(case["url"], case["token"])
        outcome["saw"] = calls[case["call"]](client, case["model"], case["prompt"])
        outcome["answered"] = 1
    except Exception as error:
        outcome["raised"] = {"type": type(error).__name__, "message": str(error)}
    print(json.dumps(outcome))
