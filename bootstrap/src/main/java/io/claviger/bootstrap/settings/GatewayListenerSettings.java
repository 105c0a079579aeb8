package io.claviger.bootstrap.settings;

import java.util.List;

/**
 * @param allowedPrivateHosts the entries as written; the gateway parses them
 * @param maxBodyBytes the largest request body that is forwarded
 */
public record GatewayListenerSettings(List<String> allowedPrivateHosts, long maxBodyBytes) {
  private static final long STANDARD_MAX_BODY = 64L << 20;

  public GatewayListenerSettings {
    allowedPrivateHosts = List.copyOf(allowedPrivateHosts);
  }

  static GatewayListenerSettings read(Environment environment) {
    return new GatewayListenerSettings(
        environment.list("CLAVIGER_ALLOWED_PRIVATE_HOSTS"),
        environment.number("CLAVIGER_GATEWAY_MAX_BODY", 1, Long.MAX_VALUE, STANDARD_MAX_BODY));
  }
}
