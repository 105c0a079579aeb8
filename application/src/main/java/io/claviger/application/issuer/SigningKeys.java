package io.claviger.application.issuer;

import io.claviger.application.issuer.port.IssuerKeyStore;
import io.claviger.application.issuer.port.IssuerKeyStore.StoredKey;
import io.claviger.application.issuer.port.StatementSigner;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.MissingEncryptionKey;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.issuer.IssuerKey;
import io.claviger.domain.issuer.IssuerKey.State;
import io.claviger.domain.issuer.VerificationKey;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.Secret;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Makes the keys of the issuer, and opens stored keys. A stored key is decrypted again for each
 * signature, so a revoked key signs no further statements.
 */
public final class SigningKeys {
  private final IssuerKeyStore store;
  private final StatementSigner signer;
  private final Sealer sealer;
  private final AuditedChanges changes;

  public SigningKeys(
      IssuerKeyStore store, StatementSigner signer, Sealer sealer, AuditedChanges changes) {
    this.store = store;
    this.signer = signer;
    this.sealer = sealer;
    this.changes = changes;
  }

  IssuerKeyStore store() {
    return store;
  }

  /** Makes a key without storing it. */
  StoredKey make(State state, Instant now) {
    StatementSigner.NewKey made = signer.make();
    try (Secret signing = made.signing()) {
      String kid = made.verification().kid();
      return new StoredKey(
          IssuerKey.made(kid, state, now), sealer.seal(signing, KeyBinding.ofIssuerKey(kid)));
    }
  }

  /** Makes and stores the first key. The key signs immediately, because no other key can sign. */
  void makeFirst() {
    Instant now = changes.now();
    StoredKey made = make(State.SIGNING, now);
    Outcome<Boolean> unused =
        changes.changeFrom(
            AuditEvent.UPKEEP,
            "",
            AuditAction.ISSUER_KEY_CREATE,
            AuditTargets.issuerKey(made.key().kid()),
            log -> {
              if (signing(store.lockAll()).isPresent()) {
                return false;
              }
              store.insert(made);
              log.recordChange(
                  AuditAction.ISSUER_KEY_CREATE,
                  AuditTargets.issuerKey(made.key().kid()),
                  List.of("state"));
              return true;
            });
  }

  static Optional<StoredKey> signing(List<StoredKey> keys) {
    return in(State.SIGNING, keys);
  }

  static Optional<StoredKey> in(State state, List<StoredKey> keys) {
    return keys.stream().filter(stored -> stored.key().state() == state).findFirst();
  }

  /**
   * Returns the public half of a key. The public half is computed from the sealed private key, so
   * that nobody can publish their own key by writing to the database.
   *
   * @return the public half; empty if the key can't be opened
   * @throws MissingEncryptionKey if this node lacks the encryption key with which the issuer's key
   *     is sealed
   */
  Optional<VerificationKey> verification(StoredKey stored) {
    return opened(stored, (secret, verification) -> verification);
  }

  /**
   * @return the signature; empty if the key can't be opened
   * @throws MissingEncryptionKey if this node lacks the encryption key with which the issuer's key
   *     is sealed
   */
  Optional<byte[]> sign(StoredKey stored, byte[] content) {
    return opened(stored, (secret, verification) -> signer.sign(secret, content));
  }

  private <T> Optional<T> opened(
      StoredKey stored, BiFunction<Secret, VerificationKey, ? extends T> use) {
    String kid = stored.key().kid();
    sealer.demandKeyOf(stored.value());
    Optional<Secret> secret = sealer.open(stored.value(), KeyBinding.ofIssuerKey(kid));
    try {
      return secret.flatMap(
          signing ->
              signer
                  .verification(signing)
                  .filter(verification -> verification.kid().equals(kid))
                  .map(verification -> use.apply(signing, verification)));
    } finally {
      secret.ifPresent(Secret::close);
    }
  }
}
