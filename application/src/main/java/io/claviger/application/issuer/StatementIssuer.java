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

/** The issuer of statements about services: what it publishes, and the rotation of its keys. */
public interface StatementIssuer {
  /** The most keys on record. A rotation beyond that waits until retired ones have ended. */
  int MOST_KEYS = 16;

  /**
   * @param issuer the address of the issuer; empty if this installation is none
   * @param reader reads the key set at that address
   */
  static StatementIssuer of(
      Optional<Issuer> issuer,
      SigningKeys keys,
      KeySetReader reader,
      InstanceStore services,
      AuditedChanges changes) {
    return new StatementIssuerUseCases(issuer, keys, reader, services, changes);
  }

  /** The address of the issuer; empty if this installation is none. */
  Optional<Issuer> address();

  /**
   * Returns the keys that providers may read, for anybody. What is returned may be two seconds old.
   * A key that this node can't open is missing.
   */
  List<VerificationKey> keySet();

  /**
   * Returns the keys, and what has to be entered at providers. It is the conflict {@code no_issuer}
   * if this installation is no issuer.
   *
   * @param service the service whose rule is asked for; the actor has to see it
   */
  Outcome<IssuerStatus> show(Actor actor, Optional<Instance.Ref> service);

  /**
   * Publishes a new key, which signs 24 hours after the address that providers read shows it;
   * administrators only. If a key waits already, nothing changes. It is the conflict {@code
   * issuer_key_in_use} if keys stay elsewhere and the operator has named no new one, and {@code
   * issuer_key_unusable} if that one can't be used now.
   */
  Outcome<IssuerStatus> rotate(Actor actor);

  /**
   * Lets the published key sign at once, because it has been uploaded wherever the key set is not
   * read; administrators only. It is the conflict {@code nothing_published} if no key waits.
   */
  Outcome<IssuerStatus> confirmUpload(Actor actor);

  /**
   * Ends all keys at once, and makes a new one, which signs from now on; administrators only.
   * Providers accept statements of the former keys until they read the key set again. The conflicts
   * are those of {@link #rotate}.
   */
  Outcome<IssuerStatus> revoke(Actor actor);

  /** Makes the first key, lets a published one sign when it may, and deletes what has ended. */
  void advance();

  /**
   * The issuer as it is shown.
   *
   * @param keys the keys on record, the newest first
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
