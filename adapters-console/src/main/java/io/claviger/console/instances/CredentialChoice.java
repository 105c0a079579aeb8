package io.claviger.console.instances;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.credentials.CredentialField;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.credentials.CredentialShape;
import io.claviger.domain.credentials.FederationProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A kind of credential, with the inputs of its form. Users choose a kind as the answer to the
 * question "How does the provider know this service?". A form has inputs for exactly the settings
 * in {@link CredentialShape}.
 *
 * @param provider the provider that gives tokens in exchange for statements which this installation
 *     signs; empty unless the kind is {@code federated}
 * @param help one line that says when to choose this kind of credential
 */
public record CredentialChoice(
    CredentialKind kind, Optional<FederationProvider> provider, String label, String help) {

  /** The name of the form field, and of the query parameter, that contains the chosen kind. */
  public static final String FIELD = "credential";

  private static final List<CredentialChoice> ALL =
      List.of(
          of(
              CredentialKind.API_KEY,
              "By an API key",
              "A text that the provider gave you. It is sent unchanged"),
          of(CredentialKind.NONE, "Not at all", "The endpoint needs no authentication"),
          of(
              CredentialKind.OAUTH_CLIENT,
              "As a client of an OAuth server",
              "For a server, such as Microsoft Entra or a gateway of your own, whose token URL"
                  + " gives tokens for a client id and a secret"),
          of(
              CredentialKind.GOOGLE_SERVICE_ACCOUNT,
              "As a service account of Google, by its key file",
              "For Vertex AI. To store no key, choose a signed statement to Google"),
          of(
              CredentialKind.AWS,
              "As a user of AWS, by an access key",
              "For Bedrock. To store no key, choose a signed statement to AWS"),
          of(FederationProvider.OPENAI, "OpenAI"),
          of(FederationProvider.ANTHROPIC, "Anthropic"),
          of(FederationProvider.AWS, "AWS"),
          of(FederationProvider.GOOGLE, "Google"),
          of(FederationProvider.AZURE, "Azure (Microsoft Entra)"),
          of(FederationProvider.RFC8693, "another server (RFC 8693)"),
          of(
              CredentialKind.AMBIENT,
              "As the machine or pod that Claviger runs on",
              "Only for services of _system, and only if the operator has allowed it"));

  private static CredentialChoice of(CredentialKind kind, String label, String help) {
    return new CredentialChoice(kind, Optional.empty(), label, help);
  }

  private static CredentialChoice of(FederationProvider provider, String name) {
    return new CredentialChoice(
        CredentialKind.FEDERATED,
        Optional.of(provider),
        "By a signed statement to " + name,
        "No key is stored: Claviger signs a statement about the service, and exchanges the"
            + " statement for a token");
  }

  /**
   * Returns the kinds of credentials that the user can choose for a service. The kind {@code
   * ambient} is among them only for services of {@code _system}.
   */
  static List<CredentialChoice> offered(boolean systemLevel) {
    return ALL.stream()
        .filter(choice -> systemLevel || choice.kind() != CredentialKind.AMBIENT)
        .toList();
  }

  /** Finds the choice for a credential that a service already has. */
  static CredentialChoice of(CredentialKind kind, Optional<FederationProvider> provider) {
    return ALL.stream()
        .filter(choice -> choice.kind() == kind && choice.provider().equals(provider))
        .findAny()
        .orElse(ALL.getFirst());
  }

  /**
   * Finds the choice that a form or an address names. If the form or the address names no choice,
   * the choice is an API key.
   *
   * @throws InvalidValue if there is no choice with this name
   */
  static CredentialChoice of(String value) {
    return value.isEmpty()
        ? ALL.getFirst()
        : ALL.stream()
            .filter(choice -> choice.value().equals(value))
            .findAny()
            .orElseThrow(() -> new InvalidValue(FIELD, "one of the list"));
  }

  /** Returns the value that stands for this choice in a form. */
  public String value() {
    return kind.wireName() + provider.map(each -> "-" + each.wireName()).orElse("");
  }

  /** The address of the documentation's page about this choice. */
  public String documentation() {
    return "/docs/guide/providers/"
        + switch (kind) {
          case API_KEY, NONE, OAUTH_CLIENT -> "readme";
          case GOOGLE_SERVICE_ACCOUNT -> "vertex";
          case AWS -> "bedrock";
          case AMBIENT -> "readme";
          case FEDERATED ->
              switch (provider.orElseThrow()) {
                case OPENAI -> "openai";
                case ANTHROPIC -> "anthropic";
                case AWS -> "bedrock";
                case GOOGLE -> "vertex";
                case AZURE -> "azure";
                case RFC8693 -> "readme";
              };
        };
  }

  /** Returns the settings of the credential that are not secret. */
  List<CredentialField> settings() {
    CredentialShape shape = CredentialShape.of(kind, provider);
    return Stream.concat(shape.required().stream(), shape.optional().stream())
        .filter(field -> field != CredentialField.PROVIDER)
        .toList();
  }

  /**
   * Returns the inputs of the form: first the inputs for the settings, then the input for the
   * secret.
   */
  public List<Input> inputs() {
    CredentialShape shape = CredentialShape.of(kind, provider);
    List<Input> inputs = new ArrayList<>();
    settings()
        .forEach(
            field ->
                inputs.add(
                    new Input(
                        field.wireName(),
                        label(field),
                        help(field),
                        field == CredentialField.CLOUD ? Input.CLOUD : Input.TEXT,
                        shape.required().contains(field) && !isInFile(field))));
    kind.secretFields().forEach(name -> inputs.add(secret(name)));
    return List.copyOf(inputs);
  }

  /** The form has no input for the token URL if the service account's file contains the URL. */
  private boolean isInFile(CredentialField field) {
    return kind == CredentialKind.GOOGLE_SERVICE_ACCOUNT && field == CredentialField.TOKEN_URL;
  }

  static String label(CredentialField field) {
    return switch (field) {
      case TOKEN_URL -> "Token URL";
      case STS_URL -> "Address of AWS's Security Token Service";
      case IMPERSONATION_URL -> "Address that gives tokens of the service account";
      case CLIENT_ID -> "Client id";
      case SCOPE -> "Scope";
      case AUDIENCE -> "Audience";
      case TENANT -> "Tenant";
      case ACCESS_KEY_ID -> "Access key id";
      case REGION -> "Region";
      case ROLE_ARN -> "Role to assume (ARN)";
      case IDENTITY_PROVIDER_ID -> "Id of the workload identity provider";
      case SERVICE_ACCOUNT_ID -> "Id of the service account";
      case FEDERATION_RULE_ID -> "Id of the federation rule";
      case ORGANIZATION_ID -> "Id of the organization";
      case WORKSPACE_ID -> "Id of the workspace";
      case SERVICE_ACCOUNT -> "Service account";
      case PROVIDER -> "Who exchanges the statements";
      case CLOUD -> "Cloud";
    };
  }

  private String help(CredentialField field) {
    return switch (field) {
      case TOKEN_URL ->
          isInFile(field)
              ? "If empty, the URL in the file is used"
              : CredentialShape.of(kind, provider).required().contains(field)
                  ? "The address at which the server gives tokens, such as"
                      + " https://login.microsoftonline.com/TENANT/oauth2/v2.0/token"
                  : "If empty, the provider's own URL is used";
      case STS_URL -> "Needed only for a role. If empty, the region's address is used";
      case IMPERSONATION_URL -> "If empty, Google's own address is used";
      case CLIENT_ID -> "The id of the application or client at the server";
      case SCOPE ->
          kind == CredentialKind.OAUTH_CLIENT
              ? "What the token is for, such as https://cognitiveservices.azure.com/.default for"
                  + " Azure OpenAI"
              : "If empty, the usual scope is requested";
      case AUDIENCE ->
          provider.filter(FederationProvider.GOOGLE::equals).isPresent()
              ? "//iam.googleapis.com/projects/NUMBER/locations/global/workloadIdentityPools/POOL"
                  + "/providers/PROVIDER"
              : "The audience that the server expects in the token or statement";
      case TENANT -> "The directory (tenant) id in Microsoft Entra";
      case ACCESS_KEY_ID -> "It begins with AKIA";
      case REGION -> "The region of the endpoint, such as eu-central-1";
      case ROLE_ARN ->
          kind == CredentialKind.AWS
              ? "Leave this empty if the AWS user may call models without a role"
              : "arn:aws:iam::123456789012:role/name";
      case IDENTITY_PROVIDER_ID, SERVICE_ACCOUNT_ID, FEDERATION_RULE_ID, ORGANIZATION_ID ->
          "As the provider's console shows it";
      case WORKSPACE_ID -> "Needed only if the rule is for several workspaces";
      case SERVICE_ACCOUNT ->
          "name@project.iam.gserviceaccount.com; empty if the pool itself has the role";
      case CLOUD -> "The cloud that gave the machine or pod its identity";
      case PROVIDER -> "";
    };
  }

  private Input secret(String name) {
    return switch (name) {
      case "api_key" ->
          new Input(
              name,
              "API key of the provider",
              "It is stored encrypted and never shown again",
              Input.PASSWORD,
              false);
      case "client_secret" ->
          new Input(
              name,
              "Client secret",
              "It is stored encrypted and never shown again",
              Input.PASSWORD,
              false);
      case "assertion_key" ->
          new Input(
              name,
              "Or, instead of the secret, a private key that signs (PEM)",
              "Needed only if there is no client secret (RFC 7523). It is stored encrypted and"
                  + " never shown again",
              Input.FILE,
              false);
      case "key" ->
          new Input(
              name,
              "Key file (JSON)",
              "The whole text of the file. It is stored encrypted and never shown again",
              Input.FILE,
              true);
      default ->
          new Input(
              name,
              "Secret access key",
              "It is stored encrypted and never shown again",
              Input.PASSWORD,
              true);
    };
  }

  /**
   * An input field of a form.
   *
   * @param name the name that the field has in the API
   * @param type the type of the input, which is one of the constants of this record
   */
  public record Input(String name, String label, String help, String type, boolean required) {
    public static final String TEXT = "text";
    public static final String PASSWORD = "password";
    public static final String FILE = "file";
    public static final String CLOUD = "cloud";
  }
}
