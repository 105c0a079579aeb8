package io.claviger.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.crypto.Ed25519Verifier;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import java.security.Key;
import java.security.PublicKey;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets Nimbus' processor of JWTs use keys of Ed25519. Nimbus has a verifier for them, but its
 * processor drops keys that it can't convert into keys of the JDK.
 */
final class Ed25519Keys {
  /** How many keys are tried for a token that does not name its key. */
  private static final int MOST_TRIED = 16;

  private Ed25519Keys() {}

  /** A key on its way from the selector to the verifier. */
  private record Ed25519Key(OctetKeyPair jwk) implements PublicKey {
    @Override
    public String getAlgorithm() {
      return "Ed25519";
    }

    @Override
    public String getFormat() {
      return "JWK";
    }

    @Override
    public byte[] getEncoded() {
      return jwk.getDecodedX();
    }
  }

  /** Finds the keys that may have signed a token, those of Ed25519 among them. */
  static final class Selector extends JWSVerificationKeySelector<SecurityContext> {
    Selector(Set<JWSAlgorithm> algorithms, JWKSource<SecurityContext> keys) {
      super(algorithms, keys);
    }

    @Override
    public List<Key> selectJWSKeys(JWSHeader header, @Nullable SecurityContext context)
        throws KeySourceException {
      if (!isAllowed(header.getAlgorithm()) || !JWSAlgorithm.EdDSA.equals(header.getAlgorithm())) {
        return super.selectJWSKeys(header, context).stream()
            .limit(MOST_TRIED)
            .<Key>map(key -> key)
            .toList();
      }
      return getJWKSource().get(new JWKSelector(createJWKMatcher(header)), context).stream()
          .filter(OctetKeyPair.class::isInstance)
          .map(OctetKeyPair.class::cast)
          .filter(key -> key.getCurve().equals(Curve.Ed25519))
          .limit(MOST_TRIED)
          .<Key>map(key -> new Ed25519Key(key.toPublicJWK()))
          .toList();
    }
  }

  /** Verifies with the keys that {@link Selector} finds. */
  static final class Verifiers extends DefaultJWSVerifierFactory {
    @Override
    public JWSVerifier createJWSVerifier(JWSHeader header, Key key) throws JOSEException {
      return key instanceof Ed25519Key ed25519
          ? new Ed25519Verifier(ed25519.jwk())
          : super.createJWSVerifier(header, key);
    }
  }
}
