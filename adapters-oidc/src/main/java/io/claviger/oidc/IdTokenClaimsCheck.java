package io.claviger.oidc;

import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.JWTClaimsSetVerifier;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.validators.IDTokenClaimsVerifier;
import io.claviger.application.identity.port.IdentityProvider.InvalidResponse;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks the claims of an id token whose signature is valid. Nimbus checks the issuer, audience,
 * nonce, expiry and the time of issue. This class adds the authorized party and {@code nbf}, and
 * messages about clocks that are wrong.
 */
final class IdTokenClaimsCheck implements JWTClaimsSetVerifier<SecurityContext> {
  static final Duration TOLERANCE = Duration.ofSeconds(60);

  private final IDTokenClaimsVerifier standard;
  private final ClientID client;
  private final Instant now;

  IdTokenClaimsCheck(Issuer issuer, ClientID client, Optional<String> nonce, Instant now) {
    this.standard =
        new IDTokenClaimsVerifier(
            issuer, client, nonce.map(Nonce::new).orElse(null), (int) TOLERANCE.toSeconds());
    this.client = client;
    this.now = now;
  }

  /**
   * @throws InvalidResponse if a clock is wrong
   */
  @Override
  public void verify(JWTClaimsSet claims, @Nullable SecurityContext context)
      throws BadJWTException {
    if (isLater(claims.getIssueTime()) || isLater(claims.getNotBeforeTime())) {
      throw new InvalidResponse(
          "The identity provider's token is from the future, so its clock or Claviger's is wrong."
              + " Tell an administrator.");
    }
    Date expiry = claims.getExpirationTime();
    if (expiry != null && !expiry.toInstant().plus(TOLERANCE).isAfter(now)) {
      throw new InvalidResponse(
          "The identity provider's token has expired already. If that happens again, its clock or"
              + " Claviger's is wrong: tell an administrator.");
    }
    standard.verify(claims, context);
    demandAuthorizedParty(claims);
  }

  private boolean isLater(@Nullable Date time) {
    return time != null && time.toInstant().isAfter(now.plus(TOLERANCE));
  }

  /** Demands that a token for several audiences names Claviger as the party that asked for it. */
  private void demandAuthorizedParty(JWTClaimsSet claims) throws BadJWTException {
    try {
      String party = claims.getStringClaim("azp");
      boolean missing = party == null && claims.getAudience().size() > 1;
      if (missing || (party != null && !party.equals(client.getValue()))) {
        throw new BadJWTException("Missing or unexpected authorized party (azp) claim");
      }
    } catch (ParseException e) {
      throw new BadJWTException("Invalid authorized party (azp) claim", e);
    }
  }
}
