package io.claviger.credentials;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.oauth2.sdk.ClientCredentialsGrant;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.JWTAuthenticationClaimsSet;
import com.nimbusds.oauth2.sdk.auth.PrivateKeyJWT;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.id.Audience;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.JWTID;
import io.claviger.application.credentials.port.CredentialMinter;
import io.claviger.application.credentials.port.CredentialMinter.MintFailure.Cause;
import io.claviger.credentials.Attempt.Failed;
import io.claviger.domain.credentials.CredentialField;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.credentials.CredentialSettings;
import io.claviger.domain.credentials.TokenUrl;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;

/**
 * Gets tokens for clients of OAuth servers with the client credentials grant (RFC 6749, 4.4). The
 * client proves its identity either by a secret (RFC 6749, 2.3.1) or by a signature (RFC 7523,
 * 2.2). OAuth servers have to accept the client's secret in a header. If a server does not accept
 * such a secret, the minter repeats the request with the secret in the body.
 */
final class OauthClientMinter implements CredentialMinter {
  private static final Duration LIFETIME = Duration.ofMinutes(5);
  private static final Set<String> BODY_WANTED = Set.of("invalid_client", "invalid_request");

  private final TokenHttp http;

  OauthClientMinter(TokenHttp http) {
    this.http = http;
  }

  @Override
  public CredentialKind kind() {
    return CredentialKind.OAUTH_CLIENT;
  }

  @Override
  public Inspection inspect(io.claviger.domain.keys.Secret secret) {
    try {
      if (CredentialSecrets.isKeyFile(kind(), secret)) {
        PemKey unused = PemKey.of(CredentialSecrets.text(secret));
      }
      return Inspection.FINE;
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
    ClientID client = new ClientID(settings.require(CredentialField.CLIENT_ID));
    io.claviger.domain.keys.Secret stored = request.secret().orElseThrow();
    String secret = CredentialSecrets.text(stored);
    TokenHttp.Exchange exchange = http.begin(request);
    Undisclosed undisclosed = Undisclosed.of(secret);
    if (CredentialSecrets.isKeyFile(kind(), stored)) {
      attempt.begin("key");
      PrivateKeyJWT signed = signed(client, PemKey.of(secret), url);
      attempt.done("A key for " + signed.getClientAssertion().getHeader().getAlgorithm() + ".");
      attempt.begin("token_url");
      String assertion = signed.getClientAssertion().serialize();
      return AnsweredToken.minted(
          attempt, ask(exchange, url, signed, settings), undisclosed.and(assertion));
    }
    attempt.begin("token_url");
    Secret known = new Secret(secret);
    TokenHttp.Answer answer = ask(exchange, url, new ClientSecretBasic(client, known), settings);
    if (mayWantSecretInBody(answer)) {
      answer = ask(exchange, url, new ClientSecretPost(client, known), settings);
    }
    return AnsweredToken.minted(attempt, answer, undisclosed);
  }

  /**
   * Whether the server might accept the secret if it were in the body instead of in a header. A
   * server that does not accept the secret in a header has to answer with the error {@code
   * invalid_client} (RFC 6749, 5.2). Auth0 answers instead with 401 and {@code access_denied}, and
   * servers that ignore the header say that the client's id is missing.
   */
  private static boolean mayWantSecretInBody(TokenHttp.Answer answer) {
    return answer.status() == 401
        || (answer.status() == 400 && BODY_WANTED.contains(AnsweredToken.errorCode(answer)));
  }

  private PrivateKeyJWT signed(ClientID client, PemKey key, TokenUrl url) throws Failed {
    Instant now = http.clock().instant();
    JWTAuthenticationClaimsSet claims =
        new JWTAuthenticationClaimsSet(
            client,
            List.of(new Audience(url.url())),
            Date.from(now.plus(LIFETIME)),
            Date.from(now),
            Date.from(now),
            new JWTID());
    try {
      return PemKey.signed(
          () ->
              new PrivateKeyJWT(
                  claims,
                  key.algorithm(),
                  key.key(),
                  null,
                  null,
                  key.thumbprint().orElse(null),
                  null));
    } catch (JOSEException e) {
      throw new Failed(Cause.MISCONFIGURED, "The key can't be used to sign.");
    }
  }

  private static TokenHttp.Answer ask(
      TokenHttp.Exchange exchange,
      TokenUrl url,
      ClientAuthentication authentication,
      CredentialSettings settings)
      throws Failed {
    TokenRequest.Builder asked =
        new TokenRequest.Builder(
            URI.create(url.url()), authentication, new ClientCredentialsGrant());
    settings.get(CredentialField.SCOPE).ifPresent(scope -> asked.scope(Scope.parse(scope)));
    settings
        .get(CredentialField.AUDIENCE)
        .ifPresent(audience -> asked.customParameter("audience", audience));
    HTTPRequest made = asked.build().toHTTPRequest();
    return exchange.form(url, made.getBody(), made.getAuthorization());
  }
}
