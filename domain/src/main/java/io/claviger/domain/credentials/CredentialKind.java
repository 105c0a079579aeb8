package io.claviger.domain.credentials;

import static io.claviger.domain.credentials.CredentialField.ACCESS_KEY_ID;
import static io.claviger.domain.credentials.CredentialField.AUDIENCE;
import static io.claviger.domain.credentials.CredentialField.CLIENT_ID;
import static io.claviger.domain.credentials.CredentialField.CLOUD;
import static io.claviger.domain.credentials.CredentialField.PROVIDER;
import static io.claviger.domain.credentials.CredentialField.REGION;
import static io.claviger.domain.credentials.CredentialField.ROLE_ARN;
import static io.claviger.domain.credentials.CredentialField.SCOPE;
import static io.claviger.domain.credentials.CredentialField.STS_URL;
import static io.claviger.domain.credentials.CredentialField.TOKEN_URL;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.SecretNames;
import io.claviger.domain.WireNamed;
import io.claviger.domain.fields.FieldWords;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The kind of credential with which a service authenticates to its provider. A constant declares
 * everything about its kind but how a token is minted: what is stored, the settings, the secrets,
 * and the words that people see. The API's fields, the console's form, the checks of a write and
 * the binding of what is stored follow from the declaration.
 */
public enum CredentialKind implements WireNamed {
  /** A stored text that is sent unchanged. */
  API_KEY(
      Stored.KEY,
      "By an API key",
      "A text that the provider gave you. It is sent unchanged",
      "readme",
      CredentialShape.NONE,
      SecretField.text("api_key", "API key of the provider", false)),
  /** No credential, because the endpoint needs no credential. */
  NONE(
      Stored.NOTHING,
      "Not at all",
      "The endpoint needs no authentication",
      "readme",
      CredentialShape.NONE),
  /** A client of an OAuth server, with a client secret or a signing key. */
  OAUTH_CLIENT(
      Stored.SECRET,
      "As a client of an OAuth server",
      "For a server, such as Microsoft Entra or a gateway of your own, whose token URL"
          + " gives tokens for a client id and a secret",
      "readme",
      CredentialShape.requiring(CLIENT_ID, TOKEN_URL)
          .allowing(SCOPE, AUDIENCE)
          .explaining(TOKEN_URL, CredentialField.NEEDED_URL)
          .explaining(
              SCOPE,
              "What the token is for, such as https://cognitiveservices.azure.com/.default for"
                  + " Azure OpenAI"),
      SecretField.text("client_secret", "Client secret", false),
      new SecretField(
          "assertion_key",
          FieldWords.area(
              "Or, instead of the secret, a private key that signs (PEM)",
              "Needed only if there is no client secret (RFC 7523). " + SecretField.STORED),
          SecretField.Form.PEM,
          false)),
  /** The JSON file with the key of a Google service account. */
  GOOGLE_SERVICE_ACCOUNT(
      Stored.SECRET,
      "As a service account of Google, by its key file",
      "For Vertex AI. To store no key, choose a signed statement to Google",
      "vertex",
      CredentialShape.requiring(TOKEN_URL)
          .allowing(SCOPE)
          .explaining(TOKEN_URL, "If empty, the URL in the file is used")
          .withDefault(SCOPE, CredentialShape.GOOGLE_SCOPE),
      new SecretField(
          "key",
          FieldWords.area("Key file (JSON)", "The whole text of the file. " + SecretField.STORED),
          SecretField.Form.FILE_WITH_URL,
          true)),
  /** The access key of an AWS user. */
  AWS(
      Stored.SECRET,
      "As a user of AWS, by an access key",
      "For Bedrock. To store no key, choose a signed statement to AWS",
      "bedrock",
      CredentialShape.requiring(ACCESS_KEY_ID, REGION)
          .allowing(ROLE_ARN, STS_URL)
          .explaining(ROLE_ARN, "Leave this empty if the AWS user may call models without a role")
          .withRegionsSts(),
      SecretField.text("secret_access_key", "Secret access key", true)),
  /**
   * A signed statement about the service. The provider exchanges the statement for a token. No
   * secret is stored.
   */
  FEDERATED(
      Stored.CONFIRMATION,
      "By a signed statement to ",
      "No key is stored: Claviger signs a statement about the service, and exchanges the"
          + " statement for a token",
      "readme",
      CredentialShape.requiring(PROVIDER)),
  /** The identity of the machine or pod on which Claviger runs. No secret is stored. */
  AMBIENT(
      Stored.CONFIRMATION,
      "As the machine or pod that Claviger runs on",
      "Only for services of _system, and only if the operator has allowed it",
      "readme",
      CredentialShape.requiring(CLOUD));

  /** What is stored for a credential. This decides what a write needs and what is bound. */
  public enum Stored {
    /** A key that is sent unchanged, or no key, because some endpoints need none. */
    KEY,
    NOTHING,
    /** A secret with which tokens are minted. It is bound to all settings. */
    SECRET,
    /** The owner's confirmation of where tokens are used that need no stored secret. */
    CONFIRMATION
  }

  /**
   * A field in which a write can state the secret.
   *
   * @param required whether the console's form demands the field
   */
  public record SecretField(String name, FieldWords words, Form form, boolean required) {
    private static final String STORED = "It is stored encrypted and never shown again";

    /** The form of a secret. */
    public enum Form {
      TEXT,
      /** A key in PEM. */
      PEM,
      /** The content of a file that also states the token URL. */
      FILE_WITH_URL
    }

    private static SecretField text(String name, String label, boolean required) {
      return new SecretField(name, FieldWords.line(label, STORED), Form.TEXT, required);
    }

    /** Whether the secret is the content of a file, which can have several lines. */
    public boolean isFile() {
      return form != Form.TEXT;
    }
  }

  /** The fields of all kinds that can contain a secret, keyed by their names. */
  private static final Map<String, SecretField> SECRETS =
      Stream.of(values())
          .flatMap(kind -> kind.secrets.stream())
          .collect(Collectors.toUnmodifiableMap(SecretField::name, Function.identity()));

  /** The text with which a key in PEM begins. Other text may come before the key (RFC 7468, 2). */
  private static final byte[] PEM = "-----BEGIN".getBytes(StandardCharsets.US_ASCII);

  private final Stored stored;
  private final String label;
  private final String help;
  private final String page;
  private final CredentialShape shape;
  private final List<SecretField> secrets;
  private final List<String> secretFields;

  /**
   * @param label the answer to the question "How does the provider know this service?"
   * @param help one line that says when to choose this kind
   * @param page the page of {@code docs/providers} about this kind
   * @param secrets the fields for the secret; a write has to have exactly one of them
   */
  CredentialKind(
      Stored stored,
      String label,
      String help,
      String page,
      CredentialShape shape,
      SecretField... secrets) {
    this.stored = stored;
    this.label = label;
    this.help = help;
    this.page = page;
    this.shape = shape;
    this.secrets = List.of(secrets);
    this.secretFields = this.secrets.stream().map(SecretField::name).toList();
  }

  /**
   * @throws InvalidValue if the text is not a kind; the exception names the allowed values
   */
  public static CredentialKind of(String text) {
    return WireNamed.find(values(), text)
        .orElseThrow(() -> new InvalidValue("kind", String.join(", ", WireNamed.names(values()))));
  }

  /** Returns what is stored for a credential of this kind. */
  public Stored stored() {
    return stored;
  }

  /** Returns the words that people see. For a statement, they name the provider. */
  public String label(Optional<FederationProvider> provider) {
    return label + provider.map(FederationProvider::label).orElse("");
  }

  public String help() {
    return help;
  }

  /** Returns the page of {@code docs/providers} that says what to enter where. */
  public String page(Optional<FederationProvider> provider) {
    return provider.map(FederationProvider::page).orElse(page);
  }

  /**
   * @param provider the provider that exchanges statements; used only for {@link #FEDERATED}
   */
  public CredentialShape shape(Optional<FederationProvider> provider) {
    return provider.filter(each -> this == FEDERATED).map(FederationProvider::shape).orElse(shape);
  }

  /** Returns the fields in which a write can state the secret. */
  public List<SecretField> secrets() {
    return secrets;
  }

  /** Whether the file with the secret contains a setting, so that the form's input may be empty. */
  public boolean isInFile(CredentialField field) {
    return field == TOKEN_URL && has(SecretField.Form.FILE_WITH_URL);
  }

  private boolean has(SecretField.Form form) {
    return secrets.stream().anyMatch(secret -> secret.form() == form);
  }

  /**
   * Returns the names of the fields in which a write can state the secret. A write has to have
   * exactly one of these fields.
   */
  public List<String> secretFields() {
    return secretFields;
  }

  /**
   * Whether the value of a field is secret.
   *
   * @param inCredential whether the field is a member of {@code credential}, where all fields of
   *     {@link #secrets} are secret, even {@code key}
   */
  public static boolean isSecret(String field, boolean inCredential) {
    return SecretNames.contains(field) || (inCredential && SECRETS.containsKey(field));
  }

  /** Whether the field contains the content of a file, which can have several lines. */
  public static boolean isFile(String field) {
    return Optional.ofNullable(SECRETS.get(field)).filter(SecretField::isFile).isPresent();
  }

  /**
   * Whether a text may be the value of a field. A value of {@code assertion_key} has to be a key in
   * PEM. Claviger would treat any other text as a client secret, and send the private key itself to
   * the token URL.
   */
  public static boolean mayHold(String field, byte[] text) {
    return containsPem(text)
        || Optional.ofNullable(SECRETS.get(field))
            .filter(secret -> secret.form() == SecretField.Form.PEM)
            .isEmpty();
  }

  /**
   * Whether a secret is a key file: Google's JSON file or a key in PEM. The form of such a file is
   * checked before it is stored.
   */
  public boolean isKeyFile(byte[] secret) {
    return has(SecretField.Form.FILE_WITH_URL)
        || (has(SecretField.Form.PEM) && containsPem(secret));
  }

  private static boolean containsPem(byte[] text) {
    for (int at = 0; at + PEM.length <= text.length; at++) {
      if (Arrays.equals(text, at, at + PEM.length, PEM, 0, PEM.length)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a secret is stored. */
  public boolean keepsSecret() {
    return !secretFields.isEmpty();
  }

  /**
   * Whether Claviger mints a token for the calls. A minted token is always sent as a bearer token.
   */
  public boolean isMinted() {
    return stored == Stored.SECRET || stored == Stored.CONFIRMATION;
  }

  /**
   * Whether the owner has to confirm a changed destination. The confirmation is necessary for
   * credentials that have no secret. If there is a secret, the owner has to enter the secret again
   * instead.
   */
  public boolean isConfirmed() {
    return stored == Stored.CONFIRMATION;
  }
}
