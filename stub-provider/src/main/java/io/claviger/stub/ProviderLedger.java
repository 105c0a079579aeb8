package io.claviger.stub;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The bill of the stub: how much the stub would charge its customers for each call, by the stub's
 * price list. This class is thread-safe. A stub that does not record requests has no bill.
 */
public final class ProviderLedger {
  /** The name of the tier for calls that request no tier. */
  public static final String STANDARD = "standard";

  /** The name of the tier for calls in batches. */
  public static final String BATCH = "batch";

  private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);
  private static final BigDecimal TWO = BigDecimal.valueOf(2);
  private static final int MOST = 1_000_000;

  /**
   * Something that is charged per piece, such as a search.
   *
   * @param what {@code web_search}, {@code post} or {@code profile} (which a search on X finds),
   *     {@code routed_search} or {@code routed_fetch} (of a router's tools), {@code billed_fetch},
   *     {@code file_search}, {@code code_interpreter}, {@code computer_use}, {@code image}, {@code
   *     grounding}, {@code search}, {@code page}, {@code audio_second} or {@code character}
   * @param quality the quality and size of images; empty if the price does not depend on the
   *     quality
   */
  public record Fee(String what, String quality, long count) {}

  /**
   * A call that the provider billed.
   *
   * @param kind the kind of this call in the provider's usage pages: {@code completions}, {@code
   *     embeddings}, {@code images}, {@code audio_speeches}, {@code audio_transcriptions}, {@code
   *     rerank} or {@code ocr}
   * @param key the API key that the caller presented
   * @param model the model that answered the call
   * @param tier the tier in which the call was answered
   * @param tokens the charged tokens. {@code input} stands for input that is neither read from a
   *     cache nor written to one. The other kinds of tokens are {@code cached}, {@code written_5m},
   *     {@code written_1h}, {@code output} (with reasoning), {@code audio_in} and {@code
   *     audio_out}. The audio tokens are parts of {@code input} and {@code output}
   * @param dollars the cost of the call in dollars
   */
  public record Entry(
      Instant at,
      String kind,
      String key,
      String model,
      String tier,
      Map<String, Long> tokens,
      List<Fee> fees,
      BigDecimal dollars) {
    public Entry {
      tokens = Map.copyOf(tokens);
      fees = List.copyOf(fees);
    }

    /** Returns the id of the call's API key in the provider's usage pages. */
    public String keyId() {
      return ObjectIds.of("key_", key.hashCode() * 0x9E37_79B9_7F4A_7C15L);
    }

    public long tokens(String name) {
      return tokens.getOrDefault(name, 0L);
    }
  }

  /**
   * The price of calls to a model.
   *
   * @param rates a map with the price of a million tokens in dollars, keyed by the names of {@link
   *     Entry#tokens}. The rate {@code input} also applies to other kinds of input without a rate,
   *     and the rate {@code output} to other kinds of output
   * @param tiers the rates of each tier whose rates differ from the usual rates. If no rates for
   *     batches are stated, batches cost half of the usual rates
   * @param above the number of input tokens above which {@code ratesAbove} apply to all tokens of a
   *     call, unless the call's tier has its own rates
   * @param fees the price per piece in dollars, keyed by the name of the piece. If the price
   *     depends on the quality, the name is followed by a blank and the quality
   */
  public record Price(
      Map<String, BigDecimal> rates,
      Map<String, Map<String, BigDecimal>> tiers,
      long above,
      Map<String, BigDecimal> ratesAbove,
      Map<String, BigDecimal> fees) {
    public Price {
      rates = Map.copyOf(rates);
      tiers = Map.copyOf(tiers);
      ratesAbove = Map.copyOf(ratesAbove);
      fees = Map.copyOf(fees);
    }

    /** Returns a price that does not depend on the length of the input. */
    public static Price of(
        Map<String, BigDecimal> rates,
        Map<String, Map<String, BigDecimal>> tiers,
        Map<String, BigDecimal> fees) {
      return new Price(rates, tiers, Long.MAX_VALUE, Map.of(), fees);
    }

    /** Returns the cost of a call with these tokens and fees, in dollars. */
    public BigDecimal cost(String tier, Map<String, Long> tokens, List<Fee> charged) {
      BigDecimal dollars = BigDecimal.ZERO;
      for (Map.Entry<String, Long> each : withoutAudio(tokens).entrySet()) {
        BigDecimal rate = rate(tier, each.getKey(), input(tokens));
        dollars = dollars.add(rate.multiply(BigDecimal.valueOf(each.getValue())).divide(MILLION));
      }
      for (Fee each : charged) {
        dollars = dollars.add(fee(each).multiply(BigDecimal.valueOf(each.count())));
      }
      return dollars;
    }

    private static long input(Map<String, Long> tokens) {
      return tokens.entrySet().stream()
          .filter(each -> !each.getKey().equals("output") && !each.getKey().startsWith("audio_"))
          .mapToLong(Map.Entry::getValue)
          .sum();
    }

    /**
     * Subtracts the audio tokens from the input and output tokens. Input and output include audio,
     * but audio has its own rate.
     */
    private static Map<String, Long> withoutAudio(Map<String, Long> tokens) {
      Map<String, Long> apart = new HashMap<>(tokens);
      apart.merge("input", -tokens.getOrDefault("audio_in", 0L), Long::sum);
      apart.merge("output", -tokens.getOrDefault("audio_out", 0L), Long::sum);
      return apart;
    }

    private BigDecimal rate(String tier, String name, long input) {
      boolean isOutput = name.equals("output") || name.equals("audio_out");
      String otherwise = isOutput ? "output" : "input";
      Map<String, BigDecimal> own = tiers.getOrDefault(tier, Map.of());
      if (!own.isEmpty()) {
        return either(own, name, otherwise);
      }
      BigDecimal usual = either(input > above ? ratesAbove : Map.of(), name, otherwise);
      return tier.equals(BATCH) ? usual.divide(TWO) : usual;
    }

    /** Returns the rate in {@code other}, or the usual rate if {@code other} has none. */
    private BigDecimal either(Map<String, BigDecimal> other, String name, String otherwise) {
      BigDecimal broad =
          other.getOrDefault(otherwise, rates.getOrDefault(otherwise, BigDecimal.ZERO));
      return other.getOrDefault(name, rates.getOrDefault(name, broad));
    }

    private BigDecimal fee(Fee fee) {
      return fees.getOrDefault(
          fee.what() + " " + fee.quality(), fees.getOrDefault(fee.what(), BigDecimal.ZERO));
    }
  }

  /** The price of models without a price of their own. */
  public static final Price USUAL =
      Price.of(
          Map.of(
              "input", new BigDecimal("2"),
              "cached", new BigDecimal("0.2"),
              "written_5m", new BigDecimal("2.5"),
              "written_1h", new BigDecimal("4"),
              "output", new BigDecimal("8"),
              "audio_in", new BigDecimal("10"),
              "audio_out", new BigDecimal("20")),
          Map.of(
              "flex", Map.of("input", BigDecimal.ONE, "output", new BigDecimal("4")),
              "priority", Map.of("input", new BigDecimal("4"), "output", new BigDecimal("16")),
              "fast", Map.of("input", new BigDecimal("5"), "output", new BigDecimal("20")),
              "ultrafast", Map.of("input", new BigDecimal("12"), "output", new BigDecimal("48"))),
          Map.ofEntries(
              fee("web_search", "0.01"),
              fee("post", "0.005"),
              fee("profile", "0.01"),
              fee("routed_search", "0.007"),
              fee("routed_fetch", "0.001"),
              fee("billed_fetch", "0.0025"),
              fee("file_search", "0.0025"),
              fee("code_interpreter", "0.03"),
              fee("computer_use", "0.05"),
              fee("image", "0.04"),
              fee("image_read", "0.0000063"),
              fee("image 2k", "0.07"),
              fee("grounding", "0.014"),
              fee("search", "0.002"),
              fee("page", "0.001"),
              fee("audio_second", "0.0001"),
              fee("character", "0.000015")));

  private final boolean keeps;
  private final List<Entry> entries = new ArrayList<>();
  private final Map<String, Price> prices = new HashMap<>();
  private InstantSource clock = InstantSource.system();
  private UsageLie lie = UsageLie.NONE;

  private static Map.Entry<String, BigDecimal> fee(String what, String dollars) {
    return Map.entry(what, new BigDecimal(dollars));
  }

  ProviderLedger(boolean keeps) {
    this.keeps = keeps;
  }

  /** Sets the clock that determines the day of billed calls. */
  public synchronized void setClock(InstantSource clock) {
    this.clock = clock;
  }

  /** Sets the price of a model's calls from now on. */
  public synchronized void setPrice(String model, Price price) {
    prices.put(model, price);
  }

  /** The billed calls, in the order of billing. */
  public synchronized List<Entry> entries() {
    return List.copyOf(entries);
  }

  /**
   * Adds an entry to the bill, for example to repeat an entry, or to bill a call that nobody made.
   */
  public synchronized void add(Entry entry) {
    if (entries.size() < MOST) {
      entries.add(entry);
    }
  }

  /** Replaces a call's entry by another entry. If the bill lacks the entry, nothing happens. */
  public synchronized void replace(Entry entry, Entry other) {
    entries.replaceAll(each -> each.equals(entry) ? other : each);
  }

  /** Sets how the figures on the usage pages deviate from this bill from now on. */
  public synchronized void setLie(UsageLie lie) {
    this.lie = lie;
  }

  synchronized UsageLie lie() {
    return lie;
  }

  /** Forgets all billed calls, but keeps the prices. */
  public synchronized void clear() {
    entries.clear();
  }

  /** Forgets all billed calls, the prices that were set, the clock and the lie. */
  public synchronized void reset() {
    entries.clear();
    prices.clear();
    clock = InstantSource.system();
    lie = UsageLie.NONE;
  }

  synchronized void bill(StubCall call, StubBill bill, String tier) {
    if (!keeps) {
      return;
    }
    bill(
        bill.kind(),
        call.account().key(),
        call.answeringModel(),
        tier,
        bill.usage().billed(),
        bill.fees());
  }

  /** Bills a response of a session, whose requests are not calls of their own. */
  synchronized void billSession(String key, String model, Map<String, Long> tokens) {
    if (keeps) {
      bill(StubBill.COMPLETIONS, key, model, STANDARD, tokens, List.of());
    }
  }

  private void bill(
      String kind,
      String key,
      String model,
      String tier,
      Map<String, Long> tokens,
      List<Fee> fees) {
    add(
        new Entry(
            clock.instant(),
            kind,
            key,
            model,
            tier,
            tokens,
            fees,
            prices.getOrDefault(model, USUAL).cost(tier, tokens, fees)));
  }
}
