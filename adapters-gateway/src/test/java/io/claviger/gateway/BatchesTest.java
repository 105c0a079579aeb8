package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.accounts.User;
import io.claviger.domain.batches.BatchVerdict;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.SharedObject;
import io.claviger.domain.standards.WireFormat;
import io.claviger.stub.RecordedRequest;
import io.claviger.testkit.http.TestClient;
import io.claviger.testkit.http.TestResponse;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Borrowers of one key who make batches. */
class BatchesTest {
  private static final String BOBS = "clv_bob";
  private static final String CAROLS = "clv_carol";
  private static final String CHATS = "/v1/chat/completions";
  private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*\"([^\"]+)\"");

  private static final Pattern OUTPUT = Pattern.compile("\"output_file_id\"\\s*:\\s*\"([^\"]+)\"");

  @AutoClose private final Rig rig = new Rig();
  private TestClient bob;
  private TestClient carol;

  @BeforeEach
  void lend() {
    lend(lent());
  }

  private void lend(TestService service) {
    rig.authorizer.grant(BOBS, service.calledBy(new User.Id(new UUID(1, 1))));
    rig.authorizer.grant(CAROLS, service.calledBy(new User.Id(new UUID(1, 2))));
    bob = rig.anonymous().withToken(BOBS);
    carol = rig.anonymous().withToken(CAROLS);
  }

  private TestService lent() {
    return rig.at(WireFormat.OPENAI)
        .storing(ObjectKind.FILES, ObjectKind.BATCHES)
        .batching("chat/completions", "responses", "embeddings", "completions");
  }

  private static String line(String url, String body) {
    return "{\"custom_id\":\"a\",\"method\":\"POST\",\"url\":\"%s\",\"body\":%s}\n"
        .formatted(url, body);
  }

  private static String chat(String members) {
    return line(
        CHATS,
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]" + members + "}");
  }

  private static String field(String name, String value) {
    return "--x\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
        .formatted(name, value);
  }

  private static String file(String name, String content) {
    return ("--x\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"b.jsonl\"\r\n"
            + "Content-Type: application/jsonl\r\n\r\n%s\r\n")
        .formatted(name, content);
  }

  private static TestResponse send(TestClient who, String parts) {
    return who.form(Rig.path("files"), parts + "--x--\r\n");
  }

  private static String upload(TestClient who, String content) {
    return id(send(who, field("purpose", "batch") + file("file", content)));
  }

  private static TestResponse post(TestClient who, String path, String json) {
    return who.json("POST", Rig.path(path), json);
  }

  private static TestResponse batch(TestClient who, String file, String endpoint) {
    return post(
        who,
        "batches",
        "{\"input_file_id\":\"%s\",\"endpoint\":\"%s\",\"completion_window\":\"24h\"}"
            .formatted(file, endpoint));
  }

  private static String id(TestResponse answer) {
    return answer.found(ID);
  }

  private void assertRefused(TestResponse answer, int status, String code, String told) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.values("x-claviger-error")).containsExactly(code);
    assertThat(answer.body()).contains(told);
    assertThat(rig.stub.requests())
        .extracting(RecordedRequest::uri)
        .noneMatch(uri -> uri.endsWith("/batches"));
  }

  @Test
  void a_batch_is_its_makers_alone_from_its_lines_to_its_results() {
    String input = upload(bob, chat("") + chat(",\"max_tokens\":5").replace("\"a\"", "\"b\""));
    String batch = id(batch(bob, input, CHATS));

    assertThat(batch(carol, input, CHATS).status()).isEqualTo(404);
    assertThat(carol.get(Rig.path("batches/" + batch)).status()).isEqualTo(404);
    assertThat(post(carol, "batches/" + batch + "/cancel", "").status()).isEqualTo(404);
    assertThat(carol.get(Rig.path("batches")).body()).doesNotContain(batch);
    assertThat(bob.get(Rig.path("batches")).body()).contains(batch);
    String results = results(batch);
    assertThat(bob.get(Rig.path("files/" + results + "/content")).body()).contains("custom_id");
    assertThat(carol.get(Rig.path("files/" + results + "/content")).status()).isEqualTo(404);
  }

  /** The answers to each prompt in the file repeat it. */
  @ParameterizedTest
  @CsvSource({"REFER, 404", "READ, 200"})
  void a_shared_file_becomes_a_batch_only_if_its_content_may_be_read(
      SharedObject.Access access, int expected) {
    String input = upload(carol, chat(""));
    rig.held.share(
        new ObjectName(ObjectKind.FILES, input), new SharedObject(access, new UUID(1, 2), true));

    assertThat(batch(bob, input, CHATS).status()).isEqualTo(expected);
    assertThat(batch(carol, input, CHATS).status()).isEqualTo(200);
  }

  /** Waits until the batch is done, and returns the file with its results. */
  private String results(String batch) {
    for (int i = 0; i < 100; i++) {
      Matcher output = OUTPUT.matcher(bob.get(Rig.path("batches/" + batch)).body());
      if (output.find()) {
        return output.group(1);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
    throw new AssertionError("the batch has no results");
  }

  @Test
  void the_file_with_the_results_is_deleted_once_the_batch_is_charged() {
    String input = upload(bob, chat(""));
    String output = results(batch(bob, input, CHATS).isStatus(200).text("/id"));
    rig.held.charge(false);
    int sent = rig.stub.requests().size();

    TestResponse refused = delete("files/" + output);
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.values("x-claviger-error")).containsExactly("batch_not_charged");
    assertThat(rig.stub.requests()).hasSize(sent);
    assertThat(delete("files/" + input).status()).isEqualTo(200);
    rig.held.charge(true);
    assertThat(delete("files/" + output).status()).isEqualTo(200);
  }

  private TestResponse delete(String path) {
    return bob.send("DELETE", Rig.path(path), BodyPublishers.noBody());
  }

  @Test
  void the_results_of_batches_are_listed_by_their_purpose() {
    String input = upload(bob, chat(""));
    TestResponse made = batch(bob, input, CHATS).isStatus(200);
    String output = results(made.text("/id"));

    assertThat(bob.get(Rig.path("files?purpose=batch_output")).body())
        .contains(output)
        .doesNotContain(input);
  }

  @Test
  void the_bytes_of_results_count_from_the_first_time_that_the_file_is_read() {
    String output = results(batch(bob, upload(bob, chat("")), CHATS).isStatus(200).text("/id"));
    ObjectName file = new ObjectName(ObjectKind.FILES, output);
    assertThat(rig.held.row(file).bytes()).isZero();

    bob.get(Rig.path("files/" + output)).isStatus(200);

    assertThat(rig.held.row(file).bytes()).isPositive();
  }

  @Test
  void the_purpose_may_stand_behind_the_file() {
    String input = id(send(bob, file("file", chat("")) + field("purpose", "batch")));

    id(batch(bob, input, CHATS));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          no JSON                                          ; Line 3: the line is not a JSON object
          {"custom_id":"a","method":"POST","url":"/v1/files","body":{}} ; Line 3: the url
          {"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"m","stream":true}} ; Line 3: a batch can't stream
          {"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"m","user":"x"}} ; Line 3: others use the same key
          {"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"m","file_id":"x"}} ; Line 3: the body refers to something
          """)
  void a_file_with_a_line_that_is_no_request_may_be_kept_but_makes_no_batch(
      String planted, String told) {
    String input = upload(bob, chat("") + chat("") + planted + "\n" + chat(""));

    assertRefused(batch(bob, input, CHATS), 400, "batch_not_usable", told);
  }

  @Tag("thorough")
  @Test
  void a_file_with_a_line_too_many_makes_no_batch() {
    String input = upload(bob, chat("").repeat(BatchVerdict.MOST_REQUESTS + 1));

    assertRefused(batch(bob, input, CHATS), 400, "batch_not_usable", "Line 50001: ");
  }

  @Tag("thorough")
  @Test
  void a_file_with_a_line_that_is_too_long_makes_no_batch() {
    lend(lent().timeout(60_000));
    String input =
        upload(bob, chat("") + chat("").replace("\"x\"", "\"" + "x".repeat(17 << 20) + "\""));

    assertRefused(batch(bob, input, CHATS), 400, "batch_not_usable", "Line 2: ");
  }

  @Test
  void models_count_at_the_time_of_the_batch() {
    String input = upload(bob, chat("") + chat("").replace("\"m\"", "\"other\""));
    lend(lent().allowing("m"));

    assertRefused(batch(bob, input, CHATS), 403, "model_not_allowed", "Line 2: ");
    lend(lent().allowing("m", "o*"));
    id(batch(bob, input, CHATS));
  }

  @Test
  void operations_count_at_the_time_of_the_batch() {
    String input = upload(bob, chat(""));
    lend(lent().batching("embeddings"));

    assertRefused(batch(bob, input, CHATS), 403, "operation_not_allowed", "Line 1: ");
  }

  @Test
  void a_response_that_would_be_stored_needs_responses_to_be_lent() {
    String kept = "{\"model\":\"m\",\"input\":\"x\",\"store\":false}";
    String stored =
        upload(bob, line("/v1/responses", kept) + line("/v1/responses", "{\"model\":\"m\"}"));
    String clean = upload(bob, line("/v1/responses", kept));

    assertRefused(batch(bob, stored, "/v1/responses"), 403, "storage_not_lent", "Line 2: ");
    id(batch(bob, clean, "/v1/responses"));
  }

  @ParameterizedTest
  @CsvSource({"/v1/responses", "/v1/files", "chat/completions", "''"})
  void the_endpoint_has_to_be_that_of_the_lines(String endpoint) {
    String input = upload(bob, chat(""));

    assertRefused(batch(bob, input, endpoint), 400, "batch_not_usable", "endpoint");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          {"input_file_id":"%s"}
          {"input_file_id":"%s","endpoint":"/v1/chat/completions","endpoint":"/v1/chat/completions"}
          {"input_file_id":"%s","endpoint":"/v1/chat/completions","Endpoint":"/v1/responses"}
          {"input_file_id":"%s","x":{"endpoint":"/v1/chat/completions"}}
          {"input_file_id":"%s","endpoint":["/v1/chat/completions"]}
          {"endpoint":"/v1/chat/completions","file_id":"%s","x":"%s"}
          {"endpoint":"/v1/chat/completions"}
          """)
  void a_batch_names_its_file_and_endpoint_once(String body) {
    String input = upload(bob, chat(""));

    TestResponse answer = post(bob, "batches", body.replace("%s", input));

    assertThat(answer.status()).as(answer.body()).isIn(400, 404);
    assertThat(rig.stub.requests()).hasSize(1);
  }

  /**
   * Azure reads {@code input_blob} and writes to {@code output_folder} with the resource's rights.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        ",\"input_blob\":\"https://a.blob.core.windows.net/c/in.jsonl\"",
        ",\"output_folder\":{\"url\":\"https://a.blob.core.windows.net/c\"}",
        ",\"inputBlob\":\"x\"",
        ",\"Metadata\":{}"
      })
  void a_batch_states_nothing_that_is_not_known(String more) {
    String input = upload(bob, chat(""));
    String known =
        "{\"input_file_id\":\"%s\",\"endpoint\":\"%s\",\"completion_window\":\"24h\""
                .formatted(input, CHATS)
            + ",\"metadata\":{\"input_blob\":\"x\"}"
            + ",\"output_expires_after\":{\"anchor\":\"created_at\",\"seconds\":3600}";

    assertRefused(post(bob, "batches", known + more + "}"), 400, "batch_not_usable", "documents");
    id(post(bob, "batches", known + "}"));
  }

  /** Groq works on a batch for up to seven days, others for up to fourteen. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"24h\" | 24",
        "\"1h\" | 24",
        "\"7d\" | 168",
        "\"168h\" | 168",
        "\"336h\" | 336",
        "\"9999d\" | 336",
        "\"99999999999999999999h\" | 336",
        "\"a week\" | 336",
        "null | 24"
      })
  void a_batch_that_may_last_long_is_not_over_after_a_day(String window, int hours) {
    post(
        bob,
        "batches",
        "{\"input_file_id\":\"%s\",\"endpoint\":\"%s\",\"completion_window\":%s}"
            .formatted(upload(bob, chat("")), CHATS, window));

    assertThat(rig.authorizer.calls().getLast().batch().orElseThrow().longest())
        .isEqualTo(Duration.ofHours(hours));
  }

  @Test
  void a_batch_states_once_how_long_it_may_last() {
    String twice =
        "{\"input_file_id\":\"%s\",\"endpoint\":\"%s\",\"completion_window\":\"24h\",\"completion_window\":\"7d\"}"
            .formatted(upload(bob, chat("")), CHATS);

    assertThat(post(bob, "batches", twice).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({"user_data,file", "batch,other", "assistants,file"})
  void a_file_for_something_else_makes_no_batch(String purpose, String name) {
    TestResponse kept = send(bob, field("purpose", purpose) + file(name, chat("")));
    Matcher found = ID.matcher(kept.body());
    if (kept.status() == 200 && found.find()) {
      assertRefused(batch(bob, found.group(1), CHATS), 400, "batch_not_usable", "POST files");
    }
  }

  @Test
  void a_form_with_two_files_or_purposes_makes_no_batch() {
    for (String parts :
        new String[] {
          field("purpose", "batch") + file("file", chat("")) + file("file", chat("")),
          field("purpose", "batch") + field("purpose", "batch") + file("file", chat("")),
          field("purpose", "user_data") + field("purpose", "batch") + file("file", chat("")),
          field("purpose", "batch") + file("file[0]", "x") + file("file", chat("")),
        }) {
      TestResponse kept = send(bob, parts);
      Matcher found = ID.matcher(kept.body());
      if (kept.status() == 200 && found.find()) {
        assertRefused(batch(bob, found.group(1), CHATS), 400, "batch_not_usable", "POST files");
      }
    }
  }

  @Test
  void an_upload_that_stops_leaves_nothing_behind() {
    String begun = field("purpose", "batch") + file("file", chat(""));
    try (RawCaller raw = new RawCaller(rig)) {
      raw.send(
          RawCaller.head("POST", "files", BOBS)
              + "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 100000\r\n\r\n"
              + begun);
    }

    assertThat(rig.held.names()).isEmpty();
  }

  @Test
  void a_verdict_that_cannot_be_kept_makes_no_batch() {
    rig.held.loseVerdicts();
    String input = upload(bob, chat(""));

    assertThat(rig.held.names()).containsExactly(new ObjectName(ObjectKind.FILES, input));
    assertRefused(batch(bob, input, CHATS), 400, "batch_not_usable", "POST files");
  }

  @Test
  void a_form_is_no_batch() {
    String input = upload(bob, chat(""));

    TestResponse answer =
        bob.send(
            "POST",
            Rig.path("batches"),
            BodyPublishers.ofString("input_file_id=" + input + "&endpoint=" + CHATS),
            "Content-Type",
            "application/x-www-form-urlencoded");

    assertThat(answer.status()).as(answer.body()).isIn(400, 404);
    assertThat(rig.held.verdict(new Instance.Id(new UUID(0, 2)), input))
        .isPresent()
        .map(BatchVerdict::fault)
        .contains(Optional.empty());
  }
}
