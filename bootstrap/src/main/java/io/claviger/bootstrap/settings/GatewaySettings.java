package io.claviger.bootstrap.settings;

import java.util.List;

/**
 * @param allowedPrivateHosts as written; what they mean is the gateway's to say
 * @param maxBodyBytes the largest request body that is passed on
 */
public record GatewaySettings(List<String> allowedPrivateHosts, long maxBodyBytes) {
  private static final long STANDARD_MAX_BODY = 64L << 20;

  public GatewaySettings {
    allowedPrivateHosts = List.copyOf(allowedPrivateHosts);
  }

  static GatewaySettings read(Environment environment) {
    return new GatewaySettings(
        environment.list("CLAVIGER_ALLOWED_PRIVATE_HOSTS"),
        environment.number("CLAVIGER_GATEWAY_MAX_BODY", 1, Long.MAX_VALUE, STANDARD_MAX_BODY));
  }
}
