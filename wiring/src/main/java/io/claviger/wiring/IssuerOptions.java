package io.claviger.wiring;

import io.claviger.application.issuer.port.KeySetReader;
import io.claviger.application.issuer.port.StatementSigner;
import io.claviger.custody.RsaStatementSigner;
import io.claviger.domain.identity.Issuer;
import java.util.Optional;

/**
 * The options of Claviger as an issuer of statements about services.
 *
 * @param issuer the address from which providers read the key set; if empty, no statements are
 *     signed
 * @param reader the reader of the key set at that address; closed together with the node if it is
 *     closeable
 * @param signer the object that creates the signing keys and signs the statements
 */
public record IssuerOptions(Optional<Issuer> issuer, KeySetReader reader, StatementSigner signer) {
  /** No issuer. */
  public static final IssuerOptions NONE =
      new IssuerOptions(Optional.empty(), KeySetReader.NONE, new RsaStatementSigner());
}
