package io.claviger.domain.bills;

import io.claviger.domain.Amounts;
import io.claviger.domain.ModelName;
import java.time.LocalDate;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The usage that a provider states for one day, model, key and service tier.
 *
 * @param day a day of UTC
 * @param model the model; empty if the provider does not count by model
 * @param apiKeyId the provider's id of the key; empty if the provider does not count by key
 * @param tier the provider's name for the service tier; {@code batch} for batches
 * @param requests the number of requests; 0 if the provider does not count them
 * @param fees how many things other than tokens were used, keyed by the name of their kind: {@code
 *     image}, {@code character}, {@code audio_second}, {@code stored_byte}, {@code
 *     code_interpreter}, {@code file_search}, {@code web_search}
 */
public record BilledUsage(
    LocalDate day,
    Optional<ModelName> model,
    Optional<String> apiKeyId,
    Optional<String> tier,
    long requests,
    Tokens tokens,
    SortedMap<String, Long> fees) {
  public BilledUsage {
    fees = Collections.unmodifiableSortedMap(new TreeMap<>(fees));
    BillText.demand(apiKeyId, "api_key_id");
    BillText.demand(tier, "tier");
    BillText.demand(fees.keySet(), "fees");
    BillText.demandNotNegative(requests);
    fees.values().forEach(pieces -> BillText.demandNotNegative(pieces));
  }

  /** Returns a copy with the given model. */
  BilledUsage of(Optional<ModelName> other) {
    return new BilledUsage(day, other, apiKeyId, tier, requests, tokens, fees);
  }

  /**
   * The fields for whose values the provider counts usage separately. In one download of the
   * provider's figures, each combination of these fields occurs at most once.
   */
  public Subject subject() {
    return new Subject(day, model, apiKeyId, tier);
  }

  /** Returns the sum of this usage and other usage with the same day, model, key and tier. */
  public BilledUsage plus(BilledUsage other) {
    if (!subject().equals(other.subject())) {
      throw new IllegalArgumentException("only usage of the same subject can be added");
    }
    Map<String, Long> sums = new TreeMap<>(fees);
    other.fees.forEach((what, pieces) -> sums.merge(what, pieces, Amounts::sum));
    return new BilledUsage(
        day,
        model,
        apiKeyId,
        tier,
        Amounts.sum(requests, other.requests),
        tokens.plus(other.tokens),
        new TreeMap<>(sums));
  }

  /**
   * Numbers of tokens. Each token is counted in only one of the numbers.
   *
   * @param freshInput the input tokens that were neither read from a cache nor written to one
   * @param cachedInput the input tokens that were read from a cache
   * @param cacheWrite5m the input tokens that were written to a cache for less than an hour
   * @param cacheWrite1h the input tokens that were written to a cache for an hour or longer
   * @param output the output tokens
   */
  public record Tokens(
      long freshInput, long cachedInput, long cacheWrite5m, long cacheWrite1h, long output) {
    public static final Tokens NONE = new Tokens(0, 0, 0, 0, 0);

    public Tokens {
      BillText.demandNotNegative(freshInput, cachedInput, cacheWrite5m, cacheWrite1h, output);
    }

    private Tokens plus(Tokens more) {
      return new Tokens(
          Amounts.sum(freshInput, more.freshInput),
          Amounts.sum(cachedInput, more.cachedInput),
          Amounts.sum(cacheWrite5m, more.cacheWrite5m),
          Amounts.sum(cacheWrite1h, more.cacheWrite1h),
          Amounts.sum(output, more.output));
    }
  }

  /**
   * A day, and the fields for whose values the provider counts usage separately. The objects of
   * this class have an order, so that a map finds them quickly even if a provider chooses names
   * with equal hash codes.
   */
  public record Subject(
      LocalDate day, Optional<ModelName> model, Optional<String> apiKeyId, Optional<String> tier)
      implements Comparable<Subject> {
    private static final Comparator<Subject> ORDER =
        Comparator.comparing(Subject::day)
            .thenComparing(subject -> subject.model().map(ModelName::value).orElse(""))
            .thenComparing(subject -> subject.apiKeyId().orElse(""))
            .thenComparing(subject -> subject.tier().orElse(""));

    @Override
    public int compareTo(Subject other) {
      return ORDER.compare(this, other);
    }
  }
}
