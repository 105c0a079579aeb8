package io.claviger.stub;

import static io.claviger.stub.Caller.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class AnthropicObjectsTest {
  private static final String[] ANN = {
    "x-api-key", "ann", "anthropic-version", "2023-06-01", "anthropic-beta", "files-api-2025-04-14"
  };
  private static final String[] BOB = {
    "x-api-key", "bob", "anthropic-version", "2023-06-01", "anthropic-beta", "files-api-2025-04-14"
  };
  private static final String MESSAGES =
      "\"model\": \"claude\", \"max_tokens\": 9, \"messages\": [{\"role\": \"user\", \"content\": %s}]";

  @AutoClose
  private final StubProvider stub =
      StubProvider.start(StubOptions.defaults().batchTime(Duration.ofMillis(1)));

  @AutoClose private final Caller caller = new Caller(stub);

  private String upload() {
    String form = Caller.form("file", "a.txt", "text");
    TestResponse response =
        caller.post(
            "/v1/files",
            BodyPublishers.ofString(form),
            "content-type",
            "multipart/form-data; boundary=b",
            "x-api-key",
            "ann",
            "anthropic-beta",
            "files-api-2025-04-14");
    return json(response).get("id").asString();
  }

  @Test
  void a_file_belongs_to_its_account() throws Exception {
    String id = upload();

    assertThat(id).matches("file_01[A-Za-z0-9]{22}");
    JsonNode file = json(caller.get("/v1/files/" + id, ANN));
    assertThat(file.get("size_bytes").asInt()).isEqualTo(4);
    assertThat(json(caller.get("/v1/files", ANN)).at("/first_id").asString()).isEqualTo(id);
    TestResponse refused = caller.get("/v1/files/" + id, BOB);
    assertThat(refused.status()).isEqualTo(404);
    assertThat(json(refused).at("/error/type").asString()).isEqualTo("not_found_error");
    assertThat(json(caller.get("/v1/files", BOB)).get("data")).isEmpty();
    assertThat(caller.get("/v1/files/" + id + "/content", ANN).status()).isEqualTo(400);
    assertThat(json(caller.delete("/v1/files/" + id, ANN)).get("type").asString())
        .isEqualTo("file_deleted");
    assertThat(caller.get("/v1/files/" + id, ANN).status()).isEqualTo(404);
  }

  @Test
  void a_message_refers_only_to_files_and_containers_of_the_account() throws Exception {
    String source =
        "[{\"type\": \"document\", \"source\": {\"type\": \"file\", \"file_id\": \"%s\"}}]"
            .formatted(upload());
    String body = "{" + MESSAGES.formatted(source) + "}";
    String tools =
        ", \"tools\": [{\"type\": \"code_execution_20250825\", \"name\": \"code_execution\"}]}";

    assertThat(caller.post("/v1/messages", body, ANN).status()).isEqualTo(200);
    assertThat(caller.post("/v1/messages", body, BOB).status()).isEqualTo(404);
    String asked = "{" + MESSAGES.formatted("\"hi\"") + tools;
    JsonNode answer = caller.json("/v1/messages", asked, ANN);
    String container = answer.at("/container/id").asString();
    assertThat(container).matches("container_01[A-Za-z0-9]{22}");
    String again = asked.replaceFirst("\\{", "{\"container\": \"" + container + "\", ");
    assertThat(caller.json("/v1/messages", again, ANN).at("/container/id").asString())
        .isEqualTo(container);
    assertThat(caller.post("/v1/messages", again, BOB).status()).isEqualTo(404);
    String made = json(caller.get("/v1/files", ANN)).at("/first_id").asString();
    assertThat(answer.at("/content/1/content/content/0/file_id").asString()).isEqualTo(made);
    assertThat(caller.get("/v1/files/" + made + "/content", ANN).body()).contains("made by code");
  }

  @Test
  void a_batch_of_messages_ends_with_results_at_half_price() throws Exception {
    String params = "{" + MESSAGES.formatted("\"hi\"") + "}";
    String requests =
        "{\"requests\": [{\"custom_id\": \"a\", \"params\": %s}, {\"custom_id\": \"b\", \"params\": {}}]}"
            .formatted(params);
    JsonNode begun = caller.json("/v1/messages/batches", requests, ANN);
    String path = "/v1/messages/batches/" + begun.get("id").asString();
    JsonNode ended = json(caller.get(path, ANN));
    while (!ended.get("processing_status").asString().equals("ended")) {
      Thread.onSpinWait();
      ended = json(caller.get(path, ANN));
    }

    assertThat(begun.get("id").asString()).matches("msgbatch_01[A-Za-z0-9]{22}");
    assertThat(ended.at("/request_counts/succeeded").asInt()).isEqualTo(2);
    String results = URI.create(ended.get("results_url").asString()).getPath();
    List<JsonNode> lines = caller.get(results, ANN).body().lines().map(Caller::json).toList();
    assertThat(lines.get(0).at("/result/message/content/0/text").asString())
        .isEqualTo("You said: hi");
    assertThat(lines.get(0).at("/result/message/usage/service_tier").asString()).isEqualTo("batch");
    assertThat(stub.billedTokens("ann")).isPositive();
    assertThat(caller.get(results, BOB).status()).isEqualTo(404);
    assertThat(json(caller.get("/v1/messages/batches", ANN)).get("data")).hasSize(1);
    assertThat(json(caller.delete(path, ANN)).get("type").asString())
        .isEqualTo("message_batch_deleted");
    assertThat(caller.get(path, ANN).status()).isEqualTo(404);
  }
}
