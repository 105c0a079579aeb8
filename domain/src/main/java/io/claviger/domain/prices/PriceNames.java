package io.claviger.domain.prices;

import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.formats.ModelPath;
import io.claviger.domain.usage.UsageModel;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names under which the price of a model is looked up. The name in the call comes first. The
 * first name with a price is used.
 *
 * <p>A name is also looked up in shorter forms: without a date at its end, as in {@code
 * gpt-4o-2024-08-06}, without {@code -latest} at its end, and without {@code models/} at its
 * beginning. Providers offer the same models under both the long and the short names. A fine-tuned
 * model ({@code ft:gpt-4o:acme::7p4lURel}) is looked up as {@code ft:gpt-4o}, and never under the
 * name of its base model, because the base model costs less. In all other names, the part after a
 * colon is kept, because endings such as {@code :free} or {@code :nitro} change the price. Only the
 * ending {@code :latest} is removed.
 *
 * <p>An Amazon resource name (ARN) of a foundation model or an inference profile is also looked up
 * by the id at its end. An application's profile has a random id, and therefore no price of its
 * own.
 *
 * <p>The owner of an Azure deployment chooses its name. If this name has no price, the price of the
 * model in the service's settings is used.
 */
public final class PriceNames {
  /** A date at the end: 2024-08-06, 20240806 or 08-2024, after a hyphen or an at sign. */
  private static final Pattern DATED =
      Pattern.compile("(.+)[-@](?:20\\d{2}-\\d{2}-\\d{2}|20\\d{6}|\\d{2}-20\\d{2})");

  private static final Pattern LATEST = Pattern.compile("(.+)[-:]latest");
  private static final Pattern FINE_TUNED = Pattern.compile("ft:([^:]+):.*");

  private static final Pattern RESOURCE =
      Pattern.compile(
          "arn:aws[a-z-]*:bedrock:[^/]*:(?:foundation-model|inference-profile)/([^/]+)");

  /** The ending that marks the name of a version: a date or a number. */
  private static final Pattern VERSION = Pattern.compile("[-@]v?\\d[\\d.-]*");

  private PriceNames() {}

  /**
   * The called name without {@code -latest} at its end, if a version of the model can answer calls
   * of that name. Empty if the name is itself the name of a version.
   */
  public static Optional<String> alias(UsageModel called) {
    String name = called.name();
    String plain = ModelPath.bare(name);
    String base = without(LATEST, plain);
    return !called.isKnown() || base.isEmpty() || DATED.matcher(base).matches()
        ? Optional.empty()
        : Optional.of(base);
  }

  /** Whether a name is that of a model's version. */
  public static boolean isVersion(String name, String alias) {
    return name.startsWith(alias) && VERSION.matcher(name.substring(alias.length())).matches();
  }

  /**
   * @param own the model in the service's settings
   * @return at most eight names; an empty list if the called model is unknown
   */
  public static List<String> of(Provider provider, UsageModel called, Optional<ModelName> own) {
    if (!called.isKnown()) {
      return List.of();
    }
    Set<String> names = new LinkedHashSet<>(variants(called.name()));
    if (needsOwnModel(provider)) {
      own.map(model -> variants(model.value())).ifPresent(names::addAll);
    }
    return List.copyOf(names);
  }

  /**
   * The name that all dated versions of a model share. Models with the same shared name have the
   * same price.
   */
  public static String undated(String name) {
    return variants(name).getLast();
  }

  /**
   * Whether the names that callers use are not names of the provider's models, but for example of
   * deployments.
   */
  public static boolean needsOwnModel(Provider provider) {
    return provider.namesDeployments();
  }

  private static List<String> variants(String name) {
    List<String> names = new ArrayList<>();
    names.add(name);
    String plain = ModelPath.bare(name);
    Matcher resource = RESOURCE.matcher(name);
    if (resource.matches()) {
      names.addAll(variants(resource.group(1)));
      return names;
    }
    Matcher tuned = FINE_TUNED.matcher(plain);
    String base = tuned.matches() ? "ft:" + tuned.group(1) : plain;
    for (String each : List.of(base, without(LATEST, base), without(DATED, base))) {
      if (!each.isEmpty() && !names.contains(each)) {
        names.add(each);
      }
    }
    return names;
  }

  private static String without(Pattern ending, String name) {
    Matcher found = ending.matcher(name);
    return found.matches() ? found.group(1) : name;
  }
}
