package io.claviger.stub;

import static io.claviger.stub.Caller.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class GeminiObjectsTest {
  private static final String[] ANN = {"x-goog-api-key", "ann"};
  private static final String[] BOB = {"x-goog-api-key", "bob"};
  private static final String GENERATE = "/v1beta/models/gemini:generateContent";

  @AutoClose
  private final StubProvider stub =
      StubProvider.start(StubOptions.defaults().expectedKey("ann").batchTime(Duration.ofMillis(1)));

  @AutoClose
  private final StubProvider open =
      StubProvider.start(StubOptions.defaults().batchTime(Duration.ofMillis(1)));

  @AutoClose private final Caller strict = new Caller(stub);
  @AutoClose private final Caller caller = new Caller(open);

  private static String begin(Caller caller) {
    TestResponse begun =
        caller.post(
            "/upload/v1beta/files",
            "{\"file\": {\"displayName\": \"a\"}}",
            "x-goog-api-key",
            "ann",
            "x-goog-upload-protocol",
            "resumable",
            "x-goog-upload-command",
            "start",
            "x-goog-upload-header-content-type",
            "text/plain");
    URI url = URI.create(begun.headers().firstValue("x-goog-upload-url").orElseThrow());
    return url.getPath() + "?" + url.getQuery();
  }

  private static TestResponse send(Caller caller, String path, String bytes, int at, String what) {
    return caller.post(
        path, bytes, "x-goog-upload-command", what, "x-goog-upload-offset", Integer.toString(at));
  }

  private static JsonNode upload(Caller caller, String content) {
    return json(send(caller, begin(caller), content, 0, "upload, finalize")).get("file");
  }

  @Test
  void a_file_is_uploaded_in_chunks_without_a_key() throws Exception {
    String path = begin(strict);
    TestResponse first = send(strict, path, "one", 0, "upload");
    TestResponse query = send(strict, path, "", 0, "query");
    TestResponse wrong = send(strict, path, "two", 1, "upload, finalize");
    TestResponse last = send(strict, path, "two", 3, "upload, finalize");

    assertThat(first.headers().firstValue("x-goog-upload-status")).hasValue("active");
    assertThat(query.headers().firstValue("x-goog-upload-size-received")).hasValue("3");
    assertThat(wrong.status()).isEqualTo(400);
    assertThat(last.headers().firstValue("x-goog-upload-status")).hasValue("final");
    JsonNode file = json(last).get("file");
    assertThat(file.get("name").asString()).matches("files/[a-z0-9]{12}");
    assertThat(file.get("uri").asString()).endsWith("/v1beta/" + file.get("name").asString());
    assertThat(file.get("sizeBytes").asString()).isEqualTo("6");
    assertThat(send(strict, path, "x", 6, "upload, finalize").status()).isEqualTo(404);
  }

  @Test
  void a_file_belongs_to_its_account() throws Exception {
    JsonNode file = upload(caller, "text");
    String path = "/v1beta/" + file.get("name").asString();
    String body =
        "{\"contents\": [{\"parts\": [{\"text\": \"hi\"}, {\"fileData\": {\"fileUri\": \"%s\"}}]}]}"
            .formatted(file.get("uri").asString());

    assertThat(json(caller.get(path, ANN))).isEqualTo(file);
    assertThat(json(caller.get("/v1beta/files", ANN)).get("files")).hasSize(1);
    assertThat(json(caller.get("/v1beta/files", BOB)).has("files")).isFalse();
    TestResponse refused = caller.get(path, BOB);
    assertThat(refused.status()).isEqualTo(403);
    assertThat(json(refused).at("/error/status").asString()).isEqualTo("PERMISSION_DENIED");
    assertThat(caller.post(GENERATE, body, ANN).status()).isEqualTo(200);
    assertThat(caller.post(GENERATE, body, BOB).status()).isEqualTo(403);
    assertThat(caller.post(GENERATE, body.replace("fileUri", "file_uri"), BOB).status())
        .isEqualTo(403);
    assertThat(caller.delete(path, ANN).status()).isEqualTo(200);
    assertThat(caller.get(path, ANN).status()).isEqualTo(403);
  }

  @Test
  void cached_content_is_counted_and_belongs_to_its_account() throws Exception {
    String content =
        "{\"model\": \"models/gemini\", \"contents\": [{\"parts\": [{\"text\": \"long\"}]}]}";
    JsonNode cache = caller.json("/v1beta/cachedContents", content, ANN);
    String name = cache.get("name").asString();
    String body =
        "{\"cachedContent\": \"%s\", \"contents\": [{\"parts\": [{\"text\": \"hi\"}]}]}"
            .formatted(name);

    assertThat(name).matches("cachedContents/[a-z0-9]{36}");
    assertThat(caller.json(GENERATE, body, ANN).at("/usageMetadata/cachedContentTokenCount"))
        .isEqualTo(cache.at("/usageMetadata/totalTokenCount"));
    assertThat(caller.post(GENERATE, body, BOB).status()).isEqualTo(403);
    assertThat(caller.get("/v1beta/" + name, BOB).status()).isEqualTo(403);
    assertThat(json(caller.get("/v1beta/cachedContents", ANN)).get("cachedContents")).hasSize(1);
    assertThat(caller.delete("/v1beta/" + name, ANN).status()).isEqualTo(200);
    assertThat(caller.post(GENERATE, body, ANN).status()).isEqualTo(403);
  }

  private JsonNode ended(JsonNode operation) {
    String path = "/v1beta/" + operation.get("name").asString();
    JsonNode now = json(caller.get(path, ANN));
    while (!now.path("done").asBoolean(false)) {
      Thread.onSpinWait();
      now = json(caller.get(path, ANN));
    }
    return now;
  }

  @Test
  void a_batch_takes_requests_from_the_body_or_a_file() throws Exception {
    String request = "{\"contents\": [{\"parts\": [{\"text\": \"hi\"}]}]}";
    String inline =
        "{\"batch\": {\"displayName\": \"a\", \"inputConfig\": {\"requests\": {\"requests\": [{\"request\": %s, \"metadata\": {\"key\": \"k\"}}]}}}}"
            .formatted(request);
    String path = "/v1beta/models/gemini:batchGenerateContent";
    JsonNode begun = caller.json(path, inline, ANN);
    JsonNode answer = ended(begun).at("/response/inlinedResponses/inlinedResponses/0");
    String file =
        upload(caller, "{\"key\": \"k\", \"request\": " + request + "}\n").get("name").asString();
    String fromFile = "{\"batch\": {\"inputConfig\": {\"fileName\": \"" + file + "\"}}}";
    JsonNode second = ended(caller.json(path, fromFile, ANN));

    assertThat(begun.get("name").asString()).matches("batches/[a-z0-9]{36}");
    assertThat(answer.at("/metadata/key").asString()).isEqualTo("k");
    assertThat(answer.at("/response/candidates/0/content/parts/0/text").asString())
        .isEqualTo("You said: hi");
    String output = second.at("/response/responsesFile").asString();
    assertThat(
            json(caller.get("/v1beta/" + output + ":download?alt=media", ANN))
                .get("key")
                .asString())
        .isEqualTo("k");
    assertThat(open.billedTokens("ann")).isPositive();
    assertThat(caller.get("/v1beta/" + begun.get("name").asString(), BOB).status()).isEqualTo(404);
    assertThat(caller.post(path, fromFile, BOB).status()).isEqualTo(403);
    assertThat(json(caller.get("/v1beta/batches", ANN)).get("operations")).hasSize(2);
    String batch = "/v1beta/" + begun.get("name").asString();
    assertThat(caller.post(batch + ":cancel", "", ANN).status()).isEqualTo(200);
    assertThat(caller.delete(batch, ANN).status()).isEqualTo(200);
    assertThat(caller.get(batch, ANN).status()).isEqualTo(404);
  }
}
