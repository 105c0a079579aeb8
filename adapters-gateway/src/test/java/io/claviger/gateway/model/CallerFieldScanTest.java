package io.claviger.gateway.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.keys.CallerNames;
import io.claviger.domain.keys.NamingKey;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.names.Attribution;
import io.claviger.domain.names.CallerField;
import io.claviger.domain.names.NamingRules;
import io.claviger.domain.names.PromptCache;
import io.claviger.domain.objects.Isolation;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.errors.CallRefused;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CallerFieldScanTest {
  private static final User.Id BOB = new User.Id(new UUID(1, 2));
  private static final Isolation LENDING = new Isolation(Set.of(ObjectKind.RESPONSES));
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final NamingRules KNOWN =
      new NamingRules(
          PromptCache.PER_CALLER,
          Attribution.ON,
          Set.of(
              CallerField.CHAT_STORE,
              CallerField.RESPONSE_STORE,
              CallerField.CONTENT_STORE,
              CallerField.PROMPT_CACHE_KEY,
              CallerField.SAFETY_IDENTIFIER,
              CallerField.METADATA_USER_ID));
  private static final NamingRules OF_DEEPSEEK =
      new NamingRules(PromptCache.PER_CALLER, Attribution.ON, Provider.DEEPSEEK.adds());
  private static final String CONTENTS = "v1beta/models/m:generateContent";
  private static final NamingRules UNKNOWN =
      new NamingRules(PromptCache.PER_CALLER, Attribution.ON, Set.of());
  private static final NamingRules AS_SENT =
      new NamingRules(PromptCache.SHARED, Attribution.OFF, Set.of(CallerField.values()));

  private static CallerNames names(NamingRules rules) {
    return new CallerNames(Secret.takingOver(new byte[NamingKey.BYTES]), BOB, rules);
  }

  private static CallerFieldScan read(String path, byte[] body, int step) {
    WireFormat format =
        path.contains(":")
            ? WireFormat.GEMINI
            : path.startsWith("v1/")
                ? WireFormat.ANTHROPIC
                : path.startsWith("v2/") ? WireFormat.COHERE : WireFormat.OPENAI;
    CallerFieldScan scan =
        (CallerFieldScan)
            Objects.requireNonNull(
                CallerScan.ofHeld(format.api(), path, BodyType.of(new DefaultHttpHeaders())));
    CallReading reading = CallReading.of(scan);
    for (int at = 0; at < body.length; at += step) {
      reading.read(body, at, Math.min(body.length, at + step));
    }
    reading.end();
    return scan;
  }

  private static String sent(String path, String body, NamingRules rules, Isolation isolation) {
    return sent(path, body, rules, isolation, false);
  }

  private static String sent(
      String path, String body, NamingRules rules, Isolation isolation, boolean reasons) {
    CallerFieldScan scan = read(path, body.getBytes(UTF_8), 7);
    BodyEdits edits = scan.edits(names(rules), isolation, "alice/x", () -> reasons);
    ByteBuf whole = Unpooled.copiedBuffer(body, UTF_8);
    List<ByteBuf> parts = new ArrayList<>(edits.apply(new ArrayList<>(List.of(whole))));
    StringBuilder text = new StringBuilder();
    parts.forEach(part -> text.append(part.toString(UTF_8)));
    parts.forEach(ByteBuf::release);
    assertThat(text.toString().getBytes(UTF_8).length)
        .isEqualTo(body.getBytes(UTF_8).length + edits.lengthChange());
    return text.toString();
  }

  private static String sent(String path, String body) {
    return sent(path, body, KNOWN, Isolation.STORING_NOTHING);
  }

  private static String name(CallerField field, String value) {
    return names(KNOWN).of(field, Optional.of(value));
  }

  private static String name(CallerField field) {
    return names(KNOWN).of(field, Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"responses", "chat/completions", "openai/v1/responses"})
  void what_is_absent_is_added_in_front(String path) {
    String added =
        "{\"store\":false,\"prompt_cache_key\":\"%s\",\"safety_identifier\":\"%s\""
            .formatted(name(CallerField.PROMPT_CACHE_KEY), name(CallerField.SAFETY_IDENTIFIER));

    assertThat(sent(path, "{ \"model\" : \"m\" }")).isEqualTo(added + ", \"model\" : \"m\" }");
    assertThat(sent(path, " {}")).isEqualTo(" " + added + "}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"embeddings", "responses/input_tokens", "completions"})
  void nothing_is_added_to_other_operations_but_values_are_replaced(String path) {
    assertThat(sent(path, "{\"model\":\"m\"}")).isEqualTo("{\"model\":\"m\"}");
    assertThat(sent(path, "{\"user\":\"bob\",\"prompt_cache_key\":\"k\"}"))
        .isEqualTo(
            "{\"user\":\"%s\",\"prompt_cache_key\":\"%s\"}"
                .formatted(name(CallerField.USER, "bob"), name(CallerField.PROMPT_CACHE_KEY, "k")));
  }

  @Test
  void a_compaction_has_the_name_of_a_cache_and_nothing_else() {
    assertThat(sent("responses/compact", "{\"model\":\"m\"}"))
        .isEqualTo(
            "{\"prompt_cache_key\":\"%s\",\"model\":\"m\"}"
                .formatted(name(CallerField.PROMPT_CACHE_KEY)));
    assertThat(sent("responses/compact", "{\"user\":\"bob\",\"prompt_cache_key\":\"k\"}"))
        .isEqualTo(
            "{\"user\":\"%s\",\"prompt_cache_key\":\"%s\"}"
                .formatted(name(CallerField.USER, "bob"), name(CallerField.PROMPT_CACHE_KEY, "k")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"chat/completions", "responses", "completions"})
  void a_user_id_is_replaced_everywhere_and_added_to_chats_of_deepseek(String path) {
    String stranger = name(CallerField.USER_ID, "bob");
    for (NamingRules rules : List.of(OF_DEEPSEEK, UNKNOWN)) {
      assertThat(sent(path, "{\"user_id\":\"bob\"}", rules, Isolation.STORING_NOTHING))
          .isEqualTo("{\"user_id\":\"" + stranger + "\"}");
    }
    assertThat(stranger).matches("[a-zA-Z0-9_-]{1,512}");

    boolean isChat = path.equals("chat/completions");
    assertThat(sent(path, "{}", OF_DEEPSEEK, Isolation.STORING_NOTHING))
        .isEqualTo(isChat ? "{\"user_id\":\"" + name(CallerField.USER_ID) + "\"}" : "{}");
    assertThat(sent(path, "{}", UNKNOWN, Isolation.STORING_NOTHING)).isEqualTo("{}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"chat/completions", "responses", "completions", "embeddings", "rerank"})
  void whoever_names_a_cache_or_a_session_names_one_of_their_own(String path) {
    for (CallerField field :
        List.of(
            CallerField.CACHE_SALT,
            CallerField.EXTRA_KEY,
            CallerField.PROMPT_CACHE_ISOLATION_KEY,
            CallerField.SESSION_ID)) {
      String body = "{\"" + field.wireName() + "\":\"%s\"}";
      assertThat(sent(path, body.formatted("bob"), UNKNOWN, Isolation.STORING_NOTHING))
          .isEqualTo(body.formatted(name(field, "bob")));
      for (String unclear : List.of("7", "{}", "[\"bob\"]", "true")) {
        assertThatExceptionOfType(CallRefused.class)
            .isThrownBy(() -> sent(path, body.replace("\"%s\"", unclear)));
      }
    }
    assertThatExceptionOfType(CallRefused.class)
        .isThrownBy(() -> sent(path, "{\"cacheSalt\":\"bob\"}"));
  }

  /** OpenAI prefers work in the background that continues earlier work. */
  @Test
  void whoever_continues_work_in_the_background_continues_their_own() {
    String body =
        "{\"background_options\":{\"completion_window\":\"2h\",\"continuation_id\":%s},\"b\":1}";
    String own = body.formatted('"' + name(CallerField.CONTINUATION_ID, "bob") + '"');
    for (NamingRules rules : List.of(UNKNOWN, AS_SENT)) {
      assertThat(sent("responses", body.formatted("\"bob\""), rules, LENDING)).endsWith(own);
    }
    assertThat(own).doesNotContain("bob");
    assertThat(sent("responses", body.formatted("null"), UNKNOWN, LENDING))
        .isEqualTo(body.formatted("null"));
    for (String harmless :
        List.of(
            "{\"background_options\":null}",
            "{\"continuation_id\":\"bob\"}",
            "{\"metadata\":{\"continuation_id\":\"bob\"}}",
            "{\"background_options\":{\"a\":{\"continuation_id\":\"bob\"}}}")) {
      assertThat(sent("responses", harmless, UNKNOWN, LENDING)).isEqualTo(harmless);
    }
    for (String unclear :
        List.of(
            body.formatted("7"),
            body.formatted("{}"),
            body.formatted("[\"bob\"]"),
            "{\"background_options\":[{\"continuation_id\":\"bob\"}]}",
            "{\"backgroundOptions\":{\"continuation_id\":\"bob\"}}",
            "{\"background_options\":{\"continuationId\":\"bob\"}}",
            "{\"extra_body\":{\"background_options\":{\"continuation_id\":\"bob\"}}}")) {
      assertThatExceptionOfType(CallRefused.class)
          .as(unclear)
          .isThrownBy(() -> sent("responses", unclear, UNKNOWN, LENDING));
    }
  }

  /** A proxy or router may write what is inside of these members into the request that it makes. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"extra_body\":{\"store\":true}}",
        "{\"extra_body\":{\"user\":\"bob\"}}",
        "{\"extraBody\":{\"a\":{\"promptCacheKey\":\"bob\"}}}",
        "{\"model\":\"m\",\"providerOptions\":{\"gateway\":{\"user\":\"bob\"}}}",
        "{\"providerOptions\":{\"openai\":{\"store\":true}}}",
        "{\"providerOptions\":{\"openai\":{\"background\":true}}}",
        "{\"fallbacks\":[{\"model\":\"m\",\"store\":true}]}",
        "{\"Fallbacks\":[\"m\",{\"model\":\"m\",\"user\":\"bob\"}]}",
        "{\"context_window_fallbacks\":[{\"m\":[{\"prompt_cache_key\":\"bob\"}]}]}",
        "{\"content_policy_fallbacks\":[{\"background\":true}]}"
      })
  void no_field_reaches_the_provider_inside_of_another_member(String body) {
    assertThatExceptionOfType(CallRefused.class).isThrownBy(() -> sent("responses", body));
  }

  @Test
  void other_members_with_these_names_pass() {
    String body =
        "{\"extra_body\":{\"google\":{\"a\":1}},\"fallbacks\":[\"user\",{\"m\":[\"store\"]}],\"b\":{\"user\":\"bob\"},\"metadata\":{\"store\":\"a\"}}";

    assertThat(sent("responses", body, UNKNOWN, Isolation.STORING_NOTHING)).isEqualTo(body);
  }

  private static void assertFieldsOfRoutersAreNamed(String path) {
    for (CallerField field :
        List.of(
            CallerField.USER,
            CallerField.SESSION_ID,
            CallerField.PROMPT_CACHE_KEY,
            CallerField.SAFETY_IDENTIFIER)) {
      String body = "{\"" + field.wireName() + "\":\"%s\"}";
      assertThat(sent(path, body.formatted("bob"), UNKNOWN, Isolation.STORING_NOTHING))
          .isEqualTo(body.formatted(name(field, "bob")));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1/messages", "v1/messages/count_tokens"})
  void whoever_calls_a_router_by_the_api_of_anthropic_names_nobody_else(String path) {
    assertFieldsOfRoutersAreNamed(path);
    for (String body :
        List.of(
            "{\"sessionId\":\"bob\"}",
            "{\"store\":true}",
            "{\"Store\":false}",
            "{\"extra_body\":{\"store\":true}}",
            "{\"extra_body\":{\"prompt_cache_key\":\"x\"}}",
            "{\"extra_body\":{\"metadata\":{\"user_id\":\"x\"}}}",
            "{\"fallbacks\":[{\"user\":\"x\"}]}")) {
      assertThatExceptionOfType(CallRefused.class).as(body).isThrownBy(() -> sent(path, body));
    }
    assertThat(sent(path, "{\"store\":false}", UNKNOWN, Isolation.STORING_NOTHING))
        .isEqualTo("{\"store\":false}");
    assertThat(sent(path, "{}", UNKNOWN, LENDING)).isEqualTo("{}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"v2/chat", "v2/rerank", "v2/embed"})
  void nor_by_the_api_of_cohere(String path) {
    assertFieldsOfRoutersAreNamed(path);
    for (String body :
        List.of(
            "{\"store\":true}",
            "{\"User\":\"bob\"}",
            "{\"extra_body\":{\"store\":true}}",
            "{\"extra_body\":{\"user\":\"bob\"}}",
            "{\"fallbacks\":[{\"user\":\"x\"}]}")) {
      assertThatExceptionOfType(CallRefused.class).as(body).isThrownBy(() -> sent(path, body));
    }
    assertThat(sent(path, "{}", KNOWN, LENDING)).isEqualTo("{}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"chat/completions", "responses", "completions"})
  void texts_that_vllm_writes_have_a_cache_for_each_caller(String path) {
    NamingRules rules =
        new NamingRules(PromptCache.PER_CALLER, Attribution.ON, Provider.VLLM.adds());

    String store = path.equals("responses") ? "\"store\":false," : "";
    assertThat(sent(path, "{}", rules, Isolation.STORING_NOTHING))
        .isEqualTo("{" + store + "\"cache_salt\":\"" + name(CallerField.CACHE_SALT) + "\"}");
    assertThat(sent(path, "{\"cache_salt\":null}", rules, Isolation.STORING_NOTHING))
        .isEqualTo("{" + store + "\"cache_salt\":\"" + name(CallerField.CACHE_SALT) + "\"}");
    assertThat(sent("embeddings", "{}", rules, Isolation.STORING_NOTHING)).isEqualTo("{}");
    assertThat(
            sent(
                path,
                "{}",
                new NamingRules(PromptCache.SHARED, Attribution.ON, Provider.VLLM.adds()),
                Isolation.STORING_NOTHING))
        .doesNotContain("cache_salt");
  }

  @ParameterizedTest
  @ValueSource(strings = {CONTENTS, "v1beta/models/m:streamGenerateContent"})
  void contents_are_not_stored_where_the_provider_has_a_member_for_that(String path) {
    assertThat(sent(path, "{\"contents\":[]}")).isEqualTo("{\"store\":false,\"contents\":[]}");
    assertThat(sent(path, "{\"store\":null}")).isEqualTo("{\"store\":false}");
    assertThat(sent(path, "{\"store\":false}")).isEqualTo("{\"store\":false}");
    assertThat(sent(path, "{}", UNKNOWN, Isolation.STORING_NOTHING)).isEqualTo("{}");
    for (String body : List.of("{\"store\":true}", "{\"store\":1}", "{\"Store\":true}")) {
      assertThatExceptionOfType(CallRefused.class)
          .isThrownBy(() -> sent(path, body, UNKNOWN, Isolation.STORING_NOTHING));
    }
  }

  @Test
  void the_stable_version_of_gemini_gets_no_member_that_it_does_not_document() {
    String path = "v1/models/m:generateContent";
    CallerFieldScan scan = read(path, "{}".getBytes(UTF_8), 7);

    assertThat(sent(path, "{}")).isEqualTo("{}");
    assertThat(scan.storage(names(KNOWN), Isolation.STORING_NOTHING)).isEmpty();
    assertThatExceptionOfType(CallRefused.class).isThrownBy(() -> sent(path, "{\"store\":true}"));
  }

  /** Azure's paths begin with more than the ledger knows, below the URL of a resource. */
  @ParameterizedTest
  @ValueSource(strings = {"openai/v1/responses", "openai/deployments/d/chat/completions"})
  void nothing_is_stored_that_nobody_would_be_recorded_to_hold(String path) {
    assertThat(sent(path, "{}", KNOWN, LENDING)).contains("\"store\":false");
    assertThat(read(path, "{}".getBytes(UTF_8), 7).storage(names(KNOWN), LENDING))
        .contains(CallerScan.ResultStorage.NONE);
    assertThatExceptionOfType(CallRefused.class)
        .isThrownBy(() -> sent(path, "{\"store\":true}", KNOWN, LENDING));
  }

  @Test
  void no_chat_is_answered_later_to_whoever_knows_its_id() {
    for (Isolation isolation : List.of(Isolation.STORING_NOTHING, LENDING)) {
      for (String body :
          List.of("{\"deferred\":true}", "{\"deferred\":1}", "{\"Deferred\":true}")) {
        assertThatExceptionOfType(CallRefused.class)
            .isThrownBy(() -> sent("chat/completions", body, UNKNOWN, isolation));
      }
      for (String body : List.of("{\"deferred\":false}", "{\"deferred\":null}")) {
        assertThat(sent("chat/completions", body, UNKNOWN, isolation)).isEqualTo(body);
      }
    }
    assertThat(sent("embeddings", "{\"deferred\":true}")).isEqualTo("{\"deferred\":true}");
  }

  @Test
  void a_provider_that_is_not_known_gets_no_field_that_the_caller_did_not_send() {
    String body = "{\"model\":\"m\"}";
    assertThat(sent("responses", body, UNKNOWN, Isolation.STORING_NOTHING)).isEqualTo(body);
    assertThat(
            sent(
                "responses", "{\"user\":\"u\",\"store\":null}", UNKNOWN, Isolation.STORING_NOTHING))
        .isEqualTo("{\"user\":\"" + name(CallerField.USER, "u") + "\",\"store\":false}");
  }

  @Test
  void a_service_that_names_nobody_leaves_everything_but_store_as_it_is() {
    assertThat(
            sent(
                "responses",
                "{\"user\":\"u\",\"prompt_cache_key\":\"k\",\"safety_identifier\":\"s\"}",
                AS_SENT,
                Isolation.STORING_NOTHING))
        .isEqualTo(
            "{\"store\":false,\"user\":\"u\",\"prompt_cache_key\":\"k\",\"safety_identifier\":\"s\"}");
    assertThat(
            sent(
                "v1/messages",
                "{\"metadata\":{\"user_id\":\"u\"}}",
                AS_SENT,
                Isolation.STORING_NOTHING))
        .isEqualTo("{\"metadata\":{\"user_id\":\"u\"}}");
  }

  @Test
  void null_counts_as_absent() {
    assertThat(
            sent(
                "responses",
                "{\"store\":null,\"prompt_cache_key\" :"
                    + " null,\"safety_identifier\":null,\"user\":null}"))
        .isEqualTo(
            "{\"store\":false,\"prompt_cache_key\" : \"%s\",\"safety_identifier\":\"%s\",\"user\":null}"
                .formatted(
                    name(CallerField.PROMPT_CACHE_KEY), name(CallerField.SAFETY_IDENTIFIER)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          {}                             | {"metadata":{"user_id":"NONE"}}
          {"model":"m"}                  | {"metadata":{"user_id":"NONE"},"model":"m"}
          {"metadata":null}              | {"metadata":{"user_id":"NONE"}}
          {"metadata":{}}                | {"metadata":{"user_id":"NONE"}}
          {"metadata":{"a":"b"}}         | {"metadata":{"user_id":"NONE","a":"b"}}
          {"metadata":{"user_id":null}}  | {"metadata":{"user_id":"NONE"}}
          {"metadata":{"user_id":"bob"}} | {"metadata":{"user_id":"BOB"}}
          {"metadata":{"x":{"user_id":"bob"},"user_id":"bob"}} | {"metadata":{"x":{"user_id":"bob"},"user_id":"BOB"}}
          {"tools":[{"metadata":{"user_id":"bob"}}],"metadata":{"user_id":"bob"}} | {"tools":[{"metadata":{"user_id":"bob"}}],"metadata":{"user_id":"BOB"}}
          """)
  void the_users_id_of_a_message_is_written_where_it_belongs(String body, String expected) {
    assertThat(sent("v1/messages", body))
        .isEqualTo(
            expected
                .replace("NONE", name(CallerField.METADATA_USER_ID))
                .replace("BOB", name(CallerField.METADATA_USER_ID, "bob")));
  }

  @Test
  void every_occurrence_is_replaced_however_it_is_written() {
    assertThat(sent("embeddings", "{\"us\\u0065r\":\"\\u0062ob\",\"user\":\"eve\"}"))
        .isEqualTo(
            "{\"us\\u0065r\":\"%s\",\"user\":\"%s\"}"
                .formatted(name(CallerField.USER, "bob"), name(CallerField.USER, "eve")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          {}                     | {"store":false,"include":["R"]}
          {"store":null}         | {"include":["R"],"store":false}
          {"include":null}       | {"store":false,"include":["R"]}
          {"include":[]}         | {"store":false,"include":["R"]}
          {"include":["a"]}      | {"store":false,"include":["R","a"]}
          {"include":[{"a":1}]}  | {"store":false,"include":["R",{"a":1}]}
          {"include":[null]}     | {"store":false,"include":["R",null]}
          {"include":[ 1 ]}      | {"store":false,"include":["R", 1 ]}
          {"include":["a","R"]}  | {"store":false,"include":["a","R"]}
          {"include":"a"}        | {"store":false,"include":"a"}
          {"include":[],"include":[]} | {"store":false,"include":[],"include":[]}
          {"store":false}        | {"store":false}
          """)
  void a_model_that_reasons_is_asked_for_its_reasoning_where_the_gateway_says_store_false(
      String body, String expected) {
    NamingRules rules =
        new NamingRules(PromptCache.SHARED, Attribution.OFF, Set.of(CallerField.RESPONSE_STORE));
    String reasoning = "reasoning.encrypted_content";

    assertThat(
            sent(
                "responses",
                body.replace("\"R\"", "\"" + reasoning + "\""),
                rules,
                Isolation.STORING_NOTHING,
                true))
        .isEqualTo(expected.replace("\"R\"", "\"" + reasoning + "\""));
    assertThat(sent("responses", "{}", rules, LENDING, true)).isEqualTo("{}");
    assertThat(sent("chat/completions", "{}", rules, Isolation.STORING_NOTHING, true))
        .isEqualTo("{}");
    assertThat(sent("responses", "{}", UNKNOWN, Isolation.STORING_NOTHING, true)).isEqualTo("{}");
  }

  @Test
  void members_of_other_objects_are_left_alone() {
    String body =
        "{\"input\":[{\"user\":\"u\",\"store\":true,\"background\":true}],\"store\":false}";
    assertThat(sent("responses", body, UNKNOWN, Isolation.STORING_NOTHING)).isEqualTo(body);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"store\":true}",
        "{\"background\":true}",
        "{\"background\":true,\"stream\":true}"
      })
  void what_the_provider_would_keep_is_refused_unless_it_is_lent(String body) {
    assertThatExceptionOfType(CallRefused.class)
        .isThrownBy(() -> sent("responses", body))
        .satisfies(
            why -> {
              assertThat(why.error().status()).isEqualTo(403);
              assertThat(why.error().code()).isEqualTo("storage_not_lent");
              assertThat(why.error().message()).contains("alice/x", "Whoever manages");
            });
    assertThat(sent("responses", body, UNKNOWN, LENDING)).isEqualTo(body);
  }

  @Test
  void where_responses_are_lent_nothing_is_written_about_storing() {
    assertThat(sent("responses", "{\"store\":null}", AS_SENT, LENDING))
        .isEqualTo("{\"store\":null}");
    assertThat(sent("responses", "{}", AS_SENT, LENDING)).isEqualTo("{}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          responses   | {"store":false,"store":false}
          responses   | {"store":"false"}
          responses   | {"store":0}
          responses   | {"store":{}}
          responses   | {"store":[false]}
          responses   | {"background":"true"}
          responses   | {"background":1}
          responses   | {"background":true,"background":false}
          responses   | {"background":false,"background":false}
          chat/completions | {"deferred":false,"deferred":false}
          responses   | {"Store":true}
          responses   | {"ſtore":true}
          responses   | {"store\\u0000":true}
          responses   | {" store":true}
          responses   | {"promptCacheKey":"k"}
          responses   | {"User":"bob"}
          embeddings  | {"user":7}
          embeddings  | {"user":true}
          embeddings  | {"user":["bob"]}
          embeddings  | {"user":{"id":"bob"}}
          embeddings  | ["user"]
          embeddings  | "user"
          embeddings  | {"user":"bob",}
          embeddings  | {"user":"bob"
          v1/messages | {"metadata":{},"metadata":{}}
          v1/messages | {"metadata":"bob"}
          v1/messages | {"metadata":["bob"]}
          v1/messages | {"metadata":{"user_id":7}}
          v1/messages | {"metadata":{"userId":"bob"}}
          v1/messages | {"Metadata":{"user_id":"bob"}}
          """)
  void what_readers_may_understand_differently_is_refused(String path, String body) {
    assertThatExceptionOfType(CallRefused.class)
        .isThrownBy(() -> sent(path, body))
        .satisfies(why -> assertThat(why.error().status()).isEqualTo(400));
  }

  /** Claude Code describes itself in a text of up to 512 characters. */
  @Test
  void a_value_of_more_than_512_characters_is_refused() {
    String longest = "x".repeat(512);
    assertThat(sent("embeddings", "{\"user\":\"" + longest + "\"}"))
        .isEqualTo("{\"user\":\"" + name(CallerField.USER, longest) + "\"}");
    assertThatExceptionOfType(CallRefused.class)
        .isThrownBy(() -> sent("embeddings", "{\"user\":\"x" + longest + "\"}"))
        .satisfies(why -> assertThat(why.error().code()).isEqualTo("identifier_too_long"));
  }

  @Test
  void a_field_that_is_repeated_without_end_is_refused() {
    String many = "\"user\":\"bob\",".repeat(16);
    String sent = sent("embeddings", "{" + many + "\"a\":1}");
    assertThat(sent).doesNotContain("bob");
    assertThatExceptionOfType(CallRefused.class)
        .isThrownBy(() -> sent("embeddings", "{" + many + "\"user\":\"bob\"}"));
  }

  @Test
  void whatever_the_body_no_value_of_the_caller_is_sent_and_nothing_is_stored() {
    Random random = new Random(33);
    int sent = 0;
    for (int i = 0; i < 3_000; i++) {
      boolean message = random.nextBoolean();
      String path = message ? "v1/messages" : "responses";
      String body = object(random, 0);
      String after;
      try {
        after = sent(path, body, KNOWN, Isolation.STORING_NOTHING, random.nextBoolean());
      } catch (CallRefused refused) {
        continue;
      }
      sent++;
      JsonNode before = JSON.readTree(body);
      JsonNode now = JSON.readTree(after);
      if (message) {
        assertThat(now.at("/metadata/user_id").asString()).startsWith("clv_");
      } else {
        assertThat(now.at("/store").isBoolean() && !now.at("/store").booleanValue()).isTrue();
        assertThat(now.at("/prompt_cache_key").asString()).matches("[A-Za-z0-9_-]{43}");
        assertThat(now.at("/safety_identifier").asString()).startsWith("clv_");
        assertThat(now.path("user").asString("clv_")).startsWith("clv_");
      }
      for (String name : List.of("model", "input", "tools")) {
        assertThat(now.get(name)).isEqualTo(before.get(name));
      }
    }
    assertThat(sent).isGreaterThan(500);
  }

  private static String object(Random random, int depth) {
    List<String> names =
        List.of(
            "user",
            "store",
            "metadata",
            "user_id",
            "prompt_cache_key",
            "safety_identifier",
            "model",
            "input",
            "tools",
            "background",
            "include");
    StringBuilder text = new StringBuilder("{");
    int members = random.nextInt(5);
    Set<String> used = new java.util.HashSet<>();
    for (int i = 0; i < members; i++) {
      String name = names.get(random.nextInt(names.size()));
      if (used.add(name)) {
        text.append(text.length() == 1 ? "" : ", ")
            .append('"')
            .append(name)
            .append("\":")
            .append(value(random, depth));
      }
    }
    return text.append('}').toString();
  }

  private static String value(Random random, int depth) {
    return switch (random.nextInt(depth > 2 ? 5 : 7)) {
      case 0 -> "null";
      case 1 -> "false";
      case 2, 3 -> "\"secret-" + random.nextInt(9) + "\"";
      case 4 -> random.nextInt(8) == 0 ? "true" : "\"s\\u00e9cret\\n\"";
      case 5 -> object(random, depth + 1);
      default -> "[" + value(random, depth + 1) + "]";
    };
  }
}
