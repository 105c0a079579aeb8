package io.claviger.credentials;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.JWTBearerGrant;
import com.nimbusds.oauth2.sdk.TokenRequest;
import io.claviger.application.credentials.port.CredentialMinter;
import io.claviger.application.credentials.port.CredentialMinter.MintFailure.Cause;
import io.claviger.credentials.Attempt.Failed;
import io.claviger.domain.credentials.CredentialField;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.credentials.CredentialSettings;
import io.claviger.domain.credentials.TokenUrl;
import io.claviger.domain.keys.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Gets tokens for Google service accounts. Signs a statement with the account's key and exchanges
 * the statement for a token. The token is valid for as long as the statement (RFC 7523, 2.1).
 */
final class GoogleServiceAccountMinter implements CredentialMinter {
  private static final Duration LIFETIME = Duration.ofMinutes(15);

  private final TokenHttp http;

  GoogleServiceAccountMinter(TokenHttp http) {
    this.http = http;
  }

  @Override
  public CredentialKind kind() {
    return CredentialKind.GOOGLE_SERVICE_ACCOUNT;
  }

  @Override
  public Inspection inspect(Secret secret) {
    try {
      ServiceAccountFile file = ServiceAccountFile.of(CredentialSecrets.text(secret));
      RSASSASigner unused = signer(file);
      return new Inspection(Optional.empty(), file.tokenUrl());
    } catch (Failed failed) {
      return Inspection.unusable(String.valueOf(failed.getMessage()));
    }
  }

  @Override
  public MintResult mint(MintRequest request) {
    return Attempt.run(attempt -> mint(attempt, request));
  }

  private MintResult mint(Attempt attempt, MintRequest request) throws Failed {
    CredentialSettings settings = request.settings();
    TokenUrl url = TokenUrl.of(settings.require(CredentialField.TOKEN_URL));
    String file = CredentialSecrets.text(request.secret().orElseThrow());
    attempt.begin("key");
    ServiceAccountFile account = ServiceAccountFile.of(file);
    SignedJWT signed = signed(account, url, settings.require(CredentialField.SCOPE));
    attempt.done("The key of " + account.address() + ".");
    attempt.begin("token_url");
    String fields =
        new TokenRequest.Builder(URI.create(url.url()), new JWTBearerGrant(signed))
            .build()
            .toHTTPRequest()
            .getBody();
    return AnsweredToken.minted(
        attempt,
        http.begin(request).form(url, fields, null),
        Undisclosed.of(account.pem(), signed.serialize()));
  }

  private SignedJWT signed(ServiceAccountFile account, TokenUrl url, String scope) throws Failed {
    Instant now = http.clock().instant();
    JWSHeader.Builder header = new JWSHeader.Builder(JWSAlgorithm.RS256);
    account.keyId().ifPresent(header::keyID);
    SignedJWT jwt =
        new SignedJWT(
            header.build(),
            new JWTClaimsSet.Builder()
                .issuer(account.address())
                .claim("scope", scope)
                .audience(url.url())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFETIME)))
                .build());
    RSASSASigner signer = signer(account);
    try {
      return PemKey.signed(
          () -> {
            jwt.sign(signer);
            return jwt;
          });
    } catch (JOSEException e) {
      throw unusable();
    }
  }

  private static RSASSASigner signer(ServiceAccountFile account) throws Failed {
    try {
      return new RSASSASigner(account.key().key());
    } catch (IllegalArgumentException e) {
      throw unusable();
    }
  }

  private static Failed unusable() {
    return new Failed(Cause.MISCONFIGURED, "The key in the file can't be used to sign.");
  }

  /**
   * The JSON file with the key of a Google service account. Other types of such files are refused,
   * because some of them name programs to run, or addresses that answer with a secret.
   *
   * @param address the e-mail address of the service account
   * @param pem the key as the file contains it; the rest of the file is not secret
   * @param tokenUrl the URL from which the account gets tokens; empty if the file names none
   */
  private record ServiceAccountFile(
      String address, Optional<String> keyId, String pem, PemKey key, Optional<String> tokenUrl) {
    private static final Pattern ADDRESS = Pattern.compile("[a-z0-9][a-z0-9.:@-]{2,318}");
    private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9_-]{1,128}");

    /**
     * @throws Failed if the text is not a file of this type; the exception says what to change
     */
    static ServiceAccountFile of(String text) throws Failed {
      Map<String, String> fields = AnsweredToken.texts(text);
      if (fields.isEmpty()) {
        throw unusable("it is not a JSON object");
      }
      String type = fields.getOrDefault("type", "");
      if (!type.equals("service_account")) {
        throw unusable(
            KEY_ID.matcher(type).matches()
                ? "its type is " + type + ", and only service_account can be used"
                : "it has no type; the type in a service account's file is service_account");
      }
      String address = fields.getOrDefault("client_email", "");
      if (!ADDRESS.matcher(address).matches()) {
        throw unusable("client_email is missing, or is not the address of a service account");
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
}
