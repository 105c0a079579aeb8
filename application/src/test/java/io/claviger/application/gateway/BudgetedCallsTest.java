package io.claviger.application.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.StoredKeys;
import io.claviger.application.Wiring;
import io.claviger.application.builders.ABudget;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.limits.port.AssignedLimitsStore.StoredLimits;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.formats.ObeyedCaps.Fact;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.CallExplanation;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.prices.ModelBounds;
import io.claviger.domain.prices.Price;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.domain.sharing.Share;
import io.claviger.domain.spending.BodyUse;
import io.claviger.domain.spending.CallUse;
import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.spending.UnstatedUse;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.domain.usage.UsageModel;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a call reserves of budgets, and what refused callers are told. */
class BudgetedCallsTest {
  private static final UsageModel MODEL = new UsageModel("m");
  private static final TokenUsage USED = TokenUsage.stated(60, 40, TokenParts.NONE);

  private final Calls c = new Calls();

  private static Limits budget(long amount, BudgetUnit unit, BudgetBound bound) {
    return Limits.of(
        new Budgets(
            List.of(new Budget(amount, unit, BudgetWindow.DAY, BudgetZone.UTC, bound, false))));
  }

  private static Limits requests(long amount) {
    return budget(amount, BudgetUnit.REQUESTS, BudgetBound.MEASURED);
  }

  private static Limits tokens(long amount) {
    return budget(amount, BudgetUnit.TOKENS, BudgetBound.STRICT);
  }

  private Instance service(Limits limits) {
    Instance service = AnInstance.of(c.alice, "s").provider(Provider.OLLAMA).limits(limits).build();
    c.w.claviger.instances().insert(service, new SecretChange.Keep(), new SecretChange.Keep());
    return service;
  }

  private static RequestedUse chat(long output) {
    return RequestedUse.once(
        MODEL,
        OperationKind.TEXT,
        100,
        output < 0 ? OptionalLong.empty() : OptionalLong.of(output),
        Optional.of("max_tokens"));
  }

  private AuthorizationOutcome chat(TokenText token, Instance service, Optional<RequestedUse> use) {
    CallRequest call =
        Calls.asked(token, new CallTarget.Service(service.ref()), "POST chat/completions");
    return c.w.callAuthorization.authorize(
        call.withBodyRead(use.map(BodyUse::of).orElse(BodyUse.UNREAD)));
  }

  private AuthorizationOutcome chat(Instance service, long output) {
    return chat(c.alices, service, Optional.of(chat(output)));
  }

  private static AuthorizationOutcome.Refused refused(
      AuthorizationOutcome outcome, CallRefusal why) {
    assertThat(Calls.refusal(outcome)).isEqualTo(why);
    return (AuthorizationOutcome.Refused) outcome;
  }

  private void call(Instance service) {
    try (AuthorizedCall call = Calls.authorized(c.call(c.alices, service))) {
      call.spending().settle(CallUse.of(USED, CallUse.Evidence.STATED));
    }
  }

  @Test
  void a_service_with_five_requests_a_day_refuses_the_sixth_call() {
    Instance service = service(requests(5));
    for (int i = 0; i < 5; i++) {
      call(service);
    }

    AuthorizationOutcome.Refused refused =
        refused(c.call(c.alices, service), CallRefusal.BUDGET_EXHAUSTED);

    assertThat(refused.detail().orElseThrow())
        .startsWith("Your budget on this service, 5 requests a day, is used up. It resets on ")
        .contains(" UTC.")
        .endsWith("Trying again before then does not help.");
    assertThat(refused.service().orElseThrow().name()).isEqualTo("alice/s");
    assertThat(refused.retryAfter()).isEmpty();
  }

  @Test
  void a_budget_that_is_used_up_does_not_tell_whether_another_has_a_key_of_their_own() {
    StoredKeys keys = new StoredKeys(c.w);
    KeyPolicy both = new KeyPolicy(true, true, true);
    Instance service = keys.withKey(AnInstance.of(c.alice, "s").keyPolicy(both), Wiring.CANARY);
    Share unused = c.w.stored(service, AShare.with(c.bob).limits(requests(1)).build());
    try (AuthorizedCall call = Calls.authorized(c.call(c.bobs, service))) {
      call.spending().settle(CallUse.of(USED, CallUse.Evidence.STATED));
    }
    CallExplanation without = c.explainedOfBob(service);
    assertThat(without.reason()).contains("budget_exhausted");

    keys.ofUser(service, c.bob, "sk-of-bob-0123");

    assertThat(c.explainedOfBob(service)).isEqualTo(without);
  }

  @Test
  void what_administrators_allow_a_user_holds_for_calls_from_memory_too() {
    Instance service = service(Limits.NONE);
    c.w
        .claviger
        .assignedLimits()
        .save(c.alice.id(), new StoredLimits(requests(2), 2), c.w.claviger.clock().instant());
    call(service);
    call(service);

    AuthorizationOutcome.Refused refused =
        refused(c.call(c.alices, service), CallRefusal.BUDGET_EXHAUSTED);

    assertThat(refused.detail().orElseThrow()).startsWith("Your budget, 2 requests a day, ");
  }

  @Test
  void a_call_that_was_not_sent_is_not_charged() {
    Instance service = service(requests(1));
    for (int i = 0; i < 5; i++) {
      Calls.authorized(c.call(c.alices, service)).close();
    }

    call(service);
    refused(c.call(c.alices, service), CallRefusal.BUDGET_EXHAUSTED);
  }

  @Test
  void what_a_target_gave_back_is_there_for_the_next_one_and_the_call_counts_once() {
    Instance service = service(requests(2));
    AuthorizedCall failed = Calls.authorized(c.call(c.alices, service));
    Calls.authorized(c.call(c.alices, service)).spending().settle(used());

    failed.spending().giveBack();
    Calls.authorized(c.call(c.alices, service)).spending().settle(used());
    failed.close();

    refused(c.call(c.alices, service), CallRefusal.BUDGET_EXHAUSTED);
  }

  @Test
  void a_refused_call_that_no_other_target_takes_counts_as_a_request_if_there_is_one_left() {
    Instance service = service(requests(2));
    AuthorizedCall first = Calls.authorized(c.call(c.alices, service));
    AuthorizedCall second = Calls.authorized(c.call(c.alices, service));
    first.spending().giveBack();
    second.spending().giveBack();
    AuthorizedCall other = Calls.authorized(c.call(c.alices, service));

    first.spending().settle(CallUse.of(TokenUsage.NONE, CallUse.Evidence.REFUSED));
    refused(c.call(c.alices, service), CallRefusal.BUDGET_EXHAUSTED);
    second.spending().settle(CallUse.of(TokenUsage.NONE, CallUse.Evidence.REFUSED));
    other.close();

    Calls.authorized(c.call(c.alices, service)).spending().settle(used());
    refused(c.call(c.alices, service), CallRefusal.BUDGET_EXHAUSTED);
  }

  private static CallUse used() {
    return CallUse.of(USED, CallUse.Evidence.STATED);
  }

  @Test
  void a_call_takes_of_its_rate_and_of_its_budget_or_of_neither() {
    Limits both =
        new Limits(
            Optional.of(2),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            requests(1).budgets());
    Instance service = service(both);
    call(service);
    refused(c.call(c.alices, service), CallRefusal.BUDGET_EXHAUSTED);
    refused(c.call(c.alices, service), CallRefusal.BUDGET_EXHAUSTED);

    Instance narrow =
        AnInstance.of(c.alice, "narrow")
            .provider(Provider.OLLAMA)
            .limits(
                new Limits(
                    Optional.of(1),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    requests(2).budgets()))
            .build();
    c.w.claviger.instances().insert(narrow, new SecretChange.Keep(), new SecretChange.Keep());
    call(narrow);
    for (int i = 0; i < 3; i++) {
      refused(c.call(c.alices, narrow), CallRefusal.RATE_LIMITED);
    }
  }

  @Test
  void what_a_call_may_use_is_reserved_and_what_it_used_is_charged() {
    Instance service = service(tokens(5_000));
    AuthorizedCall first = Calls.authorized(chat(service, 400));

    assertThat(refused(chat(service, 1_000), CallRefusal.BUDGET_EXHAUSTED).detail().orElseThrow())
        .contains("The same request fits now with max_tokens of at most 400.");
    try (first) {
      first.spending().settle(CallUse.of(USED, CallUse.Evidence.STATED));
    }
    Calls.authorized(chat(service, 1_000)).close();
    assertThat(refused(chat(service, 100_000), CallRefusal.BUDGET_EXHAUSTED).detail().orElseThrow())
        .contains("5,000 tokens a day, does not leave enough for this call")
        .contains("may use up to 102,100 tokens: 4,900 tokens are left")
        .contains("with max_tokens of at most 2,800.");
  }

  @Test
  void a_head_reserves_nothing_where_the_body_has_to_be_read() {
    Instance service = service(tokens(3_000));
    CallRequest head = Calls.head(c.alices, service, "POST chat/completions");
    for (int i = 0; i < 10; i++) {
      AuthorizedCall unclosed = Calls.authorized(c.w.callAuthorization.authorize(head));
      assertThat(unclosed.readsUse()).isTrue();
    }

    Calls.authorized(chat(service, 100)).close();
  }

  @Test
  void a_body_that_can_not_be_read_is_refused_where_it_matters() {
    refused(chat(c.alices, service(tokens(9_000)), Optional.empty()), CallRefusal.USE_NOT_READABLE);
  }

  @Test
  void under_a_strict_budget_the_output_has_to_be_stated() {
    assertThat(
            refused(chat(service(tokens(9_000)), -1), CallRefusal.OUTPUT_UNBOUNDED)
                .detail()
                .orElseThrow())
        .contains("Set max_tokens in the request: this provider is known to obey it.");
  }

  @Test
  void the_endpoint_says_whether_the_stated_output_includes_reasoning() {
    Instance service =
        new StoredKeys(c.w)
            .withKey(
                AnInstance.of(c.alice, "s")
                    .provider(Provider.OPENAI_COMPAT)
                    .endpoint("https://dashscope.aliyuncs.com/compatible-mode/v1")
                    .limits(tokens(9_000)),
                Wiring.CANARY);
    BodyUse body = (caps, exact) -> Optional.of(chat(caps.have(Fact.REASONS_BEYOND) ? -1 : 10));
    CallRequest request =
        Calls.asked(c.alices, new CallTarget.Service(service.ref()), "POST chat/completions")
            .withBodyRead(body);

    refused(c.w.callAuthorization.authorize(request), CallRefusal.OUTPUT_UNBOUNDED);
  }

  @Test
  void more_output_than_the_limits_allow_is_refused() {
    Limits limits =
        new Limits(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(1_000), Budgets.NONE);
    Instance service = service(limits);

    Calls.authorized(chat(service, 1_000)).close();
    assertThat(refused(chat(service, 1_001), CallRefusal.OUTPUT_TOO_LARGE).detail().orElseThrow())
        .contains("at most 1,000 output tokens", "up to 1,001", "Set max_tokens");
    assertThat(refused(chat(service, -1), CallRefusal.OUTPUT_UNBOUNDED).detail().orElseThrow())
        .contains("at most 1,000 output tokens", "Set max_tokens");
    Calls.authorized(c.call(c.alices, "alice/s", "GET models")).close();
  }

  @Test
  void a_dearer_model_that_is_named_for_a_tool_has_to_fit_at_its_own_price() {
    Instance service = service(budget(1_000_000, BudgetUnit.USD, BudgetBound.STRICT));
    UsageModel dear = new UsageModel("dear");
    c.w.knownPrices.put(MODEL, priced(1_000));
    Optional<RequestedUse> naming = naming(dear, Set.of());

    refused(chat(c.alices, service, naming), CallRefusal.MODEL_HAS_NO_PRICE);
    c.w.knownPrices.put(dear, priced(10_000_000));
    refused(chat(c.alices, service, naming), CallRefusal.BUDGET_EXHAUSTED);
    c.w.knownPrices.put(dear, priced(100_000));
    Calls.authorized(chat(c.alices, service, naming)).close();
  }

  private static Optional<RequestedUse> naming(UsageModel other, Set<UsageModel> substitutes) {
    return Optional.of(
        new RequestedUse(
            MODEL,
            OperationKind.TEXT,
            100,
            RequestedUse.Reading.ONCE,
            new RequestedUse.Writing(OptionalLong.of(10), Optional.of("max_tokens"), 1, false),
            Set.of(other),
            substitutes,
            RequestedUse.ANY_TIER,
            FeesUsed.NONE,
            UnstatedUse.Asked.NOTHING));
  }

  @ParameterizedTest
  @EnumSource
  void a_model_that_may_answer_in_place_of_another_has_to_fit_at_its_own_price(BudgetBound bound) {
    Instance service = service(budget(1_000_000, BudgetUnit.USD, bound));
    UsageModel dear = new UsageModel("dear");
    c.w.knownPrices.put(MODEL, priced(1_000));
    Optional<RequestedUse> choosing = naming(dear, Set.of(dear));

    refused(chat(c.alices, service, choosing), CallRefusal.MODEL_HAS_NO_PRICE);
    c.w.knownPrices.put(dear, priced(200_000_000));
    refused(chat(c.alices, service, choosing), CallRefusal.BUDGET_EXHAUSTED);
    c.w.knownPrices.put(dear, priced(50_000_000));
    try (AuthorizedCall call = Calls.authorized(chat(c.alices, service, choosing))) {
      refused(chat(c.alices, service, choosing), CallRefusal.BUDGET_EXHAUSTED);
      call.spending()
          .settle(
              CallUse.of(TokenUsage.stated(60, 10, TokenParts.NONE), CallUse.Evidence.STATED)
                  .by(dear));
    }
    assertThat(refused(chat(c.alices, service, choosing), CallRefusal.BUDGET_EXHAUSTED).detail())
        .hasValueSatisfying(detail -> assertThat(detail).contains("$0.0005 is left"));
  }

  private static CallPrices priced(long output) {
    return new CallPrices(
        Optional.empty(),
        Optional.of(Price.of(1, LocalDate.EPOCH, new Rates(Map.of(Rate.OUTPUT, output)))),
        new ModelBounds(OptionalLong.of(1_000), OptionalLong.of(1_000)));
  }

  @Test
  void dollars_need_a_price() {
    Instance service = service(budget(1_000_000, BudgetUnit.USD, BudgetBound.MEASURED));
    refused(chat(service, 10), CallRefusal.MODEL_HAS_NO_PRICE);

    c.w.knownPrices.put(
        MODEL,
        new CallPrices(
            Optional.empty(),
            Optional.of(Price.of(1, LocalDate.EPOCH, new Rates(Map.of(Rate.OUTPUT, 10_000_000L)))),
            ModelBounds.UNKNOWN));
    try (AuthorizedCall call = Calls.authorized(chat(service, 90))) {
      call.spending().settle(CallUse.of(USED, CallUse.Evidence.STATED));
    }
    assertThat(refused(chat(service, 90), CallRefusal.BUDGET_EXHAUSTED).detail().orElseThrow())
        .contains("$0.001 a day", "up to $0.0009: $0.0006 is left", "at most 60.");
  }

  @Test
  void models_without_a_price_cost_nothing_but_stop_when_a_budget_that_allows_them_is_used_up() {
    Instance service =
        service(Limits.of(ABudget.all(ABudget.nanoDollars(400_000).allowingUnpriced())));
    for (int i = 0; i < 3; i++) {
      settleChat(service);
    }

    c.w.knownPrices.put(MODEL, priced(10_000_000));
    settleChat(service);
    c.w.knownPrices.put(MODEL, CallPrices.NONE);

    refused(chat(service, 40), CallRefusal.BUDGET_EXHAUSTED);
    Calls.authorized(c.call(c.alices, "alice/s", "GET models")).close();
  }

  private void settleChat(Instance service) {
    try (AuthorizedCall call = Calls.authorized(chat(service, 40))) {
      call.spending().settle(CallUse.of(USED, CallUse.Evidence.STATED));
    }
  }

  @Test
  void what_is_decided_from_memory_is_charged_the_same() {
    Instance service = service(requests(3));
    AuthorizationOutcome first = c.remember(c.alices, service);
    assertThat(first).isInstanceOf(AuthorizationOutcome.Authorized.class);
    int made = 0;
    while (c.atOnce(c.alices, service).orElseGet(() -> c.call(c.alices, service))
        instanceof AuthorizationOutcome.Authorized authorized) {
      try (AuthorizedCall call = authorized.call()) {
        call.spending().settle(CallUse.of(USED, CallUse.Evidence.STATED));
      }
      made++;
    }

    assertThat(made).isEqualTo(3);
  }
}
