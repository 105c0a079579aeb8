package io.claviger.application.gateway;

import io.claviger.application.budgets.CallSpending;
import io.claviger.application.gateway.ConnectionChecks.ConnectionCheck;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.gateway.port.AuthorizedCall.AuthorizationBasis;
import io.claviger.application.gateway.port.ConnectionStatus;
import io.claviger.application.gateway.port.ProviderProbe;
import io.claviger.application.instances.InstanceDraft;
import io.claviger.application.instances.InstanceWrite;
import io.claviger.application.instances.Instances;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.usage.ChargePolicy;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Destination;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.CustomHeaders;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.policy.CallLimits.Meter;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.policy.NoKeyReason;
import io.claviger.domain.usage.UsageAccount;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

final class LimitedDraftChecks implements DraftChecks {
  /** How long to wait when too many checks are running. */
  private static final Duration SOON = Duration.ofSeconds(1);

  private final Instances instances;
  private final ProviderProbe probe;
  private final RateLimiter permits;
  private final AuditedChanges changes;
  private final ConnectionCheckQuota places = new ConnectionCheckQuota();

  LimitedDraftChecks(
      Instances instances, ProviderProbe probe, RateLimiter permits, AuditedChanges changes) {
    this.instances = instances;
    this.probe = probe;
    this.permits = permits;
    this.changes = changes;
  }

  @Override
  public ConnectionChecks.CheckOutcome check(Actor actor, Instance.Ref ref, InstanceWrite write) {
    return switch (instances.draft(actor, ref, write)) {
      case Outcome.Refused<InstanceDraft> refused ->
          new ConnectionChecks.CheckOutcome.Refused(refused.why());
      case Outcome.Done<InstanceDraft> done -> check(actor, done.value(), write);
    };
  }

  private ConnectionChecks.CheckOutcome check(
      Actor actor, InstanceDraft draft, InstanceWrite write) {
    Optional<Secret> key =
        draft.settings().credential().kind() == CredentialKind.API_KEY
            ? write.secret()
            : Optional.empty();
    boolean keyless =
        switch (draft.settings().credential().kind()) {
          case API_KEY -> draft.standard().placement().isNone();
          case NONE -> true;
          case OAUTH_CLIENT, GOOGLE_SERVICE_ACCOUNT, AWS, FEDERATED, AMBIENT -> false;
        };
    if (!keyless && key.isEmpty()) {
      return new ConnectionChecks.CheckOutcome.Checked(withoutKey(draft));
    }
    if (!places.enter(actor.id())) {
      return new ConnectionChecks.CheckOutcome.Limited(SOON, OptionalInt.empty());
    }
    try {
      long deadline = System.nanoTime() + ConnectionChecks.EACH.toNanos();
      if (!places.take(actor.id(), deadline)) {
        return new ConnectionChecks.CheckOutcome.Limited(SOON, OptionalInt.empty());
      }
      try {
        return called(actor, draft, key, write.customHeaders().given());
      } finally {
        places.free(actor.id());
      }
    } finally {
      places.leave(actor.id());
    }
  }

  private ConnectionChecks.CheckOutcome called(
      Actor actor, InstanceDraft draft, Optional<Secret> key, Optional<CustomHeaders> headers) {
    Meter meter = new Meter("check-draft:" + actor.id().value(), PER_MINUTE);
    if (permits.take(List.of(meter)) instanceof RateLimiter.PermitDecision.Exhausted exhausted) {
      return new ConnectionChecks.CheckOutcome.Limited(
          exhausted.retryAfter(), exhausted.perMinute());
    }
    Duration own = Duration.ofMillis(draft.settings().timeout().millis());
    Duration limit = own.compareTo(ConnectionChecks.EACH) < 0 ? own : ConnectionChecks.EACH;
    // The call is not closed, because its secrets belong to the caller, who stores them next.
    AuthorizedCall call = call(actor, draft, key, headers.orElse(CustomHeaders.NONE));
    ProviderProbe.Probed probed = probe.probe(call, limit).join();
    return new ConnectionChecks.CheckOutcome.Checked(
        ConnectionCheck.of(draft.ref(), probed, changes.now()));
  }

  private AuthorizedCall call(
      Actor actor, InstanceDraft draft, Optional<Secret> key, CustomHeaders headers) {
    Provider provider = draft.settings().fields().provider();
    KeySource source = key.isPresent() ? KeySource.CENTRAL : KeySource.KEYLESS;
    Instance.Id noneYet = new Instance.Id(changes.ids().next());
    AuthorizationBasis basis =
        new AuthorizationBasis(
            new UsageAccount(
                actor.id(), actor.handle(), noneYet, draft.ref(), draft.owner(), Optional.empty()),
            source,
            new Destination(draft.settings().fields().endpoint(), draft.standard().placement()),
            Optional.empty(),
            draft.standard().handle(),
            draft.settings().organization(),
            1,
            Optional.empty(),
            ChargePolicy.toNobody(provider));
    return new AuthorizedCall(
        draft.ref().toString(),
        draft.settings().fields().endpoint(),
        draft.standard().callable(),
        source,
        key,
        headers,
        draft.settings().organization(),
        draft.settings().timeout(),
        draft.ref().owner().isSystem(),
        Optional.empty(),
        false,
        false,
        basis,
        CallSpending.NONE,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private ConnectionCheck withoutKey(InstanceDraft draft) {
    KeyPolicy policy = draft.settings().keyPolicy();
    NoKeyReason reason =
        policy.userKeys() && !policy.fallbackToCentral()
            ? NoKeyReason.USER_API_KEY_REQUIRED
            : NoKeyReason.MISSING_API_KEY;
    return new ConnectionCheck(
        draft.ref(),
        ConnectionStatus.NO_KEY,
        Optional.of(reason),
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        changes.now());
  }
}
