package io.claviger.bootstrap.push;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.webhooks.WebhookUrl;

/**
 * The receiver of the audit trail: {@code syslog+tls://host:port}, or an https URL.
 *
 * @param syslog whether lines are sent as messages of syslog (RFC 5424, RFC 5425) and not in an
 *     HTTP request
 * @param url host and port, and for https also path and query
 */
public record PushTarget(boolean syslog, WebhookUrl url) {
  private static final String SYSLOG = "syslog+tls://";

  /**
   * @throws InvalidValue if the text is not such an address
   */
  public static PushTarget of(String address) {
    if (!address.startsWith(SYSLOG)) {
      return new PushTarget(false, WebhookUrl.of(address));
    }
    String authority = address.substring(SYSLOG.length());
    WebhookUrl url = WebhookUrl.of("https://" + authority);
    if (!authority.matches("[^/?]+:[0-9]+")) {
      throw new InvalidValue("url", "syslog+tls://host:port");
    }
    return new PushTarget(true, url);
  }

  /** Returns the host, without brackets if it is an IPv6 address. */
  public String host() {
    return url.host().startsWith("[")
        ? url.host().substring(1, url.host().length() - 1)
        : url.host();
  }
}
