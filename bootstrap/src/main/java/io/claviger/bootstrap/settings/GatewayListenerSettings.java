package io.claviger.bootstrap.settings;

import io.claviger.domain.InvalidValue;
import io.claviger.gateway.head.AllowedOrigins;
import io.claviger.gateway.head.BodySizes;
import java.util.List;

/**
 * @param allowedPrivateHosts the private hosts to which the gateway may connect, as the operator
 *     wrote them; the gateway parses this list
 * @param allowedOrigins the origins of web pages whose scripts may call the gateway
 * @param bodySizes the maximum sizes of the bodies of requests
 * @param rootPaths whether callers may use paths at the gateway's root, as at other gateways and at
 *     providers
 * @param importedTokens whether access tokens that another system issued are accepted
 */
public record GatewayListenerSettings(
    List<String> allowedPrivateHosts,
    AllowedOrigins allowedOrigins,
    BodySizes bodySizes,
    boolean rootPaths,
    boolean importedTokens) {

  /**
   * The largest setting for buffered bodies, because positions in a buffered body are 32-bit
   * numbers.
   */
  private static final long MOST_HELD_BODY = 1L << 30;

  public GatewayListenerSettings {
    allowedPrivateHosts = List.copyOf(allowedPrivateHosts);
  }

  static GatewayListenerSettings read(Environment environment) {
    return new GatewayListenerSettings(
        environment.list("CLAVIGER_ALLOWED_PRIVATE_HOSTS"),
        allowedOrigins(environment),
        bodySizes(environment),
        environment.isOn("CLAVIGER_GATEWAY_ROOT"),
        environment.isOn("CLAVIGER_IMPORTED_TOKENS"));
  }

  private static BodySizes bodySizes(Environment environment) {
    BodySizes usual = BodySizes.USUAL;
    return new BodySizes(
        environment.number("CLAVIGER_GATEWAY_MAX_BODY", 1, Long.MAX_VALUE, usual.most()),
        environment.number("CLAVIGER_GATEWAY_MAX_UPLOAD", 1, Long.MAX_VALUE, usual.mostUploaded()),
        environment.number("CLAVIGER_GATEWAY_HELD_BODY", 1, MOST_HELD_BODY, usual.mostHeld()));
  }

  private static AllowedOrigins allowedOrigins(Environment environment) {
    try {
      return AllowedOrigins.of(environment.list("CLAVIGER_GATEWAY_ALLOWED_ORIGINS"));
    } catch (InvalidValue e) {
      environment.fault("CLAVIGER_GATEWAY_ALLOWED_ORIGINS:", e.allowed());
      return AllowedOrigins.NONE;
    }
  }
}
