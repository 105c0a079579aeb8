package io.claviger.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.claviger.application.issuer.port.KeySetReader;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.issuer.FederationGuide;
import io.claviger.domain.issuer.VerificationKey;
import java.io.IOException;
import java.net.URI;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the key set that this installation publishes, from the URL that providers use. The operator
 * set this URL, so the rules about endpoints of services do not apply.
 */
public final class PublishedKeySets implements KeySetReader, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PublishedKeySets.class);

  private final ProviderHttp http;

  PublishedKeySets(Duration patience) {
    this.http = new ProviderHttp(DefaultClientTlsStrategy.createSystemDefault(), patience);
  }

  public static PublishedKeySets read() {
    return new PublishedKeySets(ProviderHttp.TIMEOUT);
  }

  @Override
  public Optional<Set<VerificationKey>> read(Issuer issuer) {
    try {
      String metadata = text(URI.create(FederationGuide.metadataUrl(issuer)));
      return Optional.of(keys(JWKSet.parse(text(addressIn(metadata, issuer)))));
    } catch (IOException | ParseException | JOSEException | InvalidValue e) {
      // The parser's message is left out, because it might repeat parts of the answer.
      LOG.warn(
          "the key set of {} can't be read in the way in which providers read it: {}",
          issuer,
          e.getClass().getSimpleName());
      return Optional.empty();
    }
  }

  /**
   * Returns the address of an issuer's key set, as the issuer's metadata state it. The rule for the
   * address of an issuer applies to this address too: https, except for loopback addresses.
   *
   * @throws IOException if the metadata belong to another issuer
   * @throws InvalidValue if the address is not allowed
   */
  public static URI addressIn(String metadata, Issuer issuer) throws IOException, ParseException {
    Map<String, Object> stated = JSONObjectUtils.parse(metadata);
    if (!issuer.value().equals(JSONObjectUtils.getString(stated, "issuer"))) {
      throw new IOException("the metadata name another issuer");
    }
    String keys = JSONObjectUtils.getString(stated, "jwks_uri");
    return new Issuer(keys == null ? "" : keys).uri();
  }

  private String text(URI address) throws IOException {
    return http.retrieveResource(address.toURL()).getContent();
  }

  private static Set<VerificationKey> keys(JWKSet published) throws JOSEException {
    Set<VerificationKey> keys = new HashSet<>();
    for (JWK key : published.getKeys()) {
      if (key instanceof RSAKey rsa) {
        RSAPublicKey verifying = rsa.toRSAPublicKey();
        keys.add(new VerificationKey(verifying.getModulus(), verifying.getPublicExponent()));
      }
    }
    return keys;
  }

  @Override
  public void close() throws IOException {
    http.close();
  }
}
