package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.budgets.CallSpending;
import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.spending.CallUse;
import io.claviger.domain.spending.CallUse.Evidence;
import io.claviger.domain.standards.WireFormat;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
  @AutoClose private static final HttpClient http = HttpClient.newHttpClient();

  private final List<WebSocket> open = new ArrayList<>();
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
    open.forEach(WebSocket::abort);
    rig.events.await(() -> rig.events.openConnections() == 0);
    Rig.await(() -> rig.stub.openConnections() == 0);
  }

  private static final class Received implements WebSocket.Listener {
    final List<String> messages = new CopyOnWriteArrayList<>();
    final CompletableFuture<String> closed = new CompletableFuture<>();
    private final StringBuilder begun = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      begun.append(data);
      if (last) {
        messages.add(begun.toString());
        begun.setLength(0);
      }
      socket.request(1);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      closed.complete(code + " " + reason);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      closed.complete("broken");
    }

    /** Awaits the message after this many that is of a type. */
    String next(int after, String type) {
      Rig.await(() -> find(after, type).isPresent());
      return find(after, type).orElseThrow();
    }

    private Optional<String> find(int after, String type) {
      return messages.stream().skip(after).filter(each -> isOf(each, type)).findFirst();
    }

    private static boolean isOf(String message, String type) {
      return message.startsWith("{\"type\":\"" + type + "\"");
    }
  }

  private WebSocket open(String model, Received received) {
    WebSocket opened =
        http.newWebSocketBuilder()
            .header("Authorization", "Bearer " + Rig.TOKEN)
            .buildAsync(uri("realtime?model=" + model), received)
            .join();
    open.add(opened);
    return opened;
  }

  private static URI uri(String path) {
    return URI.create(rig.url(path).replace("http:", "ws:"));
  }

  private static void send(WebSocket socket, String message) {
    WebSocket unused = socket.sendText(message, true).join();
  }

  /** Sends a message and awaits what answers it. */
  private static String ask(WebSocket socket, Received received, String message, String type) {
    int before = received.messages.size();
    send(socket, message);
    return received.next(before, type);
  }

  private List<String> provided() {
    List<String> all = rig.stub.socketMessages();
    return all.subList(messagesBefore, all.size());
  }

  private void reserve(boolean strict) {
    rig.authorizer.answer(
        Rig.TOKEN,
        call ->
            new AuthorizationOutcome.Authorized(
                rig.at(WireFormat.OPENAI)
                    .authorized("alice/my-openai")
                    .with(
                        true,
                        call.stage().isHead() ? CallSpending.NONE : spending.reserve(strict))));
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
    Received received = new Received();
    WebSocket socket = open("gpt-realtime", received);
    send(socket, ASKED);
    send(socket, sound(1_000));
    send(socket, "{\"type\":\"input_audio_buffer.commit\"}");
    send(socket, "{\"event_id\":\"mine\",\"type\":\"response.create\"}");
    assertThat(received.next(0, "response.done")).contains("completed");
    assertThat(charged(1).evidence()).isEqualTo(Evidence.STATED);
    assertThat(charged(1).usage().input()).isEqualTo(1_010);
    assertThat(charged(1).usage().parts().audioInput()).isEqualTo(1_000);
    assertThat(charged(1).usage().parts().audioOutput()).isEqualTo(3);

    String item =
        "{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"message\",\"role\":\"user\","
            + "\"content\":[{\"type\":\"input_text\",\"text\":\"Hi\"}]}}";
    assertThat(ask(socket, received, item, "conversation.item.added")).contains("input_text");
    String create =
        "{\"type\":\"response.create\",\"response\":{\"max_output_tokens\":50,"
            + "\"conversation\":\"auto\",\"tools\":[{\"type\":\"function\",\"name\":\"f\","
            + "\"parameters\":{\"properties\":{\"model\":{\"type\":\"string\"}}}}]}}";
    assertThat(ask(socket, received, create, "response.done")).contains("resp_2");
    assertThat(charged(2).usage().parts().cachedInput()).isEqualTo(10);

    assertThat(provided().getFirst()).endsWith("realtime?model=gpt-realtime -");
    assertThat(provided()).noneMatch(each -> each.contains("mine") || each.contains(Rig.TOKEN));
    assertThat(received.messages).noneMatch(each -> each.contains("rate_limits"));
    assertThat(rig.events.awaitFinished(finishedBefore + 1).used().orElseThrow().model().name())
        .isEqualTo("gpt-realtime");
  }

  @Test
  void what_cant_be_bounded_or_understood_is_refused_and_the_session_stays() {
    Received received = new Received();
    WebSocket socket = open("gpt-realtime", received);
    assertThat(ask(socket, received, ASKED, "session.updated")).contains("null");
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
        received = new Received();
        socket = open("gpt-realtime", received);
      }
      int before = provided().size();
      assertThat(ask(socket, received, refused, "error"))
          .as(refused)
          .contains("\"status\":400", "bad_request");
      assertThat(provided()).as(refused).hasSize(before);
    }
    assertThat(ask(socket, received, CREATE, "response.done")).contains("completed");
  }

  /** It was permitted when it came, and may have waited for a thread that reads it. */
  @Test
  void a_large_message_passes_only_if_that_is_still_permitted_once_it_was_read() {
    Received received = new Received();
    WebSocket socket = open("gpt-realtime", received);
    String begun = received.next(0, "session.created");
    assertThat(begun).isNotEmpty();
    AtomicInteger asked = new AtomicInteger();
    rig.authorizer.lookingAgain(
        call ->
            asked.getAndIncrement() == 0 ? Optional.empty() : Optional.of(CallRefusal.BAD_TOKEN));
    rig.authorizer.forget();
    send(
        socket,
        "{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"message\",\"role\":\"user\","
            + "\"content\":[{\"type\":\"input_text\",\"text\":\""
            + "a".repeat(20_000)
            + "\"}]}}");

    Rig.await(received.closed::isDone);
    assertThat(received.closed.join()).startsWith("1008 ");
    assertThat(provided()).noneMatch(each -> each.contains("conversation.item.create"));
  }

  @Test
  void a_budget_that_ends_in_the_middle_of_a_conversation_is_said_and_the_session_stays() {
    AtomicReference<CallRefusal> why = new AtomicReference<>();
    rig.authorizer.answer(
        Rig.TOKEN,
        call ->
            call.stage().isHead() || why.get() == null
                ? new AuthorizationOutcome.Authorized(
                    rig.at(WireFormat.OPENAI).authorized("alice/my-openai"))
                : new AuthorizationOutcome.Refused(why.get(), Optional.empty()));
    Received received = new Received();
    WebSocket socket = open("gpt-realtime", received);

    assertThat(ask(socket, received, CREATE, "response.done")).contains("completed");
    why.set(CallRefusal.BUDGET_EXHAUSTED);
    assertThat(ask(socket, received, CREATE, "error")).contains("\"status\":402", "budget");
    why.set(null);
    assertThat(ask(socket, received, CREATE, "response.done")).contains("resp_2");
  }

  /** Errors name the message that they are about, by an id that the caller can't have chosen. */
  @Test
  void an_error_about_another_message_does_not_make_a_response_free() {
    reserve(false);
    Received received = new Received();
    WebSocket socket = open("rt-silent", received);
    int before = received.messages.size();
    send(socket, CREATE.replace("}", ",\"event_id\":\"x\"}"));
    received.next(before, "response.created");
    String wrong = "{\"type\":\"conversation.item.delete\",\"item_id\":\"i\",\"event_id\":\"x\"}";
    assertThat(ask(socket, received, wrong, "error")).contains("item_not_found");
    assertThat(ask(socket, received, CREATE, "error")).contains("under way");
    String cancel = "{\"type\":\"response.cancel\"}";
    assertThat(ask(socket, received, cancel, "response.done")).contains("cancelled");
    assertThat(charged(1).usage().output()).isEqualTo(4);

    WebSocket refusing = open("rt-refuses", received);
    assertThat(ask(refusing, received, CREATE, "error")).contains("active_response");
    assertThat(spending.awaitEnds(2).get(1).charged().orElseThrow().evidence())
        .isEqualTo(Evidence.REFUSED);
  }

  @Test
  void a_response_that_breaks_off_is_estimated_by_seconds_of_sound() {
    reserve(false);
    Received received = new Received();
    WebSocket socket = open("rt-silent", received);
    assertThat(ask(socket, received, ASKED, "session.updated")).contains("null");
    send(socket, sound(64_000 * 3));
    send(socket, CREATE);
    received.next(0, "response.output_audio.delta");

    socket.abort();

    assertThat(charged(1).evidence()).isEqualTo(Evidence.UNKNOWN);
    assertThat(charged(1).usage().parts().audioInput()).isEqualTo(31); // three seconds
    assertThat(charged(1).usage().parts().audioOutput()).isEqualTo(3); // a tenth of a second
  }

  @Test
  void a_provider_that_does_what_nobody_asked_for_ends_the_session() {
    for (String model : List.of("rt-unasked", "rt-leaks")) {
      Received received = new Received();
      send(open(model, received), CREATE);
      Rig.await(received.closed::isDone);
      assertThat(received.closed.join()).as(model).startsWith("1011");
      assertThat(received.messages).noneMatch(each -> each.contains("sk-stub"));
    }
    Received received = new Received();
    WebSocket socket = open("rt-stubborn", received);
    assertThat(ask(socket, received, ASKED, "session.updated")).contains("server_vad");
    assertThat(ask(socket, received, sound(10), "error")).contains("turn_detection: null");
    assertThat(provided()).noneMatch(each -> each.contains("append"));
  }

  /** The provider is told to begin no response, so that each is reserved before it begins. */
  @Test
  void turns_that_the_provider_detects_are_answered_and_charged_one_by_one() {
    reserve(true);
    Received received = new Received();
    WebSocket socket = open("gpt-realtime", received);
    assertThat(ask(socket, received, sound(100), "response.done")).contains("completed");
    assertThat(received.messages).noneMatch(each -> each.contains("session.updated"));
    assertThat(charged(1).evidence()).isEqualTo(Evidence.STATED);
    assertThat(charged(1).usage().parts().audioInput()).isEqualTo(100);
    assertThat(provided()).anyMatch(each -> each.contains("\"create_response\":false"));

    String detect =
        "{\"type\":\"session.update\",\"session\":{\"audio\":{\"input\":{\"turn_detection\":"
            + "{\"type\":\"semantic_vad\",\"create_response\":true}}}}}";
    assertThat(ask(socket, received, detect, "session.updated"))
        .contains("create_response\":false");
    assertThat(ask(socket, received, sound(50), "response.done")).contains("resp_2");
    assertThat(charged(2).usage().parts().audioInput()).isEqualTo(150);

    int before = provided().size();
    String silent = detect.replace("true", "false");
    assertThat(ask(socket, received, silent, "session.updated")).contains("semantic_vad");
    assertThat(ask(socket, received, sound(50), "input_audio_buffer.committed")).isNotEmpty();
    assertThat(ask(socket, received, ASKED, "session.updated")).contains("null");
    assertThat(provided().subList(before, provided().size()))
        .noneMatch(each -> each.contains("response.create\""));
  }

  @Test
  void a_turn_that_the_budget_does_not_cover_is_not_answered_and_the_session_stays() {
    AtomicReference<CallRefusal> why = new AtomicReference<>();
    rig.authorizer.answer(
        Rig.TOKEN,
        call ->
            call.stage().isHead() || why.get() == null
                ? new AuthorizationOutcome.Authorized(
                    rig.at(WireFormat.OPENAI).authorized("alice/my-openai"))
                : new AuthorizationOutcome.Refused(why.get(), Optional.empty()));
    Received received = new Received();
    WebSocket socket = open("gpt-realtime", received);
    assertThat(ask(socket, received, sound(10), "response.done")).contains("completed");
    why.set(CallRefusal.BUDGET_EXHAUSTED);
    int before = provided().size();
    assertThat(ask(socket, received, sound(10), "error")).contains("\"status\":402", "budget");
    assertThat(provided().subList(before, provided().size()))
        .noneMatch(each -> each.contains("response.create\""));
    why.set(null);
    assertThat(ask(socket, received, sound(10), "response.done")).contains("resp_2");
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
