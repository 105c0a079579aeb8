package io.claviger.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.application.budgets.CallSpending;
import io.claviger.application.capacity.CapacityTurns;
import io.claviger.application.capacity.CapacityTurns.TurnRefusal;
import io.claviger.application.connections.NodeConnections;
import io.claviger.application.connections.port.ConnectionStore;
import io.claviger.application.connections.port.ConnectionStore.ConnectionCounts;
import io.claviger.application.fakes.InMemoryConnections;
import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.domain.fairness.CapacityTerms;
import io.claviger.domain.fairness.PaceLimit;
import io.claviger.domain.fairness.PaceUse;
import io.claviger.domain.instances.ConnectionTerms;
import io.claviger.domain.names.Attribution;
import io.claviger.domain.names.CallerField;
import io.claviger.domain.names.NamingRules;
import io.claviger.domain.names.PromptCache;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.spending.CallCharge;
import io.claviger.domain.spending.CallUse;
import io.claviger.domain.spending.CallUse.Evidence;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.events.CallDescription;
import io.claviger.gateway.events.GatewayEvents.FinishedCall;
import io.netty.util.internal.ThreadExecutorMap;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Responses over a WebSocket, with the JDK's client, as "WebSocket mode" of OpenAI's documentation
 * describes them.
 */
@Tag("slow")
class ConversationTest {
  private static final NamingRules OF_OPENAI =
      new NamingRules(PromptCache.PER_CALLER, Attribution.ON, Set.of(CallerField.values()));
  private static final String HANDSHAKE =
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
          + "Sec-WebSocket-Version: 13\r\n";

  private static final NodeConnections OPENED = new NodeConnections("node", System::nanoTime);

  /** All tests take turns at these, because each gateway costs time. */
  @AutoClose
  private static final Rig rig =
      new Rig(settings -> settings.withTurns(new TurnsOfTest()).withOpened(OPENED));

  private final List<SocketCaller> open = new ArrayList<>();
  private final RecordedSpending spending = new RecordedSpending();
  private static volatile ScriptedTurns turns = new ScriptedTurns();

  private int finishedBefore;
  private int waitsBefore;
  private int messagesBefore;

  @BeforeEach
  void begin() {
    rig.lend(WireFormat.OPENAI);
    rig.authorizer.lookingAgain(call -> Optional.empty());
    rig.authorizer.forget();
    turns = new ScriptedTurns();
    waitsBefore = rig.events.waits().size();
    finishedBefore = rig.events.finishedSoFar();
    messagesBefore = rig.stub.socketMessages().size();
  }

  @AfterEach
  void closeAll() {
    open.forEach(SocketCaller::close);
    rig.events.await(() -> rig.events.openConnections() == 0); // so all calls have finished
    Rig.await(() -> rig.stub.openConnections() == 0);
  }

  /** Delegates to the turns of the running test. */
  private static final class TurnsOfTest implements CapacityTurns {
    @Override
    public boolean readsBody(CapacityTerms terms) {
      return turns.readsBody(terms);
    }

    @Override
    public TurnDecision take(WaitingCall call) {
      return turns.take(call);
    }
  }

  private FinishedCall finished(int number) {
    return rig.events.awaitFinished(finishedBefore + number);
  }

  private void awaitFinished(int count) {
    rig.events.await(() -> rig.events.finishedSoFar() == finishedBefore + count);
  }

  private List<String> sinceBefore() {
    List<String> all = rig.stub.socketMessages();
    return all.subList(messagesBefore, all.size());
  }

  private int messagesToProvider() {
    return rig.stub.socketMessages().size() - messagesBefore;
  }

  private SocketCaller open() {
    return open("other");
  }

  private SocketCaller open(String originator) {
    SocketCaller opened = new SocketCaller(rig, Rig.path("responses"), "originator", originator);
    open.add(opened);
    return opened;
  }

  private static String create(String model, String more) {
    return "{\"type\":\"response.create\",\"model\":\""
        + model
        + "\",\"input\":\"Hi\""
        + more
        + "}";
  }

  private String provided(int number) {
    Rig.await(() -> messagesToProvider() >= number);
    return rig.stub.socketMessages().get(messagesBefore + number - 1);
  }

  @Test
  void each_response_is_counted_as_a_call_and_may_go_on_from_one_of_the_connection() {
    // Storage is not lent here, because no ledger would record the objects.
    rig.lend(rig.at(WireFormat.OPENAI).naming(OF_OPENAI).storing(ObjectKind.RESPONSES));
    SocketCaller caller = open();

    caller.send(create("gpt-5", ""));
    assertThat(caller.message(1)).contains("response.created");
    assertThat(caller.message(3)).contains("response.completed");
    assertThat(provided(1)).contains("\"store\":false").doesNotContain(Rig.TOKEN);
    FinishedCall first = finished(1);
    assertThat(first.used().orElseThrow().model().name()).isEqualTo("gpt-5");
    assertThat(first.used().orElseThrow().counts().inputTokens()).isEqualTo(1);
    assertThat(first.used().orElseThrow().counts().outputTokens()).isEqualTo(4);

    String id = caller.message(1).replaceFirst(".*\"(resp_\\w+)\".*", "$1");
    caller.send(create("gpt-5", ",\"previous_response_id\":\"" + id + "\""));
    assertThat(caller.message(6)).contains("response.completed");
    assertThat(provided(2)).contains("\"previous_response_id\":\"" + id + "\"");

    caller.send(create("gpt-5", ",\"previous_response_id\":\"resp_of_another\""));
    assertThat(caller.message(7))
        .contains("\"type\":\"error\"")
        .contains("previous_response_not_found");
    caller.send("{\"type\":\"response.create\",\"Type\":\"x\"}");
    assertThat(caller.message(8)).contains("\"type\":\"error\"").contains("response.create");
    caller.send(create("gpt-5", ""));
    assertThat(caller.message(11)).contains("response.completed");
    assertThat(messagesToProvider()).isEqualTo(3);

    caller.leave("done");
    assertThat(provided(4)).isEqualTo("close 1000");
    awaitFinished(4);
    assertThat(finished(4).used()).isEmpty();
  }

  /** LiteLLM encodes several ids into one, so its ids are long. */
  @Test
  void a_response_with_a_long_id_can_be_continued_and_its_request_for_approval_answered() {
    rig.lend(rig.at(WireFormat.OPENAI).naming(OF_OPENAI));
    String response = "resp_" + "r".repeat(595);
    String request = "mcpr_" + "m".repeat(595);
    String tooLong = "resp_" + "x".repeat(ObjectName.LONGEST - 4);
    String asks =
        "{'type':'response.output_item.done','item':{'id':'%s','type':'mcp_approval_request'}}"
            .formatted(request);
    String completed = "{'type':'response.completed','response':{'id':'%s'}}";
    SocketCaller caller = open();
    caller.send(plays(asks + "|" + completed.formatted(response)));
    assertThat(caller.message(2)).contains("response.completed");
    caller.send(plays(completed.formatted(tooLong)));
    assertThat(caller.message(3)).contains("response.completed");

    String approval =
        "[{\"type\":\"mcp_approval_response\",\"approve\":true,\"approval_request_id\":\"%s\"}]"
            .formatted(request);
    String next = create("gpt-5", ",\"previous_response_id\":\"%s\"");
    caller.send(next.formatted(response).replace("\"Hi\"", approval));
    assertThat(provided(3)).contains("\"" + response + "\"", "\"" + request + "\"");
    // The simulated provider answers an approval with an error.
    assertThat(caller.message(4)).contains("\"type\": \"error\"");

    for (String unknown : List.of(tooLong, "")) {
      caller.send(next.formatted(unknown));
    }
    assertThat(caller.message(5)).contains("\"type\":\"error\"");
    assertThat(caller.message(6)).contains("\"type\":\"error\"");
    assertThat(messagesToProvider()).isEqualTo(3);
  }

  @Test
  void an_approval_names_only_a_request_of_its_own_connection() {
    rig.lend(rig.at(WireFormat.OPENAI).naming(OF_OPENAI));
    String asks =
        "{'type':'response.output_item.done',"
            + "'item':{'id':'mcpr_own','type':'mcp_approval_request'}}";
    String says = "{'type':'response.output_item.done','item':{'id':'msg_own','type':'message'}}";
    String completed = "{'type':'response.completed','response':{'id':'resp_own'}}";
    SocketCaller caller = open();
    caller.send(plays(asks + "|" + says + "|" + completed));
    assertThat(caller.message(3)).contains("response.completed");

    String approval =
        "{\"type\":\"mcp_approval_response\",\"approve\":true,\"approval_request_id\":\"%s\"}";
    String approvals =
        "[" + approval.formatted("mcpr_own") + "," + approval.formatted("mcpr_of_bob") + "]";
    String next = create("gpt-5", ",\"previous_response_id\":\"resp_own\"");
    caller.send(next.replace("\"Hi\"", approvals));
    assertThat(provided(2))
        .contains("\"resp_own\"", "\"mcpr_own\"", "\"mcpr_1\"")
        .doesNotContain("mcpr_of_bob");

    open().send(create("gpt-5", "").replace("\"Hi\"", approvals));
    assertThat(provided(3))
        .contains("\"mcpr_1\"", "\"mcpr_2\"")
        .doesNotContain("mcpr_own", "mcpr_of_bob");
  }

  /** As "WebSocket mode" of OpenAI's documentation describes streams. */
  @Test
  void in_each_of_16_streams_one_response_is_under_way() {
    SocketCaller caller = open();
    for (int i = 1; i <= 16; i++) {
      caller.send(create("ws-silent", ",\"stream_id\":\"s" + i + "\""));
      assertThat(caller.message(i)).contains("response.created", "\"stream_id\":\"s" + i + "\"");
    }
    caller.send(create("ws-silent", ",\"stream_id\":\"s1\""));
    assertThat(caller.message(17)).contains("\"stream_id\":\"s1\"", "under way");
    caller.send(create("ws-silent", ",\"stream_id\":\"s17\""));
    assertThat(caller.message(18)).contains("\"stream_id\":\"s17\"", "16 streams");
    for (String bad : List.of("\"\"", "\"a b\"", "5", "\"s1\",\"Stream_id\":\"s2\"")) {
      int before = caller.messages().size();
      caller.send(create("gpt-5", ",\"stream_id\":" + bad));
      assertThat(caller.message(before + 1)).as(bad).contains("\"status\":400", "stream_id");
    }
    caller.close();
    awaitFinished(17);
  }

  @Test
  void a_stream_is_free_again_once_its_response_is_complete() {
    rig.lend(rig.at(WireFormat.OPENAI).naming(OF_OPENAI).storing(ObjectKind.RESPONSES));
    SocketCaller caller = open();
    caller.send(create("ws-silent", ",\"stream_id\":\"slow\""));
    assertThat(caller.message(1)).contains("\"stream_id\":\"slow\"");
    for (int i = 0; i < 2; i++) {
      caller.send(create("gpt-5", ",\"stream_id\":\"main\""));
      assertThat(caller.message(4 + 3 * i))
          .contains("response.completed", "\"stream_id\":\"main\"");
    }
    assertThat(finished(1).used().orElseThrow().counts().outputTokens()).isEqualTo(4);
  }

  @Test
  void nothing_passes_once_the_permission_is_withdrawn() {
    SocketCaller caller = open();
    caller.send(create("ws-silent", ""));
    assertThat(caller.message(1)).contains("response.created");

    rig.authorizer.lookingAgain(call -> Optional.of(CallRefusal.BAD_TOKEN));
    rig.authorizer.forget();
    caller.send(create("gpt-5", ""));

    assertThat(caller.closing()).startsWith("1008 ");
    assertThat(caller.message(2)).contains("bad_token");
    assertThat(provided(2)).startsWith("close ");
    assertThat(finished(1).code()).isPresent();
    assertThat(finished(1).used().orElseThrow().counts().inputTokens()).isPositive();
  }

  @Test
  void a_connection_continues_when_storage_is_withdrawn_that_it_can_not_use() {
    TestService lent = rig.at(WireFormat.OPENAI).storing(ObjectKind.FILES, ObjectKind.RESPONSES);
    rig.authorizer.grant(Rig.TOKEN, lent);
    SocketCaller caller = open();
    rig.authorizer.grant(Rig.TOKEN, rig.at(WireFormat.OPENAI));
    rig.authorizer.restrict("alice/my-openai", rig.at(WireFormat.OPENAI));
    rig.authorizer.awaitLooksAgain(2);
    caller.send(create("gpt-5", ""));

    assertThat(caller.message(1)).contains("response.created");
  }

  /** Other calls occupy all places for queries of the database. */
  @Test
  void a_message_waits_for_a_place_to_ask_whether_it_is_permitted() throws Exception {
    SocketCaller caller = open();
    CountDownLatch free = new CountDownLatch(1);
    List<RawCaller> others = new ArrayList<>();
    try {
      for (int i = 0; i < 256; i++) {
        String token = "clv_other" + i / 100;
        rig.authorizer.answer(
            token,
            call -> {
              try {
                free.await();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
              return new AuthorizationOutcome.Refused(CallRefusal.BAD_TOKEN, Optional.empty());
            });
        int before = rig.authorizer.calls().size();
        others.add(
            new RawCaller(rig)
                .send(
                    ("GET "
                        + Rig.path("models")
                        + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                        + token
                        + "\r\n\r\n")));
        Rig.await(() -> rig.authorizer.calls().size() > before);
      }
      rig.authorizer.forget();
      caller.send(create("gpt-5", ""));
      assertThatThrownBy(() -> caller.closed().get(200, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
    } finally {
      free.countDown();
      others.forEach(RawCaller::close);
    }
    assertThat(caller.message(3)).contains("response.completed");
  }

  @Test
  void a_connection_that_is_quiet_ends_with_its_permission() {
    SocketCaller caller = open();

    rig.authorizer.lookingAgain(call -> Optional.of(CallRefusal.USER_SUSPENDED));

    assertThat(caller.closing()).startsWith("1008 ");
    assertThat(provided(1)).startsWith("close ");
  }

  @Test
  void a_handshake_that_the_provider_has_not_answered_ends_with_its_permission() {
    try (RawProvider silent = new RawProvider("", false);
        RawCaller caller = new RawCaller(rig)) {
      rig.lend(TestService.at("http://127.0.0.1:" + silent.port() + "/v1", WireFormat.OPENAI));
      caller.send(RawCaller.head("GET", "responses") + HANDSHAKE + "\r\n");
      Rig.await(() -> silent.connections() == 1);
      rig.authorizer.lookingAgain(call -> Optional.of(CallRefusal.BAD_TOKEN));

      assertThat(caller.until("\r\n\r\n")).startsWith("HTTP/1.1 401 ");
      assertThat(finished(1).code()).contains("bad_token");
    }
  }

  @Test
  void a_connection_ends_with_its_permission_although_its_caller_reads_nothing() {
    try (RawCaller caller = new RawCaller(rig)) {
      caller.send(RawCaller.head("GET", "responses") + HANDSHAKE + "\r\n");
      assertThat(caller.until("\r\n\r\n")).startsWith("HTTP/1.1 101 ");
      RawFrames frames = new RawFrames(true, new SplittableRandom(1));
      frames.add(RawFrames.TEXT | RawFrames.LAST, create("ws-floods", ""));
      caller.send(new String(frames.all(), ISO_8859_1));
      Rig.await(() -> messagesToProvider() == 1);
      LockSupport.parkNanos(Duration.ofSeconds(1).toNanos()); // until nothing more can be written
      rig.authorizer.lookingAgain(call -> Optional.of(CallRefusal.BAD_TOKEN));
      long began = System.nanoTime();

      Rig.await(() -> rig.stub.openConnections() == 0);
      rig.events.await(() -> rig.events.openConnections() == 0);
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    }
  }

  @Test
  void a_model_that_is_not_allowed_is_refused_and_the_connection_stays() {
    rig.authorizer.grant(Rig.TOKEN, rig.at(WireFormat.OPENAI), "gpt-5");
    SocketCaller caller = open();

    caller.send(create("gpt-6", ""));
    assertThat(caller.message(1)).contains("model_not_allowed");
    caller.send(create("gpt-5", ""));
    assertThat(caller.message(4)).contains("response.completed");
  }

  @Test
  void with_the_callers_own_key_a_message_passes_as_it_came() {
    rig.lend(rig.at(WireFormat.OPENAI).from(KeySource.USER));
    SocketCaller caller = open();
    String asked = create("gpt-5", ",\"previous_response_id\":\"resp_of_mine\", \"store\" : true");

    caller.send(asked);

    assertThat(caller.message(1)).contains("error"); // the stub knows no such response
    assertThat(provided(1)).isEqualTo(asked);
  }

  @Test
  void a_provider_that_misbehaves_ends_the_connection() {
    for (String model : List.of("ws-closes", "ws-breaks", "ws-leaks", "ws-plays")) {
      SocketCaller caller = open();
      int before = rig.events.finishedSoFar();

      // The last one goes on in HTTP.
      caller.send(create(model, "").replace("Hi", "HTTP/1.1 200 OK"));

      assertThat(caller.closing()).as(model).startsWith("1011");
      assertThat(caller.messages()).noneMatch(each -> each.contains("sk-stub"));
      assertThat(rig.events.awaitFinished(before + 1).used()).isPresent();
      rig.events.await(() -> rig.events.finishedSoFar() == before + 2);
    }
  }

  @Test
  void what_nobody_asked_for_does_not_pass_and_what_is_unstated_is_estimated() {
    SocketCaller caller = open();
    caller.send(create("ws-unasked", ""));
    caller.send("{}");
    Rig.await(() -> caller.messages().stream().anyMatch(each -> each.contains("\"error\"")));
    Rig.await(() -> caller.messages().size() >= 4);
    caller.send(create("ws-unstated", ""));
    assertThat(caller.message(7)).contains("response.completed");

    assertThat(caller.messages()).noneMatch(each -> each.contains("resp_of_others"));
    assertThat(finished(2).used().orElseThrow().counts().outputTokens()).isPositive();
  }

  @Test
  void a_connection_is_seen_until_somebody_ends_it() {
    InMemoryConnections seen = new InMemoryConnections();
    ConnectionStore.Question all =
        new ConnectionStore.Question(
            TestService.OWNER, Optional.empty(), Optional.empty(), Optional.empty());
    SocketCaller caller = open();
    caller.send(create("gpt-5", ""));
    assertThat(caller.message(3)).contains("response.completed");
    Rig.await(() -> OPENED.count() == 1);
    assertThat(finished(1).used()).isPresent();

    OPENED.report(seen);
    ConnectionStore.OpenConnection shown = seen.list(all, Optional.empty(), 9).getFirst();
    assertThat(shown.counts().messages()).isGreaterThan(2);
    assertThat(shown.counts()).isEqualTo(new ConnectionCounts(shown.counts().messages(), 1, 1, 4));
    assertThat(seen.end(shown.id(), all)).isTrue();
    OPENED.report(seen);

    assertThat(caller.closing()).startsWith("1008 Somebody who may end this");
    assertThat(caller.messages().getLast()).contains("connection_ended");
    Rig.await(() -> OPENED.count() == 0);
  }

  @Test
  void the_log_of_calls_tells_which_responses_are_of_which_connection() {
    int before = rig.events.describedSoFar();
    SocketCaller caller = open();
    for (int i = 1; i <= 2; i++) {
      caller.send(create("gpt-5", ""));
      assertThat(caller.message(3 * i)).contains("response.completed");
    }
    caller.leave("");
    awaitFinished(3);

    CallDescription response = rig.events.awaitDescribed(before + 2);
    CallDescription connection = rig.events.awaitDescribed(before + 3);
    CallDescription.Conversed of = connection.conversed().orElseThrow();
    assertThat(of.inputTokens()).isEqualTo(2);
    assertThat(of.outputTokens()).isEqualTo(8);
    assertThat(connection.webSocket()).isPresent();
    assertThat(response.conversed()).contains(new CallDescription.Conversed(of.connection(), 1, 4));
    assertThat(response.requestId()).isEqualTo(connection.requestId());
    assertThat(response.method() + " " + response.path()).isEqualTo("POST responses");
    assertThat(response.models()).contains("gpt-5");
    assertThat(response.webSocket()).isEmpty();
  }

  @Test
  void a_caller_has_64_connections() {
    for (int i = 0; i < 64; i++) {
      SocketCaller unused = open();
    }
    assertThat(handshake("", HANDSHAKE)).startsWith("HTTP/1.1 429 ");
  }

  /**
   * Without this limit, a caller who leaves and connects again and again would get more places than
   * others.
   */
  @Test
  void a_large_message_keeps_its_room_while_the_database_is_asked_although_its_caller_has_left()
      throws Exception {
    for (int i = 0; i < 63; i++) {
      open.add(new SocketCaller(rig, Rig.path("realtime?model=gpt-realtime")));
    }
    SocketCaller caller = open();
    AtomicInteger asked = new AtomicInteger();
    CountDownLatch waits = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    rig.authorizer.lookingAgain(
        call -> {
          if (call.path().equals("responses") && asked.incrementAndGet() == 2) {
            waits.countDown();
            Rig.await(() -> answer.getCount() == 0);
          }
          return Optional.empty();
        });
    rig.authorizer.forget();
    caller.send(create("gpt-5", "").replace("Hi", "a".repeat(20_000)));
    assertThat(waits.await(20, TimeUnit.SECONDS)).isTrue();
    caller.close();
    awaitFinished(1);

    assertThat(handshake("", HANDSHAKE)).startsWith("HTTP/1.1 429 ");
    answer.countDown();
    Rig.await(() -> handshake("", HANDSHAKE).startsWith("HTTP/1.1 101 "));
  }

  private String handshake(String token, String lines) {
    try (RawCaller caller = new RawCaller(rig)) {
      return caller
          .send(
              "GET "
                  + Rig.path("responses")
                  + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                  + Rig.TOKEN
                  + token
                  + "\r\n"
                  + lines
                  + "\r\n")
          .until("\r\n\r\n");
    }
  }

  @Test
  void headers_of_the_providers_handshake_are_forwarded_like_those_of_other_answers() {
    assertThat(handshake("", HANDSHAKE))
        .startsWith("HTTP/1.1 101 ")
        .contains("\r\nx-reasoning-included: true\r\n", "\r\nX-Claviger-Service: ")
        .doesNotContainIgnoringCase("openai-organization", "x-ratelimit", "x-goog-upload");
  }

  /** The limits of models are compared with each message, but not with the handshake. */
  @Test
  void the_handshake_names_no_deployment_for_azures_images() {
    List<String> heads = new CopyOnWriteArrayList<>();
    try (LoopbackServer provider = new LoopbackServer(socket -> refuse(socket, heads))) {
      String images = "x-ms-oai-image-generation-deployment";
      rig.lend(
          TestService.at("http://127.0.0.1:" + provider.port() + "/v1", WireFormat.OPENAI)
              .passing(images, "x-other"));

      handshake("", HANDSHAKE + images + ": painter\r\nx-other: kept\r\n");

      assertThat(heads).singleElement().asString().contains("x-other: kept");
      assertThat(heads).singleElement().asString().doesNotContain("painter");
    }
  }

  private static void refuse(Socket socket, List<String> heads) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    StringBuilder head = new StringBuilder();
    for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
      head.append(line).append('\n');
    }
    heads.add(head.toString());
    socket
        .getOutputStream()
        .write("HTTP/1.1 400 No\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void a_malformed_handshake_is_refused() {
    for (String lines :
        List.of(
            "Connection: Upgrade\r\n"
                + "Upgrade: h2c, websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
            "Upgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
            "Connection: Upgrade\r\n"
                + "Upgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 8\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
            "Connection: Upgrade\r\n"
                + "Upgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: short\r\n",
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n",
            HANDSHAKE + "Sec-WebSocket-Protocol: realtime\r\n",
            HANDSHAKE + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
            HANDSHAKE + "Content-Length: 1\r\n",
            HANDSHAKE + "x-api-key: clv_other\r\n")) {
      assertThat(handshake("", lines)).as(lines).startsWith("HTTP/1.1 400 ");
    }
  }

  @Test
  void handshakes_without_permission_get_the_errors_of_calls() {
    assertThat(handshake("x", HANDSHAKE)).startsWith("HTTP/1.1 401 ");
    rig.lend(rig.at(WireFormat.ANTHROPIC));
    assertThat(handshake("", HANDSHAKE)).startsWith("HTTP/1.1 426 ");
    assertThat(rig.stub.openConnections()).isZero();
  }

  @Test
  void a_service_may_name_the_web_pages_that_open_connections() {
    String page = HANDSHAKE + "Origin: https://app.example.org\r\n";
    assertThat(handshake("", page)).startsWith("HTTP/1.1 101 ");
    rig.lend(
        rig.at(WireFormat.OPENAI)
            .connections(ConnectionTerms.of(60, List.of("https://app.example.org"))));
    assertThat(handshake("", page)).startsWith("HTTP/1.1 101 ");
    assertThat(handshake("", HANDSHAKE)).startsWith("HTTP/1.1 101 ");
    for (String lines :
        List.of(
            "Origin: https://elsewhere.example\r\n",
            "Origin: null\r\n",
            "Origin: https://app.example.org\r\nOrigin: https://app.example.org\r\n")) {
      assertThat(handshake("", HANDSHAKE + lines)).as(lines).startsWith("HTTP/1.1 403 ");
    }
  }

  /** Frames with the mask 0, which leaves the payload as it is. */
  @Test
  void what_breaks_the_protocol_ends_the_connection() {
    for (String each :
        List.of(
            "a text without a mask, 8102 7b7d, 1002",
            "a continuation of nothing, 8082 00000000 7b7d, 1002",
            "a text within a text, 0182 00000000 7b7d 8182 00000000 7b7d, 1002",
            "a reserved bit, c182 00000000 7b7d, 1002",
            "a ping of 126 bytes, 89fe 007e 00000000, 1002",
            "a part of a ping, 0980 00000000, 1002",
            "an unknown kind of frame, 8b80 00000000, 1002",
            "text that is not UTF-8, 8182 00000000 c328, 1007",
            "bytes, 8282 00000000 7b7d, 1003",
            "a message of 17 MiB, 81ff 0000000001100000 00000000, 1009")) {
      String[] parts = each.split(", ");
      assertThat(codeAfter(parts[1])).as(parts[0]).isEqualTo(Integer.parseInt(parts[2]));
    }
  }

  /**
   * A provider that reads a member "response" in place of the message, as LiteLLM's {@code
   * ManagedResponsesWebSocketHandler} does in 2026, would be asked for what nobody has checked.
   */
  @Test
  void what_asks_for_a_response_stands_in_the_message_itself_and_is_read_in_one_way() {
    SocketCaller caller = open();
    List<String> refused =
        List.of(
            create("gpt-5", ",\"response\":{\"model\":\"gpt-6\",\"store\":true}"),
            create("gpt-5", ",\"Response\":{}"),
            create("gpt-5", ",\"type\":\"response.create\""),
            create("gpt-5", ",\"conversation\":\"conv_of_another\""),
            create("gpt-5", ",\"previous_response_id\":\"resp_a\",\"previous_response_id\":null"),
            create("gpt-5", ",\"prompt\":{\"id\":\"pmpt_of_another\"}"),
            create(
                "gpt-5",
                ",\"tools\":[{\"type\":\"file_search\",\"vector_store_ids\":[\"vs_of_another\"]}]"),
            create(
                "gpt-5",
                ",\"tools\":[{\"type\":\"code_interpreter\",\"container\":\"cntr_of_another\"}]"),
            create("gpt-5", ",\"background\":true"),
            "\uFEFF" + create("gpt-5", ""),
            "[" + create("gpt-5", "") + "]",
            create("gpt-5", "") + create("gpt-5", ""),
            create("gpt-5", ",\"x\":" + "[".repeat(100_000) + "]".repeat(100_000)),
            "[".repeat(1 << 20));
    int count = 0;
    for (String each : refused) {
      caller.send(each);
      assertThat(caller.message(++count))
          .as(each.substring(0, Math.min(150, each.length())))
          .contains("\"type\":\"error\"");
    }

    caller.send(create("gpt-5", ",\"metadata\":{\"a\":\"b\"}"));
    assertThat(caller.message(count + 3)).contains("response.completed");
    assertThat(messagesToProvider()).isEqualTo(1);
  }

  /** Reserves for each message. */
  private void reserve(boolean strict) {
    rig.lendReserving(() -> spending.reserve(strict), rig.at(WireFormat.OPENAI));
  }

  private static String plays(String messages) {
    return create("ws-plays", "").replace("Hi", messages);
  }

  @Test
  void each_response_is_charged_once_by_what_its_last_message_states() {
    reserve(false);
    String usage = "'usage':{'input_tokens':%s,'output_tokens':%s}";
    String completed = "{'type':'response.completed','response':{'id':'resp_1'," + usage + "}}";
    String delta = "{'type':'response.output_text.delta','delta':'Hello'}";
    SocketCaller caller = open();

    caller.send(plays(delta + "|" + completed.formatted(5, 7) + "|" + completed.formatted(0, 0)));
    assertThat(caller.message(2)).contains("response.completed");
    assertThat(charged(1).usage().output()).isEqualTo(7);
    assertThat(charged(1).evidence()).isEqualTo(Evidence.STATED);

    for (String lie :
        List.of(
            completed.formatted(-5, -7),
            completed.formatted("'5'", "[7]"),
            "{'type':'response.failed','response':{'id':'resp_1'}}",
            "{'type':'error'}")) {
      int before = caller.messages().size();
      caller.send(plays(delta + "|" + lie));
      Rig.await(() -> caller.messages().size() == before + 2);
    }
    caller.send(plays("{'type':'error'}"));
    awaitFinished(6);
    for (int i = 2; i <= 5; i++) {
      assertThat(charged(i).evidence()).as("%s", i).isEqualTo(Evidence.UNKNOWN);
      assertThat(charged(i).usage().input()).as("%s", i).isPositive();
      assertThat(charged(i).usage().output()).as("%s", i).isPositive();
    }
    assertThat(charged(6).evidence()).isEqualTo(Evidence.REFUSED);

    caller.send(plays("{'type':'error','error':{'code':'content_filter'}}"));
    awaitFinished(7);
    assertThat(charged(7).evidence()).isEqualTo(Evidence.UNKNOWN);
    assertThat(charged(7).usage().input()).isPositive();
    assertThat(charged(7).usage().output()).isZero();
  }

  @Test
  void a_providers_error_about_rates_is_told_in_other_words_to_those_who_do_not_see_them() {
    String told =
        "{'type':'error','event_id':'event_1','status':429,'error':{'event_id':'mine',"
            + "'code':'rate_limit_exceeded','message':'%s'}}";
    SocketCaller caller = open();
    caller.send(plays(told.formatted("Limit 30000, Used 18928 in org-66tr")));
    assertThat(caller.message(1))
        .contains("\"status\":429", "\"code\":\"rate_limit_exceeded\"")
        .endsWith(",\"event_id\":\"mine\"},\"event_id\":\"event_1\"}")
        .doesNotContain("18928", "org-66tr");
    String other = "No function is called rate_limit_exceeded";
    caller.send(plays("{'type':'error','status':400,'error':{'message':'%s'}}".formatted(other)));
    assertThat(caller.message(2)).contains(other);
    caller.send(plays(told.formatted("x").replace("rate_limit_exceeded", "insufficient_quota")));
    assertThat(caller.message(3)).contains("\"code\":\"insufficient_quota\"", "no credit left");
    String poor = "{'type':'error','status':402,'error':{'code':402,'message':'only 27342 left'}}";
    caller.send(plays(poor));
    assertThat(caller.message(4))
        .contains("\"code\":\"insufficient_quota\"", "no credit left")
        .doesNotContain("27342");
  }

  @Test
  void a_response_that_fails_for_the_rates_is_told_in_other_words_and_the_owner_reads_all() {
    String limits = "{'type':'codex.rate_limits','rate_limits':{'primary':{'used_percent':63}}}";
    String failed =
        "{'type':'response.failed','response':{'id':'resp_1','status':'failed','error':{'code':"
            + "'rate_limit_exceeded','message':'Limit 30000, Used 18928'},'usage':null}}";
    SocketCaller caller = open();
    caller.send(plays(limits + "|" + failed));
    assertThat(caller.message(1))
        .startsWith(failed.substring(0, failed.indexOf("{'code")).replace('\'', '"'))
        .endsWith(",\"usage\":null}}")
        .contains("\"code\":\"rate_limit_exceeded\"", "has used up")
        .doesNotContain("18928");

    rig.lend(rig.at(WireFormat.OPENAI).calledBy(TestService.OWNER));
    SocketCaller owner = open();
    owner.send(plays(limits + "|" + failed));
    assertThat(owner.message(1)).contains("63");
    assertThat(owner.message(2)).contains("18928");
  }

  /** The message is not compressed either, because compressing it takes even longer. */
  @Test
  void a_large_message_of_the_provider_passes_as_it_came_and_never_with_the_key() {
    reserve(false);
    SocketCaller caller = open();
    caller.send(create("ws-large", ""));
    assertThat(caller.await(1, "response.output_text.delta"))
        .hasSizeGreaterThan(1 << 20)
        .endsWith("aaa\"}");
    assertThat(caller.await(1, "response.completed")).contains("usage");
    assertThat(charged(1).evidence()).isEqualTo(Evidence.STATED);

    caller.send(create("ws-large-leaks", ""));
    assertThat(caller.closing()).startsWith("1011 ");
    assertThat(caller.messages()).noneMatch(each -> each.contains("sk-stub"));
  }

  /** Everything that the provider sends is charged. */
  @Test
  void while_too_many_messages_are_read_the_callers_are_refused_and_the_providers_wait() {
    reserve(false);
    SocketCaller caller = open();
    String large = create("gpt-5", "").replace("Hi", "a".repeat(100_000));
    try (FullReaders full = new FullReaders(rig)) {
      assertThat(full.isFull()).isTrue();
      caller.send(large);
      assertThat(caller.await(1, "\"type\":\"error\"")).contains("\"status\":503", "busy");

      caller.send(create("ws-large", ""));
      awaitMessages(3); // with what the provider says at length
      caller.send(large);
      assertThat(caller.await(2, "\"type\":\"error\"")).contains("busy");
      assertThat(caller.messages()).noneMatch(each -> each.contains("output_text.delta"));
    }
    assertThat(caller.await(1, "response.output_text.delta")).hasSizeGreaterThan(1 << 20);
    assertThat(caller.await(1, "response.completed")).contains("usage");
    assertThat(charged(1).evidence()).isEqualTo(Evidence.STATED);
  }

  @Test
  void a_caller_whose_answer_can_not_be_read_is_told_that_the_provider_may_charge_for_it() {
    reserve(false);
    SocketCaller caller = open();
    try (FullReaders full = new FullReaders(rig)) {
      assertThat(full.isFull()).isTrue();
      caller.send(create("ws-large", ""));
      assertThat(caller.await(1, "\"type\":\"error\""))
          .contains("\"status\":503", "answer_lost", "might charge");
      assertThat(caller.closing()).startsWith("1011 ").doesNotContainIgnoringCase("try again");
    }
  }

  /** Nobody would count a response that begins after the end of the connection. */
  @Test
  void a_message_that_waits_to_be_searched_is_forgotten_with_the_connection() throws Exception {
    CountDownLatch triedAgain = new CountDownLatch(1);
    try (FullReaders full = new FullReaders(rig)) {
      rig.lendReserving(
          () -> new EndOfSpending(() -> makeRoomBeforeNextTry(full, triedAgain)),
          rig.at(WireFormat.OPENAI));
      SocketCaller caller = open();
      caller.send(create("ws-large", ""));
      awaitMessages(3); // with what the provider says at length
      caller.close();
      triedAgain.await();

      assertThat(full.isFull()).as("before another one waits").isFalse();
      assertThat(full.isFull()).isTrue();
    }
  }

  /** Called on the event loop of the call, when the connection has ended. */
  private static void makeRoomBeforeNextTry(FullReaders full, CountDownLatch triedAgain) {
    full.makeRoom();
    Object unused =
        Objects.requireNonNull(ThreadExecutorMap.currentExecutor())
            .schedule(triedAgain::countDown, 100, TimeUnit.MILLISECONDS);
  }

  /**
   * @param ended called when the call is charged
   */
  private record EndOfSpending(Runnable ended) implements CallSpending {
    @Override
    public boolean isStrict() {
      return false;
    }

    @Override
    public Optional<CallCharge> settle(CallUse use) {
      ended.run();
      return Optional.empty();
    }

    @Override
    public void close() {}
  }

  /** Waits until the only open connection has received this many messages. */
  private static void awaitMessages(int count) {
    InMemoryConnections seen = new InMemoryConnections();
    ConnectionStore.Question all =
        new ConnectionStore.Question(
            TestService.OWNER, Optional.empty(), Optional.empty(), Optional.empty());
    Rig.await(
        () -> {
          OPENED.report(seen);
          return seen.list(all, Optional.empty(), 9).stream()
              .anyMatch(each -> each.counts().messages() >= count);
        });
  }

  /** Returns the charge of a response, counted from 1. */
  private CallUse charged(int response) {
    return spending.awaitEnds(response).get(response - 1).charged().orElseThrow();
  }

  /**
   * Gives each connection a place for a concurrent call, and each response the reservation for its
   * stage.
   */
  private List<CallRequest.Stage> placing() {
    List<CallRequest.Stage> stages = new CopyOnWriteArrayList<>();
    rig.authorizer.answer(
        Rig.TOKEN,
        call -> {
          stages.add(call.stage());
          return new AuthorizationOutcome.Authorized(
              rig.at(WireFormat.OPENAI)
                  .authorized("alice/my-openai")
                  .with(true, call.stage().isHead() ? spending.reserve() : CallSpending.NONE));
        });
    return stages;
  }

  @Test
  void a_connection_has_its_place_until_it_ends_however_it_ends() {
    List<Consumer<SocketCaller>> ends =
        List.of(
            caller -> caller.leave("done"),
            SocketCaller::close,
            caller -> caller.send(create("ws-closes", "")),
            caller -> caller.send(create("ws-breaks", "")),
            caller -> caller.send(create("ws-leaks", "")),
            caller -> {
              caller.send(create("ws-silent", ""));
              caller.close();
            },
            caller -> rig.authorizer.lookingAgain(call -> Optional.of(CallRefusal.BAD_TOKEN)));
    for (int i = 0; i < ends.size(); i++) {
      List<CallRequest.Stage> unused = placing();
      SocketCaller caller = open();
      assertThat(spending.open()).as("%s", i).isEqualTo(1);
      ends.get(i).accept(caller);
      assertThat(spending.awaitEnds(i + 1).get(i).charged()).as("%s", i).isEmpty();
    }
  }

  @Test
  void what_is_not_opened_keeps_no_place() {
    List<CallRequest.Stage> unused = placing();
    assertThat(handshake("", HANDSHAKE + "Sec-WebSocket-Protocol: realtime\r\n")).contains(" 400 ");
    try (RawProvider provider =
        new RawProvider("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", true)) {
      rig.authorizer.answer(
          Rig.TOKEN,
          call ->
              new AuthorizationOutcome.Authorized(
                  TestService.at("http://127.0.0.1:" + provider.port() + "/v1", WireFormat.OPENAI)
                      .authorized("alice/my-openai")
                      .with(true, spending.reserve())));
      assertThat(handshake("", HANDSHAKE)).contains(" 502 ");
    }
    assertThat(spending.awaitEnds(1).getLast().charged()).isEmpty();
  }

  /**
   * If responses were not counted, a caller could make many times more concurrent calls than the
   * limit allows.
   */
  @Test
  void one_response_at_a_time_has_the_place_of_its_connection_and_others_take_their_own() {
    List<CallRequest.Stage> stages = placing();
    SocketCaller caller = open();
    caller.send(create("gpt-5", ""));
    assertThat(caller.message(3)).contains("response.completed");
    caller.send(create("ws-silent", ",\"stream_id\":\"a\""));
    assertThat(caller.message(4)).contains("response.created");
    caller.send(create("gpt-5", ",\"stream_id\":\"b\""));
    assertThat(caller.message(7)).contains("response.completed");

    assertThat(stages)
        .containsExactly(
            CallRequest.Stage.CONNECTION,
            CallRequest.Stage.RESPONSE,
            CallRequest.Stage.RESPONSE,
            CallRequest.Stage.MODEL_KNOWN);
    caller.close();
  }

  /** If both responses ran, the large response could be charged as the small one. */
  @Test
  void responses_do_not_run_at_the_same_time_before_the_provider_repeats_a_stream() {
    SocketCaller caller = open();
    caller.send(create("ws-silent", ""));
    assertThat(caller.message(1)).contains("response.created");
    caller.send(create("gpt-5", ",\"stream_id\":\"b\""));

    assertThat(caller.message(2)).contains("A response is under way").contains("\"b\"");
    assertThat(messagesToProvider()).isEqualTo(1);
    caller.close();
  }

  @Test
  void a_caller_who_leaves_is_charged() {
    reserve(true);
    SocketCaller caller = open();

    caller.send(create("ws-silent", ""));
    assertThat(caller.message(1)).contains("response.created");
    caller.close();

    assertThat(charged(1).evidence()).isEqualTo(Evidence.UNKNOWN);
    assertThat(charged(1).usage().input()).isPositive();
  }

  /**
   * If such callers were charged less, they would get everything that is sent only at the end, such
   * as reasoning, at a lower price.
   */
  @Test
  void who_lets_a_response_be_broken_off_is_charged_like_who_leaves() {
    InMemoryConnections seen = new InMemoryConnections();
    ConnectionStore.Question all =
        new ConnectionStore.Question(
            TestService.OWNER, Optional.empty(), Optional.empty(), Optional.empty());
    List<Consumer<SocketCaller>> ways =
        List.of(
            SocketCaller::close,
            caller -> caller.sendBinary("\u0001"),
            caller -> {
              OPENED.report(seen);
              assertThat(seen.end(seen.list(all, Optional.empty(), 9).getFirst().id(), all))
                  .isTrue();
              OPENED.report(seen);
            },
            caller -> rig.authorizer.lookingAgain(call -> Optional.of(CallRefusal.BAD_TOKEN)));
    reserve(false);

    for (int i = 0; i < ways.size(); i++) {
      SocketCaller caller = open();
      caller.send(create("ws-silent", ""));
      assertThat(caller.message(1)).contains("response.created");
      Rig.await(() -> OPENED.count() == 1);
      ways.get(i).accept(caller);

      assertThat(charged(i + 1).isAbandoned()).as("%s", i).isTrue();
      Rig.await(() -> OPENED.count() == 0);
    }
  }

  @Test
  void what_the_provider_breaks_off_has_been_left_by_nobody() {
    reserve(false);
    for (String model : List.of("ws-closes", "ws-breaks")) {
      SocketCaller caller = open();
      caller.send(create(model, ""));
      assertThat(caller.closing()).as(model).startsWith("1011");
    }

    assertThat(charged(1).isAbandoned()).isFalse();
    assertThat(charged(2).isAbandoned()).isFalse();
  }

  @Test
  void a_budget_that_ends_refuses_the_next_response_and_the_connection_stays() {
    AtomicReference<CallRefusal> why = new AtomicReference<>();
    rig.lendUnless(why::get, rig.at(WireFormat.OPENAI));
    SocketCaller caller = open();

    caller.send(create("gpt-5", ""));
    assertThat(caller.message(3)).contains("response.completed");
    why.set(CallRefusal.BUDGET_EXHAUSTED);
    caller.send(create("gpt-5", ""));
    assertThat(caller.message(4)).contains("\"status\":402", "budget_exhausted");
    why.set(CallRefusal.RATE_LIMITED);
    caller.send(create("gpt-5", ""));
    assertThat(caller.message(5)).contains("\"status\":429", "rate_limit");
    why.set(null);
    caller.send(create("gpt-5", ""));
    assertThat(caller.message(8)).contains("response.completed");
    assertThat(messagesToProvider()).isEqualTo(2);
  }

  @Test
  void codex_is_told_in_such_a_way_that_it_does_not_try_again() {
    rig.lendUnless(() -> CallRefusal.BUDGET_EXHAUSTED, rig.at(WireFormat.OPENAI));

    SocketCaller caller = open("codex_exec").send(create("gpt-5", ""));

    assertThat(caller.message(1)).contains("\"status\":400", "budget_exhausted");
  }

  @Test
  void a_node_that_is_about_to_close_says_so() {
    try (Rig leaving = new Rig(settings -> settings);
        SocketCaller caller = new SocketCaller(leaving, Rig.path("responses"))) {
      leaving.gateway.drain(Duration.ofSeconds(5));
      assertThat(caller.closing()).isEqualTo("1001 The gateway is about to close.");
    }
  }

  @Test
  void a_handshake_that_the_provider_has_not_answered_is_refused_as_the_node_is_about_to_close() {
    try (RawProvider silent = new RawProvider("", false);
        Rig leaving = new Rig(settings -> settings);
        RawCaller caller = new RawCaller(leaving)) {
      leaving.lend(TestService.at("http://127.0.0.1:" + silent.port() + "/v1", WireFormat.OPENAI));
      caller.send(RawCaller.head("GET", "responses") + HANDSHAKE + "\r\n");
      Rig.await(() -> silent.connections() == 1);
      leaving.gateway.drain(Duration.ofSeconds(5));

      assertThat(caller.until("\r\n\r\n")).startsWith("HTTP/1.1 503 ");
      assertThat(caller.until("}")).contains("being stopped");
    }
  }

  @Test
  void a_handshake_that_is_permitted_after_the_node_has_begun_to_close_is_refused() {
    CountDownLatch permitted = new CountDownLatch(1);
    try (Rig leaving = new Rig(settings -> settings);
        RawCaller idle = new RawCaller(leaving);
        RawCaller caller = new RawCaller(leaving)) {
      TestService lent = leaving.at(WireFormat.OPENAI);
      leaving.authorizer.answer(
          Rig.TOKEN,
          call -> {
            Rig.await(() -> permitted.getCount() == 0);
            return new AuthorizationOutcome.Authorized(lent.authorized("alice/my-openai"));
          });
      caller.send(RawCaller.head("GET", "responses") + HANDSHAKE + "\r\n");
      CompletableFuture<Void> drained = leaving.beginDraining();
      assertThat(idle.untilClosed()).isEmpty();
      permitted.countDown();

      assertThat(caller.untilClosed()).startsWith("HTTP/1.1 503 ").contains("being stopped");
      drained.join();
    }
  }

  @Test
  void of_two_messages_at_once_one_is_asked() {
    SocketCaller caller = open();

    caller.send(create("ws-silent", ""));
    caller.send(create("gpt-5", ""));
    Rig.await(() -> caller.messages().size() >= 2);

    assertThat(caller.messages()).anyMatch(each -> each.contains("A response is under way."));
    assertThat(messagesToProvider()).isEqualTo(1);
  }

  @Test
  void a_response_of_which_nothing_comes_ends_after_the_services_timeout() {
    rig.lend(rig.at(WireFormat.OPENAI).timeout(1_000));
    SocketCaller quiet = open();
    SocketCaller caller = open();

    caller.send(create("ws-silent", ""));

    assertThat(caller.closing()).startsWith("1011 ");
    assertThat(caller.message(2)).contains("provider_timeout");
    assertThat(finished(1).used()).isPresent();
    assertThat(quiet.closed()).isNotDone();
  }

  @Test
  void a_message_in_parts_is_bounded_as_a_whole() {
    String part = "ff 0000000000100000 00000000" + "20".repeat(1 << 20);
    assertThat(codeAfter("01" + part + ("00" + part).repeat(15) + "8081 00000000 20"))
        .isEqualTo(1009);
  }

  @Test
  void a_provider_that_opens_no_web_socket_is_told_apart() {
    String opened = "HTTP/1.1 101 x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n";
    for (String each :
        List.of(
            opened + "\r\n; 502 web_socket_not_opened",
            opened + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n; 502 web_socket",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}; 502 web_socket_not_opened",
            "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n; 502 web_socket_not_opened",
            "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n; 403 provider_rejected_key",
            "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n; 502 web_socket_not_opened",
            "HTTP/1.1 1; 502 provider_broke_off",
            "nonsense\r\n\r\n; 502 provider_answer_unusable",
            "; 502 provider_broke_off",
            "; 504 provider_timeout")) {
      String[] parts = each.split("; ");
      try (RawProvider provider = new RawProvider(parts[0], !parts[1].startsWith("504"))) {
        rig.lend(
            TestService.at("http://127.0.0.1:" + provider.port() + "/v1", WireFormat.OPENAI)
                .timeout(parts[1].startsWith("504") ? 300 : 10_000));
        String answer = handshake("", HANDSHAKE);
        String[] due = parts[1].split(" ");
        assertThat(answer).as(each).startsWith("HTTP/1.1 " + due[0]).contains(due[1]);
      }
    }
  }

  /** A second may begin while this is measured, and a single read may bring a thousand frames. */
  @Test
  void a_provider_that_sends_too_fast_is_read_slowly_and_others_are_not() {
    SocketCaller flooded = open();
    long before = System.nanoTime();
    flooded.send(create("ws-floods", ""));

    SocketCaller caller = open().send(create("gpt-5", ""));
    assertThat(caller.message(3)).contains("response.completed");
    Rig.await(() -> flooded.messages().size() > 5_000);

    assertThat(System.nanoTime() - before).isGreaterThan(Duration.ofSeconds(1).toNanos());
    flooded.close();
    assertThat(finished(2).used()).isPresent();
  }

  private int codeAfter(String hex) {
    try (RawCaller caller = new RawCaller(rig)) {
      String head =
          "GET "
              + Rig.path("responses")
              + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
              + Rig.TOKEN
              + "\r\n"
              + HANDSHAKE
              + "\r\n";
      assertThat(caller.send(head).until("\r\n\r\n"))
          .startsWith("HTTP/1.1 101 ")
          .contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
      byte[] frame = HexFormat.of().parseHex(hex.replace(" ", ""));
      caller.send(new String(frame, ISO_8859_1));

      byte[] answer = caller.in().readNBytes(4);
      assertThat(answer[0]).isEqualTo((byte) 0x88);
      return ((answer[2] & 0xff) << 8) + (answer[3] & 0xff);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void each_response_takes_a_turn_and_waits_for_it() {
    rig.lend(rig.at(WireFormat.OPENAI).takingTurns());
    SocketCaller caller = open();
    assertThat(turns.asked()).isEmpty();
    caller.send(create("gpt-5", ""));
    Rig.await(() -> turns.waiting() == 1);
    assertThat(messagesToProvider()).isZero();

    turns.letNextGo(Duration.ofMillis(30));
    assertThat(caller.message(3)).contains("response.completed");
    PaceUse used = turns.awaitEnds(1).getFirst().orElseThrow();
    assertThat(used.calls()).isEqualTo(1);
    assertThat(used.input()).isEqualTo(1);
    assertThat(rig.events.waits()).hasSize(waitsBefore + 1);
    assertThat(finished(1).waitedNanos()).isPositive();

    turns.refuse(
        new TurnRefusal(
            TurnRefusal.Reason.EXHAUSTED,
            Optional.of(PaceLimit.REQUESTS_PER_MINUTE),
            Duration.ofSeconds(2)));
    caller.send(create("gpt-5", ""));
    assertThat(caller.message(4)).contains("\"status\":429").contains("capacity_exhausted");
    assertThat(messagesToProvider()).isEqualTo(1);
    caller.close();
  }

  @Test
  void a_caller_who_leaves_while_a_response_waits_leaves_the_queue() {
    rig.lend(rig.at(WireFormat.OPENAI).takingTurns());
    SocketCaller caller = open();
    caller.send(create("gpt-5", ""));
    Rig.await(() -> turns.waiting() == 1);

    caller.close();
    Rig.await(() -> turns.left() == 1);
    assertThat(sinceBefore()).noneMatch(each -> each.contains("response.create"));
  }

  @Test
  void a_response_whose_permission_ended_while_it_waited_is_not_asked_for() {
    rig.lend(rig.at(WireFormat.OPENAI).takingTurns());
    SocketCaller caller = open();
    caller.send(create("gpt-5", ""));
    Rig.await(() -> turns.waiting() == 1);

    rig.authorizer.lookingAgain(call -> Optional.of(CallRefusal.BAD_TOKEN));
    rig.authorizer.forget();
    turns.letNextGo(Duration.ofMillis(30));
    assertThat(caller.closing()).startsWith("1008");
    assertThat(turns.awaitEnds(1).getFirst()).isEmpty();
    assertThat(sinceBefore()).noneMatch(each -> each.contains("response.create"));
  }
}
