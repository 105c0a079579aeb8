package io.claviger.bootstrap.settings;

import io.claviger.operator.Confidential;
import io.claviger.operator.StartRefused;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that the environment decides, checked.
 *
 * @param dataDirectory absolute; it need not exist yet
 * @param metricsToken asked for at {@code /metrics} where it is set
 */
public record Settings(
    ListenerSettings listeners,
    ConnectionSettings connections,
    ApiSettings api,
    QuotaSettings quotas,
    Path dataDirectory,
    DatabaseSettings database,
    KeySettings keys,
    GatewayListenerSettings gateway,
    LogSettings log,
    TrustedProxies trustedProxies,
    Optional<Confidential> metricsToken) {

  /**
   * What a command needs.
   *
   * @throws StartRefused with a line for every fault of the environment
   */
  public static Settings from(Map<String, String> variables) {
    return read(new Environment(variables));
  }

  /** What a server needs: besides, an encryption key where the database is the operator's own. */
  public static Settings forServing(Map<String, String> variables) {
    Environment environment = new Environment(variables);
    if (environment.text("DATABASE_URL").isPresent()
        && !environment.isSet("ENCRYPTION_KEY")
        && !environment.isSet("ENCRYPTION_KEY_FILE")) {
      environment.fault(
          "ENCRYPTION_KEY",
          "or ENCRYPTION_KEY_FILE is needed with DATABASE_URL: make one with `keys generate`");
    }
    return read(environment);
  }

  private static Settings read(Environment environment) {
    Settings settings =
        new Settings(
            ListenerSettings.read(environment),
            ConnectionSettings.read(environment),
            ApiSettings.read(environment),
            QuotaSettings.read(environment),
            dataDirectory(environment),
            DatabaseSettings.read(environment),
            KeySettings.read(environment),
            GatewayListenerSettings.read(environment),
            LogSettings.read(environment),
            TrustedProxies.read(environment),
            new SecretVariables(environment).token("CLAVIGER_METRICS_TOKEN", 1));
    environment.refuseIfFaulty();
    return settings;
  }

  private static Path dataDirectory(Environment environment) {
    try {
      return Path.of(environment.text("CLAVIGER_DATA_DIR").orElse("data"))
          .toAbsolutePath()
          .normalize();
    } catch (InvalidPathException e) {
      environment.fault("CLAVIGER_DATA_DIR", "is not a path");
      return Path.of("data");
    }
  }
}
