package io.claviger.credentials;

import io.claviger.application.credentials.port.CredentialMinter.MintFailure.Cause;
import io.claviger.credentials.Attempt.Failed;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The JSON file with the key of a service account of Google. Files of other types are refused: some
 * of them name programs to run, or addresses that answer with a secret.
 *
 * @param address the e-mail address of the account
 * @param pem the key as it is written, which alone of the file is secret
 * @param tokenUrl where its tokens are made
 */
record ServiceAccountFile(
    String address, Optional<String> keyId, String pem, PemKey key, Optional<String> tokenUrl) {
  private static final Pattern ADDRESS = Pattern.compile("[a-z0-9][a-z0-9.:@-]{2,318}");
  private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9_-]{1,128}");

  /**
   * @throws Failed saying what to change if the text is no such file
   */
  static ServiceAccountFile of(String text) throws Failed {
    Map<String, String> fields = AnsweredToken.texts(text);
    if (fields.isEmpty()) {
      throw unusable("it is no JSON object");
    }
    String type = fields.getOrDefault("type", "");
    if (!type.equals("service_account")) {
      throw unusable(
          KEY_ID.matcher(type).matches()
              ? "its type is " + type + ", and only service_account can be used"
              : "it has no type; a file of a service account says service_account there");
    }
    String address = fields.getOrDefault("client_email", "");
    if (!ADDRESS.matcher(address).matches()) {
      throw unusable("client_email is missing, or no address of a service account");
    }
    String pem = fields.getOrDefault("private_key", "");
    if (pem.isEmpty()) {
      throw unusable("private_key is missing");
    }
    return new ServiceAccountFile(
        address,
        Optional.ofNullable(fields.get("private_key_id")).filter(KEY_ID.asMatchPredicate()),
        pem,
        PemKey.of(pem),
        Optional.ofNullable(fields.get("token_uri")));
  }

  @Override
  public String toString() {
    return "ServiceAccountFile[" + address + "]";
  }

  private static Failed unusable(String why) {
    return new Failed(
        Cause.MISCONFIGURED, "The file of the service account can't be used: " + why + ".");
  }
}
