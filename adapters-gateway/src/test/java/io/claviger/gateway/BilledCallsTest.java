package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.application.budgets.BudgetReservations;
import io.claviger.application.budgets.CallBudgets;
import io.claviger.application.budgets.CallSpending;
import io.claviger.application.budgets.SpendingDecision;
import io.claviger.application.budgets.SpendingRequest;
import io.claviger.application.budgets.port.BudgetLedger.BudgetAccountState;
import io.claviger.application.builders.AnExchange;
import io.claviger.application.fakes.InMemoryBudgetLedger;
import io.claviger.application.fakes.KnownPrices;
import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.prices.PricedModel;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.QueryTimeout;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.prices.Fee;
import io.claviger.domain.prices.ModelBounds;
import io.claviger.domain.prices.Price;
import io.claviger.domain.prices.PriceTerms;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.domain.spending.CallCharge;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.ServiceTier;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.gateway.BillingProvider.Stating;
import io.claviger.gateway.events.GatewayEvents.FinishedCall;
import io.claviger.stub.Behaviour;
import io.claviger.testkit.SettableClock;
import io.claviger.testkit.http.TestResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the charges of budgets for calls with what the provider bills for these calls. */
@Tag("slow")
class BilledCallsTest {
  private static final String CHAT = "chat/completions";
  private static final String[] OPTIONS = {
    "",
    ",\"stream_options\":{}",
    ",\"stream_options\":null",
    ",\"stream_options\":7",
    ",\"stream_options\":[{\"include_usage\":true}]",
    ",\"stream_options\":{\"include_usage\":false}",
    ",\"stream_options\":{\"include_usage\":null,\"x\":1}",
    ",\"stream_options\":{\"include_usage\":true}"
  };
  private static final String[] STREAMS = {
    ",\"stream\":true", ",\"stream\":1", ",\"stream\":\"true\"", ",\"stream\":false", ""
  };

  /**
   * Flex costs half, priority twice as much, a search of the web 0.01 dollars, and a page 0.002.
   */
  private static final CallPrices TIERED =
      new CallPrices(
          Optional.empty(),
          Optional.of(
              new Price(
                  3,
                  LocalDate.EPOCH,
                  PriceTerms.of(rates(1_000_000, 2_000_000))
                      .withTiers(
                          Map.of(
                              ServiceTier.FLEX,
                              rates(500_000, 1_000_000),
                              ServiceTier.PRIORITY,
                              rates(2_000_000, 4_000_000)))
                      .withFees(
                          List.of(
                              new Fee(new FeePiece(FeeKind.WEB_SEARCH, ""), 10_000_000_000L, 1),
                              new Fee(new FeePiece(FeeKind.PAGE, ""), 2_000_000_000L, 1))))),
          new ModelBounds(OptionalLong.of(30_000), OptionalLong.of(100_000)));

  private static final String MESSAGES_WITH_FILE =
      "[{\"role\":\"user\",\"content\":[{\"type\":\"file\",\"file\":"
          + "{\"filename\":\"a.pdf\",\"file_data\":\"data:application/pdf;base64,QQ==\"}}]}]";

  /** 15 dollars for a million characters. */
  private static final CallPrices SPEAKER =
      charging(4, FeeKind.CHARACTER, 15_000_000_000_000L, 1_000_000);

  /** 0.14 dollars for an image, as the lists of prices state it. */
  private static final CallPrices PAINTER =
      new CallPrices(
          Optional.empty(),
          Optional.of(
              Price.of(6, LocalDate.EPOCH, new Rates(Map.of(Rate.IMAGE, 140_000_000_000L)))),
          ModelBounds.UNKNOWN);

  /** 2 dollars for a thousand pages. */
  private static final CallPrices READER = charging(7, FeeKind.PAGE, 2_000_000_000_000L, 1_000);

  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-22T10:00:00Z"));
  private final InMemoryBudgetLedger ledger = new InMemoryBudgetLedger(clock);
  private final BudgetReservations reservations = new BudgetReservations(ledger, System::nanoTime);
  private final CallBudgets budgets =
      new CallBudgets(
          new KnownPrices() {
            @Override
            public Optional<CallPrices> findAtOnce(PricedModel model) {
              return switch (model.called().name()) {
                case "dear", "slow", "locked", "broken" -> Optional.empty();
                default -> Optional.of(find(model));
              };
            }

            @Override
            public CallPrices find(PricedModel model) {
              return switch (model.called().name()) {
                case "m" -> prices(1, 1_000_000, 2_000_000);
                case "tiered", "tiered-search-api" -> TIERED;
                case "speaker" -> SPEAKER;
                case "dear" -> prices(2, 50_000_000, 100_000_000);
                case "free" -> prices(5, 0, 0);
                case "painter" -> PAINTER;
                case "reader" -> READER;
                case "slow" -> throw new QueryTimeout(new IOException());
                case "locked" ->
                    throw new ConcurrencyConflict(
                        ConcurrencyConflict.How.NOT_SERIALIZABLE, new IOException());
                case "broken" -> throw new IllegalStateException("broken");
                default -> CallPrices.NONE;
              };
            }
          },
          reservations,
          System::nanoTime);
  private final BillingProvider provider = new BillingProvider();
  private final Rig rig = new Rig();
  private String url = provider.baseUrl();
  private int timeoutMillis = 60_000;
  private final AtomicInteger asked = new AtomicInteger();
  private Provider lending = Provider.OPENAI_COMPAT;
  private BudgetMeter meter = meter(BudgetUnit.TOKENS, BudgetBound.STRICT);
  private int calls;

  @AfterEach
  void close() {
    rig.close();
    provider.close();
  }

  /** Input and output, in pico-dollars a token. */
  private static CallPrices prices(long version, long input, long output) {
    return new CallPrices(
        Optional.empty(),
        Optional.of(Price.of(version, LocalDate.EPOCH, rates(input, output))),
        new ModelBounds(OptionalLong.of(30_000), OptionalLong.empty()));
  }

  /** Returns prices of a model with a fee for this many pieces, and without a charge for tokens. */
  private static CallPrices charging(int version, FeeKind kind, long amount, int pieces) {
    Fee fee = new Fee(new FeePiece(kind, ""), amount, pieces);
    return new CallPrices(
        Optional.empty(),
        Optional.of(
            new Price(version, LocalDate.EPOCH, PriceTerms.of(rates(0, 0)).withFees(List.of(fee)))),
        ModelBounds.UNKNOWN);
  }

  private static Rates rates(long input, long output) {
    return new Rates(Map.of(Rate.INPUT, input, Rate.OUTPUT, output));
  }

  private static BudgetMeter meter(BudgetUnit unit, BudgetBound bound) {
    return meter(1L << 48, unit, bound);
  }

  private static BudgetMeter meter(long amount, BudgetUnit unit, BudgetBound bound) {
    return new BudgetMeter(
        "user:" + UUID.randomUUID(),
        new Budget(amount, unit, BudgetWindow.TOTAL, BudgetZone.UTC, bound, false),
        true);
  }

  /** Lends a service of the provider. Its calls are charged to a separate budget. */
  private void lend(BudgetUnit unit, BudgetBound bound) {
    lend(meter(unit, bound));
  }

  private void lend(BudgetMeter of) {
    meter = of;
    BudgetMeter charged = meter;
    rig.authorizer.answer(Rig.TOKEN, call -> authorized(call, charged));
  }

  private AuthorizationOutcome authorized(CallRequest call, BudgetMeter charged) {
    AuthorizedCall lent =
        TestService.at(url, WireFormat.OPENAI)
            .of(lending)
            .streamingUsage()
            .timeout(timeoutMillis)
            .authorized("alice/my-openai")
            .with(true, CallSpending.NONE);
    if (call.stage() == CallRequest.Stage.HEAD) {
      return new AuthorizationOutcome.Authorized(lent);
    }
    SpendingRequest.Rules rules =
        new SpendingRequest.Rules(
            new User.Id(new UUID(0, 3)),
            new Instance.Id(new UUID(0, 2)),
            lending,
            List.of(charged),
            OptionalInt.empty(),
            false);
    return switch (budgets.reserve(
        new SpendingRequest(rules, call.use().at(rules.provider().caps(), rules.areStrict())))) {
      case SpendingDecision.Granted granted ->
          new AuthorizationOutcome.Authorized(lent.with(true, granted.spending()));
      default -> new AuthorizationOutcome.Refused(CallRefusal.BUDGET_EXHAUSTED, Optional.empty());
    };
  }

  /** Waits until nothing is reserved, and returns what was charged to the budget. */
  private long charged() {
    long deadline = System.nanoTime() + Rig.PATIENCE.toNanos();
    while (true) {
      reservations.end();
      BudgetAccountState state = state();
      if (state.reserved() == 0) {
        return state.settled();
      }
      assertThat(System.nanoTime()).isLessThan(deadline);
      LockSupport.parkNanos(200_000);
    }
  }

  private BudgetAccountState state() {
    return ledger.exchange(UUID.randomUUID(), List.of(AnExchange.asking(meter))).getFirst();
  }

  private FinishedCall finished() {
    calls++;
    return rig.events.awaitFinished(calls);
  }

  private static String chat(int most, String stream, String options) {
    return "{\"model\":\"m\",\"max_tokens\":%d,\"messages\":[]%s%s}"
        .formatted(most, stream, options);
  }

  /** Returns the maximum number of tokens that a body can use. */
  private static long reserved(String body, int most) {
    return body.length() + 2_000 + most;
  }

  @ParameterizedTest
  @EnumSource(Stating.class)
  void under_a_strict_budget_no_less_is_charged_than_billed_whatever_callers_do(Stating stating) {
    provider.stating(stating);
    Random random = new Random(stating.ordinal());
    for (String stream : STREAMS) {
      for (String options : OPTIONS) {
        for (int round = 0; round < 4; round++) {
          lend(BudgetUnit.TOKENS, BudgetBound.STRICT);
          String body = chat(30_000, stream, options);
          long before = provider.billed();
          int leavesAfter = round == 0 ? Integer.MAX_VALUE : random.nextInt(round * 250);
          call(body, leavesAfter);
          long billed = provider.billed() - before;

          assertThat(charged())
              .as("%s, who leaves after %s bytes", body, leavesAfter)
              .isGreaterThanOrEqualTo(billed)
              .isLessThanOrEqualTo(reserved(body, 30_000));
        }
      }
    }
  }

  /**
   * Makes a call, and resets the connection after this many bytes of the answer, or at the answer's
   * end.
   */
  private void call(String body, int leavesAfter) {
    try (RawCaller caller = new RawCaller(rig)) {
      caller.send(
          RawCaller.head("POST", CHAT)
              + "Connection: close\r\n"
              + RawCaller.content("application/json", body));
      for (int i = 0; i < leavesAfter && caller.in().read() >= 0; i++) {
        // The caller reads a byte at a time.
      }
      caller.reset();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    FinishedCall unused = finished();
  }

  @ParameterizedTest
  @EnumSource(BudgetBound.class)
  void a_maximum_that_the_provider_ignores_does_not_make_its_output_free(BudgetBound bound) {
    provider.writing(20_000);
    for (String maximum :
        List.of(
            "\"max_completion_tokens\":1",
            "\"max_completion_tokens\":1,\"max_output_tokens\":1",
            "\"max_completion_tokens\":1,\"max_tokens\":null")) {
      lend(BudgetUnit.TOKENS, bound);
      long before = provider.billed();
      rig.post(CHAT, "{\"model\":\"m\"," + maximum + ",\"messages\":[]}");

      assertThat(charged()).isEqualTo(provider.billed() - before).isGreaterThan(20_000);
      assertThat(finished().used().orElseThrow().counts().disputed().requests()).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({"STRICT, 7", "MEASURED, 7", "MEASURED, 70"})
  void who_states_a_maximum_in_both_fields_is_charged_at_most_that(BudgetBound bound, int newer) {
    lend(BudgetUnit.TOKENS, bound);
    String body =
        "{\"model\":\"m\",\"max_tokens\":7,\"max_completion_tokens\":%d,\"messages\":[]}"
            .formatted(newer);

    assertThat(rig.post(CHAT, body).status()).isEqualTo(200);
    assertThat(charged()).isEqualTo(provider.billed());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void the_gateway_asks_for_usage_and_takes_the_event_out_again(int option) {
    lend(BudgetUnit.TOKENS, BudgetBound.STRICT);
    TestResponse answer = rig.post(CHAT, chat(30_000, ",\"stream\":true", OPTIONS[option]));

    assertThat(answer.body()).contains("piece", "[DONE]").doesNotContain("prompt_tokens");
    assertThat(charged()).isEqualTo(provider.billed());
  }

  @ParameterizedTest
  @EnumSource(BudgetBound.class)
  void a_budget_refuses_a_body_that_says_so_much_of_usage_that_nobody_can_ask_for_it(
      BudgetBound bound) {
    lend(BudgetUnit.TOKENS, bound);
    String options = ",\"stream_options\":{\"include_usage\":false}".repeat(17);
    String body = chat(100, ",\"stream\":true", options);

    assertThat(rig.post(CHAT, body).status()).isEqualTo(402);
    assertThat(provider.billed()).isZero();
  }

  @Test
  void who_asks_for_usage_gets_it() {
    lend(BudgetUnit.TOKENS, BudgetBound.STRICT);
    TestResponse answer = rig.post(CHAT, chat(30_000, ",\"stream\":true", OPTIONS[7]));

    assertThat(answer.body()).contains("\"prompt_tokens\"");
    assertThat(charged()).isEqualTo(provider.billed());
  }

  @Test
  void what_is_not_stated_costs_what_was_reserved() {
    provider.stating(Stating.NEVER);
    for (String stream : List.of(",\"stream\":true", "")) {
      lend(BudgetUnit.TOKENS, BudgetBound.STRICT);
      String body = chat(30_000, stream, "");
      rig.post(CHAT, body);

      assertThat(charged()).isEqualTo(reserved(body, 30_000));
      UsageCounts counts = finished().used().orElseThrow().counts();
      assertThat(counts.estimated().requests()).isEqualTo(1);
      assertThat(counts.outputTokens()).isPositive();
    }
  }

  @ParameterizedTest
  @EnumSource(BudgetBound.class)
  void a_prompt_that_a_content_filter_refused_is_not_free(BudgetBound bound) {
    url = rig.stub.baseUrl() + "/v1";
    rig.stub.respondNextWith(Behaviour.named("stub-content-filter"));
    lend(BudgetUnit.TOKENS, bound);
    String body = chat(30_000, "", "");

    assertThat(rig.post(CHAT, body).status()).isEqualTo(400);
    assertThat(charged())
        .isEqualTo(
            bound == BudgetBound.STRICT
                ? reserved(body, 30_000)
                : TokenUsage.ofBytes(body.length()));
  }

  @Test
  void the_rest_of_an_answer_is_read_for_its_usage_when_the_caller_has_left() throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    provider.waitingFor(gone);
    lend(BudgetUnit.TOKENS, BudgetBound.STRICT);
    leaveWithinAnswer();
    assertThat(rig.events.finishedSoFar()).isZero();
    gone.countDown();

    FinishedCall over = finished();
    assertThat(over.code()).contains("caller_gone");
    assertThat(over.used().orElseThrow().counts().estimated().requests()).as("%s", over).isZero();
    assertThat(charged()).isEqualTo(provider.billed());
  }

  @Test
  void under_a_measured_budget_a_call_is_cancelled_at_once() throws Exception {
    CountDownLatch hungUp = new CountDownLatch(1);
    provider.waitingFor(new CountDownLatch(1)).noticing(hungUp);
    lend(BudgetUnit.TOKENS, BudgetBound.MEASURED);
    try (RawCaller caller = new RawCaller(rig)) {
      caller.chat(chat(30_000, ",\"stream\":true", ""));
      caller.until("piece");
      caller.reset();
    }

    assertThat(hungUp.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(finished().used().orElseThrow().counts().estimated().requests()).isEqualTo(1);
    assertThat(charged()).isPositive();
  }

  @Test
  void under_a_measured_budget_who_hangs_up_is_charged_what_such_calls_used_of_late()
      throws Exception {
    assertChargedLikeEarlierCalls("caller_gone", RawCaller::reset);
  }

  @Test
  void under_a_measured_budget_who_loses_the_permission_is_charged_like_who_hangs_up()
      throws Exception {
    assertChargedLikeEarlierCalls(
        "bad_token",
        caller -> {
          rig.authorizer.lookingAgain(call -> Optional.of(CallRefusal.BAD_TOKEN));
          caller.untilClosed();
        });
  }

  /** How a call ends within its answer. */
  private interface Ending {
    void of(RawCaller caller) throws Exception;
  }

  private void assertChargedLikeEarlierCalls(String code, Ending ending) throws Exception {
    lend(BudgetUnit.TOKENS, BudgetBound.MEASURED);
    for (int i = 0; i < 8; i++) {
      rig.post(CHAT, chat(2_000, ",\"stream\":true", ""));
    }
    long before = charged();
    CountDownLatch hungUp = new CountDownLatch(1);
    provider.waitingFor(new CountDownLatch(1)).noticing(hungUp);
    try (RawCaller caller = new RawCaller(rig)) {
      caller.chat(chat(30_000, ",\"stream\":true", ""));
      caller.until("piece");
      ending.of(caller);
    }

    assertThat(hungUp.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(rig.events.awaitFinished(9).code()).contains(code);
    assertThat(charged() - before).isBetween(2_000L, 2_100L);
  }

  @Test
  void under_a_measured_budget_a_stream_that_its_provider_breaks_off_costs_what_has_passed() {
    provider.waitingFor(new CountDownLatch(0)).breakingOff();
    lend(BudgetUnit.TOKENS, BudgetBound.MEASURED);
    try (RawCaller caller = new RawCaller(rig)) {
      caller.chat(chat(30_000, ",\"stream\":true", ""));
      caller.untilClosed();
    }

    assertThat(charged()).isBetween(1L, 100L);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void under_a_measured_budget_a_stream_that_the_node_breaks_off_costs_what_has_passed(
      boolean drains) {
    provider.waitingFor(new CountDownLatch(1));
    lend(BudgetUnit.TOKENS, BudgetBound.MEASURED);
    try (RawCaller caller = new RawCaller(rig)) {
      caller.chat(chat(30_000, ",\"stream\":true", ""));
      caller.until("piece");
      if (drains) {
        rig.gateway.drain(Duration.ofMillis(10));
      } else {
        rig.gateway.close();
      }

      assertThat(caller.untilClosed()).contains("service_unavailable", "was stopped");
    }
    assertThat(finished().code()).contains("service_unavailable");
    assertThat(charged()).isBetween(1L, 100L);
  }

  @Tag("thorough")
  @Test
  void a_provider_that_goes_on_for_longer_than_ten_seconds_is_not_waited_for() throws Exception {
    CountDownLatch hungUp = new CountDownLatch(1);
    provider.waitingFor(new CountDownLatch(1)).noticing(hungUp);
    lend(BudgetUnit.TOKENS, BudgetBound.STRICT);
    String body = chat(30_000, ",\"stream\":true", "");
    long began = System.nanoTime();
    try (RawCaller caller = new RawCaller(rig)) {
      caller.chat(body);
      caller.until("piece");
      caller.reset();
    }

    assertThat(hungUp.await(15, TimeUnit.SECONDS)).isTrue();
    assertThat(System.nanoTime() - began).isGreaterThan(TimeUnit.SECONDS.toNanos(9));
    FinishedCall unused = finished();
    assertThat(charged()).isEqualTo(reserved(body, 30_000));
  }

  @Test
  void a_call_that_is_read_on_still_counts_as_one_of_the_callers() throws Exception {
    try (Rig narrow = new Rig(s -> s.withConnections(s.connections().withMost(100, 1)))) {
      CountDownLatch gone = new CountDownLatch(1);
      provider.waitingFor(gone);
      lend(BudgetUnit.TOKENS, BudgetBound.STRICT);
      BudgetMeter charged = meter;
      narrow.authorizer.answer(Rig.TOKEN, call -> authorized(call, charged));
      try (RawCaller caller = new RawCaller(narrow)) {
        caller.chat(chat(30_000, ",\"stream\":true", ""));
        caller.until("piece");
        caller.reset();
      }
      narrow.events.await(() -> narrow.events.openConnections() == 0);
      try (RawCaller another = new RawCaller(narrow)) {
        assertThat(another.untilClosed()).isIn("", "<reset>");
      }
      gone.countDown();
      assertThat(narrow.events.awaitFinished(1).code()).contains("caller_gone");
      try (RawCaller another = new RawCaller(narrow)) {
        another.chat(chat(10, "", "")).until("200 OK");
      }
    }
  }

  /** Lets a caller begin to receive a stream, and leave before its end. */
  private void leaveWithinAnswer() {
    try (RawCaller caller = new RawCaller(rig)) {
      caller.chat(chat(30_000, ",\"stream\":true", ""));
      caller.until("piece");
      caller.reset();
    }
    rig.events.await(() -> rig.events.openConnections() == 0);
  }

  @Test
  void a_node_that_is_about_to_stop_waits_for_a_call_that_it_reads_on() {
    CountDownLatch states = new CountDownLatch(1);
    provider.waitingFor(states);
    lend(BudgetUnit.TOKENS, BudgetBound.STRICT);
    leaveWithinAnswer();
    CompletableFuture<Void> drained = rig.beginDraining();
    assertThatThrownBy(() -> drained.get(300, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    states.countDown();
    drained.join();

    FinishedCall unused = finished();
    assertThat(charged()).isEqualTo(provider.billed());
  }

  @Test
  void a_node_that_stops_charges_what_was_reserved_for_a_call_that_it_reads_on() {
    provider.waitingFor(new CountDownLatch(1));
    lend(BudgetUnit.TOKENS, BudgetBound.STRICT);
    String body = chat(30_000, ",\"stream\":true", "");
    try (RawCaller caller = new RawCaller(rig)) {
      caller.chat(body);
      caller.until("piece");
      caller.reset();
    }
    rig.events.await(() -> rig.events.openConnections() == 0);
    rig.gateway.close();

    FinishedCall unused = finished();
    assertThat(charged()).isEqualTo(reserved(body, 30_000));
  }

  @ParameterizedTest
  @EnumSource(BudgetBound.class)
  void a_provider_that_states_a_billion_tokens_is_believed_as_far_as_the_request_goes(
      BudgetBound bound) {
    provider.stating(Stating.TOO_MUCH);
    lend(BudgetUnit.TOKENS, bound);
    String body = chat(1_000, ",\"stream\":true", "");
    rig.post(CHAT, body);

    assertThat(charged()).isEqualTo((provider.billed() - 1_000) + 1_000);
    UsageCounts counts = finished().used().orElseThrow().counts();
    assertThat(counts.outputTokens()).isEqualTo(1_000);
    assertThat(counts.disputed().requests()).isEqualTo(1);
    assertThat(counts.disputed().tokens()).isEqualTo(1_000_000_000 - 1_000);
    assertThat(counts.disputed().cost()).isEqualTo((1_000_000_000L - 1_000) * 2_000);
  }

  @ParameterizedTest
  @EnumSource(BudgetBound.class)
  void a_dearer_model_that_answers_costs_what_it_costs_within_what_a_strict_budget_reserved(
      BudgetBound bound) {
    provider.answeringAs("dear");
    lend(BudgetUnit.USD, bound);
    String body = chat(1_000, "", "");
    rig.post(CHAT, body);

    long input = provider.billed() - 1_000;
    long cost = input * 50_000 + 1_000 * 100_000;
    long reserved = (body.length() + 2_000) * 1_000L + 1_000 * 2_000;
    assertThat(charged()).isEqualTo(bound == BudgetBound.STRICT ? reserved : cost);
  }

  @ParameterizedTest
  @EnumSource(BudgetBound.class)
  void when_a_budget_is_used_up_a_free_model_still_passes(BudgetBound bound) {
    lend(meter(1, BudgetUnit.USD, bound));

    assertThat(rig.post(CHAT, chat(1_000, "", "")).status()).isEqualTo(402);
    String free = chat(1_000, "", "").replace("\"m\"", "\"free\"");
    assertThat(rig.post(CHAT, free).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource(BudgetBound.class)
  void a_model_is_refused_that_costs_by_images_if_nobody_knows_whether_a_call_makes_any(
      BudgetBound bound) {
    lend(BudgetUnit.USD, bound);

    assertThat(rig.post(CHAT, chat(10, "", "").replace("\"m\"", "\"painter\"")).status())
        .isEqualTo(402);
    assertThat(provider.billed()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void images_and_pages_that_nobody_waits_for_are_charged(boolean hangsUp) {
    try (LoopbackServer silent =
        new LoopbackServer(
            socket -> {
              int first = socket.getInputStream().read();
              asked.addAndGet(first < 0 ? 0 : 1);
              long unused = socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            })) {
      url = "http://127.0.0.1:" + silent.port();
      timeoutMillis = hangsUp ? 60_000 : 200;
      String image = "{\"model\":\"painter\",\"prompt\":\"x\",\"n\":3}";
      String pages =
          "{\"model\":\"reader\",\"document\":{\"document_url\":\"x\"},\"pages\":[1,2,3,4,5]}";

      lend(BudgetUnit.USD, BudgetBound.MEASURED);
      endUnanswered("images/generations", image, hangsUp);
      assertThat(charged()).isEqualTo(3 * 140_000_000L);
      lend(BudgetUnit.USD, BudgetBound.MEASURED);
      endUnanswered("ocr", pages, hangsUp);
      assertThat(charged()).isEqualTo(5 * 2_000_000L);
    }
  }

  /** Makes a call that its provider does not answer. */
  private void endUnanswered(String operation, String body, boolean hangsUp) {
    int before = asked.get();
    if (!hangsUp) {
      assertThat(rig.post(operation, body).status()).isEqualTo(504);
      return;
    }
    try (RawCaller caller = new RawCaller(rig)) {
      caller.post(operation, body);
      Rig.await(() -> asked.get() > before);
    }
    FinishedCall unused = finished();
  }

  @Test
  void a_model_without_a_price_that_answers_is_charged_as_the_one_asked_for_and_marked() {
    provider.answeringAs("unheard-of");
    lend(BudgetUnit.USD, BudgetBound.STRICT);
    rig.post(CHAT, chat(1_000, "", ""));

    assertThat(charged()).isEqualTo((provider.billed() - 1_000) * 1_000 + 1_000 * 2_000);
    Optional<CallCharge> charge = finished().used().orElseThrow().charged().orElseThrow().charge();
    assertThat(charge.orElseThrow().usage().estimated().requests()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"slow", "locked", "broken"})
  void if_the_price_of_the_model_that_answers_cannot_be_read_the_call_is_charged_as_asked_for(
      String answering) {
    provider.answeringAs(answering);
    lend(BudgetUnit.USD, BudgetBound.MEASURED);
    rig.post(CHAT, chat(1_000, "", ""));

    assertThat(charged()).isEqualTo(usualCost());
  }

  @ParameterizedTest
  @EnumSource(BudgetBound.class)
  void speech_is_estimated_by_its_text_and_length(BudgetBound bound) {
    provider.speaking(80_000);
    lend(BudgetUnit.USD, bound);
    String body = "{\"model\":\"m\",\"input\":\"" + "Hello. ".repeat(50) + "\"}";
    rig.post("audio/speech", body);

    UsageCounts counts = finished().used().orElseThrow().counts();
    assertThat(counts.inputTokens()).isEqualTo((body.length() + 3) / 4);
    // 350 characters take about 23 seconds, and each second takes 20 tokens.
    assertThat(counts.outputTokens()).isEqualTo(467);
    assertThat(counts.estimated().requests()).isEqualTo(1);
    long reserved = (body.length() + 2_000) * 1_000L + 30_000 * 2_000;
    assertThat(charged())
        .isEqualTo(
            bound == BudgetBound.STRICT ? reserved : counts.inputTokens() * 1_000 + 467 * 2_000);
  }

  private static String tiered(String tier) {
    return "{\"model\":\"tiered\",\"max_tokens\":1000,\"messages\":[],\"service_tier\":\"%s\"}"
        .formatted(tier);
  }

  private void answerAt(String tier) {
    provider.answeringAs("tiered").adding(",\"service_tier\":\"" + tier + "\"");
  }

  /** Returns the billed amount, at the usual rates of the model with tiers. */
  private long usualCost() {
    return (provider.billed() - 1_000) * 1_000 + 1_000 * 2_000;
  }

  @ParameterizedTest
  @EnumSource(BudgetBound.class)
  void a_dearer_tier_that_the_request_asks_for_is_charged(BudgetBound bound) {
    answerAt("priority");
    lend(BudgetUnit.USD, bound);
    rig.post(CHAT, tiered("priority"));

    assertThat(charged()).isEqualTo(2 * usualCost());
    assertThat(finished().used().orElseThrow().counts().disputed().requests()).isZero();
  }

  @ParameterizedTest
  @EnumSource(BudgetBound.class)
  void a_dearer_tier_than_the_request_allows_is_disputed(BudgetBound bound) {
    answerAt("priority");
    lend(BudgetUnit.USD, bound);
    rig.post(CHAT, tiered("flex"));

    assertThat(charged()).isEqualTo(usualCost());
    UsageCounts counts = finished().used().orElseThrow().counts();
    assertThat(counts.disputed().requests()).isEqualTo(1);
    assertThat(counts.disputed().cost()).isEqualTo(usualCost());
  }

  @ParameterizedTest
  @EnumSource(BudgetBound.class)
  void a_budget_refuses_a_tier_that_has_no_price(BudgetBound bound) {
    lend(BudgetUnit.USD, bound);

    assertThat(rig.post(CHAT, tiered("ultrafast")).status()).isEqualTo(402);
    assertThat(provider.billed()).isZero();
  }

  @ParameterizedTest
  @EnumSource(BudgetBound.class)
  void a_budget_refuses_a_tool_that_has_no_fee(BudgetBound bound) {
    lending = Provider.OPENAI;
    lend(BudgetUnit.USD, bound);
    String body =
        "{\"model\":\"tiered\",\"max_output_tokens\":50,\"input\":\"a\","
            + "\"service_tier\":\"default\",\"max_tool_calls\":2,\"tools\":[{\"type\":\"%s\"}]}";

    assertThat(rig.post("responses", body.formatted("image_generation")).status()).isEqualTo(402);
    assertThat(provider.billed()).isZero();
    assertThat(rig.post("responses", body.formatted("web_search")).status()).isEqualTo(200);
  }

  /** Mistral's answers don't state how often its tools were used, but may show their calls. */
  @ParameterizedTest
  @CsvSource({"mistral, 0, 1", "mistral, 3, 3", "openai-compat, 0, 0"})
  void a_tool_whose_use_is_not_stated_is_charged_once_or_as_often_as_the_answer_shows(
      String named, int shown, int charged) {
    lending = Provider.of(named);
    String calls =
        IntStream.range(0, shown)
            .mapToObj(i -> "{\"id\":\"%d\",\"function\":{\"name\":\"web_search\"}}".formatted(i))
            .collect(Collectors.joining(","));
    provider
        .answeringAs("tiered")
        .adding(",\"choices\":[{\"messages\":[{\"tool_calls\":[%s]}]}]".formatted(calls));
    lend(BudgetUnit.USD, BudgetBound.MEASURED);
    rig.post(
        "chat/completions",
        "{\"model\":\"tiered\",\"max_tokens\":50,\"messages\":[],\"service_tier\":\"default\","
            + "\"tools\":[{\"type\":\"web_search\"}]}");

    long tokens = (provider.billed() - 50) * 1_000 + 50 * 2_000;
    assertThat(charged()).isEqualTo(tokens + charged * 10_000_000L);
    UsageCounts counts = finished().used().orElseThrow().counts();
    assertThat(counts.estimated().requests()).isEqualTo(named.equals("mistral") ? 1 : 0);
    assertThat(counts.disputed().requests()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"STRICT, openai, 2", "MEASURED, openai, 2", "MEASURED, openai-compat, 3"})
  void searches_are_charged_as_often_as_the_request_allows_them(
      BudgetBound bound, String obeying, int searches) {
    lending = Provider.of(obeying);
    String search =
        "{\"type\":\"web_search_call\",\"id\":\"%d\",\"status\":\"completed\","
            + "\"action\":{\"type\":\"search\"}}";
    provider
        .answeringAs("tiered")
        .adding(
            ",\"output\":[%s,%s,%s]"
                .formatted(search.formatted(1), search.formatted(2), search.formatted(3)));
    lend(BudgetUnit.USD, bound);
    rig.post(
        "responses",
        "{\"model\":\"tiered\",\"max_output_tokens\":50,\"input\":\"a\","
            + "\"service_tier\":\"default\",\"max_tool_calls\":2,"
            + "\"tools\":[{\"type\":\"web_search\"}]}");

    assertThat(charged()).isEqualTo(provider.billed() * 1_000 + searches * 10_000_000L);
    UsageCounts counts = finished().used().orElseThrow().counts();
    assertThat(counts.disputed().requests()).isEqualTo(3 - searches);
    assertThat(counts.disputed().cost()).isEqualTo((3 - searches) * 10_000_000L);
  }

  @ParameterizedTest
  @EnumSource(BudgetBound.class)
  void a_model_that_searches_by_itself_is_charged_a_search(BudgetBound bound) {
    provider.answeringAs("tiered-search-api");
    lend(BudgetUnit.USD, bound);
    rig.post(CHAT, tiered("default").replace("tiered", "tiered-search-api"));

    assertThat(charged()).isEqualTo(usualCost() + 10_000_000);
    assertThat(finished().used().orElseThrow().counts().disputed().requests()).isZero();
  }

  /** OpenRouter does not state how many pages it read, but what the whole call costs. */
  @ParameterizedTest
  @CsvSource({
    "STRICT, openrouter, '', 1000",
    "MEASURED, openrouter, '', 1000",
    "STRICT, openrouter, '0', 0",
    "MEASURED, openrouter, '0.021', 11",
    "STRICT, openrouter, '0.021', 11",
    "MEASURED, openrouter, '1e-05', 0",
    "MEASURED, openrouter, '9', 1000",
    "MEASURED, openai-compat, '9', 0"
  })
  void pages_of_files_cost_what_the_provider_charges_beyond_all_else(
      BudgetBound bound, String named, String stated, int pages) {
    lending = Provider.of(named);
    provider
        .answeringAs("tiered")
        .adding(stated.isEmpty() ? "" : ",\"usage\":{\"cost\":%s}".formatted(stated));
    lend(BudgetUnit.USD, bound);
    rig.post(
        CHAT,
        "{\"model\":\"tiered\",\"max_tokens\":50,\"service_tier\":\"default\",\"messages\":"
            + MESSAGES_WITH_FILE
            + "}");

    long tokens = (provider.billed() - 50) * 1_000 + 50 * 2_000;
    assertThat(tokens).isLessThan(1_000_000);
    long most = tokens + pages * 2_000_000L;
    long whole = stated.isEmpty() ? most : nanos(stated);
    assertThat(charged()).isEqualTo(pages == 0 ? tokens : Math.min(whole, most));
    assertThat(finished().used().orElseThrow().counts().disputed().requests()).isZero();
  }

  /**
   * Another account pays a part of these calls, so the stated cost does not include all fees. Still
   * the cost shows that only a few pages were read.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "`plugins`:[{`id`:`web`,`engine`:`x`}] | `is_byok`:false",
        "`user`:`u` | `is_byok`:true,`cost_details`:{`upstream_inference_cost`:null}",
        "`user`:`u` | `is_byok`:true"
      })
  void pages_of_files_are_counted_even_if_another_account_pays_a_part(
      String members, String usage) {
    lending = Provider.OPENROUTER;
    provider
        .answeringAs("tiered")
        .adding((",`usage`:{`cost`:0.021," + usage + "}").replace('`', '"'));
    lend(BudgetUnit.USD, BudgetBound.MEASURED);
    rig.post(
        CHAT,
        ("{`model`:`tiered`,`max_tokens`:50,`service_tier`:`default`," + members + ",`messages`:")
                .replace('`', '"')
            + MESSAGES_WITH_FILE
            + "}");

    long tokens = (provider.billed() - 50) * 1_000 + 50 * 2_000;
    assertThat(tokens).isLessThan(1_000_000);
    assertThat(charged()).isEqualTo(tokens + 11 * 2_000_000);
  }

  private static long nanos(String dollars) {
    return new BigDecimal(dollars).movePointRight(9).longValueExact();
  }

  /** At OpenRouter, the fee for a search depends on the search engine. */
  @ParameterizedTest
  @CsvSource({
    "openrouter, cost, '', false",
    "openrouter, cost, '0.021', true",
    "openrouter, cost, '0', true",
    "openrouter, cost, '9', true",
    "openai-compat, cost, '0.021', false",
    "xai, cost_in_usd_ticks, '', false",
    "xai, cost_in_usd_ticks, '0.021', true",
    "xai, cost_in_usd_ticks, '0', true",
    "xai, cost_in_usd_ticks, '9', true",
    "openai-compat, cost_in_usd_ticks, '0.021', false"
  })
  void searches_cost_at_most_what_the_provider_states(
      String named, String member, String stated, boolean bounds) {
    lending = Provider.of(named);
    String cost =
        stated.isEmpty() || member.equals("cost") ? stated : String.valueOf(10 * nanos(stated));
    provider
        .answeringAs("tiered")
        .adding(
            ",\"usage\":{\"server_tool_use_details\":{\"web_search_requests\":3}%s}"
                .formatted(stated.isEmpty() ? "" : ",\"%s\":%s".formatted(member, cost)));
    lend(BudgetUnit.USD, BudgetBound.MEASURED);
    rig.post(
        CHAT,
        "{\"model\":\"tiered\",\"max_tokens\":50,\"tools\":[{\"type\":"
            + "\"openrouter:web_search\"}],\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}");

    long tokens = (provider.billed() - 50) * 1_000 + 50 * 2_000;
    assertThat(tokens).isLessThan(1_000_000);
    long most = tokens + 3 * 10_000_000;
    assertThat(charged()).isEqualTo(bounds ? Math.clamp(nanos(stated), tokens, most) : most);
  }

  @ParameterizedTest
  @EnumSource(BudgetBound.class)
  void speech_that_is_paid_by_characters_costs_those_of_the_request(BudgetBound bound) {
    provider.speaking(80_000);
    lend(BudgetUnit.USD, bound);
    rig.post("audio/speech", "{\"model\":\"speaker\",\"voice\":\"v\",\"input\":\"Hello.\"}");

    assertThat(charged()).isEqualTo(6 * 15_000);
  }
}
