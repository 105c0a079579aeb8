package io.claviger.application.batches;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.claviger.application.batches.port.BatchLedger.NewBatch;
import io.claviger.application.batches.port.BatchProvider;
import io.claviger.application.budgets.BudgetDemand;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.InMemoryBatchLedger;
import io.claviger.application.fakes.InMemoryPorts;
import io.claviger.application.fakes.InMemoryPrices;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.prices.PublishedPrices;
import io.claviger.application.shared.QueryTimeout;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.application.usage.port.UsageStore.UsageBatch;
import io.claviger.application.usage.port.UsageStore.UsageRefused;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.batches.ReservedModel;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.formats.BatchAnswers.BatchReport;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.prices.Fee;
import io.claviger.domain.prices.ModelBounds;
import io.claviger.domain.prices.Price;
import io.claviger.domain.prices.PriceContent;
import io.claviger.domain.prices.PriceScope;
import io.claviger.domain.prices.PriceTerms;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.PriceVersions;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.domain.usage.UsageCounts;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Providers of all kinds, asked for batches whose requests may use 100 tokens and 40 tokens. */
class BatchSettlementTest {
  private static final ProviderApi OPENAI = WireFormat.OPENAI.api();

  private final InMemoryBatchLedger ledger = new InMemoryBatchLedger();
  private final Stated provider = new Stated();
  private Instant now = Instant.EPOCH;
  private final InMemoryPorts ports = new InMemoryPorts();
  private final InMemoryPrices prices = ports.prices();
  private final List<UsageBatch> unstored = new ArrayList<>();
  private final BatchSettlement settlement =
      new BatchSettlement(ledger, provider, prices, () -> now, Runnable::run, unstored::add);

  /** A provider that answers with these members, and with results of one line for each entry. */
  private static final class Stated implements BatchProvider {
    private final Map<String, String> members = new HashMap<>();
    private final List<TokenUsage> lines = new ArrayList<>();
    private FeesUsed fees = FeesUsed.NONE;
    private String model = "m";
    private boolean breaksOff;
    private Runnable meanwhile = () -> {};
    private String read = "";
    private boolean isAway;
    private int asked;
    private int reports;
    private int reads;

    void answers(String... pairs) {
      members.put("id", "batch_1");
      for (int i = 0; i < pairs.length; i += 2) {
        members.put(pairs[i], pairs[i + 1]);
      }
    }

    @Override
    public Optional<BatchReport> report(Instance.Ref service, String batch) {
      reports++;
      meanwhile.run();
      return OPENAI.batchAnswers().orElseThrow().report(batch, members);
    }

    @Override
    public Optional<List<String>> resultFiles(Instance.Ref service, String batch) {
      asked++;
      return isAway
          ? Optional.empty()
          : OPENAI
              .batchAnswers()
              .orElseThrow()
              .report(batch, members)
              .filter(BatchReport::isOver)
              .map(BatchReport::files);
    }

    @Override
    public boolean readResults(Instance.Ref service, String path, Receiver receiver) {
      read = path;
      reads++;
      lines.forEach(each -> receiver.answered(Optional.of(model), each, fees));
      return !breaksOff;
    }
  }

  private UUID open(BudgetBound bound) {
    UUID id = UUID.randomUUID();
    assertThat(ledger.reserve(batch(id), List.of(demand(bound, 140)))).isEmpty();
    assertThat(ledger.bind(id, "batch_1", Duration.ZERO)).isTrue();
    return id;
  }

  private static NewBatch batch(UUID id) {
    return batch(id, 0);
  }

  /**
   * @param price the version of its price; 0 if it has none
   */
  private static NewBatch batch(UUID id, long price) {
    return batch(id, price, FeesUsed.NONE);
  }

  private static NewBatch batch(UUID id, long price, FeesUsed tools) {
    return new NewBatch(
        id,
        new UsageAccount(
            new User.Id(new UUID(0, 1)),
            new Handle("bob"),
            new Instance.Id(new UUID(0, 2)),
            Instance.Ref.of("alice/s"),
            new User.Id(new UUID(0, 3)),
            Optional.empty()),
        KeySource.CENTRAL,
        Provider.OPENAI,
        List.of("user:1"),
        "chat/completions",
        Optional.of("file-1"),
        List.of(new ReservedModel("m", 2, 100, 40, 50, 20, 0, price, tools)),
        Duration.ofDays(1));
  }

  private static BudgetDemand demand(BudgetBound bound, long amount) {
    return demand("token:1", BudgetUnit.TOKENS, bound, amount);
  }

  private static BudgetDemand demand(
      String account, BudgetUnit unit, BudgetBound bound, long amount) {
    BudgetMeter meter =
        new BudgetMeter(
            account,
            new Budget(1_000_000_000_000L, unit, BudgetWindow.DAY, BudgetZone.UTC, bound, false),
            true);
    return new BudgetDemand(meter, amount, Optional.empty());
  }

  private long charged(UUID batch) {
    return ledger.charges().get(batch).values().iterator().next();
  }

  private UsageCounts counted(UUID batch) {
    UsageBatch usage = ledger.usage().get(batch);
    assertThat(usage.writer()).isEqualTo(batch);
    return usage.rows().getFirst().counts();
  }

  private static TokenUsage used(long input, long output) {
    return TokenUsage.stated(input, output, TokenParts.NONE);
  }

  private void done(String input, String output) {
    provider.answers(
        "status",
        "completed",
        "request_counts.completed",
        "2",
        "usage.input_tokens",
        input,
        "usage.output_tokens",
        output);
  }

  /** Whoever deletes the results earlier, deletes what the charge needs. */
  @Test
  void the_files_with_the_results_are_recorded_once_the_batch_is_charged() {
    UUID id = open(BudgetBound.MEASURED);
    provider.answers("status", "in_progress", "output_file_id", "file-early");
    settlement.settleDue();
    assertThat(ledger.results()).isEmpty();

    provider.answers(
        "status", "completed", "output_file_id", "file-out", "error_file_id", "file-err");
    provider.lines.add(used(1, 1));
    now = now.plus(Duration.ofDays(1));
    settlement.settleDue();

    assertThat(ledger.charges()).containsKey(id);
    assertThat(ledger.results())
        .containsExactly("batch_1 file-out of 1 charged", "batch_1 file-err of 1 charged");
  }

  /** Acts as if the node had died between the charge and the record. */
  @Test
  void files_that_were_not_recorded_after_the_charge_are_asked_for_again() {
    UUID id = open(BudgetBound.MEASURED);
    done("60", "30");
    provider.answers("output_file_id", "file-out");
    ledger.loseResults(true);
    settlement.settleDue();
    assertThat(ledger.charges()).containsKey(id);
    assertThat(ledger.results()).isEmpty();

    ledger.loseResults(false);
    provider.isAway = true;
    for (int i = 0; i < 3; i++) {
      now = now.plus(BatchSettlement.BETWEEN_RESULTS);
      settleAnyway();
      settleAnyway();
    }
    assertThat(ledger.resultPauses())
        .containsExactly(Duration.ofMinutes(4), Duration.ofMinutes(8), Duration.ofMinutes(16));
    provider.isAway = false;
    now = now.plus(BatchSettlement.BETWEEN_RESULTS);
    settleAnyway();
    now = now.plus(BatchSettlement.BETWEEN_RESULTS);
    settleAnyway();

    assertThat(ledger.results()).containsExactly("batch_1 file-out of 1 charged");
    assertThat(provider.asked).isEqualTo(5);
  }

  private void settleAnyway() {
    try {
      settlement.settleDue();
    } catch (QueryTimeout lost) {
      // earlier attempts, which this test has made fail
    }
  }

  /** The provider may write the results of a batch after the batch's time is over. */
  @Test
  void files_of_a_batch_that_was_charged_without_an_answer_are_asked_for_later() {
    assertLateFileIsFoundAfter(BatchSettlement.BETWEEN_RESULTS);
  }

  @Test
  void files_are_asked_for_soon_after_the_clock_was_ahead() {
    assertLateFileIsFoundAfter(Duration.ofDays(-1));
  }

  private void assertLateFileIsFoundAfter(Duration time) {
    UUID id = open(BudgetBound.MEASURED);
    provider.answers("status", "in_progress");
    ledger.end();
    settlement.settleDue();
    assertThat(ledger.charges()).containsKey(id);

    provider.answers("status", "completed", "output_file_id", "file-late");
    now = now.plus(time);
    settlement.settleDue();

    assertThat(ledger.results()).containsExactly("batch_1 file-late of 1 charged");
  }

  @Test
  void a_batch_that_is_over_is_charged_by_the_stated_sum() {
    UUID batch = open(BudgetBound.STRICT);
    done("60", "30");

    settlement.settleDue();

    assertThat(charged(batch)).isEqualTo(90);
    assertThat(counted(batch).requests()).isEqualTo(2);
    assertThat(counted(batch).inputTokens()).isEqualTo(60);
    assertThat(counted(batch).estimated().requests()).isZero();
    assertThat(ledger.usage().get(batch).charges().getFirst().tokens()).isEqualTo(90);
    assertThat(provider.read).isEmpty();
  }

  @Test
  void one_that_goes_on_is_asked_for_again_later_and_later() {
    UUID batch = open(BudgetBound.STRICT);
    provider.answers("status", "in_progress");
    List<Long> minutes = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      settlement.settleDue();
      minutes.add(ledger.pauses().get(batch).toMinutes());
    }

    assertThat(minutes).containsExactly(2L, 4L, 8L, 15L, 15L, 15L);
    assertThat(ledger.charges()).isEmpty();
  }

  @Test
  void only_one_on_which_the_provider_says_that_it_works_goes_on() {
    UUID batch = open(BudgetBound.STRICT);
    provider.answers("status", "in_progress");
    settlement.settleDue();
    assertThat(ledger.goingOn()).containsExactly(entry(batch, true));

    provider.members.put("id", "batch_2");
    settlement.settleDue();
    assertThat(ledger.goingOn()).containsExactly(entry(batch, false));

    provider.members.putAll(
        Map.of("id", "batch_1", "status", "completed", "request_counts.completed", "2"));
    settlement.settleDue();
    assertThat(ledger.goingOn()).containsExactly(entry(batch, false));
    assertThat(ledger.charges()).isEmpty();
  }

  @Test
  void one_that_never_ends_counts_as_used_when_its_time_is_over() {
    UUID batch = open(BudgetBound.MEASURED);
    provider.answers("status", "paused for ever");
    ledger.end();

    settlement.settleDue();

    assertThat(charged(batch)).isEqualTo(140);
    assertThat(counted(batch).estimated().requests()).isEqualTo(2);
    assertThat(counted(batch).outputTokens()).isEqualTo(40);
  }

  @Test
  void one_that_was_deleted_before_it_was_charged_counts_as_the_most_that_it_could_use() {
    UUID made = UUID.randomUUID();
    UUID unknown = UUID.randomUUID();
    assertThat(ledger.reserve(batch(made), List.of(demand(BudgetBound.MEASURED, 3)))).isEmpty();
    assertThat(ledger.reserve(batch(unknown), List.of(demand(BudgetBound.MEASURED, 3)))).isEmpty();
    assertThat(ledger.bind(made, "batch_1", Duration.ZERO)).isTrue();
    provider.answers("error.type", "not_found_error");
    ledger.end();

    settlement.settleDue();

    assertThat(charged(made)).isEqualTo(140);
    assertThat(counted(made).inputTokens()).isEqualTo(100);
    assertThat(charged(unknown)).isEqualTo(3);
    assertThat(counted(unknown).inputTokens()).isEqualTo(50);
  }

  @Test
  void a_service_that_is_gone_settles_nothing_until_then() {
    UUID batch = open(BudgetBound.STRICT);
    done("60", "30");
    ledger.removeServices();

    settlement.settleDue();
    assertThat(ledger.charges()).isEmpty();
    ledger.end();
    settlement.settleDue();

    assertThat(charged(batch)).isEqualTo(140);
  }

  @Test
  void a_sum_that_nobody_could_have_used_is_disputed() {
    UUID batch = open(BudgetBound.STRICT);
    done("99999999999999999", "40");

    settlement.settleDue();

    assertThat(charged(batch)).isEqualTo(140);
    assertThat(counted(batch).inputTokens()).isEqualTo(100);
    assertThat(counted(batch).disputed().tokens()).isGreaterThan(1_000_000);
  }

  @Test
  void without_a_sum_the_lines_of_the_results_are_added_up() {
    for (String[] sum : new String[][] {{"-5", "30"}, {"x", "1"}, {"0", "0"}, {"1e9", "1"}}) {
      UUID batch = open(BudgetBound.STRICT);
      done(sum[0], sum[1]);
      provider.answers("output_file_id", "file-out", "request_counts.failed", "1");
      provider.lines.clear();
      provider.lines.add(used(10, 5));
      provider.lines.add(TokenUsage.NONE);

      settlement.settleDue();

      assertThat(provider.read).isEqualTo("files/file-out/content");
      assertThat(charged(batch)).isEqualTo(10 + 5 + 25 + 10);
      assertThat(counted(batch).errors()).isEqualTo(1);
      assertThat(counted(batch).estimated().requests()).isEqualTo(1);
    }
  }

  @Test
  void results_are_read_for_their_fees_if_tools_may_have_run_and_have_a_price() {
    Price price =
        prices
            .save(
                new PriceScope.OfProvider(Provider.OPENAI),
                new ModelName("m"),
                new PriceContent(
                    LocalDate.of(2026, 1, 1),
                    PriceTerms.of(new Rates(Map.of(Rate.INPUT, 2_000_000L)))
                        .withFees(
                            List.of(
                                new Fee(
                                    new FeePiece(FeeKind.WEB_SEARCH, ""), 10_000_000_000L, 1)))),
                now)
            .orElseThrow();
    provider.lines.add(used(10, 5));
    provider.fees = FeesUsed.of(FeeKind.WEB_SEARCH, 2);
    for (String endpoint : List.of("/v1/responses", "/v1/chat/completions", "tools")) {
      UUID batch = UUID.randomUUID();
      boolean allowsTools = endpoint.equals("tools");
      FeesUsed tools = FeesUsed.of(FeeKind.WEB_SEARCH, allowsTools ? 2 : 0);
      assertThat(
              ledger.reserve(
                  batch(batch, price.version(), tools), List.of(demand(BudgetBound.STRICT, 140))))
          .isEmpty();
      assertThat(ledger.bind(batch, "batch_1", Duration.ZERO)).isTrue();
      done("10", "5");
      provider.answers(
          "endpoint",
          allowsTools ? "/v1/chat/completions" : endpoint,
          "output_file_id",
          "file-out",
          "request_counts.completed",
          "1");

      settlement.settleDue();

      boolean isRead = allowsTools || endpoint.equals("/v1/responses");
      assertThat(counted(batch).inputTokens()).isEqualTo(10);
      assertThat(counted(batch).cost().cost()).isEqualTo(10 * 1_000 + (isRead ? 20_000_000 : 0));
    }
  }

  @Test
  void google_gives_no_second_discount_for_cached_input() {
    Rates rates = new Rates(Map.of(Rate.INPUT, 1_000L, Rate.CACHED_INPUT, 200L));
    CallPrices ofCalls =
        new CallPrices(
            Optional.of(Price.of(1, LocalDate.EPOCH, rates)),
            Optional.empty(),
            ModelBounds.UNKNOWN);

    Rates google =
        BatchReservations.ofBatches(Provider.GOOGLE, ofCalls).own().orElseThrow().rates();
    assertThat(google.of(Rate.INPUT)).isEqualTo(500);
    assertThat(google.of(Rate.CACHED_INPUT)).isEqualTo(200);
    Rates openAi =
        BatchReservations.ofBatches(Provider.OPENAI, ofCalls).own().orElseThrow().rates();
    assertThat(openAi.of(Rate.CACHED_INPUT)).isEqualTo(100);
  }

  @Test
  void the_prices_that_come_with_the_program_charge_dollars_and_unknown_ones_what_was_reserved() {
    Price published =
        PublishedPrices.BUNDLED.all().stream()
            .map(PublishedPrices.PublishedPrice::price)
            .filter(price -> price.rates().of(Rate.INPUT) > 0 && price.rates().of(Rate.OUTPUT) > 0)
            .findFirst()
            .orElseThrow();
    long cost =
        BatchReservations.ofBatches(
                Provider.OPENAI,
                new CallPrices(Optional.empty(), Optional.of(published), ModelBounds.UNKNOWN))
            .costOf(used(60, 30), false)
            .orElseThrow()
            .forService();
    assertThat(cost).isPositive();
    long reserved = 100 * cost;
    for (BudgetBound bound : BudgetBound.values()) {
      for (String account : List.of("service:1", "token:1")) {
        done("60", "30");
        assertThat(charged(published.version(), demand(account, BudgetUnit.USD, bound, reserved)))
            .isEqualTo(cost);
        long unknown = published.version() + 5_000;
        assertThat(charged(unknown, demand(account, BudgetUnit.USD, bound, reserved)))
            .isEqualTo(reserved);
        assertThat(charged(0, demand(account, BudgetUnit.USD, bound, reserved))).isZero();
        assertThat(charged(unknown, demand(account, BudgetUnit.TOKENS, bound, reserved)))
            .isEqualTo(90);
        provider.answers(
            "request_counts.completed",
            "0",
            "request_counts.failed",
            "2",
            "usage.input_tokens",
            "0",
            "usage.output_tokens",
            "0");
        assertThat(charged(unknown, demand(account, BudgetUnit.USD, bound, reserved))).isZero();
        provider.members.clear();
      }
    }
  }

  private Price price(String model, long rate) {
    return price(new PriceScope.OfProvider(Provider.OPENAI), model, rate);
  }

  private Price price(PriceScope scope, String model, long rate) {
    return prices
        .save(
            scope,
            new ModelName(model),
            new PriceContent(
                LocalDate.of(2026, 1, 1),
                PriceTerms.of(new Rates(Map.of(Rate.INPUT, rate, Rate.OUTPUT, rate)))),
            now)
        .orElseThrow();
  }

  private UUID answered(String model, long price, BudgetBound bound) {
    UUID batch = UUID.randomUUID();
    assertThat(
            ledger.reserve(
                batch(batch, price), List.of(demand("token:1", BudgetUnit.USD, bound, 160_000))))
        .isEmpty();
    assertThat(ledger.bind(batch, "batch_1", Duration.ZERO)).isTrue();
    done("20", "10");
    provider.answers("output_file_id", "file-out");
    provider.model = model;
    provider.reads = 0;
    settlement.settleDue();
    return batch;
  }

  @Test
  void a_batch_that_a_dearer_version_answers_is_charged_at_the_price_of_that_version() {
    Price asked = price("m", 2_000_000);
    Price dearer = price("m-2026-01-01", 20_000_000);
    provider.lines.addAll(List.of(used(10, 5), used(10, 5)));

    UUID measured = answered("m-2026-01-01", asked.version(), BudgetBound.MEASURED);
    assertThat(charged(measured)).isEqualTo(30 * 10_000);
    UsageBatch usage = ledger.usage().get(measured);
    assertThat(usage.rows())
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.model().called().name()).isEqualTo("m");
              assertThat(row.model().answered().name()).isEqualTo("m-2026-01-01");
              assertThat(row.prices().forService()).isEqualTo(dearer.version());
              assertThat(row.counts().cost().cost()).isEqualTo(30 * 10_000);
            });
    assertThat(usage.charges().getFirst().nanoDollars()).isEqualTo(30 * 10_000);
    UUID strict = answered("m-2026-01-01", asked.version(), BudgetBound.STRICT);
    assertThat(charged(strict)).isEqualTo(160_000);
    UUID same = answered("m", asked.version(), BudgetBound.MEASURED);
    assertThat(charged(same)).isEqualTo(30 * 1_000);
    assertThat(provider.reads).isEqualTo(1);
  }

  @Test
  void budgets_of_callers_pay_no_price_of_the_owner_for_a_model_that_nobody_requested() {
    Price asked = price("m", 2_000_000);
    User alice = AUser.called("alice").build();
    Instance service = AnInstance.of(alice, "s").id(new Instance.Id(new UUID(0, 2))).build();
    ports.users().insert(alice);
    ports.instances().insert(service, new SecretChange.Keep(), new SecretChange.Keep());
    Price own = price(new PriceScope.OfService(service.id()), "other", 20_000_000);
    Price version = price("m-2026-01-01", 3_000_000);
    provider.lines.addAll(List.of(used(10, 5), used(10, 5)));

    UUID batch = answered("other", asked.version(), BudgetBound.MEASURED);

    assertThat(charged(batch)).isEqualTo(30 * 1_000);
    assertThat(counted(batch).cost().cost()).isEqualTo(30 * 10_000);
    assertThat(ledger.usage().get(batch).rows().getFirst().prices())
        .isEqualTo(new PriceVersions(own.version(), asked.version()));
    assertThat(version.version()).isNotEqualTo(asked.version());
  }

  @Test
  void a_version_that_has_no_price_of_its_own_costs_as_much_as_when_the_batch_was_accepted() {
    Price before = price("m", 2_000_000);
    Price now = price("m", 9_000_000);
    Price other = price("m-2020-01-01", 1);
    provider.lines.addAll(List.of(used(10, 5), used(10, 5)));

    for (String model : List.of("m-2026-01-01", "m-unknown", "something else", "n")) {
      UUID batch = answered(model, before.version(), BudgetBound.MEASURED);
      assertThat(provider.reads).isEqualTo(1);
      assertThat(charged(batch)).isEqualTo(30 * 1_000);
      assertThat(counted(batch).cost().cost()).isEqualTo(30 * 1_000);
    }
    assertThat(charged(answered("m", now.version(), BudgetBound.MEASURED))).isEqualTo(30 * 4_500);
    assertThat(other.version()).isNotEqualTo(now.version());
  }

  @Test
  void what_the_database_refuses_of_the_usage_is_handed_on_and_the_budgets_are_charged() {
    UUID batch = open(BudgetBound.MEASURED);
    done("60", "30");
    ledger.failSettlements(
        List.of(new UsageRefused("SQLSTATE 23514", new IllegalStateException())));

    settlement.settleDue();

    assertThat(charged(batch)).isEqualTo(90);
    assertThat(ledger.usage().get(batch).size()).isZero();
    assertThat(unstored)
        .singleElement()
        .satisfies(usage -> assertThat(usage.charges().getFirst().tokens()).isEqualTo(90));
    settlement.settleDue();
  }

  @Test
  void one_that_can_never_be_settled_is_charged_what_it_reserved_once_it_is_over() {
    UUID batch = open(BudgetBound.MEASURED);
    done("60", "30");
    RuntimeException fault = new IllegalStateException("a fault");
    ledger.failSettlements(List.of(fault, new StoreUnavailable(fault), fault));

    settlement.settleDue();
    assertThat(ledger.charges()).isEmpty();
    assertThatThrownBy(settlement::settleDue).isSameAs(fault);
    ledger.end();
    ledger.endLeases();
    settlement.settleDue();
    assertThat(ledger.charges()).isEmpty();
    assertThatThrownBy(settlement::settleDue).isInstanceOf(StoreUnavailable.class);
    ledger.endLeases();
    settlement.settleDue();

    assertThat(charged(batch)).isEqualTo(140);
    assertThat(ledger.usage().get(batch).size()).isZero();
    assertThatThrownBy(settlement::settleDue).isSameAs(fault);
    settlement.settleDue();
  }

  private long charged(long price, BudgetDemand demand) {
    UUID batch = UUID.randomUUID();
    assertThat(ledger.reserve(batch(batch, price), List.of(demand))).isEmpty();
    assertThat(ledger.bind(batch, "batch_1", Duration.ZERO)).isTrue();
    settlement.settleDue();
    return charged(batch);
  }

  @Test
  void results_that_break_off_settle_nothing() {
    UUID batch = open(BudgetBound.STRICT);
    provider.answers(
        "status", "completed", "request_counts.completed", "2", "output_file_id", "file-out");
    provider.lines.add(used(10, 5));
    provider.breaksOff = true;

    settlement.settleDue();

    assertThat(ledger.charges()).isEmpty();
    assertThat(ledger.pauses()).containsKey(batch);
  }

  @Test
  void a_provider_whose_results_break_off_is_left_alone_for_longer_and_longer() {
    UUID batch = open(BudgetBound.STRICT);
    provider.answers(
        "status", "completed", "request_counts.completed", "2", "output_file_id", "file-out");
    provider.breaksOff = true;
    List<Long> pauses = new ArrayList<>();
    for (int i = 1; i <= 8; i++) {
      settlement.settleDue();
      assertThat(provider.reports).isEqualTo(i);
      pauses.add(ledger.pauses().get(batch).toMinutes());
      settlement.settleDue();
      assertThat(provider.reports).isEqualTo(i);
      now = now.plus(Duration.ofMinutes(Math.min(60, 1 << (i - 1))));
    }

    assertThat(pauses).endsWith(16L, 32L, 60L, 60L);
    assertThat(ledger.charges()).isEmpty();
    ledger.end();
    settlement.settleDue();
    assertThat(charged(batch)).isEqualTo(140);
  }

  @Test
  void what_is_long_over_is_charged_without_asking_once_the_pause_has_become_the_longest() {
    UUID batch = open(BudgetBound.STRICT);
    provider.answers(
        "status", "completed", "request_counts.completed", "2", "output_file_id", "file-out");
    provider.breaksOff = true;
    for (int i = 0; i < 7; i++) {
      settlement.settleDue();
      now = now.plus(Duration.ofMinutes(i < 6 ? 1 << i : 0));
    }
    UUID other = open(BudgetBound.STRICT);
    ledger.end();

    settlement.settleDue();

    assertThat(provider.reports).isEqualTo(7);
    assertThat(charged(batch)).isEqualTo(140);
    assertThat(charged(other)).isEqualTo(140);
  }

  /** A batch whose results could not be read at first, and which has ended since. */
  private UUID pausing() {
    UUID batch = open(BudgetBound.STRICT);
    provider.answers(
        "status", "completed", "request_counts.completed", "2", "output_file_id", "file-out");
    provider.breaksOff = true;
    settlement.settleDue();
    ledger.end();
    provider.breaksOff = false;
    provider.lines.add(used(10, 5));
    provider.lines.add(used(10, 5));
    return batch;
  }

  @Test
  void what_is_long_over_waits_for_the_end_of_a_shorter_pause() {
    UUID batch = pausing();

    settlement.settleDue();

    assertThat(ledger.charges()).isEmpty();
    now = now.plus(Duration.ofMinutes(1));
    settlement.settleDue();
    assertThat(charged(batch)).isEqualTo(30);
  }

  @Test
  void a_pause_ends_if_the_clock_is_set_back() {
    UUID batch = pausing();

    now = now.minus(Duration.ofDays(1));
    settlement.settleDue();

    assertThat(charged(batch)).isEqualTo(30);
  }

  @Test
  void another_file_than_one_with_a_plain_id_is_not_read() {
    UUID unused = open(BudgetBound.STRICT);
    provider.answers(
        "status", "completed", "request_counts.completed", "2", "output_file_id", "../x?y=");

    settlement.settleDue();

    assertThat(provider.read).isEmpty();
    assertThat(ledger.charges()).isEmpty();
  }

  @Test
  void an_answer_about_another_batch_settles_nothing() {
    UUID unused = open(BudgetBound.STRICT);
    done("60", "30");
    provider.answers("id", "batch_2");
    provider.members.put("id", "batch_2");

    settlement.settleDue();

    assertThat(ledger.charges()).isEmpty();
  }

  @Test
  void a_batch_that_failed_or_was_cancelled_before_anything_was_done_costs_nothing() {
    for (String status : List.of("failed", "cancelled", "expired")) {
      UUID batch = open(BudgetBound.STRICT);
      provider.answers("status", status);

      settlement.settleDue();

      assertThat(charged(batch)).isZero();
      assertThat(ledger.usage().get(batch).rows()).isEmpty();
    }
  }

  @Test
  void one_that_was_cancelled_is_charged_what_was_done() {
    UUID batch = open(BudgetBound.MEASURED);
    provider.answers(
        "status", "cancelled",
        "request_counts.completed", "1",
        "usage.input_tokens", "30",
        "usage.output_tokens", "5");

    settlement.settleDue();

    assertThat(charged(batch)).isEqualTo(35);
    assertThat(counted(batch).requests()).isEqualTo(1);
  }

  @Test
  void what_another_node_has_settled_meanwhile_is_charged_once() {
    UUID batch = open(BudgetBound.STRICT);
    done("60", "30");
    provider.meanwhile =
        () -> {
          provider.meanwhile = () -> {};
          assertThat(ledger.settle(batch, Map.of(new UUID(0, 9), 7L), UsageBatch.alone(List.of())))
              .isTrue();
        };

    settlement.settleDue();

    assertThat(charged(batch)).isEqualTo(7);
  }

  @Test
  void what_fails_is_reported_and_does_not_keep_the_others_back() {
    UUID batch = open(BudgetBound.STRICT);
    UUID other = open(BudgetBound.STRICT);
    done("60", "30");
    provider.meanwhile =
        () -> {
          provider.meanwhile = () -> {};
          throw new IllegalStateException("a fault");
        };

    settlement.settleDue();

    assertThat(ledger.charges()).containsOnlyKeys(other).doesNotContainKey(batch);
    assertThatThrownBy(settlement::settleDue).hasMessage("a fault");
    settlement.settleDue();
  }
}
