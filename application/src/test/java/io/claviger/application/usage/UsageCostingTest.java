package io.claviger.application.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.sun.management.ThreadMXBean;
import io.claviger.application.builders.AUsage;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.InMemoryPorts;
import io.claviger.application.prices.CachedPriceBook;
import io.claviger.application.prices.PriceBook;
import io.claviger.application.prices.PricedModel;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.application.usage.port.AccountCharge;
import io.claviger.application.usage.port.UsageStore;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.prices.CallCost;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.prices.PriceContent;
import io.claviger.domain.prices.PriceScope;
import io.claviger.domain.prices.PriceTerms;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.domain.spending.CallCharge;
import io.claviger.domain.spending.CallUse;
import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.spending.UnstatedUse;
import io.claviger.domain.usage.ChargedFees;
import io.claviger.domain.usage.CountedModel;
import io.claviger.domain.usage.DisputedUsage;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.PriceVersions;
import io.claviger.domain.usage.ServiceTier;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.domain.usage.UsageCost;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageModel;
import io.claviger.domain.usage.UsageRow;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** What calls are counted to have cost. */
class UsageCostingTest {
  private static final UsageModel GPT = UsageModel.called("gpt");
  private static final ChargePolicy CHARGING =
      new ChargePolicy(Provider.OPENAI, List.of("service:1:2", "user:2"));

  private final InMemoryPorts ports = new InMemoryPorts();
  private final List<UsageRow> rows = new ArrayList<>();
  private final List<AccountCharge> charges = new ArrayList<>();
  private final User alice = AUser.called("alice").build();
  private final Instance service = AnInstance.of(alice, "s").build();
  private final UsageAccount account = AUsage.of(alice, service).account();
  private boolean away;

  private final CachedPriceBook cached =
      new CachedPriceBook(ports.prices(), ports.clock(), () -> true);
  private final PriceBook prices =
      new PriceBook() {
        @Override
        public Optional<CallPrices> findAtOnce(PricedModel model) {
          return cached.findAtOnce(model);
        }

        @Override
        public CallPrices find(PricedModel model) {
          return cached.find(model);
        }

        @Override
        public CallPrices find(PricedModel model, LocalDate on) {
          if (away) {
            throw new StoreUnavailable(new SQLException("away"));
          }
          if (model.called().name().equals("broken")) {
            throw new IllegalStateException("a stored price has an impossible rate");
          }
          return cached.find(model, on);
        }

        @Override
        public Optional<ModelName> modelOf(Instance.Id service) {
          return cached.modelOf(service);
        }
      };

  private final UsageCounter counter =
      new UsageCounter(new Recorded(ports.usage()), prices, ports.clock());

  /** Keeps the batches. */
  private final class Recorded implements UsageStoreOfOneMethod {
    private final UsageStore store;

    Recorded(UsageStore store) {
      this.store = store;
    }

    @Override
    public void add(UsageStore.UsageBatch batch) {
      rows.addAll(batch.rows());
      charges.addAll(batch.charges());
      store.add(batch);
    }
  }

  @Test
  void a_call_costs_what_the_price_of_its_model_says_even_when_it_had_to_be_looked_up() {
    price(2_000);
    counter.count(account, KeySource.CENTRAL, GPT, call(10, 5), charged(call(10, 5)));
    counter.flush();
    counter.count(account, KeySource.CENTRAL, GPT, call(1, 0), charged(call(1, 0)));
    counter.flush();

    assertThat(rows)
        .extracting(row -> row.counts().cost())
        .containsExactly(new UsageCost(1, 20, 20, 0), new UsageCost(1, 2, 2, 0));
    assertThat(charges)
        .extracting(AccountCharge::account)
        .containsExactlyInAnyOrder("service:1:2", "user:2", "service:1:2", "user:2");
    assertThat(charges)
        .extracting(AccountCharge::nanoDollars)
        .containsExactlyInAnyOrder(20L, 20L, 2L, 2L);
    assertThat(charges)
        .extracting(AccountCharge::tokens)
        .containsExactlyInAnyOrder(15L, 15L, 1L, 1L);
  }

  @Test
  void a_call_whose_price_cannot_be_read_keeps_no_other_usage_from_being_stored() {
    price(2_000);
    UsageModel broken = UsageModel.called("broken");
    counter.count(account, KeySource.CENTRAL, broken, call(10, 5), charged(call(10, 5)));
    counter.count(account, KeySource.CENTRAL, GPT, call(10, 5), charged(call(10, 5)));

    assertThatIllegalStateException().isThrownBy(counter::flush);

    assertThat(rows)
        .extracting(row -> row.model().called().name() + " " + row.counts().cost().cost())
        .containsExactlyInAnyOrder("broken 0", "gpt 20");
    assertThatNoException().isThrownBy(counter::flush);
    assertThat(rows).hasSize(2);
  }

  @Test
  void counting_tokens_costs_nothing_even_at_a_price_for_each_request() {
    price("gpt", new Rates(Map.of(Rate.INPUT, 2_000L, Rate.REQUEST, 5_000_000L)));
    counter.count(
        account,
        KeySource.CENTRAL,
        GPT,
        call(0, 0),
        new ChargedCall(
            CHARGING,
            CallUse.of(TokenUsage.NONE, CallUse.Evidence.STATED),
            Optional.of(RequestedUse.nothing(GPT)),
            false,
            Optional.empty()));
    counter.flush();

    assertThat(rows)
        .extracting(row -> row.counts().cost())
        .containsExactly(new UsageCost(1, 0, 0, 0));
    assertThat(charges).extracting(AccountCharge::nanoDollars).containsExactly(0L, 0L);
  }

  /**
   * The bodies of most calls are not read, and event loops count these calls. Adding up the fees
   * that such a call might cost would take some 1,500 bytes more, even if the price has no fees.
   */
  @Test
  void a_call_that_was_not_read_is_counted_without_adding_up_possible_fees() {
    price(2_000);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    ChargedCall call =
        new ChargedCall(
            CHARGING,
            CallUse.of(TokenUsage.stated(10, 5, TokenParts.NONE), CallUse.Evidence.STATED),
            Optional.empty(),
            false,
            Optional.empty());
    counter.count(account, KeySource.CENTRAL, GPT, call(10, 5), call);
    counter.flush();
    for (int n = 0; n < 1_000; n++) {
      counter.count(account, KeySource.CENTRAL, GPT, call(10, 5), call);
    }

    long before = threads.getCurrentThreadAllocatedBytes();
    for (int n = 0; n < 1_000; n++) {
      counter.count(account, KeySource.CENTRAL, GPT, call(10, 5), call);
    }
    long each = (threads.getCurrentThreadAllocatedBytes() - before) / 1_000;

    assertThat(each).isLessThan(2_400);
  }

  @Test
  void a_call_without_a_price_has_no_cost_and_is_charged_by_requests_and_tokens() {
    counter.count(account, KeySource.CENTRAL, GPT, call(10, 5), charged(call(10, 5)));
    counter.flush();

    assertThat(rows).extracting(row -> row.counts().cost()).containsExactly(UsageCost.NONE);
    assertThat(rows.get(0).counts().unpricedRequests()).isEqualTo(1);
    assertThat(charges).extracting(AccountCharge::requests).containsExactly(1L, 1L);
    assertThat(charges).extracting(AccountCharge::nanoDollars).containsExactly(0L, 0L);
  }

  @Test
  void calls_whose_prices_can_not_be_had_wait_for_them() {
    price(2_000);
    away = true;
    counter.count(account, KeySource.CENTRAL, GPT, call(10, 5), charged(call(10, 5)));
    Assertions.assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(counter::flush);
    assertThat(rows).isEmpty();

    away = false;
    counter.flush();
    assertThat(rows).extracting(row -> row.counts().cost().cost()).containsExactly(20L);
  }

  @Test
  void a_call_that_waits_for_its_prices_beyond_midnight_has_those_of_its_day() {
    price(2_000);
    LocalDate today = LocalDate.ofInstant(ports.clock().instant(), ZoneOffset.UTC);
    price("gpt", new Rates(Map.of(Rate.INPUT, 5_000L)), today.plusDays(1));
    counter.count(account, KeySource.CENTRAL, GPT, call(10, 0), charged(call(10, 0)));
    ports.clock().advance(Duration.ofDays(1));
    counter.flush();
    counter.count(account, KeySource.CENTRAL, GPT, call(10, 0), charged(call(10, 0)));
    counter.flush();

    assertThat(rows).extracting(UsageRow::day).containsExactly(today, today.plusDays(1));
    assertThat(rows).extracting(row -> row.counts().cost().cost()).containsExactly(20L, 50L);
  }

  @Test
  void charges_belong_to_the_quarter_of_an_hour_in_which_the_call_ended() {
    counter.count(account, KeySource.CENTRAL, GPT, call(1, 1), charged(call(1, 1)));
    counter.flush();

    long second = charges.get(0).quarter().getEpochSecond();
    assertThat(second % 900).isZero();
    assertThat(ports.clock().instant().getEpochSecond() - second).isBetween(0L, 899L);
  }

  @Test
  void usage_keeps_the_versions_of_the_prices_that_it_was_charged_by() {
    counter.count(account, KeySource.CENTRAL, GPT, call(1, 0), charged(call(1, 0)));
    counter.flush();
    price(2_000);
    everythingChanged();
    counter.count(account, KeySource.CENTRAL, GPT, call(10, 0), charged(call(10, 0)));
    counter.flush();
    price(3_000);
    everythingChanged();
    counter.count(account, KeySource.CENTRAL, GPT, call(10, 0), charged(call(10, 0)));
    counter.flush();

    assertThat(rows).extracting(row -> row.counts().cost().cost()).containsExactly(0L, 20L, 30L);
    assertThat(rows).extracting(UsageRow::prices).doesNotHaveDuplicates();
    assertThat(rows.get(0).prices()).isEqualTo(PriceVersions.NONE);
  }

  @Test
  void a_call_costs_what_budgets_were_charged_even_when_the_price_has_changed_since() {
    price(2_000);
    CallCost charged = new CallCost(7, 8, 3, new PriceVersions(41, 42));
    counter.count(
        account,
        KeySource.CENTRAL,
        GPT,
        call(10, 5),
        charged(call(10, 5), Optional.of(charge(Optional.of(charged)))));
    counter.flush();

    assertThat(rows)
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.counts().cost()).isEqualTo(new UsageCost(1, 7, 8, 3));
              assertThat(row.prices()).isEqualTo(new PriceVersions(41, 42));
            });
    assertThat(charges).extracting(AccountCharge::nanoDollars).containsExactlyInAnyOrder(7L, 8L);
  }

  @Test
  void a_call_that_had_no_price_for_budgets_has_none_in_usage() {
    price(2_000);
    counter.count(
        account,
        KeySource.CENTRAL,
        GPT,
        call(10, 5),
        charged(call(10, 5), Optional.of(charge(Optional.empty()))));
    counter.flush();

    assertThat(rows).extracting(row -> row.counts().cost()).containsExactly(UsageCost.NONE);
  }

  @Test
  void a_call_costs_what_budgets_are_charged_once_they_know_the_price() {
    price(2_000);
    CompletableFuture<CallCharge> later = new CompletableFuture<>();
    counter.count(
        account,
        KeySource.CENTRAL,
        GPT,
        call(10, 5),
        new ChargedCall(
            CHARGING,
            CallUse.of(call(10, 5).tokens(), CallUse.Evidence.STATED),
            Optional.empty(),
            false,
            Optional.empty(),
            Optional.of(later)));
    assertThat(
            later.complete(charge(Optional.of(new CallCost(777, 777, 0, new PriceVersions(3, 3))))))
        .isTrue();
    counter.flush();

    assertThat(rows)
        .extracting(row -> row.counts().cost())
        .containsExactly(new UsageCost(1, 777, 777, 0));
  }

  @Test
  void a_call_counts_under_its_answering_model_and_tier_with_its_fees() {
    UsageModel newer = UsageModel.called("gpt-2");
    FeesUsed searches = FeesUsed.of(FeeKind.WEB_SEARCH, 3);
    CallUse use =
        CallUse.of(call(10, 5).tokens(), CallUse.Evidence.STATED).by(newer).with(searches);
    for (Optional<ServiceTier> tier :
        List.of(Optional.<ServiceTier>empty(), Optional.of(ServiceTier.FLEX))) {
      CallCharge charge =
          new CallCharge(
              call(10, 5).tokens(),
              Optional.empty(),
              DisputedUsage.NONE,
              CallUse.Evidence.STATED,
              false,
              tier,
              searches,
              false);
      counter.count(
          account,
          KeySource.CENTRAL,
          GPT,
          call(10, 5),
          new ChargedCall(CHARGING, use, Optional.empty(), false, Optional.of(charge)));
    }
    counter.flush();

    assertThat(rows)
        .extracting(UsageRow::model)
        .containsExactlyInAnyOrder(
            new CountedModel(GPT, newer, ServiceTier.STANDARD),
            new CountedModel(GPT, newer, ServiceTier.FLEX));
    assertThat(rows)
        .extracting(row -> row.counts().fees())
        .containsOnly(new ChargedFees(Map.of(FeeKind.WEB_SEARCH, new ChargedFees.Fee(3, 0))));
  }

  @Test
  void what_another_model_in_the_request_used_costs_its_own_price_and_counts_with_the_call() {
    price(2_000);
    price("dear", 50_000);
    UsageModel dear = UsageModel.called("dear");
    RequestedUse asked =
        new RequestedUse(
            GPT,
            OperationKind.TEXT,
            1_000,
            RequestedUse.Reading.ONCE,
            new RequestedUse.Writing(OptionalLong.of(100), Optional.empty(), 1, false),
            Set.of(dear),
            RequestedUse.ANY_TIER,
            FeesUsed.NONE,
            UnstatedUse.Asked.NOTHING);
    CallUse use =
        CallUse.of(call(10, 0).tokens(), CallUse.Evidence.STATED)
            .withOthers(Optional.of(Map.of(dear, call(4, 0).tokens())));
    for (Optional<RequestedUse> known :
        List.of(Optional.of(asked), Optional.<RequestedUse>empty())) {
      counter.count(
          account,
          KeySource.CENTRAL,
          GPT,
          call(10, 0),
          new ChargedCall(CHARGING, use, known, false, Optional.empty()));
      counter.flush();
    }

    assertThat(rows)
        .extracting(row -> row.counts().cost())
        .containsExactly(
            new UsageCost(1, 20 + 200, 20 + 200, 0), new UsageCost(1, 20 + 8, 20 + 8, 0));
    assertThat(rows).extracting(row -> row.counts().inputTokens()).containsExactly(14L, 14L);
  }

  private void everythingChanged() {
    cached.everythingChanged();
  }

  private void price(long pico) {
    price("gpt", pico);
  }

  private void price(String model, long pico) {
    price(model, new Rates(Map.of(Rate.INPUT, pico)));
  }

  private void price(String model, Rates rates) {
    price(model, rates, LocalDate.of(2020, 1, 1));
  }

  private void price(String model, Rates rates, LocalDate validFrom) {
    Object unused =
        ports
            .prices()
            .save(
                new PriceScope.OfProvider(Provider.OPENAI),
                new ModelName(model),
                new PriceContent(validFrom, PriceTerms.of(rates)),
                ports.clock().instant());
  }

  private static ChargedCall charged(UsageCounts counts) {
    return charged(counts, Optional.empty());
  }

  private static ChargedCall charged(UsageCounts counts, Optional<CallCharge> charge) {
    CallUse use = CallUse.of(counts.tokens(), CallUse.Evidence.STATED);
    return new ChargedCall(CHARGING, use, Optional.empty(), false, charge);
  }

  private static CallCharge charge(Optional<CallCost> cost) {
    return new CallCharge(
        call(10, 5).tokens(),
        cost,
        DisputedUsage.NONE,
        CallUse.Evidence.STATED,
        true,
        Optional.empty(),
        FeesUsed.NONE,
        false);
  }

  private static UsageCounts call(long input, long output) {
    return UsageCounts.ofCall(false, 0, 0, TokenUsage.stated(input, output, TokenParts.NONE));
  }
}
