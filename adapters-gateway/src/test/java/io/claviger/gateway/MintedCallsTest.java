package io.claviger.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.application.credentials.CredentialFailure;
import io.claviger.application.credentials.CredentialFailure.Reason;
import io.claviger.application.credentials.TokenSource;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.credentials.FederationProvider;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.standards.KeyMethod;
import io.claviger.domain.standards.WireFormat;
import io.claviger.stub.Behaviour;
import io.claviger.stub.RecordedRequest;
import io.claviger.testkit.http.TestResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls to services whose token is minted. */
class MintedCallsTest {
  private static final String TOKEN = "minted-Zx81-token";

  private final Tokens tokens = new Tokens();
  private final ScriptedTurns turns = new ScriptedTurns().lettingPass(true);
  @AutoClose private final Rig rig = new Rig(settings -> settings.withTurns(turns));

  /** Lets calls wait until a test answers, unless there is a token. */
  private static final class Tokens implements TokenSource {
    private final Deque<Waiter> waiting = new ArrayDeque<>();
    private final List<Secret> copies = new ArrayList<>();
    private Optional<String> token = Optional.empty();
    private Optional<FederationProvider> federation = Optional.empty();
    private int rejections;
    private int doubts;
    private Optional<CredentialFailure> failure = Optional.empty();

    @Override
    public synchronized Answer ask(Waiter waiter) {
      if (failure.isPresent()) {
        return new Answer.Failed(failure.get());
      }
      if (token.isPresent()) {
        return copy(token.get());
      }
      waiting.add(waiter);
      return new Answer.Waits(() -> leave(waiter));
    }

    private synchronized void leave(Waiter waiter) {
      boolean unused = waiting.remove(waiter);
    }

    private synchronized Answer copy(String of) {
      Secret copy = Secret.takingOver(of.getBytes(US_ASCII));
      copies.add(copy);
      return new Answer.Token(copy, List.of());
    }

    synchronized int waiting() {
      return waiting.size();
    }

    synchronized void is(String now) {
      token = Optional.of(now);
    }

    synchronized void fails(Reason reason, String detail) {
      failure =
          Optional.of(
              new CredentialFailure(reason, "token", detail, Duration.ofSeconds(7), List.of()));
    }

    void answerNext(String with) {
      Rig.await(() -> waiting() > 0);
      Waiter next;
      synchronized (this) {
        next = waiting.remove();
      }
      next.answered(copy(with));
    }

    @Override
    public synchronized void rejected() {
      rejections++;
    }

    @Override
    public synchronized void doubted() {
      doubts++;
    }

    @Override
    public Optional<FederationProvider> federation() {
      return federation;
    }

    synchronized int rejections() {
      return rejections;
    }

    synchronized int doubts() {
      return doubts;
    }

    synchronized Waiter first() {
      return waiting.getFirst();
    }

    synchronized List<Secret> copies() {
      return List.copyOf(copies);
    }
  }

  @BeforeEach
  void lend() {
    rig.lend(rig.at(WireFormat.OPENAI).minting(tokens));
  }

  private CompletableFuture<TestResponse> begin() {
    return rig.postAsync("embeddings", Rig.embedding("m"));
  }

  private static boolean isWiped(Secret secret) {
    try {
      return secret.lend(bytes -> false);
    } catch (IllegalStateException wiped) {
      return true;
    }
  }

  private void assertAllWiped() {
    Rig.await(() -> tokens.copies().stream().allMatch(MintedCallsTest::isWiped));
  }

  private List<String> sent(String header) {
    return rig.stub.requests().stream()
        .flatMap(request -> request.headers(header).stream())
        .toList();
  }

  @Test
  void a_call_waits_for_its_token_and_is_sent_with_it() {
    CompletableFuture<TestResponse> answer = begin();
    Rig.await(() -> tokens.waiting() == 1);
    assertThat(rig.stub.requests()).isEmpty();
    tokens.answerNext(TOKEN);

    assertThat(answer.join().status()).isEqualTo(200);
    assertThat(sent("authorization")).containsExactly("Bearer " + TOKEN);
    assertAllWiped();
  }

  @ParameterizedTest
  @CsvSource({"CUSTOM_HEADER, x-api-key", "QUERY_PARAM, key", "BODY_FORM, key"})
  void a_token_is_a_bearer_token_wherever_keys_are_placed(KeyMethod method, String field) {
    tokens.is(TOKEN);
    rig.lend(rig.at(WireFormat.OPENAI).placed(method, field).minting(tokens));

    assertThat(begin().join().status()).isEqualTo(200);
    RecordedRequest sent = rig.stub.requests().getFirst();
    assertThat(sent.headers("authorization")).containsExactly("Bearer " + TOKEN);
    assertThat(sent.headers("x-api-key")).isEmpty();
    assertThat(sent.uri()).isEqualTo("/v1/embeddings");
  }

  /** Anthropic's SDKs send this header with each token that is no API key. */
  @Test
  void anthropic_learns_that_a_token_is_no_key() {
    tokens.is(TOKEN);
    rig.lend(rig.at(WireFormat.ANTHROPIC).of(Provider.ANTHROPIC).minting(tokens));
    String body = Rig.chat("m").replace(",\"stream\":true", "");
    rig.post("v1/messages", body, "anthropic-beta", "context-1m-2025-08-07").isStatus(200);
    rig.lend(rig.at(WireFormat.ANTHROPIC).minting(tokens));
    rig.post("v1/messages", body).isStatus(200);
    rig.lend(rig.at(WireFormat.ANTHROPIC).of(Provider.ANTHROPIC));
    rig.post("v1/messages", body).isStatus(200);

    assertThat(sent("anthropic-beta")).containsExactly("context-1m-2025-08-07", "oauth-2025-04-20");

    // Anthropic also made the tokens of its federation for a service with another provider's name.
    tokens.federation = Optional.of(FederationProvider.ANTHROPIC);
    rig.lend(rig.at(WireFormat.ANTHROPIC).minting(tokens));
    rig.post("v1/messages", body).isStatus(200);
    assertThat(sent("anthropic-beta"))
        .containsExactly("context-1m-2025-08-07", "oauth-2025-04-20", "oauth-2025-04-20");
  }

  @ParameterizedTest
  @CsvSource({
    "REFUSED, 403, credential_refused",
    "UNAVAILABLE, 503, credential_unavailable",
    "NOT_ALLOWED, 403, destination_not_allowed",
    "UNCONFIRMED, 403, credential_unconfirmed",
    "UNUSABLE, 403, key_unusable"
  })
  void a_call_without_a_token_is_never_sent(Reason reason, int status, String code) {
    tokens.fails(reason, "invalid_client: the secret has expired");

    TestResponse refused = begin().join();
    assertThat(refused.status()).isEqualTo(status);
    assertThat(refused.values("x-claviger-error")).containsExactly(code);
    if (reason == Reason.REFUSED || reason == Reason.UNAVAILABLE || reason == Reason.NOT_ALLOWED) {
      assertThat(refused.body()).contains("at the step token: invalid_client: the secret");
    }
    assertThat(refused.values("retry-after"))
        .isEqualTo(reason == Reason.UNAVAILABLE ? List.of("7") : List.of());
    assertThat(rig.stub.requests()).isEmpty();
  }

  @Test
  void a_token_is_searched_for_in_answers_like_a_key() {
    tokens.is(TOKEN);

    TestResponse answer = rig.post("embeddings", Rig.embedding("stub-echo-key-body"));
    assertThat(answer.body()).doesNotContain(TOKEN).contains("***");
  }

  @Test
  void whoever_gives_tokens_learns_that_the_provider_rejected_one() {
    tokens.is(TOKEN);

    TestResponse refused = rig.post("embeddings", Rig.embedding("stub-unauthorized"));
    assertThat(refused.values("x-claviger-error")).containsExactly("provider_rejected_key");
    assertThat(tokens.rejections()).isEqualTo(1);
  }

  /** AWS answers 403 to keys that have expired, and often names no cause but access denied. */
  @ParameterizedTest
  @CsvSource({
    "stub-aws-key-expired, provider_rejected_key, 1, 0",
    "stub-unauthorized, , 0, 1",
    "stub-status-403, , 0, 1",
    "stub-status-429, , 0, 0"
  })
  void a_token_that_aws_rejects_is_replaced_and_one_that_aws_may_have_rejected_is_renewed(
      String behaviour, @Nullable String code, int rejections, int doubts) {
    tokens.is(TOKEN);
    rig.lend(rig.at(WireFormat.BEDROCK).minting(tokens));
    rig.stub.respondNextWith(Behaviour.named(behaviour));

    TestResponse refused =
        rig.post(
            "model/m/converse",
            "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"x\"}]}]}");
    assertThat(refused.values("x-claviger-error"))
        .isEqualTo(code == null ? List.of() : List.of(code));
    assertThat(tokens.rejections()).isEqualTo(rejections);
    assertThat(tokens.doubts()).isEqualTo(doubts);
    assertThat(rig.events.rejectedKeys()).isEqualTo(code == null ? List.of() : List.of(403));
  }

  @Test
  void who_hangs_up_waits_no_longer() {
    try (RawCaller caller = new RawCaller(rig)) {
      caller.chat(Rig.chat("m"));
      Rig.await(() -> tokens.waiting() == 1);
    }

    Rig.await(() -> tokens.waiting() == 0);
    rig.events.awaitFinished(1);
    assertThat(rig.stub.requests()).isEmpty();
  }

  @Test
  void a_token_that_comes_when_the_caller_has_left_is_wiped() {
    TokenSource.Waiter late;
    try (RawCaller caller = new RawCaller(rig)) {
      caller.chat(Rig.chat("m"));
      Rig.await(() -> tokens.waiting() == 1);
      late = tokens.first();
    }
    rig.events.awaitFinished(1);
    late.answered(tokens.copy(TOKEN));

    assertAllWiped();
    assertThat(rig.stub.requests()).isEmpty();
  }

  @Test
  void a_waiting_call_that_is_revoked_ends() {
    CompletableFuture<TestResponse> answer = begin();
    Rig.await(() -> tokens.waiting() == 1);
    rig.authorizer.lookingAgain(call -> Optional.of(CallRefusal.DISABLED));

    assertThat(answer.join().values("x-claviger-error")).containsExactly("disabled");
    Rig.await(() -> tokens.waiting() == 0);
  }

  @Test
  void the_token_is_taken_when_the_turn_has_come() {
    ScriptedTurns waiting = turns.lettingPass(false);
    rig.lend(rig.at(WireFormat.OPENAI).takingTurns().minting(tokens));
    tokens.is("minted-before-the-turn");
    CompletableFuture<TestResponse> answer = begin();
    Rig.await(() -> waiting.waiting() == 1);
    tokens.is(TOKEN);
    waiting.letNextGo(Duration.ofSeconds(60));

    assertThat(answer.join().status()).isEqualTo(200);
    assertThat(sent("authorization")).containsExactly("Bearer " + TOKEN);
    assertAllWiped();
  }

  @Test
  void a_call_without_a_token_gives_its_turn_back() {
    rig.lend(rig.at(WireFormat.OPENAI).takingTurns().minting(tokens));
    tokens.fails(Reason.UNAVAILABLE, "away");

    assertThat(begin().join().status()).isEqualTo(503);
    assertThat(turns.awaitEnds(1)).containsExactly(Optional.empty());
  }

  @Test
  void a_connection_that_died_is_replaced_with_the_same_token_and_the_whole_body() {
    tokens.is(TOKEN);
    rig.post("embeddings", Rig.embedding("stub-close"));
    rig.awaitClosedByProvider();

    assertThat(begin().join().status()).isEqualTo(200);
    RecordedRequest last = rig.stub.requests().getLast();
    assertThat(last.text()).isEqualTo(Rig.embedding("m"));
    assertThat(last.headers("authorization")).containsExactly("Bearer " + TOKEN);
    assertAllWiped();
  }

  @Test
  void a_request_can_not_be_written_without_its_token() {
    try (AuthorizedCall call =
        rig.at(WireFormat.OPENAI).minting(tokens).authorized("alice/my-openai")) {
      assertThatThrownBy(call::demandToken).isInstanceOf(IllegalStateException.class);
    }
  }
}
