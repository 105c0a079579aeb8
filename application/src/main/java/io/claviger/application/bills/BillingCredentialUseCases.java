package io.claviger.application.bills;

import io.claviger.application.bills.port.BillingCheck;
import io.claviger.application.bills.port.BillingCheck.Checked;
import io.claviger.application.bills.port.BillingCredentialStore;
import io.claviger.application.gateway.RateLimiter;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.standards.port.ApiStandardStore;
import io.claviger.domain.Fault;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.bills.BillingCredential;
import io.claviger.domain.bills.BillingCredential.ModelAccess;
import io.claviger.domain.bills.BillingFailure;
import io.claviger.domain.formats.BillingApi;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.sharing.Action;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

final class BillingCredentialUseCases implements BillingCredentials {
  private final InstanceStore services;
  private final ApiStandardStore standards;
  private final BillingCredentialStore credentials;
  private final BillingCheck check;
  private final RateLimiter permits;
  private final Sealer sealer;
  private final AuditedChanges changes;
  private final ReadingPlaces places;

  BillingCredentialUseCases(
      InstanceStore services,
      ApiStandardStore standards,
      BillingCredentialStore credentials,
      BillingCheck check,
      RateLimiter permits,
      ReadingPlaces places,
      Sealer sealer,
      AuditedChanges changes) {
    this.services = services;
    this.standards = standards;
    this.credentials = credentials;
    this.check = check;
    this.permits = permits;
    this.places = places;
    this.sealer = sealer;
    this.changes = changes;
  }

  /**
   * The result of trying a key: the provider's answer, or the reason why the provider was not
   * asked.
   */
  private sealed interface Tried {
    /**
     * @param credential the tried credential, whose access to models is not known yet
     */
    record Answered(BillingCredential credential, Checked checked) implements Tried {}

    record NotAsked(Refusal why) implements Tried {}
  }

  @Override
  public Outcome<BillingCredential> find(Actor actor, Instance.Ref ref) {
    return Outcome.of(
        () -> {
          actor.demandManage();
          Instant now = changes.now();
          Instance owned = owned(actor, services.find(ref, actor.sight(), now), now);
          return credentials.find(owned.id()).orElseThrow(RefusedException::notFound);
        });
  }

  @Override
  public Outcome<SavedCredential> put(
      Actor actor, Instance.Ref ref, Precondition precondition, NewCredential command) {
    // The provider is asked before the transaction begins, so that the transaction does not hold
    // locks while the provider answers. When the credential is stored, it must still be the
    // credential that was tried.
    Tried tried =
        actor.mayManage()
            ? tried(actor, ref, precondition, command)
            : notAsked(new Refusal.NotFound());
    return changes.change(
        actor,
        AuditAction.BILLING_PUT,
        AuditTargets.billing(ref),
        log -> {
          Instance owned = locked(actor, ref, log);
          precondition.demand(credentials.find(owned.id()), BillingCredential::version);
          BillingCredential wanted = wanted(actor, owned, command, changes.now());
          BillingCredential stored = accepted(tried, wanted, command.mayDoMore());
          SealedValue key = sealer.seal(command.apiKey(), KeyBinding.ofBillingCredential(stored));
          boolean created = credentials.save(stored, key);
          log.recordChange(
              AuditAction.BILLING_PUT,
              AuditTargets.billing(owned),
              List.of("api_key", "endpoint", stored.api().scopeField(), "api_key_id"));
          return new SavedCredential(stored, created);
        });
  }

  private Tried tried(
      Actor actor, Instance.Ref ref, Precondition precondition, NewCredential command) {
    Instant now = changes.now();
    BillingCredential wanted;
    Instance owned;
    try {
      owned = owned(actor, services.find(ref, actor.sight(), now), now);
      precondition.demand(credentials.find(owned.id()), BillingCredential::version);
      wanted = wanted(actor, owned, command, now);
    } catch (RefusedException e) {
      return notAsked(e.refusal());
    }
    Optional<Duration> wait = permits.waitFor("billing:" + actor.id().value(), PER_MINUTE);
    if (wait.isPresent()) {
      return notAsked(tooMany(wait.get()));
    }
    try {
      // The request is not closed here, because its key belongs to this method's caller, which
      // stores the key next.
      Checked checked =
          places.read(
              owned.owner(),
              () ->
                  check.check(
                      BillingCalls.call(wanted, command.apiKey(), owned.owner(), owned.ref()),
                      wanted,
                      LocalDate.ofInstant(now, ZoneOffset.UTC).minusDays(1)));
      return new Tried.Answered(wanted, checked);
    } catch (RefusedException e) {
      return notAsked(e.refusal());
    }
  }

  private static Tried notAsked(Refusal why) {
    return new Tried.NotAsked(why);
  }

  private static Refusal tooMany(Duration wait) {
    return new Refusal.TooMany(
        "rate_limited", "Too many billing credentials are being checked. Try again later.", wait);
  }

  /**
   * Returns the credential that the caller wants to store. The credential's access to models is not
   * known yet. The key goes to the service's own endpoint only if the caller set this endpoint;
   * otherwise a co-owner could direct the key to an address of their own.
   */
  private BillingCredential wanted(
      Actor actor, Instance service, NewCredential command, Instant now) {
    BillingApi api =
        standards
            .find(service.settings().fields().apiStandard())
            .flatMap(standard -> standard.format().api().billing())
            .orElseThrow(
                () ->
                    RefusedException.invalid(
                        new Fault(
                            "/api_key",
                            "no_billing_api",
                            "Claviger knows no usage API for services of this format.")));
    if (command.endpoint().isEmpty()
        && service.endpointSetBy().filter(actor.id()::equals).isEmpty()) {
      throw RefusedException.invalid(
          new Fault(
              "/endpoint",
              "destination_required",
              "Somebody else set the endpoint of the service. In the same request, name the"
                  + " endpoint that may receive the key."));
    }
    List<Fault> faults = command.scope().faults(api);
    if (!faults.isEmpty()) {
      throw RefusedException.invalid(faults);
    }
    return new BillingCredential(
        new BillingCredential.Id(changes.ids().next()),
        service.id(),
        api,
        command.endpoint().orElse(service.endpoint()),
        command.endpoint().isEmpty(),
        command.scope().value(),
        command.apiKeyId(),
        ModelAccess.UNKNOWN,
        now);
  }

  /** Returns the credential to store, or throws a refusal. */
  private static BillingCredential accepted(
      Tried tried, BillingCredential wanted, boolean confirmed) {
    switch (tried) {
      case Tried.NotAsked refused -> throw new RefusedException(refused.why());
      case Tried.Answered answered -> {
        BillingCredential asked = answered.credential();
        if (!wanted.service().equals(asked.service())
            || wanted.api() != asked.api()
            || !wanted.endpoint().equals(asked.endpoint())) {
          throw RefusedException.conflict(
              Refusal.Conflict.CONCURRENT_CHANGE.code(),
              "The service was changed while the key was checked. Try again.");
        }
        answered.checked().failure().ifPresent(BillingCredentialUseCases::refuse);
        ModelAccess access = answered.checked().modelAccess();
        access
            .refusal(confirmed)
            .ifPresent(
                fault -> {
                  throw RefusedException.invalid(fault);
                });
        return wanted.with(access);
      }
    }
  }

  private static void refuse(BillingFailure why) {
    String field = why == BillingFailure.KEY_REJECTED ? "/api_key" : "/endpoint";
    throw RefusedException.invalid(new Fault(field, why.wireName(), why.explanation()));
  }

  @Override
  public Outcome<Instance.Ref> delete(Actor actor, Instance.Ref ref, Precondition precondition) {
    return changes.change(
        actor,
        AuditAction.BILLING_DELETE,
        AuditTargets.billing(ref),
        log -> {
          Instance owned = locked(actor, ref, log);
          precondition.demand(credentials.find(owned.id()), BillingCredential::version);
          if (!credentials.delete(owned.id())) {
            throw RefusedException.notFound();
          }
          log.recordChange(
              AuditAction.BILLING_DELETE, AuditTargets.billing(owned), List.of("api_key"));
          return ref;
        });
  }

  private Instance locked(Actor actor, Instance.Ref ref, ChangeLog log) {
    Instant now = changes.now();
    Instance owned = owned(actor, services.lock(ref, actor.sight(), now), now);
    log.setTarget(AuditTargets.billing(owned));
    return owned;
  }

  private static Instance owned(
      Actor actor, Optional<InstanceStore.VisibleInstance> found, Instant now) {
    InstanceStore.VisibleInstance seen = InstanceStore.VisibleInstance.shownTo(actor, found, now);
    if (!seen.allows(actor, Action.SET_BILLING, now)) {
      throw RefusedException.forbidden(
          "Only the owning user of a service may see, store and delete its billing credential.");
    }
    return seen.instance();
  }
}
