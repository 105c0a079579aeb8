package io.claviger.host;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Parses a database URL in JDBC or libpq syntax (PostgreSQL documentation, 32.1.1.2). In these two
 * syntaxes, some parameters have different names, and plus signs have different meanings. Removes
 * the user and password from the URL, both before the host and among the parameters.
 */
final class DatabaseUrl {
  private static final String HOST = "(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?";
  private static final Pattern SHAPE =
      Pattern.compile(
          "(?<scheme>jdbc:postgresql|postgres|postgresql)://"
              + "((?<user>[^:@/?#]*)(:(?<password>[^@/?#]*))?@)?"
              + ("(?<hosts>" + HOST + "(," + HOST + ")*)?")
              + "(/(?<database>[^/?#]*))?"
              + "(\\?(?<query>[^#]*))?");
  private static final Map<String, String> LIBPQ_NAMES =
      Map.of(
          "application_name", "ApplicationName",
          "connect_timeout", "connectTimeout",
          "channel_binding", "channelBinding",
          "require_auth", "requireAuth",
          "target_session_attrs", DatabaseAddress.SERVER_TYPE);
  private static final Map<String, String> LIBPQ_SERVER_TYPES =
      Map.of(
          "read-write", "primary",
          "read-only", "secondary",
          "standby", "secondary",
          "prefer-standby", "preferSecondary");

  private DatabaseUrl() {}

  /**
   * @throws IllegalArgumentException if the URL is invalid; the message is a clause with the
   *     reason, and repeats no text of the URL
   */
  static DatabaseAddress parse(String text) {
    Matcher url = SHAPE.matcher(text);
    if (!url.matches()) {
      throw new IllegalArgumentException(
          "must be jdbc:postgresql://host/database?user=…&password=… or"
              + " postgres://user:password@host/database, special characters percent-encoded");
    }
    boolean jdbc = url.group("scheme").startsWith("jdbc:");
    Map<String, String> parameters = parameters(url.group("query"), jdbc);
    Optional<String> user = credential(url.group("user"), parameters.remove("user"));
    Optional<String> password = credential(url.group("password"), parameters.remove("password"));
    String hosts = Optional.ofNullable(url.group("hosts")).orElse("localhost");
    checkPorts(hosts);
    String database = Optional.ofNullable(url.group("database")).orElse("");
    // The database's name is decoded here only to find broken percent signs, because the driver's
    // message about them would be harder to understand.
    decode(database, false);
    return new DatabaseAddress(
        "jdbc:postgresql://" + hosts + "/" + database + query(parameters),
        user,
        password.map(Confidential::of));
  }

  private static Map<String, String> parameters(@Nullable String query, boolean jdbc) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String part : Optional.ofNullable(query).orElse("").split("&", -1)) {
      if (part.isEmpty()) {
        continue;
      }
      String[] pair = part.split("=", 2);
      String name = decode(pair[0], jdbc);
      String value = pair.length == 2 ? decode(pair[1], jdbc) : "";
      if (!jdbc && name.equals("host")) {
        throw new IllegalArgumentException("must name its host before the database");
      }
      putParameter(parameters, name, value, jdbc);
    }
    return parameters;
  }

  private static void putParameter(
      Map<String, String> parameters, String name, String value, boolean jdbc) {
    String known = jdbc ? name : LIBPQ_NAMES.getOrDefault(name, name);
    boolean translated = !jdbc && known.equals(DatabaseAddress.SERVER_TYPE);
    parameters.put(known, translated ? LIBPQ_SERVER_TYPES.getOrDefault(value, value) : value);
  }

  private static Optional<String> credential(
      @Nullable String beforeHost, @Nullable String parameter) {
    if (beforeHost != null && !beforeHost.isEmpty()) {
      return Optional.of(decode(beforeHost, false));
    }
    return Optional.ofNullable(parameter);
  }

  private static String query(Map<String, String> parameters) {
    if (parameters.isEmpty()) {
      return "";
    }
    return parameters.entrySet().stream()
        .map(parameter -> encode(parameter.getKey()) + "=" + encode(parameter.getValue()))
        .collect(Collectors.joining("&", "?", ""));
  }

  private static void checkPorts(String hosts) {
    for (String host : hosts.split(",", -1)) {
      String port = host.replaceFirst("^(\\[.*]|[^:]*):?", "");
      if (!port.isEmpty() && (Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65_535)) {
        throw new IllegalArgumentException("names a port that is not a number from 1 to 65535");
      }
    }
  }

  private static String decode(String text, boolean plusIsSpace) {
    try {
      return URLDecoder.decode(
          plusIsSpace ? text : text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // The decoder's exception is left out as a cause, because its message repeats a part of the
      // text.
      throw new IllegalArgumentException("has a percent sign that two hex digits do not follow");
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
