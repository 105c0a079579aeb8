package io.claviger.domain.credentials;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.WireNamed;
import io.claviger.domain.fields.FieldWords;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * The credential settings that are not secret. A credential is bound to all its settings, because
 * each of them determines where, or under which identity, the credential is used. The order of the
 * settings is part of the binding, so new settings must be added at the end.
 */
public enum CredentialField implements WireNamed {
  TOKEN_URL(
      FieldWords.line("Token URL", "If empty, the provider's own URL is used"),
      CredentialField::url),
  STS_URL(
      FieldWords.line(
          "Address of AWS's Security Token Service",
          "Needed only for a role. If empty, the region's address is used"),
      CredentialField::url),
  IMPERSONATION_URL(
      FieldWords.line(
          "Address that gives tokens of the service account",
          "If empty, Google's own address is used"),
      CredentialField::url),
  CLIENT_ID(
      FieldWords.line("Client id", "The id of the application or client at the server"),
      "[ -~]{1,512}",
      "1 to 512 printable ASCII characters"),
  SCOPE(
      FieldWords.line("Scope", "If empty, the usual scope is requested"),
      "[!#-\\[\\]-~]+(?: [!#-\\[\\]-~]+)*",
      "scopes as RFC 6749 defines them, separated by spaces"),
  AUDIENCE(
      FieldWords.line("Audience", "The audience that the server expects in the token or statement"),
      "[!-~]{1,1024}",
      "1 to 1,024 visible ASCII characters"),
  TENANT(
      FieldWords.line("Tenant", "The directory (tenant) id in Microsoft Entra"),
      "[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?",
      "the id or the domain of the tenant: letters, digits, dots and hyphens"),
  ACCESS_KEY_ID(
      FieldWords.line("Access key id", "It begins with AKIA"),
      "[A-Za-z0-9_]{16,128}",
      "16 to 128 letters and digits"),
  REGION(
      FieldWords.line("Region", "The region of the endpoint, such as eu-central-1"),
      "[a-z]{2,8}(?:-[a-z0-9]{1,16}){1,4}",
      "a region such as eu-central-1"),
  ROLE_ARN(
      FieldWords.line("Role to assume (ARN)", "arn:aws:iam::123456789012:role/name"),
      "arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,512}",
      "the ARN of a role: arn:aws:iam::123456789012:role/name"),
  IDENTITY_PROVIDER_ID(
      FieldWords.line("Id of the workload identity provider", CredentialField.SHOWN_THERE),
      CredentialField.ID,
      CredentialField.IDS),
  SERVICE_ACCOUNT_ID(
      FieldWords.line("Id of the service account", CredentialField.SHOWN_THERE),
      CredentialField.ID,
      CredentialField.IDS),
  FEDERATION_RULE_ID(
      FieldWords.line("Id of the federation rule", CredentialField.SHOWN_THERE),
      CredentialField.ID,
      CredentialField.IDS),
  ORGANIZATION_ID(
      FieldWords.line("Id of the organization", CredentialField.SHOWN_THERE),
      CredentialField.ID,
      CredentialField.IDS),
  WORKSPACE_ID(
      FieldWords.line("Id of the workspace", "Needed only if the rule is for several workspaces"),
      CredentialField.ID,
      CredentialField.IDS),
  SERVICE_ACCOUNT(
      FieldWords.line(
          "Service account",
          "name@project.iam.gserviceaccount.com; empty if the pool itself has the role"),
      "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?@[a-z0-9](?:[a-z0-9.:-]{0,251}[a-z0-9])?",
      "the address of a service account: name@project.iam.gserviceaccount.com"),
  PROVIDER(
      FieldWords.line("Who exchanges the statements", ""),
      text -> FederationProvider.of(text).wireName()),
  CLOUD(
      FieldWords.choice(
          "Cloud", "The cloud that gave the machine or pod its identity", Cloud.values()),
      text -> Cloud.of(text).wireName());

  private static final String ID = "[A-Za-z0-9][A-Za-z0-9._:-]{0,255}";
  private static final String IDS = "an id of up to 256 letters, digits and . _ : -";
  private static final int LONGEST = 2_048;
  private static final String SHOWN_THERE = "As the provider's console shows it";

  /** The help for a token URL that has no default. */
  static final String NEEDED_URL =
      "The address at which the server gives tokens, such as"
          + " https://login.microsoftonline.com/TENANT/oauth2/v2.0/token";

  private final FieldWords words;
  private final UnaryOperator<String> normal;

  CredentialField(FieldWords words, UnaryOperator<String> normal) {
    this.words = words;
    this.normal = normal;
  }

  CredentialField(FieldWords words, String shape, String allowed) {
    this.words = words;
    Pattern pattern = Pattern.compile(shape);
    this.normal =
        text -> {
          if (!pattern.matcher(text).matches()) {
            throw new InvalidValue("value", allowed);
          }
          return text;
        };
  }

  private static String url(String text) {
    return TokenUrl.of(text).url();
  }

  /** Returns the words that people see for the setting. */
  public FieldWords words() {
    return words;
  }

  /** Finds the field that has the given name in JSON, in the database and in the binding. */
  public static Optional<CredentialField> named(String wireName) {
    return WireNamed.find(values(), wireName);
  }

  /**
   * Checks a value and returns it in its normal form.
   *
   * @throws InvalidValue if the value is not allowed; the exception names this field and its
   *     allowed values
   */
  public String checked(String text) {
    try {
      if (text.length() > LONGEST) {
        throw new InvalidValue("value", "at most 2,048 characters");
      }
      return normal.apply(text);
    } catch (InvalidValue e) {
      throw new InvalidValue(wireName(), e.allowed());
    }
  }
}
