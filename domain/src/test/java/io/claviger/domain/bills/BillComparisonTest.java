package io.claviger.domain.bills;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.ModelName;
import io.claviger.domain.bills.Bill.Explained;
import io.claviger.domain.bills.Bill.State;
import io.claviger.domain.prices.Cost;
import io.claviger.domain.prices.Fee;
import io.claviger.domain.prices.Price;
import io.claviger.domain.prices.PriceTerms;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.domain.usage.ChargedFees;
import io.claviger.domain.usage.DisputedUsage;
import io.claviger.domain.usage.EstimatedUsage;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.ServiceTier;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.domain.usage.UsageCost;
import io.claviger.domain.usage.UsageCounts;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Differences are planted into two books of the same calls: Claviger's, by its prices, and the
 * provider's, whose amounts this test computes by itself.
 */
final class BillComparisonTest {
  private static final YearMonth MONTH = YearMonth.of(2026, 11);
  private static final LocalDate DAY = MONTH.atDay(10);
  private static final Instant LATER = Instant.parse("2026-12-20T02:00:00Z");
  private static final String KEY = "key_of_service";
  private static final long SEARCH = 10_000_000;
  private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

  /**
   * Dollars per million tokens: fresh input, cached input, input written to a cache for 5 minutes,
   * input written for an hour, output.
   */
  private static final Map<String, List<String>> DOLLARS =
      Map.of(
          "gpt-5", List.of("2", "0.2", "2.5", "4", "8"),
          "gpt-5 priority", List.of("4", "0.4", "5", "8", "16"),
          "gpt-5 flex", List.of("1", "0.1", "1.25", "2", "4"),
          "gpt-5 batch", List.of("1", "0.1", "1.25", "2", "4"),
          "nano", List.of("0.05", "0.005", "0.0625", "0.1", "0.4"),
          "no-price", List.of("3", "3", "3", "3", "15"));

  /** A call, with the tokens in the order of {@link #DOLLARS}. */
  private record Call(
      LocalDate day, String model, String key, String tier, List<Long> tokens, String fee) {
    Call with(String newModel) {
      return new Call(day, newModel, key, tier, tokens, fee);
    }

    Call on(LocalDate newDay) {
      return new Call(newDay, model, key, tier, tokens, fee);
    }

    Call by(String newKey) {
      return new Call(day, model, newKey, tier, tokens, fee);
    }

    Call in(String newTier) {
      return new Call(day, model, key, newTier, tokens, fee);
    }

    Call using(String newFee) {
      return new Call(day, model, key, tier, tokens, newFee);
    }

    Call of(long... newTokens) {
      List<Long> all = new ArrayList<>();
      for (long each : newTokens) {
        all.add(each);
      }
      return new Call(day, model, key, tier, all, fee);
    }

    BigDecimal dollars(Map<String, List<String>> prices) {
      List<String> rates =
          prices.getOrDefault(
              model + " " + tier, prices.getOrDefault(model, List.of("1", "1", "1", "1", "1")));
      BigDecimal sum = BigDecimal.ZERO;
      for (int i = 0; i < tokens.size(); i++) {
        sum =
            sum.add(
                new BigDecimal(rates.get(i))
                    .multiply(BigDecimal.valueOf(tokens.get(i)))
                    .divide(MILLION));
      }
      return sum;
    }
  }

  /** Both books of one service, and what a test changes in them. */
  private static final class Books {
    private final List<Call> sent = new ArrayList<>();
    private final List<Call> billed = new ArrayList<>();
    private final List<CountedUsage> more = new ArrayList<>();
    private final Map<String, List<String>> theirPrices = new HashMap<>(DOLLARS);
    private final Map<LocalDate, Instant> readAt = new HashMap<>();
    private BigDecimal dearer = BigDecimal.ONE;
    private BigDecimal webSearch = new BigDecimal("0.01");
    private BigDecimal unit = new BigDecimal("0.000000001");
    private boolean namesModelsInCosts = true;
    private boolean statesCosts = true;
    private boolean statesUsage = true;
    private Optional<String> statedKey = Optional.of(KEY);
    private final Map<LocalDate, Optional<String>> keys = new HashMap<>();
    private Optional<Invoice.Content> invoice = Optional.empty();

    /** Fifty usual calls on three days with two models. */
    Books() {
      for (int day = -1; day <= 1; day++) {
        for (int n = 0; n < 50; n++) {
          Call call =
              new Call(
                      DAY.plusDays(day),
                      n % 3 == 0 ? "nano" : "gpt-5",
                      KEY,
                      "standard",
                      List.of(),
                      "")
                  .of(1_000 + 37L * n, n % 4 == 0 ? 800 : 0, 0, 0, 300 + 11L * n + day);
          sent.add(call);
          billed.add(call);
        }
      }
    }

    /** The call with this number on the day in the middle. */
    Call call(int n) {
      return sent.get(50 + n);
    }

    void sendOtherwise(int n, Call other) {
      sent.set(50 + n, other);
    }

    void billOtherwise(int n, Call... others) {
      billed.remove(call(n));
      billed.addAll(List.of(others));
    }

    /** Lets Claviger count a call in an unusual way. */
    void count(Call call, UsageCounts counts) {
      boolean removed = sent.remove(call);
      assertThat(removed).isTrue();
      more.add(new CountedUsage(call.day(), call.model(), tier(call), false, counts));
    }

    Bill compare() {
      BillComparison comparison = new BillComparison(MONTH, (day, model) -> price(model));
      return comparison.compare(read(), counted(), invoice);
    }

    private List<CountedUsage> counted() {
      List<CountedUsage> all = new ArrayList<>(more);
      for (Call call : sent) {
        all.add(
            new CountedUsage(
                call.day(), call.model(), tier(call), call.key().equals("own"), counts(call)));
      }
      return all;
    }

    private List<ReadDay> read() {
      Map<LocalDate, List<Call>> days = new TreeMap<>();
      for (int day = -1; day <= 1; day++) {
        days.put(DAY.plusDays(day), new ArrayList<>());
      }
      billed.forEach(call -> days.get(call.day()).add(call));
      List<ReadDay> read = new ArrayList<>();
      days.forEach(
          (day, calls) -> {
            Instant at = readAt.getOrDefault(day, LATER);
            if (!at.equals(Instant.MIN)) {
              read.add(
                  new ReadDay(
                      day,
                      at,
                      statesUsage ? usage(calls) : List.of(),
                      statesCosts ? costs(day, calls) : List.of(),
                      keys.getOrDefault(day, statedKey)));
            }
          });
      return read;
    }

    private List<BilledUsage> usage(List<Call> calls) {
      Map<BilledUsage.Subject, BilledUsage> sums = new LinkedHashMap<>();
      for (Call call : calls) {
        List<Long> of = call.tokens();
        BilledUsage one =
            new BilledUsage(
                call.day(),
                Optional.of(new ModelName(call.model())),
                Optional.of(call.key()),
                Optional.of(call.tier()),
                1,
                new BilledUsage.Tokens(of.get(0), of.get(1), of.get(2), of.get(3), of.get(4)),
                call.fee().isEmpty() ? new TreeMap<>() : new TreeMap<>(Map.of(call.fee(), 1L)));
        sums.merge(one.subject(), one, BilledUsage::plus);
      }
      return List.copyOf(sums.values());
    }

    private List<BilledCost> costs(LocalDate day, List<Call> calls) {
      Map<String, BigDecimal> sums = new TreeMap<>();
      for (Call call : calls) {
        BigDecimal dollars = call.dollars(theirPrices).multiply(dearer);
        sums.merge(namesModelsInCosts ? call.model() : "", dollars, BigDecimal::add);
        if (!call.fee().isEmpty()) {
          sums.merge("", webSearch, BigDecimal::add);
        }
      }
      List<BilledCost> costs = new ArrayList<>();
      sums.forEach(
          (model, dollars) ->
              costs.add(
                  new BilledCost(
                      day,
                      Optional.of(model.isEmpty() ? "the rest" : model + ", all"),
                      Optional.of(model).filter(m -> !m.isEmpty()).map(ModelName::new),
                      "USD",
                      dollars
                          .divide(unit, 0, RoundingMode.HALF_UP)
                          .multiply(unit)
                          .movePointRight(9)
                          .longValueExact())));
      return costs;
    }
  }

  /** Returns what Claviger counts for requests for the list of models. */
  private static CountedUsage lists(int requests) {
    return new CountedUsage(
        DAY, "", ServiceTier.STANDARD, false, new UsageCounts(requests, 0, 0, 0, 0, 0));
  }

  private static ServiceTier tier(Call call) {
    return ServiceTier.of(call.tier());
  }

  private static FeesUsed fees(Call call) {
    return call.fee().equals("web_search") ? FeesUsed.of(FeeKind.WEB_SEARCH, 1) : FeesUsed.NONE;
  }

  private static TokenUsage tokens(Call call) {
    List<Long> of = call.tokens();
    return TokenUsage.stated(
        of.get(0) + of.get(1) + of.get(2) + of.get(3),
        of.get(4),
        new TokenParts(of.get(1), of.get(2), of.get(3), 0, 0, 0, 0, 0, 0, 0));
  }

  private static UsageCounts counts(Call call) {
    return counts(call, tokens(call), DisputedUsage.NONE, false);
  }

  /** What Claviger counts for a call, by its prices. */
  private static UsageCounts counts(
      Call call, TokenUsage tokens, DisputedUsage disputed, boolean error) {
    Optional<Price> price = price(call.model());
    Optional<Price> ofTier =
        price.map(p -> call.tier().equals("batch") ? p.ofBatches() : p.ofTier(tier(call)));
    long cost = ofTier.map(p -> Cost.of(p, tokens, fees(call))).orElse(0L);
    boolean estimated = tokens.estimated().requests() > 0;
    Map<FeeKind, Long> feeCosts =
        fees(call).isNone() ? Map.of() : Map.of(FeeKind.WEB_SEARCH, SEARCH);
    UsageCounts counts =
        UsageCounts.ofCall(error, 0, 0, tokens)
            .charged(tokens, disputed)
            .using(ChargedFees.of(fees(call), feeCosts));
    return counts.costing(
        new UsageCost(price.isPresent() ? 1 : 0, cost, cost, estimated ? cost : 0));
  }

  private static Optional<Price> price(String model) {
    if (!DOLLARS.containsKey(model) || model.equals("no-price")) {
      return Optional.empty();
    }
    TreeMap<ServiceTier, Rates> tiers = new TreeMap<>();
    for (String tier : List.of("priority", "flex")) {
      if (DOLLARS.containsKey(model + " " + tier)) {
        tiers.put(ServiceTier.of(tier), rates(model + " " + tier));
      }
    }
    Fee search = new Fee(new FeePiece(FeeKind.WEB_SEARCH, ""), 10_000_000_000L, 1);
    return Optional.of(
        new Price(
            1,
            LocalDate.EPOCH.plusYears(40),
            new PriceTerms(rates(model), List.of(), tiers, List.of(search))));
  }

  private static Rates rates(String model) {
    List<Rate> kinds =
        List.of(
            Rate.INPUT, Rate.CACHED_INPUT, Rate.CACHE_WRITE_5M, Rate.CACHE_WRITE_1H, Rate.OUTPUT);
    Map<Rate, Long> rates = new HashMap<>();
    for (int i = 0; i < kinds.size(); i++) {
      String dollars = DOLLARS.getOrDefault(model, List.of()).get(i);
      rates.put(kinds.get(i), new BigDecimal(dollars).movePointRight(6).longValueExact());
    }
    return new Rates(rates);
  }

  /** A difference that is planted, and the reasons that have to be found. */
  private record Planted(String what, Set<BillReason> reasons, Consumer<Books> plant) {
    static Planted of(String what, BillReason reason, Consumer<Books> plant) {
      return new Planted(what, EnumSet.of(reason), plant);
    }

    @Override
    public String toString() {
      return what;
    }
  }

  static Stream<Planted> planted() {
    return Stream.of(
        Planted.of("a call billed twice", BillReason.BILLED_TWICE, b -> b.billed.add(b.call(1))),
        Planted.of(
            "a broken stream billed whole",
            BillReason.LATE_ANSWERS,
            b -> {
              Call broken = b.call(1).of(1_000, 0, 0, 0, 40);
              b.billOtherwise(1, b.call(1).of(1_000, 0, 0, 0, 2_000));
              b.sendOtherwise(1, broken);
              b.count(broken, estimated(broken, 0, 40));
            }),
        Planted.of(
            "a dearer tier", BillReason.TIER, b -> b.billOtherwise(1, b.call(1).in("priority"))),
        Planted.of(
            "a cheaper tier", BillReason.TIER, b -> b.billOtherwise(2, b.call(2).in("flex"))),
        Planted.of(
            "a batch that was charged as usual calls",
            BillReason.TIER,
            b -> b.billOtherwise(2, b.call(2).in("batch"))),
        Planted.of(
            "a tier that has no price",
            BillReason.TIER,
            b -> {
              b.theirPrices.put("gpt-5 turbo", List.of("9", "9", "9", "9", "9"));
              b.billOtherwise(1, b.call(1).in("turbo"));
            }),
        Planted.of(
            "a fee that was not counted",
            BillReason.FEES,
            b -> b.billOtherwise(1, b.call(1).using("web_search"))),
        Planted.of(
            "a fee that has no price",
            BillReason.FEES,
            b -> b.billOtherwise(1, b.call(1).using("code_interpreter"))),
        Planted.of(
            "a dearer fee",
            BillReason.FEES,
            b -> {
              b.webSearch = new BigDecimal("0.014");
              b.billOtherwise(1, b.call(1).using("web_search"));
              b.sendOtherwise(1, b.call(1).using("web_search"));
            }),
        Planted.of(
            "a cache write for five minutes",
            BillReason.CACHE_WRITES,
            b -> b.billOtherwise(1, b.call(1).of(37, 0, 1_000, 0, 311))),
        Planted.of(
            "a cache write for an hour instead of five minutes",
            BillReason.CACHE_WRITES,
            b -> {
              b.billOtherwise(1, b.call(1).of(37, 0, 0, 1_000, 311));
              b.sendOtherwise(1, b.call(1).of(37, 0, 1_000, 0, 311));
            }),
        Planted.of(
            "input that the provider did not find in its cache",
            BillReason.CACHED_INPUT,
            b -> b.billOtherwise(4, b.call(4).of(1_948, 0, 0, 0, 344))),
        Planted.of("a second key", BillReason.OTHER_KEYS, b -> b.billed.add(b.call(1).by("key_2"))),
        Planted.of(
            "a second key with a model that has no price",
            BillReason.OTHER_KEYS,
            b -> b.billed.add(b.call(1).by("key_2").with("no-price"))),
        Planted.of(
            "a price raised in the middle of a day",
            BillReason.PRICE,
            b -> b.dearer = new BigDecimal("1.17")),
        Planted.of(
            "a price that was lowered", BillReason.PRICE, b -> b.dearer = new BigDecimal("0.8")),
        Planted.of(
            "costs in whole cents", BillReason.ROUNDING, b -> b.unit = new BigDecimal("0.01")),
        Planted.of(
            "a call around midnight",
            BillReason.TIME_ZONE,
            b -> b.billOtherwise(1, b.call(1).on(DAY.plusDays(1)))),
        Planted.of(
            "batches of different sizes that end after midnight",
            BillReason.BATCHES,
            b -> {
              Call first = batch(b, 90_000, 9_000).on(DAY.minusDays(1));
              Call second = batch(b, 40_000, 70_000);
              b.sent.addAll(List.of(first, second));
              b.billed.addAll(List.of(first.on(DAY), second.on(DAY.plusDays(1))));
            }),
        Planted.of(
            "a batch that ends two days later, and one that ends in time",
            BillReason.BATCHES,
            b -> {
              Call late = batch(b, 90_000, 9_000).on(DAY.minusDays(1));
              Call soon = batch(b, 40_000, 70_000);
              b.sent.addAll(List.of(late, soon));
              b.billed.addAll(List.of(late.on(DAY.plusDays(1)), soon));
            }),
        Planted.of(
            "an estimate that was too high",
            BillReason.ESTIMATED,
            b -> {
              Call call = b.call(1);
              b.billOtherwise(1, call.of(700, 0, 0, 0, 90));
              b.count(call, estimated(call, 1_037, 311));
            }),
        Planted.of(
            "an estimate that was too low",
            BillReason.ESTIMATED,
            b -> {
              Call call = b.call(1);
              b.billOtherwise(1, call.of(3_700, 0, 0, 0, 9_000));
              b.count(call, estimated(call, 1_037, 311));
            }),
        Planted.of(
            "usage beyond what the call could use",
            BillReason.DISPUTED,
            b -> {
              Call call = b.call(1);
              b.billOtherwise(1, call.of(1_037, 0, 0, 0, 100_311));
              b.count(
                  call, counts(call, tokens(call), DisputedUsage.ofCall(100_000, 800_000), false));
            }),
        Planted.of(
            "a caller's own key",
            BillReason.OWN_KEYS,
            b -> {
              b.billOtherwise(1);
              b.sendOtherwise(1, b.call(1).by("own"));
            }),
        Planted.of(
            "another model's name",
            BillReason.ANOTHER_MODEL,
            b -> b.billOtherwise(1, b.call(1).with("nano"))),
        Planted.of(
            "another model's name, which has no price",
            BillReason.ANOTHER_MODEL,
            b -> b.billOtherwise(1, b.call(1).with("no-price"))),
        Planted.of(
            "a model without a price",
            BillReason.NO_PRICE,
            b -> {
              b.billOtherwise(1, b.call(1).with("no-price"));
              b.sendOtherwise(1, b.call(1).with("no-price"));
            }),
        Planted.of(
            "a failed call that was billed",
            BillReason.FAILED_CALLS,
            b -> {
              Call call = b.call(1);
              b.count(call, counts(call, TokenUsage.NONE, DisputedUsage.NONE, true));
            }));
  }

  private static Call batch(Books books, long input, long output) {
    return books.call(1).of(input, 0, 0, 0, output).in("batch");
  }

  private static UsageCounts estimated(Call call, long input, long output) {
    TokenUsage tokens = tokens(call);
    return counts(
        call,
        new TokenUsage(
            tokens.input(), tokens.output(), tokens.parts(), new EstimatedUsage(1, input, output)),
        DisputedUsage.NONE,
        false);
  }

  @ParameterizedTest
  @MethodSource("planted")
  void a_planted_difference_is_named_and_nothing_else_is(Planted planted) {
    Books books = new Books();
    planted.plant().accept(books);

    Bill bill = books.compare();

    Set<BillReason> others = EnumSet.allOf(BillReason.class);
    others.removeAll(planted.reasons());
    // Claviger rounds each call up to a nano-dollar.
    others.remove(BillReason.ROUNDING);
    assertThat(bill.explained()).extracting(Explained::reason).containsAll(planted.reasons());
    assertThat(bill.explained()).extracting(Explained::reason).doesNotContainAnyElementsOf(others);
    assertThat(bill.unexplained()).contains(0L);
    assertAddsUp(bill);
  }

  /**
   * The provider's amount is the common amount plus the provider's additional amount; Claviger's
   * amount is computed in the same way.
   */
  private static void assertAddsUp(Bill bill) {
    long explained = bill.explained().stream().mapToLong(Explained::amount).sum();
    assertThat(bill.theirs().orElseThrow() - bill.ours()).isEqualTo(explained);
    assertThat(bill.agreed().orElseThrow())
        .isLessThanOrEqualTo(Math.min(bill.theirs().orElseThrow(), bill.ours()));
    assertThat(bill.days().stream().mapToLong(Bill.Day::ours).sum()).isEqualTo(bill.ours());
    assertThat(bill.days().stream().mapToLong(day -> day.theirs().orElse(0L)).sum())
        .isEqualTo(bill.theirs().orElseThrow());
  }

  @Test
  void books_that_agree_do_so_to_the_nano_dollar_of_each_call() {
    Bill bill = new Books().compare();

    assertThat(bill.unexplained()).contains(0L);
    assertThat(bill.explained()).extracting(Explained::reason).isSubsetOf(BillReason.ROUNDING);
    assertThat(bill.explained().stream().mapToLong(e -> Math.abs(e.amount())).sum())
        .isLessThan(150);
    assertThat(bill.finalUntil()).contains(DAY.plusDays(1));
    assertAddsUp(bill);
  }

  @Test
  void a_batch_may_still_be_billed_on_a_day_that_is_not_known_yet() {
    Books books = new Books();
    books.sent.add(batch(books, 900_000, 90_000).on(DAY.plusDays(1)));

    Bill bill = books.compare();

    assertThat(bill.unexplained()).contains(0L);
    assertThat(bill.explained()).extracting(Explained::reason).contains(BillReason.BATCHES);
    assertAddsUp(bill);
  }

  @ParameterizedTest
  @MethodSource("planted")
  void costs_that_name_no_models_are_explained_as_a_whole(Planted planted) {
    Books books = new Books();
    books.namesModelsInCosts = false;
    planted.plant().accept(books);

    Bill bill = books.compare();

    assertThat(bill.unexplained()).contains(0L);
    assertAddsUp(bill);
  }

  @Test
  void all_differences_together_leave_next_to_nothing_unexplained() {
    List<Planted> all = planted().toList();
    List<ReadDay> read = new ArrayList<>();
    List<CountedUsage> counted = new ArrayList<>();
    // Each on days of its own, so that no difference is next to another one.
    for (int n = 0; n < all.size(); n++) {
      Books books = new Books();
      all.get(n).plant().accept(books);
      int shift = n;
      books.counted().forEach(u -> counted.add(moved(u, shift)));
      books.read().forEach(d -> read.add(moved(d, shift)));
    }
    Map<BillReason, Long> found = new HashMap<>();
    long unexplained = 0;
    for (int n = 0; n <= all.size() / 9; n++) {
      Bill bill =
          new BillComparison(MONTH.plusMonths(n), (d, m) -> price(m))
              .compare(read, counted, Optional.empty());
      bill.explained().forEach(e -> found.merge(e.reason(), e.amount(), Long::sum));
      unexplained += bill.unexplained().orElse(0L);
    }

    assertThat(found.keySet())
        .containsAll(all.stream().flatMap(p -> p.reasons().stream()).collect(Collectors.toSet()));
    assertThat(unexplained).isZero();
  }

  private static LocalDate moved(LocalDate day, int n) {
    return MONTH
        .plusMonths(n / 9)
        .atDay(2 + n % 9 * 3)
        .plusDays(day.toEpochDay() - DAY.toEpochDay());
  }

  private static CountedUsage moved(CountedUsage u, int n) {
    return new CountedUsage(moved(u.day(), n), u.model(), u.tier(), u.ownKey(), u.counts());
  }

  private static ReadDay moved(ReadDay d, int n) {
    LocalDate day = moved(d.day(), n);
    return new ReadDay(
        day,
        Instant.parse("2028-01-01T00:00:00Z"),
        d.usage().stream()
            .map(
                u ->
                    new BilledUsage(
                        day, u.model(), u.apiKeyId(), u.tier(), u.requests(), u.tokens(), u.fees()))
            .toList(),
        d.costs().stream()
            .map(c -> new BilledCost(day, c.lineItem(), c.model(), c.currency(), c.amount()))
            .toList(),
        d.lentKey());
  }

  static Stream<Planted> unexplainable() {
    return Stream.of(
        Planted.of(
            "a batch that nobody made",
            BillReason.BATCHES,
            b -> b.billed.add(batch(b, 900_000, 90_000))),
        Planted.of(
            "a batch that the provider does not bill",
            BillReason.BATCHES,
            b -> b.sent.add(batch(b, 900_000, 90_000).on(DAY.minusDays(1)))),
        Planted.of(
            "many calls with the service's key, outside of Claviger",
            BillReason.BILLED_TWICE,
            b -> b.billed.addAll(Collections.nCopies(5, b.call(1)))),
        Planted.of(
            "one huge call with the service's key, outside of Claviger",
            BillReason.BILLED_TWICE,
            b -> b.billed.add(b.call(1).of(90_000, 0, 0, 0, 9_000))),
        Planted.of(
            "a model that nobody called, with the service's key",
            BillReason.ANOTHER_MODEL,
            b -> b.billed.add(b.call(1).with("no-price"))),
        Planted.of(
            "a second key, if the owner does not say which is the service's",
            BillReason.OTHER_KEYS,
            b -> {
              b.statedKey = Optional.empty();
              b.billed.addAll(Collections.nCopies(5, b.call(1).by("key_2")));
            }),
        Planted.of(
            "calls that the provider does not bill", BillReason.ESTIMATED, b -> b.billOtherwise(1)),
        Planted.of(
            "usage that is not there, beyond any estimate",
            BillReason.ESTIMATED,
            b -> {
              Call call = b.call(1);
              b.billOtherwise(1, call.of(1_037, 0, 0, 0, 1_000_000));
              b.count(call, estimated(call, 1_037, 311));
            }),
        Planted.of(
            "more than was disputed",
            BillReason.DISPUTED,
            b -> {
              Call call = b.call(1);
              b.billOtherwise(1, call.of(1_037, 0, 0, 0, 100_312));
              b.count(
                  call, counts(call, tokens(call), DisputedUsage.ofCall(100_000, 800_000), false));
            }),
        Planted.of(
            "costs a hundred times those of the usage",
            BillReason.PRICE,
            b -> b.dearer = BigDecimal.valueOf(100)),
        Planted.of(
            "costs of usage that the provider does not state",
            BillReason.PRICE,
            b -> {
              b.statesUsage = false;
              b.dearer = new BigDecimal("1.1");
            }),
        Planted.of(
            "a fortune for a small call in a tier without a price",
            BillReason.TIER,
            b -> {
              b.theirPrices.put("gpt-5 turbo", Collections.nCopies(5, "9000000"));
              b.billOtherwise(1, b.call(1).in("turbo"));
            }),
        Planted.of(
            "a fortune for a search",
            BillReason.FEES,
            b -> {
              b.webSearch = new BigDecimal("10000");
              b.billOtherwise(1, b.call(1).using("web_search"));
            }),
        Planted.of(
            "a fortune for a piece without a price",
            BillReason.FEES,
            b -> {
              b.webSearch = new BigDecimal("10000");
              b.billOtherwise(1, b.call(1).using("code_interpreter"));
            }),
        Planted.of(
            "a fortune for a piece without a price, in costs that name no models",
            BillReason.FEES,
            b -> {
              b.namesModelsInCosts = false;
              b.webSearch = new BigDecimal("10000");
              b.billOtherwise(1, b.call(1).using("code_interpreter"));
            }),
        Planted.of(
            "a fortune for a small call without a price, in costs that name no models",
            BillReason.NO_PRICE,
            b -> {
              b.namesModelsInCosts = false;
              b.theirPrices.put("no-price", Collections.nCopies(5, "9000000"));
              b.billOtherwise(1, b.call(1).with("no-price"));
              b.sendOtherwise(1, b.call(1).with("no-price"));
            }),
        Planted.of(
            "a price that is twenty times too high, beside many requests for lists of models",
            BillReason.NO_PRICE,
            b -> {
              b.namesModelsInCosts = false;
              b.dearer = new BigDecimal("20");
              b.more.add(lists(1_000));
            }),
        Planted.of(
            "a fortune for a call of a model without a price",
            BillReason.NO_PRICE,
            b -> {
              b.theirPrices.put("no-price", Collections.nCopies(5, "9000000"));
              b.billOtherwise(1, b.call(1).with("no-price"));
              b.sendOtherwise(1, b.call(1).with("no-price"));
            }));
  }

  @ParameterizedTest
  @MethodSource("unexplainable")
  void what_has_no_known_reason_is_not_explained_away(Planted planted) {
    Books books = new Books();
    planted.plant().accept(books);

    Bill bill = books.compare();

    assertThat(bill.unexplained().orElseThrow()).isPositive();
    assertThat(bill.explained())
        .extracting(Explained::reason)
        .doesNotContainAnyElementsOf(planted.reasons());
    assertThat(bill.days()).extracting(Bill.Day::state).contains(State.UNEXPLAINED);
  }

  @Test
  void a_day_that_is_running_or_was_not_read_is_not_compared() {
    Books books = new Books();
    books.billed.clear();
    books.readAt.put(DAY, DAY.atTime(13, 0).toInstant(ZoneOffset.UTC));
    books.readAt.put(DAY.minusDays(1), Instant.MIN);
    books.readAt.put(DAY.plusDays(1), Instant.MIN);

    Bill bill = books.compare();

    assertThat(bill.unexplained()).contains(0L);
    assertThat(bill.explained())
        .extracting(Explained::reason)
        .containsExactly(BillReason.RUNNING_DAY, BillReason.NOT_READ);
    assertThat(bill.days())
        .extracting(Bill.Day::state)
        .containsOnly(State.PRELIMINARY, State.NOT_READ);
    assertThat(bill.finalUntil()).isEmpty();
    assertAddsUp(bill);
  }

  @Test
  void days_are_compared_by_the_key_that_the_service_lent_when_they_were_read() {
    Books books = new Books();
    books.sent.replaceAll(c -> c.day().equals(DAY) ? c : c.by("key_before"));
    books.billed.replaceAll(c -> c.day().equals(DAY) ? c : c.by("key_before"));
    books.keys.put(DAY.minusDays(1), Optional.of("key_before"));
    books.keys.put(DAY.plusDays(1), Optional.of("key_before"));

    Bill bill = books.compare();

    assertThat(bill.unexplained()).contains(0L);
    assertThat(bill.explained()).extracting(Explained::reason).isSubsetOf(BillReason.ROUNDING);
  }

  @Test
  void usage_alone_is_compared_at_the_prices_of_claviger() {
    Books books = new Books();
    books.statesCosts = false;
    books.billed.add(books.call(1));

    Bill bill = books.compare();

    assertThat(bill.explained())
        .extracting(Explained::reason)
        .containsExactly(BillReason.BILLED_TWICE);
    assertAddsUp(bill);
  }

  @Test
  void an_invoice_is_compared_as_far_as_calls_can_explain_it() {
    Books books = new Books();
    books.readAt.replaceAll((day, at) -> Instant.MIN);
    for (int day = -1; day <= 1; day++) {
      books.readAt.put(DAY.plusDays(day), Instant.MIN);
    }
    long ours = books.compare().ours();
    Bill none = books.compare();
    assertThat(none.theirs()).isEmpty();
    assertThat(none.agreed()).isEmpty();

    books.invoice = Optional.of(new Invoice.Content(ours + 4_000_000, "USD", new TreeMap<>()));
    assertThat(books.compare().explained())
        .extracting(Explained::reason)
        .containsExactly(BillReason.ROUNDING);
    assertThat(books.compare().unexplained()).contains(0L);
    assertThat(books.compare().agreed()).contains(ours);

    books.invoice = Optional.of(new Invoice.Content(ours + 6_000_000_000L, "USD", new TreeMap<>()));
    assertThat(books.compare().unexplained()).contains(6_000_000_000L);
    assertThat(books.compare().isAlarming()).isTrue();

    books.invoice = Optional.of(new Invoice.Content(ours, "EUR", new TreeMap<>()));
    assertThat(books.compare().currency()).isEqualTo("EUR");
    assertThat(books.compare().agreed()).isEmpty();
    assertThat(books.compare().unexplained()).isEmpty();
    assertThat(books.compare().isAlarming()).isFalse();

    Call own = books.call(1);
    books.sendOtherwise(1, own.by("own"));
    Call estimate = books.call(2);
    books.count(estimate, estimated(estimate, 1_074, 322));
    books.invoice = Optional.of(new Invoice.Content(ours - 30_000_000, "USD", new TreeMap<>()));
    Bill bill = books.compare();
    assertThat(bill.explained()).extracting(Explained::reason).contains(BillReason.OWN_KEYS);
    long gaps = bill.explained().stream().mapToLong(Explained::amount).sum();
    assertThat(bill.theirs().orElseThrow() - bill.ours())
        .isEqualTo(gaps - bill.unexplained().orElseThrow());
  }

  @Test
  void lists_of_models_explain_nothing_of_an_invoice() {
    Books books = new Books();
    books.more.add(lists(1_000));
    for (int day = -1; day <= 1; day++) {
      Instant unused = books.readAt.put(DAY.plusDays(day), Instant.MIN);
    }
    long ours = books.compare().ours();
    books.invoice = Optional.of(new Invoice.Content(ours + 1_000_000_000, "USD", new TreeMap<>()));

    Bill bill = books.compare();

    assertThat(bill.explained()).extracting(Explained::reason).isEmpty();
    assertThat(bill.unexplained()).contains(1_000_000_000L);
  }

  @Test
  void an_invoice_by_models_is_compared_by_them() {
    Books books = new Books();
    for (int day = -1; day <= 1; day++) {
      books.readAt.put(DAY.plusDays(day), Instant.MIN);
    }
    long nano =
        books.compare().days().stream()
            .filter(day -> day.model().equals(Optional.of("nano")))
            .mapToLong(Bill.Day::ours)
            .sum();
    long gpt = books.compare().ours() - nano;
    TreeMap<String, Long> models = new TreeMap<>();
    models.put("nano", nano + gpt);
    models.put("gpt-5-2026-01-01", 0L);
    books.invoice = Optional.of(new Invoice.Content(nano + gpt, "USD", models));

    assertThat(books.compare().unexplained()).contains(2 * gpt);
    models.put("nano", nano);
    models.put("gpt-5-2026-01-01", gpt);
    books.invoice = Optional.of(new Invoice.Content(nano + gpt, "USD", models));
    assertThat(books.compare().unexplained()).contains(0L);
  }

  @Test
  void an_invoice_beside_figures_says_what_they_lack() {
    Books books = new Books();
    long theirs = books.compare().theirs().orElseThrow();
    books.invoice =
        Optional.of(new Invoice.Content(theirs + 9_000_000_000L, "USD", new TreeMap<>()));

    Bill bill = books.compare();

    assertThat(bill.theirs()).contains(theirs + 9_000_000_000L);
    assertThat(bill.unexplained()).contains(9_000_000_000L);
  }

  @Test
  void days_that_were_not_read_explain_of_an_invoice_what_their_calls_can_have_cost() {
    Books books = new Books();
    long ours = books.compare().ours();
    books.readAt.put(DAY, Instant.MIN);
    books.invoice = Optional.of(new Invoice.Content(ours, "USD", new TreeMap<>()));

    assertThat(books.compare().unexplained()).contains(0L);
    assertThat(books.compare().explained())
        .extracting(Explained::reason)
        .isSubsetOf(BillReason.ROUNDING);

    books.invoice =
        Optional.of(new Invoice.Content(ours + 10_000_000_000_000L, "USD", new TreeMap<>()));
    Bill bill = books.compare();

    assertThat(bill.unexplained().orElseThrow()).isGreaterThan(9_999_000_000_000L);
    assertThat(bill.isAlarming()).isTrue();
  }

  @Test
  void an_invoice_may_have_none_or_all_of_the_running_day_and_no_more() {
    Books books = new Books();
    long ours = books.compare().ours();
    long ofDay =
        books.compare().days().stream()
            .filter(day -> day.day().equals(DAY))
            .mapToLong(Bill.Day::ours)
            .sum();
    books.readAt.put(DAY, DAY.atTime(13, 0).toInstant(ZoneOffset.UTC));
    books.billed.removeIf(call -> call.day().equals(DAY) && call.model().equals("nano"));
    for (long of : List.of(0L, ofDay / 2, ofDay)) {
      books.invoice = Optional.of(new Invoice.Content(ours - ofDay + of, "USD", new TreeMap<>()));
      assertThat(books.compare().unexplained()).contains(0L);
    }

    books.invoice = Optional.of(new Invoice.Content(ours + 9_000_000_000L, "USD", new TreeMap<>()));
    Bill bill = books.compare();

    assertThat(bill.unexplained().orElseThrow()).isGreaterThan(8_999_000_000L);
    assertThat(bill.isAlarming()).isTrue();
  }

  @Test
  void the_bound_of_calls_without_a_price_does_not_overflow() {
    UsageCounts call =
        UsageCounts.ofCall(false, 0, 0, TokenUsage.NONE)
            .charged(TokenUsage.NONE, DisputedUsage.NONE);
    for (long cost : List.of(300_000_000_000_000_000L, 1_000_000_000_000_000_000L)) {
      UsageCounts counts = call.costing(new UsageCost(1, cost, cost, 0));
      for (int n = 0; n < 4; n++) {
        counts = counts.plus(call.costing(UsageCost.NONE));
      }
      CountedUsage usage = new CountedUsage(DAY, "gpt-5", ServiceTier.STANDARD, false, counts);
      Invoice.Content invoice =
          new Invoice.Content(1_000_000_000_000_000_000L, "USD", new TreeMap<>());

      Bill bill =
          new BillComparison(MONTH, (day, model) -> price(model))
              .compare(List.of(), List.of(usage), Optional.of(invoice));

      assertThat(bill.unexplained()).contains(0L);
    }
  }

  @Test
  void absurd_figures_overflow_nothing() {
    Books books = new Books();
    books.statesCosts = false;
    Call huge = books.call(1).of(1_000_000_000_000_000L, 0, 0, 0, 1_000_000_000_000_000L);
    books.billed.addAll(Collections.nCopies(2_000, huge));

    Bill bill = books.compare();

    assertThat(bill.unexplained().orElseThrow()).isPositive();
    assertThat(bill.theirs().orElseThrow()).isPositive();
    assertThat(bill.isAlarming()).isTrue();
  }
}
