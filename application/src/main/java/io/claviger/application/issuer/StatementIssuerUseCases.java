package io.claviger.application.issuer;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.instances.port.InstanceStore.VisibleInstance;
import io.claviger.application.issuer.port.IssuerKeyStore;
import io.claviger.application.issuer.port.IssuerKeyStore.StoredKey;
import io.claviger.application.issuer.port.KeySetReader;
import io.claviger.application.keys.port.OutsideKeyFailure;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.Elapsed;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.issuer.FederationGuide;
import io.claviger.domain.issuer.IssuerKey;
import io.claviger.domain.issuer.IssuerKey.State;
import io.claviger.domain.issuer.VerificationKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

final class StatementIssuerUseCases implements StatementIssuer {
  /**
   * The maximum age of a returned key set. The key set is cached, because anybody may request it as
   * often as they like.
   */
  private static final Duration FRESH = Duration.ofSeconds(2);

  private final Optional<Issuer> issuer;
  private final SigningKeys keys;
  private final IssuerKeyStore store;
  private final KeySetReader reader;
  private final InstanceStore services;
  private final AuditedChanges changes;
  private @Nullable Published published;

  StatementIssuerUseCases(
      Optional<Issuer> issuer,
      SigningKeys keys,
      KeySetReader reader,
      InstanceStore services,
      AuditedChanges changes) {
    this.issuer = issuer;
    this.keys = keys;
    this.store = keys.store();
    this.reader = reader;
    this.services = services;
    this.changes = changes;
  }

  private record Published(List<VerificationKey> keys, Instant readAt) {}

  @Override
  public Optional<Issuer> address() {
    return issuer;
  }

  @Override
  public synchronized List<VerificationKey> keySet() {
    Instant now = changes.now();
    Published before = published;
    if (before != null && Elapsed.isWithin(FRESH, before.readAt(), now)) {
      return before.keys();
    }
    List<VerificationKey> read = verification(store.all(), now);
    // An empty set is never cached, because the first key signs as soon as any node has made it.
    published = read.isEmpty() ? null : new Published(read, now);
    return read;
  }

  private List<VerificationKey> verification(List<StoredKey> stored, Instant now) {
    return stored.stream()
        .filter(one -> one.key().isPublished(now))
        .flatMap(one -> keys.verification(one).stream())
        .toList();
  }

  @Override
  public Outcome<IssuerStatus> show(Actor actor, Optional<Instance.Ref> service) {
    return Outcome.of(
        () -> {
          Issuer known = demandIssuer();
          return status(known, service.map(ref -> subject(actor, ref)));
        });
  }

  private String subject(Actor actor, Instance.Ref ref) {
    Instant now = changes.now();
    return services
        .find(ref, actor.sight(), now)
        .filter(found -> actor.isWithinRestriction(found.instance().id()))
        .filter(found -> actor.sees(found.relationship(actor, now)))
        .map(VisibleInstance::instance)
        .map(found -> ServiceStatements.subject(found, services.givenCredential(found.id())))
        .orElseThrow(RefusedException::notFound);
  }

  private IssuerStatus status(Issuer known, Optional<String> subject) {
    Instant now = changes.now();
    List<StoredKey> stored = store.all();
    return new IssuerStatus(
        known,
        stored.stream().map(StoredKey::key).filter(key -> key.isPublished(now)).toList(),
        verification(stored, now),
        FederationGuide.all(known, subject));
  }

  private Issuer demandIssuer() {
    return issuer.orElseThrow(
        () -> RefusedException.conflict("no_issuer", ServiceStatements.NO_ISSUER));
  }

  @Override
  public Outcome<IssuerStatus> rotate(Actor actor) {
    return change(
        actor,
        AuditAction.ISSUER_KEY_CREATE,
        () -> SigningKeys.in(State.PUBLISHED, store.all()).isEmpty(),
        State.PUBLISHED,
        (made, log) -> {
          List<StoredKey> stored = store.lockAll();
          if (SigningKeys.in(State.PUBLISHED, stored).isPresent()) {
            return;
          }
          if (stored.size() >= MOST_KEYS) {
            throw RefusedException.conflict(
                "too_many_keys",
                "The keys of former rotations are still published. Try again in a quarter of an"
                    + " hour.");
          }
          StoredKey next = made.orElseThrow(StatementIssuerUseCases::raced);
          demandNew(next, stored);
          insert(next, log);
        });
  }

  @Override
  public Outcome<IssuerStatus> confirmUpload(Actor actor) {
    return change(
        actor,
        AuditAction.ISSUER_KEY_UPDATE,
        () -> false,
        State.SIGNING,
        (unusedMade, log) -> {
          List<StoredKey> stored = store.lockAll();
          StoredKey next =
              SigningKeys.in(State.PUBLISHED, stored)
                  .orElseThrow(
                      () ->
                          RefusedException.conflict(
                              "nothing_published",
                              "No key waits to sign. Rotate first, and then upload the key"
                                  + " set."));
          letSign(next.key(), stored, log);
        });
  }

  @Override
  public Outcome<IssuerStatus> revoke(Actor actor) {
    return change(
        actor,
        AuditAction.ISSUER_KEY_DELETE,
        () -> true,
        State.SIGNING,
        (made, log) -> {
          List<StoredKey> before = store.lockAll();
          // A key that is stored but still waits to sign is accepted as the new key, because it has
          // not been used yet.
          demandNew(
              made.orElseThrow(),
              before.stream().filter(one -> one.key().state() != State.PUBLISHED).toList());
          before.forEach(stored -> delete(stored.key(), log));
          insert(made.orElseThrow(), log);
        });
  }

  /**
   * Refuses a key that is already stored, because the operator might have forgotten to create a new
   * key outside Claviger.
   */
  private static void demandNew(StoredKey made, List<StoredKey> stored) {
    String kid = made.key().kid();
    if (stored.stream().anyMatch(one -> one.key().kid().equals(kid))) {
      throw RefusedException.conflict(
          "issuer_key_in_use",
          "CLAVIGER_ISSUER_KEY names a key that is published already. Make another key in the"
              + " same place, and name the new key on all nodes.");
    }
  }

  /**
   * Returns the refusal of a change because the key that waited to sign has begun to sign in the
   * meantime.
   */
  private static RefusedException raced() {
    return new RefusedException(Refusal.Conflict.CONCURRENT_CHANGE);
  }

  private interface Work {
    void run(Optional<StoredKey> made, ChangeLog log);
  }

  private interface Condition {
    boolean holds();
  }

  /**
   * Runs a change of the issuer's keys. If the change needs a new key, Claviger makes the key
   * before the transaction begins, because making a key takes a while.
   */
  private Outcome<IssuerStatus> change(
      Actor actor, AuditAction action, Condition needsKey, State state, Work work) {
    boolean allowed = actor.mayManage() && actor.administrator() && issuer.isPresent();
    try {
      Optional<StoredKey> made =
          allowed && needsKey.holds()
              ? Optional.of(keys.make(state, changes.now()))
              : Optional.empty();
      return change(actor, action, made, work);
    } catch (OutsideKeyFailure e) {
      return change(
          actor,
          action,
          Optional.empty(),
          (unusedMade, unusedLog) -> {
            throw RefusedException.conflict(
                "issuer_key_unusable",
                "The key that CLAVIGER_ISSUER_KEY names can't be used: %s."
                    .formatted(e.getMessage()));
          });
    }
  }

  private Outcome<IssuerStatus> change(
      Actor actor, AuditAction action, Optional<StoredKey> made, Work work) {
    Outcome<IssuerStatus> outcome =
        changes.change(
            actor,
            action,
            AuditTargets.issuerKey(made.map(one -> one.key().kid()).orElse("")),
            log -> {
              if (!actor.administrator()) {
                throw RefusedException.forbidden(
                    "Only administrators may change the keys of the issuer.");
              }
              Issuer known = demandIssuer();
              work.run(made, log);
              return status(known, Optional.empty());
            });
    forgetPublished();
    return outcome;
  }

  /**
   * Drops the cached key set, so that this node immediately publishes a change that it has made
   * itself.
   */
  private synchronized void forgetPublished() {
    published = null;
  }

  private void insert(StoredKey made, ChangeLog log) {
    store.insert(made);
    log.recordChange(
        AuditAction.ISSUER_KEY_CREATE, AuditTargets.issuerKey(made.key().kid()), List.of("state"));
  }

  private void delete(IssuerKey key, ChangeLog log) {
    store.delete(key.kid());
    log.recordChange(
        AuditAction.ISSUER_KEY_DELETE, AuditTargets.issuerKey(key.kid()), List.of("state"));
  }

  private void letSign(IssuerKey next, List<StoredKey> stored, ChangeLog log) {
    Instant now = changes.now();
    SigningKeys.signing(stored).ifPresent(before -> store.update(before.key().retired(now)));
    store.update(next.signing());
    log.recordChange(
        AuditAction.ISSUER_KEY_UPDATE, AuditTargets.issuerKey(next.kid()), List.of("state"));
  }

  @Override
  public void advance() {
    if (issuer.isEmpty()) {
      return;
    }
    List<StoredKey> stored = store.all();
    if (SigningKeys.signing(stored).isEmpty()) {
      keys.makeFirst();
    }
    deleteEnded(stored);
    Optional<StoredKey> waiting = SigningKeys.in(State.PUBLISHED, stored);
    Optional<VerificationKey> known = waiting.flatMap(keys::verification);
    Optional<Set<VerificationKey>> shown = known.flatMap(key -> reader.read(issuer.get()));
    shown.ifPresent(set -> record(waiting.get().key().kid(), set.contains(known.get())));
  }

  private void deleteEnded(List<StoredKey> stored) {
    Instant now = changes.now();
    for (StoredKey one : stored) {
      if (!one.key().isPublished(now)) {
        byItself(AuditAction.ISSUER_KEY_DELETE, one.key().kid(), log -> delete(one.key(), log));
      }
    }
  }

  private void record(String kid, boolean shown) {
    byItself(
        AuditAction.ISSUER_KEY_UPDATE,
        kid,
        log -> {
          List<StoredKey> stored = store.lockAll();
          Instant now = changes.now();
          Optional<IssuerKey> waiting =
              SigningKeys.in(State.PUBLISHED, stored)
                  .map(StoredKey::key)
                  .filter(key -> key.kid().equals(kid));
          if (waiting.isEmpty()) {
            return;
          }
          IssuerKey seen = waiting.get().seen(shown, now);
          if (seen.maySign(now)) {
            letSign(seen, stored, log);
          } else if (!seen.equals(waiting.get())) {
            store.update(seen);
          }
        });
  }

  private interface OwnChange {
    void make(ChangeLog log);
  }

  private void byItself(AuditAction action, String kid, OwnChange change) {
    Outcome<Boolean> unused =
        changes.changeFrom(
            AuditEvent.UPKEEP,
            "",
            action,
            AuditTargets.issuerKey(kid),
            log -> {
              change.make(log);
              return true;
            });
  }
}
