package io.claviger.domain.instances;

import io.claviger.domain.InvalidValue;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The origins of web pages whose scripts may open a WebSocket with a service. If the service names
 * no origins, scripts of all origins may open a WebSocket. A script must present an access token
 * like any other caller.
 *
 * @param names the origins as browsers write them, such as {@code https://app.example.org}, in
 *     alphabetical order
 */
public record WebOrigins(List<String> names) {
  public static final WebOrigins ANY = new WebOrigins(List.of());

  /** The description of an origin's form, for messages. */
  public static final String FORM =
      "An origin as browsers write it: a scheme, a host and any port but the usual one, in lower"
          + " case and without a slash at the end, such as https://app.example.org or"
          + " http://localhost:5173";

  private static final int MOST = 16;

  /** The greatest length of an origin: a scheme, a name of 253 characters and a port. */
  private static final int LONGEST = 280;

  private static final int LAST_PORT = 65_535;

  /** Matches a scheme, a host and an optional port, as browsers write them. */
  private static final Pattern ORIGIN =
      Pattern.compile(
          "[a-z][a-z0-9+.-]*://(?:[a-z0-9_-]++(?:\\.[a-z0-9_-]++)*+|\\[[0-9a-f:.]+\\])(?::(?<port>[1-9]\\d{0,4}))?");

  /** Matches origins with the usual port of their scheme. Browsers never write this port. */
  private static final Pattern USUAL_PORT = Pattern.compile("http://.*:80|https://.*:443");

  /**
   * @throws InvalidValue if there are more than 16 origins, or if an origin is not written as
   *     browsers write it
   */
  public WebOrigins {
    if (names.size() > MOST) {
      throw new InvalidValue("allowed_origins", "At most 16 origins");
    }
    if (!names.stream().allMatch(WebOrigins::isOrigin)) {
      throw new InvalidValue("allowed_origins", FORM);
    }
    names = names.stream().distinct().sorted().toList();
  }

  /** Whether a text is an origin as browsers write it. */
  public static boolean isOrigin(String text) {
    Matcher origin = ORIGIN.matcher(text);
    return text.length() <= LONGEST
        && origin.matches()
        && (origin.group("port") == null || Integer.parseInt(origin.group("port")) <= LAST_PORT)
        && !USUAL_PORT.matcher(text).matches();
  }

  /**
   * Whether a page from the given origin may open a WebSocket.
   *
   * @param said the origin that the request states; empty if it states none, because it does not
   *     come from a web page
   */
  public boolean allow(List<String> said) {
    return said.isEmpty()
        || (said.size() == 1 && (names.isEmpty() || names.contains(said.getFirst())));
  }
}
