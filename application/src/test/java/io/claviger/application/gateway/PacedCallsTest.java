package io.claviger.application.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.StoredKeys;
import io.claviger.application.Wiring;
import io.claviger.application.builders.ABudget;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.CallExplanations.ExplanationQuery;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.shared.Actor;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.CallExplanation;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.LimitsInAll;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.PaceKind;
import io.claviger.domain.policy.PaceTerms;
import io.claviger.domain.sharing.Share;
import io.claviger.domain.spending.BodyUse;
import io.claviger.domain.spending.CallUse;
import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.domain.usage.UsageModel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a call takes of limits of tokens a minute and of calls at a time, and gives back. */
class PacedCallsTest {
  private static final KeyPolicy BOTH = new KeyPolicy(true, true, true);

  private final Calls c = new Calls();
  private final StoredKeys keys = new StoredKeys(c.w);

  private Instance service(Limits limits) {
    Instance service = AnInstance.of(c.alice, "s").provider(Provider.OLLAMA).limits(limits).build();
    c.w.claviger.instances().insert(service, new SecretChange.Keep(), new SecretChange.Keep());
    return service;
  }

  private static Limits pace(PaceKind kind, int most) {
    return Limits.NONE.with(PaceTerms.of(kind, most));
  }

  private AuthorizationOutcome chat(Instance service, long output) {
    return chat(c.alices, service, output);
  }

  private AuthorizationOutcome chat(TokenText token, Instance service, long output) {
    CallRequest call =
        Calls.asked(token, new CallTarget.Service(service.ref()), "POST chat/completions");
    return c.w.callAuthorization.authorize(
        call.withBodyRead(
            BodyUse.of(
                RequestedUse.once(
                    new UsageModel("m"),
                    OperationKind.TEXT,
                    100,
                    output < 0 ? OptionalLong.empty() : OptionalLong.of(output),
                    Optional.of("max_tokens")))));
  }

  private static AuthorizationOutcome.Refused refused(
      AuthorizationOutcome outcome, CallRefusal why) {
    assertThat(Calls.refusal(outcome)).isEqualTo(why);
    return (AuthorizationOutcome.Refused) outcome;
  }

  private static CallUse used(long input, long output) {
    return CallUse.of(TokenUsage.stated(input, output, TokenParts.NONE), CallUse.Evidence.STATED);
  }

  @Test
  void calls_at_a_time_are_refused_with_the_name_of_the_limit_until_one_ends() {
    Instance service = service(pace(PaceKind.CONCURRENT, 2));
    AuthorizedCall one = Calls.authorized(c.call(c.alices, service));
    AuthorizedCall two = Calls.authorized(c.call(c.alices, service));
    assertThat(one.readsUse()).isFalse();

    AuthorizationOutcome.Refused refused =
        refused(c.call(c.alices, service), CallRefusal.RATE_LIMITED);
    assertThat(refused.detail()).contains("The limit of 2 concurrent calls is used up.");
    assertThat(refused.retryAfter()).contains(Duration.ofSeconds(1));
    assertThat(refused.perMinute()).isEmpty();

    two.spending().settle(used(1, 1));
    Calls.authorized(c.call(c.alices, service)).close();
    two.close();
    one.close();
    AuthorizedCall again = Calls.authorized(c.call(c.alices, service));
    AuthorizedCall other = Calls.authorized(c.call(c.alices, service));
    refused(c.call(c.alices, service), CallRefusal.RATE_LIMITED);
    again.close();
    other.close();
  }

  /**
   * A body may take a minute to arrive. If calls got their permits earlier, callers could collect
   * permits and use them all at once.
   */
  @Test
  void a_call_whose_body_has_not_arrived_takes_nothing_of_limits() {
    Limits rate =
        new Limits(
            Optional.of(1), Optional.empty(), Optional.empty(), Optional.empty(), Budgets.NONE);
    for (Limits limits : List.of(rate, pace(PaceKind.CONCURRENT, 1))) {
      Instance service =
          AnInstance.of(c.alice, "s" + limits.requestsPerMinute().isPresent())
              .provider(Provider.OLLAMA)
              .limits(limits)
              .build();
      c.w.claviger.instances().insert(service, new SecretChange.Keep(), new SecretChange.Keep());
      CallRequest head = Calls.head(c.alices, service, "POST embeddings");
      CallRequest whole = head.withBodyRead(BodyUse.UNREAD);
      for (int i = 0; i < 3; i++) {
        AuthorizedCall waiting = Calls.authorized(c.w.callAuthorization.authorize(head));
        assertThat(waiting.isCounted()).isFalse();
        assertThat(waiting.isDecidedLater()).isTrue();
        waiting.close();
      }
      AuthorizedCall sent = Calls.authorized(c.w.callAuthorization.authorize(whole));
      assertThat(sent.isCounted()).isTrue();
      refused(c.w.callAuthorization.authorize(whole), CallRefusal.RATE_LIMITED);
      refused(c.w.callAuthorization.authorize(head), CallRefusal.RATE_LIMITED);
      sent.close();
    }
    AuthorizedCall free =
        Calls.authorized(
            c.w.callAuthorization.authorize(
                Calls.head(c.alices, service(Limits.NONE), "POST embeddings")));
    assertThat(free.isDecidedLater()).isFalse();
    free.close();
  }

  private AuthorizedCall connection(CallRequest opening) {
    return Calls.authorized(c.w.callAuthorization.authorize(opening)).asConnection();
  }

  private static CallRequest session(TokenText token, Instance service) {
    return Calls.asked(token, new CallTarget.Service(service.ref()), "POST chat/completions");
  }

  @Test
  void a_connection_is_one_of_the_calls_at_a_time_and_its_responses_are_none() {
    Instance service = service(pace(PaceKind.CONCURRENT, 1));
    CallRequest opening = session(c.alices, service).opening();
    AuthorizedCall open = connection(opening);
    refused(c.w.callAuthorization.authorize(opening), CallRefusal.RATE_LIMITED);
    refused(c.call(c.alices, service), CallRefusal.RATE_LIMITED);

    CallRequest response = opening.withBodyRead(BodyUse.UNREAD);
    Calls.authorized(c.w.callAuthorization.authorize(response.inConnection())).close();
    refused(c.w.callAuthorization.authorize(response), CallRefusal.RATE_LIMITED);

    open.close();
    connection(opening).close();
  }

  @Test
  void a_connection_reserves_nothing_and_needs_no_body() {
    Instance service =
        service(
            new Limits(Optional.of(2), Optional.of(Set.of(new ModelPattern("a"))), Optional.empty())
                .with(new PaceTerms(Map.of(PaceKind.CONCURRENT, 2, PaceKind.TOKENS, 1))));
    CallRequest opening = session(c.alices, service).opening();
    AuthorizedCall open = connection(opening);
    assertThat(open.spending().isStrict()).isFalse();
    connection(opening).close();
    refused(c.w.callAuthorization.authorize(opening), CallRefusal.RATE_LIMITED);
    open.close();
  }

  @Test
  void a_connection_ends_when_calls_at_a_time_are_limited_further_than_when_it_took_its_place() {
    Instance service = service(pace(PaceKind.CONCURRENT, 2));
    CallRequest opening = session(c.alices, service).opening();
    AuthorizedCall call = Calls.authorized(c.w.callAuthorization.authorize(opening));
    AuthorizedCall open = call.asConnection();
    for (int most : List.of(2, 3, 1)) {
      c.w
          .claviger
          .instances()
          .update(
              AnInstance.of(c.alice, "s")
                  .id(service.id())
                  .provider(Provider.OLLAMA)
                  .limits(pace(PaceKind.CONCURRENT, most))
                  .build(),
              new SecretChange.Keep(),
              new SecretChange.Keep());
      Optional<CallRefusal> why =
          most < 2 ? Optional.of(CallRefusal.SERVICE_CHANGED) : Optional.empty();
      assertThat(c.w.callAuthorization.lookAgain(opening, open.basis())).isEqualTo(why);
      assertThat(c.w.callAuthorization.lookAgain(opening, call.basis())).isEmpty();
    }
    open.close();
  }

  @Test
  void tokens_are_reserved_as_they_are_expected_and_settled_as_they_are_used() {
    Instance service = service(pace(PaceKind.OUTPUT_TOKENS, 1_000));
    AuthorizedCall one = Calls.authorized(chat(service, 700));
    assertThat(one.readsUse()).isTrue();

    AuthorizationOutcome.Refused refused = refused(chat(service, 301), CallRefusal.RATE_LIMITED);
    assertThat(refused.detail())
        .contains("The limit of 1,000 output tokens per minute is used up.");
    assertThat(refused.retryAfter().orElseThrow())
        .isBetween(Duration.ofMillis(1), Duration.ofSeconds(60));

    one.spending().settle(used(5_000, 100));
    one.close();
    Calls.authorized(chat(service, 900)).close();
    Calls.authorized(chat(service, 900)).spending().settle(used(10, 900));
    refused(chat(service, 1), CallRefusal.RATE_LIMITED);
  }

  @Test
  void who_is_refused_by_a_limit_of_all_callers_does_not_learn_how_high_it_is() {
    LimitsInAll inAll =
        new LimitsInAll(
            Optional.of(1), new PaceTerms(Map.of(PaceKind.CONCURRENT, 1, PaceKind.TOKENS, 1_000)));
    Instance service =
        AnInstance.of(c.alice, "all").provider(Provider.OLLAMA).limitsInAll(inAll).build();
    c.w.claviger.instances().insert(service, new SecretChange.Keep(), new SecretChange.Keep());
    c.w.stored(service, AShare.with(c.bob).build());

    assertThat(
            refused(chat(c.bobs, service, 5_000), CallRefusal.REQUEST_EXCEEDS_LIMIT)
                .detail()
                .orElseThrow())
        .contains("more than a limit that you share with others.")
        .doesNotContain("1,000");
    AuthorizedCall first = Calls.authorized(chat(c.alices, service, 100));
    for (boolean isRate : List.of(false, true)) {
      if (isRate) {
        first.close();
      }
      AuthorizationOutcome.Refused bobs =
          refused(chat(c.bobs, service, 100), CallRefusal.RATE_LIMITED);
      assertThat(bobs.detail()).contains("A limit that you share with others is used up.");
      assertThat(bobs.perMinute()).isEmpty();
    }
    assertThat(refused(chat(c.alices, service, 100), CallRefusal.RATE_LIMITED).perMinute())
        .hasValue(1);
  }

  @Test
  void a_call_larger_than_the_limit_is_refused_for_good() {
    Instance service = service(pace(PaceKind.TOKENS, 1_000));

    AuthorizationOutcome.Refused refused =
        refused(chat(service, -1), CallRefusal.REQUEST_EXCEEDS_LIMIT);

    assertThat(refused.detail().orElseThrow())
        .contains("more than the limit of 1,000 tokens per minute")
        .contains("smaller output maximum");
    assertThat(refused.retryAfter()).isEmpty();
    Calls.authorized(chat(service, 500)).close();
  }

  @Test
  void use_beyond_what_was_reserved_is_owed_but_no_more_than_the_request_allows() {
    Instance service = service(pace(PaceKind.OUTPUT_TOKENS, 1_000));
    try (AuthorizedCall call = Calls.authorized(chat(service, 10))) {
      call.spending().settle(used(1, 1_000_000));
    }
    Calls.authorized(chat(service, 990)).close();
    try (AuthorizedCall call = Calls.authorized(chat(service, 900))) {
      call.spending().settle(CallUse.of(TokenUsage.NONE, CallUse.Evidence.UNKNOWN));
    }

    refused(chat(service, 100), CallRefusal.RATE_LIMITED);
  }

  @Test
  void an_explanation_names_the_limit_that_is_used_up_and_takes_nothing() {
    Instance service = service(pace(PaceKind.CONCURRENT, 1));
    Actor alice = c.w.as(c.alice);
    for (int i = 0; i < 3; i++) {
      assertThat(explained(alice, service).reason()).isEmpty();
    }
    AuthorizedCall one = Calls.authorized(c.call(c.alices, service));

    CallExplanation explanation = explained(alice, service);
    assertThat(explanation.reason()).contains("rate_limited");
    assertThat(explanation.steps().getLast().why())
        .isEqualTo("The limit of 1 concurrent calls is used up.");
    one.close();
    assertThat(explained(alice, service).reason()).isEmpty();
  }

  @Test
  void a_limit_that_is_used_up_does_not_tell_whether_another_has_a_key_of_their_own() {
    Instance service = keys.withKey(AnInstance.of(c.alice, "s").keyPolicy(BOTH), Wiring.CANARY);
    Share unused =
        c.w.stored(service, AShare.with(c.bob).limits(pace(PaceKind.OUTPUT_TOKENS, 1_000)).build());
    Calls.authorized(chat(c.bobs, service, 1_000));
    CallExplanation without = c.explainedOfBob(service);
    assertThat(without.reason()).contains("rate_limited");

    keys.ofUser(service, c.bob, "sk-of-bob-0123");

    assertThat(c.explainedOfBob(service)).isEqualTo(without);
  }

  private CallExplanation explained(Actor actor, Instance service) {
    return c.w.explanations.explain(actor, service.ref(), ExplanationQuery.NONE).orThrow();
  }

  @Test
  void a_call_that_goes_to_another_target_gives_back_what_it_has_taken() {
    Instance service =
        service(
            Limits.NONE.with(
                new PaceTerms(Map.of(PaceKind.OUTPUT_TOKENS, 1_000, PaceKind.CONCURRENT, 1))));
    AuthorizedCall first = Calls.authorized(chat(service, 600));
    first.spending().giveBack();
    first.spending().giveBack();
    AuthorizedCall second = Calls.authorized(chat(service, 1_000));

    first.spending().settle(used(1, 0));
    first.close();
    refused(chat(service, 0), CallRefusal.RATE_LIMITED);
    second.close();
    Calls.authorized(chat(service, 1_000)).close();
  }

  @Test
  void a_call_takes_of_all_its_limits_and_budgets_or_of_none() {
    Limits all =
        new Limits(
                Optional.of(3),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new Budgets(List.of(ABudget.tokens(1_000).build())))
            .with(
                new PaceTerms(
                    Map.of(
                        PaceKind.TOKENS,
                        900,
                        PaceKind.OUTPUT_TOKENS,
                        500,
                        PaceKind.CONCURRENT,
                        1)));
    Instance service = service(all);
    refused(chat(service, 501), CallRefusal.REQUEST_EXCEEDS_LIMIT);
    AuthorizedCall one = Calls.authorized(chat(service, 300));
    for (int i = 0; i < 5; i++) {
      refused(chat(service, 50), CallRefusal.RATE_LIMITED);
    }
    one.spending().settle(used(50, 100));
    one.close();

    AuthorizedCall two = Calls.authorized(chat(service, 300));
    two.close();
    two = Calls.authorized(chat(service, 300));
    two.spending().settle(used(50, 300));
    two.close();
    AuthorizationOutcome.Refused rate = refused(chat(service, 1), CallRefusal.RATE_LIMITED);
    assertThat(rate.perMinute()).hasValue(3);
    assertThat(rate.detail()).isEmpty();
  }
}
