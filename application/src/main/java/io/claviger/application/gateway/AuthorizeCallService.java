package io.claviger.application.gateway;

import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.TokenAcceptance;
import io.claviger.application.accounts.TokenUse;
import io.claviger.application.gateway.out.CallFacts;
import io.claviger.application.gateway.out.CallFacts.Facts;
import io.claviger.application.gateway.out.CallFacts.Target;
import io.claviger.application.keys.KeyResolution;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Attempts;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.policy.KeyDecision;
import io.claviger.domain.policy.NoKeyReason;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

final class AuthorizeCallService implements AuthorizeCall {
  private final CallFacts facts;
  private final TokenAcceptance acceptance;
  private final TokenUse use;
  private final RejectedTokens rejected;
  private final KeyResolution resolution;
  private final KeyOpening opening;
  private final Attempts attempts;

  AuthorizeCallService(
      CallFacts facts,
      TokenAcceptance acceptance,
      TokenUse use,
      RejectedTokens rejected,
      KeyResolution resolution,
      KeyOpening opening,
      Attempts attempts) {
    this.facts = facts;
    this.acceptance = acceptance;
    this.use = use;
    this.rejected = rejected;
    this.resolution = resolution;
    this.opening = opening;
    this.attempts = attempts;
  }

  @Override
  public Outcome authorize(Call call) {
    return switch (call.through()) {
      case Through.Service service ->
          authorized(call, hash -> facts.gather(hash, service.ref()), ByOwnRole::of);
      case Through.OfProject project ->
          authorized(call, hash -> facts.gather(hash, project.ref()), ByProject::of);
    };
  }

  private <T> Outcome authorized(
      Call call,
      Function<TokenHash, Optional<Facts<T>>> gather,
      BiFunction<Facts<T>, Instant, Way> path) {
    Instant now = attempts.now();
    TokenHash hash = call.token().hash();
    Optional<Facts<T>> known =
        acceptance.isWorthAsking(call.token(), hash)
            ? gather.apply(hash).filter(f -> acceptance.accepts(f.token(), hash, now))
            : Optional.empty();
    if (known.isEmpty()) {
      rejected.rejected(call.address(), call.requestId(), now);
      return new Outcome.Refused(CallRefusal.BAD_TOKEN, Optional.empty());
    }
    use.note(known.get().token(), now);
    return switch (path.apply(known.get(), now)) {
      case Way.Shut shut -> new Outcome.Refused(shut.why(), Optional.empty());
      case Way.Open open -> judged(call, known.get(), open);
    };
  }

  private Outcome judged(Call call, Facts<?> known, Way.Open way) {
    Target target = way.target();
    KeyDecision decision =
        KeyDecision.decide(resolution.untried(true, target.instance(), target.keys()));
    if (decision == KeyDecision.DISABLED) {
      return refused(CallRefusal.DISABLED, way);
    }
    if (target.standard().operation(call.method(), call.path()).isEmpty()) {
      return refused(CallRefusal.OPERATION_NOT_ALLOWED, way);
    }
    Optional<NoKeyReason> reason = decision.reason();
    if (reason.isPresent()) {
      return refused(refusal(reason.get()), way);
    }
    return opening
        .open(caller(call, known), way, decision.source().orElseThrow())
        .<Outcome>map(Outcome.Authorized::new)
        .orElseGet(() -> refused(CallRefusal.KEY_UNUSABLE, way));
  }

  private static Actor caller(Call call, Facts<?> known) {
    return new Actor(
        known.user().id(),
        known.user().handle(),
        known.user().administrator(),
        Optional.of(known.token()),
        call.address(),
        call.requestId());
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

  private static Outcome refused(CallRefusal why, Way.Open way) {
    return new Outcome.Refused(
        why, Optional.of(new KnownService(way.name(), way.target().standard().format())));
  }
}
