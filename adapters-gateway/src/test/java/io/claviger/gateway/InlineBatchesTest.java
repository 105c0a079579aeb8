package io.claviger.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.objects.port.ObjectLedger.Recorded;
import io.claviger.domain.accounts.User;
import io.claviger.domain.names.Attribution;
import io.claviger.domain.names.CallerField;
import io.claviger.domain.names.NamingRules;
import io.claviger.domain.names.PromptCache;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.SharedObject;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.standards.WireFormat;
import io.claviger.stub.RecordedRequest;
import io.claviger.testkit.http.TestClient;
import io.claviger.testkit.http.TestResponse;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Borrowers of one key create batches whose requests are in the body. */
@Tag("slow")
class InlineBatchesTest {
  private static final String BOBS = "clv_bob";
  private static final String CAROLS = "clv_carol";
  private static final User.Id BOB = new User.Id(new UUID(1, 1));
  private static final String MESSAGES = "v1/messages/batches";
  private static final String CONTENTS = "v1beta/models/m:batchGenerateContent";
  private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*\"(msgbatch_[^\"]+)\"");
  private static final Pattern NAME = Pattern.compile("\"name\"\\s*:\\s*\"(batches/[^\"]+)\"");
  private static final Pattern URL = Pattern.compile("\"results_url\"\\s*:\\s*\"([^\"]+)\"");

  @AutoClose private final Rig rig = new Rig();
  private TestClient bob;
  private TestClient carol;

  private void lend(TestService service) {
    rig.authorizer.grant(BOBS, service.calledBy(BOB));
    rig.authorizer.grant(CAROLS, service.calledBy(new User.Id(new UUID(1, 2))));
    bob =
        rig.anonymous()
            .withToken(BOBS)
            .with("Content-Type", "application/json")
            .with("anthropic-version", "2023-06-01");
    carol =
        rig.anonymous()
            .withToken(CAROLS)
            .with("Content-Type", "application/json")
            .with("anthropic-version", "2023-06-01");
  }

  private TestService messages() {
    return rig.at(WireFormat.ANTHROPIC)
        .storing(ObjectKind.BATCHES, ObjectKind.FILES)
        .batching("v1/messages")
        .naming(
            new NamingRules(
                PromptCache.PER_CALLER, Attribution.ON, Set.of(CallerField.METADATA_USER_ID)));
  }

  private TestService contents() {
    return rig.at(WireFormat.GEMINI)
        .storing(ObjectKind.BATCHES, ObjectKind.FILES, ObjectKind.CACHES)
        .batching("v1beta/models/{model}:generateContent")
        .naming(
            new NamingRules(
                PromptCache.PER_CALLER, Attribution.ON, Set.of(CallerField.CONTENT_STORE)));
  }

  private static TestResponse post(TestClient who, String path, String json) {
    return who.send("POST", Rig.path(path), BodyPublishers.ofString(json));
  }

  private static TestResponse delete(TestClient who, String path) {
    return who.send("DELETE", Rig.path(path), BodyPublishers.noBody());
  }

  private static String request(String id, String members) {
    return ("{\"custom_id\":\"%s\",\"params\":{\"model\":\"m\",\"max_tokens\":5,\"messages\":"
            + "[{\"role\":\"user\",\"content\":\"x\"}]%s}}")
        .formatted(id, members);
  }

  private static String batch(String... requests) {
    return "{\"requests\":[" + String.join(",", requests) + "]}";
  }

  private static String content(String members) {
    return ("{\"request\":{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}]%s},"
            + "\"metadata\":{\"key\":\"a\"}}")
        .formatted(members);
  }

  private static String contents(String... requests) {
    return "{\"batch\":{\"display_name\":\"d\",\"input_config\":{\"requests\":{\"requests\":[%s]}}}}"
        .formatted(String.join(",", requests));
  }

  private static String found(Pattern pattern, TestResponse answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    Matcher found = pattern.matcher(answer.body());
    assertThat(found.find()).as(answer.body()).isTrue();
    return found.group(1);
  }

  /** Returns the last request that reached the provider. */
  private String received() {
    return new String(rig.stub.requests().getLast().body(), UTF_8);
  }

  /** Waits until what is at this path states something. */
  private void await(String path, String stated) {
    for (int i = 0; i < 200; i++) {
      if (bob.get(Rig.path(path)).body().contains(stated)) {
        return;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
    throw new AssertionError(stated + " is not stated");
  }

  private void assertRefused(TestResponse answer, int status, String code, String told) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.values("x-claviger-error")).containsExactly(code);
    assertThat(answer.body()).contains(told);
    assertThat(rig.stub.requests())
        .extracting(RecordedRequest::method)
        .as("nothing was sent")
        .doesNotContain("POST");
  }

  /** Citations repeat the document word for word. */
  @ParameterizedTest
  @EnumSource(SharedObject.Access.class)
  void a_shared_document_is_cited_only_if_its_content_may_be_read(SharedObject.Access access) {
    lend(messages());
    ObjectName file = new ObjectName(ObjectKind.FILES, "file_011CNha8iCJcU1wXNR6q4V8w");
    rig.held.share(file, new SharedObject(access, new UUID(0, 1), true));
    String document =
        ",\"system\":[{\"type\":\"document\",\"source\":{\"type\":\"file\",\"file_id\":\"%s\"},"
            + "\"citations\":{\"enabled\":%s}}]";
    for (boolean cites : new boolean[] {true, false}) {
      String members = document.formatted(file.id(), cites);
      String call = "{\"model\":\"m\",\"max_tokens\":5,\"messages\":[]" + members + "}";
      for (TestResponse answer :
          List.of(
              post(bob, "v1/messages", call),
              post(bob, "v1/messages/batches", batch(request("a", members))))) {
        assertThat(answer.values("x-claviger-error"))
            .isEqualTo(
                cites && access != SharedObject.Access.READ
                    ? List.of("object_not_found")
                    : List.of());
      }
    }
  }

  @Test
  void citations_of_a_request_show_no_documents_of_other_requests_of_the_batch() {
    lend(messages());
    ObjectName named = new ObjectName(ObjectKind.FILES, "file_011CNha8iCJcU1wXNR6q4V8w");
    ObjectName cited = new ObjectName(ObjectKind.FILES, "file_011CNha8iCJcU1wXNR6q4V8x");
    rig.held.share(named, new SharedObject(SharedObject.Access.REFER, new UUID(0, 1), true));
    rig.held.share(cited, new SharedObject(SharedObject.Access.READ, new UUID(0, 1), true));
    String document =
        ",\"system\":[{\"type\":\"document\",\"source\":{\"type\":\"file\",\"file_id\":\"%s\"},"
            + "\"citations\":{\"enabled\":%s}}]";
    String names = request("a", document.formatted(named.id(), false));

    TestResponse refused =
        post(bob, MESSAGES, batch(names, request("b", document.formatted(named.id(), true))));
    assertRefused(refused, 404, "object_not_found", "requests[1] (custom_id b)");
    TestResponse made =
        post(bob, MESSAGES, batch(names, request("b", document.formatted(cited.id(), true))));
    assertThat(made.status()).as(made.body()).isEqualTo(200);
  }

  @Test
  void a_batch_of_messages_is_its_makers_alone_from_its_requests_to_its_results() {
    lend(messages());
    String batch = found(ID, post(bob, MESSAGES, batch(request("a", ""), request("b", ""))));

    String path = MESSAGES + "/" + batch;
    for (String foreign : List.of(path, path + "/results")) {
      assertThat(carol.get(Rig.path(foreign)).status()).as(foreign).isEqualTo(404);
    }
    assertThat(post(carol, path + "/cancel", "").status()).isEqualTo(404);
    assertThat(delete(carol, path).status()).isEqualTo(404);
    assertThat(carol.get(Rig.path(MESSAGES)).body()).doesNotContain(batch);
    await(path, "\"processing_status\":\"ended\"");
    String own = rig.url(path + "/results");
    assertThat(found(URL, bob.get(Rig.path(path)))).isEqualTo(own);
    assertThat(found(URL, bob.get(Rig.path(MESSAGES + "?limit=3")))).isEqualTo(own);
    assertThat(bob.get(Rig.path(path + "/results")).body())
        .contains("\"custom_id\":\"a\"", "\"custom_id\":\"b\"", "succeeded");
    assertThat(delete(bob, path).status()).isEqualTo(200);
    assertThat(rig.held.names()).isEmpty();
  }

  @Test
  void results_are_read_at_the_gateway_with_a_key_of_ones_own_too() {
    lend(messages().from(KeySource.USER));
    String path = MESSAGES + "/" + found(ID, post(bob, MESSAGES, batch(request("a", ""))));

    await(path, "\"processing_status\":\"ended\"");
    assertThat(found(URL, bob.get(Rig.path(path)))).isEqualTo(rig.url(path + "/results"));
    assertThat(found(URL, bob.get(Rig.path(MESSAGES)))).isEqualTo(rig.url(path + "/results"));
  }

  @Test
  void batches_of_messages_are_listed_in_pages_of_ones_own() {
    lend(messages());
    String first = found(ID, post(bob, MESSAGES, batch(request("a", ""))));
    String foreign = found(ID, post(carol, MESSAGES, batch(request("a", ""))));
    String second = found(ID, post(bob, MESSAGES, batch(request("a", ""))));

    TestResponse page = bob.get(Rig.path(MESSAGES + "?limit=1"));
    assertThat(found(ID, page)).isEqualTo(second);
    assertThat(page.body()).contains("\"has_more\":true").doesNotContain(foreign);
    assertThat(found(ID, bob.get(Rig.path(MESSAGES + "?after_id=" + second)))).isEqualTo(first);
    assertThat(found(ID, bob.get(Rig.path(MESSAGES + "?before_id=" + first)))).isEqualTo(second);
    assertThat(bob.get(Rig.path(MESSAGES + "?after_id=" + foreign)).status()).isEqualTo(404);
  }

  @Test
  void a_list_leaves_out_what_is_too_large_for_it() {
    lend(contents());
    String small = found(NAME, post(bob, CONTENTS, contents(content(""))));
    String named = "\"display_name\":\"" + "d".repeat(1 << 20) + "\"";
    String large =
        found(
            NAME,
            post(bob, CONTENTS, contents(content("")).replace("\"display_name\":\"d\"", named)));

    TestResponse page = bob.get(Rig.path("v1beta/batches"));

    assertThat(found(NAME, page)).isEqualTo(small);
    assertThat(page.body()).doesNotContain(large);
    assertThat(found(NAME, bob.get(Rig.path("v1beta/" + large)))).isEqualTo(large);
  }

  @Test
  void each_request_says_who_calls_in_the_gateways_words() {
    lend(messages());
    String own =
        messages().calledBy(BOB).names().of(CallerField.METADATA_USER_ID, Optional.empty());
    String ofU =
        messages().calledBy(BOB).names().of(CallerField.METADATA_USER_ID, Optional.of("u"));
    TestResponse made =
        post(
            bob,
            MESSAGES,
            batch(
                request("a", ""),
                request("b", ",\"metadata\":{\"user_id\":\"u\"}"),
                request("c", ",\"metadata\":{}"),
                request("d", ",\"metadata\":null"),
                request("e", ",\"metadata\":{\"user_id\":null}"),
                request("f", ",\"metadata\":{\"x\":1}")));

    assertThat(made.status()).as(made.body()).isEqualTo(200);
    String identifier = "\"metadata\":{\"user_id\":\"%s\"";
    assertThat(received().split(Pattern.quote(identifier.formatted(own)), -1)).hasSize(6);
    assertThat(received()).contains(identifier.formatted(ofU) + "}", own + "\",\"x\":1}");
    assertThat(received()).doesNotContain("\"u\"");
  }

  @Tag("thorough")
  @Test
  void as_many_requests_as_the_provider_takes_are_read_and_written() {
    lend(messages());
    StringBuilder requests = new StringBuilder();
    for (int i = 0; i < 100_000; i++) {
      requests
          .append(i == 0 ? "" : ",")
          .append("{\"custom_id\":\"")
          .append(i)
          .append("\",\"params\":{\"model\":\"m\",\"max_tokens\":1,\"messages\":[]}}");
    }

    TestResponse made = post(bob, MESSAGES, batch(requests.toString()));
    assertThat(made.status()).as(made.body()).isEqualTo(200);
    assertThat(made.body()).contains("\"processing\":100000");
    assertThat(received().split("\"clv_", -1).length).isGreaterThan(5_000);
    TestResponse more = post(bob, MESSAGES, batch(requests + "," + request("one-more", "")));
    assertThat(more.status()).isEqualTo(400);
    assertThat(more.body()).contains("too many requests");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          []                                              ; the body has to be the JSON object
          {}                                              ; contains no request
          {"requests":[]}                                 ; contains no request
          {"requests":{}}                                 ; the body has to be the JSON object
          {"requests":"x"}                                ; the body has to be the JSON object
          {"requests":null}                               ; the body has to be the JSON object
          {"requests":[1]}                                ; the body has to be the JSON object
          {"requests":[[]]}                               ; the body has to be the JSON object
          {"requests":[R],"requests":[R]}                 ; the body has to be the JSON object
          {"Requests":[R]}                                ; the body has to be the JSON object
          {"requests":[R],"model":"m"}                    ; the body has to be the JSON object
          {"requests":[R,{}]}                             ; requests[1]: No batch can be made of this: the request has
          {"requests":[R,{"custom_id":"b"}]}              ; requests[1] (custom_id b):
          {"requests":[{"params":{"model":"m","max_tokens":1,"messages":[]}}]} ; requests[0]: No batch
          {"requests":[{"custom_id":"b","params":[]}]}    ; requests[0] (custom_id b): No batch can be made of this: the request has
          {"requests":[{"custom_id":"b","params":"x"}]}   ; the request has to have
          {"requests":[{"custom_id":1}]}                  ; the request has to have
          {"requests":[{"custom_id":["b"]}]}              ; the request has to have
          {"requests":[{"custom_id":"b","custom_id":"c"}]}; the request has to have
          {"requests":[{"custom_id":"b","Params":{}}]}    ; the request has to have
          {"requests":[{"custom_id":"b","body":{}}]}      ; the request has to have
          {"requests":[{"custom_id":"b c"}]}              ; custom_id has to be
          {"requests":[{"custom_id":""}]}                 ; custom_id has to be
          {"requests":[R,R]}                              ; requests[1] (custom_id a): No batch can be made of this: another request
          {"requests":[R,P"model":"m","max_tokens":1,"messages":[],"stream":true}}]} ; requests[1] (custom_id b): No batch can be made of this: a batch can't stream
          {"requests":[R,P"model":"m","model":"m","max_tokens":1,"messages":[]}}]}   ; has to name its model once
          {"requests":[R,P"max_tokens":1,"messages":[]}}]}                           ; has to name its model once
          {"requests":[P"model":"m","max_tokens":1,"max_tokens":2,"messages":[]}}]}  ; understand the body differently
          {"requests":[P"model":"m","metadata":{"user_id":"u","user_id":"v"}}}]}     ; understand the body differently
          {"requests":[P"model":"m","metadata":{"user_id":"u"},"metadata":{}}}]}     ; understand the body differently
          {"requests":[P"model":"m","metadata":{"User_Id":"u"}}}]}                   ; understand the body differently
          {"requests":[P"model":"m","metadata":[]}}]}                                ; understand the body differently
          {"requests":[P"model":"m","user":"u"}}]}                                   ; safety_identifier, user and user_id
          {"requests":[P"model":"m","metadata":{"user_id":"u"},"session_id":"s"}}]}  ; safety_identifier, user and user_id
          {"requests":[P"model":"m","tools":[{"type":"code_execution_20250825","name":"x"}]}}]} ; would create a container
          {"requests":[P"model":"m","container":{"skills":[]}}}]}                    ; would create a container
          {"requests":[R,P"model":"m","inference_geo":"us"}}]}                       ; requests[1] (custom_id b): No batch can be made of this: a request of a batch can't ask for a dearer
          {"requests":[P"model":"m","speed":"fast"}}]}                               ; can't ask for a dearer
          """)
  void what_is_not_understood_in_a_batch_is_refused(String body, String told) {
    lend(messages());

    String json =
        body.replace("R", request("a", "")).replace("P", "{\"custom_id\":\"b\",\"params\":{");

    assertRefused(post(bob, MESSAGES, json), 400, "batch_not_usable", told);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          ,"file_id":"file_0123456789abcdefABCDEF"                   ; 404 ; object_not_found
          ,"container":"container_0123456789abcdefABCDEF"            ; 404 ; object_not_found
          ,"container":{"id":"container_0123456789abcdefABCDEF"}     ; 400 ; batch_not_usable
          ,"anything":"msgbatch_0123456789abcdefABCDEF"              ; 404 ; object_not_found
          ,"file_id":["file_0123456789abcdefABCDEF"]                 ; 400 ; batch_not_usable
          ,"fileId":"file_0123456789abcdefABCDEF"                    ; 400 ; batch_not_usable
          """)
  void a_request_refers_to_nothing_of_others(String member, int status, String code) {
    lend(messages());

    String json = batch(request("a", ""), request("b", member));

    assertRefused(post(bob, MESSAGES, json), status, code, "requests[1] (custom_id b): ");
  }

  @Test
  void a_request_may_refer_to_a_file_of_the_callers_own_and_to_no_other() {
    lend(messages());
    String file = "file_0123456789abcdefABCDEF";
    String source =
        ",\"system\":[{\"type\":\"document\",\"source\":{\"type\":\"file\",\"file_id\":\"%s\"}}]";
    rig.held.hold(new ObjectName(ObjectKind.FILES, file), BOB);
    String json = batch(request("a", ""), request("b", source.formatted(file)));

    TestResponse foreign = post(carol, MESSAGES, json);
    TestResponse missing = post(carol, MESSAGES, json.replace(file, "file_0123456789abcdefABCDEG"));
    assertRefused(foreign, 404, "object_not_found", "requests[1] (custom_id b): ");
    assertThat(missing.body()).isEqualTo(foreign.body());
    post(bob, MESSAGES, json);
    assertThat(received()).contains(file);
  }

  @Test
  void models_and_operations_count_for_each_request() {
    lend(messages().allowing("m"));
    String other = request("b", "").replace("\"m\"", "\"other\"");
    assertRefused(
        post(bob, MESSAGES, batch(request("a", ""), other)),
        403,
        "model_not_allowed",
        "requests[1] (custom_id b): ");

    lend(messages().batching());
    assertRefused(
        post(bob, MESSAGES, batch(request("a", ""))),
        403,
        "operation_not_allowed",
        "requests[0] (custom_id a): ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"o", "m"})
  void a_request_names_no_further_model(String model) {
    lend(messages());
    String tool = ",\"tools\":[{\"type\":\"advisor_20260301\",\"name\":\"a\",\"model\":\"%s\"}]";
    String json = batch(request("a", ""), request("b", tool.formatted(model)));

    if (model.equals("m")) {
      found(ID, post(bob, MESSAGES, json));
    } else {
      assertRefused(
          post(bob, MESSAGES, json),
          400,
          "batch_not_usable",
          "(custom_id b): No batch can be made");
    }
  }

  @Test
  void a_request_that_is_too_large_is_named() {
    lend(messages());
    String large = request("b", "").replace("\"x\"", "\"" + "x".repeat(17 << 20) + "\"");

    assertRefused(
        post(bob, MESSAGES, batch(request("a", ""), large)),
        400,
        "batch_not_usable",
        "requests[1] (custom_id b): ");
  }

  @Test
  void a_batch_that_is_too_large_is_to_be_made_in_parts() {
    lend(messages());

    assertRefused(
        post(bob, MESSAGES, batch(request("a", "").replace("x", "x".repeat(33 << 20)))),
        413,
        "body_too_large",
        "Make several batches");
  }

  @Test
  void what_is_not_json_is_no_batch() {
    lend(messages());
    String whole = batch(request("a", ""), request("b", ""));

    assertRefused(
        post(bob, MESSAGES, whole.substring(0, whole.length() - 2)),
        400,
        "body_not_readable",
        "JSON");
    assertRefused(post(bob, MESSAGES, whole + "{}"), 400, "body_not_readable", "JSON");
    assertRefused(post(bob, MESSAGES, ""), 400, "batch_not_usable", "no request");
    assertRefused(
        bob.send(
            "POST", Rig.path(MESSAGES), BodyPublishers.ofString(whole), "Content-Encoding", "gzip"),
        415,
        "body_encoded",
        "encoding");
    assertRefused(
        bob.send(
            "POST",
            Rig.path(MESSAGES),
            BodyPublishers.ofString(whole),
            "Content-Type",
            "application/x-www-form-urlencoded"),
        400,
        "body_not_readable",
        "JSON");
  }

  @Test
  void a_batch_whose_row_cannot_be_stored_is_not_told() {
    lend(messages());
    rig.held.fail();

    TestResponse answer = post(bob, MESSAGES, batch(request("a", "")));

    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.values("x-claviger-error")).containsExactly("object_not_recorded");
    assertThat(answer.body()).doesNotContain("msgbatch_");
  }

  @Test
  void contents_of_a_batch_are_not_stored() {
    lend(contents());
    assertRefused(
        post(bob, CONTENTS, contents(content(""), content(",\"store\":true"))),
        403,
        "storage_not_lent",
        "requests[1]: ");

    String unused =
        found(
            NAME,
            post(
                bob,
                CONTENTS,
                contents(content(""), content(",\"store\":null"), content(",\"store\":false"))));

    assertThat(received().split("\"store\":false", -1)).hasSize(4);
    assertThat(received()).doesNotContain("null");
  }

  @Test
  void a_batch_of_contents_is_its_makers_alone() {
    lend(contents());
    String batch = found(NAME, post(bob, CONTENTS, contents(content(""), content(""))));

    String path = "v1beta/" + batch;
    assertThat(carol.get(Rig.path(path)).status()).isEqualTo(404);
    assertThat(post(carol, path + ":cancel", "").status()).isEqualTo(404);
    assertThat(delete(carol, path).status()).isEqualTo(404);
    assertThat(carol.get(Rig.path("v1beta/batches")).body()).isEqualTo("{}");
    await(path, "BATCH_STATE_SUCCEEDED");
    assertThat(bob.get(Rig.path(path)).body()).contains("inlinedResponses");
    TestResponse page = bob.get(Rig.path("v1beta/batches?pageSize=5"));
    assertThat(page.body()).startsWith("{\"operations\":[");
    assertThat(found(NAME, page)).isEqualTo(batch);
    assertThat(post(bob, path + ":cancel", "").status()).isEqualTo(200);
    assertThat(delete(bob, path).status()).isEqualTo(200);
    assertThat(rig.held.names()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_batch_is_deleted_once_it_is_charged(boolean ofMessages) {
    lend(ofMessages ? messages() : contents());
    String path =
        ofMessages
            ? MESSAGES + "/" + found(ID, post(bob, MESSAGES, batch(request("a", ""))))
            : "v1beta/" + found(NAME, post(bob, CONTENTS, contents(content(""))));
    rig.held.charge(false);

    int sent = rig.stub.requests().size();
    TestResponse refused = delete(bob, path);
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.values("x-claviger-error")).containsExactly("batch_not_charged");
    assertThat(rig.stub.requests()).hasSize(sent);
    assertThat(delete(carol, path).status()).isEqualTo(404);
    assertThat(bob.get(Rig.path(path)).status()).isEqualTo(200);
    assertThat(post(bob, path + (ofMessages ? "/cancel" : ":cancel"), "").status()).isEqualTo(200);
    rig.held.charge(true);
    await(path, ofMessages ? "\"processing_status\":\"ended\"" : "BATCH_STATE_");
    assertThat(delete(bob, path).status()).isEqualTo(200);
    assertThat(rig.held.names()).isEmpty();
  }

  @Test
  void both_spellings_of_google_are_taken() {
    lend(contents());
    String camel =
        contents(content(""))
            .replace("display_name", "displayName")
            .replace("input_config", "inputConfig");

    found(
        NAME,
        post(
            bob,
            CONTENTS,
            camel.replace(
                "{\"batch\":{", "{\"batch\":{\"model\":\"models/m\",\"priority\":\"3\",")));
  }

  @Test
  void google_works_on_a_batch_for_two_days() {
    lend(contents());

    found(NAME, post(bob, CONTENTS, contents(content(""))));

    assertThat(rig.authorizer.calls().getLast().batch().orElseThrow().longest())
        .isEqualTo(Duration.ofHours(48));
  }

  /** Google works on batches with a higher priority first, whoever made them. */
  @ParameterizedTest
  @ValueSource(
      strings = {"9223372036854775807", "\"9\"", "-3 ", "1e9", "null", "\"\\u0039\"", " 12"})
  void no_batch_comes_before_those_of_others(String priority) {
    lend(contents());
    String usual = contents(content("")).replace("{\"batch\":{", "{\"batch\":{\"priority\":0,");

    found(NAME, post(bob, CONTENTS, usual));
    found(NAME, post(bob, CONTENTS, usual.replace("\"priority\":0", "\"priority\":" + priority)));

    String first = rig.stub.requests().getFirst().text();
    assertThat(rig.stub.requests().getLast().text().replace(" ", ""))
        .isEqualTo(first.replace(" ", ""));
    assertThat(first).contains("\"priority\":0,");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          {"batch":[]}                                                  ; 400 ; batch_not_usable ; the body has to be
          {"batch":{"inputConfig":{"fileName":"files/abc123"}}}         ; 400 ; batch_not_usable ; the body has to be
          {"batch":{"input_config":{"requests":{"requests":[R]}},"inputConfig":{"requests":{"requests":[R]}}}} ; 400 ; batch_not_usable ; the body has to be
          {"batch":{"name":"batches/abc","input_config":{"requests":{"requests":[R]}}}} ; 400 ; batch_not_usable ; the body has to be
          {"batch":{"model":"models/o","input_config":{"requests":{"requests":[R]}}}} ; 400 ; batch_not_usable ; the model in the path
          {"batch":{"input_config":{"requests":{"requests":[R,{"request":{"model":"models/o","contents":[]}}]}}}} ; 400 ; batch_not_usable ; requests[1]: No batch can be made of this: the model has to be
          {"batch":{"input_config":{"requests":{"requests":[R,{"request":{"contents":[],"judge_model":"o"}}]}}}} ; 400 ; batch_not_usable ; requests[1]: No batch can be made of this: a request of a batch can't name further models
          {"batch":{"input_config":{"requests":{"requests":[R,{"request":{"contents":[],"serviceTier":"priority"}}]}}}} ; 400 ; batch_not_usable ; can't ask for a dearer
          {"batch":{"input_config":{"requests":{"requests":[R,{"request":[]}]}}}} ; 400 ; batch_not_usable ; requests[1]
          {"batch":{"input_config":{"requests":{"requests":[R,{"metadata":{}}]}}}} ; 400 ; batch_not_usable ; requests[1]
          {"batch":{"input_config":{"requests":{"requests":[R,{"request":{"cachedContent":"cachedContents/abc"}}]}}}} ; 404 ; object_not_found ; requests[1]:
          {"batch":{"input_config":{"requests":{"requests":[R,{"request":{"contents":[{"parts":[{"fileData":{"fileUri":"https://x/v1beta/files/abc"}}]}]}}]}}}} ; 404 ; object_not_found ; requests[1]:
          {"batch":{"input_config":{"requests":{"requests":[R,{"request":{"contents":[{"parts":[{"fileData":{"fileUri":"FILES/abc"}}]}]}}]}}}} ; 404 ; object_not_found ; requests[1]:
          {"batch":{"input_config":{"requests":{"requests":[R,{"request":{"contents":[{"parts":[{"fileData":{"fileUri":"gs://x/y"}}]}]}}]}}}} ; 404 ; object_not_found ; requests[1]:
          {"batch":{"input_config":{"requests":{"requests":[R,{"request":{"name":"x","contents":[]}}]}}}} ; 400 ; batch_not_usable ; requests[1]:
          """)
  void what_is_not_understood_in_a_batch_of_contents_is_refused(
      String body, int status, String code, String told) {
    lend(contents());

    assertRefused(post(bob, CONTENTS, body.replace("R", content(""))), status, code, told);
  }

  @Test
  void the_model_of_the_path_has_to_be_allowed() {
    lend(contents().allowing("other"));

    assertRefused(
        post(bob, CONTENTS, contents(content(""))), 403, "model_not_allowed", "requests[0]: ");
  }

  @ParameterizedTest
  @CsvSource({"true, /cancel", "false, :cancel"})
  void a_batch_that_cannot_be_recorded_is_stopped_and_left_to_be_deleted(
      boolean ofMessages, String cancel) {
    lend(ofMessages ? messages() : contents());
    rig.held.answer(Recorded.GONE);

    TestResponse answer =
        ofMessages
            ? post(bob, MESSAGES, batch(request("a", "")))
            : post(bob, CONTENTS, contents(content("")));

    assertThat(answer.status()).isEqualTo(502);
    assertThat(rig.stub.requests().getLast().uri()).contains("/batches/").endsWith(cancel);
    assertThat(rig.held.orphans)
        .singleElement()
        .matches(each -> each.name().kind() == ObjectKind.BATCHES);
  }
}
