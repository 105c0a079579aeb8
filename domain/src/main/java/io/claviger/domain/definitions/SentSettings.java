package io.claviger.domain.definitions;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.WireNamed;
import io.claviger.domain.standards.GovernedHeaders;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The settings of a service that are sent with each call, as query parameters or headers. The sent
 * settings are computed from the service's settings and the provider's row in the database when
 * somebody writes the service. Keys are bound to the sent settings. These settings are not secret.
 */
public record SentSettings(List<Sent> all) {
  public static final SentSettings NONE = new SentSettings(List.of());

  private static final Pattern PARAMETER = Pattern.compile("[A-Za-z0-9._~-]{1,64}");
  private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}");
  private static final Pattern VALUE = Pattern.compile("[!-~](?:[ -~]*[!-~])?");

  /** Where in a request a setting is sent. */
  public enum Place implements WireNamed {
    QUERY,
    HEADER;

    /**
     * Whether a setting can be sent in this place, as a query parameter or a header, under the
     * given name.
     *
     * @return false, for example, for headers that HTTP or the gateway itself controls
     */
    boolean allows(String name) {
      return switch (this) {
        case QUERY -> PARAMETER.matcher(name).matches();
        case HEADER ->
            SentSettings.HEADER.matcher(name).matches() && !GovernedHeaders.governs(name);
      };
    }
  }

  /**
   * A setting in the form in which it is sent.
   *
   * @param name the name of the parameter or header
   * @param value the value, not yet encoded for a query
   */
  public record Sent(Place place, String name, String value) {
    /**
     * @throws InvalidValue when the value can't be sent in this place, or could change other parts
     *     of the request
     */
    public Sent {
      if (!place.allows(name)
          || value.length() > ServiceSettings.LONGEST_VALUE
          || !VALUE.matcher(value).matches()) {
        throw new InvalidValue("settings", "names and values that can be sent");
      }
    }

    /** Whether both settings have the same place and, ignoring case, the same name. */
    boolean isAt(Sent other) {
      return place == other.place && name.equalsIgnoreCase(other.name);
    }

    /** Writes the setting as a line, such as {@code query api-version=2024-10-21}. */
    public String line() {
      return place.wireName() + " " + name + "=" + value;
    }

    private static Sent of(String line) {
      int space = line.indexOf(' ');
      int equals = line.indexOf('=');
      if (space < 0 || equals < space) {
        throw new InvalidValue("settings", "a place, a name and a value");
      }
      String place = line.substring(0, space);
      return new Sent(
          WireNamed.of(Place.values(), place, "settings"),
          line.substring(space + 1, equals),
          line.substring(equals + 1));
    }
  }

  public SentSettings {
    all = List.copyOf(all);
  }

  /**
   * Parses the lines that {@link #lines} wrote.
   *
   * @throws InvalidValue if the row was changed without Claviger
   */
  public static SentSettings of(List<String> lines) {
    return lines.isEmpty() ? NONE : new SentSettings(lines.stream().map(Sent::of).toList());
  }

  public List<String> lines() {
    return all.stream().map(Sent::line).toList();
  }

  public boolean isEmpty() {
    return all.isEmpty();
  }

  public List<String> names(Place place) {
    return all.stream().filter(sent -> sent.place == place).map(Sent::name).toList();
  }
}
