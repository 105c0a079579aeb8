package io.claviger.stub;

import static io.claviger.stub.Caller.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.http.TestResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class OpenAiFilesTest {
  private static final long PATIENCE_NANOS = 10_000_000_000L;

  private static final String[] BOB = {"authorization", "Bearer bob"};

  @AutoClose
  private final StubProvider stub =
      StubProvider.start(StubOptions.defaults().batchTime(Duration.ofMillis(1)));

  @AutoClose private final Caller caller = new Caller(stub);

  private JsonNode upload(String name, String content, String purpose) {
    return json(caller.upload("/v1/files", "file", name, content, "purpose", purpose));
  }

  private static List<String> ids(JsonNode list) {
    return list.get("data").valueStream().map(item -> item.get("id").asString()).toList();
  }

  @Test
  void a_file_is_stored_listed_read_and_deleted() throws Exception {
    JsonNode file = upload("a.txt", "line\r\nline", "user_data");
    String path = "/v1/files/" + file.get("id").asString();

    assertThat(file.get("id").asString()).matches("file-[A-Za-z0-9]{22}");
    assertThat(file.get("bytes").asInt()).isEqualTo(10);
    assertThat(json(caller.get(path))).isEqualTo(file);
    assertThat(caller.get(path + "/content").body()).isEqualTo("line\r\nline");
    assertThat(ids(json(caller.get("/v1/files?purpose=user_data")))).hasSize(1);
    assertThat(ids(json(caller.get("/v1/files?purpose=batch")))).isEmpty();
    assertThat(json(caller.delete(path)).get("deleted").asBoolean()).isTrue();
    assertThat(caller.get(path).status()).isEqualTo(404);
  }

  @Test
  void a_file_of_another_account_does_not_exist() throws Exception {
    String id = upload("a.txt", "a", "user_data").get("id").asString();

    TestResponse refused = caller.get("/v1/files/" + id, BOB);

    assertThat(refused.status()).isEqualTo(404);
    assertThat(json(refused).at("/error/message").asString())
        .isEqualTo("No such File object: " + id);
    assertThat(caller.delete("/v1/files/" + id, BOB).status()).isEqualTo(404);
    assertThat(ids(json(caller.get("/v1/files", BOB)))).isEmpty();
    assertThat(stub.objectIds("")).containsExactly(id);
    assertThat(stub.objectIds("bob")).isEmpty();
  }

  @Test
  void a_list_has_pages_in_either_order() throws Exception {
    List<String> made =
        IntStream.range(0, 5)
            .mapToObj(i -> upload(i + ".txt", "a", "batch").get("id").asString())
            .toList();

    JsonNode first = json(caller.get("/v1/files?order=asc&limit=2"));
    JsonNode second = json(caller.get("/v1/files?order=asc&limit=9&after=" + made.get(1)));

    assertThat(ids(first)).isEqualTo(made.subList(0, 2));
    assertThat(first.get("has_more").asBoolean()).isTrue();
    assertThat(first.get("last_id").asString()).isEqualTo(made.get(1));
    assertThat(ids(second)).isEqualTo(made.subList(2, 5));
    assertThat(second.get("has_more").asBoolean()).isFalse();
    assertThat(ids(json(caller.get("/v1/files?limit=1")))).containsExactly(made.get(4));
    assertThat(caller.get("/v1/files?after=file-unknown").status()).isEqualTo(404);
  }

  @Test
  void an_upload_becomes_a_file_of_its_parts() throws Exception {
    String asked =
        "{\"bytes\": 6, \"filename\": \"a\", \"mime_type\": \"text/plain\", \"purpose\": \"batch\"}";
    String upload = caller.json("/v1/uploads", asked).get("id").asString();
    String parts = "/v1/uploads/" + upload + "/parts";
    String one = json(caller.upload(parts, "data", "blob", "one")).get("id").asString();
    String two = json(caller.upload(parts, "data", "blob", "two")).get("id").asString();
    String complete = "/v1/uploads/" + upload + "/complete";

    assertThat(caller.post(complete, "{\"part_ids\": [\"" + one + "\"]}").status()).isEqualTo(400);
    JsonNode completed =
        caller.json(complete, "{\"part_ids\": [\"%s\", \"%s\"]}".formatted(two, one));

    assertThat(completed.get("status").asString()).isEqualTo("completed");
    String file = completed.at("/file/id").asString();
    assertThat(caller.get("/v1/files/" + file + "/content").body()).isEqualTo("twoone");
    assertThat(caller.post("/v1/uploads/" + upload + "/cancel", "").status()).isEqualTo(400);
    assertThat(caller.post("/v1/uploads/upload_x/cancel", "").status()).isEqualTo(404);
  }

  private static String line(int number, String model) {
    return """
        {"custom_id": "%d", "method": "POST", "url": "/v1/chat/completions", "body": \
        {"model": "%s", "messages": [{"role": "user", "content": "hello %d"}]}}\
        """
        .formatted(number, model, number);
  }

  private JsonNode batch(String lines) {
    String file = upload("a.jsonl", lines, "batch").get("id").asString();
    String asked =
        """
        {"input_file_id": "%s", "endpoint": "/v1/chat/completions", "completion_window": "24h"}
        """
            .formatted(file);
    return caller.json("/v1/batches", asked);
  }

  private JsonNode ended(JsonNode batch) {
    String path = "/v1/batches/" + batch.get("id").asString();
    JsonNode now = json(caller.get(path));
    long began = System.nanoTime();
    while (now.get("status").asString().equals("in_progress")
        && System.nanoTime() - began < PATIENCE_NANOS) {
      Thread.onSpinWait();
      now = json(caller.get(path));
    }
    return now;
  }

  @Test
  void a_batch_answers_each_line_at_half_price() throws Exception {
    JsonNode begun = batch(line(1, "parrot") + "\n" + line(2, "stub") + "\n");
    JsonNode ended = ended(begun);

    assertThat(begun.get("id").asString()).matches("batch_[0-9a-f]{32}");
    assertThat(begun.get("status").asString()).isEqualTo("validating");
    assertThat(ended.get("status").asString()).isEqualTo("completed");
    assertThat(ended.at("/request_counts/completed").asInt()).isEqualTo(2);
    String output =
        caller.get("/v1/files/" + ended.get("output_file_id").asString() + "/content").body();
    assertThat(
            output
                .lines()
                .map(Caller::json)
                .map(each -> each.at("/response/body/choices/0/message/content").asString()))
        .containsExactly("You said: hello 1", "You said: hello 2");
    int tokens =
        output
            .lines()
            .map(Caller::json)
            .mapToInt(each -> each.at("/response/body/usage/total_tokens").asInt())
            .sum();
    assertThat(ended.at("/usage/total_tokens").asInt()).isEqualTo(tokens);
    assertThat(stub.billedTokens("")).isEqualTo(tokens / 2.0);
  }

  @Test
  void a_batch_with_a_broken_line_fails() throws Exception {
    assertThat(ended(batch(line(1, "a") + "\nno json")).at("/errors/data/0/code").asString())
        .isEqualTo("invalid_json_line");
    assertThat(ended(batch(line(1, "a") + "\n" + line(1, "a"))).at("/errors/data/0/line").asInt())
        .isEqualTo(2);
  }

  @Test
  void a_batch_takes_only_a_file_of_the_account() throws Exception {
    String file = upload("a.jsonl", line(1, "a"), "batch").get("id").asString();
    String asked =
        "{\"input_file_id\": \"%s\", \"endpoint\": \"/v1/chat/completions\", \"completion_window\": \"24h\"}"
            .formatted(file);

    assertThat(caller.post("/v1/batches", asked, BOB).status()).isEqualTo(404);
    String batch = caller.json("/v1/batches", asked).get("id").asString();
    assertThat(caller.get("/v1/batches/" + batch, BOB).status()).isEqualTo(404);
    assertThat(ids(json(caller.get("/v1/batches", BOB)))).isEmpty();
    assertThat(ids(json(caller.get("/v1/batches")))).containsExactly(batch);
  }

  @Test
  void a_vector_store_finds_what_its_files_say() throws Exception {
    String whales = upload("whales.txt", "Whales are mammals.", "assistants").get("id").asString();
    String cars = upload("cars.txt", "Cars have wheels.", "assistants").get("id").asString();
    JsonNode store =
        caller.json("/v1/vector_stores", "{\"name\": \"a\", \"file_ids\": [\"" + whales + "\"]}");
    String path = "/v1/vector_stores/" + store.get("id").asString();
    JsonNode batch = caller.json(path + "/file_batches", "{\"file_ids\": [\"" + cars + "\"]}");

    JsonNode found = caller.json(path + "/search", "{\"query\": \"mammals\"}");

    assertThat(store.get("id").asString()).matches("vs_[0-9a-f]{32}");
    assertThat(batch.get("id").asString()).matches("vsfb_[0-9a-f]{32}");
    assertThat(found.get("data")).hasSize(1);
    assertThat(found.at("/data/0/file_id").asString()).isEqualTo(whales);
    assertThat(ids(json(caller.get(path + "/files?order=asc")))).containsExactly(whales, cars);
    assertThat(
            ids(json(caller.get(path + "/file_batches/" + batch.get("id").asString() + "/files"))))
        .containsExactly(cars);
    assertThat(caller.get(path + "/files/" + cars + "/content").body()).contains("wheels");
    assertThat(json(caller.delete(path + "/files/" + cars)).get("deleted").asBoolean()).isTrue();
    assertThat(json(caller.get(path)).at("/file_counts/total").asInt()).isEqualTo(1);
    assertThat(caller.get(path, BOB).status()).isEqualTo(404);
    assertThat(json(caller.delete(path)).get("object").asString())
        .isEqualTo("vector_store.deleted");
  }

  @Test
  void a_container_has_files_of_its_own() throws Exception {
    String file = upload("a.txt", "text", "user_data").get("id").asString();
    String asked = "{\"name\": \"a\", \"file_ids\": [\"" + file + "\"]}";
    String id = caller.json("/v1/containers", asked).get("id").asString();
    String path = "/v1/containers/" + id + "/files";
    String added = json(caller.upload(path, "file", "b.txt", "other")).get("id").asString();

    assertThat(id).matches("cntr_[0-9a-f]{48}");
    assertThat(added).matches("cfile_[0-9a-f]{32}");
    assertThat(ids(json(caller.get(path)))).hasSize(2).startsWith(added);
    assertThat(caller.get(path + "/" + added + "/content").body()).isEqualTo("other");
    assertThat(caller.delete(path + "/" + added).status()).isEqualTo(200);
    assertThat(caller.get(path + "/" + added).status()).isEqualTo(404);
    assertThat(caller.get("/v1/containers/" + id, BOB).status()).isEqualTo(404);
    assertThat(caller.post("/v1/containers", asked, BOB).status()).isEqualTo(404);
  }

  @Test
  void a_large_file_is_counted_but_kept_in_part() throws Exception {
    String content = "x".repeat(17 << 20);

    JsonNode file = upload("a.txt", content, "user_data");

    assertThat(file.get("bytes").asInt()).isBetween(content.length(), content.length() + 100);
    assertThat(stub.requests().get(0).body()).hasSize(1 << 20);
  }

  @Test
  void the_oldest_objects_leave_when_an_account_is_full() {
    BoundedObjects objects = new BoundedObjects(3, 10_000);
    IntStream.range(0, 5).forEach(i -> objects.add(new StoredObject("id" + i, "{}", new byte[0])));
    assertThat(objects.ids()).containsExactly("id2", "id3", "id4");

    objects.add(new StoredObject("large", "{}", new byte[9_996]));
    assertThat(objects.ids()).containsExactly("id4", "large");
  }

  @Test
  void forgotten_objects_are_gone() throws Exception {
    String id = upload("a.txt", "a", "user_data").get("id").asString();
    stub.forgetObjects();
    assertThat(caller.get("/v1/files/" + id).status()).isEqualTo(404);
  }
}
