package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.CallTarget;
import io.claviger.domain.standards.WireFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSockets on the URLs that name no service. */
class RoutedConversationsTest {
  @AutoClose private static final Rig rig = new Rig(settings -> settings);

  private int messagesBefore;
  private int callsBefore;

  @BeforeEach
  void begin() {
    rig.lend(WireFormat.OPENAI);
    rig.routing.lead("fast", "alice/my-openai", "gpt-5");
    rig.routing.lead("voice", "alice/my-openai", "gpt-realtime");
    messagesBefore = rig.stub.socketMessages().size();
    callsBefore = rig.authorizer.calls().size();
  }

  @AfterEach
  void allHaveEnded() {
    rig.events.await(() -> rig.events.openConnections() == 0);
    Rig.await(() -> rig.stub.openConnections() == 0);
  }

  private List<String> provided() {
    List<String> all = rig.stub.socketMessages();
    return all.subList(messagesBefore, all.size());
  }

  private static String create(String model) {
    return "{\"type\":\"response.create\",\"model\":\"" + model + "\",\"input\":\"Hi\"}";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/gateway/openai/v1/responses", "/gateway/openai/responses", "/v1/responses"})
  void the_model_of_the_first_message_leads_to_the_service(String path) {
    try (SocketCaller caller = new SocketCaller(rig, path)) {
      assertThat(provided()).isEmpty();
      caller.send(create("fast")).await(1, "response.completed");
      assertThat(provided().getFirst()).contains("\"gpt-5\"").doesNotContain("fast");
      assertThat(rig.authorizer.calls().get(callsBefore).callTarget())
          .isInstanceOf(CallTarget.Service.class);

      caller.send(create("fast")).await(2, "response.completed");
      assertThat(caller.send(create("voice")).await(1, "\"type\":\"error\""))
          .contains("another model");
    }
  }

  @Test
  void a_first_message_without_a_model_is_refused_and_the_next_one_counts() {
    try (SocketCaller caller = new SocketCaller(rig, "/v1/responses")) {
      for (String without :
          List.of(
              "{\"type\":\"response.create\"}",
              "{\"model\":\"fast\",\"Model\":\"voice\"}",
              "nothing")) {
        int before = caller.messages().size();
        caller.send(without).await(before + 1, "\"type\":\"error\"");
      }
      caller.send(create("fast")).await(1, "response.completed");
    }
  }

  @Test
  void twenty_refused_messages_end_the_connection() {
    try (SocketCaller caller = new SocketCaller(rig, "/v1/responses")) {
      for (int i = 0; i < 20; i++) {
        caller.send("{\"A\":1}");
      }
      assertThat(caller.closing()).startsWith("1008 ").contains("refused");
      assertThat(caller.messages()).hasSize(20);
    }
  }

  @Test
  void large_messages_are_read_like_small_ones() {
    String many = "\"A\":1,".repeat(20_000);
    try (SocketCaller caller = new SocketCaller(rig, "/v1/responses")) {
      caller.send("{" + many + "\"b\":2}").send("{}").await(2, "\"type\":\"error\"");
      String large = create("fast").replace("\"Hi\"", "\"" + "Hi".repeat(50_000) + "\"");
      caller.send(large).await(1, "response.completed");
      assertThat(provided().getFirst()).contains("\"gpt-5\"").doesNotContain("fast");
      caller.send(large).await(2, "response.completed");
    }
    rig.events.await(() -> rig.events.openConnections() == 0);
    try (SocketCaller caller = new SocketCaller(rig, "/v1/responses")) {
      caller.send("{" + many + "\"b\":2}"); // and the caller leaves
    }
  }

  @Test
  void a_connection_without_a_model_ends_with_its_token() {
    try (SocketCaller caller = new SocketCaller(rig, "/v1/responses")) {
      rig.routing.refuse(CallRefusal.BAD_TOKEN);
      assertThat(caller.closing()).startsWith("1008 ");
      assertThat(caller.messages().getFirst()).contains("bad_token");
    } finally {
      rig.routing.refuse(null);
    }
  }

  @Test
  void a_connection_ends_with_its_permission_while_the_provider_has_not_answered() {
    try (RawProvider silent = new RawProvider("", false);
        SocketCaller caller = new SocketCaller(rig, "/v1/responses")) {
      rig.lend(TestService.at("http://127.0.0.1:" + silent.port() + "/v1", WireFormat.OPENAI));
      caller.send(create("fast"));
      Rig.await(() -> silent.connections() == 1);
      rig.authorizer.lookingAgain(call -> Optional.of(CallRefusal.BAD_TOKEN));
      assertThat(caller.closing()).startsWith("1008 ");
      assertThat(caller.messages().getFirst()).contains("bad_token");
    } finally {
      rig.authorizer.lookingAgain(call -> Optional.empty());
    }
  }

  @Test
  void a_model_that_leads_nowhere_ends_the_connection() {
    try (SocketCaller caller = new SocketCaller(rig, "/v1/responses")) {
      caller.send(create("unknown"));
      assertThat(caller.closing()).startsWith("1008 ");
      assertThat(caller.messages().getFirst()).contains("model_not_found");
      assertThat(provided()).isEmpty();
    }
  }

  @Test
  void the_model_of_the_query_leads_to_a_session() {
    for (String path :
        List.of(
            "/gateway/openai/v1/realtime?model=voice",
            "/v1/realtime?model=voice",
            "/realtime?model=voice")) {
      try (SocketCaller caller = new SocketCaller(rig, path)) {
        caller.await(1, "session.created");
        caller
            .send("{\"type\":\"session.update\",\"session\":{\"model\":\"voice\"}}")
            .await(1, "session.updated");
        caller.send("{\"type\":\"response.create\"}").await(1, "response.done");
        assertThat(provided()).anyMatch(each -> each.contains("realtime?model=gpt-realtime"));
        assertThat(provided())
            .anyMatch(each -> each.contains("update") && each.contains("gpt-realtime"))
            .noneMatch(each -> each.contains("voice"));
      }
    }
  }

  @Test
  void the_model_of_the_setup_leads_to_a_session() {
    rig.lend(WireFormat.GEMINI);
    rig.routing.lead("talk", "alice/my-openai", "gemini-live");
    String live = "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent";
    for (String path : List.of("/gateway/gemini" + live, live + "?key=" + Rig.TOKEN)) {
      try (SocketCaller caller = new SocketCaller(rig, path)) {
        caller.send("{\"setup\":{\"model\":\"models/talk\"}}").await(1, "setupComplete");
        caller.send("{\"realtimeInput\":{\"text\":\"Hi\"}}").await(1, "turnComplete");
        assertThat(provided()).anyMatch(each -> each.contains("models/gemini-live"));
        assertThat(provided()).noneMatch(each -> each.contains("talk") || each.contains(Rig.TOKEN));
      }
    }
    try (SocketCaller caller = new SocketCaller(rig, live)) {
      assertThat(caller.send("{\"setup\":{}}").closing()).startsWith("1007 ");
    }
  }

  @Test
  void a_socket_is_refused_where_the_format_has_none() {
    try (RawCaller caller = new RawCaller(rig)) {
      assertThat(
              caller
                  .send(
                      "GET /gateway/cohere/v1/responses HTTP/1.1\r\nHost: x\r\n"
                          + "Authorization: Bearer "
                          + Rig.TOKEN
                          + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                          + "Sec-WebSocket-Version: 13\r\n\r\n")
                  .until("}"))
          .startsWith("HTTP/1.1 426 ");
    }
  }
}
