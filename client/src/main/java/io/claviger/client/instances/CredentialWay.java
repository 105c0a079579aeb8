package io.claviger.client.instances;

import io.claviger.client.faults.ClientFault;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The ways in which a service can authenticate to its provider, each with its settings. Only the
 * server checks the values of the settings.
 */
public enum CredentialWay {
  API_KEY("a key that is sent as it is", "api_key"),
  NONE("the endpoint needs no authentication", ""),
  OAUTH_CLIENT(
      "a client id and a secret, or a private key (PEM), for a token URL",
      "client_secret",
      Setting.required("client_id", "The id of the application or client"),
      Setting.required("token_url", "Where the server makes tokens"),
      Setting.optional("scope", "What the token is for"),
      Setting.optional("audience", "The server that is to accept the token")),
  GOOGLE_SERVICE_ACCOUNT(
      "the key file of a service account of Google",
      "key",
      Setting.optional("token_url", "Needed only if it is not the one in the key file"),
      Setting.optional("scope", "If not cloud-platform")),
  AWS(
      "an access key of AWS",
      "secret_access_key",
      Setting.required("access_key_id", "It begins with AKIA"),
      Setting.required("region", "Such as eu-central-1"),
      Setting.optional("role_arn", "A role to assume"),
      Setting.optional("sts_url", "Needed only if it is not the URL of the region")),
  FEDERATED_OPENAI(
      "OpenAI",
      Setting.required("identity_provider_id", "The id of the workload identity provider"),
      Setting.required("service_account_id", "The id of the service account"),
      Setting.required("audience", "The audience that is set at OpenAI"),
      Setting.optional("token_url", "If not OpenAI's own")),
  FEDERATED_ANTHROPIC(
      "Anthropic",
      Setting.required("federation_rule_id", "The id of the federation rule"),
      Setting.required("organization_id", "The id of the organization"),
      Setting.required("service_account_id", "The id of the service account"),
      Setting.required("audience", "The audience that is set in the federation rule"),
      Setting.optional("workspace_id", "Needed only if the rule is for several workspaces"),
      Setting.optional("token_url", "If not Anthropic's own")),
  FEDERATED_AWS(
      "AWS",
      Setting.required("role_arn", "The ARN of the role"),
      Setting.required("region", "Such as eu-central-1"),
      Setting.optional("sts_url", "Needed only if it is not the URL of the region")),
  FEDERATED_GOOGLE(
      "Google",
      Setting.required("audience", "The resource name of the pool's provider"),
      Setting.optional("service_account", "The account whose role is used"),
      Setting.optional("scope", "If not cloud-platform"),
      Setting.optional("token_url", "If not Google's own"),
      Setting.optional("impersonation_url", "If not Google's own")),
  FEDERATED_AZURE(
      "Microsoft Entra",
      Setting.required("tenant", "The directory (tenant) id"),
      Setting.required("client_id", "The id of the application"),
      Setting.optional("scope", "Needed only if it is not the scope of Azure's models"),
      Setting.optional("token_url", "Needed only if it is not the URL of the tenant")),
  FEDERATED_RFC8693(
      "another server",
      Setting.required("token_url", "Where the server exchanges statements (RFC 8693)"),
      Setting.optional("scope", "What the token is for"),
      Setting.optional("audience", "The server that is to accept the token")),
  AMBIENT(
      "the identity of the machine, for services of _system",
      "",
      Setting.required("cloud", "aws, google or azure"));

  private static final String FEDERATED = "FEDERATED_";
  private static final String INTRODUCTION =
      "The ways in which a provider can know a service (--credential):";

  private final String words;
  private final String secret;
  private final List<Setting> settings;

  CredentialWay(String words, String secret, Setting... settings) {
    this.words = words;
    this.secret = secret;
    this.settings = List.of(settings);
  }

  /**
   * A federation: the provider, or another server, accepts statements signed by Claviger and gives
   * tokens for them.
   */
  CredentialWay(String with, Setting... settings) {
    this("a signed statement, which " + with + " exchanges; no key is stored", "", settings);
  }

  /**
   * Creates a setting that the user must state.
   *
   * @param name the name of the setting in the API
   * @param help a line that explains the setting to people
   */
  public record Setting(String name, boolean required, String help) {
    static Setting required(String name, String help) {
      return new Setting(name, true, help);
    }

    static Setting optional(String name, String help) {
      return new Setting(name, false, help);
    }
  }

  /**
   * @throws ClientFault if there is no way with the given name; the message lists all ways
   */
  static CredentialWay of(String text) {
    return Stream.of(values())
        .filter(way -> way.text().equals(text.strip()))
        .findAny()
        .orElseThrow(() -> ClientFault.of(INTRODUCTION, lines().toArray(String[]::new)));
  }

  /** Returns a line for each way, after a line that says what is listed. */
  static List<String> list() {
    return Stream.concat(Stream.of(INTRODUCTION), lines().map(line -> "  " + line)).toList();
  }

  private static Stream<String> lines() {
    return Stream.of(values()).map(way -> way.text() + ": " + way.words);
  }

  /** Returns the way as users write it, such as {@code federated-aws}. */
  public String text() {
    return isFederated() ? "federated-" + provider() : name().toLowerCase(Locale.ROOT);
  }

  /** Returns the API's name for the kind of credential. */
  public String kind() {
    return isFederated() ? "federated" : text();
  }

  boolean isFederated() {
    return name().startsWith(FEDERATED);
  }

  /** Whether calls send a token that is obtained with the credential. */
  boolean isMinted() {
    return this != API_KEY && this != NONE;
  }

  /**
   * The provider that exchanges signed statements for tokens; empty if this way needs no
   * statements.
   */
  public String provider() {
    return isFederated() ? name().substring(FEDERATED.length()).toLowerCase(Locale.ROOT) : "";
  }

  public boolean hasSecret() {
    return !secret.isEmpty();
  }

  /** Whether the secret is the content of a file, which can have several lines. */
  boolean isFile() {
    return this == GOOGLE_SERVICE_ACCOUNT || this == OAUTH_CLIENT;
  }

  /**
   * Returns the API's field for the given secret. There is a separate field for a client's private
   * key in PEM form.
   */
  public String secretField(String text) {
    return this == OAUTH_CLIENT && text.contains("-----BEGIN") ? "assertion_key" : secret;
  }

  /**
   * Returns the API's field for the secret of a kind of credential; empty if the kind has no secret
   * or is unknown to this program.
   */
  public static Optional<String> secretOf(String kind) {
    return Stream.of(values())
        .filter(way -> way.kind().equals(kind) && way.hasSecret())
        .map(way -> way.secret)
        .findAny();
  }

  public List<Setting> settings() {
    return settings;
  }
}
