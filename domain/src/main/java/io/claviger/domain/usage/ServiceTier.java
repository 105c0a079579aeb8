package io.claviger.domain.usage;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A provider's way of processing a call, on which the price depends. A tier is a name and not a
 * constant of an enum, because providers add new tiers. A text that can't be a tier's name is
 * treated as {@link #OTHER}.
 *
 * @param name the name as most providers spell it
 */
public record ServiceTier(String name) implements Comparable<ServiceTier> {
  private static final Pattern NAME = Pattern.compile("[a-z0-9_.-]{1,32}");

  /** The usual processing. Some providers call it {@code default} or {@code on_demand}. */
  public static final ServiceTier STANDARD = new ServiceTier("standard");

  /** Slower and cheaper processing. */
  public static final ServiceTier FLEX = new ServiceTier("flex");

  /** Faster and more expensive processing. */
  public static final ServiceTier PRIORITY = new ServiceTier("priority");

  /** Processing as part of a batch, within a day. */
  public static final ServiceTier BATCH = new ServiceTier("batch");

  /** Processing with throughput that was bought in advance. */
  public static final ServiceTier SCALE = new ServiceTier("scale");

  /**
   * Anthropic's processing in the United States. For other countries, Anthropic does not charge
   * higher prices.
   */
  public static final ServiceTier IN_US = new ServiceTier("us");

  /** Stands for all texts that can't be a tier's name. */
  public static final ServiceTier OTHER = new ServiceTier("other");

  /** All known names and their tiers, so that usual calls create no new objects. */
  private static final Map<String, ServiceTier> KNOWN =
      Map.ofEntries(
          Map.entry("", STANDARD),
          Map.entry("standard", STANDARD),
          Map.entry("default", STANDARD),
          // Anthropic's requests use this name.
          Map.entry("standard_only", STANDARD),
          // Groq and Gemini use the next six names.
          Map.entry("on_demand", STANDARD),
          Map.entry("service_tier_standard", STANDARD),
          Map.entry("flex", FLEX),
          Map.entry("service_tier_flex", FLEX),
          Map.entry("priority", PRIORITY),
          Map.entry("service_tier_priority", PRIORITY),
          // Vertex AI uses the next three names.
          Map.entry("on_demand_flex", FLEX),
          Map.entry("on_demand_priority", PRIORITY),
          Map.entry("provisioned_throughput", SCALE),
          Map.entry("batch", BATCH),
          Map.entry("scale", SCALE),
          Map.entry("other", OTHER));

  public ServiceTier {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("no tier can have that name");
    }
  }

  /**
   * Returns the tier that is named in a request or an answer. An empty text means the usual tier.
   * Requests can also say {@code auto}, which is not a tier but lets the provider choose: see
   * {@link #isChosenByProvider}.
   */
  public static ServiceTier of(String text) {
    ServiceTier known = KNOWN.get(text);
    if (known != null) {
      return known;
    }
    String lower = text.length() > 32 ? "" : text.toLowerCase(Locale.ROOT);
    return NAME.matcher(lower).matches()
        ? KNOWN.getOrDefault(lower, new ServiceTier(lower))
        : OTHER;
  }

  /**
   * Returns this tier, restricted to a country. The rates are multiplied by the factor of this tier
   * and by the factor of the country.
   *
   * @param country the usual tier in that country, such as {@link #IN_US}
   */
  public ServiceTier in(ServiceTier country) {
    return equals(STANDARD) ? country : of(name + "." + country.name);
  }

  /**
   * Returns this tier without its restriction to the United States; empty if there is no such
   * restriction.
   */
  public Optional<ServiceTier> elsewhere() {
    if (equals(IN_US)) {
      return Optional.of(STANDARD);
    }
    return name.endsWith(".us")
        ? Optional.of(of(name.substring(0, name.length() - ".us".length())))
        : Optional.empty();
  }

  /** Whether a request lets the provider choose the tier. */
  public static boolean isChosenByProvider(String text) {
    return text.isEmpty() || text.equalsIgnoreCase("auto");
  }

  /**
   * This method is written by hand for speed: deep in the stack of a call, the JVM would not inline
   * the generated method.
   */
  @Override
  public boolean equals(Object other) {
    return other instanceof ServiceTier tier && name.equals(tier.name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public int compareTo(ServiceTier other) {
    return name.compareTo(other.name);
  }
}
