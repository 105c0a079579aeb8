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
 * The issuer of statements about services. Shows its published keys, and rotates and revokes them.
 */
public interface StatementIssuer {
  /**
   * The maximum number of stored keys. When this many keys are stored, a rotation is refused until
   * retired keys have been deleted.
   */
  int MOST_KEYS = 16;

  /**
   * @param issuer the address of the issuer; empty if this installation is not an issuer
   * @param reader the reader of the key set at the issuer's address
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
   * Returns the public keys that providers read. Anybody may call this method. The result can be up
   * to two seconds old. If somebody has changed a key in the database, so that the key can't be
   * opened, the result does not contain this key.
   *
   * @throws io.claviger.application.shared.MissingEncryptionKey if this node lacks the encryption
   *     key with which one of the keys is sealed. A set without this key is not returned, because
   *     providers that read such a set would refuse the statements signed with this key
   */
  List<VerificationKey> keySet();

  /**
   * Returns the keys, and the values that users have to enter at providers. The answer is the
   * conflict {@code no_issuer} if this installation is not an issuer.
   *
   * @param service the service for which the values are computed; the actor must be able to see it
   */
  Outcome<IssuerStatus> show(Actor actor, Optional<Instance.Ref> service);

  /**
   * Makes and publishes a new key. Only administrators may call this method. The key begins to sign
   * 24 hours after it first appears at the address that providers read. If another published key
   * still waits to sign, nothing changes.
   *
   * <p>For keys that are kept outside Claviger, the answer is the conflict {@code
   * issuer_key_in_use} if the operator has not named a new key. If the named key can't be used now,
   * the answer is the conflict {@code issuer_key_unusable}.
   */
  Outcome<IssuerStatus> rotate(Actor actor);

  /**
   * Lets the published key sign immediately. Only administrators may call this method. By calling
   * this method, an administrator confirms that the key was uploaded to each provider that does not
   * read the key set. The answer is the conflict {@code nothing_published} if no key waits to sign.
   */
  Outcome<IssuerStatus> confirmUpload(Actor actor);

  /**
   * Ends all keys immediately, and makes a new key, which begins to sign immediately. Only
   * administrators may call this method. Providers accept statements signed with the former keys
   * until they read the key set again. The conflicts are the same as for {@link #rotate}.
   */
  Outcome<IssuerStatus> revoke(Actor actor);

  /**
   * Makes the first key if there is none, lets a published key sign after its waiting time, and
   * deletes keys that have ended.
   */
  void advance();

  /**
   * The issuer, its keys, and instructions for providers.
   *
   * @param keys the stored keys, the newest first
   * @param keySet the public keys that are published
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
