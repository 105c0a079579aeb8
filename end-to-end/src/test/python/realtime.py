"""Speaks with Python's official SDKs, openai and google-genai. See the script run.

Usage: realtime.py API ADMINISTRATOR_TOKEN PROVIDER
"""
import asyncio
import json
import os
import ssl
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request

API, ADMINISTRATOR, PROVIDER = sys.argv[1:]
SOUND = "A" * 31_999 + "="
TIMES = 3
work = tempfile.TemporaryDirectory()
os.environ["SSL_CERT_FILE"] = work.name + "/made.pem"  # before the SDKs read it
subprocess.run([
    "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1", "-subj", "/CN=localhost",
    "-addext", "subjectAltName=DNS:localhost", "-keyout", work.name + "/key.pem", "-out", work.name + "/made.pem"],
    check=True, stderr=subprocess.DEVNULL)

from google import genai  # noqa: E402
from openai import AsyncOpenAI  # noqa: E402


def call(method, path, token, body):
    request = urllib.request.Request(
        API + path, json.dumps(body).encode(), {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def service(handle, standard, endpoint, model, **more):
    """Registers a service of anna. Returns its gateway URL."""
    return call("PUT", f"/v1/llm-services/anna/{handle}", anna, {
        "api_standard": standard, "model": model, "endpoint": endpoint, "api_key": "sk-python-0123456789abcdef", **more})["gateway_url"]


async def pass_on(reader, writer):
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()
    writer.close()


async def secured(url):
    """The same URL behind a proxy for TLS: the client of Google opens no WebSocket without it."""
    to = urllib.parse.urlsplit(url)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(work.name + "/made.pem", work.name + "/key.pem")

    async def accept(*caller):
        gateway = await asyncio.open_connection(to.hostname, to.port)
        await asyncio.gather(pass_on(caller[0], gateway[1]), pass_on(gateway[0], caller[1]), return_exceptions=True)

    server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=context)
    return f"https://localhost:{server.sockets[0].getsockname()[1]}{to.path}"


async def of_openai(url, times):
    client = AsyncOpenAI(base_url=url, websocket_base_url=url.replace("http", "ws", 1), api_key=anna)
    answered = 0
    async with client.realtime.connect(model="gpt-realtime") as session:
        await session.session.update(session={"type": "realtime", "audio": {"input": {"turn_detection": None}}})
        for _ in range(times):
            await session.input_audio_buffer.append(audio=SOUND)
            await session.input_audio_buffer.commit()
            await session.response.create()
            async for event in session:
                if event.type == "error":
                    return answered, event.error.message
                if event.type == "response.done":
                    assert event.response.status == "completed", event
                    answered += 1
                    break
    return answered, ""


async def of_google(url, model, times):
    client = genai.Client(api_key=anna, http_options={"base_url": await secured(url)})
    answered = 0
    try:
        async with client.aio.live.connect(model=model, config={"response_modalities": ["AUDIO"]}) as session:
            for _ in range(times):
                await session.send_realtime_input(audio={"data": b"\0" * 4_000 + b"\0", "mime_type": "audio/pcm;rate=16000"})
                async for message in session.receive():
                    if message.server_content and message.server_content.turn_complete:
                        answered += 1
    except Exception as ended:
        return answered, str(ended)
    return answered, ""


anna = call("POST", "/v1/users", ADMINISTRATOR, {"handle": "anna"})["access_token"]


async def main():
    budget = {"limits": {"budgets": [{"amount": 250_000, "unit": "tokens", "window": "day"}]}}
    failed = 0
    for name, more, times in ("", {}, TIMES), ("-budget", budget, 50):
        voice = service("voice" + name, "openai", PROVIDER + "/v1", "gpt-realtime", **more)
        live = service("live" + name, "gemini", PROVIDER, "parrot-live" + name, **more)
        for client, talk in ("openai", of_openai(voice, times)), ("google-genai", of_google(live, "parrot-live" + name, times)):
            answered, said = await asyncio.wait_for(talk, 60)
            well = 0 < answered < 50 and "Your budget on this service" in said if more else answered == TIMES and not said
            failed += not well
            print("ok    " if well else "FAILED", f"{client}{name}: {answered} answers, {said or 'no error'}", flush=True)
    return failed


sys.exit(asyncio.run(main()))
