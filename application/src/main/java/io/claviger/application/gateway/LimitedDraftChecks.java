package io.claviger.application.gateway;

import io.claviger.application.credentials.MintedCredentials;
import io.claviger.application.credentials.MintedCredentials.Trial;
import io.claviger.application.credentials.TokenSource;
import io.claviger.application.gateway.ConnectionChecks.ConnectionCheck;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.gateway.port.AuthorizedCall.AuthorizationBasis;
import io.claviger.application.gateway.port.AuthorizedCall.ConnectionBasis;
import io.claviger.application.gateway.port.AuthorizedCall.Secrets;
import io.claviger.application.gateway.port.AuthorizedCall.Terms;
import io.claviger.application.gateway.port.ConnectionStatus;
import io.claviger.application.gateway.port.ProviderProbe;
import io.claviger.application.instances.InstanceDraft;
import io.claviger.application.instances.InstanceWrite;
import io.claviger.application.instances.Instances;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.usage.ChargePolicy;
import io.claviger.domain.credentials.CredentialBinding;
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
  /** The time for which callers should wait if too many checks are running. */
  private static final Duration SOON = Duration.ofSeconds(1);

  private final Instances instances;
  private final ProviderProbe probe;
  private final MintedCredentials credentials;
  private final RateLimiter permits;
  private final AuditedChanges changes;
  private final ConnectionCheckQuota places = new ConnectionCheckQuota();

  LimitedDraftChecks(
      Instances instances,
      ProviderProbe probe,
      MintedCredentials credentials,
      RateLimiter permits,
      AuditedChanges changes) {
    this.instances = instances;
    this.probe = probe;
    this.credentials = credentials;
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
    CredentialKind kind = draft.settings().credential().kind();
    boolean keyless =
        kind == CredentialKind.NONE
            || (kind == CredentialKind.API_KEY && draft.standard().placement().isNone());
    if (!keyless && !kind.isConfirmed() && write.secret().isEmpty()) {
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
        return called(
            actor,
            draft,
            keyless ? Optional.empty() : write.secret(),
            write.customHeaders().given());
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
    // The call is not closed, because its secrets belong to the caller of this method, who stores
    // the secrets next.
    CustomHeaders added = headers.orElse(CustomHeaders.NONE);
    return new ConnectionChecks.CheckOutcome.Checked(
        draft.settings().credential().kind().isMinted()
            ? minted(actor, draft, key, added, limit)
            : probed(draft, call(actor, draft, key, added), limit));
  }

  private ConnectionCheck probed(InstanceDraft draft, AuthorizedCall call, Duration limit) {
    return ConnectionCheck.of(draft.ref(), probe.probe(call, limit).join(), changes.now());
  }

  /**
   * Mints a token that only this check uses. The secret from which the token is minted is never
   * sent to the endpoint.
   */
  private ConnectionCheck minted(
      Actor actor,
      InstanceDraft draft,
      Optional<Secret> secret,
      CustomHeaders headers,
      Duration limit) {
    CredentialBinding binding =
        new CredentialBinding(
            changes.ids().next(),
            draft.settings().fields().endpoint(),
            draft.standard().placement(),
            draft.settings().sent(),
            draft.settings().credential());
    boolean systemLevel = draft.ref().owner().isSystem();
    return switch (credentials.tryOut(binding, secret, draft.owner(), systemLevel)) {
      case Trial.Useless useless ->
          ConnectionCheck.without(draft.ref(), useless.why(), changes.now());
      case Trial.Useful useful -> {
        try (Secret token = useful.token()) {
          AuthorizedCall call =
              call(actor, draft, Optional.of(token), headers)
                  .minting(waiter -> new TokenSource.Answer.Failed(MintedCredentials.BUSY));
          yield probed(draft, call, limit).after(useful.steps());
        }
      }
    };
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
            new Destination(
                draft.settings().fields().endpoint(),
                draft.standard().placement(),
                draft.settings().sent()),
            Optional.empty(),
            draft.standard().handle(),
            draft.settings().organization(),
            1,
            Optional.empty(),
            ChargePolicy.toNobody(provider),
            ConnectionBasis.USUAL,
            Optional.empty());
    return AuthorizedCall.ofNobody(
        new Terms(
            draft.ref().toString(),
            draft.standard().callable(),
            draft.settings().timeout(),
            draft.ref().owner().isSystem()),
        basis,
        new Secrets(key, headers, Optional.empty(), Optional.empty()));
  }

  private ConnectionCheck withoutKey(InstanceDraft draft) {
    KeyPolicy policy = draft.settings().keyPolicy();
    NoKeyReason reason =
        policy.userKeys() && !policy.fallbackToCentral()
            ? NoKeyReason.USER_API_KEY_REQUIRED
            : NoKeyReason.MISSING_API_KEY;
    return ConnectionCheck.uncalled(
        draft.ref(), ConnectionStatus.NO_KEY, Optional.of(reason), Optional.empty(), changes.now());
  }
}
