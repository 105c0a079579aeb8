package io.claviger.domain.spending;

import static io.claviger.domain.spending.CallEstimate.Obstacle.INPUT_UNBOUNDED;
import static io.claviger.domain.spending.CallEstimate.Obstacle.MODEL_HAS_NO_PRICE;
import static io.claviger.domain.spending.CallEstimate.Obstacle.OUTPUT_UNBOUNDED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.domain.Amounts;
import io.claviger.domain.EveryCase;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.prices.CallCost;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.prices.Fee;
import io.claviger.domain.prices.ModelBounds;
import io.claviger.domain.prices.Price;
import io.claviger.domain.prices.PriceTerms;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.domain.spending.CallEstimate.Bound;
import io.claviger.domain.spending.CallUse.Evidence;
import io.claviger.domain.spending.ObservedUse.FadingMean;
import io.claviger.domain.usage.EstimatedUsage;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.ServiceTier;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.domain.usage.UsageModel;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the maximum use, the expected use and the charges of calls, over many combinations. */
final class SpendingRulesTest {
  private static final UsageModel MODEL = new UsageModel("m");
  private static final ModelBounds BOUNDS =
      new ModelBounds(OptionalLong.of(4_000), OptionalLong.of(100_000));

  /** 2 nano-dollars for a token of input, 10 for one of output, 1,000 for a search. */
  private static final Price PRICE =
      new Price(
          1,
          LocalDate.EPOCH,
          PriceTerms.of(rates(2_000, 10_000))
              .withTiers(Map.of(ServiceTier.PRIORITY, rates(4_000, 20_000)))
              .withFees(List.of(new Fee(new FeePiece(FeeKind.WEB_SEARCH, ""), 1_000_000, 1))));

  private static final FeesUsed FIVE_SEARCHES = FeesUsed.of(FeeKind.WEB_SEARCH, 5);

  private static Rates rates(long input, long output) {
    return new Rates(Map.of(Rate.INPUT, input, Rate.OUTPUT, output));
  }

  /** A request that can be changed one property at a time. */
  private record Asked(
      OperationKind kind,
      long bytes,
      OptionalLong output,
      int answers,
      boolean elsewhere,
      int rounds,
      boolean unbounded,
      boolean streams,
      Set<ServiceTier> tiers,
      FeesUsed fees) {
    static final Asked TEXT =
        new Asked(
            OperationKind.TEXT,
            1_000,
            OptionalLong.of(50),
            1,
            false,
            1,
            false,
            false,
            RequestedUse.USUAL_TIER,
            FeesUsed.NONE);

    Asked of(OperationKind other) {
      return new Asked(
          other, bytes, output, answers, elsewhere, rounds, unbounded, streams, tiers, fees);
    }

    Asked writing(OptionalLong most, int times) {
      return new Asked(
          kind, bytes, most, times, elsewhere, rounds, unbounded, streams, tiers, fees);
    }

    Asked reading(boolean from, int times, boolean withTools) {
      return new Asked(kind, bytes, output, answers, from, times, withTools, streams, tiers, fees);
    }

    Asked streaming() {
      return new Asked(
          kind, bytes, output, answers, elsewhere, rounds, unbounded, true, tiers, fees);
    }

    Asked with(Set<ServiceTier> of, FeesUsed most) {
      return new Asked(
          kind, bytes, output, answers, elsewhere, rounds, unbounded, streams, of, most);
    }

    RequestedUse use() {
      return new RequestedUse(
          MODEL,
          kind,
          bytes,
          new RequestedUse.Reading(elsewhere, rounds, unbounded),
          new RequestedUse.Writing(output, Optional.empty(), answers, streams),
          Set.of(),
          tiers,
          fees,
          UnstatedUse.Asked.NOTHING);
    }
  }

  private static BudgetMeter meter(BudgetUnit unit, BudgetBound bound) {
    return meter("user:1", unit, bound);
  }

  private static BudgetMeter meter(String account, BudgetUnit unit, BudgetBound bound) {
    return new BudgetMeter(
        account, new Budget(1_000, unit, BudgetWindow.DAY, BudgetZone.UTC, bound, false), true);
  }

  private static CallPrices prices(Price price, ModelBounds bounds) {
    return new CallPrices(Optional.empty(), Optional.of(price), bounds);
  }

  private static CallEstimate estimate(Asked asked) {
    return estimate(asked, ObservedUse.NONE);
  }

  private static CallEstimate estimate(Asked asked, ObservedUse observed, CallEstimate... others) {
    return new CallEstimate(asked.use(), prices(PRICE, BOUNDS), observed, List.of(others));
  }

  private static long amount(CallEstimate estimate, BudgetUnit unit, BudgetBound bound) {
    assertThat(estimate.amountFor(meter(unit, bound))).isInstanceOf(Bound.Of.class);
    return ((Bound.Of) estimate.amountFor(meter(unit, bound))).amount();
  }

  /** Callers whose calls have 0.5 tokens a byte, 300 elsewhere, 20 of output, at a quarter. */
  private static ObservedUse observed(double share) {
    return new ObservedUse(
        64,
        new FadingMean(500, 1_000),
        new FadingMean(300, 1),
        new FadingMean(20, 1),
        new FadingMean(share, 1));
  }

  private static TokenUsage stated(long input, long output) {
    return TokenUsage.stated(input, output, TokenParts.NONE);
  }

  private static void refused(Runnable attempt) {
    assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(attempt::run);
  }

  // Amounts.

  @Test
  void products_and_sums_stop_at_the_largest_number() {
    long[] some = {0, 1, 2, 3, 1L << 31, (1L << 32) - 1, 1L << 32, 1L << 62, Long.MAX_VALUE};
    BigInteger most = BigInteger.valueOf(Long.MAX_VALUE);
    for (long one : some) {
      for (long other : some) {
        BigInteger exact = BigInteger.valueOf(one).multiply(BigInteger.valueOf(other));
        assertThat(Amounts.product(one, other)).isEqualTo(exact.min(most).longValueExact());
        BigInteger sum = BigInteger.valueOf(one).add(BigInteger.valueOf(other));
        assertThat(Amounts.sum(one, other)).isEqualTo(sum.min(most).longValueExact());
      }
    }
  }

  // Which operations use what.

  @ParameterizedTest
  @CsvSource({
    "GET, chat/completions, NOTHING",
    "DELETE, embeddings, NOTHING",
    "POST, chat/completions, TEXT",
    "POST, v1/chat/completions, TEXT",
    "POST, v1/chat/completions/c1, NOTHING",
    "POST, responses, TEXT",
    "POST, v1/responses/r1/cancel, NOTHING",
    "POST, responses/r1/cancel, NOTHING",
    "POST, responses/r1, TEXT",
    "POST, chat/cancel, TEXT",
    "POST, v1/chat/cancel, TEXT",
    "POST, moderations, VERDICTS",
    "POST, v1/messages/count_tokens, NOTHING",
    "POST, models/m:batchGenerateContent, NOTHING",
    "POST, models/m:generateContent, TEXT",
    "POST, models/m:embedContent, INPUT",
    "POST, models/m:batchEmbedContents, INPUT",
    "POST, v1/Embeddings, INPUT",
    "POST, embed, INPUT",
    "POST, v2/rerank, INPUT",
    "POST, classify, INPUT",
    "POST, model/m/converse, TEXT",
    "POST, model/us.anthropic.claude-v1:0/invoke-with-response-stream, TEXT",
    "POST, model/m/count-tokens, NOTHING",
    "POST, model/amazon.titan-embed-text-v2:0/invoke, INPUT",
    "POST, model/alice%2Fcloud%2Fus.cohere.embed-v4%3A0/invoke, INPUT",
    "POST, model/cohere.rerank-v3-5:0/invoke, INPUT",
    "POST, model/arn%3Aaws%3Abedrock%3Aeu-west-1%3A%3Afoundation-model%2Fcohere.embed-v4/invoke, INPUT",
    "POST, model/alice%2Fcohere.embed%2Fus.anthropic.claude-v1:0/invoke, TEXT",
    "POST, model/stability.stable-image-ultra-v1:1/invoke, IMAGES",
    "POST, model/us.stability.stable-creative-upscale-v1%3A0/invoke, IMAGES",
    "POST, model/amazon.nova-canvas-v1:0/invoke, IMAGES",
    "POST, model/alice%2Fcloud%2Famazon.titan-image-generator-v2%3A0/invoke, IMAGES",
    "POST, model/alice%2Fstability.s%2Fus.anthropic.claude-v1:0/invoke, TEXT",
    "POST, model/amazon.nova-pro-v1:0/invoke, TEXT",
    "POST, model/amazon.nova%2Dcanvas-v1:0/invoke, IMAGES",
    "POST, model/stability/invoke, TEXT",
    "POST, model/amazon.nova-canvas-v1:0/converse, TEXT",
    "POST, model/embed/invoke, TEXT",
    "POST, model/us.anthropic.embed/invoke, TEXT",
    "POST, model/amazon.titan-embed-text-v2:0/converse, TEXT",
    "POST, v1beta/cachedContents, INPUT",
    "POST, ocr, MEDIA",
    "POST, publishers/mistralai/models/mistral-ocr-2505:rawPredict, MEDIA",
    "POST, publishers/mistralai/models/alice%2Fcloud%2Fmistral-ocr-2505:rawPredict, MEDIA",
    "POST, publishers/mistralai/models/mistral-ocr%2Fmistral-small:rawPredict, TEXT",
    "POST, publishers/mistralai/models/mistral%2docr-2505:rawPredict, MEDIA",
    "POST, publishers/mistralai/models/mistral-small-2503:rawPredict, TEXT",
    "POST, publishers/other/models/mistral-ocr-2505:rawPredict, TEXT",
    "POST, models/imagen:predict, IMAGES",
    "POST, publishers/google/models/imagen-4:predict, IMAGES",
    "POST, publishers/google/models/text-embedding-005:predict, INPUT",
    "POST, publishers/google/models/textembedding-gecko@003:predict, INPUT",
    "POST, publishers/google/models/alice%2Fcloud%2Fgemini-embedding-001:predict, INPUT",
    "POST, publishers/google/models/alice/text-embedding/imagen-4:predict, IMAGES",
    "POST, publishers/google/models/text-embedding%2Fimagen-4:predict, IMAGES",
    "POST, publishers/google/models/embedding:predict, IMAGES",
    "POST, publishers/other/models/text-embedding-005:predict, IMAGES",
    "POST, publishers/google/models/imagen-4:rawPredict, IMAGES",
    "POST, publishers/google/models/imagen%2D4:rawPredict, IMAGES",
    "POST, publishers/google/models/imagen-4%40default:streamRawPredict, IMAGES",
    "POST, publishers/google/models/text%2Dembedding-005:rawPredict, INPUT",
    "POST, publishers/google/models/alice%2Fgemini%2Fimagen-4:streamRawPredict, IMAGES",
    "POST, publishers/google/models/text-embedding-005:rawPredict, INPUT",
    "POST, publishers/google/models/gemini-embedding-001:streamRawPredict, INPUT",
    "POST, publishers/google/models/gemini-3-pro:rawPredict, TEXT",
    "POST, publishers/google/models/alice/cloud/gemini-3-pro:streamRawPredict, TEXT",
    "POST, publishers/anthropic/models/claude@1:streamRawPredict, TEXT",
    "POST, publishers/anthropic/models/count-tokens:rawPredict, NOTHING",
    "POST, audio/speech, MEDIA",
    "POST, v1/audio/transcriptions, MEDIA",
    "POST, images/generations, IMAGES",
    "POST, v1/images/edits, IMAGES",
    "POST, audio, TEXT",
    "POST, x/audio/y/z, TEXT",
    "POST, files, NOTHING",
    "POST, v1/files, NOTHING",
    "POST, v1/files/f1/content, NOTHING",
    "POST, v1beta/files, NOTHING",
    "POST, v1alpha/files, NOTHING",
    "POST, v1alphas/files, TEXT",
    "POST, x1/files, TEXT",
    "POST, v1/filesystem, TEXT",
    "POST, filesystem, TEXT",
    "POST, upload/v1beta/files, NOTHING",
    "POST, uploads, NOTHING",
    "POST, batches/b/cancel, NOTHING",
    "POST, messages/batches, NOTHING",
    "POST, messages, TEXT",
    "POST, v1/vector_stores/v/search, NOTHING",
    "POST, conversations, NOTHING",
    "POST, containers/c/files, NOTHING",
    "POST, embeddings, INPUT",
    "POST, v2/embed, INPUT",
    "POST, v1beta/models/m:embedContent, INPUT",
    "POST, rerank, INPUT",
    "GET, models, NOTHING",
    "POST, v1beta/models/m:countTokens, NOTHING",
    "POST, v1beta/models/m:streamGenerateContent, TEXT",
    "POST, images, TEXT",
    "POST, '', TEXT"
  })
  void what_a_path_uses(String method, String path, OperationKind kind) {
    assertThat(OperationKind.of(method, path)).isEqualTo(kind);
  }

  @Test
  void each_kind_has_tokens_of_its_own() {
    for (OperationKind kind : OperationKind.values()) {
      boolean answers =
          switch (kind) {
            case NOTHING, INPUT, VERDICTS -> false;
            case TEXT, MEDIA, IMAGES -> true;
          };
      boolean isText = kind == OperationKind.TEXT || kind == OperationKind.INPUT;
      Asked asked = Asked.TEXT.of(kind).writing(OptionalLong.of(7), 3);

      assertThat(kind.answersInTokens()).isEqualTo(answers);
      assertThat(asked.use().statedOutputInAll()).hasValue(answers ? 21 : 0);
      assertThat(asked.use().images()).isEqualTo(kind == OperationKind.IMAGES ? 3 : 0);
      assertThat(UnansweredUse.isKnownFor(kind)).isEqualTo(isText);
      assertThat(UnansweredUse.of(asked.use(), 400, 1_000_000_000).isNothing()).isEqualTo(!isText);
      UseBounds bounds = UseBounds.of(asked.use(), ModelBounds.UNKNOWN);
      boolean isNothing = kind == OperationKind.NOTHING;
      assertThat(bounds.input()).isEqualTo(isNothing ? 0 : 3_000);
      assertThat(bounds.output()).isEqualTo(answers ? 21 : 0);
      assertThat(bounds.images()).isEqualTo(kind == OperationKind.IMAGES ? 3 : 0);
    }
  }

  @Test
  void a_call_that_was_never_answered_may_have_written_for_so_long_but_not_more_than_asked() {
    long second = 1_000_000_000;
    assertThat(UnansweredUse.of(Asked.TEXT.use(), 400, second / 10).output()).isEqualTo(20);
    assertThat(UnansweredUse.of(Asked.TEXT.use(), 400, second).output()).isEqualTo(50);
    assertThat(UnansweredUse.of(Asked.TEXT.streaming().use(), 400, second).output()).isZero();
    assertThat(UnansweredUse.of(Asked.TEXT.streaming().use(), 400, second).input()).isPositive();
    assertThat(
            UnansweredUse.of(Asked.TEXT.writing(OptionalLong.empty(), 1).use(), 400, 60 * second)
                .output())
        .isEqualTo(12_000);
  }

  // What requests ask for.

  @Test
  void what_a_request_says_is_in_bounds() {
    refused(() -> Asked.TEXT.writing(OptionalLong.of(-1), 1).use());
    refused(
        () ->
            RequestedUse.once(
                MODEL, OperationKind.TEXT, -1, OptionalLong.empty(), Optional.empty()));
    for (int bad : new int[] {-1, 0, RequestedUse.MOST + 1}) {
      refused(() -> Asked.TEXT.writing(OptionalLong.empty(), bad).use());
      refused(() -> Asked.TEXT.reading(false, bad, false).use());
    }
    for (int good : new int[] {1, RequestedUse.MOST}) {
      assertThat(Asked.TEXT.writing(OptionalLong.of(0), good).use().answers()).isEqualTo(good);
      assertThat(Asked.TEXT.reading(false, good, false).use().rounds()).isEqualTo(good);
    }
    refused(() -> Asked.TEXT.with(Set.of(), FeesUsed.NONE).use());
    List<UsageModel> others =
        Stream.iterate(0, n -> n + 1).limit(9).map(n -> new UsageModel("o" + n)).toList();
    assertThat(naming(Set.copyOf(others.subList(0, 8))).others()).hasSize(8);
    refused(() -> naming(Set.copyOf(others)));
    assertThat(Asked.TEXT.use().of(new UsageModel("o")).model()).isEqualTo(new UsageModel("o"));
    assertThat(Asked.TEXT.use().of(MODEL)).isEqualTo(Asked.TEXT.use());
  }

  private static RequestedUse naming(Set<UsageModel> others) {
    return new RequestedUse(
        MODEL,
        OperationKind.TEXT,
        1,
        RequestedUse.Reading.ONCE,
        new RequestedUse.Writing(OptionalLong.empty(), Optional.empty(), 1, false),
        others,
        RequestedUse.ANY_TIER,
        FeesUsed.NONE,
        UnstatedUse.Asked.NOTHING);
  }

  @Test
  void tools_without_a_cap_are_used_an_assumed_number_of_times() {
    assertThat(Asked.TEXT.reading(false, 3, false).use().roundsAtMost()).isEqualTo(3);
    assertThat(Asked.TEXT.reading(false, 3, true).use().roundsAtMost()).isEqualTo(32);
    assertThat(Asked.TEXT.reading(false, 40, true).use().roundsAtMost()).isEqualTo(40);
  }

  @Test
  void a_tier_is_asked_for_if_it_is_named_and_not_the_usual_one() {
    Map<Set<ServiceTier>, Set<ServiceTier>> asked =
        Map.of(
            RequestedUse.ANY_TIER,
            Set.of(),
            RequestedUse.USUAL_TIER,
            Set.of(),
            Set.of(ServiceTier.OTHER, ServiceTier.FLEX),
            Set.of(),
            Set.of(ServiceTier.OTHER, ServiceTier.STANDARD),
            Set.of(),
            Set.of(ServiceTier.OTHER, ServiceTier.STANDARD, ServiceTier.PRIORITY),
            Set.of(ServiceTier.PRIORITY),
            Set.of(ServiceTier.FLEX),
            Set.of(ServiceTier.FLEX),
            Set.of(ServiceTier.FLEX, ServiceTier.STANDARD),
            Set.of(ServiceTier.FLEX));
    asked.forEach(
        (allowed, of) -> {
          assertThat(RequestedUse.tierAsked(allowed)).isEqualTo(of);
          assertThat(Asked.TEXT.with(allowed, FeesUsed.NONE).use().tier())
              .isEqualTo(of.stream().findFirst());
        });
    Set<ServiceTier> two = Set.of(ServiceTier.FLEX, ServiceTier.PRIORITY);
    assertThat(Asked.TEXT.with(two, FeesUsed.NONE).use().tier()).isEmpty();
  }

  @Test
  void a_country_that_a_setting_of_the_project_chooses_is_reserved_and_needs_no_rates() {
    ServiceTier fast = ServiceTier.of("fast");
    ServiceTier fastInUs = fast.in(ServiceTier.IN_US);
    Price usual = Price.of(1, LocalDate.EPOCH, rates(100, 0));
    Price both =
        new Price(
            1,
            LocalDate.EPOCH,
            PriceTerms.of(rates(100, 0))
                .withTiers(Map.of(fast, rates(600, 0), ServiceTier.IN_US, rates(110, 0))));
    Price all =
        new Price(
            1,
            LocalDate.EPOCH,
            PriceTerms.of(rates(100, 0))
                .withTiers(
                    Map.of(
                        fast,
                        rates(600, 0),
                        ServiceTier.IN_US,
                        rates(110, 0),
                        fastInUs,
                        rates(660, 0))));
    Set<ServiceTier> unsaid = Set.of(ServiceTier.STANDARD, ServiceTier.IN_US);
    Set<ServiceTier> fastUnsaid = Set.of(fast, fastInUs);

    assertThat(RequestedUse.tierAsked(unsaid)).isEmpty();
    assertThat(RequestedUse.tierAsked(fastUnsaid)).containsExactly(fast);
    assertThat(RequestedUse.tierAsked(Set.of(fastInUs))).containsExactly(fastInUs);
    assertThat(asksWithoutPrice(unsaid, usual)).isFalse();
    assertThat(asksWithoutPrice(Set.of(ServiceTier.IN_US), usual)).isTrue();
    assertThat(asksWithoutPrice(fastUnsaid, usual)).isTrue();
    assertThat(asksWithoutPrice(fastUnsaid, both)).isFalse();
    assertThat(asksWithoutPrice(Set.of(fastInUs), both)).isTrue();
    assertThat(asksWithoutPrice(Set.of(fastInUs), all)).isFalse();
    assertThat(all.dearestOf(unsaid).rates().of(Rate.INPUT)).isEqualTo(110);
    assertThat(all.dearestOf(fastUnsaid).rates().of(Rate.INPUT)).isEqualTo(660);
    assertThat(all.ofTier(fastInUs).rates().of(Rate.INPUT)).isEqualTo(660);
    assertThat(both.ofTier(fastInUs).rates().of(Rate.INPUT)).isEqualTo(600);
    assertThat(usual.ofTier(fastInUs).rates().of(Rate.INPUT)).isEqualTo(100);
  }

  private static boolean asksWithoutPrice(Set<ServiceTier> tiers, Price price) {
    return Asked.TEXT.with(tiers, FeesUsed.NONE).use().asksForTierWithoutPrice(price);
  }

  @Test
  void a_dearer_tier_needs_rates_of_its_own() {
    Price none = Price.of(1, LocalDate.EPOCH, new Rates(Map.of(Rate.REQUEST, 5L)));
    Price input = Price.of(1, LocalDate.EPOCH, rates(1, 0));
    Price output = Price.of(1, LocalDate.EPOCH, rates(0, 1));
    RequestedUse priority =
        Asked.TEXT.with(Set.of(ServiceTier.PRIORITY, ServiceTier.STANDARD), FeesUsed.NONE).use();

    assertThat(priority.asksForTierWithoutPrice(none)).isFalse();
    assertThat(priority.asksForTierWithoutPrice(input)).isTrue();
    assertThat(priority.asksForTierWithoutPrice(output)).isTrue();
    assertThat(priority.asksForTierWithoutPrice(PRICE)).isFalse();
    for (ServiceTier tier :
        List.of(
            ServiceTier.STANDARD,
            ServiceTier.FLEX,
            ServiceTier.BATCH,
            ServiceTier.SCALE,
            ServiceTier.OTHER)) {
      RequestedUse use = Asked.TEXT.with(Set.of(tier), FeesUsed.NONE).use();
      assertThat(use.asksForTierWithoutPrice(input)).isFalse();
    }
  }

  @Test
  void tools_of_free_models_need_a_fee_where_the_provider_charges_for_them() {
    Price free = new Price(1, LocalDate.EPOCH, PriceTerms.of(rates(0, 0)));
    Price charged =
        free.withFeesAlthoughFree(
            List.of(new Fee(new FeePiece(FeeKind.WEB_SEARCH, ""), 1_000_000, 1)));

    assertThat(RequestedFees.areUnknown(Set.of(FeeKind.IMAGE), free, false)).isFalse();
    assertThat(RequestedFees.areUnknown(Set.of(FeeKind.IMAGE), charged, false)).isTrue();
    assertThat(RequestedFees.areUnknown(Set.of(FeeKind.WEB_SEARCH), charged, false)).isFalse();
    assertThat(RequestedFees.areUnknown(FeeKind.OF_TOOLS, charged, false)).isFalse();
  }

  @Test
  void fees_of_media_follow_from_sizes() {
    long[][] read = {
      {0, 1, 0}, {500, 1, 0}, {501, 1, 1}, {6_836, 1, 1}, {6_837, 1, 2}, {6_837, 2, 1}
    };
    for (long[] each : read) {
      assertThat(RequestedFees.ofImagesRead(each[0], each[1]).count(FeeKind.IMAGE))
          .isEqualTo(each[2]);
    }
    assertThat(RequestedFees.ofRecording(501)).isEqualTo(FeesUsed.of(FeeKind.AUDIO_MINUTE, 2_000));
    assertThat(RequestedFees.ofDocument(7, true).count(FeeKind.PAGE)).isEqualTo(14);
    assertThat(RequestedFees.ofDocument(0, false)).isEqualTo(FeesUsed.of(FeeKind.PAGE, 1_000));
    assertThat(RequestedFees.ofDocument(7, false)).isEqualTo(FeesUsed.of(FeeKind.PAGE, 7));
    assertThat(RequestedFees.ofDocument(5_000, false)).isEqualTo(FeesUsed.of(FeeKind.PAGE, 1_000));
    assertThat(RequestedFees.ofRanking(0)).isEqualTo(FeesUsed.of(FeeKind.SEARCH, 1));
    assertThat(RequestedFees.ofRanking(100)).isEqualTo(FeesUsed.of(FeeKind.SEARCH, 1));
    assertThat(RequestedFees.ofRanking(101)).isEqualTo(FeesUsed.of(FeeKind.SEARCH, 2));
    assertThat(RequestedFees.times(FIVE_SEARCHES, 1)).isSameAs(FIVE_SEARCHES);
    assertThat(RequestedFees.times(FIVE_SEARCHES, 3))
        .isEqualTo(FeesUsed.of(FeeKind.WEB_SEARCH, 15));
    FeePiece search = new FeePiece(FeeKind.WEB_SEARCH, "");
    FeePiece session = new FeePiece(FeeKind.CODE_INTERPRETER, "");
    assertThat(RequestedFees.ofTools(Map.of(search, 1, session, 1), OptionalLong.of(7), true))
        .isEqualTo(FeesUsed.of(search, 7).plus(FeesUsed.of(session, 1)));
    assertThat(RequestedFees.ofTools(Map.of(search, 1, session, 1), OptionalLong.empty(), true))
        .isEqualTo(FeesUsed.of(search, 32).plus(FeesUsed.of(session, 1)));
    assertThat(RequestedFees.ofTools(Map.of(session, 1), OptionalLong.of(0), true).isNone())
        .isTrue();
    assertThat(RequestedFees.ofTools(Map.of(session, 2), OptionalLong.empty(), true))
        .isEqualTo(FeesUsed.of(session, 2));
    assertThat(RequestedFees.ofTools(Map.of(session, 2), OptionalLong.of(1), true))
        .isEqualTo(FeesUsed.of(session, 1));
    assertThat(RequestedFees.ofTools(Map.of(session, 2), OptionalLong.of(7), false))
        .isEqualTo(FeesUsed.of(session, 7));
    assertThat(RequestedFees.ofTools(Map.of(session, 1), OptionalLong.empty(), false))
        .isEqualTo(FeesUsed.of(session, 32));
    assertThat(RequestedFees.ofFileSearches()).isEqualTo(FeesUsed.of(FeeKind.FILE_SEARCH, 32));
    assertThat(RequestedFees.ofRecordingElsewhere())
        .isEqualTo(FeesUsed.of(FeeKind.AUDIO_MINUTE, 43_200_000));
    assertThat(RequestedFees.once(FIVE_SEARCHES)).isEqualTo(FeesUsed.of(FeeKind.WEB_SEARCH, 1));
  }

  @Test
  void a_stated_use_without_a_quality_has_that_of_the_request() {
    FeePiece any = new FeePiece(FeeKind.WEB_SEARCH, "");
    FeePiece low = new FeePiece(FeeKind.WEB_SEARCH, "low");
    FeePiece high = new FeePiece(FeeKind.WEB_SEARCH, "high");
    FeesUsed page = FeesUsed.of(FeeKind.PAGE, 9);
    FeesUsed ofLow = FeesUsed.of(low, 9);
    CallPrices dearestHigh =
        new CallPrices(
            Optional.empty(),
            Optional.of(
                new Price(
                    1,
                    LocalDate.EPOCH,
                    PriceTerms.of(new Rates(Map.of()))
                        .withFees(List.of(new Fee(low, 1, 1), new Fee(high, 2, 1))))),
            ModelBounds.UNKNOWN);

    assertThat(RequestedFees.likeAsked(FeesUsed.NONE, ofLow, CallPrices.NONE))
        .isSameAs(FeesUsed.NONE);
    assertThat(RequestedFees.likeAsked(FeesUsed.of(any, 2), ofLow.plus(page), CallPrices.NONE))
        .isEqualTo(FeesUsed.of(low, 2));
    assertThat(RequestedFees.likeAsked(FeesUsed.of(high, 2), ofLow, CallPrices.NONE))
        .isEqualTo(FeesUsed.of(high, 2));
    FeesUsed both = ofLow.plus(FeesUsed.of(high, 1));
    assertThat(RequestedFees.likeAsked(FeesUsed.of(any, 2), both, dearestHigh))
        .isEqualTo(FeesUsed.of(low, 1).plus(FeesUsed.of(high, 1)));
    assertThat(RequestedFees.likeAsked(FeesUsed.of(any, 12), both, dearestHigh))
        .isEqualTo(ofLow.plus(FeesUsed.of(high, 3)));
    assertThat(RequestedFees.likeAsked(FeesUsed.of(any, 2), page, CallPrices.NONE))
        .isEqualTo(FeesUsed.of(any, 2));
  }

  // What a call can use at most.

  @Test
  void bounds_are_not_negative_and_allow_the_tiers_of_the_request() {
    refused(() -> new UseBounds(-1, 0, 0));
    refused(() -> new UseBounds(0, -1, 0));
    refused(() -> new UseBounds(0, 0, -1));
    UseBounds flex = new UseBounds(0, 0, 0, Set.of(ServiceTier.FLEX), FeesUsed.NONE);
    UseBounds any = new UseBounds(0, 0, 0);

    assertThat(flex.allows(ServiceTier.FLEX)).isTrue();
    assertThat(flex.allows(ServiceTier.STANDARD)).isFalse();
    assertThat(flex.allows(ServiceTier.PRIORITY)).isFalse();
    assertThat(any.allows(ServiceTier.PRIORITY)).isTrue();
    assertThat(flex.plus(new UseBounds(1, 2, 3)))
        .isEqualTo(new UseBounds(1, 2, 3, Set.of(ServiceTier.FLEX), FeesUsed.NONE));
  }

  @Test
  void input_that_is_not_in_the_body_counts_as_the_context() {
    for (boolean elsewhere : List.of(false, true)) {
      for (boolean unbounded : List.of(false, true)) {
        for (ModelBounds model : List.of(BOUNDS, ModelBounds.UNKNOWN)) {
          Asked asked = Asked.TEXT.reading(elsewhere, 2, unbounded);
          long context = model.context().orElse(1_050_000);
          long once = elsewhere || unbounded ? context : 3_000;
          long rounds = unbounded ? 32 : 2;
          UseBounds bounds = UseBounds.of(asked.use(), model);
          assertThat(bounds.input()).isEqualTo(once * rounds);
          assertThat(bounds.output()).isEqualTo(50 * rounds);
          UseBounds unstated = UseBounds.of(asked.writing(OptionalLong.empty(), 3).use(), model);
          assertThat(unstated.output()).isEqualTo(model.maxOutput().orElse(131_072) * 3 * rounds);
        }
      }
    }
    UseBounds unread = UseBounds.ofUnread(10, BOUNDS);
    assertThat(unread.input()).isEqualTo(32 * 100_000);
    assertThat(UseBounds.ofUnread(200_000, BOUNDS).input()).isEqualTo(32 * 202_000);
    assertThat(unread.output()).isEqualTo(32 * 4_000);
    assertThat(unread.images()).isEqualTo(32);
    assertThat(unread.fees().count(FeeKind.PAGE)).isEqualTo(2_000);
  }

  // What is observed.

  @Test
  void a_call_changes_the_means_of_what_it_shows() {
    ObservedUse before = observed(1);
    RequestedUse here = Asked.TEXT.use();
    RequestedUse elsewhere = Asked.TEXT.reading(true, 1, false).use();

    assertThat(before.after(here, 9, 9, 0, 5).ofElsewhere()).isEqualTo(before.ofElsewhere());
    assertThat(before.after(here, 9, 9, 0, 5).ofByte()).isEqualTo(before.ofByte().and(9, 1_000));
    assertThat(before.after(here, 9, 9, 0, 5).ofDearest()).isEqualTo(before.ofDearest());
    assertThat(before.after(here, 9, 9, 1, 5).ofDearest()).isEqualTo(before.ofDearest().and(5, 1));
    assertThat(before.after(here, 9, 9, 1, 50).ofDearest())
        .isEqualTo(before.ofDearest().and(16, 1));
    assertThat(before.after(elsewhere, 9, 9, 0, 5).ofByte()).isEqualTo(before.ofByte());
    assertThat(before.after(elsewhere, 9, 9, 0, 5).ofElsewhere())
        .isEqualTo(before.ofElsewhere().and(9, 1));
    assertThat(before.after(elsewhere, 1 << 30, 9, 0, 5).ofElsewhere())
        .isEqualTo(before.ofElsewhere().and(8_192, 1));
  }

  @Test
  void an_outlier_counts_as_sixteen_times_the_mean_for_each_answer() {
    RequestedUse three = Asked.TEXT.writing(OptionalLong.empty(), 3).use();
    ObservedUse large =
        new ObservedUse(
            64, FadingMean.NONE, FadingMean.NONE, new FadingMean(1_000, 1), FadingMean.NONE);

    assertThat(large.after(three, 1, 1 << 30, 0, 0).ofAnswer())
        .isEqualTo(large.ofAnswer().and(16 * 1_000 * 3, 3));
    assertThat(observed(1).after(three, 1, 1 << 30, 0, 0).ofAnswer())
        .isEqualTo(observed(1).ofAnswer().and(4_096 * 3, 3));
  }

  @Test
  void what_fades_keeps_its_means_with_less_weight() {
    ObservedUse half = observed(0.25).fadedTo(0.5);

    assertThat(half)
        .isEqualTo(
            new ObservedUse(
                32,
                new FadingMean(250, 500),
                new FadingMean(150, 0.5),
                new FadingMean(10, 0.5),
                new FadingMean(0.125, 0.5)));
    assertThat(half.tokensPerByte()).isEqualTo(0.5);
    assertThat(half.inputElsewhere()).isEqualTo(300);
    ObservedUse few = observed(0.25).fadedTo(0.1);
    assertThat(few.isKnown()).isFalse();
    assertThat(few.tokensPerByte()).isEqualTo(0.4);
    assertThat(few.inputElsewhere()).isEqualTo(8_192);
    assertThat(few.output()).isEqualTo(4_096);
    assertThat(few.partOfDearest()).isEqualTo(1);
  }

  @Test
  void one_call_can_replace_all_that_is_known() {
    ObservedUse only = ObservedUse.only(Asked.TEXT.use(), 250, 30, 100, 40);

    assertThat(only.isKnown()).isTrue();
    assertThat(only.tokensPerByte()).isEqualTo(0.25);
    assertThat(only.output()).isEqualTo(30);
    assertThat(only.partOfDearest()).isEqualTo(0.4);
    assertThat(only.inputElsewhere()).isEqualTo(8_192);
  }

  @Test
  void of_a_stranger_the_median_of_three_others_is_expected() {
    List<ObservedUse> others = new ArrayList<>();
    for (int n : new int[] {5, 1, 3}) {
      assertThat(ObservedUse.ofOthers(others)).isEqualTo(ObservedUse.NONE);
      others.add(
          new ObservedUse(
              8,
              new FadingMean(n, 1),
              n == 3 ? FadingMean.NONE : new FadingMean(n, 1),
              new FadingMean(20 * n, 2),
              new FadingMean(n, 10)));
    }
    others.add(
        new ObservedUse(
            7,
            new FadingMean(0, 1),
            new FadingMean(0, 1),
            new FadingMean(0, 1),
            new FadingMean(0, 1)));

    assertThat(ObservedUse.ofOthers(others))
        .isEqualTo(
            new ObservedUse(
                8,
                new FadingMean(3, 1),
                FadingMean.NONE,
                new FadingMean(30, 1),
                new FadingMean(0.3, 1)));
    others.add(observed(0.9));
    others.add(observed(0.8));
    others.add(observed(0.7));
    ObservedUse six = ObservedUse.ofOthers(others);
    assertThat(six.tokensPerByte()).isEqualTo(0.5);
    assertThat(six.inputElsewhere()).isEqualTo(300);
    assertThat(six.output()).isEqualTo(20);
    assertThat(six.partOfDearest()).isEqualTo(0.5);
  }

  // Which price an answer is charged by.

  @Test
  void the_price_of_an_answer_over_all_combinations() {
    CallPrices known = prices(PRICE, BOUNDS);
    CallPrices dear = prices(Price.of(2, LocalDate.EPOCH, rates(9, 9)), BOUNDS);
    record Case(CallPrices asked, String other, CallPrices prices, boolean isStrict) {}
    List<Case> all = new ArrayList<>();
    for (CallPrices asked : List.of(known, CallPrices.NONE)) {
      for (String other : List.of("", "m", "m-2026-01-01", "n")) {
        for (CallPrices prices : List.of(dear, CallPrices.NONE)) {
          for (boolean isStrict : List.of(false, true)) {
            all.add(new Case(asked, other, prices, isStrict));
          }
        }
      }
    }
    EveryCase.of(
        all.stream(),
        one -> {
          UsageModel other = new UsageModel(one.other());
          AnswerPrices answer =
              AnswerPrices.of(MODEL, one.asked(), other, one.prices(), one.isStrict());
          boolean isOther = !one.other().isEmpty() && !one.other().equals("m");
          boolean hasOwn = isOther && one.prices() == dear;

          assertThat(AnswerPrices.isOther(MODEL, other)).isEqualTo(isOther);
          assertThat(answer.isOfAsked()).isEqualTo(!isOther);
          assertThat(answer.charging()).isSameAs(hasOwn ? dear : one.asked());
          assertThat(answer.bounding())
              .isSameAs(hasOwn && !(one.isStrict() && one.asked() == known) ? dear : one.asked());
          assertThat(answer.isOfOther())
              .isEqualTo(isOther && !hasOwn && one.asked() == known && one.other().equals("n"));
        });
    assertThat(AnswerPrices.isVersion("m-2026", "m-latest")).isTrue();
    assertThat(AnswerPrices.isVersion("n", "m-latest")).isFalse();
  }

  // What is reserved.

  @Test
  void a_strict_budget_reserves_the_most_and_a_measured_one_what_is_usual() {
    assertThat(amount(estimate(Asked.TEXT), BudgetUnit.TOKENS, BudgetBound.STRICT))
        .isEqualTo(3_000 + 50);
    assertThat(amount(estimate(Asked.TEXT), BudgetUnit.USD, BudgetBound.STRICT))
        .isEqualTo(6_000 + 500);
    // 1,000 bytes at 0.4 tokens with a margin of a quarter, and 100 besides.
    assertThat(amount(estimate(Asked.TEXT), BudgetUnit.TOKENS, BudgetBound.MEASURED))
        .isEqualTo(600 + 50);
    // 0.5 tokens a byte, and 20 of output, both with the margin.
    assertThat(amount(estimate(Asked.TEXT, observed(1)), BudgetUnit.TOKENS, BudgetBound.MEASURED))
        .isEqualTo(625 + 25);
    assertThat(amount(estimate(Asked.TEXT, observed(0.25)), BudgetUnit.USD, BudgetBound.MEASURED))
        .isEqualTo((625 * 2 + 25 * 10 + 3) / 4);
    assertThat(amount(estimate(Asked.TEXT, observed(0.25)), BudgetUnit.USD, BudgetBound.STRICT))
        .isEqualTo(6_500);
    assertThat(
            amount(
                estimate(Asked.TEXT.with(Set.of(ServiceTier.PRIORITY), FeesUsed.NONE)),
                BudgetUnit.USD,
                BudgetBound.MEASURED))
        .isEqualTo(600 * 4 + 50 * 20);
    assertThat(
            amount(
                estimate(Asked.TEXT.with(RequestedUse.ANY_TIER, FeesUsed.NONE)),
                BudgetUnit.USD,
                BudgetBound.MEASURED))
        .isEqualTo(600 * 2 + 50 * 10);
  }

  @Test
  void input_from_elsewhere_is_expected_as_observed_within_the_context() {
    Asked once = Asked.TEXT.reading(true, 1, false);
    Asked thrice = Asked.TEXT.reading(true, 3, false);
    Asked open = Asked.TEXT.reading(false, 2, true);
    Asked within = Asked.TEXT.reading(false, 3, false);
    ModelBounds small = new ModelBounds(OptionalLong.of(4_000), OptionalLong.of(500));
    ModelBounds none = new ModelBounds(OptionalLong.of(4_000), OptionalLong.empty());

    assertThat(measured(once, BOUNDS, ObservedUse.NONE)).isEqualTo(10_240 + 50);
    assertThat(measured(thrice, BOUNDS, ObservedUse.NONE)).isEqualTo(3 * 10_240 + 150);
    assertThat(measured(thrice, none, ObservedUse.NONE)).isEqualTo(3 * 10_240 + 150);
    assertThat(measured(thrice, small, ObservedUse.NONE)).isEqualTo(3 * 500 + 150);
    assertThat(measured(thrice, BOUNDS, observed(1))).isEqualTo(625 + 25);
    assertThat(measured(once, small, observed(1))).isEqualTo(500 + 25);
    assertThat(measured(open, BOUNDS, ObservedUse.NONE)).isEqualTo(2 * 10_240 + 100);
    assertThat(measured(open, small, ObservedUse.NONE)).isEqualTo(2 * 500 + 100);
    assertThat(measured(within, BOUNDS, ObservedUse.NONE)).isEqualTo(600 + 150);
    ObservedUse many =
        new ObservedUse(
            64, new FadingMean(9, 1), FadingMean.NONE, new FadingMean(20, 1), FadingMean.NONE);
    assertThat(measured(Asked.TEXT, BOUNDS, many)).isEqualTo(3_000 + 25);
    assertThat(measured(within, BOUNDS, many)).isEqualTo(9_000 + 25);
  }

  private static long measured(Asked asked, ModelBounds model, ObservedUse observed) {
    return amount(
        new CallEstimate(asked.use(), prices(PRICE, model), observed),
        BudgetUnit.TOKENS,
        BudgetBound.MEASURED);
  }

  @Test
  void output_is_expected_as_observed_for_each_answer_within_the_most() {
    Asked three = Asked.TEXT.writing(OptionalLong.empty(), 3);
    ModelBounds none = new ModelBounds(OptionalLong.empty(), OptionalLong.empty());

    assertThat(measured(three, BOUNDS, ObservedUse.NONE)).isEqualTo(600 + 3 * 4_000);
    assertThat(measured(three, none, ObservedUse.NONE)).isEqualTo(600 + 3 * 4_096);
    assertThat(measured(three.reading(false, 2, false), none, ObservedUse.NONE))
        .isEqualTo(600 + 6 * 4_096);
    assertThat(measured(three.reading(false, 2, false), none, observed(1))).isEqualTo(625 + 3 * 25);
  }

  @Test
  void tools_without_a_cap_are_expected_once_and_others_as_often_as_they_may() {
    Price fees = new Price(1, LocalDate.EPOCH, PriceTerms.of(rates(0, 0)).withFees(PRICE.fees()));
    for (boolean unbounded : List.of(false, true)) {
      Asked asked =
          Asked.TEXT.reading(false, 1, unbounded).with(RequestedUse.USUAL_TIER, FIVE_SEARCHES);
      CallEstimate estimate = new CallEstimate(asked.use(), prices(fees, BOUNDS), ObservedUse.NONE);

      assertThat(amount(estimate, BudgetUnit.USD, BudgetBound.STRICT)).isEqualTo(5_000);
      assertThat(amount(estimate, BudgetUnit.USD, BudgetBound.MEASURED))
          .isEqualTo(unbounded ? 1_000 : 5_000);
    }
  }

  @Test
  void what_has_no_bound_is_refused_unless_it_costs_nothing() {
    ModelBounds none = ModelBounds.UNKNOWN;
    Asked elsewhere = Asked.TEXT.reading(true, 1, false);
    Asked endless = Asked.TEXT.writing(OptionalLong.empty(), 1);
    Price input = Price.of(1, LocalDate.EPOCH, rates(2_000, 0));
    Price output = Price.of(1, LocalDate.EPOCH, rates(0, 10_000));

    assertThat(strict(elsewhere, PRICE, none)).isEqualTo(new Bound.Missing(INPUT_UNBOUNDED));
    assertThat(strict(elsewhere, input, none)).isEqualTo(new Bound.Missing(INPUT_UNBOUNDED));
    assertThat(strict(elsewhere, output, none)).isEqualTo(new Bound.Of(500));
    assertThat(strict(endless, PRICE, none)).isEqualTo(new Bound.Missing(OUTPUT_UNBOUNDED));
    assertThat(strict(endless, output, none)).isEqualTo(new Bound.Missing(OUTPUT_UNBOUNDED));
    assertThat(strict(endless, input, none)).isEqualTo(new Bound.Of(6_000));
    assertThat(strict(endless, PRICE, BOUNDS)).isEqualTo(new Bound.Of(6_000 + 40_000));
    assertThat(strict(elsewhere, PRICE, BOUNDS)).isEqualTo(new Bound.Of(200_000 + 500));
  }

  private static Bound strict(Asked asked, Price price, ModelBounds model) {
    return new CallEstimate(asked.use(), prices(price, model), ObservedUse.NONE)
        .amountFor(meter(BudgetUnit.USD, BudgetBound.STRICT));
  }

  @Test
  void without_a_price_a_call_is_refused_unless_it_uses_nothing_or_that_is_allowed() {
    BudgetMeter open =
        new BudgetMeter(
            "user:1",
            new Budget(
                9, BudgetUnit.USD, BudgetWindow.DAY, BudgetZone.UTC, BudgetBound.STRICT, true),
            true);
    for (BudgetBound bound : BudgetBound.values()) {
      BudgetMeter meter = meter(BudgetUnit.USD, bound);
      CallEstimate text = new CallEstimate(Asked.TEXT.use(), CallPrices.NONE, ObservedUse.NONE);
      CallEstimate nothing =
          new CallEstimate(
              Asked.TEXT.of(OperationKind.NOTHING).use(), CallPrices.NONE, ObservedUse.NONE);
      CallEstimate both =
          new CallEstimate(
              Asked.TEXT.use(), CallPrices.NONE, ObservedUse.NONE, List.of(estimate(Asked.TEXT)));

      assertThat(text.amountFor(meter)).isEqualTo(new Bound.Missing(MODEL_HAS_NO_PRICE));
      assertThat(both.amountFor(meter)).isEqualTo(new Bound.Missing(MODEL_HAS_NO_PRICE));
      assertThat(text.reserved(meter)).isZero();
      assertThat(nothing.amountFor(meter)).isEqualTo(new Bound.Of(0));
      assertThat(text.amountFor(open)).isEqualTo(new Bound.Of(1));
      assertThat(text.mostFor(meter, text.bounds())).isZero();
    }
  }

  @Test
  void other_models_add_what_they_may_use() {
    CallEstimate alone = estimate(Asked.TEXT);
    CallEstimate unpriced = new CallEstimate(Asked.TEXT.use(), CallPrices.NONE, ObservedUse.NONE);
    CallEstimate three = estimate(Asked.TEXT, ObservedUse.NONE, alone, alone);
    CallEstimate withUnpriced = estimate(Asked.TEXT, ObservedUse.NONE, alone, unpriced);
    for (BudgetBound bound : BudgetBound.values()) {
      for (BudgetUnit unit : BudgetUnit.values()) {
        BudgetMeter meter = meter(unit, bound);
        long one = amount(alone, unit, bound);
        boolean isRequest = unit == BudgetUnit.REQUESTS;

        assertThat(amount(three, unit, bound)).isEqualTo(isRequest ? 1 : 3 * one);
        assertThat(three.amountOfOthers(meter)).isEqualTo(isRequest ? 0 : 2 * one);
        assertThat(three.reserved(meter)).isEqualTo(isRequest ? 1 : 3 * one);
        long most = alone.mostFor(meter, alone.bounds());
        assertThat(three.mostFor(meter, alone.bounds())).isEqualTo(isRequest ? 1 : 3 * most);
        assertThat(alone.mostFor(meter, alone.bounds()))
            .isEqualTo(isRequest ? 1 : unit == BudgetUnit.TOKENS ? 3_050 : 6_500);
      }
    }
    assertThat(amount(withUnpriced, BudgetUnit.USD, BudgetBound.MEASURED))
        .isEqualTo(2 * amount(alone, BudgetUnit.USD, BudgetBound.MEASURED));
    assertThat(withUnpriced.amountFor(meter(BudgetUnit.USD, BudgetBound.STRICT)))
        .isEqualTo(new Bound.Missing(MODEL_HAS_NO_PRICE));
    assertThat(withUnpriced.amountOfOthers(meter(BudgetUnit.USD, BudgetBound.STRICT)))
        .isEqualTo(amount(alone, BudgetUnit.USD, BudgetBound.STRICT));
    assertThat(three.bounds().input()).isEqualTo(9_000);
  }

  @Test
  void after_a_broken_answer_the_stated_input_bounds_a_strict_budget() {
    BudgetMeter tokens = meter(BudgetUnit.TOKENS, BudgetBound.STRICT);
    BudgetMeter dollars = meter(BudgetUnit.USD, BudgetBound.STRICT);
    CallEstimate estimate = estimate(Asked.TEXT);
    TokenUsage estimated = new TokenUsage(700, 0, TokenParts.NONE, new EstimatedUsage(1, 700, 0));
    TokenUsage partly = new TokenUsage(700, 0, TokenParts.NONE, new EstimatedUsage(1, 300, 0));

    assertThat(estimate.mostAfter(tokens, stated(700, 3))).isEqualTo(750);
    assertThat(estimate.mostAfter(tokens, partly)).isEqualTo(450);
    assertThat(estimate.mostAfter(dollars, stated(700, 3))).isEqualTo(1_400 + 500);
    assertThat(estimate.mostAfter(meter(BudgetUnit.REQUESTS, BudgetBound.STRICT), stated(7, 3)))
        .isEqualTo(1);
    assertThat(estimate.mostAfter(tokens, stated(9_000, 3))).isEqualTo(3_050);
    assertThat(estimate.mostAfter(tokens, estimated)).isEqualTo(3_050);
    assertThat(estimate.mostAfter(tokens, TokenUsage.NONE)).isEqualTo(3_050);
    for (CallEstimate readAgain :
        List.of(
            estimate(Asked.TEXT.reading(false, 2, false)),
            estimate(Asked.TEXT, ObservedUse.NONE, estimate))) {
      assertThat(readAgain.mostAfter(tokens, stated(700, 3)))
          .isEqualTo(readAgain.reserved(tokens))
          .isGreaterThan(750);
    }
    Price fees = Price.of(1, LocalDate.EPOCH, rates(0, 10_000));
    CallEstimate open =
        new CallEstimate(
            Asked.TEXT.reading(false, 1, true).use(), prices(fees, BOUNDS), ObservedUse.NONE);
    assertThat(open.mostAfter(dollars, stated(700, 3))).isEqualTo(open.reserved(dollars));
    CallEstimate endless =
        new CallEstimate(
            Asked.TEXT.writing(OptionalLong.empty(), 1).use(),
            prices(Price.of(1, LocalDate.EPOCH, rates(2_000, 0)), ModelBounds.UNKNOWN),
            ObservedUse.NONE);
    assertThat(endless.mostAfter(dollars, stated(700, 3))).isEqualTo(6_000);
  }

  @Test
  void the_largest_output_that_fits_follows_from_what_is_left() {
    CallEstimate estimate = estimate(Asked.TEXT);
    BudgetMeter strict = meter(BudgetUnit.TOKENS, BudgetBound.STRICT);
    BudgetMeter dollars = meter(BudgetUnit.USD, BudgetBound.STRICT);
    BudgetMeter measured = meter(BudgetUnit.USD, BudgetBound.MEASURED);

    assertThat(estimate.largestOutputWithin(strict, 3_007)).hasValue(7);
    assertThat(estimate.largestOutputWithin(strict, 3_000)).isEmpty();
    assertThat(estimate.largestOutputWithin(dollars, 6_070)).hasValue(7);
    assertThat(estimate.largestOutputWithin(dollars, 6_009)).isEmpty();
    assertThat(estimate.largestOutputWithin(dollars, 5)).isEmpty();
    assertThat(estimate.largestOutputWithin(measured, 1_270)).hasValue(7);
    // At a quarter of the dearest rates, four times as much fits.
    assertThat(estimate(Asked.TEXT, observed(0.25)).largestOutputWithin(measured, 330))
        .hasValue((4 * 330 - 1_250) / 10);
    assertThat(estimate(Asked.TEXT, observed(0.25)).largestOutputWithin(dollars, 6_070))
        .hasValue(7);
    assertThat(
            estimate(Asked.TEXT.writing(OptionalLong.empty(), 2))
                .largestOutputWithin(strict, 3_009))
        .hasValue(4);
    assertThat(estimate(Asked.TEXT, ObservedUse.NONE, estimate).largestOutputWithin(strict, 6_057))
        .hasValue(7);
    assertThat(estimate(Asked.TEXT.of(OperationKind.MEDIA)).largestOutputWithin(strict, 9_000))
        .isEmpty();
    assertThat(
            new CallEstimate(
                    Asked.TEXT.reading(true, 1, false).use(),
                    prices(PRICE, ModelBounds.UNKNOWN),
                    ObservedUse.NONE)
                .largestOutputWithin(strict, 9_000))
        .isEmpty();
    assertThat(estimate.largestOutputWithin(meter(BudgetUnit.REQUESTS, BudgetBound.STRICT), 9_000))
        .isEmpty();
    assertThat(
            new CallEstimate(
                    Asked.TEXT.use(),
                    prices(Price.of(1, LocalDate.EPOCH, rates(2_000, 0)), BOUNDS),
                    ObservedUse.NONE)
                .largestOutputWithin(dollars, 90_000))
        .isEmpty();
  }

  @Test
  void a_call_is_remembered_for_no_more_than_it_could_use() {
    CallEstimate estimate = estimate(Asked.TEXT, observed(1));
    TokenUsage usage = stated(1 << 20, 1 << 20);
    CallCharge charge =
        CallCharge.of(
            CallUse.of(usage, Evidence.STATED),
            estimate.bounds(),
            AnswerPrices.of(estimate.prices()));

    ObservedUse after = estimate.after(Optional.of(observed(1)), usage, charge);
    ObservedUse only = estimate.after(Optional.empty(), usage, charge);

    assertThat(after.ofByte()).isEqualTo(observed(1).ofByte().and(3_000, 1_000));
    assertThat(after.ofAnswer()).isEqualTo(observed(1).ofAnswer().and(50, 1));
    assertThat(only.tokensPerByte()).isEqualTo(3);
    assertThat(only.output()).isEqualTo(50);
    Asked open = Asked.TEXT.reading(false, 1, true).writing(OptionalLong.empty(), 1);
    CallEstimate unbounded =
        new CallEstimate(open.use(), prices(PRICE, ModelBounds.UNKNOWN), ObservedUse.NONE);
    assertThat(unbounded.after(Optional.empty(), stated(5_000, 6), charge).tokensPerByte())
        .isEqualTo(5);
  }

  @Test
  void a_guess_forgets_what_was_observed_of_all_models() {
    CallEstimate known = estimate(Asked.TEXT, observed(0.25), estimate(Asked.TEXT, observed(0.25)));

    assertThat(known.guessed())
        .isEqualTo(estimate(Asked.TEXT, ObservedUse.NONE, estimate(Asked.TEXT)));
  }

  // What is charged.

  private static CallCharge charge(CallUse use, UseBounds bounds, CallPrices prices) {
    return CallCharge.of(use, bounds, AnswerPrices.of(prices));
  }

  private static long cost(CallCharge charge) {
    return charge.cost().map(CallCost::forService).orElse(-1L);
  }

  @Test
  void the_stated_tier_is_charged_if_the_request_allows_it() {
    CallUse use = CallUse.of(stated(100, 10), Evidence.STATED);
    UseBounds usual = new UseBounds(500, 50, 0, RequestedUse.USUAL_TIER, FeesUsed.NONE);
    UseBounds priority = new UseBounds(500, 50, 0, Set.of(ServiceTier.PRIORITY), FeesUsed.NONE);
    UseBounds usualOrPriority =
        new UseBounds(
            500, 50, 0, Set.of(ServiceTier.PRIORITY, ServiceTier.STANDARD), FeesUsed.NONE);
    UseBounds any = new UseBounds(500, 50, 0);
    CallPrices prices = prices(PRICE, BOUNDS);

    assertThat(cost(charge(use, usual, prices))).isEqualTo(300);
    assertThat(cost(charge(use, any, prices))).isEqualTo(300);
    assertThat(cost(charge(use, priority, prices))).isEqualTo(600);
    // A request for a faster mode that is answered as usual is charged as asked for.
    assertThat(cost(charge(use.at(ServiceTier.STANDARD), priority, prices))).isEqualTo(600);
    assertThat(cost(charge(use.at(ServiceTier.STANDARD), usualOrPriority, prices))).isEqualTo(300);
    assertThat(cost(charge(use.at(ServiceTier.PRIORITY), priority, prices))).isEqualTo(600);
    assertThat(cost(charge(use.at(ServiceTier.PRIORITY), any, prices))).isEqualTo(600);
    CallCharge disputed = charge(use.at(ServiceTier.PRIORITY), usual, prices);
    assertThat(cost(disputed)).isEqualTo(300);
    assertThat(disputed.disputed().cost()).isEqualTo(300);
    assertThat(disputed.tier()).contains(ServiceTier.PRIORITY);
    assertThat(charge(use, usual, prices).disputed().requests()).isZero();
  }

  @Test
  void what_is_stated_beyond_the_bounds_is_disputed() {
    UseBounds bounds = new UseBounds(500, 50, 0, RequestedUse.USUAL_TIER, FIVE_SEARCHES);
    CallPrices prices = prices(PRICE, BOUNDS);
    CallUse use = CallUse.of(stated(600, 70), Evidence.STATED);

    CallCharge tokens = charge(use, bounds, prices);
    assertThat(tokens.tokens()).isEqualTo(550);
    assertThat(cost(tokens)).isEqualTo(1_500);
    assertThat(tokens.disputed().tokens()).isEqualTo(120);
    assertThat(tokens.disputed().cost()).isEqualTo(400);
    CallCharge fees =
        charge(
            CallUse.of(stated(5, 0), Evidence.STATED).with(FeesUsed.of(FeeKind.WEB_SEARCH, 7)),
            bounds,
            prices);
    assertThat(cost(fees)).isEqualTo(5_010);
    assertThat(fees.fees()).isEqualTo(FIVE_SEARCHES);
    assertThat(fees.disputed().requests()).isEqualTo(1);
    assertThat(fees.disputed().cost()).isEqualTo(2_000);
    assertThat(cost(charge(use, bounds, CallPrices.NONE))).isEqualTo(-1);
  }

  @Test
  void what_has_no_fee_or_no_price_is_marked_as_estimated() {
    CallPrices prices = prices(PRICE, BOUNDS);
    CallPrices withoutTokens =
        prices(
            new Price(1, LocalDate.EPOCH, PriceTerms.of(rates(0, 0)).withFees(PRICE.fees())),
            BOUNDS);
    CallPrices inputAlone = prices(Price.of(1, LocalDate.EPOCH, rates(5, 0)), BOUNDS);
    CallPrices outputAlone = prices(Price.of(1, LocalDate.EPOCH, rates(0, 5)), BOUNDS);
    CallPrices imageTokens =
        prices(Price.of(1, LocalDate.EPOCH, new Rates(Map.of(Rate.IMAGE_OUTPUT, 5L))), BOUNDS);
    Optional<Price> without = inputAlone.deployment();
    CallUse use = CallUse.of(stated(100, 10), Evidence.STATED);
    record Used(FeeKind what, CallPrices prices, boolean isMarked) {}

    EveryCase.of(
        Stream.of(
            new Used(FeeKind.WEB_SEARCH, prices, false),
            new Used(FeeKind.FILE_SEARCH, prices, true),
            // Tokens may pay for these.
            new Used(FeeKind.PAGE, prices, false),
            new Used(FeeKind.SEARCH, prices, false),
            new Used(FeeKind.IMAGE, prices, true),
            new Used(FeeKind.IMAGE, imageTokens, false),
            new Used(FeeKind.PAGE, withoutTokens, true),
            new Used(FeeKind.WEB_SEARCH, withoutTokens, false),
            new Used(FeeKind.PAGE, inputAlone, false),
            new Used(FeeKind.PAGE, outputAlone, false),
            new Used(FeeKind.WEB_SEARCH, inputAlone, true),
            new Used(FeeKind.WEB_SEARCH, new CallPrices(Optional.of(PRICE), without, BOUNDS), true),
            new Used(FeeKind.WEB_SEARCH, new CallPrices(without, Optional.of(PRICE), BOUNDS), true),
            new Used(FeeKind.FILE_SEARCH, CallPrices.NONE, false)),
        used -> {
          FeesUsed one = FeesUsed.of(used.what(), 1);
          UseBounds bounds = new UseBounds(500, 50, 0, RequestedUse.USUAL_TIER, one);
          CallCharge charge = charge(use.with(one), bounds, used.prices());
          assertThat(charge.usage().estimated().requests()).isEqualTo(used.isMarked() ? 1 : 0);
          assertThat(charge(use, bounds, used.prices()).usage().estimated().requests()).isZero();
        });
    CallCharge other =
        CallCharge.of(
            use,
            new UseBounds(500, 50, 0),
            AnswerPrices.of(MODEL, prices, new UsageModel("n"), CallPrices.NONE, false));
    assertThat(other.usage().estimated().requests()).isEqualTo(1);
    assertThat(other.cost().orElseThrow().estimated()).isEqualTo(cost(other)).isEqualTo(300);
    assertThat(charge(use, new UseBounds(500, 50, 0), prices).cost().orElseThrow().estimated())
        .isZero();
  }

  @Test
  void a_refusal_costs_what_it_states() {
    Price price =
        Price.of(1, LocalDate.EPOCH, new Rates(Map.of(Rate.REQUEST, 9_000L, Rate.INPUT, 2_000L)));
    UseBounds bounds = new UseBounds(500, 50, 0);
    CallPrices prices = prices(price, BOUNDS);

    assertThat(cost(charge(CallUse.of(TokenUsage.NONE, Evidence.REFUSED), bounds, prices)))
        .isZero();
    assertThat(cost(charge(CallUse.of(stated(5, 0), Evidence.REFUSED), bounds, prices)))
        .isEqualTo(19);
    assertThat(cost(charge(CallUse.of(TokenUsage.NONE, Evidence.STATED), bounds, prices)))
        .isEqualTo(9);
    assertThat(cost(charge(CallUse.of(stated(900, 0), Evidence.REFUSED), bounds, prices)))
        .isEqualTo(1_009);
  }

  @Test
  void the_services_budgets_are_charged_its_own_price_and_callers_the_deployments() {
    Price own = Price.of(1, LocalDate.EPOCH, rates(1_000, 0));
    Price deployments = Price.of(2, LocalDate.EPOCH, rates(7_000, 0));
    CallPrices both = new CallPrices(Optional.of(own), Optional.of(deployments), BOUNDS);
    RequestedUse asked = Asked.TEXT.use();
    CallEstimate estimate = new CallEstimate(asked, both, ObservedUse.NONE);
    for (long input : new long[] {100, 9_000}) {
      CallCharge charge =
          charge(CallUse.of(stated(input, 0), Evidence.STATED), estimate.bounds(), both);
      for (BudgetBound bound : BudgetBound.values()) {
        long charged = Math.min(3_000, input);
        assertThat(charge.amountFor(meter("service:1", BudgetUnit.USD, bound), estimate))
            .isEqualTo(charged);
        assertThat(charge.amountFor(meter("user:1", BudgetUnit.USD, bound), estimate))
            .isEqualTo(7 * charged);
      }
    }
  }

  @Test
  void a_budget_is_charged_the_stated_use_and_what_was_reserved_for_other_models() {
    CallEstimate other = estimate(Asked.TEXT);
    CallEstimate estimate = estimate(Asked.TEXT, ObservedUse.NONE, other);
    for (BudgetBound bound : BudgetBound.values()) {
      for (Evidence evidence : Evidence.values()) {
        CallCharge charge =
            charge(CallUse.of(stated(100, 10), evidence), estimate.bounds(), estimate.prices());
        long ofOther = amount(other, BudgetUnit.TOKENS, bound);
        boolean isReserved = bound == BudgetBound.STRICT && evidence == Evidence.UNKNOWN;

        assertThat(charge.amountFor(meter(BudgetUnit.REQUESTS, bound), estimate)).isEqualTo(1);
        assertThat(charge.amountFor(meter(BudgetUnit.TOKENS, bound), estimate))
            .isEqualTo(
                isReserved ? 2 * ofOther : 110 + (evidence == Evidence.REFUSED ? 0 : ofOther));
      }
    }
  }

  @Test
  void without_a_whole_statement_a_strict_budget_is_charged_the_most_that_is_left_open() {
    CallEstimate estimate = estimate(Asked.TEXT);
    BudgetMeter tokens = meter(BudgetUnit.TOKENS, BudgetBound.STRICT);
    CallUse broken = CallUse.of(stated(700, 3), Evidence.UNKNOWN);
    CallCharge byOther =
        CallCharge.of(
            broken,
            estimate.bounds(),
            AnswerPrices.of(
                MODEL, estimate.prices(), new UsageModel("n"), estimate.prices(), true));

    assertThat(charge(broken, estimate.bounds(), estimate.prices()).amountFor(tokens, estimate))
        .isEqualTo(750);
    assertThat(byOther.amountFor(tokens, estimate)).isEqualTo(3_050);
  }
}
