package io.claviger.domain.keys;

import io.claviger.domain.InvalidValue;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The name of a key outside of Claviger: in a PKCS#11 token (RFC 7512), or in the Transit engine of
 * Vault or OpenBao. The name contains no secret. A URI that contains an unknown attribute is
 * refused, because this attribute might be necessary to find the right key.
 */
public sealed interface KeyUri {
  /** The URI as it was written. */
  String text();

  /**
   * @throws InvalidValue if the text is not such a URI. The exception names {@code uri}; its
   *     message does not repeat the value, which might contain a PIN
   */
  static KeyUri of(String text) {
    if (text.startsWith(Pkcs11.SCHEME)) {
      return Pkcs11.of(text);
    }
    if (text.startsWith(Transit.SCHEME)) {
      return Transit.of(text);
    }
    throw invalid("begins with pkcs11: or transit:");
  }

  private static InvalidValue invalid(String rule) {
    return new InvalidValue("uri", rule);
  }

  /**
   * A key in a PKCS#11 token.
   *
   * @param token the attributes that the token must have, keyed by name: {@code token}, {@code
   *     manufacturer}, {@code model}, {@code serial}, {@code slot-id}. At least one of these
   *     attributes has to distinguish the token from other tokens
   * @param object the key's label
   * @param type {@code secret-key} or {@code private}; empty if the URI does not state it
   * @param modulePath the absolute path of the token's library
   */
  record Pkcs11(
      String text,
      Map<String, String> token,
      String object,
      Optional<String> type,
      String modulePath)
      implements KeyUri {
    static final String SCHEME = "pkcs11:";
    private static final int LONGEST = 1_000;
    // A comma in a URI has to be written as %2C, because commas separate the keys in a list.
    private static final Pattern TEXT = Pattern.compile("[A-Za-z0-9:/?#\\[\\]@!$&'()*+;=._~%-]+");
    private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9/._+-]+");
    private static final Set<String> OF_TOKEN =
        Set.of("token", "manufacturer", "model", "serial", "slot-id");
    private static final Set<String> TELLING = Set.of("token", "serial", "slot-id");
    private static final Set<String> TYPES = Set.of("secret-key", "private");

    public Pkcs11 {
      token = Map.copyOf(token);
    }

    private static Pkcs11 of(String text) {
      if (text.length() > LONGEST || !TEXT.matcher(text).matches()) {
        throw invalid("has at most 1,000 characters of RFC 7512, and %2C for a comma");
      }
      int query = text.indexOf('?');
      String path = text.substring(SCHEME.length(), query < 0 ? text.length() : query);
      Map<String, String> given = attributes(path, ";");
      Map<String, String> more = query < 0 ? Map.of() : attributes(text.substring(query + 1), "&");
      if (more.containsKey("pin-value") || more.containsKey("pin-source")) {
        throw invalid("contains no PIN: CLAVIGER_PKCS11_PIN_FILE names the file with the PIN");
      }
      if (given.containsKey("id")) {
        throw invalid("names a key by its label (object) and not by id");
      }
      Map<String, String> token = new LinkedHashMap<>();
      given.forEach(
          (name, value) -> {
            if (OF_TOKEN.contains(name)) {
              token.put(name, value);
            } else if (!name.equals("object") && !name.equals("type")) {
              throw invalid(
                  "has the attributes token, serial, slot-id, manufacturer, model, object and type");
            }
          });
      if (token.keySet().stream().noneMatch(TELLING::contains)) {
        throw invalid("names the token: token=LABEL, serial=… or slot-id=…");
      }
      if (token.containsKey("slot-id") && !token.get("slot-id").matches("[0-9]{1,18}")) {
        throw invalid("has a number as slot-id");
      }
      Optional<String> type = Optional.ofNullable(given.get("type"));
      if (type.isPresent() && !TYPES.contains(type.get())) {
        throw invalid("names a key of type secret-key or private");
      }
      return new Pkcs11(text, token, object(given), type, modulePath(more));
    }

    private static String object(Map<String, String> given) {
      String object = given.getOrDefault("object", "");
      if (object.isEmpty()) {
        throw invalid("names the key by its label: object=LABEL");
      }
      return object;
    }

    /**
     * Returns the path of the module. Only harmless characters are allowed, because the path is
     * written into the configuration of a Java security provider.
     */
    private static String modulePath(Map<String, String> query) {
      String path = query.getOrDefault("module-path", "");
      if (query.size() != 1 || !PATH.matcher(path).matches()) {
        throw invalid(
            "ends in ?module-path= and the absolute path of the token's library, of letters, digits"
                + " and /._+-");
      }
      return path;
    }

    private static Map<String, String> attributes(String text, String separator) {
      Map<String, String> attributes = new LinkedHashMap<>();
      for (String attribute : text.split(separator, -1)) {
        int equals = attribute.indexOf('=');
        if (equals < 1) {
          throw invalid("has attributes of the form name=value");
        }
        if (attributes.put(attribute.substring(0, equals), decoded(attribute.substring(equals + 1)))
            != null) {
          throw invalid("has each attribute once");
        }
      }
      return attributes;
    }

    private static String decoded(String value) {
      try {
        // In RFC 7512, a plus sign is an ordinary character, which the decoder would read as a
        // space.
        String text = URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') < 0) {
          return text;
        }
      } catch (IllegalArgumentException e) {
        // The code below throws an exception that states the fault.
      }
      throw invalid("has two hex digits after each %, for text in UTF-8");
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * A key of the Transit engine.
   *
   * @param mount the path where the engine is mounted
   * @param key the key's name in the engine
   */
  record Transit(String text, String mount, String key) implements KeyUri {
    static final String SCHEME = "transit:";
    private static final String STANDARD_MOUNT = "transit";
    private static final int MOST_SEGMENTS = 8;
    private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");

    private static Transit of(String text) {
      List<String> segments = Arrays.asList(text.substring(SCHEME.length()).split("/", -1));
      if (segments.size() > MOST_SEGMENTS
          || !segments.stream().allMatch(segment -> SEGMENT.matcher(segment).matches())) {
        throw invalid("names a key as transit:NAME or transit:MOUNT/NAME");
      }
      int last = segments.size() - 1;
      return new Transit(
          text,
          last == 0 ? STANDARD_MOUNT : String.join("/", segments.subList(0, last)),
          segments.get(last));
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
