package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.domain.spending.CallUse;
import io.claviger.domain.spending.CallUse.Evidence;
import io.claviger.domain.standards.WireFormat;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sessions of Gemini's Live API, with the messages that its reference describes (ai.google.dev,
 * "Live API - WebSockets API reference", November 2026).
 */
class LiveTest {
  private static final String PATH =
      "ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent";
  private static final String HELLO =
      "{\"clientContent\":{\"turns\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Hi\"}]}],"
          + "\"turnComplete\":true}}";
  private static final String TURN_DONE = "turnComplete";

  @AutoClose private static final Rig rig = new Rig(settings -> settings);

  private final RecordedSpending spending = new RecordedSpending();
  private int messagesBefore;
  private int finishedBefore;

  @BeforeEach
  void begin() {
    rig.lend(WireFormat.GEMINI);
    rig.authorizer.forget();
    messagesBefore = rig.stub.socketMessages().size();
    finishedBefore = rig.events.finishedSoFar();
  }

  @AfterEach
  void allHaveEnded() {
    rig.events.await(() -> rig.events.openConnections() == 0);
    Rig.await(() -> rig.stub.openConnections() == 0);
  }

  private static String setup(String model) {
    return "{\"setup\":{\"model\":\"models/%s\",\"generationConfig\":{\"responseModalities\":[\"AUDIO\"],"
            .formatted(model)
        + "\"speechConfig\":{\"voiceConfig\":{\"prebuiltVoiceConfig\":{\"voiceName\":\"Kore\"}}}},"
        + "\"systemInstruction\":{\"parts\":[{\"text\":\"Be brief.\"}]},"
        + "\"tools\":[{\"functionDeclarations\":[{\"name\":\"light\"}]}],"
        + "\"outputAudioTranscription\":{}}}";
  }

  private static String sound(int length, boolean isEnd) {
    return "{\"realtimeInput\":{\"audio\":{\"data\":\"%s%s\",\"mimeType\":\"audio/pcm;rate=16000\"}}}"
        .formatted("A".repeat(length - 1), isEnd ? "=" : "A");
  }

  private static SocketCaller begun(String model) {
    SocketCaller caller = new SocketCaller(rig, Rig.path(PATH));
    caller.send(setup(model)).await(1, "setupComplete");
    return caller;
  }

  private List<String> provided() {
    List<String> all = rig.stub.socketMessages();
    return all.subList(messagesBefore, all.size());
  }

  private void reserve(boolean strict) {
    rig.lendReserving(() -> spending.reserve(strict), rig.at(WireFormat.GEMINI));
  }

  /** Returns the charge of a turn, counted from 1. */
  private CallUse charged(int turn) {
    return spending.awaitEnds(turn).get(turn - 1).charged().orElseThrow();
  }

  @Test
  void a_spoken_session_is_charged_by_turn() {
    reserve(true);
    try (SocketCaller caller = begun("gemini-live")) {
      caller.send(sound(1_000, false)).send(sound(500, true)).await(1, TURN_DONE);
      assertThat(charged(1).evidence()).isEqualTo(Evidence.STATED);
      assertThat(charged(1).usage().input()).isEqualTo(1_500);
      assertThat(charged(1).usage().output()).isEqualTo(4);
      assertThat(charged(1).usage().parts().audioInput()).isEqualTo(1_500);
      assertThat(charged(1).usage().parts().audioOutput()).isEqualTo(3);

      caller.sendBinary(HELLO).await(2, TURN_DONE);
      assertThat(charged(2).usage().input()).isEqualTo(1_520);
      assertThat(charged(2).usage().parts().cachedInput()).isEqualTo(10);
    }
    assertThat(provided().getFirst()).contains("/ws/google.ai").doesNotContain(Rig.TOKEN);
    assertThat(rig.events.awaitFinished(finishedBefore + 1).used().orElseThrow().model().name())
        .isEqualTo("gemini-live");
    assertThat(spending.awaitEnds(2)).hasSize(2);
  }

  @Test
  void what_an_error_says_of_the_rates_is_for_the_owner_alone() {
    try (SocketCaller caller = begun("live-limited")) {
      assertThat(caller.send(HELLO).await(1, "RESOURCE_EXHAUSTED"))
          .contains("\"code\":429", "has used up")
          .doesNotContain("250000", "project 66");
    }
    rig.lend(rig.at(WireFormat.GEMINI).calledBy(TestService.OWNER));
    try (SocketCaller owner = begun("live-limited")) {
      assertThat(owner.send(HELLO).await(1, "RESOURCE_EXHAUSTED")).contains("250000");
    }
  }

  @Test
  void functions_are_called_and_what_a_turn_used_may_be_stated_after_its_end() {
    reserve(false);
    try (SocketCaller caller = begun("live-calls")) {
      caller.send(HELLO).await(1, "toolCall");
      assertThat(charged(1).usage().input()).isEqualTo(10);
      caller
          .send(
              "{\"tool_response\":{\"function_responses\":[{\"id\":\"f1\",\"name\":\"light\","
                  + "\"response\":{\"ok\":true}}]}}")
          .await(1, TURN_DONE);
      assertThat(charged(2).usage().input()).isEqualTo(20);
    }
    try (SocketCaller caller = begun("live-late")) {
      caller.send(HELLO).await(1, "usageMetadata");
      caller.send(HELLO).await(2, "usageMetadata");
      List<RecordedSpending.End> ends = spending.awaitEnds(4);
      assertThat(ends.get(2).charged().orElseThrow().evidence()).isEqualTo(Evidence.STATED);
      assertThat(ends.get(2).charged().orElseThrow().usage().input()).isEqualTo(10);
      assertThat(ends.get(3).charged().orElseThrow().usage().input()).isEqualTo(30);
    }
  }

  /** Turns don't overlap, but the next one is reserved while the provider may still speak. */
  @Test
  void all_turns_share_the_place_of_their_connection() {
    List<CallRequest.Stage> stages = new CopyOnWriteArrayList<>();
    rig.authorizer.answer(
        Rig.TOKEN,
        call -> {
          stages.add(call.stage());
          return new AuthorizationOutcome.Authorized(
              rig.at(WireFormat.GEMINI)
                  .authorized("alice/my-openai")
                  .with(true, spending.reserve()));
        });
    try (SocketCaller caller = begun("live-silent")) {
      caller.send(HELLO).await(1, "inlineData");
      caller.send(sound(100, false));
      Rig.await(() -> provided().getLast().contains("realtimeInput"));
    }

    assertThat(stages)
        .containsExactly(
            CallRequest.Stage.CONNECTION, CallRequest.Stage.RESPONSE, CallRequest.Stage.RESPONSE);
  }

  /** Waits for this many messages, of which the first is the opened path. */
  private void awaitProvided(int messages) {
    Rig.await(() -> provided().size() == messages);
  }

  private static SocketCaller seeded() {
    SocketCaller caller = new SocketCaller(rig, Rig.path(PATH));
    String seed = "{\"setup\":{\"history_config\":{\"initial_history_in_client_content\":true},";
    caller.send(setup("gemini-live").replace("{\"setup\":{", seed)).await(1, "setupComplete");
    return caller.send(HELLO);
  }

  @Test
  void a_history_that_comes_first_begins_no_turn() {
    reserve(true);
    try (SocketCaller caller = seeded()) {
      awaitProvided(3);
      caller.send("{\"realtimeInput\":{\"text\":\"How are you?\"}}").await(1, TURN_DONE);
      assertThat(charged(1).evidence()).isEqualTo(Evidence.STATED);
      assertThat(charged(1).usage().input()).isEqualTo(20);

      caller.send(HELLO).await(2, TURN_DONE);
      assertThat(charged(2).usage().input()).isEqualTo(40);
    }
    assertThat(spending.awaitEnds(2)).hasSize(2);
  }

  @Test
  void a_history_that_nobody_continues_costs_nothing() {
    reserve(true);
    try (SocketCaller caller = seeded()) {
      awaitProvided(3);
      assertThat(caller.messages()).noneMatch(each -> each.contains("serverContent"));
    }
    assertThat(spending.awaitEnds(1).getFirst().charged()).isEmpty();
  }

  @Test
  void a_history_that_comes_after_other_input_asks_for_a_turn() {
    reserve(false);
    try (SocketCaller caller = new SocketCaller(rig, Rig.path(PATH))) {
      String seed = "{\"setup\":{\"historyConfig\":{\"initialHistoryInClientContent\":true},";
      caller.send(setup("gemini-live").replace("{\"setup\":{", seed)).await(1, "setupComplete");
      caller.send(sound(100, false)).send(HELLO);
      awaitProvided(4);
    }
    assertThat(spending.awaitEnds(1).getFirst().charged().orElseThrow().usage().input())
        .isGreaterThan(10);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"safetySettings\":[{\"category\":\"HARM_CATEGORY_HARASSMENT\",\"threshold\":\"OFF\"}]",
        "\"historyConfig\":{\"initialHistoryInClientContent\":false}",
        "\"historyConfig\":{}"
      })
  void members_of_newer_setups_pass(String member) {
    String setup = setup("gemini-live").replace("{\"setup\":{", "{\"setup\":{" + member + ",");
    try (SocketCaller caller = new SocketCaller(rig, Rig.path(PATH))) {
      caller.send(setup).await(1, "setupComplete");
      caller.send(HELLO).await(1, TURN_DONE);
    }
    assertThat(provided()).anyMatch(each -> each.contains(member));
  }

  @Test
  void what_nobody_stated_is_estimated_by_seconds_of_sound() {
    reserve(false);
    try (SocketCaller caller = begun("live-silent")) {
      caller.send(sound(133_300, true)).await(1, "inlineData");
    }
    assertThat(charged(1).evidence()).isEqualTo(Evidence.UNKNOWN);
    assertThat(charged(1).usage().parts().audioInput()).isBetween(100L, 101L);
    assertThat(charged(1).usage().parts().audioOutput()).isEqualTo(3);

    try (SocketCaller caller = begun("gemini-live")) {
      caller.send(sound(133_300, false)).send("{\"clientContent\":{\"turns\":[]}}");
      Rig.await(() -> provided().getLast().contains("clientContent"));
    }
    CallUse unanswered = spending.awaitEnds(2).get(1).charged().orElseThrow();
    assertThat(unanswered.evidence()).isEqualTo(Evidence.UNKNOWN);
    assertThat(unanswered.usage().parts().audioInput()).isBetween(100L, 101L);
    assertThat(unanswered.usage().input()).isGreaterThan(101);
    assertThat(unanswered.usage().output()).isZero();
  }

  /** The provider might have begun a turn, for which the model reads the whole session again. */
  @Test
  void who_speaks_and_leaves_is_charged_for_reading_the_session() {
    reserve(false);
    try (SocketCaller caller = begun("gemini-live")) {
      caller.send(sound(133_300, true)).await(1, TURN_DONE);
      caller.send(sound(1_333, false)).send("{\"clientContent\":{\"turns\":[]}}");
      Rig.await(() -> provided().getLast().contains("clientContent"));
    }

    CallUse unanswered = spending.awaitEnds(2).get(1).charged().orElseThrow();
    assertThat(unanswered.usage().parts().audioInput()).isBetween(1L, 2L);
    assertThat(unanswered.usage().input()).isGreaterThan(103);
  }

  @Test
  void who_interrupts_the_model_and_leaves_is_charged_for_reading_the_session() {
    reserve(false);
    try (SocketCaller caller = begun("live-interrupted")) {
      caller.send(sound(133_300, true)).await(1, "inlineData");
      caller.send(sound(1_333, false)).await(1, TURN_DONE);
    }

    CallUse unanswered = charged(2);
    assertThat(unanswered.evidence()).isEqualTo(Evidence.UNKNOWN);
    assertThat(unanswered.usage().parts().audioInput()).isBetween(1L, 2L);
    assertThat(unanswered.usage().input()).isGreaterThan(103);
    assertThat(unanswered.usage().output()).isZero();
  }

  @Test
  void who_leaves_without_speaking_after_a_turn_is_charged_nothing_more() {
    reserve(false);
    try (SocketCaller caller = begun("gemini-live")) {
      caller.send(sound(1_333, true)).await(1, TURN_DONE);
    }

    assertThat(charged(1).evidence()).isEqualTo(Evidence.STATED);
    rig.events.await(() -> rig.events.openConnections() == 0);
    assertThat(spending.awaitEnds(1)).hasSize(1);
  }

  /** What the caller said before the turn is charged with this turn. */
  @Test
  void who_leaves_during_a_turn_without_speaking_again_is_charged_nothing_more() {
    reserve(false);
    try (SocketCaller caller = begun("live-silent")) {
      caller.send(sound(1_333, true)).await(1, "inlineData");
      caller.send("{\"realtimeInput\":{\"audioStreamEnd\":true}}");
      Rig.await(() -> provided().getLast().contains("audioStreamEnd"));
    }

    assertThat(spending.awaitEnds(2)).filteredOn(end -> end.charged().isPresent()).hasSize(1);
  }

  @Test
  void each_turn_is_reserved_before_it_passes_even_one_that_nobody_asked_for() {
    reserve(true);
    try (SocketCaller caller = begun("live-unasked")) {
      caller.send(HELLO).await(2, TURN_DONE);
      assertThat(spending.awaitEnds(2))
          .allSatisfy(
              end -> assertThat(end.charged().orElseThrow().evidence()).isEqualTo(Evidence.STATED));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_turn_in_which_the_provider_falls_silent_ends_after_the_services_timeout(boolean speaks) {
    rig.lend(rig.at(WireFormat.GEMINI).timeout(300));
    try (SocketCaller caller = begun("live-silent")) {
      caller.send(HELLO).await(1, "inlineData");
      if (speaks) {
        caller.keepSending(sound(100, false));
      }
      assertThat(caller.closing()).startsWith("1011 ");
    }
    assertThat(rig.events.awaitFinished(finishedBefore + 1).code()).isPresent();
  }

  /** A provider sends sound faster than it is played, and ends the turn when it has been played. */
  @Test
  void a_provider_may_be_silent_while_its_sound_is_played() {
    rig.lend(rig.at(WireFormat.GEMINI).timeout(300));
    try (SocketCaller caller = begun("live-plays")) {
      caller.send(HELLO).await(1, TURN_DONE);
      assertThat(caller.closed()).isNotDone();
    }
  }

  /**
   * The messages of a turn wait for its reservation. They must not be read again with each other.
   */
  @Tag("thorough")
  @Test
  void a_flood_of_messages_that_wait_for_a_turn_takes_little_time() {
    ScriptedTurns turns = new ScriptedTurns();
    turns.lettingPass(call -> turns.asked().size() == 1);
    try (Rig limited = new Rig(settings -> settings.withTurns(turns))) {
      limited.lend(limited.at(WireFormat.GEMINI).takingTurns());
      try (SocketCaller caller = new SocketCaller(limited, Rig.path(PATH))) {
        caller.send(setup("live-floods")).await(1, "setupComplete");
        caller.send(HELLO).await(1, TURN_DONE);
        Rig.await(() -> turns.waiting() == 1);

        long began = System.nanoTime();
        turns.letNextGo(Duration.ofMillis(5));
        caller.await(2, TURN_DONE);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
      }
    }
  }

  @Test
  void a_budget_that_ends_in_the_middle_closes_the_session_with_the_reason() {
    AtomicReference<CallRefusal> why = new AtomicReference<>();
    rig.lendUnless(why::get, rig.at(WireFormat.GEMINI));
    try (SocketCaller caller = begun("gemini-live")) {
      caller.send(HELLO).await(1, TURN_DONE);
      why.set(CallRefusal.BUDGET_EXHAUSTED);
      caller.send(sound(100, false));
      assertThat(caller.closing()).startsWith("1008 ").containsIgnoringCase("budget");
      assertThat(provided()).noneMatch(each -> each.contains("realtimeInput"));
    }
    why.set(null);
    try (SocketCaller caller = begun("live-unasked")) {
      why.set(CallRefusal.BUDGET_EXHAUSTED);
      caller.send(HELLO);
      assertThat(caller.closing()).startsWith("1008 ");
      assertThat(caller.messages()).noneMatch(each -> each.contains("modelTurn"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"setup\":{\"model\":\"models/x\",\"sessionResumption\":{\"handle\":\"h\"}}}",
        "{\"setup\":{\"model\":\"models/x\",\"tools\":[{\"googleSearch\":{}}]}}",
        "{\"setup\":{\"model\":\"models/x\",\"tools\":[{\"google_search\":{}}]}}",
        "{\"setup\":{\"model\":\"models/x\",\"tools\":[[{\"codeExecution\":{}}]]}}",
        "{\"setup\":{\"model\":\"models/x\",\"proactivity\":{\"proactiveAudio\":true}}}",
        "{\"setup\":{\"model\":\"models/x\",\"cachedContent\":\"cachedContents/c\"}}",
        "{\"setup\":{\"model\":\"models/x\",\"safetySettings\":[{\"of\":\"files/f1\"}]}}",
        "{\"setup\":{\"model\":\"models/x\",\"safetySettings\":[{\"files/f1\":1}]}}",
        "{\"setup\":{\"model\":\"models/x\",\"context_window_compression\":{\"from\":\""
            + "https://generativelanguage.googleapis.com/v1beta/cachedContents/c\"}}}",
        "{\"setup\":{\"model\":\"models/x\",\"generationConfig\":{\"candidateCount\":8}}}",
        "{\"setup\":{\"model\":\"models/x\",\"generationConfig\":{\"translationConfig\":{}}}}",
        "{\"setup\":{\"model\":\"models/x\",\"historyConfig\":"
            + "{\"initialHistoryInClientContent\":\"true\"}}}",
        "{\"setup\":{\"model\":\"models/x\",\"historyConfig\":{\"session\":\"s\"}}}",
        "{\"setup\":{\"model\":\"models/x\",\"systemInstruction\":{\"parts\":"
            + "[{\"fileData\":{\"fileUri\":\"files/f\"}}]}}}",
        "{\"setup\":{\"model\":\"tunedModels/x\"}}",
        "{\"setup\":{\"model\":\"models/../files/x\\n\"}}"
      })
  void setups_that_ask_for_more_close_the_session(String setup) {
    try (SocketCaller caller = new SocketCaller(rig, Rig.path(PATH))) {
      caller.send(setup);
      assertThat(caller.closing()).startsWith("1008 ");
      assertThat(provided()).noneMatch(each -> each.contains("setup"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"setup\":{\"model\":\"models/x\"},\"clientContent\":{}}",
        "{\"setup\":{\"model\":\"models/x\",\"model\":\"models/y\"}}",
        "{\"setup\":{\"system_instruction\":{},\"systemInstruction\":{},\"model\":\"models/x\"}}",
        "{\"setup\":{}}",
        "{}",
        "[]",
        "setup",
        "{\"setup\":{\"model\":\"models/x\"}"
      })
  void what_is_malformed_closes_the_session(String message) {
    try (SocketCaller caller = new SocketCaller(rig, Rig.path(PATH))) {
      caller.send(message);
      assertThat(caller.closing()).startsWith("1007 ");
      assertThat(provided()).noneMatch(each -> each.contains("setup"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"clientContent\":{\"turns\":[],\"turnComplete\":\"true\"}}",
        "{\"clientContent\":{\"turns\":[],\"turn_complete\":1}}",
        "{\"realtimeInput\":{\"audioStreamEnd\":\"true\"}}"
      })
  void only_true_false_and_null_decide_about_turns(String message) {
    try (SocketCaller caller = begun("gemini-live")) {
      assertThat(caller.send(message).closing()).startsWith("1008 ").contains("value");
      assertThat(provided()).noneMatch(each -> each.contains(message));
    }
    try (SocketCaller caller = begun("gemini-live")) {
      caller.send("{\"clientContent\":{\"turns\":[],\"turnComplete\":null}}");
      Rig.await(() -> provided().getLast().contains("null"));
    }
  }

  @Test
  void a_session_has_one_setup_which_comes_first_and_names_an_allowed_model() {
    try (SocketCaller caller = new SocketCaller(rig, Rig.path(PATH))) {
      assertThat(caller.send(HELLO).closing()).startsWith("1008 ").contains("setup");
    }
    try (SocketCaller caller = begun("gemini-live")) {
      assertThat(caller.send(setup("gemini-live")).closing()).startsWith("1008 ");
    }
    try (SocketCaller caller = begun("gemini-live")) {
      String file =
          "{\"clientContent\":{\"turns\":[{\"parts\":[{\"fileData\":{\"fileUri\":\"files/f\"}}]}]}}";
      assertThat(caller.send(file).closing()).startsWith("1008 ").contains("fileData");
    }
    rig.authorizer.grant(Rig.TOKEN, rig.at(WireFormat.GEMINI), "gemini-live");
    try (SocketCaller caller = new SocketCaller(rig, Rig.path(PATH))) {
      assertThat(caller.send(setup("gemini-dear")).closing()).startsWith("1008 ");
    }
  }

  @Test
  void a_provider_that_leaks_or_garbles_is_closed() {
    for (String model : List.of("live-leaks", "live-garbles")) {
      try (SocketCaller caller = begun(model)) {
        assertThat(caller.send(HELLO).closing()).as(model).startsWith("1011");
        assertThat(caller.messages()).noneMatch(each -> each.contains("sk-stub"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {20_000, 100_000})
  void a_message_for_which_there_is_no_room_closes_the_session_until_later(int length) {
    try (SocketCaller caller = begun("gemini-live");
        FullReaders full = new FullReaders(rig)) {
      assertThat(full.isFull()).isTrue();
      caller.send(HELLO.replace("Hi", "a".repeat(length)));
      assertThat(caller.closing()).startsWith("1013 ");
    }
  }

  @Test
  void nothing_passes_once_the_permission_is_withdrawn() {
    try (SocketCaller caller = begun("gemini-live")) {
      rig.authorizer.lookingAgain(call -> Optional.of(CallRefusal.BAD_TOKEN));
      rig.authorizer.forget();
      try {
        assertThat(caller.send(HELLO).closing()).startsWith("1008 ");
        assertThat(provided()).noneMatch(each -> each.contains("Hi"));
      } finally {
        rig.authorizer.lookingAgain(call -> Optional.empty());
      }
    }
  }

  /** Somebody who knows the address of an upload can use the account without a key. */
  @Test
  void the_answer_to_a_handshake_names_no_address_of_an_upload() {
    rig.lend(rig.at(WireFormat.GEMINI).answering("x-goog-upload-url"));
    try (RawCaller caller = new RawCaller(rig)) {
      String answer =
          caller
              .send(
                  RawCaller.head("GET", PATH)
                      + "Connection: Upgrade\r\nUpgrade: websocket\r\n"
                      + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                      + "Sec-WebSocket-Version: 13\r\n\r\n")
              .until("\r\n\r\n");
      assertThat(answer)
          .startsWith("HTTP/1.1 101 ")
          .contains("\r\nx-reasoning-included: true\r\n")
          .doesNotContainIgnoringCase("x-goog-upload");
    }
  }

  @Test
  void without_a_handshake_there_is_no_session() {
    try (RawCaller caller = new RawCaller(rig)) {
      String head = "GET %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n";
      assertThat(caller.send(head.formatted(Rig.path("live"), Rig.TOKEN)).until("}}"))
          .startsWith("HTTP/1.1 400 ")
          .contains("WebSocket");
    }
  }
}
