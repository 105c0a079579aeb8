package io.claviger.stub;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.stub.Account.Kind;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers calls about Gemini's batches. The requests of a batch are in the body or in a file. The
 * stub answers them after a moment, at half the price.
 */
final class GeminiBatches {
  private static final String TYPE = "type.googleapis.com/google.ai.generativelanguage.v1main.";

  private GeminiBatches() {}

  static void addTo(ObjectRoutes routes) {
    routes
        .on("POST", "models/{}", GeminiBatches::create)
        .on("GET", "batches", call -> GeminiStore.list(call, Kind.BATCH, "operations"))
        .on("GET", "batches/{}", call -> ObjectCall.answer(found(call, call.id()).json()))
        .on("POST", "batches/{}", GeminiBatches::cancel)
        .on("DELETE", "batches/{}", GeminiBatches::delete);
  }

  private static StoredObject found(ObjectCall call, String id) {
    StoredObject batch = call.of(Kind.BATCH).get("batches/" + id);
    if (batch == null) {
      throw GeminiStore.refused(404, "Requested entity was not found.");
    }
    return batch;
  }

  /**
   * One request in the input of a batch.
   *
   * @param key the caller's name for the request; the answer repeats this name
   */
  private record Line(JsonNode key, JsonNode request) {}

  private static StubResponse create(ObjectCall call) {
    if (!call.id().endsWith(":batchGenerateContent")) {
      throw GeminiStore.refused(404, "Requested entity was not found.");
    }
    String model = "models/" + call.id().replaceFirst(":.*$", "");
    JsonNode batch = call.body().path("batch");
    JsonNode input = GeminiStore.field(batch, "inputConfig");
    JsonNode file = GeminiStore.field(input, "fileName");
    List<Line> lines = file.isString() ? lines(call, file.asString("")) : lines(input);
    if (lines.isEmpty()) {
      throw GeminiStore.refused(400, "The batch has no requests.");
    }
    String name = call.account().newId("batches/");
    String now = GeminiStore.now();
    ObjectNode operation = ObjectCall.newObject().put("name", name);
    ObjectNode metadata =
        operation
            .putObject("metadata")
            .put("@type", TYPE + "GenerateContentBatch")
            .put("model", model)
            .put("displayName", GeminiStore.field(batch, "displayName").asString(""))
            .put("createTime", now)
            .put("updateTime", now)
            .put("state", "BATCH_STATE_PENDING")
            .put("name", name);
    metadata
        .putObject("batchStats")
        .put("requestCount", Integer.toString(lines.size()))
        .put("pendingRequestCount", Integer.toString(lines.size()));
    call.of(Kind.BATCH).add(new StoredObject(name, operation, new byte[0]));
    StubResponse answer = ObjectCall.answer(operation);
    metadata.put("state", "BATCH_STATE_RUNNING");
    call.account().afterAMoment(() -> finish(call, model, operation, lines, file.isString()));
    return answer;
  }

  private static List<Line> lines(JsonNode input) {
    List<Line> lines = new ArrayList<>();
    JsonNode requests = GeminiStore.field(input, "requests");
    for (JsonNode each : GeminiStore.field(requests, "requests")) {
      lines.add(new Line(each.path("metadata"), each.path("request")));
    }
    return lines;
  }

  private static List<Line> lines(ObjectCall call, String file) {
    byte[] content = GeminiFiles.found(call.account(), file.replaceFirst("^files/", "")).content();
    List<Line> lines = new ArrayList<>();
    for (String each : new String(content, UTF_8).strip().split("\n")) {
      byte[] line = each.getBytes(UTF_8);
      JsonNode parsed = ObjectCall.parsed(line, line.length);
      lines.add(new Line(parsed.path("key"), parsed.path("request")));
    }
    return lines;
  }

  private static void finish(
      ObjectCall call, String model, ObjectNode operation, List<Line> lines, boolean toFile) {
    ObjectNode metadata = (ObjectNode) operation.path("metadata");
    if (!ObjectCall.text(metadata, "state", "").equals("BATCH_STATE_RUNNING")) {
      return;
    }
    HttpHeaders headers = new DefaultHttpHeaders().add(call.call().headers());
    headers
        .remove("content-length")
        .remove("transfer-encoding")
        .set("content-type", "application/json");
    ArrayNode answers = ObjectCall.newObject().putArray("answers");
    StringBuilder file = new StringBuilder();
    String key = call.query("key");
    String path = "/v1beta/" + model + ":generateContent" + (key == null ? "" : "?key=" + key);
    for (Line line : lines) {
      byte[] body = line.request().toString().getBytes(UTF_8);
      StubResponse response =
          call.account().answerLine(IncomingRequest.of("POST", path, headers, body));
      JsonNode answer = ObjectCall.parsed(response.body(), response.body().length);
      boolean done = response.status() < 400;
      call.account().bill(answer.at("/usageMetadata/totalTokenCount").asLong(0) / 2.0);
      ObjectNode result = toFile ? ObjectCall.newObject() : answers.addObject();
      result.set(done ? "response" : "error", done ? answer : answer.path("error"));
      if (!line.key().isMissingNode()) {
        result.set(toFile ? "key" : "metadata", line.key());
      }
      file.append(toFile ? result + "\n" : "");
    }
    ObjectNode output =
        operation.putObject("response").put("@type", TYPE + "GenerateContentBatchOutput");
    if (toFile) {
      byte[] content = GeminiStore.utf8(file);
      ObjectNode asked = ObjectCall.newObject().put("mimeType", "application/jsonl");
      ObjectNode made =
          GeminiFiles.keep(
              call.account(), call.base() + "/v1beta", asked, "", content.length, content);
      made.put("source", "GENERATED")
          .put("downloadUri", made.path("uri").asString("") + ":download?alt=media");
      output.put("responsesFile", ObjectCall.text(made, "name", ""));
    } else {
      output.putObject("inlinedResponses").set("inlinedResponses", answers);
    }
    // The results precede the state, as in the documented order of the members.
    metadata.set("output", output.deepCopy());
    metadata.remove(List.of("state", "batchStats", "endTime", "updateTime"));
    metadata
        .put("state", "BATCH_STATE_SUCCEEDED")
        .put("endTime", GeminiStore.now())
        .put("updateTime", GeminiStore.now());
    metadata
        .putObject("batchStats")
        .put("requestCount", Integer.toString(lines.size()))
        .put("successfulRequestCount", Integer.toString(lines.size()));
    operation.put("done", true);
  }

  private static StubResponse cancel(ObjectCall call) {
    if (!call.id().endsWith(":cancel")) {
      throw GeminiStore.refused(404, "Requested entity was not found.");
    }
    ObjectNode operation = found(call, call.id().replaceFirst(":cancel$", "")).json();
    ObjectNode metadata = (ObjectNode) operation.path("metadata");
    if (!operation.path("done").asBoolean(false)) {
      metadata.put("state", "BATCH_STATE_CANCELLED");
    }
    return ObjectCall.answer(ObjectCall.newObject());
  }

  private static StubResponse delete(ObjectCall call) {
    call.of(Kind.BATCH).remove(found(call, call.id()).id());
    return ObjectCall.answer(ObjectCall.newObject());
  }
}
