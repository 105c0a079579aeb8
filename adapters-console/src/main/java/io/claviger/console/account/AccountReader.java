package io.claviger.console.account;

import io.claviger.application.UseCases;
import io.claviger.application.instances.port.InstanceFilter;
import io.claviger.application.sessions.SessionActor;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Refusal;
import io.claviger.console.limits.LimitWords;
import io.claviger.console.page.FormState;
import io.claviger.domain.accounts.User;
import io.claviger.domain.identity.LinkedIdentity;
import io.claviger.domain.instances.EffectiveDefault;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.sessions.Session;
import io.claviger.domain.sessions.SessionId;
import io.claviger.domain.sessions.SignInMethod;
import io.claviger.web.problems.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what the page of somebody's own account shows, the access tokens aside. */
final class AccountReader {
  private final UseCases useCases;

  AccountReader(UseCases useCases) {
    this.useCases = useCases;
  }

  List<AccountModel.Fact> facts(SessionActor who) {
    User user = useCases.users().me(who.actor());
    List<AccountModel.Fact> facts = new ArrayList<>();
    facts.add(new AccountModel.Fact("Handle", user.handle().value()));
    facts.add(new AccountModel.Fact("Name", user.displayName().value()));
    user.email().ifPresent(email -> facts.add(new AccountModel.Fact("E-mail", email.value())));
    facts.add(new AccountModel.Fact("Administrator", user.administrator() ? "yes" : "no"));
    facts.add(new AccountModel.Fact("Signed in", how(who.session().method())));
    Limits limits =
        Problems.valueOf(useCases.assignedLimits().ofUser(who.actor(), who.actor().handle()))
            .limits();
    if (!limits.isNone()) {
      facts.add(new AccountModel.Fact("Limits", String.join("; ", LimitWords.of(limits))));
    }
    return facts;
  }

  private static String how(SignInMethod method) {
    return switch (method) {
      case SignInMethod.OpenId openId -> "with " + openId.identity().issuer().value();
      case SignInMethod.Link link -> "with a one-time link";
      case SignInMethod.Token token -> "with an access token";
    };
  }

  AccountModel.Default defaultService(Actor actor, FormState form) {
    Optional<EffectiveDefault> chosen = found(useCases.defaults().find(actor, actor.handle()));
    return new AccountModel.Default(
        chosen.map(one -> one.service().toString()).orElse(null),
        chosen.filter(one -> one.source() == EffectiveDefault.Source.OWN).isPresent(),
        form);
  }

  /** Returns those of the first services that use keys of their callers. */
  List<AccountModel.OwnKey> ownKeys(Actor actor) {
    return Problems.valueOf(
            useCases
                .instances()
                .list(
                    actor,
                    actor.handle(),
                    InstanceFilter.NONE,
                    new PageRequest<InstanceRef>(Optional.empty(), PageRequest.MAX_LIMIT)))
        .items()
        .stream()
        .filter(view -> view.instance().keyPolicy().userKeys())
        .map(view -> view.instance().ref())
        .map(ref -> new AccountModel.OwnKey(ref.toString(), "/console/services/" + ref + "#key"))
        .toList();
  }

  List<AccountModel.SessionLine> sessions(SessionActor who) {
    return Problems.valueOf(
            useCases
                .sessions()
                .list(
                    who.actor(),
                    who.actor().handle(),
                    new PageRequest<SessionId>(Optional.empty(), Session.MOST)))
        .items()
        .stream()
        .map(session -> line(session, who))
        .toList();
  }

  private static AccountModel.SessionLine line(Session session, SessionActor who) {
    return new AccountModel.SessionLine(
        session.id().value().toString(),
        session.userAgent().isEmpty() ? "–" : session.userAgent(),
        session.address(),
        session.signedInAt().toString(),
        session.seenAt().toString(),
        session.id().equals(who.id()));
  }

  AccountModel.@Nullable IdentitySection identity(Actor actor) {
    if (useCases.signIn().isEmpty()) {
      return null;
    }
    Optional<LinkedIdentity> linked = found(useCases.identities().find(actor, actor.handle()));
    return new AccountModel.IdentitySection(
        linked.map(own -> own.identity().issuer().value()).orElse(null),
        linked.map(own -> own.unfollowed().sentences()).orElse(List.of()));
  }

  /** Returns what was found, or empty if there is none. */
  private static <T> Optional<T> found(Outcome<T> outcome) {
    return outcome instanceof Outcome.Refused<T> refused
            && refused.why() instanceof Refusal.NotFound
        ? Optional.empty()
        : Optional.of(Problems.valueOf(outcome));
  }
}
