package io.claviger.bootstrap.prices;

import io.claviger.application.prices.port.ImportedModel;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.prices.Fee;
import io.claviger.domain.prices.ModelBounds;
import io.claviger.domain.prices.PicoDollars;
import io.claviger.domain.prices.PriceTerms;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.domain.prices.Threshold;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.ServiceTier;
import io.claviger.imports.litellm.rules.LiteLlmProvider;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A model of LiteLLM's list, while its fields are being read. */
final class LiteLlmModel {
  /**
   * The names of entries that state only the price of images of one size, such as {@code
   * hd/1024-x-1792/dall-e-3}.
   */
  private static final Pattern IMAGE_OF_SIZE =
      Pattern.compile("(?:([a-z]{1,20})/)?(\\d{2,5})-x-(\\d{2,5})/([^/]+)");

  private static final Set<String> WITH_TOOLS = Set.of("chat", "responses");

  /**
   * The names of fields that state a price of input per unit, and whose unit is not tokens,
   * requests or queries.
   */
  private static final Pattern UNIT =
      Pattern.compile("input_cost_per_(?!request|query)(?:(?!token)[a-z0-9_])+");

  /**
   * The modes of models that have a price per image, even if the list also states prices for their
   * input.
   */
  private static final Set<String> OF_IMAGES = Set.of("image_edit", "image_generation");

  /**
   * The modes of models that generate text. The answers of these models also state the number of
   * tokens for images, audio and video.
   */
  private static final Set<String> IN_TOKENS =
      Set.of("", "chat", "completion", "realtime", "responses");

  private static final String CHARACTER = "input_cost_per_character";

  /**
   * An amount in pico-dollars. If the list states a lower price than this for an image, the price
   * is in fact for an image token, because no image is so cheap.
   */
  private static final long CHEAPER_THAN_IMAGES = 20_000_000;

  private static final String FAST = LiteLlmField.MULTIPLIERS + ".fast";
  private static final String IN_US = LiteLlmField.MULTIPLIERS + ".us";
  private static final String QUERY = "input_cost_per_query";
  private static final String IMAGE = "input_cost_per_image";
  private static final String PIXEL = "input_cost_per_pixel";
  private static final String CACHED_AUDIO = "cache_read_input_audio_token_cost";
  private static final Set<String> OTHERS = Set.of(FAST, IN_US, QUERY, IMAGE, PIXEL, CACHED_AUDIO);

  /** The models for spoken conversations. Most of their cached input is audio. */
  private static final Pattern OF_SPEECH = Pattern.compile("realtime|native-audio");

  private static final int DECIMALS = 12;

  private final String name;
  private final SortedMap<Integer, Map<Rate, Long>> rates = new TreeMap<>();
  private final Map<ServiceTier, Map<Rate, Long>> tiers = new TreeMap<>();

  /** The fees, keyed by the names of the list's fields that state them. */
  private final SortedMap<String, ListedFee> fees = new TreeMap<>();

  /**
   * The costs of an image, a pixel, a query and a token of cached audio, and the factors for a
   * faster mode and for a country.
   */
  private final Map<String, Long> others = new HashMap<>();

  /** The fields with a nonzero cost per unit of input. */
  private final SortedSet<String> units = new TreeSet<>();

  private String provider = "";
  private String mode = "";
  private OptionalLong maxOutput = OptionalLong.empty();
  private OptionalLong context = OptionalLong.empty();
  private Optional<String> fault = Optional.empty();

  /** The fault that the last call of {@link #imported} found in the model's price. */
  private Optional<String> faultAtProvider = Optional.empty();

  private record ListedFee(LiteLlmField.OfFee of, Fee fee) {}

  LiteLlmModel(String name) {
    this.name = name;
  }

  List<LiteLlmProvider> providers(Map<String, List<Provider>> defined) {
    return LiteLlmProvider.of(provider, defined);
  }

  /**
   * Returns why the model's price, as it was last imported, must be wrong; empty if the price is
   * plausible.
   */
  Optional<String> fault() {
    return fault.or(() -> faultAtProvider);
  }

  /** Whether callers can make the provider run code when this model answers. */
  boolean hasTools() {
    return WITH_TOOLS.contains(mode);
  }

  void readText(String field, String value) {
    switch (field) {
      case "litellm_provider" -> provider = value;
      case "mode" -> mode = value;
      default -> readNumber(field, value);
    }
  }

  /** Reads a field whose value is neither text nor a number. */
  void readOther(String field) {
    if (LiteLlmField.FEES.containsKey(field)) {
      fault = Optional.of(field + " states no amount");
    }
  }

  /**
   * Reads a number.
   *
   * @param value the value as written in the list, so that nothing is rounded
   */
  void readNumber(String field, String value) {
    switch (field) {
      case "max_output_tokens" -> maxOutput = bound(value);
      case "max_input_tokens" -> context = bound(value);
      default -> {
        try {
          readPrice(field, value);
        } catch (ArithmeticException | NumberFormatException | InvalidValue e) {
          fault = Optional.of(field + " is no price");
        }
      }
    }
  }

  private void readPrice(String field, String value) {
    if (UNIT.matcher(field).matches() && new BigDecimal(value).signum() > 0) {
      boolean unused = units.add(field);
    }
    if (OTHERS.contains(field)) {
      others.put(field, PicoDollars.roundUp(Rate.REQUEST, new BigDecimal(value)));
      return;
    }
    switch (LiteLlmField.of(field).orElse(null)) {
      case null -> {}
      case LiteLlmField.OfRate rate -> readRate(rate, value);
      case LiteLlmField.OfFee fee -> readFee(field, fee, value);
    }
  }

  private void readRate(LiteLlmField.OfRate of, String value) {
    long pico = PicoDollars.roundUp(of.rate(), new BigDecimal(value));
    Map<Rate, Long> stated;
    if (of.tier().equals(ServiceTier.STANDARD)) {
      stated = rates.computeIfAbsent(of.above(), above -> new EnumMap<>(Rate.class));
    } else if (of.above() == 0 && PriceTerms.TIER_RATES.contains(of.rate())) {
      stated = tiers.computeIfAbsent(of.tier(), tier -> new EnumMap<>(Rate.class));
    } else {
      // A tier's rates for long input are computed from the tier's rates and the usual rates for
      // long input.
      return;
    }
    Long unused = stated.merge(of.rate(), pico, Math::max);
  }

  private void readFee(String field, LiteLlmField.OfFee of, String value) {
    Fee fee = new Fee(of.piece(), PicoDollars.roundUp(of.amount(new BigDecimal(value))), of.per());
    if (fees.put(field, new ListedFee(of, fee)) != null) {
      fault = Optional.of(field + " is listed twice");
    }
  }

  private static OptionalLong bound(String value) {
    try {
      long tokens = new BigDecimal(value).longValueExact();
      return tokens >= 1 && tokens <= ModelBounds.MOST
          ? OptionalLong.of(tokens)
          : OptionalLong.empty();
    } catch (ArithmeticException | NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /**
   * Returns the model; empty if no caller can send the model's name, or if the price has a fault.
   *
   * @param free whether a price of zero means that the model is free; otherwise, it means that the
   *     price is unknown
   */
  Optional<ImportedModel> imported(LiteLlmProvider of, boolean free) {
    faultAtProvider = Optional.empty();
    return called(of)
        .flatMap(
            called -> {
              try {
                PriceTerms terms = terms(of.provider(), free);
                faultAtProvider = uncharged(of.provider(), terms);
                return Optional.of(
                    new ImportedModel(
                        of.provider(), called, terms, new ModelBounds(maxOutput, context)));
              } catch (InvalidValue e) {
                faultAtProvider = Optional.of(e.field() + ": " + e.allowed());
                return Optional.empty();
              }
            });
  }

  /** Returns the name that callers send for the model; empty if no caller can send it. */
  Optional<ModelName> called(LiteLlmProvider of) {
    return modelName(of.called(name));
  }

  private static Optional<ModelName> modelName(String called) {
    try {
      return Optional.of(new ModelName(called));
    } catch (InvalidValue e) {
      return Optional.empty();
    }
  }

  /**
   * The price of images with one size and quality. The list contains this price as if it were a
   * separate model.
   *
   * @param model the model that generates the images
   */
  record ImageOfSize(ModelName model, Fee fee) {}

  /**
   * Returns the price of images of one size if this entry states one; empty if the entry is a
   * model.
   */
  Optional<ImageOfSize> imageOfSize(LiteLlmProvider of) {
    Matcher sized = IMAGE_OF_SIZE.matcher(of.called(name));
    if (!mode.equals("image_generation") || !sized.matches()) {
      return Optional.empty();
    }
    Long stated = rates.getOrDefault(0, Map.of()).get(Rate.IMAGE);
    long image = stated != null ? stated : others.getOrDefault(IMAGE, 0L);
    long pixels = Long.parseLong(sized.group(2)) * Long.parseLong(sized.group(3));
    long pixel = others.getOrDefault(PIXEL, 0L);
    long pico =
        image > 0 ? image : pixel > Fee.MOST / Math.max(1, pixels) ? Fee.MOST : pixel * pixels;
    String size = sized.group(2) + "x" + sized.group(3);
    String quality = sized.group(1) == null ? size : sized.group(1) + "/" + size;
    return pico == 0
        ? Optional.empty()
        : modelName(sized.group(4))
            .map(
                model ->
                    new ImageOfSize(model, new Fee(new FeePiece(FeeKind.IMAGE, quality), pico, 1)));
  }

  private PriceTerms terms(Provider of, boolean free) {
    Map<Rate, Long> read = new EnumMap<>(Rate.class);
    read.putAll(rates.getOrDefault(0, Map.of()));
    boolean isOfSearches =
        mode.equals("rerank") && (of.equals(Provider.COHERE) || of.equals(Provider.BEDROCK));
    if (!isOfSearches) {
      put(read, Rate.REQUEST, QUERY);
    }
    if (mode.equals("image_generation")
        && !read.containsKey(Rate.OUTPUT)
        && !read.containsKey(Rate.IMAGE_OUTPUT)) {
      put(read, Rate.IMAGE, IMAGE);
    }
    if (mode.equals("realtime") || OF_SPEECH.matcher(name).find()) {
      put(read, Rate.CACHED_INPUT, CACHED_AUDIO);
    }
    long image = others.getOrDefault(IMAGE, 0L);
    if (IN_TOKENS.contains(mode) && image > 0 && image < CHEAPER_THAN_IMAGES) {
      put(read, Rate.IMAGE_INPUT, IMAGE);
    }
    PriceTerms usual = PriceTerms.of(stated(read, free)).withFees(fees(of, free, isOfSearches));
    return usual.rates().isEmpty()
        ? usual
        : usual.withThresholds(thresholds(free)).withTiers(tiers(of, usual.rates(), free));
  }

  /**
   * Returns why a price does not cover the whole cost of calls; empty if the price covers it. A
   * price per character does not matter if there is also a price per token, because Claviger then
   * charges text by tokens. Cohere's price per image does not matter either, because the size of an
   * image determines what Claviger charges for embedding the image with Cohere.
   */
  private Optional<String> uncharged(Provider of, PriceTerms terms) {
    boolean isOfTokens = terms.rates().of(Rate.INPUT) > 0;
    if (terms.isEmpty() || OF_IMAGES.contains(mode) || (IN_TOKENS.contains(mode) && isOfTokens)) {
      return Optional.empty();
    }
    return units.stream()
        .filter(field -> !isFee(field) && !(field.equals(CHARACTER) && isOfTokens))
        .filter(field -> !(field.equals(IMAGE) && of.equals(Provider.COHERE)))
        .findFirst()
        .map(field -> field + " can't be charged");
  }

  private boolean isFee(String field) {
    LiteLlmField.OfFee fee = LiteLlmField.FEES.get(field);
    return fee != null && fee.isFor(mode);
  }

  private void put(Map<Rate, Long> read, Rate rate, String field) {
    Long pico = others.get(field);
    if (pico != null) {
      Long unused = read.merge(rate, pico, Math::max);
    }
  }

  private List<Threshold> thresholds(boolean free) {
    List<Threshold> thresholds = new ArrayList<>();
    rates
        .tailMap(1)
        .forEach(
            (above, read) -> {
              Map<Rate, Long> kept = new EnumMap<>(Rate.class);
              Threshold.RATES.stream()
                  .filter(read::containsKey)
                  .forEach(rate -> kept.put(rate, read.get(rate)));
              Rates beyond = stated(kept, free);
              if (!beyond.isEmpty()) {
                thresholds.add(new Threshold(above, beyond));
              }
            });
    return thresholds;
  }

  /**
   * Returns the service tiers whose rates differ from the usual rates, each with its own rates. If
   * the provider charges half for batches, Claviger halves the provider's rates for batches anyway.
   * So batch rates that are half the usual rates are left out.
   */
  private Map<ServiceTier, Rates> tiers(Provider of, Rates usual, boolean free) {
    Map<ServiceTier, Rates> all = new TreeMap<>();
    tiers.forEach(
        (tier, read) -> {
          Rates differing = stated(read, free);
          boolean isHalf =
              differing.stated().entrySet().stream()
                  .allMatch(each -> each.getValue() == Math.ceilDiv(usual.of(each.getKey()), 2L));
          boolean isUsualOfBatches = tier.equals(ServiceTier.BATCH) && of.halvesBatches() && isHalf;
          if (!differing.isEmpty() && !isUsualOfBatches) {
            all.put(tier, differing);
          }
        });
    ServiceTier fast = ServiceTier.of("fast");
    addMultiplied(all, fast, usual, FAST);
    addMultiplied(all, ServiceTier.IN_US, usual, IN_US);
    Rates ofFast = all.get(fast);
    if (ofFast != null) {
      addMultiplied(all, fast.in(ServiceTier.IN_US), ofFast, IN_US);
    }
    return all;
  }

  private void addMultiplied(
      Map<ServiceTier, Rates> all, ServiceTier tier, Rates of, String multiplier) {
    long times = others.getOrDefault(multiplier, 0L);
    Map<Rate, Long> dearer = new EnumMap<>(Rate.class);
    of.stated()
        .forEach(
            (rate, pico) -> {
              if (PriceTerms.TIER_RATES.contains(rate)) {
                dearer.put(rate, multiplied(pico, times));
              }
            });
    if (times > 0 && !dearer.isEmpty()) {
      Rates unused = all.putIfAbsent(tier, new Rates(dearer));
    }
  }

  private static long multiplied(long pico, long times) {
    return BigDecimal.valueOf(pico)
        .multiply(BigDecimal.valueOf(times, DECIMALS))
        .setScale(0, RoundingMode.CEILING)
        .min(BigDecimal.valueOf(Rates.MOST))
        .longValueExact();
  }

  private boolean isOfGoogle(Provider of) {
    return of.equals(Provider.GOOGLE) || (of.equals(Provider.VERTEX) && name.contains("gemini"));
  }

  /**
   * Returns the fees. If a web search costs the same for all sizes of search context, the result
   * has a single fee that applies to any size.
   */
  private List<Fee> fees(Provider of, boolean free, boolean isOfSearches) {
    SortedMap<FeePiece, Fee> stated = new TreeMap<>();
    fees.forEach(
        (field, listed) -> {
          Fee fee = listed.fee();
          if (listed.of().isFor(mode) && (free || fee.amount() > 0)) {
            Fee ofProvider =
                fee.piece().what() == FeeKind.WEB_SEARCH && isOfGoogle(of)
                    ? new Fee(
                        new FeePiece(FeeKind.GROUNDING, fee.piece().quality()),
                        fee.amount(),
                        fee.per())
                    : fee;
            Fee unused =
                stated.merge(
                    ofProvider.piece(),
                    ofProvider,
                    (one, other) -> one.amount() >= other.amount() ? one : other);
          }
        });
    if (isOfSearches && (free || others.getOrDefault(QUERY, 0L) > 0)) {
      FeePiece search = new FeePiece(FeeKind.SEARCH, "");
      stated.put(search, new Fee(search, others.getOrDefault(QUERY, 0L), 1));
    }
    return List.copyOf(collapsed(stated).values());
  }

  private static SortedMap<FeePiece, Fee> collapsed(SortedMap<FeePiece, Fee> fees) {
    for (FeeKind what : List.of(FeeKind.WEB_SEARCH, FeeKind.GROUNDING)) {
      List<Fee> sized =
          Stream.of("low", "medium", "high")
              .map(size -> fees.get(new FeePiece(what, size)))
              .filter(Objects::nonNull)
              .toList();
      if (sized.stream().map(Fee::amount).distinct().count() == 1) {
        sized.forEach(fee -> fees.remove(fee.piece()));
        FeePiece any = new FeePiece(what, "");
        fees.put(any, new Fee(any, sized.get(0).amount(), 1));
      }
    }
    return fees;
  }

  private static Rates stated(Map<Rate, Long> read, boolean free) {
    Map<Rate, Long> kept = new EnumMap<>(Rate.class);
    read.forEach(
        (rate, pico) -> {
          if (free || pico > 0) {
            kept.put(rate, pico);
          }
        });
    return new Rates(kept);
  }
}
