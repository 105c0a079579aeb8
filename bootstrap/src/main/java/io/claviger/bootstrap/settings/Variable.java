package io.claviger.bootstrap.settings;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An environment variable of Claviger. {@link #ALL} is the only list of these variables. {@link
 * Environment} reads only variables of this list. The command line's help shows the list, and a
 * test compares it with the documentation.
 *
 * @param name the variable's name; for deployment keys, the pattern of the names
 * @param standard the default value, in words
 * @param meaning one line that explains the variable to the operator
 */
public record Variable(String name, String standard, String meaning) {
  /**
   * The prefix of the names of variables with deployment keys. The provider's name follows this
   * prefix.
   */
  static final String DEPLOYMENT_KEY = "CLAVIGER_DEPLOYMENT_KEY_";

  static final String FILE = "_FILE";

  /** The prefix of the names of OpenTelemetry's variables. */
  static final String TELEMETRY = "OTEL_";

  public static final List<Variable> ALL =
      List.of(
          of("CLAVIGER_HOST", "127.0.0.1", "address to which both listeners are bound"),
          of("CLAVIGER_PORT", "8080", "port of the API and its documentation; 0 picks a free one"),
          of("CLAVIGER_GATEWAY_PORT", "8081", "port of the gateway; 0 picks a free one"),
          of("CLAVIGER_GATEWAY_URL", "host and port", "the gateway's URL as callers see it"),
          of(
              "CLAVIGER_WARM_UP_SECONDS",
              "0, distribution 3",
              "seconds for which a node calls itself before it serves others"),
          of(
              "CLAVIGER_HEAP",
              "512m",
              "maximum memory of the heap, such as 2g; can't be set in a file"),
          of(
              "CLAVIGER_DRAIN_SECONDS",
              "0",
              "seconds for which a node stays open, but not ready, after SIGTERM"),
          of("CLAVIGER_DATA_DIR", "./data", "directory of the embedded database and its secrets"),
          of(
              "DATABASE_URL",
              "embedded",
              "postgres://user:password@host/name; PostgreSQL 15 or newer"),
          of("DATABASE_URL_FILE", "none", "file with DATABASE_URL"),
          of(
              "CLAVIGER_EMBEDDED_DATABASE",
              "on",
              "off: no embedded database, so that DATABASE_URL is needed"),
          of(
              "CLAVIGER_DATABASE_POOL",
              "10",
              "database connections of the API and tasks; calls have up to 8 more"),
          of(
              "CLAVIGER_MIGRATION_DATABASE_URL",
              "DATABASE_URL",
              "database address with the role that owns the schema"),
          of(
              "CLAVIGER_MIGRATION_DATABASE_URL_FILE",
              "none",
              "file with the address for CLAVIGER_MIGRATION_DATABASE_URL"),
          of(
              "CLAVIGER_DIRECT_DATABASE_URL",
              "DATABASE_URL",
              "database address that bypasses a connection pooler"),
          of(
              "CLAVIGER_DIRECT_DATABASE_URL_FILE",
              "none",
              "file with the address for CLAVIGER_DIRECT_DATABASE_URL"),
          of(
              "ENCRYPTION_KEY",
              "made if embedded",
              "encryption keys that seal stored keys, separated by commas"),
          of("ENCRYPTION_KEY_FILE", "none", "file with the encryption keys, one per line"),
          of("CLAVIGER_KEY_WAIT", "60", "seconds that a start waits for its wrapping keys"),
          of("CLAVIGER_PKCS11_PIN_FILE", "none", "file with the PIN of PKCS#11 tokens"),
          of(
              "CLAVIGER_ISSUER_KEY",
              "sealed",
              "key outside of Claviger that signs statements about services"),
          of("VAULT_ADDR", "none", "address of Vault or OpenBao, for keys named by transit:"),
          of("VAULT_TOKEN_FILE", "none", "file with the token for Vault"),
          of(
              "VAULT_CACERT",
              "public ones",
              "file with the authorities of Vault's certificate, in PEM"),
          of(
              "CLAVIGER_ADMIN_TOKEN",
              "made if embedded",
              "access token of root, 32 to 4096 characters"),
          of("CLAVIGER_ADMIN_TOKEN_FILE", "none", "file with root's access token"),
          of(
              DEPLOYMENT_KEY + "<PROVIDER>",
              "none",
              "API key for system-level services of a provider"),
          of(
              DEPLOYMENT_KEY + "<PROVIDER>" + FILE,
              "none",
              "file with the API key for system-level services of a provider"),
          of("CLAVIGER_ALLOWED_PRIVATE_HOSTS", "none", "private addresses that services may call"),
          of(
              "CLAVIGER_AMBIENT",
              "none",
              "clouds whose machine identities system-level services may use"),
          of(
              "CLAVIGER_GATEWAY_MAX_BODY",
              "67108864",
              "largest request body at the gateway, in bytes"),
          of(
              "CLAVIGER_GATEWAY_MAX_UPLOAD",
              "2147483648",
              "largest upload of a file to be stored at a provider, in bytes"),
          of(
              "CLAVIGER_GATEWAY_HELD_BODY",
              "33554432",
              "largest body in which the model selects the service, in bytes"),
          of(
              "CLAVIGER_GATEWAY_ALLOWED_ORIGINS",
              "none",
              "origins of web pages whose scripts may call the gateway"),
          of("CLAVIGER_GATEWAY_ROOT", "on", "off: only paths below /gateway/ are served"),
          of("CLAVIGER_IMPORTED_TOKENS", "on", "off: tokens of other systems are refused"),
          of("CLAVIGER_TRUSTED_PROXIES", "none", "proxies whose forwarding headers are trusted"),
          of(
              "CLAVIGER_CLIENT_CERT_HEADER",
              "none",
              "header in which trusted proxies pass on their callers' certificates"),
          of("CLAVIGER_TLS_CERT", "none", "file with the certificate for TLS, in PEM"),
          of(
              "CLAVIGER_TLS_KEY",
              "none",
              "file with the private key of the TLS certificate, in PEM"),
          of(
              "CLAVIGER_TLS_CLIENT_CA",
              "none",
              "file with the authorities whose certificates every caller needs"),
          of("CLAVIGER_PUBLIC_URL", "host and port", "the API's URL as browsers see it"),
          of(
              "CLAVIGER_ISSUER_URL",
              "CLAVIGER_PUBLIC_URL",
              "where providers read the keys that sign statements about services"),
          of("CLAVIGER_OIDC_ISSUER", "none", "OpenID provider at which people sign in"),
          of("CLAVIGER_OIDC_CLIENT_ID", "none", "Claviger's client id at the OpenID provider"),
          of(
              "CLAVIGER_OIDC_CLIENT_SECRET",
              "none",
              "Claviger's client secret at the OpenID provider"),
          of("CLAVIGER_OIDC_CLIENT_SECRET_FILE", "none", "file with CLAVIGER_OIDC_CLIENT_SECRET"),
          of(
              "CLAVIGER_OIDC_SCOPES",
              "openid profile email offline_access",
              "scopes that sign-ins request"),
          of(
              "CLAVIGER_OIDC_HANDLE_CLAIM",
              "preferred_username",
              "claim from which a new user's handle is made"),
          of(
              "CLAVIGER_OIDC_HANDLE_DOMAIN",
              "none",
              "domain that is removed, with the @, from handles, such as example.org"),
          of("CLAVIGER_OIDC_GROUPS_CLAIM", "none", "claim that lists a person's groups"),
          of(
              "CLAVIGER_OIDC_GROUPS",
              "none",
              "groups to take over: values, or prefixes with * (comma-separated)"),
          of(
              "CLAVIGER_OIDC_ADMIN_GROUP",
              "none",
              "value of the groups claim that makes a person an administrator"),
          of(
              "CLAVIGER_OIDC_ALLOWED_GROUPS",
              "all",
              "values of the groups claim; people need one of them to sign in"),
          of(
              "CLAVIGER_OIDC_MAX_AGE",
              "7d",
              "time for which a sign-in without offline access lasts"),
          of(
              "CLAVIGER_SCIM_SUBJECT",
              "externalId=sub",
              "SCIM attribute and the sign-in claim that equals it"),
          of(
              "CLAVIGER_SCIM_ADMIN_GROUP",
              "off",
              "on: the administrators' group counts even while SCIM manages groups"),
          of("CLAVIGER_SCIM_DELETE", "off", "on: SCIM deletes users; off: it only suspends them"),
          of(
              "CLAVIGER_LOCAL_SIGN_IN",
              "on",
              "off: only root may sign in without the OpenID provider"),
          of(
              "CLAVIGER_MAX_CONNECTIONS",
              "4096",
              "maximum number of open connections of each listener"),
          of(
              "CLAVIGER_MAX_CONNECTIONS_PER_ADDRESS",
              "1024",
              "maximum number of open connections from one address"),
          of(
              "CLAVIGER_API_REQUESTS_PER_MINUTE",
              "1200",
              "API requests per minute that one user may send to this node"),
          of(
              "CLAVIGER_KEY_AGE_DAYS",
              "90",
              "age in days at which the console reminds owners of a key"),
          of(
              "CLAVIGER_MAX_TOKENS_PER_USER",
              "1000",
              "maximum number of access tokens that one user may have"),
          of(
              "CLAVIGER_MAX_SERVICES_PER_USER",
              "1000",
              "maximum number of services that one user may have"),
          of(
              "CLAVIGER_MAX_DEFINITIONS_PER_USER",
              "1000",
              "maximum number of definitions that one user may have"),
          of(
              "CLAVIGER_MAX_PROJECTS_PER_USER",
              "1000",
              "maximum number of projects that one user may have"),
          of(
              "CLAVIGER_MAX_USER_KEYS_PER_USER",
              "1000",
              "maximum number of own keys that one user may store"),
          of(
              "CLAVIGER_MAX_OPEN_TRANSFERS_PER_USER",
              "100",
              "maximum number of open transfers that one user may offer"),
          of(
              "CLAVIGER_MAX_SHARES_PER_USER",
              "10000",
              "maximum number of shares that one user may give"),
          of("CLAVIGER_USAGE_RETENTION_MONTHS", "for ever", "whole months for which usage is kept"),
          of(
              "CLAVIGER_AUDIT_RETENTION_MONTHS",
              "for ever",
              "whole months for which the audit trail is kept"),
          of(
              "CLAVIGER_AUDIT_PUSH",
              "none",
              "receiver of the audit trail: syslog+tls://host:port or an https URL"),
          of(
              "CLAVIGER_AUDIT_PUSH_TOKEN_FILE",
              "none",
              "file with the token or header for an https receiver"),
          of(
              "CLAVIGER_AUDIT_PUSH_CACERT",
              "public ones",
              "file with the authorities of the receiver's certificate, in PEM"),
          of(
              "CLAVIGER_METRICS_TOKEN",
              "none",
              "token that /metrics requires, at most 4096 characters"),
          of("CLAVIGER_METRICS_TOKEN_FILE", "none", "file with the token that /metrics requires"),
          of(
              "CLAVIGER_LOG_LEVEL",
              "info",
              "lowest level that is logged: trace, debug, info, warn or error"),
          of("CLAVIGER_LOG_FORMAT", "text", "format of the log: text or json"),
          of("CLAVIGER_LOG_CALLS", "1", "1: log each gateway call; 100: one of 100 calls; 0: none"),
          of(
              TELEMETRY + "<NAME>",
              "off",
              "OpenTelemetry's settings for sending traces, metrics and logs"),
          of(
              "CLAVIGER_TRACE_HANDLES",
              "off",
              "on: spans contain the handles of callers and services"));

  private static final Set<String> NAMES =
      ALL.stream().map(Variable::name).collect(Collectors.toUnmodifiableSet());

  /**
   * Returns the content of a file for {@code --env-file} in which all variables are commented out.
   * This file is in the repository as {@code template.env}.
   */
  static String template() {
    return ALL.stream()
        .map(each -> "\n# %s (%s)\n#%s=\n".formatted(each.meaning, each.standard, each.name))
        .collect(
            Collectors.joining(
                "",
                """
                # The variables that Claviger reads, each with its meaning and its default.
                # Copy this file, remove the # before each variable that you set, and start with
                #   ./claviger serve --env-file FILE
                # or put it as claviger.env with mode 0600 into the data directory.
                # A variable in the environment takes precedence over the file.
                """,
                ""));
  }

  private static Variable of(String name, String standard, String meaning) {
    return new Variable(name, standard, meaning);
  }

  static boolean isKnown(String name) {
    return NAMES.contains(name) || name.startsWith(DEPLOYMENT_KEY) || name.startsWith(TELEMETRY);
  }
}
