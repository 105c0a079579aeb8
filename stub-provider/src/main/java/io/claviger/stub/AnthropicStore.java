package io.claviger.stub;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.stub.Account.Kind;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers calls about Anthropic's files, batches of messages and containers. */
final class AnthropicStore {
  private static final String BATCH = "v1/messages/batches/{}";
  private static final String FILE = "file_01";
  private static final byte[] NOTHING = {};

  private AnthropicStore() {}

  static ObjectRoutes routes() {
    return new ObjectRoutes()
        .on("POST", "v1/files", AnthropicStore::createFile)
        .on("GET", "v1/files", call -> list(call, Kind.FILE))
        .on("GET", "v1/files/{}", call -> ObjectCall.answer(file(call).json()))
        .on("GET", "v1/files/{}/content", AnthropicStore::content)
        .on("DELETE", "v1/files/{}", AnthropicStore::deleteFile)
        .on("POST", "v1/messages/batches", AnthropicStore::createBatch)
        .on("GET", "v1/messages/batches", call -> list(call, Kind.BATCH))
        .on("GET", BATCH, call -> ObjectCall.answer(batch(call).json()))
        .on("POST", BATCH + "/cancel", AnthropicStore::cancel)
        .on("GET", BATCH + "/results", AnthropicStore::results)
        .on("DELETE", BATCH, AnthropicStore::deleteBatch);
  }

  static Refused refused(int status, String message) {
    return new Refused(new Anthropic().refusal(status, message));
  }

  private static StoredObject found(BoundedObjects objects, String title, String id) {
    StoredObject object = objects.get(id);
    if (object == null) {
      throw refused(404, title + " not found: " + id);
    }
    return object;
  }

  private static StoredObject file(ObjectCall call) {
    return found(call.of(Kind.FILE), "File", call.id());
  }

  private static StoredObject batch(ObjectCall call) {
    return found(call.of(Kind.BATCH), "Message batch", call.id());
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static StubResponse createFile(ObjectCall call) {
    FormParts.Part part = call.form().file("file");
    long bytes = part.content().length + call.call().request().lostLength();
    String name = part.fileName() == null ? "upload" : part.fileName();
    String id = call.account().newId(FILE);
    ObjectNode json = file(id, name, part.contentType(), bytes, false);
    return ObjectCall.answer(
        call.of(Kind.FILE).add(new StoredObject(id, json, part.content())).json());
  }

  private static ObjectNode file(
      String id, String name, String type, long bytes, boolean downloadable) {
    return ObjectCall.newObject()
        .put("type", "file")
        .put("id", id)
        .put("size_bytes", bytes)
        .put("created_at", now())
        .put("filename", name)
        .put("mime_type", type)
        .put("downloadable", downloadable);
  }

  private static StubResponse content(ObjectCall call) {
    StoredObject file = file(call);
    if (!file.json().path("downloadable").asBoolean(false)) {
      throw refused(400, "File " + call.id() + " is not downloadable.");
    }
    return StubResponse.of(200, ObjectCall.text(file.json(), "mime_type", ""), file.content());
  }

  private static StubResponse deleteFile(ObjectCall call) {
    file(call);
    call.of(Kind.FILE).remove(call.id());
    return ObjectCall.answer(
        ObjectCall.newObject().put("id", call.id()).put("type", "file_deleted"));
  }

  /**
   * Answers with the page that the parameters {@code after_id}, {@code before_id} and {@code limit}
   * request. The newest object comes first. Lists of files also have a cursor, {@code page}.
   */
  private static StubResponse list(ObjectCall call, Kind kind) {
    List<StoredObject> all = new ArrayList<>(call.of(kind).all());
    Collections.reverse(all);
    String cursor = kind == Kind.FILE ? call.query("page") : null;
    int from = position(all, cursor == null ? call.query("after_id") : cursor, -1) + 1;
    int end = position(all, call.query("before_id"), all.size());
    int to = Math.min(end, from + call.query("limit", 20, 1_000));
    List<StoredObject> shown = all.subList(Math.min(from, to), to);
    ObjectNode page = ObjectCall.newObject();
    ArrayNode data = page.putArray("data");
    shown.forEach(object -> data.add(object.json()));
    page.put("has_more", to < end);
    page.put("first_id", shown.isEmpty() ? null : shown.get(0).id());
    String last = shown.isEmpty() ? null : shown.get(shown.size() - 1).id();
    page.put("last_id", last);
    if (kind == Kind.FILE) {
      page.put("next_page", to < end ? last : null);
    }
    return ObjectCall.answer(page);
  }

  private static int position(List<StoredObject> all, @Nullable String cursor, int otherwise) {
    if (cursor == null || cursor.isEmpty()) {
      return otherwise;
    }
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).id().equals(cursor)) {
        return i;
      }
    }
    throw refused(400, "There is no object " + cursor);
  }

  private static StubResponse createBatch(ObjectCall call) {
    JsonNode requests = call.body().path("requests");
    if (!requests.isArray() || requests.isEmpty() || requests.size() > 100_000) {
      throw refused(400, "requests: Field required");
    }
    String id = call.account().newId("msgbatch_01");
    ObjectNode batch =
        ObjectCall.newObject()
            .put("id", id)
            .put("type", "message_batch")
            .put("processing_status", "in_progress");
    putCounts(batch, requests.size(), 0, 0, 0);
    batch
        .putNull("ended_at")
        .put("created_at", now())
        .put("expires_at", Instant.now().plus(1, ChronoUnit.DAYS).toString())
        .putNull("archived_at")
        .putNull("cancel_initiated_at")
        .putNull("results_url");
    HttpHeaders headers = new DefaultHttpHeaders().add(call.call().headers());
    headers
        .remove("content-length")
        .remove("transfer-encoding")
        .set("content-type", "application/json");
    String prefix = call.call().path().replaceFirst("v1/messages/batches$", "");
    Account account = call.account();
    call.of(Kind.BATCH).add(new StoredObject(id, batch, NOTHING));
    StubResponse answer = ObjectCall.answer(batch);
    account.afterAMoment(
        () -> {
          byte[] results = results(account, headers, prefix, batch, requests);
          batch
              .put("processing_status", "ended")
              .put("ended_at", now())
              .put("results_url", call.base() + prefix + "v1/messages/batches/" + id + "/results");
          account.of(Kind.BATCH).add(new StoredObject(id, batch, results));
        });
    return answer;
  }

  private static void putCounts(
      ObjectNode batch, int processing, int succeeded, int errored, int canceled) {
    batch
        .putObject("request_counts")
        .put("processing", processing)
        .put("succeeded", succeeded)
        .put("errored", errored)
        .put("canceled", canceled)
        .put("expired", 0);
  }

  private static byte[] results(
      Account account, HttpHeaders headers, String prefix, ObjectNode batch, JsonNode requests) {
    boolean canceled = ObjectCall.text(batch, "processing_status", "").equals("canceling");
    StringBuilder lines = new StringBuilder();
    int succeeded = 0;
    for (JsonNode request : requests) {
      ObjectNode line =
          ObjectCall.newObject().put("custom_id", ObjectCall.text(request, "custom_id", ""));
      ObjectNode result = line.putObject("result");
      if (canceled) {
        result.put("type", "canceled");
      } else {
        byte[] body = request.path("params").toString().getBytes(UTF_8);
        StubResponse response =
            account.answerLine(IncomingRequest.of("POST", prefix + "v1/messages", headers, body));
        JsonNode answer = ObjectCall.parsed(response.body(), response.body().length);
        boolean done = response.status() < 400;
        succeeded += done ? 1 : 0;
        if (done) {
          ((ObjectNode) answer.path("usage")).put("service_tier", "batch");
          account.bill(
              (answer.at("/usage/input_tokens").asLong(0)
                      + answer.at("/usage/output_tokens").asLong(0))
                  / 2.0);
        }
        result.put("type", done ? "succeeded" : "errored").set(done ? "message" : "error", answer);
      }
      lines.append(line).append('\n');
    }
    int all = requests.size();
    putCounts(batch, 0, succeeded, canceled ? 0 : all - succeeded, canceled ? all : 0);
    return lines.toString().getBytes(UTF_8);
  }

  private static StubResponse cancel(ObjectCall call) {
    ObjectNode batch = batch(call).json();
    if (ObjectCall.text(batch, "processing_status", "").equals("in_progress")) {
      batch.put("processing_status", "canceling").put("cancel_initiated_at", now());
    }
    return ObjectCall.answer(batch);
  }

  private static StubResponse results(ObjectCall call) {
    StoredObject batch = batch(call);
    if (!ObjectCall.text(batch.json(), "processing_status", "").equals("ended")) {
      throw refused(404, "Message batch " + call.id() + " has no results yet.");
    }
    return StubResponse.of(200, "application/x-jsonl", batch.content());
  }

  private static StubResponse deleteBatch(ObjectCall call) {
    if (!ObjectCall.text(batch(call).json(), "processing_status", "").equals("ended")) {
      throw refused(400, "Message batch " + call.id() + " has not ended; cancel it first.");
    }
    call.of(Kind.BATCH).remove(call.id());
    return ObjectCall.answer(
        ObjectCall.newObject().put("id", call.id()).put("type", "message_batch_deleted"));
  }

  /**
   * Refuses a message that refers to a file or container that the account does not have.
   *
   * @throws Refused if the message is refused
   */
  static void check(Account account, IncomingRequest request) {
    if (!request.mentions("file_id") && !request.mentions("\"container\"")) {
      return;
    }
    try {
      JsonNode body = ObjectCall.parsed(request.kept(), request.keptLength());
      JsonNode container = body.path("container");
      String id =
          container.isString() ? container.asString("") : ObjectCall.text(container, "id", "");
      if (!id.isEmpty()) {
        found(account.of(Kind.CONTAINER), "Container", id);
      }
      body.path("messages").forEach(message -> checkFiles(account, message.path("content")));
    } catch (BadCall malformed) {
      return; // The operation refuses a malformed body.
    }
  }

  private static void checkFiles(Account account, JsonNode value) {
    if (value.path("file_id").isString()) {
      found(account.of(Kind.FILE), "File", ObjectCall.text(value, "file_id", ""));
    }
    for (JsonNode inner : value) {
      if (inner.isObject() || inner.isArray()) {
        checkFiles(account, inner);
      }
    }
  }

  /**
   * Returns the answer's field with the container in which the code of a message runs; an empty
   * text if the message has no tool that runs code. The code writes a file into a new container.
   */
  static String container(StubCall call) {
    if (!runsCode(call)) {
      return "";
    }
    String id = namedContainer(call);
    Account account = call.account();
    if (id == null) {
      id = account.idOf("container_01", call);
      if (account.of(Kind.CONTAINER).get(id) == null) {
        account.of(Kind.CONTAINER).add(new StoredObject(id, "{}", NOTHING));
        byte[] content = "made by code\n".getBytes(UTF_8);
        String file = account.idOf(FILE, call);
        ObjectNode json = file(file, "output.txt", "text/plain", content.length, true);
        account.of(Kind.FILE).add(new StoredObject(file, json, content));
      }
    }
    return ", \"container\": {\"id\": \"%s\", \"expires_at\": \"%s\"}"
        .formatted(id, Instant.now().plus(30, ChronoUnit.MINUTES));
  }

  /**
   * Returns the content block about the file that a message's code writes; an empty text if the
   * code writes no file.
   */
  static String resultOfCode(StubCall call) {
    return runsCode(call) && namedContainer(call) == null
        ? ("{\"type\": \"bash_code_execution_tool_result\", \"tool_use_id\": \"%s\", \"content\": "
                + "{\"type\": \"bash_code_execution_result\", \"stdout\": \"\", \"stderr\": \"\", "
                + "\"return_code\": 0, \"content\": [{\"type\": \"bash_code_execution_output\", "
                + "\"file_id\": \"%s\"}]}}")
            .formatted(call.account().idOf("srvtoolu_01", call), call.account().idOf(FILE, call))
        : "";
  }

  private static boolean runsCode(StubCall call) {
    return call.request().mentions("\"code_execution_");
  }

  private static @Nullable String namedContainer(StubCall call) {
    String named = call.fields().scalar("container");
    return named == null ? call.fields().scalar("container.id") : named;
  }
}
