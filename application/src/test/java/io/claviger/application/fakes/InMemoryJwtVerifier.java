package io.claviger.application.fakes;

import io.claviger.application.trusts.port.JwtVerifier;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.trusts.PresentedJwt;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** {@link JwtVerifier} that knows the JWTs that were put in. Any other text is no JWT. */
public final class InMemoryJwtVerifier implements JwtVerifier {
  private final Map<String, PresentedJwt> valid = new ConcurrentHashMap<>();
  private final Set<String> forged = ConcurrentHashMap.newKeySet();
  private volatile boolean away;

  /** Makes a text a JWT with these claims. */
  public void put(String text, PresentedJwt claims) {
    valid.put(text, claims);
  }

  /** From now on, the signature of this JWT does not hold. */
  public void forge(String text) {
    boolean unused = forged.add(text);
  }

  /** From now on the keys of no issuer can be had. */
  public void leave() {
    away = true;
  }

  @Override
  public Optional<Issuer> issuerOf(String jwt) {
    return Optional.ofNullable(valid.get(jwt)).map(PresentedJwt::issuer);
  }

  @Override
  public Verification verify(Issuer issuer, String jwt) {
    PresentedJwt claims = valid.get(jwt);
    if (away) {
      return new Verification.Unavailable();
    }
    return claims == null || forged.contains(jwt)
        ? new Verification.Invalid()
        : new Verification.Verified(claims);
  }
}
