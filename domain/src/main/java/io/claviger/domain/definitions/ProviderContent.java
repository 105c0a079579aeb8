package io.claviger.domain.definitions;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.WireNamed;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.fairness.LimitHeaders;
import io.claviger.domain.fairness.PaceLimit;
import io.claviger.domain.names.CallerField;
import io.claviger.domain.standards.ResponseHeader;
import io.claviger.domain.standards.WireFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The content of a provider's row in the database.
 *
 * @param apiStandard the default API standard of the provider's services; if empty, the default is
 *     the standard with the format's name
 * @param endpoint the default endpoint of the provider's services; empty if there is no default
 * @param template the endpoint with placeholders for a service's settings; present only if {@code
 *     endpoint} is empty
 * @param priceList the provider's name in price lists, if this name differs from the handle
 * @param adds the fields that the gateway adds to requests if they are missing
 */
public record ProviderContent(
    WireFormat format,
    Optional<Handle> apiStandard,
    Optional<Endpoint> endpoint,
    Optional<EndpointTemplate> template,
    Optional<String> priceList,
    LimitHeaders limits,
    Set<CallerField> adds,
    Set<Trait> traits) {
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,4}");
  private static final Pattern PRICE_LIST = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private static final List<CallerField> ADDABLE =
      Arrays.stream(CallerField.values()).filter(CallerField::mayBeAdded).toList();

  /** A property that only few providers have. */
  public enum Trait implements WireNamed {
    /**
     * The gateway asks streams for their usage, because the provider accepts {@code
     * stream_options}.
     */
    STREAMS_ASKED,
    /**
     * The gateway asks streams for their usage only if a budget counts the usage, because some
     * versions of the API might refuse the field.
     */
    STREAMS_ASKED_IF_COUNTED,
    /**
     * The provider obeys {@code max_completion_tokens}, and its newer models refuse {@code
     * max_tokens}.
     */
    NEWER_OUTPUT_FIELD,
    /**
     * Callers name deployments instead of the provider's models. The owner of a deployment chooses
     * its name.
     */
    DEPLOYMENTS,
    /** Requests in batches cost half as much as other calls. */
    HALVES_BATCHES;

    public static Trait of(String name) {
      return named("traits", List.of(Trait.values()), Trait::wireName, name);
    }
  }

  /**
   * @throws InvalidValue when limits are read from a header that borrowers could see
   */
  public ProviderContent {
    adds = Set.copyOf(adds);
    traits = Set.copyOf(traits);
    if (endpoint.isPresent() && template.isPresent()) {
      throw new InvalidValue(
          "endpoint", "either a complete endpoint or an endpoint with placeholders, not both");
    }
    priceList.ifPresent(
        name -> {
          if (!PRICE_LIST.matcher(name).matches()) {
            throw new InvalidValue("price_list", "1 to 64 of A-Z a-z 0-9 . _ -");
          }
        });
    LimitHeaders unused = permitted(limits);
    if (!ADDABLE.containsAll(adds)) {
      throw new InvalidValue("adds", "only fields that the documentation lists");
    }
  }

  /** Returns the content of a typical provider with this format. */
  public static ProviderContent of(WireFormat format) {
    return new ProviderContent(
        format,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        LimitHeaders.NONE,
        Set.of(),
        Set.of());
  }

  /**
   * Checks that limits may be read from the given headers.
   *
   * @throws InvalidValue when limits may not be read from one of the headers
   */
  public static LimitHeaders permitted(LimitHeaders limits) {
    if (limits.rows().size() > LimitHeaders.MOST_ROWS) {
      throw new InvalidValue("limits", "at most " + LimitHeaders.MOST_ROWS + " limits");
    }
    if (limits.names().anyMatch(name -> !tellsRates(name))) {
      throw new InvalidValue(
          "limits",
          "response headers in lower case that are known to state limits, because their names"
              + " contain ratelimit, rate-limit, tokenlimit, token-limit, call-limit or quota");
    }
    if (limits.names().distinct().count() != limits.names().count()) {
      throw new InvalidValue("limits", "each header once");
    }
    return limits;
  }

  /** Whether a header shows how much other people use. Borrowers never see such headers. */
  private static boolean tellsRates(String name) {
    try {
      return new ResponseHeader(name).tellsRates();
    } catch (InvalidValue e) {
      return false;
    }
  }

  /**
   * Returns the name of a field that may be added. The name distinguishes the two fields that both
   * have the name {@code store} in requests.
   */
  public static String added(CallerField field) {
    return field.name().toLowerCase(Locale.ROOT);
  }

  public static CallerField added(String name) {
    return named("adds", ADDABLE, ProviderContent::added, name);
  }

  public static PaceLimit limit(String name) {
    return named("limits", List.of(PaceLimit.values()), PaceLimit::wireName, name);
  }

  public static LimitHeaders.Window window(String name) {
    return named(
        "limits", List.of(LimitHeaders.Window.values()), LimitHeaders.Window::wireName, name);
  }

  public static LimitHeaders.Notation notation(String name) {
    return named(
        "limits", List.of(LimitHeaders.Notation.values()), LimitHeaders.Notation::wireName, name);
  }

  private static <E> E named(String field, List<E> all, Function<E, String> called, String name) {
    return all.stream()
        .filter(each -> called.apply(each).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidValue(
                    field, "one of " + String.join(", ", all.stream().map(called).toList())));
  }

  /**
   * Writes the content as a list of properties, each with its name and its value, such as {@code
   * format openai}.
   */
  public List<String> stored() {
    return Stream.of(
            Stream.of("format " + format.wireName()),
            apiStandard.stream().map(standard -> "api_standard " + standard.value()),
            endpoint.stream().map(url -> "endpoint " + url.url()),
            template.stream().map(url -> "endpoint " + url.text()),
            template.stream()
                .flatMap(url -> url.settings().stream())
                .map(each -> "setting " + line(each)),
            priceList.stream().map(name -> "price_list " + name),
            limits.rows().stream().map(row -> "limit " + line(row)),
            adds.stream().map(field -> "adds " + added(field)).sorted(),
            traits.stream().map(trait -> "trait " + trait.wireName()).sorted())
        .flatMap(Function.identity())
        .toList();
  }

  /**
   * Writes a setting as a line, such as {@code region label 20} or {@code api_version query 20
   * api-version}. A pattern may follow.
   */
  public static String line(EndpointTemplate.Setting setting) {
    return Stream.of(
            Stream.of(setting.name(), setting.kind().wireName(), "" + setting.longest()),
            setting.as().stream(),
            setting.pattern().stream().map(SettingPattern::text))
        .flatMap(Function.identity())
        .collect(Collectors.joining(" "));
  }

  /**
   * Writes a limit as a line that contains the limit's kind, its window, the notation of its values
   * and the names of its three headers.
   */
  public static String line(LimitHeaders.Row row) {
    return String.join(
        " ",
        row.limit().wireName(),
        row.window().wireName(),
        row.notation().wireName(),
        row.most(),
        row.remaining(),
        row.reset());
  }

  /**
   * Parses the properties that {@link #stored} wrote.
   *
   * @throws IllegalArgumentException when a property is not understood
   */
  public static ProviderContent ofStored(List<String> properties) {
    try {
      return understood(properties);
    } catch (InvalidValue e) {
      throw new IllegalArgumentException("a provider's row has an unknown value", e);
    }
  }

  private static ProviderContent understood(List<String> properties) {
    Optional<WireFormat> format = Optional.empty();
    Optional<Handle> apiStandard = Optional.empty();
    Optional<String> endpoint = Optional.empty();
    List<EndpointTemplate.Setting> settings = new ArrayList<>();
    Optional<String> priceList = Optional.empty();
    List<LimitHeaders.Row> limits = new ArrayList<>();
    Set<CallerField> adds = EnumSet.noneOf(CallerField.class);
    Set<Trait> traits = EnumSet.noneOf(Trait.class);
    for (String property : properties) {
      int space = property.indexOf(' ');
      String value = property.substring(space + 1);
      switch (property.substring(0, Math.max(space, 0))) {
        case "format" -> format = Optional.of(WireFormat.of(value));
        case "api_standard" -> apiStandard = Optional.of(new Handle(value));
        case "endpoint" -> endpoint = Optional.of(value);
        case "setting" -> settings.add(setting(value));
        case "price_list" -> priceList = Optional.of(value);
        case "limit" -> limits.add(row(value));
        case "adds" -> {
          boolean unused = adds.add(added(value));
        }
        case "trait" -> {
          boolean unused = traits.add(Trait.of(value));
        }
        default -> throw new IllegalArgumentException("a provider's row has an unknown property");
      }
    }
    return new ProviderContent(
        format.orElseThrow(() -> new IllegalArgumentException("a provider's row has no format")),
        apiStandard,
        plain(endpoint, settings),
        template(endpoint, settings),
        priceList,
        new LimitHeaders(limits),
        adds,
        traits);
  }

  /** Returns the endpoint that a provider's row states if the row has no settings. */
  public static Optional<Endpoint> plain(
      Optional<String> endpoint, List<EndpointTemplate.Setting> settings) {
    return isTemplate(endpoint, settings) ? Optional.empty() : endpoint.map(Endpoint::of);
  }

  /** Returns the endpoint that a provider's row states if the row has settings. */
  public static Optional<EndpointTemplate> template(
      Optional<String> endpoint, List<EndpointTemplate.Setting> settings) {
    return isTemplate(endpoint, settings)
        ? Optional.of(new EndpointTemplate(endpoint.orElse(""), settings))
        : Optional.empty();
  }

  private static boolean isTemplate(
      Optional<String> endpoint, List<EndpointTemplate.Setting> settings) {
    return !settings.isEmpty() || endpoint.filter(EndpointTemplate::isMeant).isPresent();
  }

  /**
   * Reads the line of a setting.
   *
   * @throws InvalidValue when the line does not describe a setting
   */
  public static EndpointTemplate.Setting setting(String line) {
    List<String> parts = List.of(line.split(" ", -1));
    if (parts.size() < 3 || !LENGTH.matcher(parts.get(2)).matches()) {
      throw unreadable();
    }
    EndpointTemplate.Kind kind = EndpointTemplate.Kind.of(parts.get(1));
    int needed = kind.place().isPresent() ? 4 : 3;
    if (parts.size() < needed || parts.size() > needed + 1) {
      throw unreadable();
    }
    return new EndpointTemplate.Setting(
        parts.get(0),
        kind,
        Integer.parseInt(parts.get(2)),
        parts.stream().skip(3).limit(needed - 3L).findFirst(),
        parts.stream().skip(needed).findFirst().map(SettingPattern::new));
  }

  private static InvalidValue unreadable() {
    return new InvalidValue(
        "settings",
        "name, kind and greatest length, such as region label 20. For query and header, the name"
            + " of the parameter or header follows. A pattern may come last");
  }

  /**
   * Reads a limit from the line that describes it.
   *
   * @throws InvalidValue when the line does not describe a limit
   */
  public static LimitHeaders.Row row(String line) {
    List<String> parts = List.of(line.split(" ", -1));
    if (parts.size() != 6) {
      throw new InvalidValue(
          "limits",
          "the limited unit, window and notation, and the headers for limit, remaining, reset");
    }
    return new LimitHeaders.Row(
        limit(parts.get(0)),
        window(parts.get(1)),
        notation(parts.get(2)),
        parts.get(3),
        parts.get(4),
        parts.get(5));
  }
}
