package io.claviger.application.gateway;

import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.TokenAcceptance;
import io.claviger.application.accounts.TokenUse;
import io.claviger.application.gateway.out.CallFacts.Caller;
import io.claviger.application.gateway.out.CallFacts.Facts;
import io.claviger.application.gateway.out.CallFacts.Target;
import io.claviger.application.keys.KeyResolution;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Attempts;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.policy.CallLimits;
import io.claviger.domain.policy.KeyDecision;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.policy.NoKeyReason;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiFunction;

final class AuthorizeCallService implements AuthorizeCall {
  private final FactsMemory memory;
  private final TokenAcceptance acceptance;
  private final TokenUse use;
  private final RejectedTokens rejected;
  private final KeyResolution resolution;
  private final KeyOpening opening;
  private final Permits permits;
  private final Attempts attempts;

  AuthorizeCallService(
      FactsMemory memory,
      TokenAcceptance acceptance,
      TokenUse use,
      RejectedTokens rejected,
      KeyResolution resolution,
      KeyOpening opening,
      Permits permits,
      Attempts attempts) {
    this.memory = memory;
    this.acceptance = acceptance;
    this.use = use;
    this.rejected = rejected;
    this.resolution = resolution;
    this.opening = opening;
    this.permits = permits;
    this.attempts = attempts;
  }

  /** Who calls, and where that leads. */
  private record Found(AccessToken token, Caller user, Way way) {
    static Found on(Facts<?> facts, Way way) {
      return new Found(facts.token(), facts.user(), way);
    }
  }

  /** What the way is good for: which key, within which limits, or why nothing. */
  private sealed interface Verdict {
    record Go(Grant grant) implements Verdict {}

    record No(CallRefusal why) implements Verdict {}
  }

  @Override
  public Optional<Outcome> authorizeAtOnce(Call call) {
    Instant now = attempts.now();
    TokenHash hash = call.token().hash();
    Optional<Outcome> recalled =
        switch (call.through()) {
          case Through.Service service ->
              memory
                  .recall(hash, service.ref(), now)
                  .flatMap(known -> atOnce(call, hash, known, now, ByOwnRole::of));
          case Through.OfProject project ->
              memory
                  .recall(hash, project.ref())
                  .flatMap(known -> atOnce(call, hash, known, now, ByProject::of));
        };
    return recalled.isPresent() || acceptance.isWorthAsking(call.token(), hash)
        ? recalled
        : Optional.of(rejected(rejected.noted(call.address(), call.requestId(), now)));
  }

  @Override
  public Outcome authorize(Call call) {
    Instant now = attempts.now();
    TokenHash hash = call.token().hash();
    Optional<Found> found =
        acceptance.isWorthAsking(call.token(), hash)
            ? gathered(hash, call.through(), now)
                .filter(f -> acceptance.accepts(f.token(), hash, now))
            : Optional.empty();
    if (found.isEmpty()) {
      return rejected(rejected.noted(call.address(), call.requestId(), now));
    }
    use.note(found.get().token(), now);
    return switch (found.get().way()) {
      case Way.Shut shut -> new Outcome.Refused(shut.why(), Optional.empty());
      case Way.Open open -> authorized(call, found.get(), open);
    };
  }

  @Override
  public Optional<CallRefusal> lookAgain(Call call, Passage.Ground ground) {
    Instant now = attempts.now();
    TokenHash hash = call.token().hash();
    Optional<Found> found =
        recalled(hash, call.through(), now)
            .or(() -> gathered(hash, call.through(), now))
            .filter(f -> acceptance.accepts(f.token(), hash, now));
    if (found.isEmpty()) {
      return Optional.of(CallRefusal.BAD_TOKEN);
    }
    return switch (found.get().way()) {
      case Way.Shut shut -> Optional.of(shut.why());
      case Way.Open open -> lookedAgain(call, found.get(), open, ground);
    };
  }

  private static Outcome rejected(Optional<Duration> wait) {
    return new Outcome.Refused(
        wait.isPresent() ? CallRefusal.TOO_MANY_BAD_TOKENS : CallRefusal.BAD_TOKEN,
        Optional.empty(),
        wait);
  }

  private Optional<Found> recalled(TokenHash hash, Through through, Instant now) {
    return switch (through) {
      case Through.Service service ->
          memory
              .recall(hash, service.ref(), now)
              .map(k -> Found.on(k.facts(), ByOwnRole.of(k.facts(), now)));
      case Through.OfProject project ->
          memory
              .recall(hash, project.ref())
              .map(k -> Found.on(k.facts(), ByProject.of(k.facts(), now)));
    };
  }

  private Optional<Found> gathered(TokenHash hash, Through through, Instant now) {
    return switch (through) {
      case Through.Service service ->
          memory.gather(hash, service.ref(), now).map(f -> Found.on(f, ByOwnRole.of(f, now)));
      case Through.OfProject project ->
          memory.gather(hash, project.ref()).map(f -> Found.on(f, ByProject.of(f, now)));
    };
  }

  private <T> Optional<Outcome> atOnce(
      Call call,
      TokenHash hash,
      Shelf.Kept<T> known,
      Instant now,
      BiFunction<Facts<T>, Instant, Way> ways) {
    Facts<T> facts = known.facts();
    if (!acceptance.accepts(facts.token(), hash, now) || use.isDue(facts.token(), now)) {
      return Optional.empty();
    }
    Grant last = known.lastGrant().find(call.method(), call.path(), now);
    if (last != null) {
      return admitted(call, last);
    }
    Found found = Found.on(facts, ways.apply(facts, now));
    return switch (found.way()) {
      case Way.Shut shut -> Optional.of(new Outcome.Refused(shut.why(), Optional.empty()));
      case Way.Open open ->
          switch (verdict(call, found, open)) {
            case Verdict.No no -> Optional.of(refused(no.why(), open));
            case Verdict.Go go -> {
              known.lastGrant().keep(call.method(), call.path(), go.grant());
              yield admitted(call, go.grant());
            }
          };
    };
  }

  /** What does not open has to be put on record, so that is left to who may block. */
  private Optional<Outcome> admitted(Call call, Grant grant) {
    return opening.openUnrecorded(grant).flatMap(opened -> counted(call, opened, grant));
  }

  private Optional<Outcome> counted(Call call, Passage opened, Grant grant) {
    Permits.Answer answer =
        isCountedLater(call, grant)
            ? permits.peek(grant.meters())
            : permits.takeAtOnce(grant.meters());
    return switch (answer) {
      case Permits.Answer.Taken taken -> Optional.of(new Outcome.Authorized(opened));
      case Permits.Answer.Exhausted exhausted -> {
        opened.close();
        yield Optional.of(limited(exhausted, grant.way()));
      }
      case Permits.Answer.Unknown unknown -> {
        opened.close();
        yield Optional.empty();
      }
    };
  }

  private Outcome authorized(Call call, Found found, Way.Open way) {
    return switch (verdict(call, found, way)) {
      case Verdict.No no -> refused(no.why(), way);
      case Verdict.Go go ->
          switch (permit(call, go.grant())) {
            case Permits.Answer.Exhausted exhausted -> limited(exhausted, way);
            case Permits.Answer.Taken taken -> opened(call, found, go.grant());
            case Permits.Answer.Unknown unknown ->
                throw new IllegalStateException("who may block gets an answer");
          };
    };
  }

  private Permits.Answer permit(Call call, Grant grant) {
    return isCountedLater(call, grant)
        ? permits.peek(grant.meters())
        : permits.take(grant.meters());
  }

  /**
   * Whether it is still open which model is asked for. A call that waits for its body must not take
   * a permit: many could, and then all be made at once.
   */
  private static boolean isCountedLater(Call call, Grant grant) {
    return call.stage() == Call.Stage.HEAD && grant.models().isPresent();
  }

  private Outcome opened(Call call, Found found, Grant grant) {
    return opening
        .open(caller(call, found), grant)
        .<Outcome>map(Outcome.Authorized::new)
        .orElseGet(() -> refused(CallRefusal.KEY_UNUSABLE, grant.way()));
  }

  private Optional<CallRefusal> lookedAgain(
      Call call, Found found, Way.Open way, Passage.Ground ground) {
    return switch (verdict(call, found, way)) {
      case Verdict.No no -> Optional.of(no.why());
      case Verdict.Go go ->
          ground.isHeldBy(go.grant().ground())
              ? Optional.empty()
              : Optional.of(CallRefusal.SERVICE_CHANGED);
    };
  }

  private Verdict verdict(Call call, Found found, Way.Open way) {
    Target target = way.target();
    KeyDecision decision =
        KeyDecision.decide(resolution.untried(true, target.instance(), target.keys()));
    if (decision == KeyDecision.DISABLED) {
      return new Verdict.No(CallRefusal.DISABLED);
    }
    if (target.standard().operation(call.method(), call.path()).isEmpty()) {
      return new Verdict.No(CallRefusal.OPERATION_NOT_ALLOWED);
    }
    CallLimits limits = way.limits(found.user().id(), Optional.of(found.token()));
    if (!limits.allow(call.method(), call.path())) {
      return new Verdict.No(CallRefusal.OPERATION_BEYOND_LIMITS);
    }
    Optional<NoKeyReason> reason = decision.reason();
    return reason.isPresent()
        ? new Verdict.No(refusal(reason.get()))
        : new Verdict.Go(grant(found, way, decision.source().orElseThrow(), limits));
  }

  private static Grant grant(Found found, Way.Open way, KeySource source, CallLimits limits) {
    return Grant.of(found.user().id(), found.user().handle(), way, source, limits);
  }

  private static Actor caller(Call call, Found found) {
    return new Actor(
        found.user().id(),
        found.user().handle(),
        found.user().administrator(),
        Optional.of(found.token()),
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

  private static Outcome limited(Permits.Answer.Exhausted exhausted, Way.Open way) {
    return new Outcome.Refused(
        CallRefusal.RATE_LIMITED, Optional.of(known(way)), Optional.of(exhausted.retryAfter()));
  }

  private static Outcome refused(CallRefusal why, Way.Open way) {
    return new Outcome.Refused(why, Optional.of(known(way)));
  }

  private static KnownService known(Way.Open way) {
    return new KnownService(way.name(), way.target().standard().format());
  }
}
