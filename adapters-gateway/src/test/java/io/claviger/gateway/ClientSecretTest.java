package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.connections.ClientSecrets;
import io.claviger.application.connections.port.ClientSecretStore;
import io.claviger.application.fakes.InMemoryClientSecrets;
import io.claviger.application.fakes.InMemoryLinkCipher;
import io.claviger.application.fakes.SeededRandomBytes;
import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.instances.ConnectionTerms;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.standards.WireFormat;
import io.claviger.testkit.http.TestResponse;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Secrets with which browsers open one session. OpenAI's clients request and use them. */
class ClientSecretTest {
  private static final Instant START = Instant.parse("2026-05-04T09:30:00Z");
  private static final AtomicReference<Instant> NOW = new AtomicReference<>(START);
  private static final InMemoryClientSecrets STORE = new InMemoryClientSecrets(NOW::get);

  @AutoClose
  private static final Rig rig =
      new Rig(
          settings ->
              settings.withSecrets(
                  new ClientSecrets(STORE, new InMemoryLinkCipher(), new SeededRandomBytes(3))));

  private static final String SESSION =
      "{\"type\":\"realtime\",\"model\":\"gpt-realtime\",\"instructions\":\"Be \\u0062rief.\","
          + "\"audio\":{\"input\":{\"turn_detection\":null}}}";

  private int messagesBefore;

  @BeforeEach
  void begin() {
    NOW.set(NOW.get().plus(1, ChronoUnit.DAYS));
    rig.lend(WireFormat.OPENAI);
    rig.authorizer.lookingAgain(call -> Optional.empty());
    rig.authorizer.forget();
    messagesBefore = rig.stub.socketMessages().size();
  }

  @AfterEach
  void awaitEnd() {
    Rig.await(() -> rig.stub.openConnections() == 0);
  }

  private static TestResponse ask(String body) {
    return rig.post("v1/realtime/client_secrets", body);
  }

  private static String make() {
    return secretOf(ask("{\"session\":" + SESSION + "}"));
  }

  private static String secretOf(TestResponse made) {
    assertThat(made.status()).as(made.body()).isEqualTo(200);
    return made.body().substring("{\"value\":\"".length(), made.body().indexOf("\","));
  }

  /** A session that is opened with the secret is counted again. */
  @Test
  void making_a_secret_counts_as_a_request_once_its_body_is_whole() {
    AtomicReference<Boolean> isUsedUp = new AtomicReference<>(false);
    rig.authorizer.answer(
        Rig.TOKEN,
        call -> {
          AuthorizedCall given = rig.at(WireFormat.OPENAI).authorized("alice/my-openai");
          if (call.stage().isHead()) {
            return new AuthorizationOutcome.Authorized(given.uncounted());
          }
          return isUsedUp.get()
              ? new AuthorizationOutcome.Refused(CallRefusal.RATE_LIMITED, Optional.empty())
              : new AuthorizationOutcome.Authorized(given);
        });
    for (String path :
        List.of(
            Rig.path("v1/realtime/client_secrets"), "/gateway/openai/v1/realtime/client_secrets")) {
      rig.routing.lead("gpt-realtime", "alice/my-openai", "gpt-realtime");
      isUsedUp.set(false);
      assertThat(tryAt(path).status()).isEqualTo(200);
      isUsedUp.set(true);
      assertThat(tryAt(path).status()).isEqualTo(429);
    }
  }

  private static TestResponse tryAt(String path) {
    return rig.client()
        .send("POST", path, BodyPublishers.ofString("{\"session\":" + SESSION + "}"));
  }

  private List<String> provided() {
    List<String> all = rig.stub.socketMessages();
    return all.subList(messagesBefore, all.size());
  }

  private static String handshake(String secret, String path) {
    try (RawCaller caller = new RawCaller(rig)) {
      return begin(caller, secret, path).until("\r\n\r\n");
    }
  }

  private static RawCaller begin(RawCaller caller, String secret, String path) {
    return caller.send(
        "GET "
            + path
            + " HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Protocol: realtime, openai-insecure-api-key."
            + secret
            + "\r\n\r\n");
  }

  @Test
  void a_secret_opens_one_session_which_gets_its_settings_before_anything_else() {
    TestResponse made = ask("{\"session\":" + SESSION + "}");
    String secret = secretOf(made);
    assertThat(secret).matches("ek_clv_[0-9A-Za-z]{49}");
    assertThat(made.body())
        .endsWith(
            "\",\"expires_at\":"
                + NOW.get().plusSeconds(600).getEpochSecond()
                + ",\"session\":"
                + SESSION
                + "}");
    assertThat(rig.authorizer.calls().getLast().method()).isEqualTo("GET");
    assertThat(rig.authorizer.calls().getLast().path()).isEqualTo("v1/realtime");
    assertThat(provided()).isEmpty();

    try (RawCaller caller = new RawCaller(rig)) {
      String answered =
          begin(caller, secret, Rig.path("v1/realtime")).until("\"type\":\"session.updated\"");
      assertThat(answered).startsWith("HTTP/1.1 101 ").contains("session.created");
    }
    assertThat(provided().get(0)).endsWith("realtime?model=gpt-realtime realtime");
    assertThat(provided().get(1))
        .isEqualTo("{\"type\":\"session.update\",\"session\":" + SESSION + "}");
    assertThat(provided()).noneMatch(each -> each.contains("ek_clv_"));

    assertThat(handshake(secret, Rig.path("v1/realtime"))).startsWith("HTTP/1.1 401 ");
  }

  private static TestResponse askAt(String base, String session) {
    return rig.client()
        .send(
            "POST",
            base + "/realtime/client_secrets",
            BodyPublishers.ofString("{\"session\":" + session + "}"));
  }

  private static void leadVoice() {
    Instance.Id service = TestRouting.target("alice/my-openai", "").id();
    rig.lend(rig.at(WireFormat.OPENAI).identified(service));
    rig.routing.lead("voice", "alice/my-openai", "gpt-realtime");
  }

  @Test
  void on_a_url_that_names_no_service_the_model_of_the_session_leads_to_it() {
    leadVoice();
    String session = SESSION.replace("gpt-realtime", "voice");
    for (String base : List.of("/gateway/openai/v1", "/gateway/openai", "/v1", "")) {
      int before = provided().size();
      TestResponse made = askAt(base, session);
      String secret = secretOf(made);
      assertThat(made.body()).as(base).endsWith(",\"session\":" + session + "}");
      assertThat(rig.authorizer.calls().getLast().method()).isEqualTo("GET");
      assertThat(rig.authorizer.calls().getLast().path()).isEqualTo("realtime");
      assertThat(provided()).hasSize(before);

      assertThat(handshake(secret, base + "/realtime?model=gpt-realtime")).contains(" 400 ");
      try (RawCaller caller = new RawCaller(rig)) {
        begin(caller, secret, base + "/realtime").until("\"type\":\"session.updated\"");
      }
      assertThat(provided().get(before)).endsWith("realtime?model=gpt-realtime realtime");
      assertThat(provided().get(before + 1)).contains("session.update", "Be \\u0062rief.");
      assertThat(provided()).noneMatch(each -> each.contains("voice"));
      assertThat(handshake(secret, base + "/realtime")).startsWith("HTTP/1.1 401 ");
      Rig.await(() -> provided().getLast().startsWith("close "));
    }
  }

  @Test
  void a_secret_leads_to_the_service_for_which_it_was_made_and_nowhere_else() {
    leadVoice();
    String secret = secretOf(askAt("/v1", SESSION.replace("gpt-realtime", "voice")));
    rig.routing.leadToAll("voice", TestRouting.target("alice/other", "gpt-realtime"));
    assertThat(handshake(secret, "/v1/realtime")).startsWith("HTTP/1.1 401 ");
    leadVoice();
    rig.authorizer.revoke(Rig.TOKEN);
    assertThat(handshake(secret, "/v1/realtime")).startsWith("HTTP/1.1 401 ");
    assertThat(provided()).isEmpty();
  }

  @Test
  void what_leads_nowhere_or_is_not_understood_makes_no_secret_at_any_url() {
    leadVoice();
    String session = SESSION.replace("gpt-realtime", "voice");
    assertThat(askAt("/v1", SESSION.replace("gpt-realtime", "nowhere")).status()).isEqualTo(404);
    assertThat(askAt("/v1", "5").status()).isEqualTo(400);
    assertThat(askAt("/v1", "\"" + "a".repeat(20_000) + "\"").status()).isEqualTo(413);
    assertThat(askAt("/gateway/gemini", session).status()).isIn(403, 404);
    rig.authorizer.grant(Rig.TOKEN, rig.at(WireFormat.OPENAI), "gpt-other");
    assertThat(askAt("/v1", session).status()).isEqualTo(403);
    rig.authorizer.revoke(Rig.TOKEN);
    assertThat(askAt("/v1", session).status()).isEqualTo(401);
  }

  @Test
  void a_secret_that_could_not_be_used_is_not_used_up() {
    String secret = make();
    rig.authorizer.answer(
        Rig.TOKEN,
        call -> new AuthorizationOutcome.Refused(CallRefusal.BUDGET_EXHAUSTED, Optional.empty()));
    assertThat(handshake(secret, Rig.path("realtime"))).startsWith("HTTP/1.1 402 ");
    rig.lend(WireFormat.OPENAI);
    assertThat(handshake(secret, Rig.path("realtime?model=gpt-realtime")))
        .startsWith("HTTP/1.1 101 ");
  }

  @Test
  void another_model_and_another_page_do_not_use_a_secret_up() {
    String secret = make();
    assertThat(handshake(secret, Rig.path("realtime?model=gpt-6"))).startsWith("HTTP/1.1 400 ");
    ConnectionTerms terms = ConnectionTerms.of(60, List.of("https://app.example.org"));
    rig.lend(rig.at(WireFormat.OPENAI).connections(terms));
    try (RawCaller caller = new RawCaller(rig)) {
      String page = Rig.path("realtime") + " HTTP/1.1\r\nOrigin: https://elsewhere.example\r\nX: x";
      assertThat(begin(caller, secret, page).until("\r\n\r\n")).startsWith("HTTP/1.1 403 ");
    }
    assertThat(handshake(secret, Rig.path("realtime"))).startsWith("HTTP/1.1 101 ");
    assertThat(handshake(secret, Rig.path("realtime"))).startsWith("HTTP/1.1 401 ");
  }

  @Test
  void a_secret_ends_with_the_token_and_after_ten_minutes() {
    String late = make();
    NOW.set(NOW.get().plusSeconds(600));
    assertThat(handshake(late, Rig.path("realtime"))).startsWith("HTTP/1.1 401 ");

    String revoked = make();
    rig.authorizer.revoke(Rig.TOKEN);
    assertThat(handshake(revoked, Rig.path("realtime"))).startsWith("HTTP/1.1 401 ");
  }

  @Test
  void a_session_that_was_opened_with_a_secret_ends_with_the_token_that_made_it() {
    try (RawCaller caller = new RawCaller(rig)) {
      begin(caller, make(), Rig.path("realtime")).until("session.updated");
      rig.authorizer.forget();
      rig.authorizer.lookingAgain(call -> Optional.of(CallRefusal.BAD_TOKEN));
      assertThat(caller.until("bad_token")).contains("error");
    }
  }

  @Test
  void what_is_asked_for_is_understood_and_permitted() {
    String session = "{\"session\":{\"type\":\"realtime\",\"model\":\"gpt-realtime\"%s}%s}";
    for (String refused :
        List.of(
            "",
            "{}",
            "[]",
            "{\"session\":[]}",
            "{\"session\":{\"type\":\"realtime\"}}",
            "{\"session\":{\"model\":5}}",
            "{\"session\":{\"model\":\"a b\"}}",
            "{\"session\":{\"model\":\"a\",\"model\":\"b\"}}",
            session.formatted(",\"prompt\":{\"id\":\"pmpt_1\"}", ""),
            session.formatted(",\"tracing\":\"auto\"", ""),
            session.formatted(",\"tools\":[{\"type\":\"mcp\"}]", ""),
            session.formatted(",\"instructions\":\"" + "a".repeat(16 << 10) + "\"", ""),
            session.formatted("", ",\"store\":true"),
            session.formatted("", ",\"session\":{\"model\":\"gpt-6\"}"),
            session.formatted("", ",\"expires_after\":{\"seconds\":5}"),
            session.formatted("", ",\"expires_after\":{\"seconds\":\"60\"}"),
            session.formatted("", ",\"expires_after\":{\"anchor\":\"created_at\"}"),
            session.formatted("", ",\"expires_after\":{\"anchor\":\"never\",\"seconds\":60}"),
            session.formatted("", ",\"expires_after\":60"),
            session.formatted("", ",\"expires_after\":null"),
            "{\"session\":{\"type\":\"transcription\",\"model\":\"gpt-realtime\"}}")) {
      assertThat(ask(refused).status()).as(refused).isEqualTo(400);
    }
    assertThat(ask("{\"session\":\"" + "a".repeat(20_000) + "\"}").status()).isEqualTo(413);
    TestResponse soon =
        ask(session.formatted("", ",\"expires_after\":{\"anchor\":\"created_at\",\"seconds\":60}"));
    assertThat(soon.body())
        .contains("\"expires_at\":" + NOW.get().plusSeconds(60).getEpochSecond());
    TestResponse long1 = ask(session.formatted("", ",\"expires_after\":{\"seconds\":7200}"));
    assertThat(long1.body())
        .contains("\"expires_at\":" + NOW.get().plusSeconds(600).getEpochSecond());

    rig.authorizer.grant(Rig.TOKEN, rig.at(WireFormat.OPENAI), "gpt-other");
    assertThat(ask("{\"session\":" + SESSION + "}").status()).isEqualTo(403);
    rig.authorizer.revoke(Rig.TOKEN);
    assertThat(ask("{\"session\":" + SESSION + "}").status()).isEqualTo(401);
  }

  @Test
  void nobody_has_any_number_of_secrets() {
    for (int i = 0; i < ClientSecretStore.MOST_OF_USER; i++) {
      assertThat(make()).startsWith("ek_clv_");
    }
    TestResponse refused = ask("{\"session\":" + SESSION + "}");
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.body()).contains("too_many_client_secrets");
  }

  /** The token was refreshed, or the service was deleted, after the call was authorized. */
  @Test
  void a_token_or_service_that_ends_at_the_same_time_is_refused_like_one_that_has_ended() {
    String body = "{\"session\":" + SESSION + "}";
    STORE.refuse(Optional.of(ClientSecretStore.Why.TOKEN_ENDED));
    assertThat(ask(body).isRefused(401, "bad_token").body()).doesNotContain("ek_clv_");
    STORE.refuse(Optional.of(ClientSecretStore.Why.SERVICE_ENDED));
    assertThat(ask(body).isRefused(404, "not_found").body()).doesNotContain("ek_clv_");
    STORE.refuse(Optional.empty());
    assertThat(ask(body).status()).isEqualTo(200);
  }

  @Test
  void a_secret_is_no_token_and_what_would_flow_past_the_gateway_is_refused() {
    String secret = make();
    assertThat(
            rig.anonymous()
                .withToken(secret)
                .with("Content-Type", "application/json")
                .send(
                    "POST",
                    Rig.path("v1/realtime/client_secrets"),
                    BodyPublishers.ofString("{\"session\":" + SESSION + "}"))
                .status())
        .isEqualTo(401);
    assertThat(rig.anonymous().withToken(secret).get(Rig.path("v1/models")).status())
        .isEqualTo(401);
    int before = rig.stub.requests().size();
    for (String path :
        List.of(
            "v1/realtime/calls",
            "realtime/calls/rtc_1/accept",
            "v1/realtime/sessions",
            "realtime/transcription_sessions",
            "realtime/translations/client_secrets",
            "v1/live/sessions",
            "live/sessions/ls_1/fork",
            "chatkit/sessions")) {
      TestResponse refused = rig.post(path, "{}");
      assertThat(refused.status()).as(path).isEqualTo(403);
      assertThat(refused.body()).as(path).contains("bypass the gateway");
    }
    assertThat(rig.stub.requests()).hasSize(before);
  }
}
