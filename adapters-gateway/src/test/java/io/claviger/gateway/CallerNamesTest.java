package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.accounts.User;
import io.claviger.domain.names.Attribution;
import io.claviger.domain.names.CallerField;
import io.claviger.domain.names.NamingRules;
import io.claviger.domain.names.PromptCache;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.standards.KeyMethod;
import io.claviger.domain.standards.WireFormat;
import io.claviger.testkit.http.TestResponse;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tests what a provider learns about the caller if other callers use the same key. */
class CallerNamesTest {
  private static final NamingRules OF_OPENAI =
      new NamingRules(PromptCache.PER_CALLER, Attribution.ON, Set.of(CallerField.values()));
  private static final User.Id EVE = new User.Id(new UUID(0, 9));
  private static final String FORM =
      """
      --x\r
      Content-Disposition: form-data; name="user"\r
      \r
      bob@example.com\r
      --x\r
      Content-Disposition: form-data; name="model"\r
      \r
      m\r
      --x\r
      Content-Disposition: form-data; name="image"; filename="a.png"\r
      \r
      image\r
      --x--\r
      """;

  @AutoClose private final Rig rig = new Rig();

  private TestService lend(WireFormat format) {
    TestService service = rig.at(format).naming(OF_OPENAI);
    rig.lend(service);
    return service;
  }

  private JsonNode sent() {
    return JsonMapper.shared().readTree(rig.stub.requests().getLast().text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/gateway/services/alice/my-openai/", "/gateway/openai/v1/"})
  void a_request_tells_the_provider_a_name_and_that_nothing_is_stored(String base) {
    TestService service = lend(WireFormat.OPENAI);
    rig.routing.lead("m", "alice/my-openai", "parrot-small");
    String body =
        "{\"model\":\"m\",\"messages\":[],\"user\":\"bob@example.com\",\"prompt_cache_key\":\"k\"}";

    TestResponse answer =
        rig.client().send("POST", base + "chat/completions", BodyPublishers.ofString(body));

    assertThat(answer.values("x-claviger-store")).containsExactly("none");
    assertThat(rig.stub.requests().getLast().text()).doesNotContain("bob@", "\"k\"");
    assertThat(sent().at("/store").isBoolean()).isTrue();
    assertThat(sent().at("/store").booleanValue()).isFalse();
    assertThat(sent().at("/user").asString())
        .isEqualTo(service.names().of(CallerField.USER, Optional.of("bob@example.com")));
    assertThat(sent().at("/prompt_cache_key").asString())
        .isEqualTo(service.names().of(CallerField.PROMPT_CACHE_KEY, Optional.of("k")));
    assertThat(sent().at("/safety_identifier").asString())
        .isEqualTo(service.names().of(CallerField.SAFETY_IDENTIFIER, Optional.empty()));
  }

  @Test
  void two_callers_with_the_same_values_have_different_names() {
    String body = "{\"model\":\"m\",\"input\":\"x\",\"prompt_cache_key\":\"k\",\"user\":\"u\"}";
    rig.lend(rig.at(WireFormat.OPENAI).naming(OF_OPENAI));
    TestResponse unused = rig.post("responses", body, "Idempotency-Key", "same");
    JsonNode bobs = sent();
    String bobsKey = rig.stub.requests().getLast().header("idempotency-key");
    rig.lend(rig.at(WireFormat.OPENAI).naming(OF_OPENAI).calledBy(EVE));
    TestResponse unusedToo = rig.post("responses", body, "Idempotency-Key", "same");

    for (String field : new String[] {"prompt_cache_key", "user", "safety_identifier"}) {
      assertThat(sent().get(field)).isNotEqualTo(bobs.get(field));
    }
    assertThat(bobsKey).matches("[A-Za-z0-9_-]{43}");
    assertThat(rig.stub.requests().getLast().header("idempotency-key"))
        .matches("[A-Za-z0-9_-]{43}")
        .isNotEqualTo(bobsKey);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "session_id",
        "Session-Id",
        "conversation_id",
        "thread-id",
        "x-session-affinity",
        "x-opencode-session-id",
        "x-claude-code-session-id",
        "x-codex-parent-thread-id",
        "x-grok-conv-id",
        "x-prompt-cache-key"
      })
  void two_callers_do_not_share_a_session_of_the_same_name(String header) {
    TestService bobs =
        rig.at(WireFormat.OPENAI).naming(OF_OPENAI).passing("x-grok-conv-id", "x-prompt-*");
    rig.lend(bobs);
    TestResponse unused = rig.post("responses", "{\"model\":\"m\"}", header, "same");
    String sent = rig.stub.requests().getLast().header(header);
    rig.lend(bobs.calledBy(EVE));
    TestResponse unusedToo = rig.post("responses", "{\"model\":\"m\"}", header, "same");

    assertThat(sent).matches("[A-Za-z0-9_-]{43}");
    assertThat(rig.stub.requests().getLast().header(header))
        .matches("[A-Za-z0-9_-]{43}")
        .isNotEqualTo(sent);

    NamingRules shared = new NamingRules(PromptCache.SHARED, Attribution.ON, Set.of());
    for (TestService other : List.of(bobs.naming(shared), bobs.from(KeySource.USER))) {
      rig.lend(other);
      TestResponse unusedAgain = rig.post("responses", "{\"model\":\"m\"}", header, "same");
      assertThat(rig.stub.requests().getLast().header(header)).isEqualTo("same");
    }
  }

  /** Servers can repeat an answer to every later call with the same idempotency key. */
  @ParameterizedTest
  @ValueSource(strings = {"Idempotency-Key", "X-Idempotency-Key", "x_idempotent_id"})
  void two_callers_do_not_get_the_same_answer_by_the_same_name(String header) {
    NamingRules shared = new NamingRules(PromptCache.SHARED, Attribution.OFF, Set.of());
    TestService bobs = rig.at(WireFormat.OPENAI).naming(shared).passing("x-idem*", "x_idem*");
    rig.lend(bobs);
    TestResponse unused = rig.post("responses", "{\"model\":\"m\"}", header, "same");
    String sent = rig.stub.requests().getLast().header(header);
    rig.lend(bobs.calledBy(EVE));
    TestResponse unusedToo = rig.post("responses", "{\"model\":\"m\"}", header, "same");

    assertThat(sent).matches("[A-Za-z0-9_-]{43}");
    assertThat(rig.stub.requests().getLast().header(header))
        .matches("[A-Za-z0-9_-]{43}")
        .isNotEqualTo(sent);
  }

  @ParameterizedTest
  @ValueSource(strings = {"user-agent", "x-client-request-id", "x-stainless-lang", "openai-beta"})
  void what_names_no_session_passes_as_it_is(String header) {
    TestService unused = lend(WireFormat.OPENAI);
    TestResponse unusedToo = rig.post("responses", "{\"model\":\"m\"}", header, "same");

    assertThat(rig.stub.requests().getLast().header(header)).isEqualTo("same");
  }

  @Test
  void with_their_own_key_callers_write_what_they_like() {
    rig.lend(rig.at(WireFormat.OPENAI).naming(OF_OPENAI).from(KeySource.USER));
    String body = "{\"model\":\"m\",\"input\":\"x\",\"store\":true,\"user\":7}";

    TestResponse answer = rig.post("responses", body, "Idempotency-Key", "mine");

    assertThat(rig.stub.requests().getLast().text()).isEqualTo(body);
    assertThat(rig.stub.requests().getLast().header("idempotency-key")).isEqualTo("mine");
    assertThat(answer.values("x-claviger-store")).isEmpty();
  }

  @Test
  void a_message_of_anthropic_has_the_identifier_in_its_metadata() {
    TestService service = lend(WireFormat.ANTHROPIC);

    TestResponse answer =
        rig.post(
            "v1/messages",
            "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],"
                + "\"metadata\":{\"user_id\":\"bob@example.com\"}}");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(sent().at("/metadata/user_id").asString())
        .isEqualTo(
            service.names().of(CallerField.METADATA_USER_ID, Optional.of("bob@example.com")));
  }

  @Test
  void the_user_in_a_form_is_replaced_where_the_form_is_held() {
    TestService service = lend(WireFormat.OPENAI);
    rig.routing.lead("m", "alice/my-openai", "m");

    TestResponse unused =
        rig.anonymous()
            .withToken(Rig.TOKEN)
            .with("Content-Type", "multipart/form-data; boundary=x")
            .send("POST", "/gateway/openai/v1/images/edits", BodyPublishers.ofString(FORM));

    assertThat(rig.stub.requests().getLast().text())
        .isEqualTo(
            FORM.replace(
                "bob@example.com",
                service.names().of(CallerField.USER, Optional.of("bob@example.com"))));
  }

  private TestResponse form(String path, String type, String body) {
    return rig.anonymous()
        .withToken(Rig.TOKEN)
        .with("Content-Type", type)
        .send("POST", path, BodyPublishers.ofString(body));
  }

  private void assertNotReadable(TestResponse answer, String... words) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    assertThat(answer.values("x-claviger-error")).containsExactly("body_not_readable");
    assertThat(answer.body()).contains(words);
    assertThat(rig.stub.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"responses", "chat/completions", "embeddings", "moderations", "vector_stores"})
  void an_operation_that_takes_json_gets_no_form(String operation) {
    rig.lend(rig.at(WireFormat.OPENAI).naming(OF_OPENAI).storing(ObjectKind.VECTOR_STORES));
    rig.routing.lead("m", "alice/my-openai", "m");
    String multipart = "multipart/form-data; boundary=x";

    String json = "{\"model\":\"m\",\"input\":\"x\",\"store\":true}";
    for (String body : new String[] {json, "model=m&input=x", "store[]=true"}) {
      assertNotReadable(
          form(Rig.path(operation), "application/x-www-form-urlencoded", body), "takes JSON");
    }
    assertNotReadable(form(Rig.path(operation), multipart, FORM), "takes JSON");
    assertNotReadable(form(Rig.path(operation), "Multipart/mixed", FORM), "takes JSON");
    if (!operation.equals("vector_stores")) {
      assertNotReadable(form("/gateway/openai/v1/" + operation, multipart, FORM), "takes JSON");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "input=x&us%65r=bob",
        "input=x;User[]=bob",
        "user",
        "prompt_cache_key[a]=b",
        "{\"input\":\"x\",\"user\":\"bob\"}",
        " \t[\"user\"]",
        "\ufeff{\"user\":\"bob\"}",
        "input=x&us%zzer=bob",
        "%"
      })
  void a_form_of_which_the_gateway_can_not_say_that_it_names_nobody_is_refused(String body) {
    rig.lend(rig.at(WireFormat.OPENAI).naming(OF_OPENAI).placed(KeyMethod.BODY_FORM, "api_key"));

    assertNotReadable(
        form(Rig.path("embeddings"), "application/x-www-form-urlencoded", body),
        "Others use the same key");
  }

  @Test
  void a_form_can_not_say_that_nothing_is_stored() {
    rig.lend(rig.at(WireFormat.OPENAI).naming(OF_OPENAI).placed(KeyMethod.BODY_FORM, "api_key"));

    assertNotReadable(
        form(Rig.path("responses"), "application/x-www-form-urlencoded", "model=m&store=false"),
        "JSON");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "[{\"model\":\"m\"}]", "\"m\"", "7", "null"})
  void a_body_that_is_no_object_is_refused_with_these_words(String body) {
    TestService unused = lend(WireFormat.OPENAI);

    assertNotReadable(
        form(Rig.path("responses"), "application/json", body), "The body has to be a JSON object.");
  }

  @Test
  void a_form_that_passes_is_refused_if_it_names_a_user() {
    TestService unused = lend(WireFormat.OPENAI);

    TestResponse answer =
        rig.anonymous()
            .withToken(Rig.TOKEN)
            .with("Content-Type", "multipart/form-data; boundary=x")
            .send("POST", Rig.path("images/edits"), BodyPublishers.ofString(FORM));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(rig.stub.requests()).noneMatch(request -> request.text().contains("bob@"));
  }
}
