package io.claviger.wiring;

import io.claviger.application.issuer.port.KeySetReader;
import io.claviger.application.issuer.port.StatementSigner;
import io.claviger.custody.RsaStatementSigner;
import io.claviger.domain.identity.Issuer;
import java.util.Optional;

/**
 * Claviger as an issuer of statements about services.
 *
 * @param issuer the address that providers read; if empty, no statement is signed
 * @param reader reads the key set at that address, and is closed with the node if it can be closed
 * @param signer makes the keys, and signs
 */
public record IssuerOptions(Optional<Issuer> issuer, KeySetReader reader, StatementSigner signer) {
  /** No issuer. */
  public static final IssuerOptions NONE =
      new IssuerOptions(Optional.empty(), KeySetReader.NONE, new RsaStatementSigner());
}
