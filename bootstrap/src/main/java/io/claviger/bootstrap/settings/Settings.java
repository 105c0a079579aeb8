package io.claviger.bootstrap.settings;

import io.claviger.domain.accounts.AddressNets;
import io.claviger.host.Confidential;
import io.claviger.host.StartRefused;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * All settings from the environment, which have been checked.
 *
 * @param dataDirectory the absolute path; the directory need not exist yet
 * @param trustedProxies the proxies whose forwarding headers are trusted
 * @param certificateHeader the header in which these pass on the certificates of their callers
 * @param auditPush where the audit trail is pushed to, if anywhere
 * @param metricsToken the token that {@code /metrics} requires, if set
 * @param secretFiles the files that secrets were read from, by variable
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
    AmbientSettings ambient,
    LogSettings log,
    TelemetrySettings telemetry,
    AddressNets trustedProxies,
    Optional<String> certificateHeader,
    SignInSettings signIn,
    RetentionSettings retention,
    Optional<AuditPushSettings> auditPush,
    Optional<Confidential> metricsToken,
    Map<String, Path> secretFiles) {
  public Settings {
    secretFiles = Map.copyOf(secretFiles);
  }

  /**
   * Reads the settings for a command.
   *
   * @throws StartRefused with a line for every fault of the environment
   */
  public static Settings from(Map<String, String> variables) {
    Environment environment = new Environment(variables);
    Settings settings = read(environment);
    environment.refuseIfFaulty();
    return settings;
  }

  /**
   * Reads the settings for a server. If the database is the operator's, an encryption key is
   * required. The keys and private hosts are checked too, so that a refused start names all faults.
   *
   * @throws StartRefused with a line for every fault of the environment
   */
  public static Settings forServing(Map<String, String> variables) {
    Environment environment = new Environment(variables);
    if (DatabaseSettings.isOperators(environment)
        && !environment.isSet("ENCRYPTION_KEY")
        && !environment.isSet("ENCRYPTION_KEY_FILE")) {
      environment.fault(
          "ENCRYPTION_KEY",
          "or ENCRYPTION_KEY_FILE is needed with DATABASE_URL: make one with `keys generate`");
    }
    Settings settings = read(environment);
    ServingChecks.check(environment, settings);
    environment.refuseIfFaulty();
    return settings;
  }

  private static Settings read(Environment environment) {
    return new Settings(
        ListenerSettings.read(environment),
        ConnectionSettings.read(environment),
        ApiSettings.read(environment),
        QuotaSettings.read(environment),
        dataDirectory(environment),
        DatabaseSettings.read(environment),
        KeySettings.read(environment),
        GatewayListenerSettings.read(environment),
        AmbientSettings.read(environment),
        LogSettings.read(environment),
        TelemetrySettings.read(environment),
        TrustedProxies.read(environment),
        TrustedProxies.certificateHeader(environment),
        SignInSettings.read(environment),
        RetentionSettings.read(environment),
        AuditPushSettings.read(environment),
        new SecretVariables(environment).token("CLAVIGER_METRICS_TOKEN", 1),
        environment.secretFiles());
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
