package io.claviger.domain.definitions;

import io.claviger.domain.Fault;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.WireNamed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An endpoint with placeholders for the settings of a service: {@code
 * https://{region}.models.example/v1/{project}}. The value of a setting replaces only its
 * placeholder, and can change nothing else in the endpoint. A placeholder in the host is a part of
 * one label. A placeholder in the path is a part of one segment. Settings without a placeholder are
 * sent with each call, in the query or as a header.
 *
 * @param text the endpoint, with the names of settings in braces
 * @param settings the settings that are filled into the endpoint or sent with calls
 */
public record EndpointTemplate(String text, List<Setting> settings) {
  private static final int LONGEST = 2_048;
  private static final int LONGEST_LABEL = 63;
  private static final Pattern PLACE = Pattern.compile("\\{([a-z][a-z0-9_]{0,31})\\}");
  private static final Pattern LABEL = Pattern.compile("[a-z0-9](?:[a-z0-9-]*[a-z0-9])?");
  private static final Pattern SEGMENT =
      Pattern.compile("[A-Za-z0-9._~-]*[A-Za-z0-9_~-][A-Za-z0-9._~-]*");

  /**
   * The kind of a setting. The kind determines where in a request the setting is, and which
   * characters the setting can have.
   */
  public enum Kind implements WireNamed {
    /** Lower-case letters, digits and dashes, as in a label of a host's name. */
    LABEL(LONGEST_LABEL),
    /** Letters, digits and {@code . _ ~ -}, but not only dots. */
    SEGMENT(ServiceSettings.LONGEST_VALUE),
    /** Printable ASCII, sent as a query parameter and encoded as needed. */
    QUERY(ServiceSettings.LONGEST_VALUE),
    /** Printable ASCII, sent as a header. */
    HEADER(ServiceSettings.LONGEST_VALUE);

    private final int most;

    Kind(int most) {
      this.most = most;
    }

    public static Kind of(String name) {
      return WireNamed.find(values(), name)
          .orElseThrow(() -> new InvalidValue("settings", "one of label, segment, query, header"));
    }

    private boolean allows(String value) {
      return switch (this) {
        // A label with two dashes after the first two characters, such as xn--, would encode
        // another name.
        case LABEL -> EndpointTemplate.LABEL.matcher(value).matches() && value.indexOf("--") != 2;
        case SEGMENT -> EndpointTemplate.SEGMENT.matcher(value).matches();
        case QUERY, HEADER -> true;
      };
    }

    /**
     * Returns where in a request a setting of the given kind is sent; empty if the setting is part
     * of the endpoint.
     */
    public Optional<SentSettings.Place> place() {
      return switch (this) {
        case LABEL, SEGMENT -> Optional.empty();
        case QUERY -> Optional.of(SentSettings.Place.QUERY);
        case HEADER -> Optional.of(SentSettings.Place.HEADER);
      };
    }

    /** Returns a human-readable text that states the allowed values. */
    public String words() {
      return switch (this) {
        case LABEL -> "of a-z 0-9 and dashes";
        case SEGMENT -> "of A-Z a-z 0-9 . _ ~ -, but not only dots";
        case QUERY, HEADER -> "of printable ASCII";
      };
    }
  }

  /**
   * A setting that is a part of the endpoint or is sent with calls.
   *
   * @param longest the greatest length of the setting's value, in characters
   * @param as the name of the query parameter or header in which the setting is sent; empty if the
   *     setting is part of the endpoint
   * @param pattern a pattern that the value must match in addition to the rules of the kind
   */
  public record Setting(
      String name, Kind kind, int longest, Optional<String> as, Optional<SettingPattern> pattern) {
    public Setting {
      if (!ServiceSettings.isName(name)) {
        throw new InvalidValue(
            "settings", "names of 1 to 32 characters of a-z 0-9 _, beginning with a letter");
      }
      if (longest < 1 || longest > kind.most) {
        throw new InvalidValue(
            "settings",
            "a greatest length of 1 to %d for %s".formatted(kind.most, kind.wireName()));
      }
      if (as.isPresent() != kind.place().isPresent()) {
        throw new InvalidValue(
            "settings", "the name of the parameter or header for the kinds query and header only");
      }
      if (as.isPresent() && !kind.place().orElseThrow().allows(as.get())) {
        throw new InvalidValue(
            "settings",
            "parameter names of 1 to 64 of A-Z a-z 0-9 . _ ~ -, and names of headers that neither"
                + " HTTP nor the gateway controls");
      }
    }

    private Optional<Fault> fault(String value) {
      boolean fits =
          value.length() <= longest
              && kind.allows(value)
              && pattern.filter(form -> !form.matches(value)).isEmpty();
      return fits
          ? Optional.empty()
          : Optional.of(
              new Fault(
                  "/settings/" + name,
                  "invalid_value",
                  "%s: 1 to %d characters %s%s"
                      .formatted(
                          name,
                          longest,
                          kind.words(),
                          pattern.map(form -> " that match " + form).orElse(""))));
    }

    private Optional<SentSettings.Sent> sent(String value) {
      return kind.place().map(place -> new SentSettings.Sent(place, as.orElseThrow(), value));
    }
  }

  /**
   * The result of filling in settings: either the endpoint and the sent settings, or the faults of
   * the settings.
   */
  public sealed interface Result {
    /**
     * @param sent the settings that are sent with each call
     */
    record Made(Endpoint endpoint, SentSettings sent) implements Result {}

    record Refused(List<Fault> faults) implements Result {}
  }

  /**
   * @throws InvalidValue when the value of a setting could change more of the endpoint than its
   *     placeholder
   */
  public EndpointTemplate {
    settings = List.copyOf(settings);
    Map<String, Setting> named = new HashMap<>();
    for (Setting setting : settings) {
      if (named.put(setting.name(), setting) != null) {
        throw new InvalidValue("settings", "each name once");
      }
    }
    if (text.length() > LONGEST || settings.size() > ServiceSettings.MOST) {
      throw new InvalidValue("endpoint", "at most 2,048 characters and 32 settings");
    }
    demandOnePlaceEach(settings);
    Set<String> unused =
        settings.stream()
            .filter(setting -> setting.kind().place().isEmpty())
            .map(Setting::name)
            .collect(Collectors.toCollection(HashSet::new));
    int hostEnds = hostEnds(text);
    Matcher place = PLACE.matcher(text);
    while (place.find()) {
      Setting setting = named.get(place.group(1));
      if (setting == null || setting.kind().place().isPresent()) {
        throw new InvalidValue(
            "settings", "a label or segment for each name in braces in the endpoint");
      }
      if (place.start() < hostEnds && setting.kind() != Kind.LABEL) {
        throw new InvalidValue("settings", "the kind label for each setting in the host");
      }
      boolean unusedBefore = unused.remove(setting.name());
    }
    if (!unused.isEmpty()) {
      throw new InvalidValue(
          "settings", "only labels and segments that the endpoint names in braces");
    }
    demandFixed(text.substring(0, hostEnds));
    // This call also refuses braces that are not part of a placeholder, and placeholders where a
    // URL allows no names.
    Endpoint sample = Endpoint.of(filled(text, name -> "x"));
    if (!sample.url().equals(filled(text, name -> "x"))) {
      throw new InvalidValue(
          "endpoint",
          "the normal form, without capital letters in the host and without a slash at the end");
    }
  }

  private static void demandOnePlaceEach(List<Setting> settings) {
    List<SentSettings.Sent> sent =
        settings.stream().flatMap(setting -> setting.sent("x").stream()).toList();
    for (SentSettings.Sent one : sent) {
      if (sent.stream().filter(one::isAt).count() > 1) {
        throw new InvalidValue("settings", "each parameter and each header at most once");
      }
    }
  }

  /** Whether a text has placeholders and is therefore meant as a template. */
  public static boolean isMeant(String text) {
    return text.indexOf('{') >= 0;
  }

  private static int hostEnds(String text) {
    int scheme = text.indexOf("://");
    int path = scheme < 0 ? -1 : text.indexOf('/', scheme + 3);
    return path < 0 ? text.length() : path;
  }

  /** Checks that no placeholder is in the scheme, the port or the last two labels of the host. */
  private static void demandFixed(String origin) {
    int first = origin.indexOf('{');
    if (first < 0) {
      return;
    }
    int last = origin.lastIndexOf('}');
    String rest = origin.substring(last + 1);
    int port = origin.indexOf(':', origin.indexOf("://") + 1);
    boolean isFixed = first > origin.indexOf("://") && (port < 0 || last < port);
    String[] names = rest.split(":", -1)[0].split("\\.", -1);
    boolean isDomain =
        names.length >= 3
            && !names[names.length - 1].isEmpty()
            && Character.isLetter(names[names.length - 1].charAt(0));
    if (!isFixed || !isDomain) {
      throw new InvalidValue(
          "endpoint",
          "no settings in the scheme, in the port and in the last two names of the host");
    }
  }

  private static String filled(String text, UnaryOperator<String> values) {
    return PLACE
        .matcher(text)
        .replaceAll(place -> Matcher.quoteReplacement(values.apply(place.group(1))));
  }

  /**
   * Fills a service's settings into the endpoint. All settings of the template must be given, and
   * no other settings.
   */
  public Result rendered(ServiceSettings given) {
    List<Fault> faults = new ArrayList<>();
    for (Setting setting : settings) {
      String value = given.values().get(setting.name());
      if (value == null) {
        faults.add(
            Fault.required(
                "settings/" + setting.name(),
                "The provider needs the setting %s.".formatted(setting.name())));
      } else {
        setting.fault(value).ifPresent(faults::add);
      }
    }
    for (String name : given.values().keySet()) {
      if (settings.stream().noneMatch(setting -> setting.name().equals(name))) {
        faults.add(
            Fault.notAllowed(
                "settings/" + name, "The provider has no setting %s.".formatted(name)));
      }
    }
    if (!faults.isEmpty()) {
      return new Result.Refused(List.copyOf(faults));
    }
    try {
      Endpoint made =
          Endpoint.of(
              filled(text, name -> Optional.ofNullable(given.values().get(name)).orElseThrow()));
      if (Stream.of(made.host().split("\\.", -1)).anyMatch(l -> l.length() > LONGEST_LABEL)) {
        return tooLong();
      }
      return new Result.Made(
          made,
          new SentSettings(
              settings.stream()
                  .flatMap(
                      setting ->
                          Optional.ofNullable(given.values().get(setting.name()))
                              .flatMap(setting::sent)
                              .stream())
                  .toList()));
    } catch (InvalidValue e) {
      return tooLong();
    }
  }

  private static Result tooLong() {
    return new Result.Refused(
        List.of(
            new Fault(
                "/settings",
                "invalid_value",
                "shorter values, because the endpoint would be too long")));
  }
}
