package io.claviger.bootstrap.settings;

import io.claviger.application.shared.port.CountedKind;
import io.claviger.credentials.CredentialMinters;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.AddressNet;
import io.claviger.domain.accounts.AddressNets;
import io.claviger.domain.credentials.Cloud;
import io.claviger.host.Confidential;
import io.claviger.host.StartRefused;
import io.claviger.web.pages.Pages;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All settings from the operator's environment variables, after the checks of their values.
 *
 * @param dataDirectory the absolute path of the data directory, which need not exist yet
 * @param trustedProxies the only proxies whose forwarding headers are trusted
 * @param certificateHeader the header in which trusted proxies forward their callers' certificates;
 *     empty if there is none
 * @param auditPush the receiver of the pushed audit trail; empty if there is none
 * @param metricsToken the token for requests to {@code /metrics}; empty if they need no token
 * @param secretFiles the files from which secrets were read, keyed by the names of their variables,
 *     and the file of variables, keyed by the name of its option
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
   * @throws StartRefused if the environment has faults; the message has a line for each fault
   */
  public static Settings from(Map<String, String> variables) {
    return from(GivenVariables.of(variables));
  }

  /**
   * Reads the settings for a command.
   *
   * @throws StartRefused if the variables have faults; the message has a line for each fault
   */
  public static Settings from(GivenVariables given) {
    Environment environment = new Environment(given);
    Settings settings = read(environment);
    environment.refuseIfFaulty();
    return settings;
  }

  /**
   * Reads the settings for a server. An operator's own database requires an encryption key. This
   * method also checks the keys and the private hosts, so that a refused start reports all faults.
   *
   * @throws StartRefused if the environment has faults; the message has a line for each fault
   */
  public static Settings forServing(Map<String, String> variables) {
    return forServing(GivenVariables.of(variables));
  }

  /**
   * Reads the settings for a server, like {@link #forServing(Map)}.
   *
   * @throws StartRefused if the variables have faults; the message has a line for each fault
   */
  public static Settings forServing(GivenVariables given) {
    Environment environment = new Environment(given);
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

  /**
   * The settings of the API and the console.
   *
   * @param requestsPerMinute the number of requests per minute that this node accepts from a user,
   *     or, if the requests have no access token, from an address
   * @param keyAgeDays the age in days from which the console reminds owners that a key is old
   */
  public record ApiSettings(int requestsPerMinute, int keyAgeDays) {
    private static final String REQUESTS_PER_MINUTE = "CLAVIGER_API_REQUESTS_PER_MINUTE";
    private static final int STANDARD_REQUESTS_PER_MINUTE = 1_200;

    static ApiSettings read(Environment environment) {
      return new ApiSettings(
          (int)
              environment.number(REQUESTS_PER_MINUTE, 1, 10_000_000, STANDARD_REQUESTS_PER_MINUTE),
          (int)
              environment.number(
                  "CLAVIGER_KEY_AGE_DAYS", 1, 36_500, Pages.Settings.STANDARD_KEY_AGE));
    }
  }

  /**
   * The limits on open connections, for each of the two listeners.
   *
   * @param most the maximum number of connections from all addresses together
   * @param mostPerAddress the maximum number of connections from one IPv4 address or IPv6 /64
   *     network. This limit does not apply to trusted proxies, which many callers share
   */
  public record ConnectionSettings(int most, int mostPerAddress) {
    private static final String MOST = "CLAVIGER_MAX_CONNECTIONS";
    private static final String MOST_PER_ADDRESS = "CLAVIGER_MAX_CONNECTIONS_PER_ADDRESS";
    private static final int LARGEST = 1_000_000;
    private static final int STANDARD_MOST = 4_096;
    private static final int STANDARD_PER_ADDRESS = 1_024;

    /**
     * Reads the settings. If only {@code most} is set, and is below the default per address, {@code
     * most} is also the limit per address.
     */
    static ConnectionSettings read(Environment environment) {
      int most = (int) environment.number(MOST, 1, LARGEST, STANDARD_MOST);
      int standard = Math.min(most, STANDARD_PER_ADDRESS);
      int perAddress = (int) environment.number(MOST_PER_ADDRESS, 1, LARGEST, standard);
      if (perAddress > most) {
        environment.fault(MOST_PER_ADDRESS, "must not exceed " + MOST + ", which is " + most);
      }
      return new ConnectionSettings(most, perAddress);
    }
  }

  /**
   * Whether system-level services may use the identity of the machine or pod on which Claviger
   * runs.
   *
   * @param clouds the clouds whose identities system-level services may use
   * @param variables the environment variables in which clouds state where to get the identity;
   *     empty if there is no cloud
   */
  public record AmbientSettings(Set<Cloud> clouds, Map<String, String> variables) {
    private static final String NAME = "CLAVIGER_AMBIENT";

    public AmbientSettings {
      clouds = Set.copyOf(clouds);
      variables = Map.copyOf(variables);
    }

    static AmbientSettings read(Environment environment) {
      Set<Cloud> clouds = EnumSet.noneOf(Cloud.class);
      for (String name : environment.list(NAME)) {
        try {
          clouds.add(Cloud.of(name));
        } catch (InvalidValue e) {
          environment.fault(NAME, "may name " + e.allowed());
        }
      }
      return new AmbientSettings(
          clouds,
          clouds.isEmpty() ? Map.of() : environment.ofOthers(CredentialMinters.CLOUD_VARIABLES));
    }
  }

  /**
   * The quotas: for each kind of thing, such as services or tokens, the maximum number that a user
   * may have.
   *
   * @param most the quotas, keyed by the kind of thing. If a kind is missing, the number of its
   *     things is not limited
   */
  public record QuotaSettings(Map<CountedKind, Integer> most) {
    private static final int LARGEST = 10_000_000;
    private static final int STANDARD = 1_000;
    private static final int STANDARD_SHARES = 10_000;
    private static final int STANDARD_TRANSFERS = 100;

    public QuotaSettings {
      most = Map.copyOf(most);
    }

    static QuotaSettings read(Environment environment) {
      Map<CountedKind, Integer> most = new EnumMap<>(CountedKind.class);
      for (CountedKind kind : CountedKind.values()) {
        most.put(kind, (int) environment.number(variable(kind), 0, LARGEST, standard(kind)));
      }
      return new QuotaSettings(most);
    }

    private static int standard(CountedKind kind) {
      return switch (kind) {
        case SHARE -> STANDARD_SHARES;
        case TRANSFER -> STANDARD_TRANSFERS;
        case TOKEN, SERVICE, DEFINITION, PROJECT, USER_KEY -> STANDARD;
      };
    }

    private static String variable(CountedKind kind) {
      return switch (kind) {
        case TOKEN -> "CLAVIGER_MAX_TOKENS_PER_USER";
        case SERVICE -> "CLAVIGER_MAX_SERVICES_PER_USER";
        case DEFINITION -> "CLAVIGER_MAX_DEFINITIONS_PER_USER";
        case PROJECT -> "CLAVIGER_MAX_PROJECTS_PER_USER";
        case SHARE -> "CLAVIGER_MAX_SHARES_PER_USER";
        case TRANSFER -> "CLAVIGER_MAX_OPEN_TRANSFERS_PER_USER";
        case USER_KEY -> "CLAVIGER_MAX_USER_KEYS_PER_USER";
      };
    }
  }

  /**
   * Reads the addresses whose forwarding headers are trusted. Without any addresses, no forwarding
   * headers are trusted. Host names are refused, because with them, everybody who controls a name's
   * DNS entry would be trusted.
   */
  private static final class TrustedProxies {
    private static final String HEADER = "CLAVIGER_CLIENT_CERT_HEADER";
    private static final String NAME = "CLAVIGER_TRUSTED_PROXIES";

    private TrustedProxies() {}

    /**
     * Reads the name of the header in which trusted proxies forward their callers' certificates.
     */
    static Optional<String> certificateHeader(Environment environment) {
      Optional<String> name = environment.text(HEADER);
      if (name.isPresent() && !name.get().matches("[A-Za-z0-9][A-Za-z0-9-]{0,63}")) {
        environment.fault(HEADER, "must be the name of a header, such as Client-Cert");
      } else if (name.isPresent() && !environment.isSet(NAME)) {
        environment.fault(HEADER, "needs " + NAME + ": only these may name certificates");
      }
      return name;
    }

    static AddressNets read(Environment environment) {
      List<AddressNet> nets = new ArrayList<>();
      for (String text : environment.list(NAME)) {
        Optional<AddressNet> net = AddressNet.parse(text).filter(one -> !one.isEverything());
        if (net.isEmpty()) {
          environment.fault(
              NAME,
              AddressNet.otherBits(text)
                  .map(why -> "is not understood: " + why)
                  .orElse(
                      "must be addresses or nets such as 10.1.0.0/16, separated by commas: no names,"
                          + " and not all addresses"));
          break;
        }
        nets.add(net.get());
      }
      return new AddressNets(nets);
    }
  }
}
