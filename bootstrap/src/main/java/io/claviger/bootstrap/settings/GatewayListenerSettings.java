package io.claviger.bootstrap.settings;

import java.util.List;

/**
 * @param allowedPrivateHosts as written; what they mean is the gateway's to say
 * @param maxBodyBytes the largest request body that is passed on
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
