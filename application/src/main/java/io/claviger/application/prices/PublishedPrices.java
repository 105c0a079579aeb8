package io.claviger.application.prices;

import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.formats.ModelPath;
import io.claviger.domain.prices.ModelBounds;
import io.claviger.domain.prices.PicoDollars;
import io.claviger.domain.prices.Price;
import io.claviger.domain.prices.PriceNames;
import io.claviger.domain.prices.PriceTerms;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.domain.prices.Threshold;
import io.claviger.domain.usage.ServiceTier;
import io.claviger.domain.usage.UsageModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The bundled prices, as published by providers. A bundled price applies if neither the service nor
 * the deployment has a price for the model.
 *
 * <p>A published price belongs to a host, not to a provider's name. A service at another address
 * has no published price, even if its owner enters the provider's name. A published price applies
 * only if the list contains the exact name of the model, because another version of the model might
 * cost more.
 */
public final class PublishedPrices {
  /** If the list is more than this many days old, users are warned. */
  public static final int OLD_AFTER_DAYS = 90;

  /** The list of published prices that is bundled with this version of Claviger. */
  public static final PublishedPrices BUNDLED = of(resource());

  private static final String FIRST_LINE = "as published on ";

  /**
   * The first version number of published prices. The version numbers of stored prices begin at 1
   * and never get this large.
   */
  private static final long FIRST_VERSION = 1_000_000_000_000_000L;

  private static final long MOST_OF_A_DAY = 10_000;

  private final LocalDate publishedOn;
  private final List<PublishedPrice> all;
  private final Map<String, Map<String, PublishedPrice>> byHost;

  private PublishedPrices(
      LocalDate publishedOn,
      List<PublishedPrice> all,
      Map<String, Map<String, PublishedPrice>> byHost) {
    this.publishedOn = publishedOn;
    this.all = List.copyOf(all);
    this.byHost = byHost;
  }

  /**
   * The published price of a model. The model can have several names.
   *
   * @param hosts the hosts to which the price applies; {@code *.example.com} matches all subdomains
   *     of {@code example.com}
   * @param source the page on which the provider publishes the price
   * @param mayReason whether the model might reason before it answers; false only if the list says
   *     that the model does not reason
   */
  public record PublishedPrice(
      List<String> hosts,
      String source,
      List<ModelName> models,
      Price price,
      ModelBounds bounds,
      boolean mayReason) {
    public PublishedPrice {
      hosts = List.copyOf(hosts);
      models = List.copyOf(models);
    }
  }

  /**
   * Reads a list. The bundled list, a resource of this package, explains the format.
   *
   * @throws IllegalArgumentException if the text is not a list in this format
   */
  static PublishedPrices of(String text) {
    Reader reader = new Reader();
    text.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(reader::read);
    return reader.done();
  }

  private static String resource() {
    try (InputStream in = PublishedPrices.class.getResourceAsStream("published-prices.txt")) {
      if (in == null) {
        throw new IllegalStateException("the program has no list of published prices");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Returns the day (UTC) with whose prices the whole list was last compared. Some prices are
   * newer.
   */
  public LocalDate publishedOn() {
    return publishedOn;
  }

  /** Whether these prices are so old that users are warned. */
  public boolean isOld(LocalDate today) {
    return publishedOn.plusDays(OLD_AFTER_DAYS).isBefore(today);
  }

  /**
   * Returns a text that states the age of the list. If the list is too old, the text also says how
   * to replace it.
   */
  public String age(LocalDate today) {
    String age =
        ("The prices that come with Claviger were last compared as a whole with those of %s,"
                + " %d days ago.")
            .formatted(publishedOn, ChronoUnit.DAYS.between(publishedOn, today));
    return isOld(today)
        ? age
            + " Providers may have changed their prices: import a list with claviger prices "
            + "import."
        : age;
  }

  public List<PublishedPrice> all() {
    return all;
  }

  /**
   * Finds the price of a model that is called at an endpoint. An endpoint without TLS has no
   * published price, because no provider serves its API without TLS.
   */
  Optional<PublishedPrice> find(Endpoint endpoint, UsageModel called) {
    if (!endpoint.isTls() || !endpoint.authority().equals(endpoint.host())) {
      return Optional.empty();
    }
    Map<String, PublishedPrice> models = modelsAt(endpoint);
    String plain = ModelPath.bare(called.name());
    return models == null ? Optional.empty() : Optional.ofNullable(models.get(plain));
  }

  private @Nullable Map<String, PublishedPrice> modelsAt(Endpoint endpoint) {
    Map<String, PublishedPrice> models = byHost.get(endpoint.host());
    int dot = models == null ? endpoint.host().indexOf('.') : -1;
    return dot < 0 ? models : byHost.get("*" + endpoint.host().substring(dot));
  }

  /** Finds the prices of all versions of a model at an endpoint. */
  List<Price> versionsOf(Endpoint endpoint, String model) {
    Map<String, PublishedPrice> models = modelsAt(endpoint);
    return models == null
        ? List.of()
        : models.entrySet().stream()
            .filter(each -> PriceNames.isVersion(each.getKey(), model))
            .map(each -> each.getValue().price())
            .toList();
  }

  /**
   * Returns the prices that have the given version numbers. Unknown version numbers are ignored.
   */
  public List<Price> ofVersions(Collection<Long> versions) {
    return all.stream()
        .map(PublishedPrice::price)
        .filter(price -> versions.contains(price.version()))
        .toList();
  }

  /**
   * Whether a model at an endpoint might reason before it answers. The result is true for a model
   * that is not in the list.
   */
  public boolean mayReason(Endpoint endpoint, String model) {
    return find(endpoint, UsageModel.called(model)).map(PublishedPrice::mayReason).orElse(true);
  }

  /** Reads the list line by line. */
  private static final class Reader {
    /** In a line of the list, these names stand for properties of a model and not for rates. */
    private static final Set<String> NO_RATES = Set.of("max_output", "context", "reasons");

    private static final String ABOVE = "above";
    private static final String TIER = "tier";

    private final List<PublishedPrice> all = new ArrayList<>();
    private final Map<String, Map<String, PublishedPrice>> byHost = new HashMap<>();
    private Optional<LocalDate> publishedOn = Optional.empty();
    private List<String> hosts = List.of();
    private String source = "";

    void read(String line) {
      if (line.startsWith("#")) {
        return;
      }
      if (line.startsWith(FIRST_LINE)) {
        publishedOn = Optional.of(LocalDate.parse(line.substring(FIRST_LINE.length())));
      } else if (line.startsWith("hosts ")) {
        hosts = words(line).subList(1, words(line).size());
      } else if (line.startsWith("source ")) {
        source = words(line).get(1);
      } else {
        int colon = line.indexOf(": ");
        add(words(line.substring(0, colon)), words(line.substring(colon + 2)));
      }
    }

    PublishedPrices done() {
      return new PublishedPrices(publishedOn.orElseThrow(), all, byHost);
    }

    private static List<String> words(String text) {
      return List.of(text.strip().split("\\s+"));
    }

    private void add(List<String> names, List<String> facts) {
      PublishedPrice price =
          new PublishedPrice(
              hosts,
              source,
              names.stream().map(ModelName::new).toList(),
              price(facts),
              new ModelBounds(bound(facts, "max_output"), bound(facts, "context")),
              !facts.contains("reasons"));
      all.add(price);
      for (String host : hosts) {
        for (String name : names) {
          Map<String, PublishedPrice> models = byHost.computeIfAbsent(host, h -> new HashMap<>());
          if (models.put(name, price) != null) {
            throw new IllegalArgumentException(name + " is listed twice");
          }
        }
      }
    }

    private Price price(List<String> facts) {
      LocalDate day = publishedOn.orElseThrow();
      List<List<String>> parts = parts(facts);
      Map<ServiceTier, Rates> tiers = new HashMap<>();
      List<Threshold> thresholds = new ArrayList<>();
      for (List<String> part : parts.subList(1, parts.size())) {
        Rates rates = rates(part.subList(2, part.size()));
        if (part.getFirst().equals(TIER)) {
          tiers.put(ServiceTier.of(part.get(1)), rates);
        } else {
          thresholds.add(new Threshold(Integer.parseInt(part.get(1)), rates));
        }
      }
      long version =
          FIRST_VERSION
              + day.atStartOfDay(ZoneOffset.UTC).toEpochSecond() / 86_400 * MOST_OF_A_DAY
              + all.size();
      return new Price(
          version,
          day,
          PriceTerms.of(rates(parts.getFirst())).withThresholds(thresholds).withTiers(tiers));
    }

    /**
     * Splits the facts about a model into lists. The first list has the properties that usually
     * apply. One further list follows for each threshold or service tier, and begins with the name
     * and the value of this threshold or tier.
     */
    private static List<List<String>> parts(List<String> facts) {
      List<List<String>> parts = new ArrayList<>();
      int from = 0;
      for (int i = 0; i < facts.size(); i++) {
        if (facts.get(i).equals(ABOVE) || facts.get(i).equals(TIER)) {
          parts.add(facts.subList(from, i));
          from = i;
        }
      }
      parts.add(facts.subList(from, facts.size()));
      return parts;
    }

    private static Rates rates(List<String> facts) {
      Map<Rate, Long> rates = new EnumMap<>(Rate.class);
      for (int i = 0; i < facts.size(); i += 2) {
        if (!NO_RATES.contains(facts.get(i))) {
          Rate rate = Rate.valueOf(facts.get(i).toUpperCase(Locale.ROOT));
          rates.put(rate, PicoDollars.parse(rate, new BigDecimal(facts.get(i + 1))));
        }
      }
      return new Rates(rates);
    }

    private static OptionalLong bound(List<String> facts, String name) {
      int at = facts.indexOf(name);
      return at < 0 ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(facts.get(at + 1)));
    }
  }
}
