"""Stores things with Python's official SDKs, and calls models that store nothing. See the script run.

Usage: objects.py API ADMINISTRATOR_TOKEN PROVIDER
"""
import io
import json
import sys
import traceback
import urllib.request

import anthropic
import openai
from google import genai

API, ADMINISTRATOR, PROVIDER = sys.argv[1:]
MODEL = "parrot-large"
failures = []


def call(method, path, token, body):
    request = urllib.request.Request(
        API + path, json.dumps(body).encode(), {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def service(handle, standard, endpoint, *storage):
    """Registers a service of alice, who shares it with bob and carol. Returns its gateway URL."""
    service = call("PUT", f"/v1/llm-services/alice/{handle}", alice, {
        "api_standard": standard, "model": MODEL, "endpoint": endpoint, "api_key": "sk-python-0123456789abcdef", "storage": storage})
    for user in "bob", "carol":
        call("PUT", f"/v1/llm-services/alice/{handle}/shares/{user}", alice, {"role": "reader"})
    return service["gateway_url"]


def step(function):
    """Runs a function, and reports whether it did what it says."""
    try:
        function()
        print("ok    ", function.__doc__)
    except Exception:
        failures.append(function.__doc__)
        print("FAILED", function.__doc__)
        traceback.print_exc()


def refused(status, function, *arguments, **named):
    """Expects a refusal with this status, whatever the SDK calls it, and returns its text."""
    try:
        function(*arguments, **named)
    except (openai.APIStatusError, anthropic.APIStatusError) as refusal:
        assert refusal.status_code == status, refusal
        return str(refusal)
    except genai.errors.APIError as refusal:
        assert refusal.code == status, refusal
        return str(refusal)
    raise AssertionError("not refused")


alice, bob, carol = (call("POST", "/v1/users", ADMINISTRATOR, {"handle": user})["access_token"] for user in ("alice", "bob", "carol"))
stateless = service("nothing", "openai", PROVIDER + "/v1")
stored = service("everything", "openai", PROVIDER + "/v1", "files", "batches", "responses", "conversations", "vector_stores", "containers")
claude = service("claude", "anthropic", PROVIDER, "files", "batches")
gemini = service("gemini", "gemini", PROVIDER, "files", "caches", "batches")

nothing = openai.OpenAI(base_url=stateless, api_key=bob)
everything = openai.OpenAI(base_url=stored, api_key=bob)
stranger = openai.OpenAI(base_url=stored, api_key=carol)


@step
def _():
    """openai: a response without storage, its items sent back, and the id of it refused in OpenAI's words"""
    first = nothing.responses.create(model=MODEL, input="Hello")
    again = nothing.responses.create(
        model=MODEL, input=[{"role": "user", "content": "Hello"}, *first.output, {"role": "user", "content": "Again"}])
    assert again.output_text
    text = refused(400, nothing.responses.create, model=MODEL, input="Again", previous_response_id=first.id)
    assert "previous_response_not_found" in text, text


@step
def _():
    """openai: storing is refused with one sentence where nothing is lent"""
    text = refused(403, nothing.responses.create, model=MODEL, input="Hello", store=True)
    assert "storage_not_lent" in text, text
    refused(403, nothing.files.create, file=("a.txt", b"text"), purpose="assistants")


@step
def _():
    """openai: files are made, listed, read and deleted, and no stranger sees them"""
    file = everything.files.create(file=("a.txt", b"some text"), purpose="assistants")
    assert file.id in [each.id for each in everything.files.list()]
    assert everything.files.retrieve(file.id).bytes == 9
    everything.files.content(file.id).read()
    assert list(stranger.files.list()) == []
    refused(404, stranger.files.retrieve, file.id)
    refused(404, stranger.files.delete, file.id)
    assert everything.files.delete(file.id).deleted
    refused(404, everything.files.retrieve, file.id)


@step
def _():
    """openai: more files than a page has are deleted in a loop over their list"""
    made = {everything.files.create(file=(f"{i}.txt", b"text"), purpose="user_data").id for i in range(25)}
    for each in everything.files.list(purpose="user_data"):
        assert everything.files.delete(each.id).deleted
        made.remove(each.id)
    assert not made, made


@step
def _():
    """openai: an upload in two parts"""
    upload = everything.uploads.create(bytes=8, filename="b.txt", mime_type="text/plain", purpose="assistants")
    parts = [everything.uploads.parts.create(upload.id, data=io.BytesIO(data)).id for data in (b"1234", b"5678")]
    refused(404, stranger.uploads.complete, upload.id, part_ids=parts)
    done = everything.uploads.complete(upload.id, part_ids=parts)
    assert done.file.id in [each.id for each in everything.files.list()]


@step
def _():
    """openai: a chain of stored responses, their items, and a stranger who may not go on with it"""
    first = everything.responses.create(model=MODEL, input="Hello", store=True)
    second = everything.responses.create(model=MODEL, input="Again", previous_response_id=first.id, store=True)
    assert everything.responses.retrieve(second.id).id == second.id
    assert len(list(everything.responses.input_items.list(second.id))) > 0
    refused(400, stranger.responses.create, model=MODEL, input="Again", previous_response_id=first.id)
    refused(404, stranger.responses.retrieve, first.id)
    everything.responses.delete(first.id)
    refused(404, everything.responses.retrieve, first.id)


@step
def _():
    """openai: a stored response that is streamed"""
    with everything.responses.stream(model=MODEL, input="Hello", store=True) as stream:
        stream.until_done()
        assert everything.responses.retrieve(stream.get_final_response().id)


@step
def _():
    """openai: a conversation with items"""
    conversation = everything.conversations.create(items=[{"type": "message", "role": "user", "content": "Hello"}])
    everything.responses.create(model=MODEL, input="Go on", conversation=conversation.id)
    assert len(list(everything.conversations.items.list(conversation.id))) > 0
    refused(404, stranger.conversations.retrieve, conversation.id)
    refused(404, stranger.responses.create, model=MODEL, input="Go on", conversation=conversation.id)
    everything.conversations.delete(conversation.id)


@step
def _():
    """openai: a vector store with a file, searched"""
    file = everything.files.create(file=("c.txt", b"The committee met on Monday."), purpose="assistants")
    store = everything.vector_stores.create(name="notes")
    everything.vector_stores.files.create_and_poll(vector_store_id=store.id, file_id=file.id)
    assert list(everything.vector_stores.search(store.id, query="committee")) is not None
    assert store.id in [each.id for each in everything.vector_stores.list()]
    refused(404, stranger.vector_stores.files.create, vector_store_id=store.id, file_id=file.id)
    refused(404, stranger.vector_stores.search, store.id, query="committee")
    everything.vector_stores.delete(store.id)


@step
def _():
    """openai: a batch of a file, until it is done, with its results"""
    line = {"custom_id": "1", "method": "POST", "url": "/v1/chat/completions",
            "body": {"model": MODEL, "max_completion_tokens": 50, "messages": [{"role": "user", "content": "Hello"}]}}
    file = everything.files.create(file=("batch.jsonl", (json.dumps(line) + "\n").encode()), purpose="batch")
    batch = everything.batches.create(input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h")
    for _ in range(50):
        batch = everything.batches.retrieve(batch.id)
        if batch.status == "completed":
            break
    assert batch.status == "completed", batch
    assert json.loads(everything.files.content(batch.output_file_id).text.splitlines()[0])["custom_id"] == "1"
    refused(404, stranger.batches.retrieve, batch.id)
    refused(404, stranger.files.content, batch.output_file_id)
    assert [each.id for each in stranger.batches.list()] == []


@step
def _():
    """anthropic: a file is uploaded, used, listed and deleted, and no stranger sees it"""
    bobs, carols = (anthropic.Anthropic(base_url=claude, api_key=token) for token in (bob, carol))
    file = bobs.files.upload(file=("a.txt", b"some text", "text/plain"))
    assert file.id in [each.id for each in bobs.files.list()]
    content = [{"type": "document", "source": {"type": "file", "file_id": file.id}}, {"type": "text", "text": "What is it?"}]
    ask = {"model": MODEL, "max_tokens": 50, "messages": [{"role": "user", "content": content}]}
    assert bobs.messages.create(**ask).content
    refused(404, carols.messages.create, **ask)
    refused(404, carols.files.retrieve_metadata, file.id)
    assert list(carols.files.list()) == []
    bobs.files.delete(file.id)


@step
def _():
    """anthropic: more files than a page has are deleted in a loop over their list"""
    bobs = anthropic.Anthropic(base_url=claude, api_key=bob)
    made = {bobs.files.upload(file=(f"{i}.txt", b"text", "text/plain")).id for i in range(25)}
    for each in bobs.files.list():
        bobs.files.delete(each.id)
        made.remove(each.id)
    assert not made, made


@step
def _():
    """anthropic: a batch until it has ended, and its results"""
    bobs, carols = (anthropic.Anthropic(base_url=claude, api_key=token) for token in (bob, carol))
    params = {"model": MODEL, "max_tokens": 50, "messages": [{"role": "user", "content": "Hello"}]}
    batch = bobs.messages.batches.create(requests=[{"custom_id": "one", "params": params}])
    for _ in range(50):
        batch = bobs.messages.batches.retrieve(batch.id)
        if batch.processing_status == "ended":
            break
    assert [line.custom_id for line in bobs.messages.batches.results(batch.id)] == ["one"]
    refused(404, carols.messages.batches.retrieve, batch.id)
    refused(404, carols.messages.batches.results, batch.id)
    refused(409, bobs.messages.batches.delete, batch.id)  # It is not charged yet.


def google(token):
    return genai.Client(api_key=token, http_options=genai.types.HttpOptions(base_url=gemini))


@step
def _():
    """google-genai: a file is uploaded in parts without a token, used, listed and deleted, and no stranger sees it"""
    bobs, carols = google(bob), google(carol)
    file = bobs.files.upload(file=io.BytesIO(b"some text"), config={"mime_type": "text/plain"})
    assert file.name in [each.name for each in bobs.files.list()]
    assert bobs.models.generate_content(model=MODEL, contents=[file, "What is it?"]).text
    refused(404, carols.models.generate_content, model=MODEL, contents=[file, "What is it?"])
    refused(404, carols.files.get, name=file.name)
    assert list(carols.files.list()) == []
    bobs.files.delete(name=file.name)


@step
def _():
    """google-genai: more files than a page has are deleted in a loop over their list"""
    bobs = google(bob)
    made = {bobs.files.upload(file=io.BytesIO(b"text"), config={"mime_type": "text/plain"}).name for _ in range(25)}
    for each in bobs.files.list():
        bobs.files.delete(name=each.name)
        made.remove(each.name)
    assert not made, made


@step
def _():
    """google-genai: cached content is made, used, prolonged, listed and deleted"""
    bobs, carols = google(bob), google(carol)
    cache = bobs.caches.create(model=MODEL, config={"contents": ["A long text"], "ttl": "600s"})
    assert cache.name in [each.name for each in bobs.caches.list()]
    bobs.models.generate_content(model=MODEL, contents="Hello", config={"cached_content": cache.name})
    bobs.caches.update(name=cache.name, config={"ttl": "900s"})
    refused(404, carols.models.generate_content, model=MODEL, contents="Hello", config={"cached_content": cache.name})
    refused(404, carols.caches.get, name=cache.name)
    bobs.caches.delete(name=cache.name)


@step
def _():
    """google-genai: a batch of requests until it is done"""
    bobs, carols = google(bob), google(carol)
    batch = bobs.batches.create(model=MODEL, src=[{"contents": [{"role": "user", "parts": [{"text": "Hello"}]}]}])
    for _ in range(50):
        batch = bobs.batches.get(name=batch.name)
        if batch.done:
            break
    assert batch.dest and batch.dest.inlined_responses, batch
    assert batch.name in [each.name for each in bobs.batches.list()]
    refused(404, carols.batches.get, name=batch.name)
    refused(409, bobs.batches.delete, name=batch.name)  # It is not charged yet.


print(f"{len(failures)} failed." if failures else "All passed.")
sys.exit(1 if failures else 0)
