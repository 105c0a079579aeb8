package io.claviger.application.credentials;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.application.credentials.CredentialFailure.Reason;
import io.claviger.application.credentials.MintedCredentials.CredentialState;
import io.claviger.application.credentials.TokenSource.Answer;
import io.claviger.application.credentials.port.CredentialMinter;
import io.claviger.application.credentials.port.CredentialMinter.CheckStep;
import io.claviger.application.credentials.port.CredentialMinter.MintFailure;
import io.claviger.application.credentials.port.CredentialMinter.MintFailure.Cause;
import io.claviger.application.credentials.port.CredentialMinter.MintRequest;
import io.claviger.application.credentials.port.CredentialMinter.MintResult;
import io.claviger.application.credentials.port.CredentialMinter.Minted;
import io.claviger.application.credentials.port.ServiceStatement;
import io.claviger.application.fakes.InMemorySealer;
import io.claviger.application.keys.SecretOpener.Bound;
import io.claviger.domain.accounts.User;
import io.claviger.domain.credentials.CredentialBinding;
import io.claviger.domain.credentials.CredentialField;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.credentials.CredentialSettings;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.definitions.SentSettings;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.KeyedInstance;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.sharing.Audience;
import io.claviger.domain.standards.KeyPlacement;
import io.claviger.testkit.SettableClock;
import io.claviger.testkit.SettableNanos;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Exchanges run when a test lets them, and time passes when a test says so. */
class MintedCredentialsTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final UUID SERVICE = new UUID(0, 7);
  private static final User.Id OWNER = new User.Id(new UUID(0, 1));
  private static final String TOKEN_URL = "https://tokens.example.com/";

  private final InMemorySealer sealer = InMemorySealer.withOneKey();
  private final SettableNanos nanos = new SettableNanos(Long.MAX_VALUE - 5);
  private final SettableClock clock = new SettableClock(NOW);
  private final Queue<Runnable> exchanges = new ArrayDeque<>();

  /** The error that the JVM throws instead of starting a thread. */
  private Optional<Error> noThread = Optional.empty();

  private final ScriptedMinter minter = new ScriptedMinter();
  private final ScriptedStatement statement = new ScriptedStatement();

  /** Whose statements about which credential the node asked for. */
  private final List<Signer> signers = new ArrayList<>();

  private record Signer(CredentialBinding credential, User.Id owner) {}

  /** What was recorded as impossible to open. */
  private final List<CredentialUse> unusable = new ArrayList<>();

  private final MintedCredentials node = node(List.of(minter));

  /** What the database says of what a token was minted for, and how often it was asked. */
  private boolean current = true;

  private int asked;

  /** The service that the database can't read. */
  private Optional<UUID> broken = Optional.empty();

  /** Signs nothing, because the minter asks for no statement. */
  private static final class ScriptedStatement implements ServiceStatement {
    private boolean revoked;

    @Override
    public Statement sign(String audience, Type type) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isRevoked() {
      return revoked;
    }
  }

  /** Mints numbered tokens, unless a test wants something else. */
  private static final class ScriptedMinter implements CredentialMinter {
    private final List<MintRequest> requests = new ArrayList<>();
    private final List<Secret> tokens = new ArrayList<>();
    private final List<String> secrets = new ArrayList<>();
    private Function<MintRequest, MintResult> answer = request -> token(HOUR);

    MintResult token(Duration lifetime) {
      return token("minted-" + requests.size(), lifetime);
    }

    MintResult token(String text, Duration lifetime) {
      Secret token = Secret.takingOver(text.getBytes(US_ASCII));
      tokens.add(token);
      return new Minted(token, lifetime, List.of(new CheckStep("token", true, "minted")));
    }

    @Override
    public CredentialKind kind() {
      return CredentialKind.OAUTH_CLIENT;
    }

    @Override
    public MintResult mint(MintRequest request) {
      requests.add(request);
      secrets.add(request.secret().map(MintedCredentialsTest::text).orElse("none"));
      return answer.apply(request);
    }
  }

  private MintedCredentials node(List<CredentialMinter> minters) {
    return new MintedCredentials(
        minters,
        (credential, owner) -> {
          signers.add(new Signer(credential, owner));
          return statement;
        },
        use -> {
          asked++;
          broken
              .filter(service -> service.equals(use.service()))
              .ifPresent(
                  service -> {
                    throw new IllegalStateException("unreadable");
                  });
          return current;
        },
        unusable::add,
        sealer,
        exchange -> {
          noThread.ifPresent(
              error -> {
                throw error;
              });
          exchanges.add(exchange);
        },
        nanos,
        clock);
  }

  private CredentialUse use(UUID service, User.Id owner, String tokenUrl, Instant storedAt) {
    CredentialBinding binding = binding(service, tokenUrl);
    return use(binding, KeyBinding.ofCredential(binding), owner, storedAt);
  }

  private CredentialUse use(
      CredentialBinding binding, KeyBinding sealedFor, User.Id owner, Instant storedAt) {
    Secret secret = Secret.takingOver("client-secret".getBytes(US_ASCII));
    return new CredentialUse(
        binding,
        owner,
        Optional.of(new Bound(sealer.seal(secret, sealedFor), KeyBinding.ofCredential(binding))),
        Optional.of(storedAt),
        false);
  }

  private static CredentialBinding binding(UUID service, String tokenUrl) {
    return new CredentialBinding(
        service,
        Endpoint.of("https://models.example.com/v1"),
        KeyPlacement.BEARER,
        SentSettings.NONE,
        CredentialSettings.stored(
            CredentialKind.OAUTH_CLIENT,
            Map.of(CredentialField.CLIENT_ID, "id", CredentialField.TOKEN_URL, tokenUrl)));
  }

  private CredentialUse use() {
    return use(SERVICE, OWNER, TOKEN_URL, NOW);
  }

  /** Returns the node's state of the credential of a service that has not changed since a call. */
  private CredentialState state(CredentialUse as) {
    CredentialBinding binding = as.binding();
    return node.state(
        new Service(
            as.instance(),
            as.owner(),
            Instance.Ref.of("alice/chat"),
            Provider.OPENAI_COMPAT,
            binding.endpoint(),
            binding.placement(),
            binding.settings(),
            true,
            KeyPolicy.DEFAULT),
        as.storedAt());
  }

  private record Service(
      Instance.Id id,
      User.Id owner,
      Instance.Ref ref,
      Provider provider,
      Endpoint endpoint,
      KeyPlacement placement,
      CredentialSettings credential,
      boolean enabled,
      KeyPolicy keyPolicy)
      implements KeyedInstance {
    @Override
    public SentSettings sent() {
      return SentSettings.NONE;
    }

    @Override
    public Audience audience() {
      return Audience.SHARED;
    }
  }

  private static String text(Secret secret) {
    return secret.lend(bytes -> new String(bytes, US_ASCII));
  }

  private static boolean isWiped(Secret secret) {
    try {
      return secret.lend(bytes -> false);
    } catch (IllegalStateException wiped) {
      return true;
    }
  }

  /** The answers that one call got. */
  private final class Call {
    private final Answer first;
    private final List<Answer> later = new ArrayList<>();

    Call(CredentialUse use) {
      first = node.source(use).ask(later::add);
    }

    boolean waits() {
      return first instanceof Answer.Waits && later.isEmpty();
    }

    boolean hasWaited() {
      return first instanceof Answer.Waits;
    }

    Answer answer() {
      return first instanceof Answer.Waits ? later.getFirst() : first;
    }

    String token() {
      return text(((Answer.Token) answer()).copy());
    }

    CredentialFailure failure() {
      return ((Answer.Failed) answer()).why();
    }
  }

  private Call call() {
    return new Call(use());
  }

  private void runExchanges() {
    while (!exchanges.isEmpty()) {
      exchanges.remove().run();
    }
  }

  private void pass(Duration time) {
    nanos.advance(time);
    clock.advance(time);
  }

  private Call tokenAfterWait() {
    Call call = call();
    runExchanges();
    return call;
  }

  /** A Java program has no minters. It must not tell owners that their credentials fail. */
  @Test
  void a_node_that_makes_no_tokens_does_not_say_that_a_credential_fails() {
    minter.answer = request -> new MintFailure("token", "gone", Cause.UNAVAILABLE, List.of());
    MintedCredentials program = node(List.of());
    List<Answer> answers = new ArrayList<>();
    Answer unused = program.source(use()).ask(answers::add);
    Call failed = call();
    runExchanges();

    assertThat(answers).singleElement().isInstanceOf(Answer.Failed.class);
    assertThat(program.failing()).isEmpty();
    assertThat(failed.failure().detail()).isEqualTo("gone");
    assertThat(node.failing()).containsOnlyKeys(new Instance.Id(SERVICE));
  }

  @Test
  void the_first_call_waits_for_the_token_and_the_next_ones_do_not() {
    Call first = call();
    assertThat(first.waits()).isTrue();
    runExchanges();
    Call second = call();

    assertThat(first.token()).isEqualTo("minted-1");
    assertThat(((Answer.Token) second.answer()).steps()).hasSize(1);
    assertThat(second.hasWaited()).isFalse();
    assertThat(second.token()).isEqualTo("minted-1");
    assertThat(minter.requests).hasSize(1);
    assertThat(minter.secrets).containsExactly("client-secret");
    assertThat(isWiped(minter.requests.getFirst().secret().orElseThrow())).isTrue();
  }

  @Test
  void a_token_that_has_expired_on_arrival_is_followed_by_a_pause() {
    minter.answer =
        request -> {
          pass(Duration.ofMillis(700));
          return minter.token(Duration.ofSeconds(1));
        };
    Call first = tokenAfterWait();
    Call second = call();

    assertThat(first.failure().reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(first.failure().detail()).contains("already expired when it arrived");
    assertThat(second.failure().reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(exchanges).isEmpty();
    assertThat(minter.tokens).allMatch(MintedCredentialsTest::isWiped);
    pass(Duration.ofSeconds(1));
    assertThat(call().waits()).isTrue();
  }

  @Test
  void a_thousand_calls_at_once_wait_for_one_exchange() {
    List<Call> calls = Stream.generate(this::call).limit(1_000).toList();
    runExchanges();

    assertThat(calls).allMatch(call -> call.token().equals("minted-1"));
    assertThat(minter.requests).hasSize(1);
  }

  @Test
  void more_calls_than_may_wait_are_refused_and_their_places_are_free_again() {
    List<Call> calls = Stream.generate(this::call).limit(HeldToken.MOST_WAITING + 1).toList();
    assertThat(calls.getLast().failure().reason()).isEqualTo(Reason.UNAVAILABLE);
    ((Answer.Waits) calls.getFirst().first).place().leave();
    ((Answer.Waits) calls.getFirst().first).place().leave();
    assertThat(call().waits()).isTrue();
    runExchanges();

    assertThat(calls.getFirst().later).isEmpty();
    assertThat(calls.get(1).token()).isEqualTo("minted-1");
  }

  @Test
  void the_services_of_one_owner_leave_room_for_those_of_others() {
    for (int service = 0; service < 3; service++) {
      CredentialUse crowded = use(new UUID(1, service), OWNER, "https://a.example.com/", NOW);
      for (int i = 0; i < 1_000; i++) {
        Call unused = new Call(crowded);
      }
    }
    User.Id other = new User.Id(new UUID(0, 2));

    assertThat(new Call(use(new UUID(1, 1), OWNER, "https://a.example.com/", NOW)).failure())
        .isEqualTo(MintedCredentials.BUSY);
    assertThat(new Call(use(new UUID(2, 1), other, "https://a.example.com/", NOW)).waits())
        .isTrue();
  }

  @Test
  void exchanges_that_hang_are_bounded_for_an_owner() {
    List<Call> calls = new ArrayList<>();
    for (int service = 0; service <= MintedCredentials.MOST_EXCHANGES / 4; service++) {
      calls.add(new Call(use(new UUID(1, service), OWNER, "https://a.example.com/", NOW)));
    }
    assertThat(calls.getLast().failure()).isEqualTo(MintedCredentials.BUSY);
    runExchanges();

    assertThat(new Call(use(new UUID(1, 99), OWNER, "https://a.example.com/", NOW)).waits())
        .isTrue();
  }

  /** One person may own several accounts, so several owners can hang together. */
  @Test
  void exchanges_of_several_owners_that_hang_leave_room_for_another_owner() {
    for (int owner = 10; owner < 20; owner++) {
      User.Id each = new User.Id(new UUID(0, owner));
      for (int service = 0; service < MintedCredentials.MOST_EXCHANGES; service++) {
        Call unused = new Call(use(new UUID(owner, service), each, "https://a.example.com/", NOW));
      }
    }

    assertThat(call().waits()).isTrue();
  }

  @Test
  void a_machine_that_makes_no_threads_for_a_while_keeps_no_places() {
    noThread = Optional.of(new OutOfMemoryError("unable to create native thread"));
    for (int failed = 0; failed <= MintedCredentials.MOST_EXCHANGES / 4; failed++) {
      assertThatThrownBy(this::call).isInstanceOf(OutOfMemoryError.class);
    }
    noThread = Optional.empty();

    assertThat(tokenAfterWait().token()).isEqualTo("minted-1");
  }

  @Test
  void ten_thousand_calls_over_three_lifetimes_wait_once() {
    int waited = 0;
    for (int call = 0; call < 10_000; call++) {
      Call next = call();
      runExchanges();
      waited += next.hasWaited() ? 1 : 0;
      assertThat(isWiped(minter.tokens.getLast())).isFalse();
      pass(HOUR.multipliedBy(3).dividedBy(10_000));
      node.sweep();
      runExchanges();
    }

    assertThat(waited).isEqualTo(1);
    // At 0, and then every 40 minutes of three hours.
    assertThat(minter.requests).hasSize(5);
    assertThat(minter.tokens.subList(0, 4)).allMatch(MintedCredentialsTest::isWiped);
  }

  @Test
  void a_token_is_renewed_without_a_call_only_if_it_was_used() {
    tokenAfterWait();
    pass(Duration.ofMinutes(40));
    node.sweep();
    runExchanges();
    assertThat(minter.requests).hasSize(2);
    pass(Duration.ofMinutes(40));
    node.sweep();
    runExchanges();
    assertThat(minter.requests).hasSize(2);
    pass(Duration.ofMinutes(20));
    node.sweep();

    assertThat(minter.tokens).allMatch(MintedCredentialsTest::isWiped);
    assertThat(node.holdsTokens()).isFalse();
    assertThat(call().waits()).isTrue();
  }

  @Test
  void a_short_token_is_not_used_in_its_last_third() {
    minter.answer = request -> minter.token(Duration.ofSeconds(15));
    tokenAfterWait();
    pass(Duration.ofSeconds(10).minusNanos(1));
    assertThat(call().hasWaited()).isFalse();
    pass(Duration.ofNanos(1));

    assertThat(call().waits()).isTrue();
    assertThat(isWiped(minter.tokens.getFirst())).isTrue();
  }

  @Test
  void the_lifetime_counts_from_the_question_and_not_by_any_clock() {
    Call first = call();
    pass(Duration.ofSeconds(9));
    clock.advance(Duration.ofDays(300)); // a wrong clock changes nothing
    runExchanges();
    assertThat(first.token()).isEqualTo("minted-1");
    pass(HOUR.minusSeconds(9).minusNanos(1));
    assertThat(call().hasWaited()).isFalse();
    pass(Duration.ofNanos(1));

    assertThat(call().hasWaited()).isTrue();
  }

  @Test
  void a_token_stays_in_use_while_its_renewal_fails_and_until_it_expires() {
    tokenAfterWait();
    minter.answer =
        request -> new MintFailure("token", "no route to host", Cause.UNAVAILABLE, List.of());
    for (int minute = 1; minute < 60; minute++) {
      pass(Duration.ofMinutes(1));
      node.sweep();
      Call call = call();
      runExchanges();
      assertThat(call.hasWaited()).isFalse();
      assertThat(call.token()).isEqualTo("minted-1");
    }
    assertThat(state(use()).lastError().orElseThrow().detail()).isEqualTo("no route to host");
    pass(Duration.ofMinutes(1));
    Call late = call();
    runExchanges();
    if (late.hasWaited()) {
      assertThat(late.failure().reason()).isEqualTo(Reason.UNAVAILABLE);
    }
    assertThat(call().failure().detail()).isEqualTo("no route to host");
    assertThat(isWiped(minter.tokens.getFirst())).isTrue();
  }

  @Test
  void an_absent_token_url_is_asked_again_after_ever_longer_pauses() {
    minter.answer = request -> new MintFailure("token", "away", Cause.UNAVAILABLE, List.of());
    tokenAfterWait();
    for (int second = 0; second < 120; second++) {
      Call call = call();
      runExchanges();
      assertThat(call.failure().retryAfter())
          .isBetween(Duration.ofNanos(1), Duration.ofSeconds(16));
      pass(Duration.ofSeconds(1));
    }
    assertThat(minter.requests).hasSizeBetween(9, 11);
    minter.answer = request -> minter.token(HOUR);
    pass(Duration.ofSeconds(16));

    assertThat(tokenAfterWait().token()).startsWith("minted-");
  }

  @ParameterizedTest
  @CsvSource({"REFUSED, REFUSED", "MISCONFIGURED, REFUSED", "NOT_ALLOWED, NOT_ALLOWED"})
  void a_refusal_is_kept_for_a_minute(Cause cause, Reason reason) {
    List<CheckStep> steps = List.of(new CheckStep("token", false, "invalid_client"));
    minter.answer = request -> new MintFailure("token", "invalid_client", cause, steps);
    assertThat(tokenAfterWait().failure().reason()).isEqualTo(reason);
    pass(Duration.ofSeconds(59));
    assertThat(call().failure().retryAfter()).isEqualTo(Duration.ofSeconds(1));
    assertThat(minter.requests).hasSize(1);
    assertThat(call().failure().steps()).isEqualTo(steps);
    pass(Duration.ofSeconds(1));

    assertThat(call().waits()).isTrue();
  }

  /** A new statement is signed with another key. */
  @Test
  void a_refusal_of_a_statement_whose_key_was_revoked_meanwhile_is_not_kept() {
    statement.revoked = true;
    minter.answer = request -> new MintFailure("token", "invalid_token", Cause.REFUSED, List.of());
    CredentialFailure failure = tokenAfterWait().failure();
    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(1));
    pass(Duration.ofSeconds(1));

    assertThat(call().waits()).isTrue();
  }

  @Test
  void what_others_say_becomes_one_short_line() {
    minter.answer =
        request ->
            new MintFailure("token", "a\r\nb\u202e" + "x".repeat(9_999), Cause.REFUSED, List.of());

    assertThat(tokenAfterWait().failure().detail()).startsWith("a  b xxx").hasSize(300);
  }

  @ParameterizedTest
  @CsvSource({
    "'', PT1H, text",
    "short, PT1H, text",
    "'has a space', PT1H, text",
    "token-token, PT0S, expired",
    "token-token, P365D, '8,760 hours'"
  })
  void a_token_that_can_not_be_used_is_a_refusal(String token, Duration lifetime, String why) {
    minter.answer = request -> minter.token(token, lifetime);

    CredentialFailure failure = tokenAfterWait().failure();
    assertThat(failure.reason()).isEqualTo(Reason.REFUSED);
    assertThat(failure.detail()).contains(why);
    assertThat(failure.steps()).hasSize(2).last().matches(step -> !step.ok());
    assertThat(minter.tokens).allMatch(MintedCredentialsTest::isWiped);
  }

  @Test
  void a_header_can_not_be_smuggled_in_a_token() {
    minter.answer = request -> minter.token("token\r\nX-Evil: 1", HOUR);

    assertThat(tokenAfterWait().failure().reason()).isEqualTo(Reason.REFUSED);
  }

  /** Changes after which tokens of the service must not be used any more. */
  private enum Change {
    TOKEN_URL,
    SECRET,
    OWNER
  }

  @ParameterizedTest
  @EnumSource(Change.class)
  void a_token_for_other_settings_is_never_sent(Change change) {
    tokenAfterWait();
    CredentialUse other =
        switch (change) {
          case TOKEN_URL -> use(SERVICE, OWNER, "https://tokens.example.org/", NOW);
          case SECRET -> use(SERVICE, OWNER, "https://tokens.example.com/", NOW.plusSeconds(1));
          case OWNER ->
              use(SERVICE, new User.Id(new UUID(0, 3)), "https://tokens.example.com/", NOW);
        };
    Call call = new Call(other);

    assertThat(call.waits()).isTrue();
    assertThat(isWiped(minter.tokens.getFirst())).isTrue();
    runExchanges();
    assertThat(call.token()).isEqualTo("minted-2");
    assertThat(minter.requests.get(1).binding()).isEqualTo(other.binding());
  }

  @Test
  void who_waits_when_the_settings_change_gets_the_token_of_the_former_settings_and_nobody_else() {
    Call before = call();
    Call after = new Call(use(SERVICE, OWNER, "https://tokens.example.org/", NOW));
    runExchanges();

    assertThat(before.token()).isEqualTo("minted-1");
    assertThat(after.token()).isEqualTo("minted-2");
    assertThat(new Call(use(SERVICE, OWNER, "https://tokens.example.org/", NOW)).token())
        .isEqualTo("minted-2");
    assertThat(isWiped(minter.tokens.getFirst())).isTrue();
  }

  @Test
  void statements_are_asked_for_with_the_credential_and_the_owner_of_the_call_that_needs_them() {
    User.Id later = new User.Id(new UUID(0, 2));
    Call before = call();
    Call after = new Call(use(SERVICE, later, TOKEN_URL, NOW.plusSeconds(1)));
    runExchanges();

    assertThat(before.token()).isEqualTo("minted-1");
    assertThat(after.token()).isEqualTo("minted-2");
    assertThat(signers)
        .containsExactly(
            new Signer(binding(SERVICE, TOKEN_URL), OWNER),
            new Signer(binding(SERVICE, TOKEN_URL), later));
  }

  @Test
  void who_waits_when_the_settings_change_waits_no_longer_than_others() {
    Call before = call();
    Call after = new Call(use(SERVICE, OWNER, "https://tokens.example.org/", NOW));
    pass(Duration.ofSeconds(9));
    node.sweep();
    assertThat(before.waits()).isTrue();

    pass(Duration.ofSeconds(1));
    node.sweep();
    assertThat(before.failure().reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(after.failure().reason()).isEqualTo(Reason.UNAVAILABLE);

    runExchanges();
    assertThat(minter.tokens).hasSize(2).allMatch(MintedCredentialsTest::isWiped);
  }

  @Test
  void a_secret_that_was_sealed_for_another_token_url_is_not_used() {
    CredentialBinding moved = binding(SERVICE, "https://evil.example.org/");
    KeyBinding sealedFor = KeyBinding.ofCredential(binding(SERVICE, "https://tokens.example.com/"));
    Call call = new Call(use(moved, sealedFor, OWNER, NOW));
    runExchanges();

    assertThat(call.failure().reason()).isEqualTo(Reason.UNUSABLE);
    assertThat(minter.requests).isEmpty();
    assertThat(unusable).extracting(CredentialUse::binding).containsExactly(moved);
    assertThat(new Call(use(moved, sealedFor, OWNER, NOW)).failure().reason())
        .isEqualTo(Reason.UNUSABLE);
    assertThat(unusable).hasSize(1);
  }

  @Test
  void a_node_without_the_encryption_key_of_a_secret_says_that_another_try_may_help() {
    CredentialBinding binding = binding(SERVICE, TOKEN_URL);
    KeyBinding sealedFor = KeyBinding.ofCredential(binding);
    Secret secret = Secret.takingOver("client-secret".getBytes(US_ASCII));
    Bound elsewhere = new Bound(InMemorySealer.withOneKey().seal(secret, sealedFor), sealedFor);
    Call call =
        new Call(
            new CredentialUse(binding, OWNER, Optional.of(elsewhere), Optional.of(NOW), false));
    runExchanges();

    assertThat(call.failure().reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(call.failure().step()).isEqualTo("secret");
    assertThat(minter.requests).isEmpty();
  }

  @Test
  void a_service_that_was_disabled_or_deleted_loses_its_token() {
    tokenAfterWait();
    node.sweep();
    assertThat(asked).isEqualTo(1);
    current = false;
    node.changed(Set.of(new UUID(9, 9)));
    node.sweep();
    assertThat(asked).isEqualTo(1);
    assertThat(call().hasWaited()).isFalse();
    node.changed(Set.of(SERVICE));
    node.sweep();

    assertThat(minter.tokens).allMatch(MintedCredentialsTest::isWiped);
    assertThat(call().waits()).isTrue();
  }

  /** A call may wait for a long time between its permission and its token. */
  @Test
  void a_call_that_asks_after_its_service_was_disabled_keeps_no_token_of_it() {
    CredentialUse before = use();
    tokenAfterWait();
    current = false;
    node.changed(Set.of(SERVICE));
    node.sweep();
    Call late = new Call(before);
    runExchanges();
    node.sweep();

    assertThat(late.hasWaited()).isTrue();
    assertThat(minter.tokens).hasSize(2).allMatch(MintedCredentialsTest::isWiped);
    pass(Duration.ofMinutes(50));
    node.sweep();
    assertThat(exchanges).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "2, 1"})
  void a_service_that_cannot_be_read_keeps_no_other_from_losing_its_token(int first, int second) {
    CredentialUse unreadable = use(new UUID(first, 1), OWNER, TOKEN_URL, NOW);
    CredentialUse disabled = use(new UUID(second, 1), OWNER, TOKEN_URL, NOW);
    List<Call> calls = List.of(new Call(unreadable), new Call(disabled));
    runExchanges();
    assertThat(calls).allSatisfy(call -> assertThat(call.token()).startsWith("minted-"));
    current = false;
    broken = Optional.of(unreadable.service());
    node.everythingChanged();

    assertThatIllegalStateException().isThrownBy(node::sweep);
    assertThat(new Call(disabled).waits()).isTrue();

    broken = Optional.empty();
    node.sweep();
    assertThat(new Call(unreadable).waits()).isTrue();
  }

  @Test
  void a_change_of_everything_takes_the_token_of_a_service_that_was_disabled() {
    tokenAfterWait();
    current = false;
    node.everythingChanged();
    node.sweep();

    assertThat(minter.tokens).allMatch(MintedCredentialsTest::isWiped);
    assertThat(call().waits()).isTrue();
  }

  @Test
  void a_change_of_something_else_costs_neither_the_token_nor_a_refusal() {
    tokenAfterWait();
    node.changed(Set.of(SERVICE));
    node.sweep();
    node.sweep();
    assertThat(asked).isEqualTo(1);
    assertThat(call().hasWaited()).isFalse();
    node.everythingChanged();
    node.sweep();
    assertThat(asked).isEqualTo(2);
    assertThat(call().hasWaited()).isFalse();
    assertThat(minter.requests).hasSize(1);
    node.close();
    minter.answer = request -> new MintFailure("token", "no", Cause.REFUSED, List.of());
    tokenAfterWait();
    node.changed(Set.of(SERVICE));
    node.sweep();

    assertThat(call().hasWaited()).isFalse();
    assertThat(minter.requests).hasSize(2);
  }

  @Test
  void a_token_that_arrives_after_its_service_was_disabled_is_not_kept() {
    Call before = call();
    current = false;
    node.changed(Set.of(SERVICE));
    node.sweep();
    runExchanges();

    assertThat(before.token()).isEqualTo("minted-1");
    assertThat(isWiped(minter.tokens.getFirst())).isTrue();
    assertThat(call().waits()).isTrue();
  }

  @Test
  void an_exchange_that_hangs_is_given_up_and_its_late_token_is_wiped() {
    Call call = call();
    pass(HeldToken.PATIENCE);
    node.sweep();
    assertThat(call.failure().reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(call.failure().detail()).contains("10 seconds");
    runExchanges();

    assertThat(isWiped(minter.tokens.getFirst())).isTrue();
    assertThat(call.later).hasSize(1);
  }

  @Test
  void a_minter_that_fails_leaves_no_call_waiting() {
    minter.answer =
        request -> {
          throw new IllegalStateException("a fault");
        };
    Call call = call();
    assertThatIllegalStateException().isThrownBy(this::runExchanges).withMessage("a fault");

    assertThat(call.failure().reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(isWiped(minter.requests.getFirst().secret().orElseThrow())).isTrue();
  }

  @Test
  void a_token_that_the_provider_rejects_is_replaced_at_most_once_a_minute() {
    tokenAfterWait();
    node.source(use()).rejected();
    assertThat(call().hasWaited()).isFalse();
    pass(Duration.ofSeconds(60));
    node.source(use(SERVICE, OWNER, "https://tokens.example.org/", NOW)).rejected();
    assertThat(call().hasWaited()).isFalse();
    node.source(use()).rejected();

    assertThat(isWiped(minter.tokens.getFirst())).isTrue();
    assertThat(tokenAfterWait().token()).isEqualTo("minted-2");
    node.source(use()).rejected();
    assertThat(call().hasWaited()).isFalse();
  }

  /** Any caller can cause answers that raise a doubt, also while no other token can be had. */
  @Test
  void a_token_that_the_provider_might_reject_stays_in_use_until_another_one_arrives() {
    tokenAfterWait();
    node.source(use()).doubted();
    assertThat(exchanges).isEmpty();
    pass(Duration.ofSeconds(60));
    minter.answer = request -> new MintFailure("token", "away", Cause.UNAVAILABLE, List.of());
    node.source(use(SERVICE, OWNER, "https://tokens.example.org/", NOW)).doubted();
    assertThat(exchanges).isEmpty();
    node.source(use()).doubted();
    node.source(use()).doubted();

    assertThat(exchanges).hasSize(1);
    assertThat(call().token()).isEqualTo("minted-1");
    runExchanges();
    node.source(use()).doubted();
    assertThat(exchanges).isEmpty();
    assertThat(call().token()).isEqualTo("minted-1");

    minter.answer = request -> minter.token(HOUR);
    pass(Duration.ofSeconds(1));
    assertThat(call().token()).isEqualTo("minted-1");
    runExchanges();
    assertThat(call().token()).isEqualTo("minted-3");
    node.source(use()).doubted();
    assertThat(exchanges).isEmpty();
  }

  @Test
  void each_call_has_a_copy_of_its_own() {
    Call first = tokenAfterWait();
    Call second = call();
    first.answer().close();

    assertThat(second.token()).isEqualTo("minted-1");
    assertThat(call().token()).isEqualTo("minted-1");
  }

  @Test
  void the_tokens_of_an_owner_take_a_bounded_part_of_the_memory() {
    minter.answer = request -> minter.token("t".repeat(10_240), HOUR);
    int fits = (int) (MintedCredentials.MOST_BYTES / 4 / 10_240);
    for (int service = 0; service <= fits; service++) {
      pass(Duration.ofMillis(1));
      Call unused = new Call(use(new UUID(1, service), OWNER, "https://a.example.com/", NOW));
      runExchanges();
    }

    assertThat(minter.tokens.stream().filter(MintedCredentialsTest::isWiped)).hasSize(1);
    assertThat(isWiped(minter.tokens.getFirst())).isTrue();
  }

  @Test
  void the_state_says_when_a_token_was_minted_and_how_long_it_lives() {
    assertThat(state(use())).isEqualTo(CredentialState.NOTHING);
    tokenAfterWait();
    pass(Duration.ofMinutes(10));
    CredentialState state = state(use());

    assertThat(state.mintedAt()).contains(NOW);
    assertThat(state.expiresIn()).contains(Duration.ofMinutes(50));
    assertThat(state.lastError()).isEmpty();
  }

  @Test
  void a_failure_of_what_the_service_was_before_is_not_told_of_what_it_is_now() {
    minter.answer = request -> new MintFailure("token", "unknown client", Cause.REFUSED, List.of());
    tokenAfterWait();
    CredentialUse confirmed = use(SERVICE, OWNER, TOKEN_URL, NOW.plusSeconds(1));

    assertThat(state(use()).lastError()).isPresent();
    assertThat(state(confirmed)).isEqualTo(CredentialState.NOTHING);
    assertThat(state(use(SERVICE, new User.Id(new UUID(0, 2)), TOKEN_URL, NOW)))
        .isEqualTo(CredentialState.NOTHING);

    current = false;
    node.changed(Set.of(SERVICE));
    node.sweep();
    assertThat(state(use())).isEqualTo(CredentialState.NOTHING);
  }

  @Test
  void exchanges_are_counted_by_their_outcome_and_the_oldest_token_is_known() {
    assertThat(node.oldest(CredentialKind.OAUTH_CLIENT)).isEmpty();
    Call unused = tokenAfterWait();
    pass(Duration.ofMinutes(10));
    unused = callOf(1);
    runExchanges();
    minter.answer = request -> new MintFailure("token", "no", Cause.REFUSED, List.of());
    unused = callOf(2);
    runExchanges();

    assertThat(MintedCredentials.OUTCOMES)
        .filteredOn(outcome -> node.exchanges(CredentialKind.OAUTH_CLIENT, outcome) > 0)
        .containsExactly("minted", "credential_refused");
    assertThat(node.exchanges(CredentialKind.OAUTH_CLIENT, "minted")).isEqualTo(2);
    assertThat(node.exchanges(CredentialKind.AWS, "minted")).isZero();
    assertThat(node.oldest(CredentialKind.OAUTH_CLIENT)).contains(Duration.ofMinutes(10));
    assertThat(node.oldest(CredentialKind.AWS)).isEmpty();
  }

  @Test
  void a_full_node_makes_room_on_another_thread_and_forgets_who_was_called_least_recently() {
    minter.answer = request -> new MintFailure("token", "no", Cause.REFUSED, List.of());
    Queue<Runnable> room = new ArrayDeque<>();
    for (int i = 0; i < MintedCredentials.MOST_SERVICES; i++) {
      Call unused = callOf(i);
      if (exchanges.size() == 2) {
        room.add(exchanges.remove());
      }
      runExchanges();
      nanos.advance(Duration.ofNanos(1));
    }
    Call beyond = callOf(MintedCredentials.MOST_SERVICES);

    assertThat(beyond.failure()).isEqualTo(MintedCredentials.BUSY);
    assertThat(exchanges).isEmpty();
    assertThat(room).hasSize(1);
    room.remove().run();
    assertThat(callOf(MintedCredentials.MOST_SERVICES).waits()).isTrue();
    assertThat(callOf(0).waits()).isTrue();
    assertThat(callOf(MintedCredentials.MOST_SERVICES - 1).failure().reason())
        .isEqualTo(Reason.REFUSED);
  }

  private Call callOf(int service) {
    return new Call(use(new UUID(1, service), OWNER, "https://a.example.com/", NOW));
  }

  @Test
  void closing_wipes_all_tokens_and_tells_those_who_wait() {
    tokenAfterWait();
    Call waiting = new Call(use(new UUID(5, 5), OWNER, "https://a.example.com/", NOW));
    node.close();

    assertThat(minter.tokens).allMatch(MintedCredentialsTest::isWiped);
    assertThat(waiting.failure()).isEqualTo(MintedCredentials.BUSY);
  }

  @Test
  void who_may_block_gets_the_token_as_the_answer() throws InterruptedException {
    List<Answer> answers = new ArrayList<>();
    Thread blocked = Thread.ofVirtual().start(() -> answers.add(node.source(use()).await()));
    while (exchanges.isEmpty()) {
      Thread.onSpinWait();
    }
    runExchanges();
    blocked.join();

    assertThat(answers).singleElement().isInstanceOf(Answer.Token.class);
    assertThat(Arrays.asList(node.source(use()).await())).hasOnlyElementsOfType(Answer.Token.class);
  }
}
