package io.claviger.stub;

import static io.claviger.stub.Caller.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.testkit.http.TestResponse;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectLiesTest {
  @AutoClose private final StubProvider stub = StubProvider.start();
  @AutoClose private final Caller caller = new Caller(stub);

  private TestResponse upload(String name) {
    return caller.upload("/v1/files", "file", name, "text", "purpose", "user_data");
  }

  private String made() {
    return json(upload("a.txt")).get("id").asString();
  }

  @Test
  void a_read_states_the_id_of_another_object() {
    String first = made();
    String second = made();

    assertThat(json(caller.get("/v1/files/" + second + "?stub=stub-other-id")).get("id").asString())
        .isEqualTo(first);
  }

  @Test
  void an_answer_has_two_ids() {
    String first = made();
    String body = upload("stub-two-ids.txt").body();

    assertThat(body.split("\"id\"", -1)).hasSize(3);
    assertThat(body).contains(first).contains(stub.objectIds("").get(1));
  }

  @Test
  void an_answer_has_no_id_or_a_long_one() {
    assertThat(json(upload("stub-no-id")).has("id")).isFalse();
    assertThat(json(upload("stub-long-id-5000")).get("id").asString()).hasSize(5_006);
  }

  @ParameterizedTest
  @ValueSource(strings = {"stub-end-before-id", "stub-end-after-id"})
  void an_answer_ends_at_the_id(String behaviour) {
    assertThatThrownBy(() -> upload(behaviour)).isInstanceOf(RuntimeException.class);
    String stream = "{\"input\": \"a\", \"stream\": true, \"model\": \"" + behaviour + "\"}";
    assertThatThrownBy(() -> caller.post("/v1/responses", stream))
        .isInstanceOf(RuntimeException.class);
    assertThat(stub.objectIds("")).hasSize(3);
  }

  @Test
  void a_list_has_foreign_entries_or_very_many() {
    made();
    assertThat(json(caller.get("/v1/files?stub=stub-foreign-list")).at("/data/1").isInt()).isTrue();
    assertThat(json(caller.get("/v1/files?stub=stub-list-100000")).get("data")).hasSize(100_000);
  }

  @Test
  void an_upload_leads_elsewhere() {
    TestResponse begun =
        caller.post(
            "/upload/v1beta/files",
            "{\"file\": {\"displayName\": \"stub-foreign-url\"}}",
            "x-goog-upload-protocol",
            "resumable",
            "x-goog-upload-command",
            "start");

    assertThat(begun.headers().firstValue("x-goog-upload-url").orElseThrow())
        .startsWith("https://elsewhere.example/upload");
  }

  @Test
  void a_field_of_the_metadata_asks_for_a_behaviour() {
    String body = "{\"metadata\": {\"stub\": \"stub-status-503\"}}";
    assertThat(caller.post("/v1/conversations", body).status()).isEqualTo(503);
  }
}
