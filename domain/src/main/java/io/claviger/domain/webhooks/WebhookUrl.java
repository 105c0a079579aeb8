package io.claviger.domain.webhooks;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.definitions.Endpoint;
import java.util.regex.Pattern;

/**
 * The URL to which messages are posted: an absolute https URL without user info and fragment, of at
 * most 2,048 characters. Scheme and host are stored in normal form. Path and query are stored as
 * given.
 *
 * @param host the host name to resolve and to verify, or an IPv6 address in brackets
 * @param target the path and query, as in a request line
 */
public record WebhookUrl(String host, int port, String target) {
  private static final int LONGEST = 2_048;

  // The pattern is one character class without a group, because java.util.regex matches a repeated
  // group by recursion, and a long text could overflow the stack.
  private static final Pattern QUERY = Pattern.compile("[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*");

  /**
   * @throws InvalidValue if the text breaks a rule. The exception states {@code url} and the rule,
   *     but never the value
   */
  public static WebhookUrl of(String url) {
    int mark = url.indexOf('?');
    String base = mark < 0 ? url : url.substring(0, mark);
    String query = mark < 0 ? "" : url.substring(mark + 1);
    if (url.length() > LONGEST || !QUERY.matcher(query).matches()) {
      throw invalid();
    }
    Endpoint endpoint = endpoint(base);
    if (!endpoint.isTls()) {
      throw invalid();
    }
    boolean slash = endpoint.path().isEmpty() || base.endsWith("/");
    WebhookUrl normal =
        new WebhookUrl(
            endpoint.host(),
            endpoint.port(),
            endpoint.path() + (slash ? "/" : "") + (mark < 0 ? "" : "?" + query));
    if (normal.url().length() > LONGEST) {
      throw invalid();
    }
    return normal;
  }

  private static Endpoint endpoint(String base) {
    try {
      return Endpoint.of(base);
    } catch (InvalidValue e) {
      throw invalid();
    }
  }

  /** Returns the whole URL, with scheme and host in normal form. */
  public String url() {
    return "https://" + authority() + target;
  }

  /**
   * Returns the value of the {@code Host} header: the host, followed by the port if the port is not
   * 443.
   */
  public String authority() {
    return port == 443 ? host : host + ":" + port;
  }

  @Override
  public String toString() {
    return url();
  }

  private static InvalidValue invalid() {
    return new InvalidValue(
        "url",
        "an absolute https URL of at most 2,048 characters, without user info, fragment, dot"
            + " segments and encoded slashes");
  }
}
