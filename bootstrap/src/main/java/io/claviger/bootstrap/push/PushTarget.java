package io.claviger.bootstrap.push;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.AddressLiteral;
import io.claviger.domain.webhooks.WebhookUrl;

/**
 * The receiver of the pushed audit trail: {@code syslog+tls://host:port}, or an https URL.
 *
 * @param syslog whether lines are sent as syslog messages (RFC 5424, RFC 5425); otherwise, they are
 *     sent in an HTTP request
 * @param url the host and port, and for https also the path and query
 */
public record PushTarget(boolean syslog, WebhookUrl url) {
  private static final String SYSLOG = "syslog+tls://";

  /**
   * @throws InvalidValue if the text is neither a {@code syslog+tls} address nor an https URL
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

  /** Returns the receiver's host, without brackets around an IPv6 address. */
  public String host() {
    return AddressLiteral.bare(url.host());
  }
}
