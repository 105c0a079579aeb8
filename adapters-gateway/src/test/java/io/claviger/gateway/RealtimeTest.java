package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.CallRefusal;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.spending.CallUse;
import io.claviger.domain.spending.CallUse.Evidence;
import io.claviger.domain.standards.WireFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sessions of the Realtime API, with the messages that "Client events" and "Server events" of
 * OpenAI's API reference describe (developers.openai.com, November 2026).
 */
class RealtimeTest {
  private static final String ASKED =
      "{\"type\":\"session.update\",\"session\":{\"type\":\"realtime\",\"audio\":"
          + "{\"input\":{\"turn_detection\":null}}}}";
  private static final String CREATE = "{\"type\":\"response.create\"}";

  @AutoClose private static final Rig rig = new Rig(settings -> settings);

  private final List<SocketCaller> open = new ArrayList<>();
  private final RecordedSpending spending = new RecordedSpending();
  private int finishedBefore;
  private int messagesBefore;

  @BeforeEach
  void begin() {
    rig.lend(WireFormat.OPENAI);
    rig.authorizer.lookingAgain(call -> Optional.empty());
    rig.authorizer.forget();
    finishedBefore = rig.events.finishedSoFar();
    messagesBefore = rig.stub.socketMessages().size();
  }

  @AfterEach
  void closeAll() {
    open.forEach(SocketCaller::close);
    rig.events.await(() -> rig.events.openConnections() == 0);
    Rig.await(() -> rig.stub.openConnections() == 0);
  }

  private SocketCaller open(String model) {
    SocketCaller opened = new SocketCaller(rig, Rig.path("realtime?model=" + model));
    open.add(opened);
    return opened;
  }

  /** Sends a message and awaits what answers it. */
  private static String ask(SocketCaller caller, String message, String type) {
    int before = caller.messages().size();
    caller.send(message);
    return next(caller, before, type);
  }

  /** Awaits the message after this many that is of a type. */
  private static String next(SocketCaller caller, int after, String type) {
    Rig.await(() -> find(caller, after, type).isPresent());
    return find(caller, after, type).orElseThrow();
  }

  private static Optional<String> find(SocketCaller caller, int after, String type) {
    return caller.messages().stream()
        .skip(after)
        .filter(each -> each.startsWith("{\"type\":\"" + type + "\""))
        .findFirst();
  }

  private List<String> provided() {
    List<String> all = rig.stub.socketMessages();
    return all.subList(messagesBefore, all.size());
  }

  private void reserve(boolean strict) {
    rig.lendReserving(() -> spending.reserve(strict), rig.at(WireFormat.OPENAI));
  }

  private CallUse charged(int response) {
    return spending.awaitEnds(response).get(response - 1).charged().orElseThrow();
  }

  private static String sound(int length) {
    return "{\"type\":\"input_audio_buffer.append\",\"audio\":\"" + "A".repeat(length) + "\"}";
  }

  @Test
  void a_spoken_conversation_is_charged_by_response() {
    reserve(false);
    SocketCaller caller = open("gpt-realtime");
    caller.send(ASKED);
    caller.send(sound(1_000));
    caller.send("{\"type\":\"input_audio_buffer.commit\"}");
    caller.send("{\"event_id\":\"mine\",\"type\":\"response.create\"}");
    assertThat(next(caller, 0, "response.done")).contains("completed");
    assertThat(charged(1).evidence()).isEqualTo(Evidence.STATED);
    assertThat(charged(1).usage().input()).isEqualTo(1_010);
    assertThat(charged(1).usage().parts().audioInput()).isEqualTo(1_000);
    assertThat(charged(1).usage().parts().audioOutput()).isEqualTo(3);

    String item =
        "{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"message\",\"role\":\"user\","
            + "\"content\":[{\"type\":\"input_text\",\"text\":\"Hi\"},"
            + "{\"type\":\"input_image\",\"image_url\":\"data:image/png;base64,"
            + "A".repeat(1_000)
            + "\"}]}}";
    assertThat(ask(caller, item, "conversation.item.added")).contains("input_text");
    String create =
        "{\"type\":\"response.create\",\"response\":{\"max_output_tokens\":50,"
            + "\"conversation\":\"auto\",\"tools\":[{\"type\":\"function\",\"name\":\"f\","
            + "\"parameters\":{\"properties\":{\"model\":{\"type\":\"string\"}}}}]}}";
    assertThat(ask(caller, create, "response.done")).contains("resp_2");
    assertThat(charged(2).usage().parts().cachedInput()).isEqualTo(10);

    assertThat(provided().getFirst()).endsWith("realtime?model=gpt-realtime -");
    assertThat(provided()).noneMatch(each -> each.contains("mine") || each.contains(Rig.TOKEN));
    assertThat(caller.messages()).noneMatch(each -> each.contains("rate_limits"));
    assertThat(rig.events.awaitFinished(finishedBefore + 1).used().orElseThrow().model().name())
        .isEqualTo("gpt-realtime");
  }

  @Test
  void what_cant_be_bounded_or_understood_is_refused_and_the_session_stays() {
    SocketCaller caller = open("gpt-realtime");
    assertThat(ask(caller, ASKED, "session.updated")).contains("null");
    String session = "{\"type\":\"session.update\",\"session\":{%s}}";
    String response = "{\"type\":\"response.create\",\"response\":{%s}}";
    String item = "{\"type\":\"conversation.item.create\",\"item\":{%s}}";
    int asked = 0;
    for (String refused :
        List.of(
            session.formatted("\"turn_detection\":{\"type\":\"server_vad\",\"idle_timeout_ms\":9}"),
            session.formatted("\"turn_detection\":{\"type\":\"none\"}"),
            session.formatted("\"turn_detection\":{\"create_response\":\"true\"}"),
            session.formatted("\"turn_detection\":{\"create_response\":1}"),
            session.formatted(
                "\"turn_detection\":{},\"audio\":{\"input\":{\"turn_detection\":{}}}"),
            session.formatted(
                "\"turn_detection\":{\"create_response\":true,\"create_response\":true}"),
            session.formatted("\"audio\":{\"input\":{\"transcription\":{\"model\":\"x\"}}}"),
            session.formatted("\"audio\":[{\"input\":{\"turn_detection\":{}}}]"),
            session.formatted("\"Turn_detection\":{}"),
            session.formatted("\"turn_detection\":null,\"turn_detection\":{}"),
            session.formatted("\"type\":\"transcription\""),
            session.formatted("\"model\":\"gpt-6\""),
            session.formatted("\"prompt\":{\"id\":\"pmpt_1\"}"),
            session.formatted("\"tracing\":\"auto\""),
            session.formatted("\"include\":[\"file-abcdefghijklmno1\"]"),
            session.formatted("\"truncation\":{\"from\":{\"id\":\"conv_abcdefghijklmno1\"}}"),
            session.formatted("\"truncation\":{\"from\":{\"\\u0063onv_abcdefghijklmno1\":1}}"),
            response.formatted("\"reasoning\":{\"of\":\"\\u0072esp_abcdefghijklmno1\"}"),
            response.formatted("\"reasoning\":\"resp_abcdefghijklmno1\""),
            session.formatted("\"tools\":[{\"type\":\"mcp\",\"server_url\":\"x\"}]"),
            session.formatted("\"tools\":[{\"type\":\"function\"},[{\"type\":\"mcp\"}]]"),
            session.formatted("\"voice\":{\"id\":\"voice_1\"}"),
            session.formatted("\"voice\":\"voice_1\""),
            session.formatted("\"voice\":\"nlbqfwie\""),
            session.formatted("\"audio\":{\"output\":{\"voice\":\"k2v9x0ab\"}}"),
            response.formatted("\"audio\":{\"output\":{\"voice\":\"nlbqfwie\"}}"),
            session.formatted("\"instructions\":{\"id\":\"x\"}"),
            response.formatted("\"model\":\"gpt-6\""),
            response.formatted("\"prompt\":{\"id\":\"pmpt_1\"}"),
            response.formatted("\"input\":[{\"type\":\"item_reference\",\"id\":\"item_1\"}]"),
            response.formatted("\"tools\":[{\"type\":\"mcp\"}]"),
            item.formatted("\"type\":\"mcp_call\""),
            item.formatted("\"content\":[{\"type\":\"input_file\",\"file_id\":\"file-1\"}]"),
            item.formatted("\"content\":[{\"type\":\"input_text\",\"file_id\":\"file-1\"}]"),
            item.formatted("\"content\":[{\"type\":\"input_image\",\"image_url\":\"file:///a\"}]"),
            item.formatted("\"content\":[{\"type\":\"input_image\",\"image_url\":\"/srv/a.png\"}]"),
            item.formatted(
                "\"content\":[{\"type\":\"input_image\",\"image_url\":\"sglang"
                    + "/".repeat(200)
                    + "../../srv/a.png\"}]"),
            "{\"type\":\"response.create\",\"session\":{}}",
            "{\"type\":\"response.create\",\"type\":\"session.update\"}",
            "{\"type\":\"response.create\",\"event_id\":null}",
            "{\"type\":null}",
            "{\"type\":\"transcription_session.update\"}",
            "{\"type\":\"response.create\"",
            "{\"model\":\"gpt-6\"}",
            "[]",
            "\"response.create\"",
            "5")) {
      if (++asked % 15 == 0) { // twenty a minute end a session
        caller = open("gpt-realtime");
      }
      int before = provided().size();
      assertThat(ask(caller, refused, "error"))
          .as(refused)
          .contains("\"status\":400", "bad_request");
      assertThat(provided()).as(refused).hasSize(before);
    }
    assertThat(ask(caller, CREATE, "response.done")).contains("completed");
  }

  /**
   * The message was permitted when it arrived, but might have waited for a thread that reads it.
   */
  @Test
  void a_large_message_passes_only_if_that_is_still_permitted_once_it_was_read() {
    SocketCaller caller = open("gpt-realtime");
    assertThat(next(caller, 0, "session.created")).isNotEmpty();
    AtomicInteger asked = new AtomicInteger();
    rig.authorizer.lookingAgain(
        call ->
            asked.getAndIncrement() == 0 ? Optional.empty() : Optional.of(CallRefusal.BAD_TOKEN));
    rig.authorizer.forget();
    caller.send(
        "{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"message\",\"role\":\"user\","
            + "\"content\":[{\"type\":\"input_text\",\"text\":\""
            + "a".repeat(20_000)
            + "\"}]}}");

    assertThat(caller.closing()).startsWith("1008 ");
    assertThat(provided()).noneMatch(each -> each.contains("conversation.item.create"));
  }

  @Test
  void a_budget_that_ends_in_the_middle_of_a_conversation_is_said_and_the_session_stays() {
    AtomicReference<CallRefusal> why = new AtomicReference<>();
    rig.lendUnless(why::get, rig.at(WireFormat.OPENAI));
    SocketCaller caller = open("gpt-realtime");

    assertThat(ask(caller, CREATE, "response.done")).contains("completed");
    why.set(CallRefusal.BUDGET_EXHAUSTED);
    assertThat(ask(caller, CREATE, "error")).contains("\"status\":402", "budget");
    why.set(null);
    assertThat(ask(caller, CREATE, "response.done")).contains("resp_2");
  }

  /** Errors name the message that they are about, by an id that the caller can't have chosen. */
  @Test
  void an_error_about_another_message_does_not_make_a_response_free() {
    reserve(false);
    SocketCaller caller = open("rt-silent");
    int before = caller.messages().size();
    caller.send(CREATE.replace("}", ",\"event_id\":\"x\"}"));
    next(caller, before, "response.created");
    String wrong = "{\"type\":\"conversation.item.delete\",\"item_id\":\"i\",\"event_id\":\"x\"}";
    assertThat(ask(caller, wrong, "error")).contains("item_not_found");
    assertThat(ask(caller, CREATE, "error")).contains("under way");
    String cancel = "{\"type\":\"response.cancel\"}";
    assertThat(ask(caller, cancel, "response.done")).contains("cancelled");
    assertThat(charged(1).usage().output()).isEqualTo(4);

    SocketCaller refusing = open("rt-refuses");
    assertThat(ask(refusing, CREATE, "error")).contains("active_response");
    assertThat(spending.awaitEnds(2).get(1).charged().orElseThrow().evidence())
        .isEqualTo(Evidence.REFUSED);
  }

  /** The Agents SDK for Python discards an error without an event id, together with its reason. */
  @Test
  void an_error_of_the_gateway_has_an_id_like_each_message_of_a_session() {
    SocketCaller caller = open("gpt-realtime");
    String traced = "{\"type\":\"session.update\",\"session\":{\"tracing\":\"auto\"}}";

    assertThat(ask(caller, traced, "error")).containsPattern(",\"event_id\":\"event_[\\w-]+\"}$");
  }

  /** The same rule applies to the answer to a call. */
  @Test
  void what_a_failed_response_says_of_the_rates_is_for_the_owner_alone() {
    reserve(false);
    SocketCaller caller = open("rt-limited");
    assertThat(ask(caller, CREATE, "response.done"))
        .contains("\"status\":\"failed\"", "\"code\":\"rate_limit_exceeded\"", "output_tokens")
        .doesNotContain("19823", "org-66tr", "inference");
    assertThat(charged(1).evidence()).isEqualTo(Evidence.STATED);
    String refused = "{\"type\":\"response.create\",\"response\":{\"max_output_tokens\":429}}";
    assertThat(ask(caller, refused, "error"))
        .contains("\"status\":429", "\"code\":\"rate_limit_exceeded\"", "has used up")
        .containsPattern(",\"event_id\":\"[^\"]+\"}");

    rig.lend(rig.at(WireFormat.OPENAI).calledBy(TestService.OWNER));
    SocketCaller owner = open("rt-limited");
    assertThat(ask(owner, CREATE, "response.done")).contains("19823", "org-66tr");
    assertThat(next(owner, 0, "rate_limits.updated")).isNotEmpty();
  }

  @Test
  void a_response_that_breaks_off_is_estimated_by_seconds_of_sound() {
    reserve(false);
    SocketCaller caller = open("rt-silent");
    assertThat(ask(caller, ASKED, "session.updated")).contains("null");
    caller.send(sound(64_000 * 3));
    caller.send(CREATE);
    next(caller, 0, "response.output_audio.delta");

    caller.close();

    assertThat(charged(1).evidence()).isEqualTo(Evidence.UNKNOWN);
    assertThat(charged(1).usage().parts().audioInput()).isEqualTo(31); // three seconds
    assertThat(charged(1).usage().parts().audioOutput()).isEqualTo(3); // a tenth of a second
  }

  @Test
  void a_provider_that_does_what_nobody_asked_for_ends_the_session() {
    for (String model : List.of("rt-unasked", "rt-leaks")) {
      SocketCaller caller = open(model).send(CREATE);
      assertThat(caller.closing()).as(model).startsWith("1011");
      assertThat(caller.messages()).noneMatch(each -> each.contains("sk-stub"));
    }
    SocketCaller caller = open("rt-stubborn");
    assertThat(ask(caller, ASKED, "session.updated")).contains("server_vad");
    assertThat(ask(caller, sound(10), "error")).contains("turn_detection: null");
    assertThat(provided()).noneMatch(each -> each.contains("append"));
  }

  /** Null might mean the provider's defaults, and by default it answers turns on its own. */
  @ParameterizedTest
  @ValueSource(strings = {"\"audio\":null", "\"audio\":{\"input\":null}"})
  void settings_of_audio_are_not_taken_back(String settings) {
    reserve(true);
    SocketCaller caller = open("rt-defaults");
    assertThat(ask(caller, ASKED, "session.updated")).contains("null");
    caller.send(sound(100));
    String update = "{\"type\":\"session.update\",\"session\":{" + settings + "}}";
    assertThat(ask(caller, update, "error")).contains("\"status\":400", "audio");

    assertThat(ask(caller, CREATE, "response.done")).contains("completed");
    assertThat(charged(1).usage().parts().audioInput()).isEqualTo(100);
    assertThat(provided()).noneMatch(each -> each.contains(settings));
  }

  private static String plays(String messages) {
    return "{\"type\":\"response.create\",\"response\":{\"instructions\":\"" + messages + "\"}}";
  }

  @Test
  void each_response_of_a_session_is_charged_once_by_what_its_end_states() {
    reserve(false);
    SocketCaller caller = open("rt-plays");
    String created = "{'type':'response.created','response':{'id':'resp_%s'}}|";
    String delta = "{'type':'response.output_text.delta','response_id':'resp_%s','delta':'Hi'}|";
    String begun = created + delta;
    String done = "{'type':'response.done','response':{'id':'resp_%s','status':'completed'%s}}";
    String usage = ",'usage':{'input_tokens':%s,'output_tokens':%s}";

    int count = 0;
    for (String lie :
        List.of("", ",'usage':null", usage.formatted(-5, -7), usage.formatted("'5'", "[7]"))) {
      count++;
      String plays = begun.formatted(count, count) + done.formatted(count, lie);
      assertThat(ask(caller, plays(plays), "response.done")).as(lie).contains("resp_" + count);
      assertThat(charged(count).evidence()).as(lie).isEqualTo(Evidence.UNKNOWN);
      assertThat(charged(count).usage().input()).as(lie).isPositive();
      assertThat(charged(count).usage().output()).as(lie).isPositive();
    }

    String last = done.formatted(5, usage.formatted(5, 7));
    String twice = begun.formatted(5, 5) + last + "|" + done.formatted(5, usage.formatted(0, 0));
    assertThat(ask(caller, plays(twice), "response.done")).contains("resp_5");
    String after = "{\"type\":\"conversation.item.delete\",\"item_id\":\"i\"}";
    assertThat(ask(caller, after, "error")).contains("item_not_found");
    assertThat(caller.messages().stream().filter(each -> each.contains("resp_5"))).hasSize(3);
    assertThat(charged(5).evidence()).isEqualTo(Evidence.STATED);
    assertThat(charged(5).usage().output()).isEqualTo(7);
  }

  /** The provider is told to begin no response, so that each is reserved before it begins. */
  @Test
  void turns_that_the_provider_detects_are_answered_and_charged_one_by_one() {
    reserve(true);
    SocketCaller caller = open("gpt-realtime");
    assertThat(ask(caller, sound(100), "response.done")).contains("completed");
    assertThat(caller.messages()).noneMatch(each -> each.contains("session.updated"));
    assertThat(charged(1).evidence()).isEqualTo(Evidence.STATED);
    assertThat(charged(1).usage().parts().audioInput()).isEqualTo(100);
    assertThat(provided()).anyMatch(each -> each.contains("\"create_response\":false"));

    String detect =
        "{\"type\":\"session.update\",\"session\":{\"audio\":{\"input\":{\"turn_detection\":"
            + "{\"type\":\"semantic_vad\",\"create_response\":true}}}}}";
    assertThat(ask(caller, detect, "session.updated")).contains("create_response\":false");
    assertThat(ask(caller, sound(50), "response.done")).contains("resp_2");
    assertThat(charged(2).usage().parts().audioInput()).isEqualTo(150);

    int before = provided().size();
    String silent = detect.replace("true", "false");
    assertThat(ask(caller, silent, "session.updated")).contains("semantic_vad");
    assertThat(ask(caller, sound(50), "input_audio_buffer.committed")).isNotEmpty();
    assertThat(ask(caller, ASKED, "session.updated")).contains("null");
    assertThat(provided().subList(before, provided().size()))
        .noneMatch(each -> each.contains("response.create\""));
  }

  @Test
  void a_turn_that_the_budget_does_not_cover_is_not_answered_and_the_session_stays() {
    AtomicReference<CallRefusal> why = new AtomicReference<>();
    rig.lendUnless(why::get, rig.at(WireFormat.OPENAI));
    SocketCaller caller = open("gpt-realtime");
    assertThat(ask(caller, sound(10), "response.done")).contains("completed");
    why.set(CallRefusal.BUDGET_EXHAUSTED);
    int before = provided().size();
    assertThat(ask(caller, sound(10), "error")).contains("\"status\":402", "budget");
    assertThat(provided().subList(before, provided().size()))
        .noneMatch(each -> each.contains("response.create\""));
    why.set(null);
    assertThat(ask(caller, sound(10), "response.done")).contains("resp_2");
  }

  @Test
  void handshakes_name_an_allowed_model_and_may_carry_the_token_as_browsers_do() {
    rig.authorizer.grant(Rig.TOKEN, rig.at(WireFormat.OPENAI), "gpt-realtime");
    String bearer = "Authorization: Bearer " + Rig.TOKEN + "\r\n";
    String key = "Sec-WebSocket-Protocol: openai-insecure-api-key." + Rig.TOKEN;
    assertThat(handshake("?model=gpt-realtime", bearer)).startsWith("HTTP/1.1 101 ");
    assertThat(handshake("?model=gpt-6", bearer))
        .startsWith("HTTP/1.1 403 ")
        .contains("model_not_allowed");
    for (String query : List.of("", "?model=", "?model=gpt-realtime&model=gpt-6", "?model=a%20b")) {
      assertThat(handshake(query, bearer)).as(query).startsWith("HTTP/1.1 400 ");
    }
    assertThat(handshake("?model=gpt-realtime", key + ", realtime\r\n"))
        .startsWith("HTTP/1.1 101 ")
        .containsIgnoringCase("Sec-WebSocket-Protocol: realtime\r\n");
    assertThat(handshake("?model=gpt-realtime", key + ", realtime, openai-beta.realtime-v1\r\n"))
        .startsWith("HTTP/1.1 101 ");
    for (String other :
        List.of(key, key + ", graphql", key + ", realtime, openai-organization.x")) {
      assertThat(handshake("?model=gpt-realtime", other + "\r\n")).startsWith("HTTP/1.1 400 ");
    }
    assertThat(handshake("?model=gpt-realtime", key + "x, realtime\r\n"))
        .startsWith("HTTP/1.1 401 ");
    assertThat(handshake("?model=gpt-realtime", bearer + key + "x, realtime\r\n"))
        .startsWith("HTTP/1.1 400 ");
    assertThat(provided()).noneMatch(each -> each.contains(Rig.TOKEN));
  }

  @Test
  void subprotocols_and_paths_are_those_that_the_provider_knows() {
    String bearer = "Authorization: Bearer " + Rig.TOKEN + "\r\n";
    String offer = bearer + "Sec-WebSocket-Protocol: realtime, openai-beta.realtime-v1\r\n";
    assertThat(handshake("?model=gpt-realtime", offer)).startsWith("HTTP/1.1 101 ");
    Rig.await(() -> !provided().isEmpty());
    assertThat(provided().getFirst()).endsWith("/v1/realtime?model=gpt-realtime realtime");

    TestService azure =
        TestService.at(rig.stub.baseUrl(), WireFormat.OPENAI)
            .lending(
                new Operation("GET realtime"),
                new Operation("GET openai/realtime"),
                new Operation("GET openai/v1/realtime"))
            .forwarding("api-version");
    rig.lend(azure);
    assertThat(handshake("?model=mine", offer)).startsWith("HTTP/1.1 101 ");
    Rig.await(() -> provided().stream().anyMatch(each -> each.contains("model=mine")));
    assertThat(provided())
        .contains("GET /openai/v1/realtime?model=mine realtime, openai-beta.realtime-v1");
    String preview = "?api-version=2024-10-01-preview&deployment=voice";
    assertThat(handshake(preview, bearer)).startsWith("HTTP/1.1 101 ");
    Rig.await(() -> provided().stream().anyMatch(each -> each.contains("deployment")));
    assertThat(provided()).contains("GET /openai/realtime" + preview + " -");
  }

  /** There are more handshakes than a caller may have WebSockets. */
  @ParameterizedTest
  @ValueSource(strings = {"?model=%zz", "?deployment=gpt%2", "?model=%"})
  void refused_handshakes_with_malformed_models_take_no_places(String query) {
    String bearer = "Authorization: Bearer " + Rig.TOKEN + "\r\n";
    for (int n = 0; n <= 64; n++) {
      assertThat(handshake(query, bearer)).startsWith("HTTP/1.1 400 ");
    }
    assertThat(handshake("?model=gpt-realtime", bearer)).startsWith("HTTP/1.1 101 ");
  }

  @Test
  void without_a_handshake_there_is_no_session() {
    try (RawCaller caller = new RawCaller(rig)) {
      assertThat(
              caller
                  .send(
                      "GET "
                          + Rig.path("realtime?model=gpt-realtime")
                          + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                          + Rig.TOKEN
                          + "\r\n\r\n")
                  .untilErrorEnds())
          .startsWith("HTTP/1.1 400 ")
          .contains("WebSocket");
    }
  }

  private static String handshake(String query, String lines) {
    try (RawCaller caller = new RawCaller(rig)) {
      return caller
          .send(
              "GET "
                  + Rig.path("realtime" + query)
                  + " HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                  + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                  + lines
                  + "\r\n")
          .until("\r\n\r\n");
    }
  }
}
