package io.claviger.domain.credentials;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.WireNamed;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * The credential settings that are not secret. A credential is bound to all its settings, because
 * each of them determines where, or under which identity, the credential is used. The order of the
 * settings is part of the binding, so new settings must be added at the end.
 */
public enum CredentialField implements WireNamed {
  TOKEN_URL(CredentialField::url),
  STS_URL(CredentialField::url),
  IMPERSONATION_URL(CredentialField::url),
  CLIENT_ID("[ -~]{1,512}", "1 to 512 printable ASCII characters"),
  SCOPE(
      "[!#-\\[\\]-~]+(?: [!#-\\[\\]-~]+)*", "scopes as RFC 6749 defines them, separated by spaces"),
  AUDIENCE("[!-~]{1,1024}", "1 to 1,024 visible ASCII characters"),
  TENANT(
      "[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?",
      "the id or the domain of the tenant: letters, digits, dots and hyphens"),
  ACCESS_KEY_ID("[A-Za-z0-9_]{16,128}", "16 to 128 letters and digits"),
  REGION("[a-z]{2,8}(?:-[a-z0-9]{1,16}){1,4}", "a region such as eu-central-1"),
  ROLE_ARN(
      "arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,512}",
      "the ARN of a role: arn:aws:iam::123456789012:role/name"),
  IDENTITY_PROVIDER_ID(CredentialField.ID, CredentialField.IDS),
  SERVICE_ACCOUNT_ID(CredentialField.ID, CredentialField.IDS),
  FEDERATION_RULE_ID(CredentialField.ID, CredentialField.IDS),
  ORGANIZATION_ID(CredentialField.ID, CredentialField.IDS),
  WORKSPACE_ID(CredentialField.ID, CredentialField.IDS),
  SERVICE_ACCOUNT(
      "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?@[a-z0-9](?:[a-z0-9.:-]{0,251}[a-z0-9])?",
      "the address of a service account: name@project.iam.gserviceaccount.com"),
  PROVIDER(text -> FederationProvider.of(text).wireName()),
  CLOUD(text -> Cloud.of(text).wireName());

  private static final String ID = "[A-Za-z0-9][A-Za-z0-9._:-]{0,255}";
  private static final String IDS = "an id of up to 256 letters, digits and . _ : -";
  private static final int LONGEST = 2_048;

  private final UnaryOperator<String> normal;

  CredentialField(UnaryOperator<String> normal) {
    this.normal = normal;
  }

  CredentialField(String shape, String allowed) {
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
