package io.claviger.domain.prices;

import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.ServiceTier;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The price of a model's calls from a certain day on. Immutable. Each call needs the rates and the
 * highest cost of a token several times. So these values are computed once.
 */
public final class Price {
  private static final int MOST_DERIVED = 4;

  /**
   * A cached price for several tiers.
   *
   * @param asked the tiers for which the price was computed, as a bit set in the order of the
   *     tiers; the highest bit stands for the usual rates
   */
  private record Derived(int asked, Price price) {}

  private final long version;
  private final LocalDate validFrom;
  private final PriceTerms terms;

  /** The rates above each threshold, in the order of the thresholds. */
  private final List<Rates> beyond;

  private final long dearestInput;
  private final long dearestOutput;

  private final List<ServiceTier> tiers;

  /**
   * The fees that the provider charges although the model is free; empty if the model is not free.
   * These fees are not part of the terms, so a call that uses nothing with a fee is free.
   */
  private final List<Fee> although;

  /**
   * The prices of the tiers that were requested last. Only a few prices are kept, because callers
   * choose the tiers.
   */
  private final AtomicReferenceArray<Derived> derived;

  /**
   * @param version the version, unique among the deployment's prices
   * @param validFrom the first day (UTC) on which the price is valid
   */
  public Price(long version, LocalDate validFrom, PriceTerms terms) {
    this(version, validFrom, terms, beyond(terms), List.copyOf(terms.tiers().keySet()), List.of());
  }

  private Price(
      long version,
      LocalDate validFrom,
      PriceTerms terms,
      List<Rates> beyond,
      List<ServiceTier> tiers,
      List<Fee> although) {
    this.version = version;
    this.validFrom = validFrom;
    this.terms = terms;
    this.beyond = beyond;
    this.although = although;
    this.dearestInput = dearest(Rate::isOfInput);
    this.dearestOutput = dearest(Rate::isOfOutput);
    this.tiers = tiers;
    this.derived = new AtomicReferenceArray<>(tiers.isEmpty() ? 0 : MOST_DERIVED);
  }

  /** Creates a price that states only rates. */
  public static Price of(long version, LocalDate validFrom, Rates rates) {
    return new Price(version, validFrom, PriceTerms.of(rates));
  }

  /** Returns the price of a tier that has the given terms. The returned price has no tiers. */
  private Price with(PriceTerms ofTier) {
    return new Price(version, validFrom, ofTier, beyond(ofTier), List.of(), although);
  }

  private static List<Rates> beyond(PriceTerms terms) {
    List<Rates> beyond = new ArrayList<>(terms.thresholds().size());
    Rates below = terms.rates();
    for (Threshold threshold : terms.thresholds()) {
      below = threshold.rates().or(below);
      beyond.add(below);
    }
    return List.copyOf(beyond);
  }

  /**
   * Returns this price with the given fees for tools. A fee is added only if this price states none
   * for such pieces, and only up to the maximum number of fees that a price can have. Pieces that
   * answers count separately, such as fetched pages, need a fee of their own. No fee is added if
   * the price is free, if its model generates nothing, or if the price already states an amount for
   * the model's images.
   */
  public Price withFeesUnlessStated(List<Fee> fees) {
    if (dearestOutput == 0) {
      return this;
    }
    boolean pricesImages =
        rates().stated().containsKey(Rate.IMAGE)
            || rates().stated().containsKey(Rate.IMAGE_OUTPUT)
            || !terms.areOfTokens();
    List<Fee> all = new ArrayList<>(terms.fees());
    for (Fee fee : fees) {
      if (!terms.states(fee.piece())
          && !(fee.piece().what() == FeeKind.IMAGE && pricesImages)
          && all.size() < PriceTerms.MOST_FEES) {
        all.add(fee);
      }
    }
    return new Price(version, validFrom, terms.withFees(all), beyond, tiers, List.of());
  }

  /** Whether calls of the model are free even if they use the provider's tools. */
  public boolean isFreeWithTools() {
    return terms.isFree() && although.isEmpty();
  }

  /**
   * Returns this price with the given fees for tools. Unlike {@link #withFeesUnlessStated}, this
   * method adds the fees to the price of a free model, too. If the price states a fee, even 0, the
   * given fee is not added.
   */
  public Price withFeesAlthoughFree(List<Fee> fees) {
    if (!terms.isFree()) {
      return withFeesUnlessStated(fees);
    }
    List<Fee> unstated = fees.stream().filter(fee -> !terms.states(fee.piece())).toList();
    return new Price(version, validFrom, terms, beyond, tiers, unstated);
  }

  /**
   * Returns the price that results from this price for batches. If the price states no rates for
   * batches, half of the usual rates apply, because providers charge half for batches. Half rates
   * are rounded up.
   */
  public Price ofBatches() {
    return ofBatches(Set.of());
  }

  /**
   * Does the same as {@link #ofBatches()} for a provider whose given rates are as high in batches
   * as in other calls. A given rate that this price does not state is halved together with its
   * substitute.
   */
  Price ofBatches(Set<Rate> whole) {
    int tier = tiers.indexOf(ServiceTier.BATCH);
    return tier < 0 ? with(terms.halvedExcept(whole)) : derived(1 << tier);
  }

  /**
   * Returns the price of a tier; returns this price if it states nothing for the tier. For a tier
   * in a country, the first of these rates that the price states apply: the rates of the tier in
   * this country, otherwise the rates of the tier, otherwise the rates of the country.
   */
  public Price ofTier(ServiceTier tier) {
    int place = place(tier);
    return place < 0 ? this : derived(1 << place);
  }

  /**
   * Returns a price with the highest rate of several tiers for each kind of token. A tier without
   * stated rates has the usual rates. {@link ServiceTier#OTHER} stands for all tiers.
   *
   * @param requested the tiers that were requested, at least one
   */
  public Price dearestOf(Set<ServiceTier> requested) {
    if (tiers.isEmpty()) {
      return this;
    }
    int usual = 1 << tiers.size();
    int asked = 0;
    for (ServiceTier tier : requested) {
      int place = place(tier);
      if (tier.equals(ServiceTier.OTHER)) {
        asked = 2 * usual - 1;
      } else {
        asked |= place < 0 ? usual : 1 << place;
      }
    }
    return asked == 0 || asked == usual ? this : derived(asked);
  }

  private int place(ServiceTier tier) {
    int place = tiers.indexOf(tier);
    if (place >= 0) {
      return place;
    }
    Optional<ServiceTier> elsewhere = tier.elsewhere();
    int there = elsewhere.isEmpty() ? -1 : tiers.indexOf(elsewhere.get());
    return elsewhere.isEmpty() || there >= 0 ? there : tiers.indexOf(ServiceTier.IN_US);
  }

  private Price derived(int asked) {
    int place = Math.floorMod(asked ^ asked >>> tiers.size(), MOST_DERIVED);
    Derived known = derived.get(place);
    if (known == null || known.asked() != asked) {
      Price price = null;
      for (int i = 0; i <= tiers.size(); i++) {
        if ((asked & 1 << i) != 0) {
          Price one = i == tiers.size() ? this : with(terms.ofTier(tiers.get(i)));
          price = price == null ? one : price.orDearer(one);
        }
      }
      known = new Derived(asked, Objects.requireNonNull(price));
      derived.set(place, known);
    }
    return known.price();
  }

  /**
   * Returns a price that has, for each kind of token, the higher of two rates: that of this price,
   * and that of another price with the same thresholds.
   */
  private Price orDearer(Price other) {
    List<Rates> dearer = new ArrayList<>(beyond.size());
    for (int i = 0; i < beyond.size(); i++) {
      dearer.add(beyond.get(i).orDearer(other.beyond.get(i)));
    }
    return new Price(
        version,
        validFrom,
        new PriceTerms(
            terms.rates().orDearer(other.terms.rates()),
            terms.thresholds(),
            terms.tiers(),
            terms.fees()),
        List.copyOf(dearer),
        List.of(),
        although);
  }

  private long dearest(Predicate<Rate> kind) {
    long most = 0;
    for (Rate rate : Rate.values()) {
      most = kind.test(rate) ? Math.max(most, dearest(rate)) : most;
    }
    return most;
  }

  public long version() {
    return version;
  }

  public LocalDate validFrom() {
    return validFrom;
  }

  public PriceTerms terms() {
    return terms;
  }

  public Rates rates() {
    return terms.rates();
  }

  /** The rates of calls with long input, in ascending order of their bounds. */
  public List<Threshold> thresholds() {
    return terms.thresholds();
  }

  /** For each service tier, the rates that differ from the usual rates. */
  public SortedMap<ServiceTier, Rates> tiers() {
    return terms.tiers();
  }

  public List<Fee> fees() {
    return terms.fees();
  }

  /**
   * The rates of a call.
   *
   * @param input all input tokens, cached or not
   */
  public Rates ratesAt(long input) {
    for (int i = beyond.size() - 1; i >= 0; i--) {
      if (input > terms.thresholds().get(i).above()) {
        return beyond.get(i);
      }
    }
    return terms.rates();
  }

  /** Returns the highest value of this rate for any length of the input, in pico-dollars. */
  long dearest(Rate rate) {
    long most = terms.rates().of(rate);
    for (int i = 0; i < beyond.size(); i++) { // by index: runs several times for each call
      most = Math.max(most, beyond.get(i).of(rate));
    }
    return most;
  }

  /** Returns the highest possible cost of an input token, in pico-dollars. */
  public long dearestInput() {
    return dearestInput;
  }

  /** Returns the highest possible cost of an output token, in pico-dollars. */
  public long dearestOutput() {
    return dearestOutput;
  }

  /**
   * Returns the fee for a piece. The first of these fees that exists applies: the fee for the
   * piece's quality; the higher of the fees for both parts of the quality, if it has two parts with
   * a slash between them; the fee for any quality; the highest fee of the kind. If the fee for any
   * quality applies to a container, this fee is multiplied by the container's memory in gigabytes.
   * For a piece that might have any quality, the highest fee of the kind applies. The fees of
   * pieces that answers count separately are considered for this highest fee only if the price has
   * no other fee of the kind. Empty if the price has no fee for this piece.
   */
  public Optional<Fee> fee(FeePiece piece) {
    if (isFree(piece.what())) {
      return Optional.empty();
    }
    if (piece.isDearest()) {
      return dearest(
          Stream.concat(dearestFee(piece.what()).stream(), ofAnyQuality(piece).stream()));
    }
    return stated(piece)
        .or(() -> dearest(Stream.of(piece.quality().split("/", -1)).flatMap(q -> part(piece, q))))
        .or(() -> ofAnyQuality(piece))
        .or(() -> dearestFee(piece.what()));
  }

  private Optional<Fee> ofAnyQuality(FeePiece piece) {
    return stated(new FeePiece(piece.what(), "")).map(fee -> fee.times(piece.gigabytes()));
  }

  /** Compares two pieces by their fees. A piece with a higher fee comes first. */
  int compareFees(FeePiece one, FeePiece other) {
    Optional<Fee> fee = fee(one);
    Optional<Fee> otherFee = fee(other);
    if (fee.isEmpty() || otherFee.isEmpty()) {
      return Boolean.compare(fee.isEmpty(), otherFee.isEmpty());
    }
    return Boolean.compare(
        otherFee.get().isDearerThan(fee.get()), fee.get().isDearerThan(otherFee.get()));
  }

  private Stream<Fee> part(FeePiece of, String quality) {
    return quality.isEmpty() ? Stream.of() : stated(new FeePiece(of.what(), quality)).stream();
  }

  private Optional<Fee> stated(FeePiece piece) {
    return all(piece.what()).filter(fee -> fee.piece().equals(piece)).findFirst();
  }

  /**
   * Returns the highest fee for a piece of the given kind whose quality is unknown; empty if there
   * is none. Fees of pieces that answers count separately are considered only if there are no
   * others.
   */
  Optional<Fee> dearestFee(FeeKind what) {
    return isFree(what)
        ? Optional.empty()
        : dearest(all(what).filter(fee -> !fee.piece().isCountedApart()))
            .or(() -> dearest(all(what)));
  }

  private static Optional<Fee> dearest(Stream<Fee> fees) {
    return fees.reduce((one, other) -> other.isDearerThan(one) ? other : one);
  }

  private boolean isFree(FeeKind what) {
    return terms.fees().isEmpty() && although.isEmpty() && what != FeeKind.IMAGE;
  }

  /**
   * Returns the fees of a kind. The rate of an image counts as the fee for an image of any quality.
   */
  private Stream<Fee> all(FeeKind what) {
    Stream<Fee> fees =
        Stream.concat(terms.fees().stream(), although.stream())
            .filter(fee -> fee.piece().what() == what);
    Long image = what == FeeKind.IMAGE ? terms.rates().stated().get(Rate.IMAGE) : null;
    return image == null ? fees : Stream.concat(fees, Stream.of(new Fee(Fee.ANY_IMAGE, image, 1)));
  }

  /**
   * Returns about how many kilobytes of memory this price takes, including the prices derived from
   * it.
   */
  public int weight() {
    int beyonds = 1 + terms.thresholds().size();
    int prices = 1 + (tiers.isEmpty() ? 0 : MOST_DERIVED);
    return prices * beyonds + tiers.size() / 2 + terms.fees().size() / 4;
  }

  /**
   * Whether this price lacks a fee for one of the given uses. A use without a fee costs nothing.
   * Images need no fee if their tokens have a rate. Recordings, texts and pages need no fee if at
   * least one kind of token has a rate.
   */
  public boolean lacks(FeesUsed fees) {
    return !fees.isNone()
        && fees.counts().keySet().stream()
            .anyMatch(piece -> fee(piece).isEmpty() && !isChargedByTokens(piece.what()));
  }

  /**
   * Whether this price determines the cost of a call. A price for pieces only, such as images or
   * pages, does not determine the cost of a call that can't use such pieces.
   *
   * @param answersInTokens whether the call can have output that is counted in tokens
   * @param images the greatest number of images
   * @param fees the greatest numbers of uses that cost a fee
   */
  public boolean says(boolean answersInTokens, long images, FeesUsed fees) {
    return dearestInput() > 0
        || terms.areOfTokens()
        || terms.isFree()
        || Cost.atMost(this, 1, answersInTokens ? 1 : 0, images, fees) > 0;
  }

  private boolean isChargedByTokens(FeeKind what) {
    return what == FeeKind.IMAGE
        ? rates().stated().containsKey(Rate.IMAGE_OUTPUT)
        : !FeeKind.OF_TOOLS.contains(what) && (dearestInput() > 0 || dearestOutput() > 0);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Price that
        && version == that.version
        && validFrom.equals(that.validFrom)
        && terms.equals(that.terms)
        && although.equals(that.although);
  }

  @Override
  public int hashCode() {
    return Objects.hash(version, validFrom, terms);
  }

  @Override
  public String toString() {
    return "Price[" + version + " from " + validFrom + ": " + terms + "]";
  }
}
