package io.claviger.application.gateway;

import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.TokenAcceptance;
import io.claviger.application.accounts.TokenUse;
import io.claviger.application.gateway.out.CallFacts;
import io.claviger.application.gateway.out.CallFacts.Facts;
import io.claviger.application.gateway.out.CallFacts.Target;
import io.claviger.application.gateway.out.DeploymentKeys;
import io.claviger.application.shared.Attempts;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenRestriction;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.KeyCandidates.Candidate;
import io.claviger.domain.policy.KeyDecision;
import io.claviger.domain.policy.NoKeyReason;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Standing;
import java.time.Instant;
import java.util.Optional;

final class AuthorizeCallService implements AuthorizeCall {
  private final CallFacts facts;
  private final TokenAcceptance acceptance;
  private final TokenUse use;
  private final RejectedTokens rejected;
  private final DeploymentKeys deploymentKeys;
  private final KeyOpening opening;
  private final Attempts attempts;

  AuthorizeCallService(
      CallFacts facts,
      TokenAcceptance acceptance,
      TokenUse use,
      RejectedTokens rejected,
      DeploymentKeys deploymentKeys,
      KeyOpening opening,
      Attempts attempts) {
    this.facts = facts;
    this.acceptance = acceptance;
    this.use = use;
    this.rejected = rejected;
    this.deploymentKeys = deploymentKeys;
    this.opening = opening;
    this.attempts = attempts;
  }

  @Override
  public Outcome authorize(Call call) {
    Instant now = attempts.now();
    TokenHash hash = call.token().hash();
    Optional<Facts> known =
        acceptance.isWorthAsking(call.token(), hash)
            ? facts
                .gather(hash, call.service())
                .filter(f -> acceptance.accepts(f.token(), hash, now))
            : Optional.empty();
    if (known.isEmpty()) {
      rejected.rejected(call.address(), call.requestId(), now);
      return refused(CallRefusal.BAD_TOKEN);
    }
    use.note(known.get().token(), now);
    return judged(call, known.get(), now);
  }

  private Outcome judged(Call call, Facts known, Instant now) {
    Optional<Target> target = known.target();
    Standing standing =
        target
            .map(t -> standing(known, t, now))
            .orElse(new Standing(false, Optional.empty(), false, false));
    if (target.isEmpty() || !Permissions.allows(standing, Action.SEE)) {
      return refused(CallRefusal.NOT_FOUND);
    }
    if (isRestrictedElsewhere(known, target.get())) {
      return refused(CallRefusal.TOKEN_RESTRICTED);
    }
    KeyDecision decision = decision(standing, target.get());
    if (decision == KeyDecision.NOT_PERMITTED) {
      return refused(CallRefusal.NOT_PERMITTED);
    }
    if (decision == KeyDecision.DISABLED) {
      return refused(CallRefusal.DISABLED, target.get());
    }
    if (target.get().standard().operation(call.method(), call.path()).isEmpty()) {
      return refused(CallRefusal.OPERATION_NOT_ALLOWED, target.get());
    }
    Optional<NoKeyReason> reason = decision.reason();
    if (reason.isPresent()) {
      return refused(refusal(reason.get()), target.get());
    }
    return opening
        .open(call, known, target.get(), decision.source().orElseThrow())
        .<Outcome>map(Outcome.Authorized::new)
        .orElseGet(() -> refused(CallRefusal.KEY_UNUSABLE, target.get()));
  }

  private KeyDecision decision(Standing standing, Target target) {
    Instance instance = target.instance();
    return KeyDecision.decide(
        instance.keyCandidates(
            Permissions.allows(standing, Action.USE),
            Candidate.ABSENT,
            target.apiKey().isPresent() ? Candidate.PRESENT : Candidate.ABSENT,
            deploymentKeys.has(instance.settings().fields().provider())));
  }

  private static Standing standing(Facts known, Target target, Instant now) {
    return Standing.of(
        known.user().id(),
        known.user().administrator(),
        target.instance().owner(),
        target.share(),
        now);
  }

  private static boolean isRestrictedElsewhere(Facts known, Target target) {
    Optional<TokenRestriction> restriction = known.token().restriction();
    return restriction.isPresent()
        && !(restriction.get() instanceof TokenRestriction.ToService one
            && one.instance().equals(target.instance().id().value()));
  }

  private static CallRefusal refusal(NoKeyReason reason) {
    return switch (reason) {
      case NOT_PERMITTED -> CallRefusal.NOT_PERMITTED;
      case DISABLED -> CallRefusal.DISABLED;
      case USER_API_KEY_REQUIRED -> CallRefusal.USER_API_KEY_REQUIRED;
      case MISSING_API_KEY -> CallRefusal.MISSING_API_KEY;
      case KEY_UNUSABLE -> CallRefusal.KEY_UNUSABLE;
    };
  }

  private static Outcome refused(CallRefusal why) {
    return new Outcome.Refused(why, Optional.empty());
  }

  private static Outcome refused(CallRefusal why, Target target) {
    return new Outcome.Refused(why, Optional.of(target.standard().format()));
  }
}
