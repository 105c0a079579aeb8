package io.claviger.stub;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.stub.Account.Kind;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.HashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers calls about OpenAI's batches. The requests of a batch are in a file. The stub answers
 * them after a moment, at half the price.
 */
final class OpenAiBatches {
  private static final int MOST_LINES = 50_000;
  private static final byte[] NOTHING = {};

  private OpenAiBatches() {}

  static void addTo(ObjectRoutes routes) {
    routes
        .on("POST", "batches", OpenAiBatches::create)
        .on("GET", "batches", call -> OpenAiStore.list(call, call.of(Kind.BATCH).all()))
        .on("GET", "batches/{}", call -> ObjectCall.answer(found(call).json()))
        .on("POST", "batches/{}/cancel", OpenAiBatches::cancel);
  }

  private static StoredObject found(ObjectCall call) {
    return OpenAiStore.found(
        call.of(Kind.BATCH), call.id(), "No batch found with id '" + call.id() + "'.", null);
  }

  private static StubResponse create(ObjectCall call) {
    ObjectNode body = call.body();
    String fileId = ObjectCall.text(body, "input_file_id", "");
    StoredObject file = OpenAiStore.file(call.account(), fileId, "input_file_id");
    if (!ObjectCall.text(file.json(), "purpose", "").equals("batch")) {
      throw OpenAiStore.refused(
          400, "Invalid file purpose: expected 'batch'.", "input_file_id", null);
    }
    String endpoint = ObjectCall.text(body, "endpoint", "");
    if (!endpoint.startsWith("/v1/")) {
      throw OpenAiStore.refused(400, "Invalid value for 'endpoint'.", "endpoint", null);
    }
    if (!ObjectCall.text(body, "completion_window", "").equals("24h")) {
      throw OpenAiStore.refused(
          400, "Invalid value for 'completion_window'.", "completion_window", null);
    }
    long now = ObjectCall.seconds();
    ObjectNode batch =
        ObjectCall.newObject()
            .put("id", call.account().newId("batch_"))
            .put("object", "batch")
            .put("endpoint", endpoint)
            .putNull("errors")
            .put("input_file_id", fileId)
            .put("completion_window", "24h")
            .put("status", "validating")
            .putNull("output_file_id")
            .putNull("error_file_id")
            .put("created_at", now)
            .putNull("in_progress_at")
            .put("expires_at", now + 86_400)
            .putNull("finalizing_at")
            .putNull("completed_at")
            .putNull("failed_at")
            .putNull("expired_at")
            .putNull("cancelling_at")
            .putNull("cancelled_at");
    putCounts(batch, 0, 0, 0);
    OpenAiStore.putMetadata(batch, body);
    StoredObject stored = new StoredObject(ObjectCall.text(batch, "id", ""), batch, NOTHING);
    call.of(Kind.BATCH).add(stored);
    StubResponse answer = ObjectCall.answer(batch);
    HttpHeaders headers = new DefaultHttpHeaders().add(call.call().headers());
    headers
        .remove("content-length")
        .remove("transfer-encoding")
        .set("content-type", "application/json");
    batch.put("status", "in_progress").put("in_progress_at", now);
    call.account()
        .afterAMoment(() -> new Run(call.account(), headers, batch, file.content()).finish());
    return answer;
  }

  private static void putCounts(ObjectNode batch, int total, int completed, int failed) {
    batch
        .putObject("request_counts")
        .put("total", total)
        .put("completed", completed)
        .put("failed", failed);
  }

  private static StubResponse cancel(ObjectCall call) {
    ObjectNode batch = found(call).json();
    if (!ObjectCall.text(batch, "status", "").equals("in_progress")) {
      throw OpenAiStore.refused(
          400,
          "Cannot cancel a batch with status '%s'.".formatted(ObjectCall.text(batch, "status", "")),
          null,
          null);
    }
    batch.put("status", "cancelling").put("cancelling_at", ObjectCall.seconds());
    return ObjectCall.answer(batch);
  }

  /** Answers all requests of a batch in one step, when the batch's time has come. */
  private static final class Run {
    private final Account account;
    private final HttpHeaders headers;
    private final ObjectNode batch;
    private final byte[] input;
    private final StringBuilder output = new StringBuilder();
    private final StringBuilder errors = new StringBuilder();
    private final Set<String> customIds = new HashSet<>();
    private long inputTokens;
    private long cachedTokens;
    private long writtenTokens;
    private long outputTokens;
    private long reasoningTokens;
    private int completed;
    private int failed;

    Run(Account account, HttpHeaders headers, ObjectNode batch, byte[] input) {
      this.account = account;
      this.headers = headers;
      this.batch = batch;
      this.input = input;
    }

    void finish() {
      long now = ObjectCall.seconds();
      if (ObjectCall.text(batch, "status", "").equals("cancelling")) {
        batch.put("status", "cancelled").put("cancelled_at", now);
        return;
      }
      String[] lines = new String(input, UTF_8).strip().split("\n");
      for (int i = 0; i < lines.length; i++) {
        String fault = i >= MOST_LINES ? "too_many_tasks" : fault(lines[i]);
        if (fault != null) {
          fail(fault, i + 1, now);
          return;
        }
      }
      for (String line : lines) {
        run(ObjectCall.parsed(line.getBytes(UTF_8), line.getBytes(UTF_8).length));
      }
      putCounts(batch, lines.length, completed, failed);
      ObjectNode usage = batch.putObject("usage").put("input_tokens", inputTokens);
      usage
          .putObject("input_tokens_details")
          .put("cached_tokens", cachedTokens)
          .put("cache_write_tokens", writtenTokens);
      usage.put("output_tokens", outputTokens);
      usage.putObject("output_tokens_details").put("reasoning_tokens", reasoningTokens);
      usage.put("total_tokens", inputTokens + outputTokens);
      account.bill((inputTokens + outputTokens) / 2.0);
      putFile("output_file_id", output, "output");
      putFile("error_file_id", errors, "error");
      batch.put("status", "completed").put("finalizing_at", now).put("completed_at", now);
    }

    private void putFile(String field, StringBuilder text, String suffix) {
      if (!text.isEmpty()) {
        byte[] content = text.toString().getBytes(UTF_8);
        String name = "%s_%s.jsonl".formatted(ObjectCall.text(batch, "id", ""), suffix);
        StoredObject file =
            OpenAiFiles.keep(account, name, "batch_output", content.length, content);
        batch.put(field, file.id());
      }
    }

    /** Returns the code of the error in a line; null if the line is valid. */
    private @org.jspecify.annotations.Nullable String fault(String line) {
      JsonNode request;
      try {
        request = ObjectCall.parsed(line.getBytes(UTF_8), line.getBytes(UTF_8).length);
      } catch (BadCall malformed) {
        return line.isBlank() ? "empty_file" : "invalid_json_line";
      }
      if (!customIds.add(ObjectCall.text(request, "custom_id", ""))) {
        return "duplicate_custom_id";
      }
      String url = ObjectCall.text(request, "url", "");
      return url.equals(ObjectCall.text(batch, "endpoint", "")) ? null : "url_mismatch";
    }

    private void fail(String code, int line, long now) {
      ObjectNode errors = batch.putObject("errors").put("object", "list");
      errors
          .putArray("data")
          .addObject()
          .put("code", code)
          .put("line", line)
          .put("message", "This line is not a request of this batch.")
          .putNull("param");
      batch.put("status", "failed").put("failed_at", now);
    }

    private void run(JsonNode line) {
      byte[] body = line.path("body").toString().getBytes(UTF_8);
      StubResponse response =
          account.answerLine(
              IncomingRequest.of("POST", ObjectCall.text(line, "url", ""), headers, body));
      JsonNode answer = ObjectCall.parsed(response.body(), response.body().length);
      ObjectNode result =
          ObjectCall.newObject()
              .put("id", account.newId("batch_req_"))
              .put("custom_id", ObjectCall.text(line, "custom_id", ""));
      result
          .putObject("response")
          .put("status_code", response.status())
          .put("request_id", account.newId("req_"))
          .set("body", answer);
      result.putNull("error");
      boolean succeeded = response.status() < 400;
      (succeeded ? output : errors).append(result).append('\n');
      completed += succeeded ? 1 : 0;
      failed += succeeded ? 0 : 1;
      count(answer.path("usage"));
    }

    private void count(JsonNode usage) {
      boolean chat = usage.has("prompt_tokens");
      inputTokens += usage.path(chat ? "prompt_tokens" : "input_tokens").asLong(0);
      outputTokens += usage.path(chat ? "completion_tokens" : "output_tokens").asLong(0);
      JsonNode input = usage.path(chat ? "prompt_tokens_details" : "input_tokens_details");
      cachedTokens += input.path("cached_tokens").asLong(0);
      writtenTokens += input.path("cache_write_tokens").asLong(0);
      reasoningTokens +=
          usage
              .path(chat ? "completion_tokens_details" : "output_tokens_details")
              .path("reasoning_tokens")
              .asLong(0);
    }
  }
}
