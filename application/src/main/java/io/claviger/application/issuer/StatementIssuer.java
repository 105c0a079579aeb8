package io.claviger.application.issuer;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.issuer.port.KeySetReader;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.issuer.FederationGuide;
import io.claviger.domain.issuer.IssuerKey;
import io.claviger.domain.issuer.VerificationKey;
import java.util.List;
import java.util.Optional;

/**
 * The issuer of statements about services: shows what it publishes, and rotates and revokes its
 * keys.
 */
public interface StatementIssuer {
  /**
   * The greatest number of stored keys. If this number is reached, a further rotation is refused
   * until retired keys have ended.
   */
  int MOST_KEYS = 16;

  /**
   * @param issuer the address of the issuer; empty if this installation is not an issuer
   * @param reader reads the key set that is published at the issuer's address
   */
  static StatementIssuer of(
      Optional<Issuer> issuer,
      SigningKeys keys,
      KeySetReader reader,
      InstanceStore services,
      AuditedChanges changes) {
    return new StatementIssuerUseCases(issuer, keys, reader, services, changes);
  }

  /** Returns the address of the issuer; empty if this installation is not an issuer. */
  Optional<Issuer> address();

  /**
   * Returns the public keys that providers read. Anybody may call this method. The result may be
   * two seconds old. A key that this node can't open is left out.
   */
  List<VerificationKey> keySet();

  /**
   * Returns the keys, and the values that have to be entered at providers. The answer is the
   * conflict {@code no_issuer} if this installation is not an issuer.
   *
   * @param service the service for which the values to enter at providers are wanted; the actor has
   *     to see it
   */
  Outcome<IssuerStatus> show(Actor actor, Optional<Instance.Ref> service);

  /**
   * Publishes a new key; administrators only. The key begins to sign 24 hours after it is shown at
   * the address that providers read. If a published key is already waiting to sign, nothing
   * changes. If keys are kept outside Claviger, there are two more conflicts: {@code
   * issuer_key_in_use} if the operator has not named a new key, and {@code issuer_key_unusable} if
   * the named key can't be used now.
   */
  Outcome<IssuerStatus> rotate(Actor actor);

  /**
   * Lets the published key begin to sign immediately; administrators only. By calling this method,
   * an administrator confirms that the key was uploaded to all providers that do not read the key
   * set. The answer is the conflict {@code nothing_published} if no key waits to sign.
   */
  Outcome<IssuerStatus> confirmUpload(Actor actor);

  /**
   * Ends all keys immediately, and makes a new key, which begins to sign immediately. Only
   * administrators may call this method. Providers accept statements of the former keys until they
   * read the key set again. The conflicts are the same as for {@link #rotate}.
   */
  Outcome<IssuerStatus> revoke(Actor actor);

  /**
   * Makes the first key, lets a published key sign when its waiting time is over, and deletes keys
   * that have ended.
   */
  void advance();

  /**
   * The facts about the issuer that are shown.
   *
   * @param keys the stored keys, the newest first
   * @param keySet the public keys
   */
  record IssuerStatus(
      Issuer issuer,
      List<IssuerKey> keys,
      List<VerificationKey> keySet,
      List<FederationGuide> guides) {
    public IssuerStatus {
      keys = List.copyOf(keys);
      keySet = List.copyOf(keySet);
      guides = List.copyOf(guides);
    }
  }
}
